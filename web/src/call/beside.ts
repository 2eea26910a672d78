// SPDX-License-Identifier: Apache-2.0
// Who takes part beside the room (in the building, on the phone), as a facilitator tells everyone in it, so that nobody is heard by
// people of whom they do not know. Names go with it, since those beside the room have no tile. Not here: the register (the service's).
// Invariant: what the group reads is what a facilitator told last; nothing is told by itself but to who comes later.
import { toEveryone } from './heard';
import type { Beside, Seat } from './model';
import type { Payload } from './payload';
import type { Effect, Room } from './room';

type Told = Extract<Payload, { kind: 'beside' }>['people'];

export function heardBeside(room: Room, people: Told): Room {
  const names = new Map(room.names);
  for (const { seat, name } of people) if (name !== undefined && name.trim() !== '') names.set(seat, name);
  return { ...room, names, beside: people.length === 0 ? null : people.map(({ seat, way }) => ({ seat, way })) };
}

const named = (room: Room, seat: Seat): string | undefined => room.booked.get(seat) ?? room.names.get(seat);

export function tellBeside(room: Room, people: readonly Beside[]): Effect {
  const told = people.map(({ seat, way }) => {
    const name = named(room, seat);
    return { seat, way, ...(name !== undefined && { name }) };
  });
  return toEveryone({ kind: 'beside', people: told });
}

// To somebody who came later; `whole`: also that nobody is, for who leads and may remember otherwise.
export function sayBeside(room: Room, whole: boolean): Effect[] {
  if (room.beside) return [tellBeside(room, room.beside)];
  return whole ? [tellBeside(room, [])] : [];
}
