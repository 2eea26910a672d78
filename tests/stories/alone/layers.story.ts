// SPDX-License-Identifier: Apache-2.0
// The picture fits the tile: a person made larger comes in a larger layer, small again in a smaller one, without a freeze and
// without many key frames; hidden pictures and "sound only" send no picture bytes, and sound goes on. Both browsers send.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../../people/group.ts';
import { arrivedAt, untilArrived } from '../../people/network.ts';
import { type Person, words } from '../../people/person.ts';

let group: Group;
let viewer: InChromium;
let inChromium: InChromium;
let inFirefox: Person;
let large: InChromium;
type Sender = 'inChromium' | 'inFirefox' | 'large';
const seats: Record<Sender, number> = { inChromium: 0, inFirefox: 0, large: 0 };

beforeAll(async () => {
  group = await Group.open();
  const indices = [group.indexOf('facilitator'), group.indexOf('member', 0), group.indexOf('member', 1), group.indexOf('member', 2)] as const;
  viewer = await group.person(indices[0], { viewport: { width: 1280, height: 800 } });
  inChromium = await group.person(indices[1]); // a camera of 640 x 360, as the client asks for
  large = await group.person(indices[3], { camera: { width: 960, height: 540 } });
  inFirefox = await group.personInFirefox(indices[2]);
  seats.inChromium = inChromium.link.seat;
  seats.inFirefox = inFirefox.link.seat;
  seats.large = large.link.seat;
  await viewer.arrive('camera', 'microphone');
  await viewer.isInRoom();
  for (const person of [inChromium, inFirefox, large]) {
    await person.arrive('camera', 'microphone');
    await viewer.admits(person);
    await person.isInRoom();
  }
  await viewer.seesAndHears(group.expected(indices.slice(1)));
});
afterAll(() => group?.close());

const untilHeight = (seat: number, holds: 'over 200' | 'under 200'): Promise<void> =>
  viewer.driver.waitFor(
    ({ of, so }) => {
      const now = document.querySelector<HTMLElement>(`[data-seat="${of}"]`)?.querySelector('video')?.videoHeight ?? 0;
      return now > 0 && (so === 'over 200' ? now > 200 : now < 200);
    },
    { of: seat, so: holds },
    `a picture ${holds} lines high of seat ${seat}`,
    30_000,
  );

const makeWindow = (width: number, height: number) => viewer.page.setViewportSize({ width, height });

// The heights of what is being sent of a camera, the smallest first.
const heightsSent = (person: Person): Promise<number[]> =>
  person.driver.evaluate(async () => {
    const connection = window.reading.connections.filter((one) => one.connectionState !== 'closed').at(-1)!;
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    const sent = ([...(await connection.getStats()).values()] as any[]).filter((one) => one.type === 'outbound-rtp' && one.kind === 'video');
    return sent.filter((one) => one.active !== false && one.framesEncoded > 0 && one.frameHeight > 0).map((one) => one.frameHeight as number).sort((a, b) => a - b);
  }, null);

test.each([
  ['inChromium', [180, 360]],
  ['inFirefox', [180, 360]],
  ['large', [135, 270, 540]],
] as const)('%s sends layers that fit the camera, its whole picture among them', async (who, heights) => {
  await makeWindow(1600, 1000); // what nobody is shown for ten seconds is sent no more
  await expect.poll(() => heightsSent({ inChromium, inFirefox, large }[who]), { timeout: 30_000 }).toEqual(heights);
});

test.each(['inChromium', 'inFirefox', 'large'] as const)('the picture of %s follows the size of its tile', async (who) => {
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
  // Six switches of three people's pictures.
  expect(after.freezes - before.freezes, 'freezes').toBeLessThanOrEqual(9);
  expect(after.keyFramesAsked - before.keyFramesAsked, 'key frames that the viewer asked for').toBeLessThanOrEqual(9);
});

test('a camera in Chromium is sent in three temporal layers, so that a poor line can be shown fewer frames', async () => {
  const modes = await inChromium.driver.evaluate(async () => {
    const connection = window.reading.connections.filter((one) => one.connectionState !== 'closed').at(-1)!;
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    const stats = [...(await connection.getStats()).values()] as any[];
    return stats.filter((one) => one.type === 'outbound-rtp' && one.kind === 'video' && one.active).map((one) => one.scalabilityMode);
  }, null);
  expect(new Set(modes)).toEqual(new Set(['L1T3']));
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

// On the sender's own clock. What is shown follows what is heard by at most 80 ms a second, so it may take a while after the
// pictures came back. Chromium's person only: the fake devices of Firefox fall behind on a busy machine.
test('sound and picture of one person are played within 80 ms of each other', async () => {
  const apart = () =>
    viewer.driver.evaluate(
      async ({ seat }) => {
        const video = document.querySelector<HTMLElement>(`[data-seat="${seat}"]`)!.querySelector('video')!;
        const track = (video.srcObject as MediaStream).getVideoTracks()[0];
        const connection = window.reading.connections.filter((one) => one.connectionState !== 'closed').at(-1)!;
        const mid = connection.getTransceivers().find((one) => one.receiver.track === track)!.mid!;
        const apart: number[] = [];
        for (let times = 0; times < 15; times += 1) {
          // eslint-disable-next-line @typescript-eslint/no-explicit-any
          const stats = [...(await connection.getStats()).values()].filter((one) => one.type === 'inbound-rtp') as any[];
          const at = (of: string): number => stats.find((one) => one.mid === of)?.estimatedPlayoutTimestamp ?? NaN;
          const difference = at(mid) - at(mid.replace('p', 's'));
          if (!Number.isNaN(difference)) apart.push(difference);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return apart.length < 10 ? null : Math.round(apart.sort((a, b) => a - b)[Math.floor(apart.length / 2)]!);
      },
      { seat: seats.inChromium },
    );
  const seen: (number | null)[] = [];
  do seen.push(await apart());
  while (seen.length < 20 && !(seen.at(-1) !== null && Math.abs(seen.at(-1)!) < 80));
  console.log(`picture minus sound, ms: ${seen.join(', ')}`);
  expect(Math.abs(seen.at(-1) ?? Infinity), seen.join(', ')).toBeLessThan(80);
});
