// SPDX-License-Identifier: Apache-2.0
// Two members, in Chromium and in Firefox, are behind one line that carries little upwards from one moment to the next. Their cameras
// are paused and their sound goes on, in longer packets; they read so, and others see it in their tiles. Once the line is wide their
// pictures come back by themselves.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser as Chromium } from 'playwright-core';
import { Group } from '../people/group.ts';
import { Line } from '../people/line.ts';
import { type Person, words } from '../people/person.ts';
import { watchSteadiness } from '../people/steadiness.ts';
import { Three } from '../people/three.ts';

const patience = 120_000;

let line: Line;
let chromium: Chromium;
let three: Three;
let far: [Person, Person];

beforeAll(async () => {
  line = await Line.open();
  const group = await Group.open();
  await line.leadsTo(group.server.port);
  chromium = await line.chromium();
  three = await Three.of(group, { chromium, firefox: await line.firefox() });
  far = [three.member, three.inFirefox];
  await three.seeAndHearEachOther();
  await three.facilitator.driver.evaluate(watchSteadiness, null);
  await three.facilitator.driver.evaluate((seats) => window.steady.begin(seats), [seatOf(1), seatOf(2)]); // whose sound is whose
});
afterAll(async () => {
  await chromium?.close();
  await three?.group.close();
  await line?.close();
});

interface Sent {
  sounds: number; // packets
  frames: number; // of the camera
}
// Since the connection began, by the browser's own count.
const sent = (person: Person): Promise<Sent> =>
  person.driver.evaluate(async () => {
    const sum = { sounds: 0, frames: 0 };
    for (const connection of window.reading.connections)
      for (const one of (await connection.getStats()).values() as Iterable<Record<string, unknown>>) {
        if (one['type'] !== 'outbound-rtp') continue;
        if (one['kind'] === 'audio') sum.sounds += Number(one['packetsSent'] ?? 0);
        else sum.frames += Number(one['framesSent'] ?? one['framesEncoded'] ?? 0);
      }
    return sum;
  }, null);

const says = (person: Person, text: string): Promise<void> =>
  person.driver.waitFor((wanted) => document.body.innerText.includes(wanted), text, `"${text}"`, patience);

const seatOf = (place: number): number => three.group.link(three.indices[place]!).seat;
// What the facilitator sees in the tile of a seat.
const tile = (seat: number): Promise<{ picture: boolean; words: string }> =>
  three.facilitator.driver.evaluate((of) => {
    const shown = document.querySelector(`[data-seat="${of}"]`)!;
    return { picture: shown.querySelector('video') !== null, words: shown.textContent ?? '' };
  }, seat);

test('on a line of 130 kbit/s upwards for two the cameras are paused, and it is said', async () => {
  await line.up({ latency_ms: 40, bits_per_second: 130_000, queue_ms: 500 });
  for (const person of far) await says(person, words('line.camera_held'));
  for (const place of [1, 2])
    await expect.poll(async () => tile(seatOf(place)), { timeout: patience }).toMatchObject({ picture: false, words: expect.stringContaining(words('mark.camera_held')) });
});

// Counted over packets rather than over time. A trial of the camera may fall into it: it takes few frames.
test('their sound goes on, in packets of 60 ms, and next to nothing of their pictures', async () => {
  for (const person of far) {
    const name = person.driver.browser;
    const before = await sent(person);
    await expect.poll(async () => (await sent(person)).sounds, { timeout: patience, message: name }).toBeGreaterThan(before.sounds + 100);
    const after = await sent(person);
    // Six seconds of sound; at 20 ms it would be two, at fifteen frames a second thirty frames.
    expect((after.frames - before.frames) / (after.sounds - before.sounds), name).toBeLessThan(0.5);
  }
});

test('the person who leads hears them', async () => {
  const tones = () => three.facilitator.driver.evaluate((seats) => seats.map((seat) => window.steady.soundOf(seat)).map((track) => track && window.reading.tone(track)), [seatOf(1), seatOf(2)]);
  await expect.poll(tones, { timeout: patience }).toEqual([three.indices[1], three.indices[2]]);
});

test('and once the line is wide their pictures come back by themselves', async () => {
  await line.up({});
  for (const [place, person] of far.entries()) {
    const before = await sent(person);
    await expect.poll(async () => (await sent(person)).frames, { timeout: patience, message: person.driver.browser }).toBeGreaterThan(before.frames + 60);
    await expect.poll(async () => (await tile(seatOf(place + 1))).picture, { timeout: patience, message: person.driver.browser }).toBe(true);
  }
});
