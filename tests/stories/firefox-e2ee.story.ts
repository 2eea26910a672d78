// SPDX-License-Identifier: Apache-2.0
// Firefox and Chromium in one encrypted group, two of each, so that every pairing is there both ways: sound, pictures, admission, new
// keys when somebody goes, return after a reload and after the page was left.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { type Person, words } from '../people/person.ts';

let group: Group;
let facilitator: InChromium;
let inFirefox: Person;
let another: Person;
let inChromium: InChromium;
let indices: number[];

// Whom each of these people sees and hears: all the others.
const seeAndHearEachOther = async (people: readonly [Person, number][]): Promise<void> => {
  for (const [person, own] of people) await person.seesAndHears(group.expected(people.flatMap(([, index]) => (index === own ? [] : [index]))));
};
const allEncrypted = async (...people: Person[]): Promise<void> => {
  for (const person of people)
    await person.driver.waitFor((text) => document.querySelector('.strip__protection')?.textContent?.includes(text), words('protect.on'), `${person.alias} to be encrypted`);
};
const readsWords = async (person: Person): Promise<string[]> => {
  await person.driver.toFront();
  return person.readsWords();
};
// Two pages of one Firefox: the one behind is hidden. These two have decided that they are not asked about it.
const personInFirefox = async (index: number): Promise<Person> => {
  const person = await group.personInFirefox(index);
  await person.driver.beforeScripts(() => {
    if (location.protocol.startsWith('http')) sessionStorage.setItem('quietroom.watch', 'no');
  });
  return person;
};
const everyone = (): [Person, number][] => [facilitator, inFirefox, another, inChromium].map((person, place) => [person, indices[place]!]);

beforeAll(async () => {
  group = await Group.open();
  indices = [group.indexOf('facilitator'), ...[0, 1, 2].map((nth) => group.indexOf('member', nth))];
  facilitator = await group.person(indices[0]!);
  inFirefox = await personInFirefox(indices[1]!);
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
});
afterAll(() => group?.close());

test('a person in Firefox arrives, waits and is let in', async () => {
  await inFirefox.arrive('camera', 'microphone');
  await inFirefox.sees('wait.title');
  await facilitator.admits(inFirefox);
  await inFirefox.isInRoom();
  await allEncrypted(facilitator, inFirefox);
});

test('two in Firefox and two in Chromium see and hear each other, all of it encrypted', async () => {
  another = await personInFirefox(indices[2]!);
  inChromium = await group.person(indices[3]!);
  for (const person of [another, inChromium]) {
    await person.arrive('camera', 'microphone');
    await facilitator.admits(person);
    await person.isInRoom();
  }
  await allEncrypted(facilitator, inFirefox, another, inChromium);
  await seeAndHearEachOther(everyone());
});

test('all four read the same words', async () => {
  const read: string[][] = [];
  for (const [person] of everyone()) read.push(await readsWords(person));
  expect(new Set(read.map((four) => four.join(' '))).size).toBe(1);
});

test('a page that was left in Firefox comes back to its seat, with camera and microphone off', async () => {
  await inFirefox.driver.goto(`${group.server.url}/`);
  await inFirefox.driver.evaluate(() => history.back(), null).catch(() => undefined); // the page goes while it answers
  await inFirefox.driver.waitFor(() => location.pathname === '/join', null, 'the page to be back');
  await inFirefox.isInRoom();
  const pressed = await inFirefox.driver.evaluate(
    (names) => names.map((name) => [...document.querySelectorAll('button[aria-pressed]')].find((one) => one.textContent?.trim().startsWith(name))?.getAttribute('aria-pressed')),
    [words('bar.microphone'), words('bar.camera')],
  );
  expect(pressed).toEqual(['false', 'false']);
  await facilitator.seesTiles(4);
});

test('pages that are loaded anew have the keys of now: each sees, hears and is seen and heard again', async () => {
  for (const person of [inFirefox, inChromium]) {
    await person.driver.reload();
    await person.isInRoom();
    await person.driver.toFront();
    for (const device of [words('bar.microphone'), words('bar.camera')])
      await person.driver.evaluate((name) => [...document.querySelectorAll<HTMLElement>('button[aria-pressed="false"]')].find((one) => one.textContent?.trim().startsWith(name))?.click(), device);
    await allEncrypted(person);
  }
  await seeAndHearEachOther(everyone());
});

test('in Firefox nothing breaks the content security policy, and nothing is asked of another host', async () => {
  for (const person of [inFirefox, another]) {
    expect(await person.driver.evaluate(() => window.violations, null)).toEqual([]);
    const hosts = await person.driver.evaluate(() => performance.getEntriesByType('resource').map((entry) => new URL(entry.name).hostname), null);
    expect(hosts.length).toBeGreaterThan(0);
    expect([...new Set(hosts)]).toEqual(['localhost']);
  }
});

test('leaving in Firefox is seen in Chromium; the others have new words, the same for all, and go on', async () => {
  const before = await facilitator.readsWords();
  await another.driver.toFront();
  await another.leaves();
  await facilitator.seesTiles(3);
  expect((await facilitator.names()).join()).not.toContain(another.alias);
  await expect.poll(() => facilitator.readsWords(), { timeout: 30_000 }).not.toEqual(before);
  const now = await facilitator.readsWords();
  for (const person of [inFirefox, inChromium]) expect(await readsWords(person)).toEqual(now);
  await seeAndHearEachOther(everyone().filter(([person]) => person !== another));
});

test('no page in Chromium has had an error', () => {
  expect(group.watched).toEqual({ errors: [], foreign: [] });
});
