// SPDX-License-Identifier: Apache-2.0
// Raising an alert about one person with one tap, for facilitators, and what is open. The team's lead and the group's facilitators see
// it on their page of today; there one of them takes it. Not here: holding and closing it.
import { useState } from 'react';
import type { AlertKind } from '../../api/arrival';
import type { Person, Seat } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { Dialog } from '../dialog';
import type { BesideRoom } from './use_beside';

export const alertKinds: readonly AlertKind[] = ['worried', 'drop_off', 'help'];

interface AlertProps {
  beside: BesideRoom;
  seat: Seat;
  name: string;
  dutyNumber: string;
}

export function AlertButtons({ beside, seat, name, dutyNumber }: AlertProps) {
  const [said, setSaid] = useState<'raised' | 'unreachable' | null>(null);
  const [busy, setBusy] = useState(false);
  if (!beside.on) return null;
  const open = beside.alerts.find((one) => one.seat === seat);
  const raise = async (kind: AlertKind): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setSaid(await beside.raise(seat, kind));
    setBusy(false);
  };
  return (
    <section className="alert-buttons" aria-label={t('alert.about', { name })}>
      <h3>{t('alert.title')}</h3>
      <p>{t('alert.words')}</p>
      <div className="button-list">
        {alertKinds.map((kind) => (
          <Button key={kind} small disabled={busy} onClick={() => void raise(kind)}>
            {t(`alert.kind.${kind}`)}
          </Button>
        ))}
      </div>
      <div role="status">
        {said === 'unreachable' && <p className="entry__flag">{t('alert.trouble', { number: dutyNumber })}</p>}
        {said === 'raised' && <p>{t('alert.raised')}</p>}
        {open && <p>{open.holder ? t(open.mine ? 'alert.mine' : 'alert.held', { name: open.holder }) : t('alert.not_held')}</p>}
      </div>
    </section>
  );
}

export function AlertOpener(props: AlertProps) {
  const [open, setOpen] = useState(false);
  if (!props.beside.on) return null;
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {t('alert.open')}
        <span className="visually-hidden"> {t('alert.about', { name: props.name })}</span>
      </Button>
      {open && (
        <Dialog title={t('alert.about', { name: props.name })} onClose={() => setOpen(false)}>
          <AlertButtons {...props} />
        </Dialog>
      )}
    </>
  );
}

export function OpenAlerts({ beside, people }: { beside: BesideRoom; people: readonly Person[] }) {
  if (beside.alerts.length === 0) return null;
  return (
    <section className="plan" aria-labelledby="alerts-open">
      <h3 id="alerts-open">{t('alert.open_ones')}</h3>
      <ul className="entries">
        {beside.alerts.map(({ seat, alias, kind, holder, mine }) => (
          <li key={seat} className="entry">
            <h4 className="entry__name">{alias || t('person.unnamed')}</h4>
            <p className="entry__flag">{t(`alert.is.${kind}`)}</p>
            {kind === 'drop_off' && people.some((person) => person.seat === seat && !person.away) && <p className="entry__state">{t('alert.back')}</p>}
            <p className="entry__state">{holder ? t(mine ? 'alert.mine' : 'alert.held', { name: holder }) : t('alert.not_held')}</p>
          </li>
        ))}
      </ul>
      <p>
        <a href="/staff" target="_blank" rel="noreferrer">
          {t('alert.take')}
        </a>
      </p>
    </section>
  );
}
