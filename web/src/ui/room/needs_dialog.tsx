// SPDX-License-Identifier: Apache-2.0
// What helps somebody, in the words that were written of it: for facilitators, one person at a time. The service notes that they looked;
// what is shown is gone when the dialog closes. Not here: the kinds alone, which stand on the booking card (waiting_list.tsx).
import { useEffect, useState } from 'react';
import type { NeedsInRoom } from '../../api/arrival';
import type { BookingCard } from '../../call/model';
import { languageWords, needWords, writtenNeed } from '../../texts/need_words';
import { t } from '../../texts/text';
import { Button } from '../button';
import { Dialog } from '../dialog';
import type { Places } from './place_dialog';

const empty = ({ language, interpreter, needs, communication }: NeedsInRoom): boolean => !language && !interpreter && !communication.trim() && needs.length === 0;

function Written({ name, found }: { name: string; found: NeedsInRoom }) {
  if (empty(found)) return <p>{t('needs.none', { name })}</p>;
  const { language, interpreter, needs, communication } = found;
  const rows = [
    ...needs.map((need) => ({ title: needWords(need.category), words: writtenNeed(need) })),
    ...(communication.trim() ? [{ title: t('needs.agreed'), words: communication }] : []),
    ...(language ? [{ title: t('needs.language'), words: languageWords(language) }] : []),
    ...(interpreter ? [{ title: t('needs.interpreter'), words: languageWords(interpreter) }] : []),
  ];
  return (
    <dl className="card-words card-words--long">
      {rows.map(({ title, words }, index) => (
        <div key={index}>
          <dt>{title}</dt>
          <dd dir="auto">{words}</dd>
        </div>
      ))}
    </dl>
  );
}

function NeedsDialog({ places, session, seat, name, onClose }: { places: Places; session: string; seat: number; name: string; onClose: () => void }) {
  const [found, setFound] = useState<NeedsInRoom | 'none' | 'sign-in' | 'unreachable' | null>(null);
  const [tries, setTries] = useState(0);
  const { desk } = places;
  useEffect(() => {
    let stopped = false;
    void desk.needs(session, seat).then((answer) => {
      if (!stopped) setFound(answer);
    });
    return () => {
      stopped = true;
    };
  }, [desk, session, seat, tries]);
  const failed = found === 'sign-in' || found === 'unreachable';
  return (
    <Dialog title={t('needs.title', { name })} onClose={onClose}>
      <div role="status" aria-busy={found === null}>
        {found === null && <p>{t('needs.opening')}</p>}
        {failed && <p>{t(found === 'sign-in' ? 'place.sign_in' : 'place.trouble')}</p>}
        {found === 'none' && <p>{t('needs.not_yours', { name })}</p>}
        {found !== null && typeof found === 'object' && <Written name={name} found={found} />}
      </div>
      {failed && <Button onClick={() => setTries(tries + 1)}>{t('needs.again')}</Button>}
      {found !== null && typeof found === 'object' && <p className="hint-text">{t('needs.noted')}</p>}
    </Dialog>
  );
}

// Of members alone, also where no kind of need is known: something may have been agreed in preparation. A demonstration has no records.
export function NeedsButton({ places, card, seat, name }: { places: Places; card: BookingCard | undefined; seat: number; name: string }) {
  const [open, setOpen] = useState(false);
  if (!places.session || card?.role !== 'member') return null;
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {t('needs.open', { name })}
      </Button>
      {open && <NeedsDialog places={places} session={places.session} seat={seat} name={name} onClose={() => setOpen(false)} />}
    </>
  );
}
