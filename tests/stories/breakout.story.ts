// SPDX-License-Identifier: Apache-2.0
// A facilitator shares the group out into small rooms: who sees and hears whom, read from the colour codes and tones that were
// decoded, what each is told, what is written there, coming in, sending on, going back alone, and that everyone comes back by
// themselves when the time is up. Three Chromium and one Firefox.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { type Person, words } from '../people/person.ts';

let group: Group;
let ada: InChromium; // facilitator
let robin: InChromium;
let lark: InChromium;
let wren: Person; // in Firefox

const places = (): number[] => [group.indexOf('facilitator'), group.indexOf('member', 0), group.indexOf('member', 2), group.indexOf('member', 1)];
const codesOf = (...who: number[]) => group.expected(who.map((nth) => places()[nth]!));
const stripOf = (person: Person): Promise<string> => person.driver.evaluate(() => document.querySelector('.strip')?.textContent ?? '', null);
const reads = (person: Person, text: string): Promise<void> =>
  person.driver.waitFor((expected) => document.querySelector('.strip')?.textContent?.includes(expected), text, `${person.alias} to read "${text}"`, 30_000);
const seenOrHeard = async (person: Person): Promise<number[]> =>
  (await person.tiles()).filter((tile) => !tile.self && (tile.code !== null || tile.tone !== null)).map(({ seat }) => seat);
const seesAndHearsOnly = async (person: Person, expected: Map<number, number>): Promise<void> => {
  const is = async (): Promise<boolean> => {
    const others = (await person.tiles()).filter(({ self }) => !self);
    const asExpected = others.every(({ seat, code, tone }) => (expected.has(seat) ? code === expected.get(seat) && tone === expected.get(seat) : code === null && tone === null));
    return asExpected && [...expected.keys()].every((seat) => others.some((one) => one.seat === seat));
  };
  await expect.poll(is, { timeout: 60_000 }).toBe(true);
};
const here = (number: number, ...names: string[]): string =>
  words('breakout.here', { number, names: new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(names) });
const sends = async (person: Person, to: string): Promise<void> => {
  await ada.page.getByLabel(person.alias, { exact: true }).selectOption({ label: to });
};
const writes = async (person: InChromium, text: string): Promise<void> => {
  await person.page.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) }).click();
  await person.page.getByLabel(words('chat.write')).fill(text);
  await person.page.getByRole('button', { name: words('chat.send'), exact: true }).click();
};

beforeAll(async () => {
  group = await Group.open();
  ada = await group.person(places()[0]!);
  robin = await group.person(places()[1]!);
  lark = await group.person(places()[2]!);
  wren = await group.personInFirefox(places()[3]!);
  await ada.arrive('camera', 'microphone');
  await ada.isInRoom();
  for (const person of [robin, lark, wren]) {
    await person.arrive('camera', 'microphone');
    await person.sees('wait.title');
    await ada.admits(person);
    await person.isInRoom();
  }
  await ada.seesAndHears(codesOf(1, 2, 3));
});
afterAll(() => group?.close());

test('each is with those they were shared out with, and sees and hears nobody else', async () => {
  await ada.opensPanel('plan');
  await sends(robin, words('breakout.name', { number: 1 }));
  await sends(wren, words('breakout.name', { number: 1 }));
  await sends(lark, words('breakout.name', { number: 2 }));
  await ada.page.getByText(/^One room has only one person\./).waitFor();
  await ada.press('breakout.open');
  await reads(robin, here(1, wren.alias));
  await reads(wren, here(1, robin.alias));
  await reads(lark, words('breakout.here_alone', { number: 2 }));
  await seesAndHearsOnly(robin, codesOf(3));
  await seesAndHearsOnly(wren, codesOf(1));
  await seesAndHearsOnly(lark, codesOf());
  await seesAndHearsOnly(ada, codesOf());
  for (const person of [robin, lark, wren]) {
    expect(await stripOf(person)).toMatch(/Back with everyone in (9:\d\d|10:00)/);
    expect(await stripOf(person)).toContain(words('breakout.who'));
  }
});

test('the facilitator sees how many are where, and comes in with one tap', async () => {
  for (const [number, count] of [[1, '2 people'], [2, '1 person']] as const)
    await ada.page.getByText(`Small room ${number}: ${count}`, { exact: true }).waitFor();
  await ada.press('breakout.go_in', { number: 1 });
  await ada.seesAndHears(codesOf(1, 3));
  await robin.seesAndHears(codesOf(0, 3));
  await wren.seesAndHears(codesOf(0, 1));
  await seesAndHearsOnly(lark, codesOf());
});

test('what is written in one is read there alone', async () => {
  await writes(robin, 'What I would not say to everyone');
  await ada.page.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) }).click();
  await ada.page.getByText('What I would not say to everyone', { exact: true }).waitFor();
  await lark.page.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) }).click();
  expect(await lark.page.getByText('What I would not say to everyone', { exact: true }).count()).toBe(0);
  await ada.opensPanel('plan');
});

test('who is alone is sent to the others', async () => {
  await sends(lark, words('breakout.name', { number: 1 }));
  await reads(lark, here(1, ada.alias, robin.alias, wren.alias));
  await lark.seesAndHears(codesOf(0, 1, 3));
  await wren.seesAndHears(codesOf(0, 1, 2));
});

test('a page that is loaded anew is back in its small room', async () => {
  await robin.driver.reload();
  await robin.isInRoom();
  await reads(robin, words('breakout.who'));
  await ada.page.getByText('Small room 1: 4 people', { exact: true }).waitFor();
  await robin.seesAndHears(codesOf(0, 2, 3));
});

test('anyone goes back to the group with one tap, for themselves alone', async () => {
  await lark.press('breakout.back');
  await lark.driver.waitFor(() => /3 people are in small rooms\. Everyone is back together in \d+:\d\d\./.test(document.querySelector('.strip')?.textContent ?? ''), null, 'the others to be counted', 30_000);
  expect(await seenOrHeard(lark)).toEqual([]);
  await seesAndHearsOnly(wren, codesOf(0)); // Robin's page was loaded anew, with nothing switched on
});

test('when the time is up everyone is together again by themselves, and nothing of it is left in the chat', async () => {
  await ada.press('breakout.bring_back');
  await robin.driver.waitFor(() => /0:[0-2]\d|0:30/.test(document.querySelector('.strip')?.textContent ?? ''), null, 'the last half minute to be told', 20_000);
  for (const person of [ada, robin, wren])
    await person.driver.waitFor(() => !document.querySelector('.strip__item--aside'), null, `${person.alias} to be back`, 60_000);
  await seesAndHearsOnly(lark, codesOf(0, 3));
  await seesAndHearsOnly(wren, codesOf(0, 2));
  await seesAndHearsOnly(ada, codesOf(2, 3));
  expect(await ada.page.getByText('What I would not say to everyone', { exact: true }).count()).toBe(0);
});

test('a facilitator who pauses the group calls everyone back at once', async () => {
  await ada.press('breakout.open');
  await reads(wren, words('breakout.who'));
  await ada.press('plan.pause');
  await ada.press('plan.pause_yes');
  await wren.driver.waitFor(() => !document.querySelector('.strip__item--aside'), null, 'the small rooms to be over', 30_000);
  await ada.page.getByRole('button', { name: words('plan.go_on') }).first().click();
  await seesAndHearsOnly(lark, codesOf(0, 3));
});
