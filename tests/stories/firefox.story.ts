// SPDX-License-Identifier: Apache-2.0
// Firefox and Chromium in one group, both ways: sound, pictures, admission and return.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { type Person, words } from '../people/person.ts';

let group: Group;
let facilitator: InChromium;
let inFirefox: Person;
let another: Person;
let indices: number[];

beforeAll(async () => {
  group = await Group.open();
  indices = [group.indexOf('facilitator'), group.indexOf('member', 0), group.indexOf('member', 1)];
  facilitator = await group.person(indices[0]!);
  inFirefox = await group.personInFirefox(indices[1]!);
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
});
afterAll(() => group?.close());

test('a person in Firefox arrives, waits and is let in', async () => {
  await inFirefox.arrive('camera', 'microphone');
  await inFirefox.sees('wait.title');
  await facilitator.admits(inFirefox);
  await inFirefox.isInRoom();
});

test('Firefox and Chromium see and hear each other', async () => {
  await inFirefox.seesAndHears(group.expected([indices[0]!]));
  await facilitator.seesAndHears(group.expected([indices[1]!]));
});

test('two in Firefox and one in Chromium see and hear each other', async () => {
  another = await group.personInFirefox(indices[2]!);
  await another.arrive('camera', 'microphone');
  await facilitator.admits(another);
  await another.isInRoom();
  await another.seesAndHears(group.expected([indices[0]!, indices[1]!]));
  await inFirefox.seesAndHears(group.expected([indices[0]!, indices[2]!]));
  await facilitator.seesAndHears(group.expected([indices[1]!, indices[2]!]));
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
  await facilitator.seesTiles(3);
});

test('in Firefox nothing breaks the content security policy, and nothing is asked of another host', async () => {
  for (const person of [inFirefox, another]) {
    expect(await person.driver.evaluate(() => window.violations, null)).toEqual([]);
    const hosts = await person.driver.evaluate(() => performance.getEntriesByType('resource').map((entry) => new URL(entry.name).hostname), null);
    expect(hosts.length).toBeGreaterThan(0);
    expect([...new Set(hosts)]).toEqual(['localhost']);
  }
});

test('leaving in Firefox is seen in Chromium', async () => {
  await another.leaves();
  await facilitator.seesTiles(2);
  expect((await facilitator.names()).join()).not.toContain(another.alias);
});
