// SPDX-License-Identifier: Apache-2.0
// Four people hold a session: they arrive, are let in, see and hear each other in the right tiles, take turns, write, and
// the facilitator ends it for everyone.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { newPage } from '../people/browsers.ts';
import { chromiumDriver } from '../people/driver.ts';
import { Person, words } from '../people/person.ts';

let group: Group;
let facilitator: InChromium;
let members: InChromium[];

beforeAll(async () => {
  group = await Group.open();
  facilitator = await group.person(group.indexOf('facilitator'));
  members = [];
  for (const nth of [0, 1, 2]) members.push(await group.person(group.indexOf('member', nth)));
});
afterAll(() => group?.close());

test('each comes in by a personal link, which leaves the address at once', async () => {
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
  for (const member of members) {
    await member.arrive('camera', 'microphone');
    expect(member.page.url()).not.toContain(member.link.link);
    await member.sees('wait.title');
    await facilitator.admits(member);
    await member.isInRoom();
  }
});

test('everyone sees and hears everyone, in the right tile', async () => {
  const indices = [group.indexOf('facilitator'), ...[0, 1, 2].map((nth) => group.indexOf('member', nth))];
  for (const [place, person] of [facilitator, ...members].entries())
    await person.seesAndHears(group.expected(indices.filter((_, other) => other !== place)));
});

test('names are those that were agreed, from the facilitator’s own booking cards', async () => {
  for (const person of [facilitator, ...members]) {
    const expected = [facilitator, ...members].map(({ alias }) => (alias === person.alias ? `${alias} (you)` : alias));
    await expect.poll(() => person.names(), { timeout: 10_000 }).toEqual(expected);
  }
});

test('hands are taken in order, the same for all', async () => {
  for (const member of [members[1]!, members[0]!]) {
    await member.page.getByRole('button', { name: new RegExp(`^${words('bar.hand')}`) }).click();
    await expect.poll(() => member.page.getByRole('button', { name: new RegExp(`^${words('bar.hand')}`), pressed: true }).count()).toBe(1);
  }
  const tileOf = (viewer: InChromium, whose: InChromium) => viewer.page.locator('.tile', { has: viewer.page.locator(`[data-seat="${whose.link.seat}"]`) });
  await expect.poll(() => tileOf(members[2]!, members[1]!).textContent()).toContain(words('mark.hand', { place: 1 }));
  await expect.poll(() => tileOf(members[2]!, members[0]!).textContent()).toContain(words('mark.hand', { place: 2 }));
});

test('chat reaches everyone, or facilitators only', async () => {
  const open = async (person: InChromium) => {
    const button = person.page.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) });
    if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
  };
  await open(members[0]!);
  await members[0]!.page.getByLabel(words('chat.write')).fill('Good to see you all');
  await members[0]!.page.getByRole('button', { name: words('chat.send'), exact: true }).click();
  await open(members[1]!);
  await members[1]!.page.getByText('Good to see you all', { exact: true }).waitFor();
  await members[0]!.page.getByLabel(words('chat.who')).selectOption('facilitators');
  await members[0]!.page.getByLabel(words('chat.write')).fill('Only for you who lead');
  await members[0]!.page.getByRole('button', { name: words('chat.send'), exact: true }).click();
  await open(facilitator);
  await facilitator.page.getByText('Only for you who lead', { exact: true }).waitFor();
  expect(await members[1]!.page.getByText('Only for you who lead').count()).toBe(0);
});

test('a muted microphone is silent at once and can be switched on again by its owner', async () => {
  const seat = members[0]!.link.seat;
  await facilitator.page.locator(`.tile:has([data-seat="${seat}"]) .tile__name`).click();
  await facilitator.press('person.mute');
  await members[0]!.page.getByText(words('notice.muted', { name: facilitator.alias })).waitFor();
  await expect.poll(async () => (await members[1]!.tiles()).find((tile) => tile.seat === seat)?.tone, { timeout: 10_000 }).toBe(null);
  await members[0]!.page.getByRole('button', { name: new RegExp(`^${words('bar.microphone')}`) }).click();
  await expect
    .poll(async () => (await members[1]!.tiles()).find((tile) => tile.seat === seat)?.tone, { timeout: 10_000 })
    .toBe(group.indexOf('member', 0));
});

test('ending it for everyone is told in its own words', async () => {
  await facilitator.opensPanel('plan');
  await facilitator.press('plan.end');
  await facilitator.press('plan.end_yes');
  for (const person of [facilitator, ...members]) await person.sees('after.ended.title');
});

test('nothing went wrong on any page and nothing was asked of another host', () => {
  expect(group.watched).toEqual({ errors: [], foreign: [] });
});

test('the link of an ended session says so when it is opened again, and lets a member in where a facilitator is back', async () => {
  const [member] = members as [InChromium];
  const again = await newPage(member.context, { index: group.indexOf('member', 0) });
  const person = new Person(chromiumDriver(again), group.server.url, member.link);
  await again.goto(`${group.server.url}/join#${member.link.link}`);
  await person.sees('over.title');
  await person.press('refused.again');
  await person.sees('over.title');
  await facilitator.page.goto('about:blank');
  await facilitator.arrive();
  await facilitator.isInRoom();
  await person.press('refused.again');
  await person.sees('arrive.title');
});
