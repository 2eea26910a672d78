// SPDX-License-Identifier: Apache-2.0
// Whole clients in a room that is honest, and then one that is not (room_sim.ts): who is let in, what is read by whom, what each
// client says when it is lied to. Attack by attack: docs/decisions/0009-end-to-end.md.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../base/base64url';
import type { ServerMessage } from '../call/message';
import { wordNumbers } from './words';
import { type Sim, SimRoom } from './room_sim';

type Of<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;

async function group(members: number): Promise<{ room: SimRoom; lead: Sim; members: Sim[] }> {
  const room = new SimRoom();
  const lead = room.arrive(1, 'facilitator');
  await room.settle();
  room.enter(lead);
  await room.settle();
  const rest: Sim[] = [];
  for (let i = 0; i < members; i += 1) {
    const sim = await room.waits(2 + i);
    await room.letIn(lead, sim);
    rest.push(sim);
  }
  await room.pass(1_000);
  return { room, lead, members: rest };
}

const seats = (sim: Sim): number[] => [...(sim.view?.seats ?? [])].sort((a, b) => a - b);
const authenticator = (sim: Sim): string => toBase64Url((sim.keeper as unknown as { group: { authenticator: Uint8Array } }).group.authenticator);
const together = (...sims: Sim[]): boolean => new Set(sims.map(authenticator)).size === 1;

