// SPDX-License-Identifier: Apache-2.0
// What a facilitator's client has to do so that the group is who is in the room: open it, add, remove, or ask the person in front
// of it. Pure: (what the server says is here, what the group says, which keys were offered, who was let in by a click, when) -> plan.
// Not here: making commits (mls.ts), sending them (keeper.ts). Specification: docs/decisions/0009, "The first facilitator opens the
// group" and "The roster on the screen". Invariant: nobody is added without a click unless their key is proven to be the one they
// had, or everyone is told that the words changed.
import type { Leaf } from './policy';

export interface Here {
  arrival: number;
  seat: number;
  leads: boolean; // as the server says
  away: boolean;
}

export interface Offer {
  arrival: number;
  seat: number;
  signatureKey: string;
  hpkeKey: string;
  holds: readonly string[];
}

export interface Situation {
  now: number;
  me: { arrival: number; seat: number };
  audience: string;
  mayAdmit: boolean;
  present: readonly Here[]; // with me
  roster: readonly Leaf[] | null; // null: no state of the group here
  offers: ReadonlyMap<number, Offer>; // by arrival
  admitted: ReadonlyMap<number, { leads: boolean; seat: number; at: number }>; // by a click here, until they are in
  proven: ReadonlyMap<number, { signatureKey: string; facilitator: boolean }>; // by seat, of the group before
  reseating: boolean; // this client opened the group anew over people who sit here: they are added, and all are told
  standing: { arrivals: readonly number[] } | null | undefined; // the server's book; undefined: not told yet
  since: ReadonlyMap<string, number>; // when each need was first seen
}

export interface Plan {
  open: { replace: boolean } | null;
  adds: { arrival: number; facilitator: boolean }[];
  removes: number[]; // leaves
  ask: { arrival: number; seat: number; leads: boolean }[];
  needs: string[]; // of which the caller remembers since when
  wakeAt: number | null;
}

export const nextFacilitatorAfterMs = 1_000;
const admittedCountsForMs = 10_000; // until the room shows them as present
const askAfterMs = 3_000; // somebody else's click is on its way
export const mostAddsAtOnce = 16; // so that commit and Welcome stay small

export function reconcile(situation: Situation): Plan {
  const plan: Plan = { open: null, adds: [], removes: [], ask: [], needs: [], wakeAt: null };
  const { roster, mayAdmit, present, me } = situation;
  if (!mayAdmit || !present.some(({ arrival }) => arrival === me.arrival)) return plan;
  if (roster === null) return { ...plan, open: opening(situation) };
  const rank = rankHere(situation, roster);
  if (rank === null) return plan;
  const due = (need: string, after: number): boolean => {
    plan.needs.push(need);
    const at = (situation.since.get(need) ?? situation.now) + after;
    if (at <= situation.now) return true;
    plan.wakeAt = Math.min(plan.wakeAt ?? at, at);
    return false;
  };
  const turn = rank * nextFacilitatorAfterMs;
  for (const person of candidates(situation)) consider(person, situation, roster, plan, (need) => due(need, turn), (need) => due(need, askAfterMs));
  const replaced = new Set(plan.removes);
  for (const leaf of roster) {
    if (leaf.arrival === me.arrival || replaced.has(leaf.leaf)) continue;
    if (!present.some(({ arrival, seat }) => arrival === leaf.arrival && seat === leaf.seat) && due(`gone ${leaf.leaf} ${leaf.arrival}`, turn)) plan.removes.push(leaf.leaf);
  }
  return plan;
}

function opening({ standing, present, me }: Situation): Plan['open'] {
  if (standing === undefined) return null;
  if (standing === null) return { replace: false };
  const another = present.some((one) => one.leads && !one.away && one.arrival !== me.arrival && standing.arrivals.includes(one.arrival));
  return another ? null : { replace: true }; // another is asked by our KeyPackage
}

// The facilitator with the lowest leaf who is here goes first.
function rankHere({ present, me }: Situation, roster: readonly Leaf[]): number | null {
  const here = roster.filter((leaf) => leaf.facilitator && (leaf.arrival === me.arrival || present.some((one) => one.arrival === leaf.arrival && !one.away)));
  const rank = here.sort((a, b) => a.leaf - b.leaf).findIndex(({ arrival }) => arrival === me.arrival);
  return rank < 0 ? null : rank;
}

// Who is present, and who was let in a moment ago and is not shown as present yet.
function candidates({ present, admitted, me, now }: Situation): Here[] {
  const coming = [...admitted].flatMap(([arrival, { leads, seat, at }]): Here[] =>
    present.some((one) => one.arrival === arrival) || now - at > admittedCountsForMs ? [] : [{ arrival, seat, leads, away: false }],
  );
  return [...present.filter(({ arrival }) => arrival !== me.arrival), ...coming];
}

function consider(person: Here, situation: Situation, roster: readonly Leaf[], plan: Plan, due: (need: string) => boolean, askDue: (need: string) => boolean): void {
  const { arrival, seat } = person;
  const offer = situation.offers.get(arrival);
  if (!offer || offer.seat !== seat || plan.adds.length >= mostAddsAtOnce) return;
  // The group of everyone first: a package that was used for a smaller one would be refused there, and be missing here.
  if (situation.audience !== 'everyone' && !offer.holds.includes('everyone')) return;
  const leaf = roster.find((one) => one.arrival === arrival);
  const seated = roster.find((one) => one.seat === seat);
  if (leaf && (leaf.hpkeKey === offer.hpkeKey || offer.holds.includes(situation.audience))) return; // in, and knows it
  const clicked = situation.admitted.get(arrival);
  const held = [seated && { signatureKey: seated.signatureKey, facilitator: seated.facilitator }, situation.proven.get(seat)];
  const proof = held.find((one) => one?.signatureKey === offer.signatureKey);
  const need = `in ${arrival} ${offer.hpkeKey}`;
  const add = (facilitator: boolean): void => {
    plan.adds.push({ arrival, facilitator });
    if (seated) plan.removes.push(seated.leaf);
  };
  if (clicked) add(clicked.leads);
  else if (proof) due(need) && add(proof.facilitator);
  else if (!leaf && situation.reseating && !person.leads) due(need) && add(false);
  else if (askDue(need)) plan.ask.push({ arrival, seat, leads: person.leads });
}
