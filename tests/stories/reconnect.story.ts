// SPDX-License-Identifier: Apache-2.0
// Lines drop, pages are reloaded, tabs are doubled: a person is back in the same seat without being let in again, and the
// others see what is true meanwhile.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { words } from '../people/person.ts';
import { newPage } from '../people/browsers.ts';
import { chromiumDriver } from '../people/driver.ts';
import { Person } from '../people/person.ts';

let group: Group;
let facilitator: InChromium;
let member: InChromium;
let facilitatorIndex: number;
let memberIndex: number;

beforeAll(async () => {
  group = await Group.open();
  facilitatorIndex = group.indexOf('facilitator');
  memberIndex = group.indexOf('member');
  facilitator = await group.person(facilitatorIndex);
  member = await group.person(memberIndex);
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
  await member.arrive('camera', 'microphone');
  await facilitator.admits(member);
  await member.isInRoom();
  await member.seesAndHears(group.expected([facilitatorIndex]));
});
afterAll(() => group?.close());

const nobodyWaits = async () => {
  await facilitator.opensPanel('waiting');
  await facilitator.page.getByText(words('waiting.nobody')).waitFor();
};

test('a reload comes back to the same seat without being let in again', async () => {
  await member.page.reload();
  await member.isInRoom();
  await nobodyWaits();
  await member.seesTiles(2);
  // Names are told inside the group, once its keys are here again.
  await expect.poll(async () => (await member.names()).join(), { timeout: 15_000 }).toContain(member.alias);
});

test('after a reload nothing is switched on until the person switches it on', async () => {
  const camera = member.page.getByRole('button', { name: new RegExp(`^${words('bar.camera')}`) });
  const microphone = member.page.getByRole('button', { name: new RegExp(`^${words('bar.microphone')}`) });
  expect(await camera.getAttribute('aria-pressed')).toBe('false');
  expect(await microphone.getAttribute('aria-pressed')).toBe('false');
  await camera.click();
  await microphone.click();
  await facilitator.seesAndHears(group.expected([memberIndex]));
});

test('without a line the page says so, the group sees it, and both come back by themselves', async () => {
  await member.context.setOffline(true);
  await member.page.evaluate(() => window.reading.connections.forEach((connection) => connection.close()));
  await member.sees('lost.title', 40_000);
  await facilitator.page.getByText(words('mark.away')).first().waitFor({ timeout: 40_000 });
  await member.context.setOffline(false);
  await member.isInRoom(40_000);
  await nobodyWaits();
  await facilitator.seesAndHears(group.expected([memberIndex]));
  await member.seesAndHears(group.expected([facilitatorIndex]));
});

test('a second tab with the same token takes over, and the first is told where the seat is', async () => {
  const page = await newPage(member.context, { index: memberIndex }, group.watched);
  const token = await member.page.evaluate(() => JSON.stringify({ ...sessionStorage }));
  await page.addInitScript((stored) => {
    for (const [key, value] of Object.entries(JSON.parse(stored) as Record<string, string>)) sessionStorage.setItem(key, value);
  }, token);
  const second = new Person(chromiumDriver(page), group.server.url, member.link);
  await page.goto(`${group.server.url}/join`);
  await second.isInRoom();
  await member.sees('after.superseded.title');
  await nobodyWaits();
  await second.seesTiles(2);
});

test('nothing but the lost line itself was reported as an error', () => {
  expect(group.watched.foreign).toEqual([]);
  expect(group.watched.errors.filter((error) => !/ERR_INTERNET_DISCONNECTED|WebSocket connection/.test(error))).toEqual([]);
});
