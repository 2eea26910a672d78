// SPDX-License-Identifier: Apache-2.0
// A person on a small data allowance: they read what their line is like and what the group takes, get half of it on wish and all of it
// back, with the sound as it was; and the facilitator sees it of them.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { words } from '../people/person.ts';
import { layersOf } from '../../web/src/call/layers.ts';

let group: Group;
let facilitator: InChromium;
let member: InChromium;

beforeAll(async () => {
  group = await Group.open();
  const indices = [group.indexOf('facilitator'), group.indexOf('member', 0)] as const;
  facilitator = await group.person(indices[0]);
  member = await group.person(indices[1], { camera: { lively: true, rate: 24 } }); // takes what its layers may, so that half of it shows
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
  await member.arrive('camera', 'microphone');
  await facilitator.admits(member);
  await member.isInRoom();
  const rest = group.links.flatMap((_, index) => (indices.includes(index) ? [] : [index]));
  group.synthetic(rest, ['--pictures', 'full', '--tile', '160x90']);
  for (const index of rest) await facilitator.admits(group.link(index));
  await member.seesTiles(group.links.length);
});
afterAll(() => group?.close());

interface Taken {
  pictures: number; // bytes a second
  sounds: number; // packets a second
  sent: number; // bytes a second, the camera's
  frames: number; // a second, of each of its layers together
  packets: number; // a second, of them
}

// Over so many seconds of the member's own clock.
const takenOver = (seconds: number): Promise<Taken> =>
  member.driver.evaluate(async (window_s) => {
    const read = async () => {
      const sum = { at: performance.now(), pictures: 0, sounds: 0, sent: 0, frames: 0, packets: 0 };
      for (const connection of window.reading.connections)
        for (const one of (await connection.getStats()).values() as Iterable<Record<string, unknown>>) {
          if (one['type'] === 'inbound-rtp' && one['kind'] === 'video') sum.pictures += Number(one['bytesReceived']);
          if (one['type'] === 'inbound-rtp' && one['kind'] === 'audio') sum.sounds += Number(one['packetsReceived']);
          if (one['type'] !== 'outbound-rtp' || one['kind'] !== 'video') continue;
          sum.sent += Number(one['bytesSent']);
          sum.frames += Number(one['framesSent'] ?? 0);
          sum.packets += Number(one['packetsSent']);
        }
      return sum;
    };
    const before = await read();
    await new Promise((resolve) => setTimeout(resolve, window_s * 1000));
    const after = await read();
    const s = (after.at - before.at) / 1000;
    const rate = (of: Exclude<keyof typeof after, 'at'>) => (after[of] - before[of]) / s;
    return { pictures: rate('pictures'), sounds: rate('sounds'), sent: rate('sent'), frames: rate('frames'), packets: rate('packets') };
  }, seconds);

// Looks again and again: encoders and layers take a moment to follow.
async function untilTaken(holds: (taken: Taken) => boolean): Promise<Taken> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const taken = await takenOver(3);
    if (holds(taken) || Date.now() > deadline) return taken;
  }
}

const says = (person: InChromium, text: string): Promise<void> =>
  person.driver.waitFor((wanted) => document.body.innerText.includes(wanted), text, `"${text}"`);

let before: Taken;
let small: Taken; // once no more of the camera is sent than the room asks for

test('what the group takes is read in whole megabytes, with what it will come to', async () => {
  // The layers are there, and the line is known to carry them.
  before = await untilTaken(({ pictures, sent }) => pictures > 15_000 && sent > 0);
  expect(before.pictures).toBeGreaterThan(15_000);
  await member.press('bar.more');
  await member.press('more.line');
  await says(member, words('line_dialog.title'));
  await member.driver.waitFor(() => /used \d+ MB so far\. By the end of today’s group it will be about \d+ MB/.test(document.querySelector('dialog[open]')!.textContent!), null, 'what it takes');
});

// The layers of the member's camera that leave this device.
const layersSent = (): Promise<string[]> =>
  member.driver.evaluate(async () => {
    const found: string[] = [];
    for (const connection of window.reading.connections)
      for (const one of (await connection.getStats()).values() as Iterable<Record<string, unknown>>)
        if (one['type'] === 'outbound-rtp' && one['kind'] === 'video' && one['active'] === true) found.push(String(one['rid']));
    return found.sort();
  }, null);
// What is taken while these layers leave, all the time that it is looked at, and nothing of another.
async function untilSent(layers: string[], holds: (taken: Taken) => boolean): Promise<Taken & { layers: string[] }> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const first = await layersSent();
    const taken = { ...(await takenOver(3)), layers: await layersSent() };
    const steady = first.join() === layers.join() && taken.layers.join() === layers.join();
    if ((steady && holds(taken)) || Date.now() > deadline) return taken;
  }
}

test('of the camera no more leaves the device than a tile of somebody can show', async () => {
  // Side by side, all of them small. The line is known to carry that layer whole: what comes after is less for no other reason than the wish.
  const most = layersOf({}).q.maxBitrate / 8;
  small = await untilSent(['q'], ({ sent }) => sent > 0.7 * most && sent < 1.3 * most);
  expect(small).toMatchObject({ layers: ['q'] });
  expect(small.sent).toBeGreaterThan(0.7 * most);
  expect(small.sent).toBeLessThan(1.3 * most);
  // Of the camera's 24; what a frame takes is what bench/rooms.ts counts on for a usual gallery.
  expect(small.frames).toBeLessThan(17);
  expect(small.packets / small.frames).toBeLessThan(1.5);
  console.log(`the smallest layer: ${Math.round(small.sent / 125)} kbit/s, ${small.frames.toFixed(1)} frames a second, ${(small.packets / small.frames).toFixed(2)} packets each`);
});

test('on wish it is about half, with the sound as it was', async () => {
  await member.press('line_dialog.saver');
  const saved = await untilSent(['q'], ({ pictures, sent }) => pictures < 0.6 * before.pictures && sent < 0.6 * small.sent);
  expect(saved.pictures).toBeLessThan(0.6 * before.pictures);
  expect(saved.pictures).toBeGreaterThan(0);
  expect(saved).toMatchObject({ layers: ['q'] }); // the same layer, in half the bits
  expect(saved.sent).toBeLessThan(0.6 * small.sent);
  expect(saved.sent).toBeGreaterThan(0.3 * small.sent); // the camera is not gone
  expect(saved.sounds).toBeGreaterThan(0.8 * before.sounds);
});

test('the facilitator sees it of them, with what they have used and what it will come to', async () => {
  await facilitator.opensPanel('people');
  await says(facilitator, words('people.saver'));
  const sees = (saver: string): boolean => new RegExp(`${saver}, \\d+ MB so far, about \\d+ MB by the end`).test(document.body.innerText);
  await facilitator.driver.waitFor(sees, words('people.saver'), 'what the member has used, and what it will come to');
});

test('and is whole again', async () => {
  await member.press('line_dialog.saver');
  await member.driver.waitFor((text) => !document.body.innerText.includes(text), words('saver.is_on'), 'nothing said of saving');
  const again = await untilTaken(({ pictures, sent }) => pictures > 0.8 * before.pictures && sent > 0.8 * small.sent);
  expect(again.pictures).toBeGreaterThan(0.8 * before.pictures);
  expect(again.sent).toBeGreaterThan(0.8 * small.sent);
});
