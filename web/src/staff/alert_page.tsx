// SPDX-License-Identifier: Apache-2.0
// One alert: whom it is about, who holds it, where they are (one tap that says why), handing it over, and closing it with what came of
// it. Whoever leads the team opens the place while they hold it alone. Not here: raising one.
import { useState } from 'react';
import { arrivalDesk } from '../api/arrival';
import type { Fault, Outcome, Trouble } from '../api/client';
import { alertOutcomes, type AlertOutcome, type WholeAlert } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { Details } from '../ui/details';
import { PlaceDialog } from '../ui/room/place_dialog';
import { facilitates, type Loaded, useAccount, useFresh, useLoaded } from './account';
import { alertWords, stepWords, whoseAlert } from './alert_words';
import { alertsEveryMs } from './alerts_part';
import { LongField, RadioField, SelectField } from './fields';
import { Form, useForm } from './form';
import { Frame, Said, Shown } from './frame';
import { Go } from './place';
import { SummaryRows } from './summary_rows';
import { TroubleWords } from './trouble_words';
import { whenWords } from './words';

interface PartProps {
  whole: WholeAlert;
  loaded: Loaded<WholeAlert>;
  onDone: (whole: WholeAlert, words: string) => void;
}

function HandOver({ whole, onDone }: Omit<PartProps, 'loaded'>) {
  const { client, me } = useAccount();
  const { alert, mayHold } = whole;
  const others = mayHold.filter(({ id }) => id !== me.id);
  const form = useForm({
    draft: `hand-over-${alert.id}`,
    start: { holder: '' },
    version: alert.version,
    check: ({ holder }): Fault[] => (holder ? [] : [{ pointer: '/holder', code: 'own', detail: t('alerts.fault.holder') }]),
    save: (body, version) => client.ask<WholeAlert>('POST', `/api/alerts/${alert.id}/holder`, { body, version }),
    onSaved: (next: WholeAlert) => onDone(next, t('alerts.handed_over', { name: next.alert.holder?.name ?? '' })),
  });
  if (others.length === 0) return <p>{t('alerts.nobody_else')}</p>;
  return (
    <Form form={form} save={t('alerts.hand_over_do')}>
      <SelectField form={form} at="/holder" label={t('alerts.hand_over_to')} choices={[{ value: '', label: t('form.choose') }, ...others.map(({ id, name }) => ({ value: id, label: name }))]} />
    </Form>
  );
}

function Close({ whole, onDone }: Omit<PartProps, 'loaded'>) {
  const { client } = useAccount();
  const { alert } = whole;
  const form = useForm<{ outcome: AlertOutcome | ''; note: string }>({
    draft: `close-alert-${alert.id}`,
    start: { outcome: '', note: '' },
    version: alert.version,
    check: ({ outcome }): Fault[] => (outcome ? [] : [{ pointer: '/outcome', code: 'own', detail: t('alerts.fault.outcome') }]),
    save: (body, version) => client.ask<WholeAlert>('POST', `/api/alerts/${alert.id}/close`, { body, version }),
    reload: async (): Promise<Outcome<{ outcome: AlertOutcome | ''; note: string }>> => {
      const now = await client.ask<WholeAlert>('GET', `/api/alerts/${alert.id}`);
      return now.ok ? { ok: true, value: { outcome: '', note: '' }, version: now.value.alert.version } : now;
    },
    onSaved: (next: WholeAlert) => onDone(next, t('alerts.closed_now')),
  });
  return (
    <Form form={form} save={t('alerts.close_do')}>
      <RadioField form={form} at="/outcome" label={t('alerts.what_came')} choices={alertOutcomes.map((value) => ({ value, label: t(`alerts.outcome.${value}`) }))} />
      <LongField form={form} at="/note" label={t('alerts.note')} hint={t('alerts.note_hint')} rows={3} />
    </Form>
  );
}