describe('a room', () => {
  it('becomes one group: the facilitator opens it, each click lets one in, all see the same people', async () => {
    const { lead, members } = await group(3);
    for (const sim of [lead, ...members]) {
      expect(sim.view?.state).toBe('on');
      expect(seats(sim)).toEqual([1, 2, 3, 4]);
      expect(sim.view?.troubles).toEqual([]);
      expect(sim.view?.hold).toBeNull();
    }
    expect(together(lead, ...members)).toBe(true);
    expect(lead.view?.silent).toEqual([]);
    expect(lead.keys.at(-1)?.leaves.map(({ seat }) => seat)).toEqual([1, 2, 3, 4]);
    expect(members[2]!.keys.map(({ cause }) => cause)).toEqual(['join']);
    expect(lead.keys.map(({ cause }) => cause)).toEqual(['join', 'add', 'add', 'add']);
  });

  it('has the same words for all who ask, new ones with each change, and none for who puts them away', async () => {
    const { room, lead, members } = await group(1);
    for (const sim of [lead, members[0]!]) sim.keeper.watchWords(true);
    await room.settle();
    const first = lead.view?.words;
    expect(first).toHaveLength(4);
    expect(members[0]!.view?.words).toEqual(first);
    await room.letIn(lead, await room.waits(9));
    await room.pass(1_000);
    expect(lead.view?.words).toHaveLength(4);
    expect(lead.view?.words).not.toEqual(first);
    expect(members[0]!.view?.words).toEqual(lead.view?.words);
    lead.keeper.watchWords(false);
    await room.settle();
    expect(lead.view?.words).toBeNull();
  });

  it('carries what is said to everyone, in the order of each sender, with the role that stands in the group', async () => {
    const { room, lead, members } = await group(2);
    lead.keeper.say('one of the long lines', 'everyone', 'r1');
    lead.keeper.say('two of the long lines', 'everyone', 'r2');
    members[0]!.keeper.say('three of the long lines', 'everyone');
    await room.settle();
    for (const sim of [lead, ...members]) {
      expect(sim.texts()).toEqual(lead.texts());
      expect(sim.heard.filter(({ standing }) => standing.role === 'facilitator').map(({ text, from }) => [text, from.seat])).toEqual([['one of the long lines', 1], ['two of the long lines', 1]]);
      expect(sim.heard.filter(({ standing }) => standing.role === 'member').map(({ text, from }) => [text, from.seat])).toEqual([['three of the long lines', 2]]);
    }
    const wire = JSON.stringify(room.delivered.map(({ message }) => message));
    // Long enough not to stand by chance in what is random.
    for (const text of ['one of the long lines', 'two of the long lines', 'three of the long lines']) expect(wire).not.toContain(toBase64Url(new TextEncoder().encode(text)));
  });

  it('says to facilitators what is for them, and to one seat what is for that seat', async () => {
    const { room, lead, members } = await group(2);
    members[0]!.keeper.say('help', 'facilitators');
    await room.settle(); // the answer comes after what it answers
    lead.keeper.say('are you well?', { seat: 2 });
    await room.settle();
    expect(lead.texts()).toEqual(['help', 'are you well?']);
    expect(members[0]!.texts()).toEqual(['help', 'are you well?']);
    expect(members[1]!.texts()).toEqual([]);
  });

  it('keeps what is said before the group is joined, and says it then', async () => {
    const room = new SimRoom();
    const lead = room.arrive(1, 'facilitator');
    await room.settle();
    room.enter(lead);
    const guest = await room.waits(2);
    room.enter(guest); // present, and not in the group yet
    guest.keeper.say('hello', 'everyone', 'r');
    await room.settle();
    expect(lead.texts()).toEqual([]);
    lead.keeper.admit(guest.arrival, 2, false);
    await room.pass(1_000);
    expect(lead.texts()).toEqual(['hello']);
  });

  it('bounds what waits, and tells what was not said', async () => {
    const room = new SimRoom();
    const guest = await room.waits(2);
    for (let i = 0; i < 70; i += 1) guest.keeper.say(`line ${i}`, 'facilitators', `r${i}`);
    await room.settle();
    expect(guest.failed).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5']);
  });

  it('carries notes between the waiting room and facilitators, read by nobody else', async () => {
    const { room, lead, members } = await group(1);
    const guest = await room.waits(9);
    guest.keeper.say('can you hear me?', 'facilitators', 'n1');
    await room.settle();
    expect(lead.heard.at(-1)).toEqual({ from: { seat: 9, arrival: guest.arrival }, audience: 'facilitators', text: 'can you hear me?', standing: { role: null, waiting: true } });
    lead.keeper.say('yes', { arrival: guest.arrival });
    await room.settle();
    expect(guest.texts()).toEqual(['can you hear me?', 'yes']);
    expect(members[0]!.texts()).toEqual([]);
    await room.letIn(lead, guest);
    await room.pass(1_000);
    expect(guest.view?.troubles).toEqual([]);
  });

  it('says again to facilitators, once one comes, what was said while none was there', async () => {
    const room = new SimRoom();
    const guest = await room.waits(9);
    guest.keeper.say('I am early', 'facilitators', 'n1');
    await room.settle();
    expect(room.delivered.some(({ message }) => message.type === 'delivered')).toBe(false);
    const lead = room.arrive(1, 'facilitator');
    await room.settle();
    room.enter(lead);
    await room.settle();
    expect(lead.texts()).toEqual(['I am early']);
    room.setAway(lead, true);
    await room.letIn(lead, guest).catch(() => undefined);
    await room.settle();
  });

  it('holds 49 people', async () => {
    const { room, lead, members } = await group(1);
    const rest: Sim[] = [];
    for (let seat = 3; seat <= 49; seat += 1) rest.push(await room.waits(seat));
    for (const sim of rest) {
      lead.keeper.admit(sim.arrival, sim.seat, false);
      room.enter(sim);
    }
    await room.settle();
    await room.pass(7_000);
    const all = [lead, ...members, ...rest];
    expect(all.map((sim) => sim.view?.seats.length)).toEqual(Array.from({ length: 49 }, () => 49));
    expect(together(...all)).toBe(true);
    expect(lead.view?.silent).toEqual([]);
    const sizes = room.wire.flatMap((message) => (message.type === 'commit' ? [(message.commit.length + (message.welcome?.length ?? 0)) * 0.75] : []));
    expect(Math.max(...sizes)).toBeLessThan(48 * 1024);
  }, 240_000);
});

