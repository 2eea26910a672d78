// SPDX-License-Identifier: Apache-2.0
// The smaller groups within one: a private room and the facilitators' own. Who gets their keys, who reads what is said there, and what a
// server that lies about them gets.
import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url } from '../base/base64url';
import type { GroupName } from '../call/message';
import { newIdentity } from './identity';
import { Group, makeKeyPackage, readKeyPackage } from './mls';
import { type Sim, SimRoom } from './room_sim';

const aside: GroupName = 'private:3';

async function therapy(): Promise<{ room: SimRoom; ada: Sim; bea: Sim; robin: Sim; wren: Sim }> {
  const room = new SimRoom();
  const ada = room.arrive(1, 'facilitator');
  await room.settle();
  room.enter(ada);
  await room.settle();
  const letIn = async (seat: number, role: 'member' | 'co_facilitator' = 'member'): Promise<Sim> => {
    const sim = await room.waits(seat, role);
    await room.letIn(ada, sim);
    await room.pass(1_000);
    return sim;
  };
  const bea = await letIn(2, 'co_facilitator');
  const robin = await letIn(3);
  const wren = await letIn(4);
  await room.pass(2_000);
  return { room, ada, bea, robin, wren };
}

const seatsIn = (sim: Sim, group: GroupName): number[] | undefined => sim.view?.within.find((one) => one.group === group)?.seats.sort();
const keysOf = (sim: Sim, group: GroupName): string[] => sim.keys.flatMap((keys) => (keys.group === group ? [keys.baseKey.join()] : []));

describe('a private room', () => {
  it('has keys of its own, which the two have and nobody else, without a click', async () => {
    const { room, ada, bea, robin, wren } = await therapy();
    await room.move([ada, robin], aside);
    await room.pass(2_000);
    for (const sim of [ada, robin]) expect(seatsIn(sim, aside)).toEqual([1, 3]);
    for (const sim of [bea, wren]) expect(keysOf(sim, aside)).toEqual([]);
    expect(keysOf(ada, aside).at(-1)).toBe(keysOf(robin, aside).at(-1));
    expect(keysOf(ada, aside).at(-1)).not.toBe(keysOf(ada, 'everyone').at(-1));
    for (const sim of [ada, bea, robin, wren]) {
      expect(sim.view?.troubles).toEqual([]);
      expect([...sim.view!.seats].sort()).toEqual([1, 2, 3, 4]); // nobody left the group of everyone
    }
  });

  it('keeps what is said in it, even where the room hands it to everybody', async () => {
    const { room, ada, bea, robin, wren } = await therapy();
    await room.move([ada, robin], aside);
    await room.pass(2_000);
    robin.keeper.say('between us', { group: aside });
    await room.settle();
    expect(ada.texts()).toContain('between us');
    const said = room.delivered.find(({ message }) => message.type === 'delivered' && typeof message.audience === 'object' && 'group' in message.audience)!;
    for (const sim of [bea, wren]) {
      sim.told(said.message);
      if (said.message.type === 'delivered') sim.told({ ...said.message, audience: 'everyone' });
    }
    await room.settle();
    for (const sim of [bea, wren]) expect(sim.texts()).not.toContain('between us');
  });

  it('does not take what was said to everyone for what is said in it, nor the other way round', async () => {
    const { room, ada, robin, wren } = await therapy();
    await room.move([ada, robin], aside);
    await room.pass(2_000);
    room.meddle = (to, message) =>
      to === ada && message.type === 'delivered' ? { ...message, audience: message.audience === 'everyone' ? { group: aside } : 'everyone' } : message;
    wren.keeper.say('to all', 'everyone');
    robin.keeper.say('between us', { group: aside });
    await room.settle();
    expect(ada.texts()).not.toContain('to all');
    expect(ada.texts()).not.toContain('between us');
  });

  it('ends without a trace: its keys are let go, and the next one has others', async () => {
    const { room, ada, robin } = await therapy();
    await room.move([ada, robin], aside);
    await room.pass(2_000);
    const first = keysOf(robin, aside).at(-1);
    await room.move([ada, robin]);
    await room.pass(1_000);
    for (const sim of [ada, robin]) expect(sim.view?.within.some(({ group }) => group === aside)).toBe(false);
    robin.keeper.say('too late', { group: aside }, 'c1');
    await room.settle();
    expect(robin.failed).toEqual(['c1']);
    await room.move([ada, robin], aside);
    await room.pass(2_000);
    expect(seatsIn(robin, aside)).toEqual([1, 3]);
    expect(keysOf(robin, aside).at(-1)).not.toBe(first);
  });

  it('takes somebody back after a reload, by the key that they had', async () => {
    const { room, ada, robin } = await therapy();
    await room.move([ada, robin], aside);
    await room.pass(2_000);
    room.reload(robin);
    await room.pass(6_000);
    expect(seatsIn(robin, aside)).toEqual([1, 3]);
    robin.keeper.say('back', { group: aside });
    await room.settle();
    expect(ada.texts()).toContain('back');
  });

  it('lets in nobody whom the group of everyone does not have under the same key', async () => {
    const { room, ada, robin } = await therapy();
    // The server opens a "private room" of its own, with a facilitator of its own making.
    await room.move([robin], aside);
    room.meddle = (to, message) => (to === robin && message.type === 'group-welcome' && message.group === aside ? undefined : message);
    const forged = await forgedWelcome(robin, ada);
    robin.told({ type: 'group-welcome', group: aside, instance: 1, epoch: 1, from: { seat: 1, arrival: ada.arrival }, welcome: forged });
    await room.settle();
    expect(keysOf(robin, aside)).toEqual([]);
    expect(robin.view?.troubles).toContain('refused');
  });
});

