// SPDX-License-Identifier: Apache-2.0
// Small rooms: the line that says where a person is, with whom, until when, and the way back; and for who leads, sharing people
// out, seeing who is where, coming in, and ending it. Not here: who may (the room), sharing out evenly (sharing_out.ts).
import { Select } from 'nhsuk-react-components';
import { useState } from 'react';
import type { CallSession, CallState, Person, Seat } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { Icon } from '../icon';
import { breakoutOf, minutesAndSeconds, nameOf, namesOf } from '../person_words';
import { useNow } from '../use_call';
import { keepPlaces, listOf, mixed, type Places, shareOut } from './sharing_out';
import { TurnLine } from './turn_line';

const lengths = [5, 10, 15, 20, 30, 45] as const;
const mostRooms = 8;
const minute = 60;

function useLeft(endsAt: number): string | null {
  const left = endsAt - useNow(500);
  return left > 0 ? minutesAndSeconds(left) : null;
}

function InOne({ number, endsAt, session, state }: { number: number; endsAt: number; session: CallSession; state: CallState }) {
  const left = useLeft(endsAt);
  const others = state.people.filter((person) => !person.self && !person.aside);
  return (
    <TurnLine icon="people" back={t('breakout.back')} onBack={() => session.returnToGroup()}>
      {others.length > 0 ? t('breakout.here', { number, names: namesOf(others) }) : t('breakout.here_alone', { number })}{' '}
      {t(state.self?.mayModerate ? 'breakout.who_lead' : 'breakout.who')} {left ? t('breakout.left', { left }) : t('breakout.ending')}
    </TurnLine>
  );
}

function WithEveryone({ endsAt, state }: { endsAt: number; state: CallState }) {
  const left = useLeft(endsAt);
  const count = state.people.filter((person) => breakoutOf(person) !== null).length;
  return (
    <p className="strip__item">
      <Icon name="people" small />
      <span>{left ? t(count > 0 ? 'breakout.some_away' : 'breakout.nobody_away', { count, left }) : t('breakout.ending')}</span>
    </p>
  );
}

export function BreakoutLine({ session, state }: { session: CallSession; state: CallState }) {
  const self = state.people.find((person) => person.self);
  if (!state.breakouts || !self) return null;
  const number = breakoutOf(self);
  if (number !== null) return <InOne number={number} endsAt={state.breakouts.endsAt} session={session} state={state} />;
  return self.room === 'everyone' ? <WithEveryone endsAt={state.breakouts.endsAt} state={state} /> : null;
}

// Who can be sent: facilitators come and go by themselves.
const guestsIn = (state: CallState): Person[] =>
  state.people.filter((person) => (person.role === 'member' || person.role === 'supporter') && !person.room.startsWith('private:'));

interface RoomSelectProps {
  id: string;
  label: string;
  value: number;
  rooms: number;
  stays: string;
  onChange: (room: number) => void;
}

function RoomSelect({ id, label, value, rooms, stays, onChange }: RoomSelectProps) {
  return (
    <Select id={id} name={id} label={label} value={String(value)} onChange={(event) => onChange(Number(event.currentTarget.value))}>
      <Select.Option value="0">{stays}</Select.Option>
      {Array.from({ length: rooms }, (_, at) => (
        <Select.Option key={at} value={String(at + 1)}>
          {t('breakout.name', { number: at + 1 })}
        </Select.Option>
      ))}
    </Select>
  );
}

