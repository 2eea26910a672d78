// SPDX-License-Identifier: Apache-2.0
// A client that is told anything at all: messages of the right shape in any order, with true, changed and invented bytes, wrong
// numbers and wrong people, while a group goes on around it. Whatever came: nothing throws, what is kept stays within its bounds, the
// others are not affected, and a true group forms again. The same seed makes the same run.
import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url } from '../base/base64url';
import type { PersonMessage, ServerMessage } from '../call/message';
import { type Sim, SimRoom } from './room_sim';

function chances(seed: number) {
  let state = seed;
  const below = (n: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * n);
  };
  return { below, one: <T>(of: readonly T[]): T => of[below(of.length)]! };
}
type Chances = ReturnType<typeof chances>;

// Bytes that went over this line, as they were, cut, changed or made longer; or noise.
function bytes({ below, one }: Chances, seen: readonly string[]): string {
  if (seen.length === 0 || below(4) === 0) return toBase64Url(Uint8Array.from({ length: below(600) }, () => below(256)));
  const text = one(seen);
  if (below(3) === 0) return text;
  const good = fromBase64Url(text) ?? new Uint8Array(1);
  const bad = new Uint8Array(below(3) === 0 ? below(good.length + 40) : good.length);
  bad.set(good.subarray(0, bad.length));
  if (bad.length > 0) bad[below(bad.length)]! ^= 1 + below(255);
  return toBase64Url(bad);
}

function anything(chance: Chances, room: SimRoom, victim: Sim, seen: readonly string[]): ServerMessage {
  const { below, one } = chance;
  const others = room.all.map(({ seat, arrival }) => ({ seat, arrival }));
  const who = () => (below(3) === 0 ? { seat: below(60), arrival: below(300) } : one(others));
  const epoch = () => one([0, 1, 2, 3, 4, 5, room.groups.get('everyone')?.epoch ?? 0, 255, 256, 2 ** 32, Number.MAX_SAFE_INTEGER]);
  const arrivals = () => Array.from({ length: below(4) }, () => who().arrival);
  const role = () => one(['facilitator', 'co_facilitator', 'member', 'supporter'] as const);
  const person = (): PersonMessage => ({ ...who(), role: role(), place: below(50), microphone: false, camera: false, away: below(3) === 0, muted: false });
  const group = () => one(['everyone', 'facilitators', 'private:2', 'breakout:1'] as const);
  const kinds: (() => ServerMessage)[] = [
    () => ({ type: 'delivered', order: below(1e6), at: 0, from: below(2) === 0 ? { seat: who().seat } : who(), audience: one(['everyone', 'facilitators', { seat: victim.seat }, { arrival: victim.arrival }]), payload: bytes(chance, seen) }),
    () => ({ type: 'committed', group: group(), epoch: epoch(), from: who(), commit: bytes(chance, seen), adds: arrivals(), removes: arrivals() }),
    () => ({ type: 'group-welcome', group: group(), instance: 1 + epoch(), epoch: epoch(), from: who(), welcome: bytes(chance, seen) }),
    () => ({ type: 'group-opened', group: group(), instance: 1 + epoch(), by: who() }),
    () => ({ type: 'key-offered', ...who(), role: role(), key_package: bytes(chance, seen) }),
    () => ({ type: 'groups', groups: [{ group: group(), epoch: epoch(), arrivals: arrivals() }] }),
    () => ({ type: 'roster', people: Array.from({ length: below(5) }, person), locked: false, paused: false, speaker: null }),
    () => ({ type: 'joined', person: person() }),
    () => ({ type: 'changed', person: person() }),
    () => ({ type: 'left', seat: who().seat, how: one(['left', 'dropped', 'removed', 'moved-back', 'superseded'] as const) }),
    () => ({ type: 'refused', what: one(['commit', 'group-open', 'commits-since', 'key-package', 'send']), reason: one(['stale', 'not-allowed', 'too-fast', 'full', 'unknown-arrival']) }),
    () => ({ type: 'waiting', arrivals: [{ ...who(), role: role(), since: 0, second: false, removed: false, moved_back: false, away: false }] }),
  ];
  return one(kinds)();
}

// How many things the keeper holds in lists, maps and sets, at any depth: what must not grow with what it is told.
function held(of: unknown, depth = 5, seen = new Set<unknown>()): number {
  if (depth === 0 || typeof of !== 'object' || of === null || seen.has(of) || ArrayBuffer.isView(of)) return 0;
  seen.add(of);
  if (of instanceof Map || of instanceof Set) return of.size + [...of.values()].reduce<number>((sum, one) => sum + held(one, depth - 1, seen), 0);
  const own = Array.isArray(of) ? of.length : 0;
  return own + Object.entries(of).reduce((sum, [name, one]) => sum + (['clock', 'out', 'group'].includes(name) ? 0 : held(one, depth - 1, seen)), 0);
}

async function meet(): Promise<{ room: SimRoom; lead: Sim; members: Sim[] }> {
  const room = new SimRoom();
  const lead = room.arrive(1, 'facilitator');
  await room.settle();
  room.enter(lead);
  await room.settle();
  const members: Sim[] = [];
  for (const seat of [2, 3]) {
    const sim = await room.waits(seat);
    await room.letIn(lead, sim);
    members.push(sim);
  }
  await room.pass(1_000);
  return { room, lead, members };
}

describe.each([[11], [12], [13], [14]])('a client that is told anything (seed %i)', (seed) => {
  it('throws nothing, keeps little, and the others go on', async () => {
    const chance = chances(seed);
    const { room, lead, members } = await meet();
    const victim = seed % 2 === 0 ? members[0]! : lead;
    const seen = room.delivered.flatMap(({ message }) => [...JSON.stringify(message).matchAll(/"([\w-]{60,})"/g)].map(([, text]) => text!));
    const counts: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      for (let i = 0; i < 100; i += 1) victim.told(anything(chance, room, victim, seen));
      await room.settle(); // a rejection would fail the test here
      await room.pass(1_000);
      counts.push(held(victim.keeper));
    }
    expect(Math.max(...counts)).toBeLessThan(2_000); // not with what came: the bounds are 512 tasks, 128 offers, 64 notes, 32 commits
    expect(victim.view).not.toBeNull();
    // Its page is loaded anew, and an honest room is told of: it is one group again.
    room.reload(victim);
    await room.pass(40_000);
    const [a, b] = room.present().filter((sim) => sim !== victim) as [Sim, Sim];
    a.keeper.say('still here', 'everyone');
    await room.pass(2_000);
    expect(b.texts()).toContain('still here');
  }, 240_000);
});

describe('KeyPackages without end', () => {
  it('of people who wait cost a bounded store, and whoever is let in is the one whose package came', async () => {
    const { room, lead } = await meet();
    const guest = await room.waits(9);
    for (let i = 0; i < 400; i += 1) lead.told({ type: 'key-offered', arrival: 10_000 + i, seat: 10 + (i % 30), role: 'member', key_package: guest.keyPackage! });
    await room.settle();
    expect(held(lead.keeper)).toBeLessThan(2_000);
    room.offer(guest, guest.keyPackage!);
    await room.letIn(lead, guest);
    await room.pass(4_000);
    expect([...(lead.view?.seats ?? [])].sort((a, b) => a - b)).toEqual([1, 2, 3, 9]);
  }, 120_000);
});
