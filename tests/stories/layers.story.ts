// SPDX-License-Identifier: Apache-2.0
// The picture fits the tile: a person made larger comes in a larger layer, small again in a smaller one, without a freeze and
// without many key frames; hidden pictures and "sound only" send no picture bytes, and sound goes on. Both browsers send.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { arrivedAt, untilArrived } from '../people/network.ts';
import { type Person, words } from '../people/person.ts';

let group: Group;
let viewer: InChromium;
let inChromium: InChromium;
let inFirefox: Person;
const seats: Record<'inChromium' | 'inFirefox', number> = { inChromium: 0, inFirefox: 0 };

beforeAll(async () => {
  group = await Group.open();
  const indices = [group.indexOf('facilitator'), group.indexOf('member', 0), group.indexOf('member', 1)] as const;
  viewer = await group.person(indices[0], { viewport: { width: 1280, height: 800 } });
  inChromium = await group.person(indices[1]);
  inFirefox = await group.personInFirefox(indices[2]);
  seats.inChromium = inChromium.link.seat;
  seats.inFirefox = inFirefox.link.seat;
  await viewer.arrive('camera', 'microphone');
  await viewer.isInRoom();
  for (const person of [inChromium, inFirefox]) {
    await person.arrive('camera', 'microphone');
    await viewer.admits(person);
    await person.isInRoom();
  }
  await viewer.seesAndHears(group.expected([indices[1], indices[2]]));
});
afterAll(() => group?.close());

const height = (seat: number): Promise<number> =>
  viewer.driver.evaluate((of) => document.querySelector<HTMLElement>(`[data-seat="${of}"]`)?.querySelector('video')?.videoHeight ?? 0, seat);

const untilHeight = (seat: number, holds: 'over 200' | 'under 200' | 'under 100'): Promise<void> =>
  viewer.driver.waitFor(
    ({ of, so }) => {
      const now = document.querySelector<HTMLElement>(`[data-seat="${of}"]`)?.querySelector('video')?.videoHeight ?? 0;
      return now > 0 && (so === 'over 200' ? now > 200 : so === 'under 200' ? now < 200 : now < 100);
    },
    { of: seat, so: holds },
    `a picture ${holds} lines high of seat ${seat}`,
    30_000,
  );

const makeWindow = (width: number, height: number) => viewer.page.setViewportSize({ width, height });

test.each(['inChromium', 'inFirefox'] as const)('the picture of %s follows the size of its tile', async (who) => {
  await makeWindow(1600, 1000);
  await untilHeight(seats[who], 'over 200');
  const before = await arrivedAt(viewer);
  for (let times = 0; times < 3; times += 1) {
    await makeWindow(420, 500);
    await untilHeight(seats[who], 'under 200');
    await makeWindow(1600, 1000);
    await untilHeight(seats[who], 'over 200');
  }
  const after = await untilArrived(viewer, 'pictures to go on', (now) => now.frames > before.frames + 60);
  // Six switches of two people's pictures.
  expect(after.freezes - before.freezes, 'freezes').toBeLessThanOrEqual(6);
  expect(after.keyFramesAsked - before.keyFramesAsked, 'key frames that the viewer asked for').toBeLessThanOrEqual(6);
  expect(await height(seats[who])).toBeGreaterThan(200);
});

test('with sound only no picture comes, and sound goes on; then the pictures are back', async () => {
  await makeWindow(1280, 800);
  const soundOnly = async (on: boolean) => {
    if (on) {
      await viewer.press('bar.more');
      await viewer.press('more.sound_only');
    } else await viewer.press('sound_only.turn_off');
  };
  await soundOnly(true);
  await viewer.page.getByText(words('sound_only.is_on')).first().waitFor();
  const begun = await arrivedAt(viewer);
  // What was under way or asked for again may still come: a hundred sounds later nothing may.
  const settled = await untilArrived(viewer, 'sound to go on', (now) => now.soundPackets > begun.soundPackets + 100);
  const later = await untilArrived(viewer, 'sound to go on', (now) => now.soundPackets > settled.soundPackets + 200);
  expect(later.pictureBytes - settled.pictureBytes, 'bytes of pictures while there is sound only').toBe(0);
  await soundOnly(false);
  await untilArrived(viewer, 'pictures to be back', (now) => now.frames > later.frames + 30);
});

test('sound and picture of one person are played within 80 ms of each other', async () => {
  await viewer.seesAndHears(group.expected([group.indexOf('member', 0), group.indexOf('member', 1)]));
  const apart = await viewer.driver.evaluate(async () => {
    const connection = window.reading.connections.filter((one) => one.connectionState !== 'closed').at(-1)!;
    const shown: { mid: string; sound: number[]; picture: number[] }[] = [];
    for (let times = 0; times < 20; times += 1) {
      // eslint-disable-next-line @typescript-eslint/no-explicit-any
      const stats = [...(await connection.getStats()).values()] as any[];
      for (const one of stats) {
        if (one.type !== 'inbound-rtp' || !one.estimatedPlayoutTimestamp || !one.mid) continue;
        const slot = String(one.mid).slice(1);
        const entry = shown.find((other) => other.mid === slot) ?? { mid: slot, sound: [], picture: [] };
        if (!shown.includes(entry)) shown.push(entry);
        // On the sender's clock, as of the moment the statistics were taken.
        (one.kind === 'audio' ? entry.sound : entry.picture).push(one.estimatedPlayoutTimestamp - one.timestamp);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const middle = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
    return shown
      .filter((one) => one.sound.length > 5 && one.picture.length > 5)
      .map((one) => ({ slot: one.mid, ms: middle(one.picture) - middle(one.sound) }));
  }, null);
  expect(apart.length, JSON.stringify(apart)).toBe(2);
  for (const { ms } of apart) expect(Math.abs(ms), JSON.stringify(apart)).toBeLessThan(80);
});