describe('breakouts', () => {
  const [first, second] = ['breakout:1', 'breakout:2'] as const;
  async function sharedOut(): Promise<{ room: SimRoom; ada: Sim; bea: Sim; robin: Sim; wren: Sim; lark: Sim }> {
    const all = await therapy();
    const lark = await all.room.waits(5);
    await all.room.letIn(all.ada, lark);
    await all.room.pass(2_000);
    all.room.breakouts(2);
    await all.room.move([all.robin, lark], first);
    await all.room.move([all.wren], second);
    await all.room.pass(5_000);
    return { ...all, lark };
  }

  it('have keys of their own, for those in each and for who leads, without a click', async () => {
    const { ada, bea, robin, wren, lark } = await sharedOut();
    for (const sim of [ada, bea, robin, lark]) expect(seatsIn(sim, first)).toEqual([1, 2, 3, 5]);
    for (const sim of [ada, bea, wren]) expect(seatsIn(sim, second)).toEqual([1, 2, 4]);
    expect(keysOf(wren, first)).toEqual([]);
    for (const sim of [robin, lark]) expect(keysOf(sim, second)).toEqual([]);
    expect(keysOf(robin, first).at(-1)).toBe(keysOf(ada, first).at(-1));
    expect(keysOf(wren, second).at(-1)).toBe(keysOf(bea, second).at(-1));
    for (const sim of [ada, bea, robin, wren, lark]) expect(sim.view?.troubles).toEqual([]);
  });

  it('are left with their keys: who was sent on reads nothing more of the first', async () => {
    const { room, ada, robin, wren, lark } = await sharedOut();
    const before = keysOf(lark, first).at(-1);
    await room.move([robin], second);
    await room.pass(4_000);
    expect(seatsIn(robin, second)).toEqual([1, 2, 3, 4]);
    expect(seatsIn(robin, first)).toBeUndefined();
    expect(seatsIn(lark, first)).toEqual([1, 2, 5]);
    expect(keysOf(lark, first).at(-1)).not.toBe(before);
    expect(keysOf(robin, first)).not.toContain(keysOf(lark, first).at(-1));
    lark.keeper.say('about you', { group: first });
    await room.settle();
    const said = room.delivered.find(({ message }) => message.type === 'delivered' && typeof message.audience === 'object' && 'group' in message.audience)!;
    for (const sim of [robin, wren]) sim.told(said.message);
    await room.settle();
    for (const sim of [robin, wren]) expect(sim.texts()).not.toContain('about you');
    expect(ada.texts()).not.toContain('about you'); // not sent there: she is elsewhere
  });

  it('end without a trace, and the next ones have other keys', async () => {
    const { room, ada, robin, wren, lark } = await sharedOut();
    const old = keysOf(lark, first);
    await room.move([robin, wren, lark]);
    room.breakouts(0);
    await room.pass(1_000);
    for (const sim of [ada, robin, wren, lark]) expect(sim.view?.within.filter(({ group }) => group !== 'facilitators')).toEqual([]);
    room.breakouts(1);
    await room.move([lark], first);
    await room.pass(4_000);
    expect(seatsIn(lark, first)).toEqual([1, 2, 5]);
    expect(old).not.toContain(keysOf(lark, first).at(-1));
  });

  it('are told where a room tells a facilitator alone that somebody is in one', async () => {
    const { room, robin, lark, wren } = await sharedOut();
    room.meddle = (to, message) => (message.type === 'changed' && message.person.seat === wren.seat && to === lark ? undefined : message);
    await room.move([wren], first);
    await room.pass(4_000);
    expect(seatsIn(lark, first)).toEqual([1, 2, 3, 4, 5]);
    await room.pass(10_000);
    expect(lark.view?.troubles).toContain('unseen');
    expect(robin.view?.troubles).toEqual([]);
  });

  it('go on after a reload of who leads and of who is in one', async () => {
    const { room, ada, robin } = await sharedOut();
    for (const sim of [robin, ada]) {
      room.reload(sim);
      room.tell(sim, { type: 'breakouts', rooms: 2, until: 1_000_000 });
      await room.pass(8_000);
      expect(seatsIn(sim, first)).toEqual([1, 2, 3, 5]);
    }
  });
});

