// SPDX-License-Identifier: Apache-2.0
// What facilitators in the room know of the register and of alerts: read now, every few seconds, and at once where another facilitator
// has marked something; and help that nobody answers, raised as an alert. Only of a real session: a demonstration has no register. Not here: how it is shown.
import { useEffect, useRef, useState } from 'react';
import type { AlertKind, ArrivalDesk, BesideRow, SeatAlert, Seen } from '../../api/arrival';
import { browserClock } from '../../base/clock';
import type { CallSession, Seat } from '../../call/model';
import { UnansweredHelp } from '../help_watch';

const readEveryMs = 10_000;

export type Trouble = 'changed' | 'not-now' | 'unreachable';
export interface BesideRoom {
  on: boolean; // there is a register
  rows: readonly BesideRow[];
  alerts: readonly SeatAlert[];
  busy: boolean;
  mark: (row: BesideRow, seen: Seen) => Promise<Trouble | null>;
  raise: (seat: Seat, kind: AlertKind) => Promise<'raised' | 'unreachable'>;
}

export function useBesideRoom(desk: ArrivalDesk, session: CallSession, on: boolean, marked: number, helpAsked: readonly Seat[]): BesideRoom {
  const [rows, setRows] = useState<readonly BesideRow[]>([]);
  const [alerts, setAlerts] = useState<readonly SeatAlert[]>([]);
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const read = async (stopped: () => boolean): Promise<void> => {
    const [beside, open] = await Promise.all([desk.beside(), desk.alerts()]);
    if (stopped()) return;
    if (beside) setRows(beside.items);
    if (open) setAlerts(open);
  };
  useEffect(() => {
    if (!on) return;
    let over = false;
    void read(() => over);
    const timer = setInterval(() => void read(() => over), readEveryMs);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [desk, on, marked]);
  const again = (): Promise<void> => read(() => false);
  const raise = async (seat: Seat, kind: AlertKind): Promise<'raised' | 'unreachable'> => {
    const answer = await desk.raiseAlert(seat, kind);
    if (answer === 'raised') {
      session.tellMarked();
      await again();
    }
    return answer;
  };
  const [unanswered] = useState(() => new UnansweredHelp(browserClock, (seat) => raise(seat, 'help')));
  useEffect(() => unanswered.now(on ? helpAsked : []), [on, helpAsked]);
  useEffect(() => () => unanswered.stop(), []);
  return {
    on,
    rows,
    alerts,
    busy,
    mark: async (row, seen) => {
      if (running.current) return null;
      running.current = true;
      setBusy(true);
      try {
        const answer = await desk.markBeside(row, seen);
        if (typeof answer !== 'string') {
          setRows(answer.items);
          session.tellMarked();
          return null;
        }
        if (answer === 'changed') await again();
        return answer;
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
    raise,
  };
}
