// SPDX-License-Identifier: Apache-2.0
// A facilitator takes one member aside while the group goes on with the co-facilitator: who sees and hears whom, read from the
// colour codes and tones that were decoded, what the others are told, what is written there, and how it ends. Three Chromium and
// one Firefox.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { type Person, words } from '../people/person.ts';

let group: Group;
let ada: InChromium; // facilitator
let bea: InChromium; // co-facilitator
let robin: InChromium; // member, taken aside
let wren: Person; // member, in Firefox

const places = () => [ada, bea, robin, wren].map((_, nth) => [group.indexOf('facilitator'), group.indexOf('co_facilitator'), group.indexOf('member', 0), group.indexOf('member', 1)][nth]!);
const codesOf = (...who: number[]) => group.expected(who.map((nth) => places()[nth]!));
const asideIs = (person: Person, text: string): Promise<void> =>
  person.driver.waitFor((expected) => document.querySelector('.strip')?.textContent?.includes(expected), text, `${person.alias} to read "${text}"`, 30_000);
const lineOf = (name: string): string => words('aside.here', { name });

// Tiles of those who are seen and heard; the others stand under their names without picture or sound.
const seenAndHeard = async (person: Person): Promise<number[]> =>
  (await person.tiles()).filter((tile) => !tile.self && (tile.code !== null || tile.tone !== null)).map(({ seat }) => seat).sort((a, b) => a - b);
const onlySeesAndHears = async (person: Person, expected: Map<number, number>): Promise<void> => {
  await expect.poll(() => seenAndHeard(person), { timeout: 60_000 }).toEqual([...expected.keys()].sort((a, b) => a - b));
  await expect
    .poll(async () => (await person.tiles()).filter(({ seat, self }) => !self && expected.has(seat)).every(({ seat, code, tone }) => code === expected.get(seat) && tone === expected.get(seat)), { timeout: 60_000 })
    .toBe(true);
};
const heard = (person: Person, of: Person): Promise<number> =>
  person.driver.evaluate(async (seat) => {
    const { quietroomSession } = window as unknown as { quietroomSession: { figures(): Promise<{ seat: number; soundPackets: number }[]> } };
    return (await quietroomSession.figures()).find((one) => one.seat === seat)?.soundPackets ?? 0;
  }, of.link.seat);

const takesAside = async (leader: InChromium, member: Person): Promise<void> => {
  await leader.page.getByRole('button', { name: member.alias, exact: true }).first().click();
  await leader.page.locator('dialog[open]').getByRole('button', { name: words('aside.take') }).click();
};

// From the bar: after a reload nothing is on.
const turnsOn = async (person: InChromium): Promise<void> => {
  for (const device of [words('bar.microphone'), words('bar.camera')]) await person.page.getByRole('button', { name: device, pressed: false }).click();
};

beforeAll(async () => {
  group = await Group.open();
  ada = await group.person(group.indexOf('facilitator'));
  bea = await group.person(group.indexOf('co_facilitator'));
  robin = await group.person(group.indexOf('member', 0));
  wren = await group.personInFirefox(group.indexOf('member', 1));
  for (const person of [bea, wren]) await person.driver.beforeScripts(() => localStorage.setItem('quietroomProbe', '1'));
  await ada.arrive('camera', 'microphone');
  await ada.isInRoom();
  for (const person of [bea, robin, wren]) {
    await person.arrive('camera', 'microphone');
    await person.sees('wait.title');
    await ada.admits(person);
    await person.isInRoom();
  }
  await ada.seesAndHears(codesOf(1, 2, 3));
});
afterAll(() => group?.close());

test('two go aside with one tap: they see and hear each other, and nobody else', async () => {
  await takesAside(ada, robin);
  await asideIs(ada, lineOf(robin.alias));
  await asideIs(robin, lineOf(ada.alias));
  await ada.seesAndHears(codesOf(2));
  await robin.seesAndHears(codesOf(0));
});

test('the group goes on: the others see and hear each other, and are told calmly who is away', async () => {
  await onlySeesAndHears(bea, codesOf(3));
  await onlySeesAndHears(wren, codesOf(1));
  for (const person of [bea, wren]) {
    await person.seesTiles(4);
    for (const away of [ada, robin])
      expect(await person.driver.evaluate((seat) => document.querySelector(`[data-seat="${seat}"] .tile__instead`)?.textContent, away.link.seat)).toContain(words('mark.aside'));
    expect(await heard(person, ada)).toBe(0); // not a packet
    expect(await heard(person, robin)).toBe(0);
  }
});

test('what is written there is read there alone', async () => {
  await robin.page.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) }).click();
  await robin.page.getByLabel(words('chat.write')).fill('It is about last week');
  await robin.page.getByRole('button', { name: words('chat.send'), exact: true }).click();
  await ada.page.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) }).click();
  await ada.page.getByText('It is about last week', { exact: true }).waitFor();
  await bea.page.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) }).click();
  expect(await bea.page.getByText('It is about last week', { exact: true }).count()).toBe(0);
});

test('a member who loads the page anew is back there, not with the group', async () => {
  await robin.driver.reload();
  await robin.isInRoom();
  await asideIs(robin, lineOf(ada.alias));
  await turnsOn(robin);
  await robin.seesAndHears(codesOf(0));
  await ada.seesAndHears(codesOf(2));
  await onlySeesAndHears(bea, codesOf(3));
});

test('the member ends it with one tap: all four are together again, and nothing of it is left in the chat', async () => {
  await robin.press('aside.back');
  await robin.seesAndHears(codesOf(0, 1, 3));
  await ada.seesAndHears(codesOf(1, 2, 3));
  await bea.seesAndHears(codesOf(0, 2, 3));
  await wren.seesAndHears(codesOf(0, 1, 2));
  expect(await ada.page.getByText('It is about last week', { exact: true }).count()).toBe(0);
});

test('the co-facilitator leaves: the two are back at once, since nobody would lead the group', async () => {
  await takesAside(ada, robin);
  await asideIs(robin, lineOf(ada.alias));
  await bea.leaves();
  await wren.seesAndHears(codesOf(0, 2));
  await ada.seesAndHears(codesOf(2, 3));
  await ada.page.getByRole('button', { name: robin.alias, exact: true }).first().click();
  await ada.page.locator('dialog[open]').getByText(words('aside.needs_another')).waitFor();
});
