// SPDX-License-Identifier: Apache-2.0
// "Not private now" by itself: when the page is hidden or a headphone comes out, as the person decided beforehand. Not here: what
// "not private now" does (ways_out.tsx), the words. Invariant: it acts only on somebody who waits or is in the group and is not
// covered already; where it asks about a headphone, nothing is played until the answer.
import { useEffect, useRef, useState } from 'react';
import type { CallSession, CallState, DeviceChoice, Devices } from '../call/model';

export type Watch = 'ask' | 'self' | 'no';
export type Interruption = 'hidden' | 'unplugged';

const key = 'quietroom.watch';

export function readWatch(shelf: Pick<Storage, 'getItem'>): Watch {
  try {
    const kept = shelf.getItem(key);
    return kept === 'self' || kept === 'no' ? kept : 'ask';
  } catch {
    return 'ask'; // storage is refused
  }
}

function putWatch(watch: Watch, shelf: Pick<Storage, 'setItem'>): void {
  try {
    shelf.setItem(key, watch);
  } catch {
    return;
  }
}

export function forgetWatch(): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    return;
  }
}

// 'default' and 'communications' are other names of devices that stand in the list themselves.
const real = (list: readonly DeviceChoice[]): string[] => list.map((one) => one.id).filter((id) => id !== 'default' && id !== 'communications');

// Whether something to hear with was taken away. A list that is empty all at once was withheld by the browser, not unplugged.
export function unplugged(before: Pick<Devices, 'speakers' | 'microphones'>, after: Pick<Devices, 'speakers' | 'microphones'>): boolean {
  const kind = before.speakers.length > 0 ? 'speakers' : 'microphones'; // a headset has both; some browsers name no speakers
  const left = new Set(real(after[kind]));
  return left.size > 0 && real(before[kind]).some((id) => !left.has(id));
}

export interface WatchState {
  watch: Watch;
  setWatch: (watch: Watch) => void;
  asking: Interruption | null;
  by: Interruption | null; // what has covered the person by itself
  goOn: () => void;
  cover: () => void;
}

export function useWatch(session: CallSession, state: CallState, covered: boolean, onPrivate: () => void, start: Interruption | null = null): WatchState {
  const [watch, setWatch] = useState<Watch>(() => readWatch(sessionStorage));
  const [asking, setAsking] = useState<Interruption | null>(start);
  const [by, setBy] = useState<Interruption | null>(null);
  const here = state.stage.at === 'present' || state.stage.at === 'waiting';
  const happened = useRef<(what: Interruption) => void>(() => undefined);
  happened.current = (what) => {
    if (!here || covered || watch === 'no') return;
    if (watch === 'self') {
      setBy(what);
      return onPrivate();
    }
    if (what === 'unplugged') session.holdSound(true);
    setAsking(what);
  };
  useEffect(() => {
    const look = (): void => void (document.visibilityState === 'hidden' && happened.current('hidden'));
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  const { speakers, microphones } = state.devices;
  const before = useRef({ speakers, microphones });
  useEffect(() => {
    if (unplugged(before.current, { speakers, microphones })) happened.current('unplugged');
    before.current = { speakers, microphones };
  }, [speakers, microphones]);
  const over = (): void => {
    session.holdSound(false);
    setAsking(null);
  };
  useEffect(() => {
    if (covered || !here) over();
    if (!covered) setBy(null);
  }, [covered, here]);
  return {
    watch,
    setWatch: (next) => {
      putWatch(next, sessionStorage);
      setWatch(next);
    },
    asking,
    by,
    goOn: over,
    cover: () => {
      onPrivate();
      over();
    },
  };
}
