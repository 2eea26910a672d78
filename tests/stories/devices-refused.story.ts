// SPDX-License-Identifier: Apache-2.0
// Cameras and microphones that the browser refuses, cannot find, or that vanish in the call: plain words on what happened and
// what to do, and the person can still take part.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../people/browsers.ts';
import { Group, type InChromium } from '../people/group.ts';
import { words } from '../people/person.ts';

let group: Group;
let facilitator: InChromium;
let refusing: Browser;
let member: InChromium;

beforeAll(async () => {
  group = await Group.open();
  facilitator = await group.person(group.indexOf('facilitator'));
  await facilitator.arrive();
  await facilitator.isInRoom();
  // A browser without any device, whose real getUserMedia answers.
  refusing = await launchChromium({ realDevices: 'none' });
  member = await group.person(group.indexOf('member'), { browser: refusing, coded: false });
});
afterAll(async () => {
  await refusing?.close();
  await group?.close();
});

test('no camera or no leave to use it is said in plain words, with what to do', async () => {
  await member.open();
  await member.press('devices.turn_on.camera');
  const either = member.page
    .getByText(words('trouble.camera.refused'))
    .or(member.page.getByText(words('trouble.camera.none-found')));
  await either.first().waitFor();
  await member.page.getByText(words('trouble.camera.means')).waitFor();
  await member.press('devices.turn_on.microphone');
  await member.page.getByText(words('trouble.microphone.means')).waitFor();
});

test('the person can come in all the same, listen and write', async () => {
  await member.ready();
  await facilitator.admits(member);
  await member.isInRoom();
  await member.seesTiles(2);
});

test('a camera that is pulled out in the call is told to its owner, and the group no longer waits for its picture', async () => {
  const other = await group.person(group.indexOf('member', 1));
  await other.page.addInitScript(() => {
    const tracks: MediaStreamTrack[] = [];
    const native = navigator.mediaDevices.getUserMedia;
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await native.call(navigator.mediaDevices, constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
    Object.assign(window, {
      pullOut: () =>
        tracks.forEach((track) => {
          track.stop();
          track.dispatchEvent(new Event('ended'));
        }),
    });
  });
  await other.arrive('camera');
  await facilitator.admits(other);
  await other.isInRoom();
  const seat = other.link.seat;
  await expect.poll(async () => (await facilitator.tiles()).find((tile) => tile.seat === seat)?.frames ?? 0, { timeout: 15_000 }).toBeGreaterThan(0);
  await other.page.evaluate(() => (window as unknown as { pullOut(): void }).pullOut());
  const camera = other.page.getByRole('button', { name: new RegExp(`^${words('bar.camera')}`) });
  await expect.poll(() => camera.getAttribute('aria-pressed')).toBe('false');
  await expect.poll(() => facilitator.page.locator(`[data-seat="${seat}"] video`).count()).toBe(0);
});