describe('coming back', () => {
  it('after a reload needs no click, and the old leaf is gone', async () => {
    const { room, lead, members } = await group(2);
    room.reload(members[0]!);
    await room.pass(1_000);
    expect(members[0]!.view?.state).toBe('on');
    expect(members[0]!.view?.hold).toBeNull();
    expect(together(lead, ...members)).toBe(true);
    expect(seats(lead)).toEqual([1, 2, 3]);
    members[0]!.keeper.say('back', 'everyone');
    await room.settle();
    expect(members[1]!.texts()).toEqual(['back']);
  });

  it('without the key that was there needs a click', async () => {
    const { room, lead, members } = await group(2);
    members[0]!.stored = null; // another device, or a storage that was wiped
    room.reload(members[0]!);
    await room.pass(5_000);
    expect(members[0]!.view?.state).toBe('waiting');
    expect(lead.view?.ask).toEqual([{ arrival: members[0]!.arrival, seat: 2, leads: false }]);
    lead.keeper.admit(members[0]!.arrival, 2, false);
    await room.pass(1_000);
    expect(members[0]!.view?.state).toBe('on');
    expect(lead.view?.ask).toEqual([]);
    expect(together(lead, ...members)).toBe(true);
  });

  it('of a short loss of the line goes on where it was, with the commits that were missed', async () => {
    const { room, lead, members } = await group(2);
    room.setAway(members[0]!, true);
    const guest = await room.waits(9);
    await room.letIn(lead, guest);
    lead.keeper.say('welcome', 'everyone');
    await room.settle();
    room.setAway(members[0]!, false);
    await room.pass(3_000);
    expect(together(lead, guest, ...members)).toBe(true);
    expect(room.groups.get('everyone')?.log.length).toBe(3); // nobody was added anew
  });

  it('of a facilitator beside another keeps the group; the role stays theirs', async () => {
    const { room, lead, members } = await group(1);
    const second = await room.waits(8, 'co_facilitator');
    await room.letIn(lead, second);
    await room.pass(1_000);
    room.reload(lead);
    await room.pass(3_000);
    expect(together(lead, second, ...members)).toBe(true);
    expect(room.wire.filter((one) => one.type === 'group-open' && one.group === 'everyone').length).toBe(1);
    lead.keeper.say('names', 'everyone');
    await room.settle();
    expect(members[0]!.heard.at(-1)?.standing.role).toBe('facilitator');
  });

  it('of the only facilitator opens a new group with the proven keys; all are told, and nothing private is sent until the words were compared', async () => {
    const { room, lead, members } = await group(2);
    const before = members.map(authenticator);
    room.reload(lead);
    await room.pass(3_000);
    expect(together(lead, ...members)).toBe(true);
    expect(members.map(authenticator)).not.toEqual(before);
    expect(seats(lead)).toEqual([1, 2, 3]);
    expect(lead.view?.hold).toEqual({ mine: true });
    for (const sim of members) expect(sim.view?.hold).toEqual({ mine: false });
    lead.keeper.compared();
    await room.settle();
    for (const sim of [lead, ...members]) expect(sim.view?.hold).toBeNull(); // whose key they knew
  });

  it('in the place of a facilitator who is gone: the members are seated again, and each compares for themselves', async () => {
    const { room, lead, members } = await group(2);
    room.leave(lead);
    await room.settle();
    const second = room.arrive(8, 'co_facilitator');
    await room.settle();
    room.enter(second);
    await room.pass(5_000);
    expect(together(second, ...members)).toBe(true);
    second.keeper.compared();
    await room.settle();
    expect(second.view?.hold).toBeNull();
    expect(members[0]!.view?.hold).toEqual({ mine: false }); // nobody had seen this facilitator's key before
    members[0]!.keeper.compared();
    await room.settle();
    expect(members[0]!.view?.hold).toBeNull();
  });
});

describe('two facilitators', () => {
  it('who let somebody in at the same moment settle', async () => {
    const { room, lead, members } = await group(1);
    const second = await room.waits(8, 'co_facilitator');
    await room.letIn(lead, second);
    await room.pass(1_000);
    const [a, b] = [await room.waits(20), await room.waits(21)];
    room.enter(a);
    room.enter(b);
    lead.keeper.admit(a.arrival, 20, false);
    second.keeper.admit(b.arrival, 21, false);
    await room.pass(3_000);
    expect(together(lead, second, a, b, ...members)).toBe(true);
    expect(seats(members[0]!)).toEqual([1, 2, 8, 20, 21]);
  });

  it('do not both remove who has left; the second does it where the first cannot', async () => {
    const { room, lead, members } = await group(2);
    const second = await room.waits(8, 'co_facilitator');
    await room.letIn(lead, second);
    await room.pass(1_000);
    room.leave(members[0]!);
    await room.pass(2_500);
    expect(seats(second)).toEqual([1, 3, 8]);
    expect(room.wire.filter((message) => message.type === 'commit' && message.removes.length > 0).length).toBe(1);
    room.setAway(lead, true);
    room.leave(members[1]!);
    await room.pass(2_500);
    expect((second.keeper as unknown as { group: { roster(): { seat: number }[] } }).group.roster().map(({ seat }) => seat)).toEqual([1, 8]);
  });

  it('a commit whose answer was lost on the way is said again, and counts once', async () => {
    const { room, lead } = await group(1);
    const guest = await room.waits(9);
    const swallowed: ServerMessage[] = [];
    room.meddle = (to, message) => (to === lead && message.type === 'committed' && swallowed.length === 0 ? void swallowed.push(message) : message);
    await room.letIn(lead, guest);
    await room.pass(5_000);
    expect(swallowed.length).toBe(1);
    expect(together(lead, guest)).toBe(true);
  });
});