function Holding({ whole, loaded, onDone }: PartProps) {
  const { client, me } = useAccount();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const { alert } = whole;
  const mine = alert.holder?.id === me.id;
  const hold = async (holder: string | null): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const outcome = await client.ask<WholeAlert>('POST', `/api/alerts/${alert.id}/holder`, { body: { holder }, version: alert.version });
    setBusy(false);
    setTrouble(outcome.ok ? null : outcome.trouble);
    if (outcome.ok) return onDone(outcome.value, t(holder ? 'alerts.taken' : 'alerts.let_go_now'));
    await loaded.again();
  };
  return (
    <section className="part" aria-labelledby="holding">
      <h2 id="holding">{alert.holder ? t(mine ? 'alerts.mine' : 'alerts.held', { name: alert.holder.name }) : t('alerts.not_held')}</h2>
      {trouble && (
        <div className="trouble" role="alert">
          <TroubleWords trouble={trouble} />
        </div>
      )}
      {!mine && (
        <>
          {alert.holder && <p>{t('alerts.take_over_words', { name: alert.holder.name })}</p>}
          <Button look={alert.holder ? 'quiet' : 'main'} disabled={busy} onClick={() => void hold(me.id)}>
            {t(alert.holder ? 'alerts.take_over' : 'alerts.take')}
          </Button>
        </>
      )}
      {mine && (
        <>
          <p>{t('alerts.mine_words')}</p>
          <Details summary={t('alerts.hand_over')}>
            <HandOver key={alert.version} whole={whole} onDone={onDone} />
            <p>
              <Button small disabled={busy} onClick={() => void hold(null)}>
                {t('alerts.let_go')}
              </Button>
            </p>
          </Details>
        </>
      )}
    </section>
  );
}

function Where({ whole }: { whole: WholeAlert }) {
  const { me } = useAccount();
  const [open, setOpen] = useState(false);
  const { alert } = whole;
  const name = alert.person?.name ?? (alert.alias || t('members.unnamed'));
  const mayOpen = alert.holder?.id === me.id || facilitates(me, alert.group.id);
  return (
    <section className="part" aria-labelledby="where">
      <h2 id="where">{t('alerts.place')}</h2>
      {!alert.placeGiven && <p>{t('alerts.place_none')}</p>}
      {alert.placeGiven && !mayOpen && <p>{t('alerts.place_take')}</p>}
      {alert.placeGiven && mayOpen && <Button onClick={() => setOpen(true)}>{t('place.open', { name })}</Button>}
      {open && <PlaceDialog places={{ desk: arrivalDesk(''), session: alert.session, said: [] }} seat={alert.seat} name={name} onClose={() => setOpen(false)} />}
      {alert.person && (
        <p>
          <Go to={`/staff/people/${alert.person.id}`}>{t('alerts.record')}</Go>
        </p>
      )}
    </section>
  );
}

export function AlertPage({ id }: { id: string }) {
  const { me } = useAccount();
  const loaded = useLoaded<WholeAlert>(`/api/alerts/${id}`);
  const [said, setSaid] = useState('');
  useFresh(loaded, alertsEveryMs, loaded.value?.alert.closedAt === null);
  const back = { to: '/staff', words: t('nav.to_today') };
  if (!loaded.value) {
    return (
      <Frame title={t('alerts.page')} back={back}>
        <Shown of={loaded}>{() => null}</Shown>
      </Frame>
    );
  }
  const whole = loaded.value;
  const { alert } = whole;
  const done = (next: WholeAlert, words: string): void => {
    loaded.put(next, next.alert.version);
    setSaid(words);
  };
  return (
    <Frame title={alertWords(alert)} over={whoseAlert(alert)} back={back}>
      <Said words={said} />
      <p>{t('alerts.where', { group: alert.group.name, number: alert.number, when: whenWords(alert.raisedAt, me.zone) })}</p>
      {alert.closedAt === null ? (
        <>
          <Holding whole={whole} loaded={loaded} onDone={done} />
          <Where whole={whole} />
          {alert.holder?.id === me.id && (
            <section className="part" aria-labelledby="closing">
              <h2 id="closing">{t('alerts.close')}</h2>
              <Close whole={whole} onDone={done} />
            </section>
          )}
        </>
      ) : (
        <p className="callout">
          {t('alerts.closed', { when: whenWords(alert.closedAt, me.zone), outcome: t(`alerts.outcome.${alert.outcome ?? 'spoke'}`) })}
          {whole.note && ` ${whole.note}`}
        </p>
      )}
      <section className="part" aria-labelledby="happened">
        <h2 id="happened">{t('alerts.history')}</h2>
        <SummaryRows rows={whole.steps.map((step) => ({ name: whenWords(step.at, me.zone), value: stepWords(step) }))} />
      </section>
    </Frame>
  );
}
