// SPDX-License-Identifier: Apache-2.0
// The people in the room for facilitators: hands first in their order, line, microphone, and what can be done with each.
import { useId, useState } from 'react';
import type { BookingCard, CallSession, CallState, Person } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { asideWords, nameOf, tintOf } from '../person_words';
import { Avatar } from '../picture';
import { LineSeen } from './line_seen';
import { NeedsButton } from './needs_dialog';
import { PlaceButton, placeWords, type Places } from './place_dialog';
import { ConfirmGrave, ModerateButtons, type Grave } from './person_dialog';

export const handsInOrder = (people: readonly Person[]): Person[] =>
  people.filter((person) => person.hand !== null).sort((one, other) => (one.hand ?? 0) - (other.hand ?? 0));

const stateWords = (person: Person, places: Places): string =>
  [
    t(`role.${person.role}`),
    person.away ? t('mark.away') : null,
    person.aside ? asideWords(person) : null,
    person.privateNow ? t('mark.not_private') : null,
    person.near ? t('near.mark') : null,
    person.muted ? t('mark.muted') : person.microphone ? t('people.microphone_on') : t('people.microphone_off'),
    placeWords(places, person.seat),
  ]
    .filter((words) => words !== null)
    .join(', ');

interface PeopleProps {
  session: CallSession;
  state: CallState;
  places: Places;
  cards: readonly BookingCard[];
  endsAt: string; // of the session, ISO 8601
  onWrite: (person: Person) => void;
}

function PersonEntry({ person, session, state, places, card, leftMs, onGrave, onWrite }: { person: Person; session: CallSession; state: CallState; places: Places; card: BookingCard | undefined; leftMs: number; onGrave: (grave: Grave) => void; onWrite: (person: Person) => void }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const name = nameOf(person);
  return (
    <li className="entry">
      <div className="entry__row">
        <Avatar name={name} tint={tintOf(person)} />
        <div className="entry__words">
          <h3 className="entry__name">{person.self ? t('person.you', { name }) : name}</h3>
          <p className="entry__state">{stateWords(person, places)}</p>
          {person.hand !== null && <p className="entry__flag">{t('mark.hand', { place: person.hand })}</p>}
        </div>
        {!person.self && (
          <Button small expanded={open} controls={id} onClick={() => setOpen(!open)}>
            {t('people.do')}
            <span className="visually-hidden"> {t('people.do_for', { name })}</span>
          </Button>
        )}
      </div>
      <LineSeen person={person} people={state.people} leftMs={leftMs} />
      {open && (
        <div id={id} className="button-list">
          <NeedsButton places={places} card={card} seat={person.seat} name={name} />
          <PlaceButton places={places} seat={person.seat} name={name} />
          {person.near && (
            <Button small onClick={() => session.tellNear(person.seat, false)}>
              {t('said.alone_again', { name })}
            </Button>
          )}
          <ModerateButtons person={person} session={session} state={state} onGrave={onGrave} onWrite={onWrite} />
        </div>
      )}
    </li>
  );
}

export function PeopleList({ session, state, places, cards, endsAt, onWrite }: PeopleProps) {
  const [grave, setGrave] = useState<Grave | null>(null);
  const hands = handsInOrder(state.people);
  const leftMs = Date.parse(endsAt) - Date.now();
  return (
    <>
      {hands.length > 0 && (
        <div className="hands">
          <p>
            <strong>{t('people.hands')}</strong> {hands.map((person) => `${person.hand}. ${nameOf(person)}`).join('  ')}
          </p>
          <Button small icon="hand" onClick={() => session.lowerHands()}>
            {t('people.lower_all')}
          </Button>
        </div>
      )}
      <ul className="entries">
        {state.people.map((person) => (
          <PersonEntry key={person.seat} person={person} session={session} state={state} places={places} card={cards.find(({ seat }) => seat === person.seat)} leftMs={leftMs} onGrave={setGrave} onWrite={onWrite} />
        ))}
      </ul>
      {grave && <ConfirmGrave grave={grave} session={session} onDone={() => setGrave(null)} />}
    </>
  );
}
