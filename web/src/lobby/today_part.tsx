// SPDX-License-Identifier: Apache-2.0
// "Where are you today? Are you alone? Headphones?" and the way of taking part, on one calm page with the devices; and the group's
// agreement where it is new to the person. What was answered outlasts a lost line. Not here: who is told (call/arrived.ts: the
// facilitators, by the room's payloads; the place goes to the service alone).
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { ArrivalDesk, ArrivalQuestions, PlaceKind } from '../api/arrival';
import type { Arrival, CallSession } from '../call/model';
import { t, type TextKey } from '../texts/text';
import { AgreementWords } from '../ui/agreement_words';
import { Button } from '../ui/button';
import { PhoneLink } from '../ui/page';
import { answersOf, type Faults, faultFrom, faultsIn, firstOf, nothingSaid, placeOf, type Question, type Today } from './today';

export interface TodayState {
  today: Today;
  questions: ArrivalQuestions | null;
  faults: Faults;
  trouble: boolean;
  busy: boolean;
  set: (change: Partial<Today>) => void;
  // Sends what is to be sent and says "ready"; false where something is still asked (the question that has the focus).
  ready: (session: CallSession, anyway?: boolean) => Promise<Question | null>;
}

export function useToday(desk: ArrivalDesk): TodayState {
  const [today, setToday] = useState(nothingSaid);
  const [questions, setQuestions] = useState<ArrivalQuestions | null>(null);
  const [faults, setFaults] = useState<Faults>({});
  const [trouble, setTrouble] = useState(false);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let stopped = false;
    let again: ReturnType<typeof setTimeout> | null = null;
    const ask = async (): Promise<void> => {
      const answer = await desk.questions();
      if (stopped) return;
      if (answer) setQuestions(answer);
      else again = setTimeout(() => void ask(), 5_000);
    };
    void ask();
    return () => {
      stopped = true;
      if (again !== null) clearTimeout(again);
    };
  }, [desk]);
  const found = (next: Faults): Question | null => {
    setFaults(next);
    return firstOf(next);
  };
  const send = async (session: CallSession, anyway: boolean): Promise<Question | null> => {
    const wrong = found(faultsIn(today, questions));
    if (wrong) return wrong;
    const saved = await desk.savePlace(placeOf(today));
    if (saved === 'unreachable' && !anyway) {
      setTrouble(true);
      return null;
    }
    if (saved !== 'saved' && saved !== 'unreachable') return found(faultFrom(saved, today.place));
    const { agreement } = questions ?? { agreement: null };
    if (agreement?.ask && (await desk.accept(agreement.number)) === 'changed') {
      setQuestions(await desk.questions());
      setToday((last) => ({ ...last, agreed: false }));
      return found({ agreed: 'today.fault.agree' });
    }
    setTrouble(false);
    session.ready(answersOf(today));
    return null;
  };
  return {
    today,
    questions,
    faults,
    trouble,
    busy,
    set: (change) => {
      setToday((last) => ({ ...last, ...change }));
      setFaults((last) => Object.fromEntries(Object.entries(last).filter(([name]) => !(name in change))));
    },
    ready: async (session, anyway = false) => {
      if (busy) return null;
      setBusy(true);
      try {
        return await send(session, anyway);
      } finally {
        setBusy(false);
      }
    },
  };
}

interface ChoiceProps {
  name: 'alone' | 'headphones' | 'way' | 'place';
  state: TodayState;
  choices: readonly { value: string; label: TextKey; within?: ReactNode }[];
  more?: TextKey;
}

function Choice({ name, state, choices, more }: ChoiceProps) {
  const fault = state.faults[name];
  const said = [more ? `today-${name}-hint` : '', fault ? `today-${name}-fault` : ''].filter(Boolean).join(' ');
  return (
    <fieldset className={`question${fault ? ' question--fault' : ''}`} aria-describedby={said || undefined}>
      <legend>{t(`today.${name}`)}</legend>
      {more && (
        <p className="hint-text" id={`today-${name}-hint`}>
          {t(more)}
        </p>
      )}
      {fault && (
        <p className="question__fault" id={`today-${name}-fault`}>
          {t(fault)}
        </p>
      )}
      {choices.map(({ value, label, within }) => (
        <div key={value}>
          <label className="question__choice">
            <input type="radio" name={`today-${name}`} value={value} checked={state.today[name] === value} onChange={() => state.set({ [name]: value } as Partial<Today>)} />
            <span>{t(label)}</span>
          </label>
          {within && state.today[name] === value && <div className="question__within">{within}</div>}
        </div>
      ))}
    </fieldset>
  );
}

