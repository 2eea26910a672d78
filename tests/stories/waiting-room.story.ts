// SPDX-License-Identifier: Apache-2.0
// The waiting room: one at a time, nobody learns who or how many wait, a line to and from the facilitator, a locked door,
// being moved back, turned away and removed, each told in its own words.
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { words } from '../people/person.ts';

let group: Group;
let facilitator: InChromium;
let ash: InChromium;
let willow: InChromium;
let third: InChromium;
const frames: string[] = [];

const entryOf = ({ alias }: InChromium): Locator => facilitator.page.locator('.entry', { hasText: words('waiting.admit', { name: alias }) });
const answersIn = async (entry: Locator, text: string): Promise<void> => {
  await entry.getByLabel(words('waiting.write', { name: ash.alias })).fill(text);
  await entry.getByRole('button', { name: words('chat.send'), exact: true }).click();
  await ash.page.getByRole('log').getByText(text).waitFor();
};

beforeAll(async () => {
  group = await Group.open();
  facilitator = await group.person(group.indexOf('facilitator'));
  ash = await group.person(group.indexOf('member', 0));
  willow = await group.person(group.indexOf('member', 1));
  third = await group.person(group.indexOf('member', 2));
});
afterAll(() => group?.close());

test('members wait even when no facilitator is there yet', async () => {
  ash.page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))));
  await ash.arrive();
  await ash.sees('wait.title');
  await facilitator.arrive();
  await facilitator.isInRoom();
});

test('a waiting person is told nothing of others who wait, to the byte', async () => {
  // Their own line is told when it changes: it is about nobody else.
  const own = `{"type":"line","seat":${ash.link.seat},`;
  const heard = () => frames.filter((frame) => !frame.includes('"pong"') && !frame.startsWith(own));
  // First what this person and the facilitator tell each other: their keys, and the answers given at arrival, which are asked
  // for where they are late. A note comes after all of it.
  await facilitator.opensPanel('waiting');
  const entry = entryOf(ash);
  await entry.getByRole('list', { name: words('said.title', { name: ash.alias }) }).waitFor();
  await answersIn(entry, 'Good that you are here');
  const before = heard().length;
  await willow.arrive();
  await willow.sees('wait.title');
  await facilitator.page.getByRole('button', { name: words('waiting.admit', { name: willow.alias }), exact: true }).waitFor();
  expect(heard().slice(before)).toEqual([]);
  expect(frames.join('')).not.toContain('"waiting",');
});

test('a note goes to the facilitators and an answer comes back', async () => {
  await ash.page.getByLabel(words('note.write')).fill('I am a little nervous');
  await ash.page.getByRole('button', { name: words('chat.send'), exact: true }).click();
  await facilitator.page.getByText('I am a little nervous').first().waitFor();
  await answersIn(entryOf(ash), 'Take your time');
  // Read out once: by the page's announcer, not by the list as well.
  expect(await ash.page.getByRole('log').getAttribute('aria-live')).toBe('off');
  expect(await willow.page.getByText('Take your time').count()).toBe(0);
  expect(await willow.page.getByText('I am a little nervous').count()).toBe(0);
});

test('one is let in, the other still waits', async () => {
  await facilitator.admits(ash);
  await ash.isInRoom();
  await ash.seesTiles(2);
  await willow.sees('wait.title');
});

test('while the room is locked nobody is let in, and unlocking opens it', async () => {
  await facilitator.opensPanel('plan');
  const lock = facilitator.page.getByRole('button', { name: words('plan.lock') }).or(facilitator.page.getByLabel(words('plan.lock')));
  await lock.first().click();
  await facilitator.page.getByText(words('locked.now')).first().waitFor();
  await facilitator.opensPanel('waiting');
  await facilitator.page.getByText(words('waiting.locked')).waitFor();
  await willow.sees('wait.title');
  await facilitator.opensPanel('plan');
  await lock.first().click();
  await facilitator.opensPanel('waiting');
  await facilitator.admits(willow);
  await willow.isInRoom();
});

test('a person moved back is told who did it and can be let in again', async () => {
  await facilitator.page.locator(`.tile:has([data-seat="${willow.link.seat}"]) .tile__name`).click();
  await facilitator.press('person.move_back');
  await facilitator.press('confirm.move.yes');
  await willow.sees('wait.moved_title');
  await ash.seesTiles(2);
  await facilitator.admits(willow);
  await willow.isInRoom();
});

test('a person turned away and a person removed read kind words of their own, and the removed one waits again', async () => {
  await third.arrive();
  await third.sees('wait.title');
  await facilitator.press('waiting.decline', { name: third.alias });
  await facilitator.press('waiting.decline_yes');
  await third.sees('after.declined.title');
  await facilitator.page.locator(`.tile:has([data-seat="${willow.link.seat}"]) .tile__name`).click();
  await facilitator.press('person.remove');
  await facilitator.press('confirm.remove.yes');
  await willow.sees('after.removed.title');
  await ash.seesTiles(2);
  await willow.arrive();
  await willow.sees('wait.title');
  await facilitator.page.getByText(words('waiting.removed')).waitFor();
});

test('nothing went wrong on any page', () => {
  expect(group.watched).toEqual({ errors: [], foreign: [] });
});
