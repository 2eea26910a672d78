// SPDX-License-Identifier: Apache-2.0
// Who goes into which small room: people shared out evenly, in order or by chance. Pure. Not here: the fields (breakouts.tsx).
// Invariant: rooms differ by one person at most; a person is in one room or stays.
import type { Seat } from '../../call/model';

export type Places = ReadonlyMap<Seat, number>; // 0: stays with everyone; from 1: that room

export function shareOut(seats: readonly Seat[], rooms: number): Places {
  return new Map(seats.map((seat, at) => [seat, 1 + (at % rooms)]));
}

// `random`: 0 <= x < 1, as often as there are seats.
export function mixed(seats: readonly Seat[], random: () => number): Seat[] {
  const out = [...seats];
  for (let at = out.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [out[at], out[other]] = [out[other]!, out[at]!];
  }
  return out;
}

// What is chosen already stands, where the room still exists; who is new is put where the fewest are.
export function keepPlaces(before: Places, seats: readonly Seat[], rooms: number): Places {
  const after = new Map<Seat, number>();
  for (const seat of seats) {
    const was = before.get(seat);
    if (was !== undefined && was <= rooms) after.set(seat, was);
  }
  const count = (room: number): number => [...after.values()].filter((one) => one === room).length;
  for (const seat of seats) {
    if (after.has(seat)) continue;
    const fewest = Array.from({ length: rooms }, (_, at) => at + 1).reduce((best, room) => (count(room) < count(best) ? room : best), 1);
    after.set(seat, fewest);
  }
  return after;
}

export const listOf = (places: Places, rooms: number): Seat[][] =>
  Array.from({ length: rooms }, (_, at) => [...places].flatMap(([seat, room]) => (room === at + 1 ? [seat] : [])));
