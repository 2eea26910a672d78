// SPDX-License-Identifier: Apache-2.0
// Which page a person sees at each stage of a call. The one place where a stage becomes a page; the sketch entry and the
// real one both use it.
import { useEffect, useRef } from 'react';
import type { ArrivalDesk } from '../api/arrival';
import type { Arrival, BookingCard, CallSession } from '../call/model';
import { t } from '../texts/text';
import { PrivateCover, useWaysOut, WaysOutDialogs, type Asking } from '../ui/ways_out';
import { Room, type RoomStart } from '../ui/room/room';
import { WaysOutButtons, type WaysOut } from '../ui/room/room_bar';
import { isUrgent, isWriting, shortcutFor } from '../ui/shortcuts';
import { useCall } from '../ui/use_call';
import { useWatch, type Interruption } from '../ui/watch';
import { WatchDialog } from '../ui/watch_parts';
import { AfterPage, RefusedPage } from './after_page';
import { ArrivePage } from './arrive_page';
import { ConnectingPage, LostPage, PausedPage } from './still_pages';
import { useToday } from './today_part';
import { WaitPage } from './wait_page';

interface CallPagesProps {
  session: CallSession;
  arrival: Arrival;
  cards: readonly BookingCard[];
  desk: ArrivalDesk;
  onComeBack: () => void;
  start?: RoomStart & { asking?: Asking; interrupted?: Interruption | null };
}

const useRoomTheme = (inRoom: boolean): void => {
  useEffect(() => {
    document.documentElement.classList.toggle('in-room', inRoom);
  }, [inRoom]);
};

// The keys of the ways out on every page but the room, which has more of them (room.tsx).
const useWaysKeys = (ways: WaysOut, on: boolean): void => {
  const onKey = useRef<(event: KeyboardEvent) => void>(() => undefined);
  onKey.current = (event) => {
    const name = on ? shortcutFor(event, isWriting(event.target)) : null;
    if (!name || (!isUrgent(name) && document.querySelector('dialog[open]'))) return;
    const act = { private: ways.onPrivate, help: ways.onHelp, leave: ways.onLeave, exit: ways.onExit }[name as string];
    if (!act) return;
    event.preventDefault();
    act();
  };
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onKey.current(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
};

export function CallPages({ session, arrival, cards, desk, onComeBack, start }: CallPagesProps) {
  const state = useCall(session);
  const today = useToday(desk);
  const ways = useWaysOut(session, state, arrival, desk, start?.asking ?? null);
  const watch = useWatch(session, state, ways.privateNow, ways.onPrivate, start?.interrupted ?? null);
  const { stage } = state;
  const lost = state.connection.state === 'lost' && stage.at !== 'gone' && stage.at !== 'refused';
  const mayStay = state.self?.mayModerate ?? false;
  const inRoom = stage.at === 'present' && !lost && (!state.paused || mayStay);
  useRoomTheme(inRoom);
  useEffect(() => {
    document.title = t('document.title'); // the same throughout: it tells nobody that this is a group, or who is in it
  }, []);
  useWaysKeys(ways, !inRoom && stage.at !== 'gone' && stage.at !== 'refused');

  if (stage.at === 'gone') return <AfterPage key={stage.why} why={stage.why} arrival={arrival} onComeBack={onComeBack} />;
  if (stage.at === 'refused') return <RefusedPage key={stage.why} why={stage.why} dutyNumber={arrival.dutyNumber} onAgain={onComeBack} />;
  const props = { session, state, arrival, ways };
  const page = () => {
    if (lost) return <LostPage key="lost" {...props} />;
    if (stage.at === 'arriving') return <ArrivePage key="arrive" {...props} today={today} watch={watch} />;
    if (stage.at === 'waiting') return <WaitPage key={`wait-${stage.movedBack}`} {...props} movedBack={stage.movedBack} interrupted={stage.interrupted ?? false} />;
    if (stage.at === 'present') return <PausedPage key="paused" {...props} />;
    return <ConnectingPage key="connecting" ways={ways} />;
  };
  return (
    <>
      {inRoom ? (
        <Room session={session} state={state} arrival={arrival} cards={cards} desk={desk} questions={today.questions} ways={ways} watch={watch} start={start} />
      ) : ways.privateNow ? (
        <div className="page page--call">
          <div className="page__scroll">
            <main className="page__main">
              <h1 className="visually-hidden">{t('private.title')}</h1>
              <PrivateCover inRoom={stage.at === 'present'} by={watch.by} onBack={ways.backAgain} />
            </main>
          </div>
          <nav className="bar bar--ways" aria-label={t('bar.ways')}>
            <WaysOutButtons {...ways} exit />
          </nav>
        </div>
      ) : (
        page()
      )}
      <WatchDialog state={watch} />
      <WaysOutDialogs session={session} state={state} ways={ways} dutyNumber={arrival.dutyNumber} />
    </>
  );
}