function Opening({ session, state }: { session: CallSession; state: CallState }) {
  const guests = guestsIn(state);
  const seats = guests.map((person) => person.seat);
  const [rooms, setRooms] = useState(2);
  const [minutes, setMinutes] = useState(10);
  const [chosen, setChosen] = useState<Places>(() => shareOut(seats, 2));
  const places = keepPlaces(chosen, seats, rooms);
  const lists = listOf(places, rooms).filter((list) => list.length > 0);
  const alone = lists.filter((list) => list.length === 1).length;
  if (state.paused) return <p>{t('breakout.plan_paused')}</p>;
  if (guests.length === 0) return <p>{t('breakout.plan_nobody')}</p>;
  return (
    <>
      <div className="field-row">
        <Select
          id="breakout-rooms"
          name="rooms"
          label={t('breakout.rooms')}
          value={String(rooms)}
          onChange={(event) => {
            const next = Number(event.currentTarget.value);
            setRooms(next);
            setChosen(shareOut(seats, next));
          }}
        >
          {Array.from({ length: mostRooms }, (_, at) => (
            <Select.Option key={at} value={String(at + 1)}>
              {t('breakout.rooms_of', { count: at + 1 })}
            </Select.Option>
          ))}
        </Select>
        <Select id="breakout-minutes" name="minutes" label={t('plan.minutes')} value={String(minutes)} onChange={(event) => setMinutes(Number(event.currentTarget.value))}>
          {lengths.map((length) => (
            <Select.Option key={length} value={String(length)}>
              {t('plan.minutes_of', { count: length })}
            </Select.Option>
          ))}
        </Select>
      </div>
      <fieldset className="shared-out">
        <legend>{t('breakout.who_where')}</legend>
        {guests.map((person) => (
          <RoomSelect
            key={person.seat}
            id={`breakout-of-${person.seat}`}
            label={nameOf(person)}
            value={places.get(person.seat) ?? 0}
            rooms={rooms}
            stays={t('breakout.stays')}
            onChange={(room) => setChosen(new Map(places).set(person.seat, room))}
          />
        ))}
      </fieldset>
      <p role="status">{lists.length === 0 ? t('breakout.nobody_warning') : alone > 0 ? t('breakout.alone_warning', { count: alone }) : ''}</p>
      <div className="button-row">
        <Button small onClick={() => setChosen(shareOut(mixed(seats, Math.random), rooms))}>
          {t('breakout.shuffle')}
        </Button>
        <Button small look="main" disabled={lists.length === 0} onClick={() => session.breakouts.open(lists, minutes * minute)}>
          {t('breakout.open')}
        </Button>
      </div>
    </>
  );
}

function OpenOnes({ rooms, endsAt, session, state }: { rooms: number; endsAt: number; session: CallSession; state: CallState }) {
  const own = state.people.find((person) => person.self);
  const now = useNow(1_000);
  const inRoom = (number: number): Person[] => state.people.filter((person) => breakoutOf(person) === number);
  const longer = (): void => session.breakouts.leave(Math.min(2 * 60 * minute, Math.max(0, Math.round((endsAt - now) / 1_000)) + 5 * minute));
  const move = (seat: Seat) => (room: number): void => session.breakouts.move(seat, room === 0 ? null : room);
  return (
    <>
      <ul className="entries">
        {Array.from({ length: rooms }, (_, at) => {
          const number = at + 1;
          const people = inRoom(number);
          const here = own !== undefined && breakoutOf(own) === number;
          return (
            <li key={number} className="entry">
              <h4 className="entry__name">{t('breakout.count', { name: t('breakout.name', { number }), count: people.length })}</h4>
              {people.length > 0 && <p className="entry__state">{namesOf(people)}</p>}
              {here ? (
                <p className="entry__flag">{t('breakout.you_are_here')}</p>
              ) : (
                own?.room.startsWith('private:') !== true && (
                  <Button small onClick={() => session.breakouts.move(null, number)}>
                    {t('breakout.go_in', { number })}
                  </Button>
                )
              )}
            </li>
          );
        })}
      </ul>
      <fieldset className="shared-out">
        <legend>{t('breakout.who_where')}</legend>
        {guestsIn(state).map((person) => (
          <RoomSelect
            key={person.seat}
            id={`breakout-of-${person.seat}`}
            label={nameOf(person)}
            value={breakoutOf(person) ?? 0}
            rooms={rooms}
            stays={t('breakout.everyone')}
            onChange={move(person.seat)}
          />
        ))}
      </fieldset>
      <div className="button-list">
        <Button small icon="clock" onClick={longer}>
          {t('breakout.more_time')}
        </Button>
        <Button small onClick={() => session.breakouts.leave(30)}>
          {t('breakout.bring_back')}
        </Button>
        <Button small look="main" onClick={() => session.breakouts.leave(0)}>
          {t('breakout.bring_back_now')}
        </Button>
      </div>
    </>
  );
}

export function BreakoutsPart({ session, state }: { session: CallSession; state: CallState }) {
  return (
    <section className="plan" aria-labelledby="plan-breakouts">
      <h3 id="plan-breakouts">{t('breakout.plan')}</h3>
      <p>{t('breakout.plan_words')}</p>
      {state.breakouts ? (
        <OpenOnes rooms={state.breakouts.rooms} endsAt={state.breakouts.endsAt} session={session} state={state} />
      ) : (
        <Opening session={session} state={state} />
      )}
    </section>
  );
}
