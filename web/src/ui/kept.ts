// SPDX-License-Identifier: Apache-2.0
// How this person has set the room up for themselves (who is larger, own tile hidden), kept for the tab until the call is
// over, so that a reload changes nothing. Not here: anything that others see (call/memory.ts).
import { useEffect, useState } from 'react';
import type { Seat } from '../call/model';

export interface RoomView {
  pins: Seat[];
  selfHidden: boolean;
}

const key = 'quietroom.view';

// `of` tells one seat of one group from another in the same tab.
export function readView(of: string, shelf: Pick<Storage, 'getItem'>): RoomView {
  try {
    const kept = JSON.parse(shelf.getItem(key) ?? 'null') as { of?: unknown; pins?: unknown; selfHidden?: unknown } | null;
    if (kept?.of === of && Array.isArray(kept.pins)) {
      return { pins: kept.pins.filter((seat): seat is Seat => Number.isSafeInteger(seat)), selfHidden: kept.selfHidden === true };
    }
  } catch {
    // storage is refused, or holds something else: nothing is kept
  }
  return { pins: [], selfHidden: false };
}

export function putView(of: string, view: RoomView, shelf: Pick<Storage, 'setItem'>): void {
  try {
    shelf.setItem(key, JSON.stringify({ of, ...view }));
  } catch {
    return;
  }
}

export function forgetView(): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    return;
  }
}

export function useRoomView(of: string, start: Partial<RoomView>): [RoomView, (change: Partial<RoomView>) => void] {
  const [view, setView] = useState<RoomView>(() => ({ ...readView(of, sessionStorage), ...start }));
  useEffect(() => putView(of, view, sessionStorage), [of, view]);
  return [view, (change) => setView((last) => ({ ...last, ...change }))];
}
