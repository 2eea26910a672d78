// SPDX-License-Identifier: Apache-2.0
// Who waits, for facilitators only: what they said at arrival, the booking card, admit, decline, and a line to write. A second use of a link and a
// return after removal are said plainly before anyone is let in.
import { Textarea } from 'nhsuk-react-components';
import { useId, useRef, useState } from 'react';
import type { BookingCard, CallSession, CallState, Waiting } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { AnswerWords, mayBeOverheard, OverheardChoices } from './arrival_answers';
import { NeedsButton } from './needs_dialog';
import { PlaceButton, type Places } from './place_dialog';
import { Confirm } from '../dialog';
import { useNow } from '../use_call';

interface ItemProps {
  arrival: Waiting;
  card: BookingCard | undefined;
  session: CallSession;
  state: CallState;
  places: Places;
}

function BookingWords({ card }: { card: BookingCard | undefined }) {
  if (!card) return <p>{t('card.none')}</p>;
  return (
    <dl className="card-words">
      <dt>{t('card.disguise')}</dt>
      <dd>{card.disguise || t('card.no_disguise')}</dd>
      <dt>{t('card.needs')}</dt>
      <dd>{card.needs || t('card.no_needs')}</dd>
    </dl>
  );
}

function WaitingItem({ arrival, card, session, state, places }: ItemProps) {
  const form = useRef<HTMLFormElement>(null);
  const afterwards = useRef<(() => void) | null>(null);
  const [asking, setAsking] = useState<'admit' | 'decline' | null>(null);
  const [note, setNote] = useState('');
  const id = useId();
  const name = card?.alias ?? t('person.unnamed');
  const minutes = Math.floor((useNow(10_000) - (performance.timeOrigin + arrival.since)) / 60_000);
  const notes = state.chat.filter(
    (line) => line.fromWaiting === arrival.arrival || (typeof line.to === 'object' && 'arrival' in line.to && line.to.arrival === arrival.arrival),
  );
  const write = (): void => {
    if (!note.trim()) return;
    session.say(note.trim(), { arrival: arrival.arrival });
    setNote('');
  };
  const overheard = mayBeOverheard(arrival.answers);
  const alone = arrival.answers?.alone !== false; // who is not alone comes in with the group told
  const admit = (then?: () => void): void => {
    afterwards.current = then ?? null;
    if (special) return setAsking('admit');
    session.admit(arrival.arrival);
    then?.();
  };
  const special = arrival.removed ? 'removed' : arrival.second ? 'second' : null;
  return (
    <li className="entry">
      <h3 className="entry__name">{name}</h3>
      <p className="entry__state">
        {t(`role.${arrival.role}`)}, {t('waiting.since', { minutes: Math.max(0, minutes) })}
        {arrival.movedBack ? `, ${t('waiting.moved_back')}` : ''}
        {arrival.away ? `, ${t('mark.away')}` : ''}
      </p>
      {special && <p className="entry__flag">{t(`waiting.${special}`)}</p>}
      <AnswerWords arrival={arrival} name={name} places={places} />
      <BookingWords card={card} />
      {overheard && (
        <OverheardChoices
          arrival={arrival}
          name={name}
          locked={state.locked}
          session={session}
          onSpeak={() => form.current?.querySelector('textarea')?.focus()}
          onAdmit={admit}
        />
      )}
      <div className="button-row">
        {alone && (
          <Button small look={overheard ? 'quiet' : 'main'} disabled={state.locked} onClick={() => admit()}>
            {t('waiting.admit', { name })}
          </Button>
        )}
        <Button small onClick={() => setAsking('decline')}>
          {t('waiting.decline', { name })}
        </Button>
      </div>
      {state.locked && <p className="entry__state">{t('waiting.locked')}</p>}
      {notes.map((line) => (
        <p key={line.id} className={`line${line.own ? ' line--own' : ''}`} dir="auto">
          <strong>{line.own ? t('chat.you') : name}</strong> {line.text}
          {line.state === 'failed' ? ` ${t('chat.failed')}` : ''}
        </p>
      ))}
      <div className="button-row">
        <NeedsButton places={places} card={card} seat={arrival.seat} name={name} />
        <PlaceButton places={places} seat={arrival.seat} name={name} />
      </div>
      <form
        ref={form}
        className="entry__note"
        onSubmit={(event) => {
          event.preventDefault();
          write();
        }}
      >
        <Textarea id={`${id}-note`} name="note" rows={1} maxLength={2000} dir="auto" label={t('waiting.write', { name })} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        <Button small type="submit">
          {t('chat.send')}
        </Button>
      </form>
      {asking && (
        <Confirm
          title={t(asking === 'decline' ? 'waiting.decline_title' : 'waiting.sure_title', { name })}
          yes={t(asking === 'decline' ? 'waiting.decline_yes' : 'waiting.sure_yes', { name })}
          no={t('waiting.keep')}
          onNo={() => setAsking(null)}
          onYes={() => {
            setAsking(null);
            if (asking === 'decline') session.decline(arrival.arrival);
            else {
              session.admit(arrival.arrival);
              afterwards.current?.();
            }
          }}
        >
          <p>{t(asking === 'decline' ? 'waiting.decline_words' : special === 'removed' ? 'waiting.sure_removed' : 'waiting.sure_second', { name })}</p>
        </Confirm>
      )}
    </li>
  );
}

export function WaitingList({ session, state, cards, places }: { session: CallSession; state: CallState; cards: readonly BookingCard[]; places: Places }) {
  if (state.waiting.length === 0) return <p className="empty">{t('waiting.nobody')}</p>;
  return (
    <ul className="entries">
      {state.waiting.map((arrival) => (
        <WaitingItem
          key={arrival.arrival}
          arrival={arrival}
          card={cards.find((card) => card.seat === arrival.seat)}
          session={session}
          state={state}
          places={places}
        />
      ))}
    </ul>
  );
}
