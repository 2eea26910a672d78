// SPDX-License-Identifier: Apache-2.0
// What a tab keeps over a reload (a phone that is short of memory reloads by itself), as text for the tab's own storage.
// Not here: when it counts (state.ts). Invariant: seats, times, switches and bytes counted only, no name and no word of anybody; what cannot
// be read is as good as nothing.
import { list, oneOf, optional, orNull, type Reader, real, shape, truth, whole } from '../base/check';
import { disguiseReader } from '../disguise/choice';
import type { Disguise } from './model';
import type { Memory } from './room';

export interface TabMemory extends Memory {
  soundOnly: boolean;
  saver?: boolean;
  usedBytes?: number; // of data, both ways; absent: none yet
  disguise?: Disguise; // as the person chose it here; absent: as agreed
}

const seat = whole(1);
const tabMemory: Reader<TabMemory> = shape({
  privateNow: truth,
  hand: orNull(whole()),
  round: orNull(shape({ seats: list(seat), at: whole() })),
  timer: orNull(shape({ lengthMs: real, endsAt: orNull(real), leftMs: real })),
  order: orNull(list(seat)),
  beside: orNull(list(shape({ seat, way: oneOf('in_person', 'phone') }), 100)),
  soundOnly: truth,
  saver: optional(truth),
  usedBytes: optional(whole()),
  disguise: optional(disguiseReader),
});

// null: nothing that a fresh page would not know.
export function remember(memory: TabMemory): string | null {
  const { privateNow, hand, round, timer, order, beside, soundOnly, saver, usedBytes, disguise } = memory;
  const worth = privateNow || soundOnly || saver || usedBytes || disguise !== undefined || [hand, round, timer, order, beside].some((one) => one !== null);
  return worth ? JSON.stringify({ privateNow, hand, round, timer, order, beside, soundOnly, ...(saver && { saver }), ...(usedBytes && { usedBytes }), ...(disguise && { disguise }) }) : null;
}

export function recall(kept: string | null): TabMemory | null {
  if (kept === null) return null;
  try {
    const value: unknown = JSON.parse(kept);
    return tabMemory(value, '');
  } catch {
    return null;
  }
}
