// SPDX-License-Identifier: Apache-2.0
// The server's two processes die in the middle of a session, one after the other (kill -9). Without its service a group goes
// on seeing and hearing each other. Without its call process everyone is told so calmly and comes back by themselves: a
// facilitator straight into the room, a member to where a facilitator lets them in again, since the room that knew of their
// admission is gone with it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arrivedAt, untilArrived } from '../people/network.ts';
import { type Person, words } from '../people/person.ts';
import { Three } from '../people/three.ts';

let three: Three;
let placesBefore: Map<string, number>;
let diedAt: number; // ms, when the service did
const unsteadyForMs = 8_000; // web/src/call/session.ts

beforeAll(async () => {
  three = await Three.meet();
  await three.seeAndHearEachOther();
  placesBefore = await seats(three.facilitator);
  for (const person of three.people) await listens(person);
});
afterAll(() => three?.group.close());

declare global {
  interface Window {
    said: Set<string>; // every heading and every status that stood on the page
  }
}

const listens = (person: Person): Promise<void> =>
  person.driver.evaluate(() => {
    window.said = new Set();
    const look = (): void => {
      for (const element of document.querySelectorAll('h1, .notice')) {
        const text = element.textContent?.trim();
        if (text) window.said.add(text);
      }
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
    look();
  }, null);

// Stands hidden in every page, for browsers that cannot run it.
const standing = ['Your browser is too old for the group'];
const said = (person: Person): Promise<string[]> => person.driver.evaluate(() => [...window.said], null);

// Who sits where, by name.
const seats = async (person: Person): Promise<Map<string, number>> =>
  new Map((await person.tiles()).map((tile) => [tile.name.replace(/ \(you\).*/, ''), tile.seat] as const));

// Camera and microphone of this person, as the page says it.
const switches = (person: Person): Promise<(string | null | undefined)[]> =>
  person.driver.evaluate(
    (names) =>
      names.map((name) =>
        [...document.querySelectorAll('button[aria-pressed]')].find((one) => one.textContent?.trim().startsWith(name))?.getAttribute('aria-pressed'),
      ),
    [words('bar.microphone'), words('bar.camera')],
  );

test('the service dies: media goes on, both ways, in both browsers', async () => {
  const call = three.group.server.callProcess();
  expect(call).toBeGreaterThan(0);
  await three.group.server.die();
  diedAt = Date.now();
  for (const person of three.people) {
    const then = await arrivedAt(person);
    await untilArrived(
      person,
      'sound and pictures to go on without the service',
      (now) => now.frames > then.frames + 20 && now.soundPackets > then.soundPackets + 60,
    );
  }
  expect(three.group.server.callProcess(), 'the same call process').toBe(call);
});

test('the service is started again: every line is back by itself, every seat kept, nobody let in anew', async () => {
  await three.group.server.again();
  for (const person of three.people) {
    await person.driver.waitFor(
      (unsteady) => document.querySelector('[data-seat]') !== null && !document.body.innerText.includes(unsteady),
      words('notice.unsteady'),
      `the line of ${person.alias} to be back`,
      60_000,
    );
    expect(await switches(person), `the switches of ${person.alias}`).toEqual(['true', 'true']);
  }
  const backAt = Date.now();
  await three.seeAndHearEachOther();
  expect(await seats(three.facilitator)).toEqual(placesBefore);
  // Said to have dropped only where the service was away for longer than it takes a page to say so; by then the room has missed its
  // facilitator for as long, and waits for them.
  const titles = [words('room.title'), words('notice.unsteady'), ...standing, ...(backAt - diedAt > unsteadyForMs ? [words('lost.title'), words('paused.title')] : [])];
  for (const person of three.people) expect(titles).toEqual(expect.arrayContaining(await said(person)));
});

test('what is done after the service is back reaches the room', async () => {
  await three.member.press('bar.hand');
  await three.facilitator.page.getByText(words('mark.hand', { place: 1 })).first().waitFor();
  await three.member.press('bar.hand');
});

test('the call process dies: each page says calmly what happens, and the facilitator is back in the room', async () => {
  for (const person of three.people) await listens(person);
  const call = three.group.server.callProcess();
  process.kill(call, 'SIGKILL');
  for (const person of [three.member, three.inFirefox]) {
    await person.sees('wait.moved_title', 60_000);
    expect(await person.driver.evaluate(() => document.querySelector('main')!.innerText, null)).toContain(words('wait.interrupted'));
  }
  await three.facilitator.isInRoom(60_000);
  expect(three.group.server.callProcess()).not.toBe(call);
  const calm = ['room.title', 'notice.unsteady', 'lost.title', 'connecting.title', 'wait.moved_title', 'wait.title'] as const;
  for (const person of three.people) expect([...calm.map((key) => words(key)), ...standing]).toEqual(expect.arrayContaining(await said(person)));
});

test('the facilitator lets the members in again: each has their own seat, and sound and pictures are back untouched', async () => {
  for (const person of [three.member, three.inFirefox]) {
    await three.facilitator.admits(person);
    await person.isInRoom();
  }
  await three.seeAndHearEachOther();
  expect(await seats(three.facilitator)).toEqual(placesBefore);
});
