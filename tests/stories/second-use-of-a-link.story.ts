// SPDX-License-Identifier: Apache-2.0
// A link is one seat. Someone else with the same link waits, is marked, and takes the seat only when a facilitator, having been
// warned, lets them in; until then the first stays.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { words } from '../people/person.ts';

let group: Group;
let facilitator: InChromium;
let first: InChromium;
let second: InChromium;

beforeAll(async () => {
  group = await Group.open();
  facilitator = await group.person(group.indexOf('facilitator'));
  first = await group.person(group.indexOf('member'));
  second = await group.person(group.indexOf('member'));
  await facilitator.arrive();
  await facilitator.isInRoom();
  await first.arrive();
  await facilitator.admits(first);
  await first.isInRoom();
});
afterAll(() => group?.close());

test('fetching a link changes nothing: a mail scanner that opens it takes no seat', async () => {
  const answer = await fetch(`${group.server.url}/join`);
  expect(answer.status).toBe(200);
  await first.seesTiles(2);
});

test('a second browser waits, and the facilitator is told that the link is in use', async () => {
  await second.arrive();
  await second.sees('wait.title');
  await facilitator.page.getByText(words('waiting.second')).waitFor();
  await first.seesTiles(2);
});

test('nothing about the second arrival reaches the first', async () => {
  expect(await first.page.getByText(second.alias, { exact: false }).count()).toBeGreaterThan(0); // its own tile
  expect(await first.names()).toHaveLength(2);
});

test('letting the second in asks first, then moves the seat and tells the first', async () => {
  await facilitator.admits(second);
  await facilitator.page.getByText(words('waiting.sure_second', { name: second.alias })).waitFor();
  await first.seesTiles(2);
  await facilitator.page.getByRole('dialog').getByRole('button', { name: words('waiting.sure_yes', { name: second.alias }) }).click();
  await second.isInRoom();
  await first.sees('after.superseded.title');
  await facilitator.seesTiles(2);
});

test('a link that is not known says so in plain words', async () => {
  const stranger = await group.person(group.indexOf('member', 1));
  await stranger.page.goto(`${group.server.url}/join#${'A'.repeat(43)}`);
  await stranger.sees('link.title');
  expect(stranger.page.url()).not.toContain('AAAA');
});

test('nothing went wrong on any page', () => {
  expect(group.watched.errors.filter((error) => !/404|403|401/.test(error))).toEqual([]);
  expect(group.watched.foreign).toEqual([]);
});