function Words({ name, asks, state }: { name: 'address' | 'words' | 'hospital' | 'ward'; asks: TextKey; state: TodayState }) {
  const fault = state.faults[name];
  return (
    <div className="question__words">
      <label htmlFor={`today-${name}`}>{t(asks)}</label>
      {fault && (
        <p className="question__fault" id={`today-${name}-fault`}>
          {t(fault)}
        </p>
      )}
      <input
        id={`today-${name}`}
        type="text"
        autoComplete="off"
        spellCheck={false}
        dir="auto"
        maxLength={name === 'ward' ? 100 : 300}
        aria-describedby={fault ? `today-${name}-fault` : undefined}
        aria-invalid={fault ? true : undefined}
        value={state.today[name]}
        onInput={(event) => state.set({ [name]: event.currentTarget.value })}
      />
    </div>
  );
}

function placeChoices(state: TodayState): ChoiceProps['choices'] {
  const within: Partial<Record<PlaceKind, ReactNode>> = {
    address: <Words name="address" asks="today.address" state={state} />,
    what3words: <Words name="words" asks="today.three_words" state={state} />,
    hospital: (
      <>
        <Words name="hospital" asks="today.hospital" state={state} />
        <Words name="ward" asks="today.ward" state={state} />
      </>
    ),
    declined: <p>{t('today.place_declined')}</p>,
  };
  const kinds: readonly PlaceKind[] = [...(state.questions?.homeKnown ? (['home'] as const) : []), 'address', 'what3words', 'hospital', 'declined'];
  return kinds.map((kind) => ({ value: kind, label: `today.place.${kind}` as const, within: within[kind] }));
}

function AgreementPart({ state }: { state: TodayState }) {
  const agreement = state.questions?.agreement;
  if (!agreement?.ask) return null;
  const { title, points, easy, changed } = agreement.text;
  const fault = state.faults.agreed;
  return (
    <section className="question" aria-labelledby="agreement-title">
      <h3 id="agreement-title">{t('agreement.title')}</h3>
      {agreement.again && changed && <p>{t('agreement.new', { changed })}</p>}
      <AgreementWords agreement={{ number: agreement.number, title, points, easy }} />
      {fault && (
        <p className="question__fault" id="today-agreed-fault">
          {t(fault)}
        </p>
      )}
      <label className="question__choice">
        <input type="checkbox" name="today-agreed" aria-describedby={fault ? 'today-agreed-fault' : undefined} checked={state.today.agreed} onChange={(event) => state.set({ agreed: event.currentTarget.checked })} />
        <span>{t('agreement.agree')}</span>
      </label>
    </section>
  );
}

// What was agreed in preparation, and is in force from the start.
export function AgreedDisguise({ agreed }: { agreed: Arrival['disguise'] }) {
  if (!agreed || (agreed.picture === 'none' && agreed.voice === 'none')) return null;
  return (
    <p className="agreed">
      {t('agreed.disguise')}{' '}
      <strong>
        {t(`agreed.picture.${agreed.picture}`)} {t(`agreed.voice.${agreed.voice}`)}
      </strong>{' '}
      {t('agreed.change')}
    </p>
  );
}

export function TodayPart({ state, session, arrival }: { state: TodayState; session: CallSession; arrival: Arrival }) {
  const { today } = state;
  return (
    <div className="today">
      <p>{t('today.why')}</p>
      <div className="today__questions">
        <Choice
          name="alone"
          state={state}
          choices={[
            { value: 'yes', label: 'today.alone.yes' },
            { value: 'near', label: 'today.alone.near', within: <p>{t('today.alone_hint')}</p> },
            { value: 'carer', label: 'today.alone.carer', within: <p>{t('today.alone_hint')}</p> },
          ]}
        />
        <Choice
          name="headphones"
          state={state}
          choices={[
            { value: 'yes', label: 'today.headphones.yes' },
            { value: 'no', label: 'today.headphones.no' },
          ]}
        />
        <Choice name="place" state={state} more="today.place_hint" choices={placeChoices(state)} />
        <Choice
          name="way"
          state={state}
          choices={(['video', 'phone', 'in_person'] as const).map((way) => ({
            value: way,
            label: `today.way.${way}` as const,
            within:
              way === 'video' ? undefined : (
                <p>
                  {t(`today.way_${way}`)} <PhoneLink number={arrival.dutyNumber} />
                </p>
              ),
          }))}
        />
      </div>
      <AgreementPart state={state} />
      <p className="hint-text">{t('arrive.listening')}</p>
      {today.way === null && (
        <p>
          {t('arrive.other_ways')} <PhoneLink number={arrival.dutyNumber} />
        </p>
      )}
      {state.trouble && (
        <div className="trouble" role="alert">
          <h3>{t('today.not_kept')}</h3>
          <p>{t('today.not_kept_do')}</p>
          <div className="button-row">
            <Button small onClick={() => void state.ready(session)}>
              {t('offline.again')}
            </Button>
            <Button small onClick={() => void state.ready(session, true)}>
              {t('today.go_on')}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}
