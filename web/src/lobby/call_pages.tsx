// SPDX-License-Identifier: Apache-2.0
// Which page a person sees at each stage of a call. The one place where a stage becomes a page; the sketch entry and the
// real one both use it.
import { useEffect } from 'react';
import type { ArrivalDesk } from '../api/arrival';
import type { Arrival, BookingCard, CallSession } from '../call/model';
import { t } from '../texts/text';
import { PrivateCover, useWaysOut, WaysOutDialogs, type Asking } from '../ui/ways_out';
import { Room, type RoomStart } from '../ui/room/room';
import { WaysOutButtons } from '../ui/room/room_bar';
import { useCall } from '../ui/use_call';
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
  start?: RoomStart & { asking?: Asking };
}

const useRoomTheme = (inRoom: boolean): void => {
  useEffect(() => {
    document.documentElement.classList.toggle('in-room', inRoom);
  }, [inRoom]);
};

export function CallPages({ session, arrival, cards, desk, onComeBack, start }: CallPagesProps) {
  const state = useCall(session);
  const today = useToday(desk);
  const ways = useWaysOut(session, state, start?.asking ?? null);
  const { stage } = state;
  const lost = state.connection.state === 'lost' && stage.at !== 'gone' && stage.at !== 'refused';
  const mayStay = state.self?.mayModerate ?? false;
  const inRoom = stage.at === 'present' && !lost && (!state.paused || mayStay);
  useRoomTheme(inRoom);
  useEffect(() => {
    document.title = t(inRoom ? 'document.room' : 'document.title');
  }, [inRoom]);

  if (stage.at === 'gone') return <AfterPage key={stage.why} why={stage.why} arrival={arrival} onComeBack={onComeBack} />;
  if (stage.at === 'refused') return <RefusedPage key={stage.why} why={stage.why} dutyNumber={arrival.dutyNumber} onAgain={onComeBack} />;
  const props = { session, state, arrival, ways };
  const page = () => {
    if (lost) return <LostPage key="lost" {...props} />;
    if (stage.at === 'arriving') return <ArrivePage key="arrive" {...props} today={today} />;
    if (stage.at === 'waiting') return <WaitPage key={`wait-${stage.movedBack}`} {...props} movedBack={stage.movedBack} interrupted={stage.interrupted ?? false} />;
    if (stage.at === 'present') return <PausedPage key="paused" {...props} />;
    return <ConnectingPage key="connecting" ways={ways} />;
  };
  return (
    <>
      {inRoom ? (
        <Room session={session} state={state} arrival={arrival} cards={cards} desk={desk} questions={today.questions} ways={ways} start={start} />
      ) : ways.privateNow ? (
        <div className="page page--call">
          <div className="page__scroll">
            <main className="page__main">
              <h1 className="visually-hidden">{t('private.title')}</h1>
              <PrivateCover inRoom={stage.at === 'present'} onBack={ways.backAgain} />
            </main>
          </div>
          <nav className="bar bar--ways" aria-label={t('bar.ways')}>
            <WaysOutButtons {...ways} />
          </nav>
        </div>
      ) : (
        page()
      )}
      <WaysOutDialogs session={session} state={state} ways={ways} dutyNumber={arrival.dutyNumber} />
    </>
  );
}