describe('backstage', () => {
  it('is a group of the facilitators, of which members are told nothing', async () => {
    const { room, ada, bea, robin, wren } = await therapy();
    for (const sim of [ada, bea]) expect(seatsIn(sim, 'facilitators')).toEqual([1, 2]);
    bea.keeper.say('Robin looks tired', { group: 'facilitators' });
    await room.settle();
    expect(ada.texts()).toContain('Robin looks tired');
    for (const sim of [robin, wren]) {
      expect(sim.view?.within).toEqual([]);
      expect(JSON.stringify(room.delivered.filter(({ to }) => to === sim).map(({ message }) => message))).not.toContain('"group":"facilitators"');
    }
  });

  it('is over for who stays alone, and begins again with the next', async () => {
    const { room, ada, bea } = await therapy();
    room.leave(bea);
    await room.pass(2_000);
    expect(ada.view?.within).toEqual([]);
    const dee = await room.waits(7, 'co_facilitator');
    await room.letIn(ada, dee);
    await room.pass(4_000);
    for (const sim of [ada, dee]) expect(seatsIn(sim, 'facilitators')).toEqual([1, 7]);
  });
});

// What a server can make by itself: a group with keys of its own, under a true facilitator's seat and arrival.
async function forgedWelcome(victim: Sim, as: Sim): Promise<string> {
  const liar = await Group.open(aside, await makeKeyPackage(await newIdentity(), as.seat, as.arrival, []));
  const seen = await readKeyPackage(fromBase64Url(victim.keyPackage!)!);
  const { welcome } = await liar.prepare([{ seen: seen!, facilitator: false }], []);
  return toBase64Url(welcome!);
}
