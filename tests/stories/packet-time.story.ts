// SPDX-License-Identifier: Apache-2.0
// One member's line falls to 100 kbit/s. Both browsers of the others then send their sound in packets of 60 ms rather than 20, at a
// lower rate, and are heard by whoever has that line; once it is wide again they send as before.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser as Chromium } from 'playwright-core';
import { Group } from '../people/group.ts';
import { Line } from '../people/line.ts';
import { arrivedAt, untilArrived } from '../people/network.ts';
import type { Person } from '../people/person.ts';
import { Three } from '../people/three.ts';

const patience = 120_000;

let line: Line;
let chromium: Chromium;
let three: Three;

beforeAll(async () => {
  line = await Line.open();
  const group = await Group.open();
  await line.leadsTo(group.server.port);
  chromium = await line.chromium();
  three = await Three.of(group, { chromium });
  await three.seeAndHearEachOther();
});
afterAll(async () => {
  await chromium?.close();
  await three?.group.close();
  await line?.close();
});

// Milliseconds of sound in a packet that this browser sends, over a second of it by the browser's own clock.
const packetTime = (person: Person): Promise<number> =>
  person.driver.evaluate(async () => {
    const connection = window.reading.connections.filter((one) => one.connectionState !== 'closed').at(-1)!;
    const read = async () => {
      // eslint-disable-next-line @typescript-eslint/no-explicit-any
      const all = [...(await connection.getStats()).values()] as any[];
      const one = all.find((entry) => entry.type === 'outbound-rtp' && entry.kind === 'audio' && entry.packetsSent > 0);
      return { at: Number(one.timestamp), packets: Number(one.packetsSent) };
    };
    const first = await read();
    let then = first;
    while (then.at - first.at < 1_000) then = await read();
    return (then.at - first.at) / (then.packets - first.packets);
  }, null);

// Read again until it is so: a busy machine encodes in bursts.
async function bothSend(ms: number): Promise<void> {
  for (const person of [three.facilitator, three.inFirefox])
    await expect.poll(async () => Math.round((await packetTime(person)) / 10) * 10, { timeout: patience, message: person.driver.browser }).toBe(ms);
}

test('on a good line a packet is 20 ms', () => bothSend(20));

test('while one line carries 100 kbit/s a packet is 60 ms, and is heard', async () => {
  await line.down({ latency_ms: 40, bits_per_second: 100_000, queue_ms: 500 });
  await bothSend(60);
  const then = await arrivedAt(three.member);
  await untilArrived(three.member, 'sound to go on', (now) => now.soundPackets > then.soundPackets + 150, patience);
  const tones = async () => (await three.member.tiles()).filter(({ self, tone, seat }) => !self && tone !== null && three.group.link(tone).seat === seat).length;
  await expect.poll(tones, { timeout: patience }).toBe(2);
});

test('and 20 ms again once it is wide', async () => {
  await line.down({});
  await bothSend(20);
});