describe('a hostile room', () => {
  it('cannot add a leaf: a commit that no facilitator made is refused by everyone, and told', async () => {
    const { room, lead, members } = await group(2);
    const forged = [...room.groups.get('everyone')!.log].at(-1)!;
    const bytes = new Uint8Array(400).fill(7);
    for (const sim of [lead, ...members]) sim.told({ ...forged, epoch: 3 - 1, commit: toBase64Url(bytes) } as Of<'committed'>);
    await room.settle();
    for (const sim of [lead, ...members]) {
      expect(sim.view?.troubles).toEqual(['refused']);
      expect(seats(sim)).toEqual([1, 2, 3]);
    }
    expect(together(lead, ...members)).toBe(true);
  });

  it('cannot say a commit twice', async () => {
    const { room, lead, members } = await group(2);
    const before = authenticator(lead);
    for (const committed of room.groups.get('everyone')!.log) for (const sim of [lead, ...members]) sim.told(committed);
    await room.settle();
    expect(authenticator(lead)).toBe(before);
    expect(together(lead, ...members)).toBe(true);
  });

  it('cannot name somebody a facilitator', async () => {
    const { room, lead, members } = await group(2);
    const fake = { ...room.person(members[0]!), role: 'facilitator' as const };
    members[1]!.told({ type: 'changed', person: fake });
    members[0]!.told({ ...(room.delivered.find(({ to, message }) => to === members[0] && message.type === 'welcome')!.message as Of<'welcome'>), role: 'facilitator', permissions: { admit: true, moderate: true, publish_screen: true }, resumed: true, state: 'present' });
    members[0]!.told({ type: 'roster', people: room.present().map((sim) => ({ ...room.person(sim), role: 'facilitator' as const })), locked: false, paused: false, speaker: null });
    members[0]!.keeper.say('mute everyone', 'everyone');
    await room.settle();
    expect(members[1]!.heard.at(-1)?.standing.role).toBe('member');
    members[1]!.keeper.say('for facilitators', 'facilitators');
    await room.settle();
    expect(members[0]!.texts()).not.toContain('for facilitators');
    expect(lead.texts()).toContain('for facilitators');
  });

  it('cannot make what is for facilitators readable by delivering it to members', async () => {
    const { room, members } = await group(2);
    members[0]!.keeper.say('only for them', 'facilitators');
    await room.settle();
    const sealed = room.delivered.find(({ message }) => message.type === 'delivered' && message.audience === 'facilitators' && message.from.seat === 2)!.message as Of<'delivered'>;
    members[1]!.told(sealed);
    members[1]!.told({ ...sealed, audience: 'everyone' });
    await room.settle();
    expect(members[1]!.texts()).toEqual([]);
  });

  it('cannot give one person\'s words to another, or turn an audience into another', async () => {
    const { room, lead, members } = await group(2);
    room.meddle = (to, message) => (to !== lead && message.type === 'delivered' && message.from.seat === 2 ? { ...message, from: { seat: 1 } } : message);
    members[0]!.keeper.say('mine', 'everyone');
    await room.settle();
    expect(members[1]!.heard.at(-1)?.from).toEqual({ seat: 2 });
    expect(members[1]!.heard.at(-1)?.standing.role).toBe('member');
    room.meddle = (_to, message) => (message.type === 'delivered' && message.audience === 'facilitators' ? { ...message, audience: 'everyone' as const } : message);
    members[0]!.keeper.say('quietly', 'facilitators');
    await room.settle();
    expect(lead.texts()).not.toContain('quietly');
    expect(lead.view?.troubles).toContain('unread');
  });

  it('that swaps a KeyPackage is caught by the words, and by nothing else', async () => {
    const { room, lead } = await group(0);
    const elsewhere = new SimRoom();
    const guest = await room.waits(5);
    const mallory = elsewhere.arrive(5);
    mallory.arrival = guest.arrival;
    elsewhere.welcome(mallory, false);
    await elsewhere.settle();
    room.offer(guest, mallory.keyPackage!); // Mallory's key under the guest's number
    await room.letIn(lead, guest);
    await room.pass(1_000);
    expect(seats(lead)).toEqual([1, 5]);
    expect(lead.view?.troubles).toEqual([]);
    const welcome = room.delivered.findLast(({ message }) => message.type === 'group-welcome')!.message;
    mallory.told(welcome);
    await elsewhere.settle();
    expect(together(lead, mallory)).toBe(true);
    expect(guest.view?.state).toBe('waiting'); // and a group of its own for the guest would have other words
  });

  it('that splits the group is seen: the words differ, and the acknowledgements of the other half are missing', async () => {
    const { room, lead, members } = await group(4);
    const half = new Set([members[2]!, members[3]!]);
    room.meddle = (to, message) => (half.has(to) && message.type === 'committed' ? undefined : message);
    const guest = await room.waits(9);
    await room.letIn(lead, guest);
    await room.pass(7_000);
    expect(lead.view?.silent.sort()).toEqual([4, 5]);
    expect(await wordNumbers(new TextEncoder().encode(authenticator(lead)))).not.toEqual(await wordNumbers(new TextEncoder().encode(authenticator(members[2]!))));
  });

  it('that withholds a Remove is seen by the acknowledgement that does not come, and the one removed can read nothing more', async () => {
    const { room, lead, members } = await group(3);
    const [kept, gone] = [members[0]!, members[1]!];
    room.meddle = (to, message) => (to === kept && (message.type === 'committed' || message.type === 'left') ? undefined : message);
    room.leave(gone, 'removed');
    await room.pass(7_000);
    expect(lead.view?.silent).toEqual([2]);
    expect(seats(lead)).toEqual([1, 2, 4]);
    lead.keeper.say('after', 'everyone');
    await room.settle();
    const sealed = room.delivered.findLast(({ message }) => message.type === 'delivered' && message.from.seat === 1)!.message;
    gone.told(sealed);
    await room.settle();
    expect(gone.texts()).not.toContain('after');
  });

  it('that adds itself with the help of a false facilitator is seen by every client: keys without a person', async () => {
    const room = new SimRoom();
    const mallory = room.arrive(99, 'facilitator');
    await room.settle();
    room.enter(mallory);
    await room.settle();
    // The room shows Mallory to nobody, and has Mallory let everybody in.
    room.meddle = (to, message) => {
      if (to === mallory) return message;
      if (message.type === 'roster') return { ...message, people: message.people.filter(({ seat }) => seat !== 99) };
      return message.type === 'joined' && message.person.seat === 99 ? undefined : message;
    };
    const guest = await room.waits(2);
    await room.letIn(mallory, guest);
    await room.pass(12_000);
    expect(together(mallory, guest)).toBe(true);
    expect(guest.view?.troubles).toContain('unseen');
    expect(seats(guest)).toEqual([2]);
    // Where it lets the true facilitator in as one, their client takes it out again.
    const lead = await room.waits(1, 'facilitator');
    await room.letIn(mallory, lead);
    await room.pass(2_000);
    expect(guest.view?.troubles).not.toContain('unseen');
    expect([lead, guest].map(seats)).toEqual([[1, 2], [1, 2]]);
    expect(mallory.view?.state).toBe('waiting');
  });

  it('that lets the facilitator in as a member of its own group is seen by the facilitator', async () => {
    const room = new SimRoom();
    const mallory = room.arrive(99, 'facilitator');
    await room.settle();
    room.enter(mallory);
    const lead = await room.waits(1, 'facilitator');
    mallory.keeper.admit(lead.arrival, 1, false);
    room.enter(lead);
    await room.pass(1_000);
    expect(lead.view?.state).toBe('on');
    expect(lead.view?.troubles).toContain('not-leading');
  });

  it('that plays the facilitator to who waits is found out on joining', async () => {
    const room = new SimRoom();
    const guest = await room.waits(5);
    const other = new SimRoom();
    const mallory = other.arrive(1, 'facilitator');
    await other.settle();
    other.enter(mallory);
    await other.settle();
    const { Talk } = await import('./talk');
    const { identity, me, group } = mallory.keeper as unknown as { identity: never; me: never; group: never };
    const around = { identity, me, group, present: true, side: () => undefined, keyOf: () => null, wall: () => 0 };
    guest.told({ type: 'delivered', order: 1, at: 0, from: { seat: 1 }, audience: { arrival: guest.arrival }, payload: await new Talk().introduction(around, guest.arrival) });
    guest.keeper.say('I am alone', 'facilitators', 'n');
    await room.settle();
    expect(room.wire.filter(({ type }) => type === 'send').length).toBe(1); // sealed to Mallory
    const lead = room.arrive(1, 'facilitator');
    await room.settle();
    room.meddle = (to, message) => (to === guest && message.type === 'delivered' ? undefined : message); // the real one's introduction is withheld
    room.enter(lead);
    await room.settle();
    await room.letIn(lead, guest);
    await room.pass(1_000);
    expect(guest.view?.troubles).toContain('stranger');
  });

  it('that floods with bytes harms nobody: memory is bounded, it is told, and the group goes on', async () => {
    const { room, lead, members } = await group(2);
    const victim = members[0]!;
    const junk = (i: number): string => toBase64Url(Uint8Array.from({ length: 300 }, (_, j) => (i * 31 + j * 7) & 255));
    for (let i = 0; i < 3_000; i += 1) {
      victim.told({ type: 'delivered', order: i, at: 0, from: { seat: 3 }, audience: 'everyone', payload: junk(i) });
      lead.told({ type: 'key-offered', arrival: 5_000 + i, seat: 77, role: 'member', key_package: junk(i) });
    }
    for (let i = 0; i < 40; i += 1) victim.told({ ...room.groups.get('everyone')!.log[0]!, epoch: 50 + i, commit: junk(i) });
    victim.told({ type: 'group-welcome', group: 'everyone', instance: 1, epoch: 9, from: { seat: 3, arrival: 1 }, welcome: junk(1) });
    await room.settle();
    expect(victim.view?.troubles).toEqual(expect.arrayContaining(['flood', 'unread']));
    const inside = victim.keeper as unknown as { main: { commits: { ahead: unknown[] } }; offers: Map<number, unknown> };
    expect(inside.main.commits.ahead.length).toBeLessThanOrEqual(32);
    expect((lead.keeper as unknown as typeof inside).offers.size).toBeLessThanOrEqual(128);
    members[1]!.keeper.say('still here', 'everyone');
    await room.settle();
    expect([lead.texts().at(-1), victim.texts().at(-1)]).toEqual(['still here', 'still here']);
    expect(together(lead, ...members)).toBe(true);
  }, 120_000);

  it('whose count runs away from the group is left behind by a new group', async () => {
    const { room, lead, members } = await group(2);
    room.groups.get('everyone')!.epoch += 5; // as if commits had been ordered that nobody could follow
    const guest = await room.waits(9);
    await room.letIn(lead, guest);
    await room.pass(20_000);
    expect(together(lead, guest, ...members)).toBe(true);
    expect(lead.view?.troubles).toContain('stuck');
    expect(members[0]!.view?.hold).toEqual({ mine: false });
  });

  it('that hands out a wrong KeyPackage number, seat or bytes has it ignored', async () => {
    const { room, lead, members } = await group(1);
    const guest = await room.waits(9);
    lead.told({ type: 'key-offered', arrival: guest.arrival, seat: 10, role: 'member', key_package: guest.keyPackage! });
    lead.told({ type: 'key-offered', arrival: members[0]!.arrival, seat: 2, role: 'member', key_package: guest.keyPackage! });
    lead.told({ type: 'key-offered', arrival: guest.arrival, seat: 9, role: 'member', key_package: 'AAAA' });
    await room.letIn(lead, guest);
    await room.pass(4_000);
    expect(seats(lead)).toEqual([1, 2, 9]);
    expect(together(lead, guest, ...members)).toBe(true);
  });
});
