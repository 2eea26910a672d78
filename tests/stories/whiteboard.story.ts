// SPDX-License-Identifier: Apache-2.0
// A whiteboard in an encrypted group: the facilitator opens it and draws, everyone sees the same, a member on a phone draws once they are
// let, with a finger, and rubs out their own alone, somebody who comes later sees all of it, and with its end it is gone. Chromium and
// Firefox, under the policy that the server sends: what it refuses fails the story.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { type Person, words } from '../people/person.ts';

let group: Group;
let facilitator: InChromium;
let member: InChromium;
let inFirefox: Person;

// How many marks are on somebody's board; null: there is none. And where ink is, in tenths of the board, as it is painted (a line is two pixels wide on a phone).
const marksAt = (person: Person): Promise<number | null> =>
  person.driver.evaluate(() => {
    const surface = document.querySelector<HTMLElement>('[data-board]');
    return surface && Number(surface.dataset['board']);
  }, null);
const sees = (person: Person, count: number | null) => expect.poll(() => marksAt(person), { timeout: 30_000 }).toBe(count);
const inkAt = (person: Person): Promise<string[]> =>
  person.driver.evaluate(() => {
    const found = new Set<string>();
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>('[data-board] canvas')) {
      const { width, height } = canvas;
      const pixels = width > 0 && height > 0 ? canvas.getContext('2d')?.getImageData(0, 0, width, height).data : null;
      if (!pixels) continue;
      for (let y = 0; y < height; y += 1)
        for (let x = 0; x < width; x += 1) {
          const at = (y * width + x) * 4;
          if (pixels[at + 3]! > 100 && pixels[at]! + pixels[at + 1]! + pixels[at + 2]! < 500) found.add(`${Math.floor((10 * x) / width)} ${Math.floor((10 * y) / height)}`);
        }
    }
    return [...found].sort();
  }, null);
const seesInk = (person: Person, cells: string[]) => expect.poll(() => inkAt(person), { timeout: 30_000 }).toEqual(cells);

type Place = [number, number]; // in tenths of the board

async function placesFor(person: InChromium): Promise<(place: Place) => { x: number; y: number }> {
  const surface = person.page.locator('[data-board]');
  await surface.scrollIntoViewIfNeeded();
  const box = (await surface.boundingBox())!;
  return ([x, y]) => ({ x: box.x + (x * box.width) / 10, y: box.y + (y * box.height) / 10 });
}
const along = (from: Place, to: Place): Place[] => Array.from({ length: 11 }, (_, n) => [from[0] + ((to[0] - from[0]) * n) / 10, from[1] + ((to[1] - from[1]) * n) / 10]);

// A straight line, with a mouse.
async function draws(person: InChromium, from: Place, to: Place): Promise<void> {
  const { mouse } = person.page;
  const at = await placesFor(person);
  const [first, ...others] = along(from, to).map(at);
  await mouse.move(first!.x, first!.y);
  await mouse.down();
  for (const { x, y } of others) await mouse.move(x, y);
  await mouse.up();
}
// With a finger.
async function touches(person: InChromium, from: Place, to: Place): Promise<void> {
  const hand = await person.context.newCDPSession(person.page);
  const at = await placesFor(person);
  const [first, ...others] = along(from, to).map(at);
  await hand.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [first!] });
  for (const point of others) await hand.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [point] });
  await hand.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await hand.detach();
}
const hasInk = (person: Person, place: string, there: boolean) => expect.poll(async () => (await inkAt(person)).includes(place), { timeout: 30_000 }).toBe(there);

