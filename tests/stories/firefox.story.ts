// SPDX-License-Identifier: Apache-2.0
// A person in Firefox with one in Chromium, in a group whose plan does without encryption end to end: both say yes to that first, then
// see and hear each other over plain SRTP, hide and show themselves, and part. Encrypted, the two browsers meet in firefox-e2ee.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { type Person, words } from '../people/person.ts';

let group: Group;
let facilitator: InChromium;
let member: Person;
let own: { facilitator: number; member: number };

const agrees = async (person: Person): Promise<void> => {
  await person.sees('arrive.title');
  await person.press('arrive.ready');
  await person.driver.waitFor((text) => document.body.innerText.includes(text), words('protect.agree_fault'), `${person.alias} to be asked about the missing encryption`);
  await person.driver.evaluate((name) => [...document.querySelectorAll('label')].find((one) => one.textContent?.trim() === name)?.click(), words('protect.agree'));
  await person.press('arrive.ready');
};
const presses = (person: Person, key: 'bar.camera' | 'bar.microphone', pressed: boolean): Promise<void> =>
  person.driver.evaluate(
    ([name, state]) => [...document.querySelectorAll<HTMLElement>(`button[aria-pressed="${state}"]`)].find((one) => one.textContent?.trim().startsWith(name))?.click(),
    [words(key), String(pressed)] as const,
  );

beforeAll(async () => {
  group = await Group.open({ arguments: ['--demo-clear'] });
  own = { facilitator: group.indexOf('facilitator'), member: group.indexOf('member') };
  facilitator = await group.person(own.facilitator);
  member = await group.personInFirefox(own.member);
});
afterAll(() => group?.close());

test('each is told that the group is not encrypted, says yes to it, and comes in', async () => {
  for (const person of [facilitator, member]) {
    await person.open();
    await person.turnOn('camera', 'microphone');
    await person.answersToday();
    await agrees(person);
    if (person === member) {
      await member.sees('wait.title');
      await facilitator.admits(member);
    }
    await person.isInRoom();
    await person.driver.waitFor((text) => document.querySelector('.strip__protection')?.textContent?.includes(text), words('protect.none'), `${person.alias} to have it in sight`);
  }
});

test('they see and hear each other, both ways', async () => {
  await facilitator.seesAndHears(group.expected([own.member]));
  await member.seesAndHears(group.expected([own.facilitator]));
});

test('who hides in Firefox is gone for the others at once, and is there again when they choose', async () => {
  const shown = async (): Promise<boolean> => (await facilitator.tiles()).some((tile) => !tile.self && tile.code !== null && tile.frames > 0);
  await presses(member, 'bar.camera', true);
  await expect.poll(shown, { timeout: 30_000 }).toBe(false);
  await presses(member, 'bar.camera', false);
  await facilitator.seesAndHears(group.expected([own.member]));
});

test('who leaves in Firefox reads that they have left, and the other is alone', async () => {
  await member.leaves();
  await facilitator.seesTiles(1);
  expect(group.watched).toEqual({ errors: [], foreign: [] });
  expect(await member.driver.evaluate(() => window.violations, null)).toEqual([]);
});
