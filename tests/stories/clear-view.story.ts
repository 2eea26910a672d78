// SPDX-License-Identifier: Apache-2.0
// A member behind a plain colour lets the facilitators, and nobody else, see them as they are: asked twice, in sight while it lasts, seen
// by a facilitator who comes later or loads the page anew, and over with one tap, the camera closed with it. Encrypted; two Chromium and
// one Firefox look on.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { type Person, words } from '../people/person.ts';

let group: Group;
let facilitator: InChromium;
let second: InChromium;
let member: InChromium;
let other: Person;
let own: number;

const codeAt = async (viewer: Person): Promise<number | null> => (await viewer.tiles()).find((tile) => tile.seat === member.link.seat)?.code ?? null;
const seesThem = (viewer: Person) => expect.poll(() => codeAt(viewer), { timeout: 30_000, interval: 200 }).toBe(own);
const seesTheDisguise = (viewer: Person) => expect.poll(() => codeAt(viewer), { timeout: 30_000, interval: 200 }).toBe(null);
const framesAt = async (viewer: Person): Promise<number> => (await viewer.tiles()).find((tile) => tile.seat === member.link.seat)?.frames ?? 0;
// So many more pictures of the member, at somebody's, and no code in any look at them.
async function neverSees(viewer: Person, pictures: number): Promise<void> {
  const until = (await framesAt(viewer)) + pictures;
  do expect(await codeAt(viewer)).toBeNull();
  while ((await framesAt(viewer)) < until);
}
// Cameras of this page that are open: what was opened and has not ended.
function keepCameras(): void {
  const cameras: MediaStreamTrack[] = [];
  const native = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await native(constraints);
    cameras.push(...stream.getVideoTracks());
    return stream;
  };
  Object.assign(window, { cameras });
}
const openCameras = (): Promise<number> => member.page.evaluate(() => (window as unknown as { cameras: MediaStreamTrack[] }).cameras.filter((track) => track.readyState === 'live').length);

async function opensChooser(): Promise<void> {
  await member.press('bar.more');
  await member.press('more.disguise');
  await member.page.getByRole('heading', { name: words('disguise.title') }).waitFor();
}

beforeAll(async () => {
  group = await Group.open();
  own = group.indexOf('member', 0);
  facilitator = await group.person(group.indexOf('facilitator'));
  second = await group.person(group.indexOf('co_facilitator'));
  member = await group.person(own);
  await member.page.addInitScript(keepCameras);
  other = await group.personInFirefox(group.indexOf('member', 1));
  await facilitator.arrive();
  await facilitator.isInRoom();
});
afterAll(() => group?.close());

test('a member comes behind a plain colour: no camera is open, and nobody sees their face', async () => {
  member.asTheyAre = false;
  await member.open();
  await member.chooses('picture', 'block');
  await member.press('disguise.turn_on.block');
  await member.ready();
  await facilitator.admits(member);
  await member.isInRoom();
  await other.arrive();
  await facilitator.admits(other);
  await other.isInRoom();
  await expect.poll(() => framesAt(other), { timeout: 30_000 }).toBeGreaterThan(5);
  await neverSees(other, 5);
  expect(await openCameras()).toBe(0);
});

test('they are asked twice; then the facilitator sees them, and the other member does not', async () => {
  await opensChooser();
  await member.press('clear.ask');
  await neverSees(facilitator, 5);
  expect(await openCameras()).toBe(0);
  await member.press('clear.yes');
  await member.press('close');
  await member.page.getByText(words('clear.notice')).waitFor();
  await seesThem(facilitator);
  await facilitator.page.locator('.tile__marks', { hasText: words('clear.mark_short') }).waitFor();
  await neverSees(other, 20);
  expect(await openCameras()).toBe(1);
});

test('a facilitator who comes later sees them, too, and one who loads the page anew sees them again', async () => {
  await second.arrive();
  await facilitator.admits(second);
  await second.isInRoom();
  await seesThem(second);
  await second.page.reload();
  await second.isInRoom();
  await seesThem(second);
  await seesThem(facilitator);
  await neverSees(other, 10);
});

test('one tap ends it: the camera is closed, and facilitators see the colour again', async () => {
  await member.press('clear.end');
  await expect.poll(openCameras).toBe(0);
  await seesTheDisguise(facilitator);
  await seesTheDisguise(second);
  const before = await framesAt(facilitator);
  await expect.poll(() => framesAt(facilitator), { timeout: 30_000 }).toBeGreaterThan(before); // the colour itself goes on
  expect(await member.page.getByText(words('clear.notice')).count()).toBe(0);
});

test('while they are not private nothing of it is sent, and it does not come back by itself', async () => {
  await opensChooser();
  await member.press('clear.ask');
  await member.press('clear.yes');
  await member.press('close');
  await seesThem(facilitator);
  await member.press('bar.private');
  await expect.poll(openCameras).toBe(0);
  await seesTheDisguise(facilitator);
  await member.press('private.back');
  await neverSeesWithin(facilitator);
  expect(await openCameras()).toBe(0);
  expect(group.watched).toEqual({ errors: [], foreign: [] });
});

// The picture is off until the person turns it on: nothing comes, so looks are counted.
async function neverSeesWithin(viewer: Person): Promise<void> {
  for (let look = 0; look < 20; look += 1) expect(await codeAt(viewer)).toBeNull();
}
