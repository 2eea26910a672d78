// SPDX-License-Identifier: Apache-2.0
// The whole way on a phone 320 px wide: nothing scrolls sideways, nothing is cut off, everything to press is large enough.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { faultsOnScreen } from '../people/screen.ts';
import { words } from '../people/person.ts';

let group: Group;
let facilitator: InChromium;
let member: InChromium;

beforeAll(async () => {
  group = await Group.open();
  facilitator = await group.person(group.indexOf('facilitator'));
  member = await group.person(group.indexOf('member'), { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
});
afterAll(() => group?.close());

const fits = async () => expect(await member.page.evaluate(faultsOnScreen, { target: 44 })).toEqual([]);

test('arriving', async () => {
  await member.open();
  await fits();
  // The first thing to do and the way on are in sight without scrolling, also where a disguise was agreed.
  for (const look of ['none', 'blur']) {
    await member.chooses('picture', look);
    await member.page.locator('.page__scroll').evaluate((page) => page.scrollTo(0, 0));
    const ready = await member.page.getByRole('button', { name: words('arrive.ready'), exact: true }).boundingBox();
    const bar = await member.page.locator('nav.bar').boundingBox();
    const camera = await member.page.getByRole('button', { name: words('devices.turn_on.camera'), exact: true }).boundingBox();
    expect(ready!.y + ready!.height).toBeLessThanOrEqual(bar!.y);
    expect(camera!.y + camera!.height).toBeLessThanOrEqual(ready!.y);
    await fits();
  }
  await member.chooses('picture', 'none');
  await member.turnOn('camera', 'microphone');
  await fits();
});

test('waiting', async () => {
  await member.ready();
  await member.sees('wait.title');
  await fits();
});

test('in the room, with the two of a small group', async () => {
  await facilitator.admits(member);
  await member.isInRoom();
  await member.seesAndHears(group.expected([group.indexOf('facilitator')]));
  await fits();
});

test('in the room, with ten', async () => {
  const others = group.links.flatMap((link, index) => (['facilitator'].includes(link.role) || link.seat === member.link.seat ? [] : [index]));
  group.synthetic(others);
  for (const index of others) await facilitator.admits(group.link(index));
  await member.seesTiles(group.links.length);
  await fits();
});

test('chat, more, and leaving', async () => {
  for (const key of ['bar.chat', 'bar.more'] as const) {
    const button = member.page.getByRole('button', { name: new RegExp(`^${words(key)}`) });
    await button.first().click();
    await fits();
    await button.first().click();
  }
  await member.press('bar.leave');
  await fits();
  await member.press('leave.yes');
  await member.sees('after.left.title');
  await fits();
});
