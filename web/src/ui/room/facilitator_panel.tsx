// SPDX-License-Identifier: Apache-2.0
// The facilitators' side panel: waiting, people, safety, plan. Members never get its code path: the room draws it only for
// someone who may admit. Tabs as in the ARIA practice guide: arrow keys move, one tab stop.
import { useEffect, useRef, useState, type KeyboardEvent as ReactKeyboardEvent } from 'react';
import type { BookingCard, CallSession, CallState, Person } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { nameOf, nameOfSeat } from '../person_words';
import { AlertOpener, OpenAlerts } from './alert_buttons';
import { BackstagePart } from './backstage_part';
import { BesideList } from './beside_list';
import { PeopleList } from './people_list';
import type { BesideRoom } from './use_beside';
import type { ArrivalDesk, ArrivalQuestions } from '../../api/arrival';
import { usePlaces } from './place_dialog';
import { PlanSection } from './plan_section';
import { WordsPart } from './protection';
import { WaitingList } from './waiting_list';

const tabs = ['waiting', 'people', 'safety', 'plan', 'backstage'] as const;
export type Tab = (typeof tabs)[number];

interface PanelProps {
  session: CallSession;
  state: CallState;
  cards: readonly BookingCard[];
  desk: ArrivalDesk;
  questions: ArrivalQuestions | null;
  beside: BesideRoom;
  dutyNumber: string;
  endsAt: string; // of the session, ISO 8601
  start: Tab;
  onWrite: (person: Person) => void;
  onClose: () => void;
}

interface SafetyProps {
  session: CallSession;
  state: CallState;
  cards: readonly BookingCard[];
  beside: BesideRoom;
  dutyNumber: string;
}

function Safety({ session, state, cards, beside, dutyNumber }: SafetyProps) {
  const gone = state.people.filter((person) => person.away);
  return (
    <>
      {state.helpAsked.length === 0 && gone.length === 0 && beside.alerts.length === 0 && <p className="empty">{t('safety.nothing')}</p>}
      <ul className="entries">
        {state.helpAsked.map((seat) => {
          // Who asks from the waiting room is nobody in the group yet: their card has the name.
          const here = state.people.find((person) => person.seat === seat);
          const name = here ? nameOf(here) : (cards.find((card) => card.seat === seat)?.alias ?? t('person.unnamed'));
          return (
            <li key={`help-${seat}`} className="entry">
              <h3 className="entry__name">{t('safety.help', { name })}</h3>
              <p className="entry__state">{t(here ? 'safety.help_words' : state.waiting.some((one) => one.seat === seat) ? 'safety.help_waiting' : 'safety.help_gone')}</p>
              <div className="button-row">
                <Button small look="main" onClick={() => session.answerHelp(seat)}>
                  {t('safety.answer')}
                </Button>
                <AlertOpener beside={beside} seat={seat} name={name} dutyNumber={dutyNumber} />
              </div>
            </li>
          );
        })}
        {gone.map((person) => {
          const leads = person.role === 'facilitator' || person.role === 'co_facilitator'; // they are nobody's alert
          return (
            <li key={`away-${person.seat}`} className="entry">
              <h3 className="entry__name">{t('safety.away', { name: nameOfSeat(state.people, person.seat) })}</h3>
              <p className="entry__state">{t(beside.on && !leads ? 'safety.away_alert' : 'safety.away_words')}</p>
              {!leads && <AlertOpener beside={beside} seat={person.seat} name={nameOf(person)} dutyNumber={dutyNumber} />}
            </li>
          );
        })}
      </ul>
      <OpenAlerts beside={beside} people={state.people} />
      <p className="hint-text">{t('safety.duty', { number: dutyNumber })}</p>
      {state.encryption.kind !== 'none' && <WordsPart session={session} state={state} />}
    </>
  );
}

export function FacilitatorPanel({ session, state, cards, desk, questions, beside, dutyNumber, endsAt, start, onWrite, onClose }: PanelProps) {
  const [tab, setTab] = useState<Tab>(start);
  const comings = [...state.waiting.map(({ arrival }) => arrival), '', ...state.people.map(({ seat }) => seat)].join(' ');
  const places = usePlaces(desk, questions?.session ?? null, true, comings);
  const buttons = useRef(new Map<Tab, HTMLButtonElement | null>());
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const counts: Record<Tab, number> = { waiting: state.waiting.length, people: state.people.length, safety: state.helpAsked.length + beside.alerts.filter(({ holder }) => holder === '').length, plan: 0, backstage: 0 };
  const move = (step: number): void => {
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length] ?? 'waiting';
    setTab(next);
    buttons.current.get(next)?.focus();
  };
  const onKey = (event: ReactKeyboardEvent): void => {
    const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const back = document.documentElement.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
    if (event.key !== forward && event.key !== back) return;
    event.preventDefault();
    move(event.key === forward ? 1 : -1);
  };
  return (
    <section className="side" aria-labelledby="panel-title">
      <div className="side__head">
        <h2 id="panel-title" ref={title} tabIndex={-1}>
          {t('panel.title')}
        </h2>
        <Button small icon="close" onClick={onClose}>
          {t('close')}
        </Button>
      </div>
      <div className="tabs" role="tablist" aria-label={t('panel.title')} onKeyDown={onKey}>
        {tabs.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            className="tab"
            aria-selected={name === tab}
            aria-controls="panel-body"
            tabIndex={name === tab ? 0 : -1}
            ref={(element) => {
              buttons.current.set(name, element);
            }}
            onClick={() => setTab(name)}
          >
            {t(`panel.${name}`, { count: counts[name] })}
          </button>
        ))}
      </div>
      <div className="side__body" role="tabpanel" id="panel-body" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {tab === 'waiting' && <WaitingList session={session} state={state} cards={cards} places={places} />}
        {tab === 'people' && (
          <>
            <PeopleList session={session} state={state} places={places} cards={cards} endsAt={endsAt} onWrite={onWrite} />
            <BesideList session={session} state={state} beside={beside} dutyNumber={dutyNumber} />
          </>
        )}
        {tab === 'safety' && <Safety session={session} state={state} cards={cards} beside={beside} dutyNumber={dutyNumber} />}
        {tab === 'backstage' && <BackstagePart session={session} state={state} />}
        {tab === 'plan' && <PlanSection session={session} state={state} desk={desk} agreement={questions?.agreement ?? null} />}
      </div>
    </section>
  );
}
