// SPDX-License-Identifier: Apache-2.0
// What people answered at arrival ("Are you alone? Headphones?"): said by the person's own client to the facilitators, from the
// waiting room, and again to a facilitator who did not hear it. The room carries it unread and keeps none of it. Not here: where
// somebody is (the service keeps that), what facilitators do with it. Invariant: only who leads remembers others' answers.
import { toEveryone, toFacilitators } from './heard';
import type { Answers, Seat } from './model';
import { type Effect, iLead, memberAt, type Room, stay, type Step } from './room';

const askAfterMs = 1_500; // their own client says it unasked

export function sayAnswers(room: Room): Effect[] {
  return room.myAnswers ? [toFacilitators({ kind: 'answers', ...room.myAnswers })] : [];
}

// Those who lead hear of each other's, too.
export const sayAnswersIfLeading = (room: Room): Effect[] => (iLead(room) ? sayAnswers(room) : []);

export function heardAnswers(room: Room, seat: Seat, { alone, headphones, carer, way }: Answers): Room {
  if (!iLead(room)) return room;
  return { ...room, answers: new Map(room.answers).set(seat, { alone, headphones, carer, way }) };
}

const unheard = (room: Room) => room.waiting.filter(({ seat, arrival }) => !room.answers.has(seat) && !room.answersAsked.includes(arrival));

export function askLater(room: Room): Effect[] {
  return iLead(room) && unheard(room).length > 0 ? [{ do: 'later', ms: askAfterMs, spread: 500, then: { due: 'ask-answers' } }] : [];
}

// Each arrival is asked once.
export function askAnswers(room: Room): Step {
  const asked = room.stage.at === 'present' ? unheard(room).map(({ arrival }) => arrival) : [];
  if (asked.length === 0) return stay(room);
  return {
    room: { ...room, answersAsked: [...room.answersAsked, ...asked] },
    effects: asked.map((arrival): Effect => ({ do: 'say', payload: { kind: 'ask-answers' }, audience: { arrival } })),
  };
}

export function markedNear(room: Room, seat: Seat, on: boolean): Room {
  const near = new Set(room.near);
  if (on) near.add(seat);
  else near.delete(seat);
  return { ...room, near };
}

// Of somebody who is not in yet it is told once they are, and their name is known to all.
export function tellNear(room: Room, seat: Seat, on: boolean): Step {
  if (memberAt(room, seat)) return { room, effects: [toEveryone({ kind: 'near', seat, on })] };
  const nearOnceIn = new Set(room.nearOnceIn);
  if (on) nearOnceIn.add(seat);
  else nearOnceIn.delete(seat);
  return stay({ ...room, nearOnceIn });
}

const tellAfterMs = 1_000; // names are told within less

export function joinedNear(room: Room, seat: Seat): Effect[] {
  return room.nearOnceIn.has(seat) ? [{ do: 'later', ms: tellAfterMs, spread: 0, then: { due: 'tell-near', seat } }] : [];
}

export function tellNow(room: Room, seat: Seat): Step {
  if (!room.nearOnceIn.has(seat) || !memberAt(room, seat)) return stay(room);
  const nearOnceIn = new Set([...room.nearOnceIn].filter((one) => one !== seat));
  return tellNear({ ...room, nearOnceIn }, seat, true);
}

export const sayWhoIsNear = (room: Room): Effect[] => [...room.near].map((seat) => toEveryone({ kind: 'near', seat, on: true }));
