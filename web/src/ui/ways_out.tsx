// SPDX-License-Identifier: Apache-2.0
// Leave, "not private now" and "I need help", the same on every page of a call. Help and "not private now" act at once;
// leaving asks once, calmly.
import { useEffect, useRef, useState } from 'react';
import type { ArrivalDesk } from '../api/arrival';
import { browserClock } from '../base/clock';
import type { Arrival, CallSession, CallState, Connection } from '../call/model';
import { leads } from '../call/payload';
import { exitQuickly } from '../lobby/quick_exit';
import { t } from '../texts/text';
import { Button } from './button';
import { Confirm, Dialog } from './dialog';
import { OwnHelp } from './help_watch';
import { DutyWords } from './page';
import type { WaysOut } from './room/room_bar';
import type { Interruption } from './watch';

export type Asking = 'leave' | 'help' | null;

export interface WaysOutState extends WaysOut {
  privateNow: boolean;
  asking: Asking;
  setAsking: (asking: Asking) => void;
  teamKnows: boolean; // help that was asked for stands as an alert
  backAgain: () => void;
}

// Where only sound and pictures have stopped, words still go through.
const lineStands = ({ state, tries }: Connection): boolean => state === 'connected' || (state === 'unsteady' && tries === 0);

// Whether a facilitator can be told at all: before the waiting room nobody is there to hear it.
const canTell = (state: CallState): boolean => lineStands(state.connection) && (state.stage.at === 'waiting' || state.stage.at === 'present');

// The room keeps it for the next facilitator who comes. Who leads alone is the one it would be kept for.
const kept = (state: CallState): 'help.kept' | 'help.not_told' =>
  state.people.some((person) => person.self && leads(person.role)) ? 'help.not_told' : 'help.kept';

// What may truly be said of help that was asked for: told only where a facilitator is here to read it. Somebody who waits
// is not told who is in the room.
export const helpReaches = (state: CallState): 'help.told' | 'help.told_waiting' | 'help.kept' | 'help.not_told' => {
  if (!canTell(state)) return 'help.not_told';
  if (state.stage.at === 'waiting') return 'help.told_waiting';
  return state.people.some((person) => !person.self && !person.away && leads(person.role)) ? 'help.told' : kept(state);
};

// Who leads is nobody's alert; a demonstration alerts nobody.
const useOwnHelp = (state: CallState, arrival: Arrival, desk: ArrivalDesk): { asked: () => void; teamKnows: boolean } => {
  const [teamKnows, setTeamKnows] = useState(false);
  const latest = useRef(state);
  latest.current = state;
  const [help] = useState(
    () =>
      new OwnHelp(
        browserClock,
        async () => {
          const { self } = latest.current;
          return self ? desk.raiseAlert(self.seat, 'help') : 'unreachable';
        },
        () => helpReaches(latest.current) === 'help.told',
        () => setTeamKnows(true),
      ),
  );
  const over = state.stage.at === 'gone' || state.stage.at === 'refused';
  useEffect(() => {
    if (over) help.stop();
    return () => help.stop();
  }, [over]);
  return {
    teamKnows,
    asked: () => {
      if (!arrival.demonstration && !leads(arrival.role)) help.asked();
    },
  };
};

export const useWaysOut = (session: CallSession, state: CallState, arrival: Arrival, desk: ArrivalDesk, start: Asking = null): WaysOutState => {
  const [asking, setAsking] = useState<Asking>(start);
  const [covered, setCovered] = useState(false);
  const privateNow = covered || state.privateNow;
  const help = useOwnHelp(state, arrival, desk);
  // Covered while waiting and then let in: the group must not be heard or seen either.
  useEffect(() => {
    if (covered && state.stage.at === 'present' && !state.privateNow) session.setPrivateNow(true);
  }, [covered, state.stage.at, state.privateNow]);
  const backAgain = (): void => {
    setCovered(false);
    if (session.state.privateNow) session.setPrivateNow(false);
  };
  return {
    privateNow,
    asking,
    setAsking,
    teamKnows: help.teamKnows,
    backAgain,
    onPrivate: () => {
      if (privateNow) return backAgain();
      setAsking(null);
      setCovered(true);
      session.setPrivateNow(true);
    },
    onExit: () => exitQuickly(session),
    onHelp: () => {
      if (canTell(state)) session.askForHelp();
      help.asked();
      setAsking('help');
    },
    onLeave: () => setAsking('leave'),
  };
};

export function WaysOutDialogs({ session, state, ways, dutyNumber }: { session: CallSession; state: CallState; ways: WaysOutState; dutyNumber: string }) {
  const close = (): void => ways.setAsking(null);
  if (ways.asking === 'leave') {
    return (
      <Confirm
        title={t('leave.title')}
        yes={t('leave.yes')}
        no={t('leave.no')}
        danger
        onNo={close}
        onYes={() => {
          close();
          session.leave();
        }}
      >
        <p>{t('leave.words')}</p>
        {state.self?.mayModerate && state.stage.at === 'present' && <p>{t('leave.facilitator')}</p>}
      </Confirm>
    );
  }
  if (ways.asking === 'help') {
    return (
      <Dialog title={t('help.title')} onClose={close} closeWords={t('help.close')}>
        <p>{t(helpReaches(state))}</p>
        <div role="status">{ways.teamKnows && <p>{t('help.team_knows')}</p>}</div>
        <DutyWords number={dutyNumber} />
      </Dialog>
    );
  }
  return null;
}

export function PrivateCover({ onBack, inRoom, by }: { onBack: () => void; inRoom: boolean; by: Interruption | null }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <div className="cover">
      <div className="cover__card" role="status">
        <h2 ref={title} tabIndex={-1}>
          {t('private.title')}
        </h2>
        {by && <p>{t(`private.by_${by}`)}</p>}
        <p>{t(inRoom ? 'private.words' : 'private.words_before')}</p>
        <p>{t('private.after')}</p>
        <p>{t('exit.words')}</p>
      </div>
      <Button look="main" onClick={onBack}>
        {t('private.back')}
      </Button>
    </div>
  );
}