beforeAll(async () => {
  group = await Group.open();
  facilitator = await group.person(group.indexOf('facilitator'));
  member = await group.person(group.indexOf('member', 0), { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
  inFirefox = await group.personInFirefox(group.indexOf('member', 1));
  await facilitator.arrive();
  await facilitator.isInRoom();
  await member.arrive();
  await facilitator.admits(member);
  await member.isInRoom();
});
afterAll(() => group?.close());

test('the facilitator opens it and draws; the member hears of it, sees the same and cannot draw', async () => {
  await facilitator.press('bar.more');
  await facilitator.press('board.open');
  await facilitator.page.getByText(words('board.may')).waitFor();
  await member.page.getByText(words('board.look')).waitFor();
  await member.page.getByRole('status').filter({ hasText: 'A whiteboard is open.' }).waitFor();
  await draws(facilitator, [2.5, 2.5], [7.5, 2.5]);
  await sees(member, 1);
  const cells = [2, 3, 4, 5, 6, 7].map((x) => `${x} 2`);
  await seesInk(facilitator, cells);
  await seesInk(member, cells);
  expect(await member.page.getByRole('img', { name: 'A whiteboard is open. One line is drawn on it.' }).count()).toBe(1);
  await touches(member, [2.5, 7.5], [7.5, 7.5]);
  expect(await member.page.getByRole('button', { name: words('board.ink.red') }).count()).toBe(0);
  await draws(facilitator, [2.5, 4.5], [3.5, 4.5]);
  await sees(member, 2); // and nothing of the member's own
  expect((await inkAt(member)).filter((place) => place.endsWith(' 7'))).toEqual([]);
});

test('a member draws once everyone may, who comes later sees it, and each rubs out their own', async () => {
  await facilitator.press('board.all');
  await member.press('board.ink.red');
  await touches(member, [2.5, 7.5], [4.5, 7.5]);
  await sees(facilitator, 3);
  await inFirefox.arrive();
  await facilitator.admits(inFirefox);
  await inFirefox.isInRoom();
  await sees(inFirefox, 3);
  const cells = await inkAt(facilitator);
  expect(cells).toContain('3 7');
  await seesInk(inFirefox, cells);
  await member.press('board.rubber');
  await touches(member, [2.8, 1.5], [2.8, 8.5]); // over all three
  await sees(facilitator, 2);
  await sees(inFirefox, 2);
  expect((await inkAt(member)).filter((place) => place.endsWith(' 2'))).toHaveLength(6); // what is not theirs did not go, not even here
});

test('one takes back one’s own last line; the facilitator rubs out anybody’s', async () => {
  await member.press('board.ink.green');
  await touches(member, [1.5, 8.5], [2.5, 8.5]);
  await sees(facilitator, 3);
  await touches(member, [5.5, 8.5], [6.5, 8.5]);
  await sees(facilitator, 4);
  await member.press('board.undo');
  await hasInk(facilitator, '5 8', false);
  await hasInk(facilitator, '1 8', true);
  await facilitator.press('board.rubber');
  await draws(facilitator, [2, 7.5], [2, 9.5]);
  await sees(member, 2);
  await hasInk(member, '1 8', false);
  await facilitator.press('board.all'); // no longer
  await member.page.getByText(words('board.look')).waitFor();
  await expect.poll(() => member.page.getByRole('button', { name: words('board.ink.red') }).count()).toBe(0);
});

test('a facilitator clears it, by keyboard, once asked; the focus comes back', async () => {
  const { keyboard } = facilitator.page;
  const clear = facilitator.page.getByRole('button', { name: words('board.clear') });
  await clear.focus();
  await keyboard.press('Enter');
  await facilitator.page.getByRole('dialog', { name: words('board.clear.title') }).waitFor();
  await keyboard.press('Escape');
  await sees(member, 2);
  await expect.poll(() => clear.evaluate((button) => button === document.activeElement)).toBe(true);
  await keyboard.press('Enter');
  await facilitator.page.getByRole('button', { name: words('board.clear.yes') }).focus();
  await keyboard.press('Enter');
  await sees(member, 0);
  await seesInk(member, []);
  await expect.poll(() => clear.evaluate((button) => button === document.activeElement)).toBe(true);
});

test('it is there for who loads the page anew, and gone for all once it is closed, or its only facilitator comes back without it', async () => {
  await facilitator.press('board.ink.black');
  await draws(facilitator, [1.5, 1.5], [2.5, 1.5]);
  await sees(member, 1);
  await member.page.reload();
  await member.isInRoom();
  await sees(member, 1);
  await seesInk(member, ['1 1', '2 1']);
  await facilitator.press('board.close');
  await facilitator.press('board.close.yes');
  for (const person of [facilitator, member, inFirefox]) await sees(person, null);
  await facilitator.press('bar.more');
  await facilitator.press('board.open');
  await sees(member, 0);
  await facilitator.page.reload();
  await facilitator.isInRoom();
  for (const person of [facilitator, member, inFirefox]) await sees(person, null);
  expect(group.watched).toEqual({ errors: [], foreign: [] });
  expect(await inFirefox.driver.evaluate(() => window.violations, null)).toEqual([]);
});
