// SPDX-License-Identifier: Apache-2.0
// A whiteboard in an encrypted group: the facilitator opens it and draws, everyone sees the same, a member draws once they are let and
// rubs out their own alone, somebody who comes later sees all of it, and with its end it is gone. Chromium and Firefox.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { type Person, words } from '../people/person.ts';

let group: Group;
let facilitator: InChromium;
let member: InChromium;
let inFirefox: Person;

// How many marks are on somebody's board; null: there is none. And where ink is, in tenths of the board, as it is painted.
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
      for (let y = 0; y < height; y += 2)
        for (let x = 0; x < width; x += 2) {
          const at = (y * width + x) * 4;
          if (pixels[at + 3]! > 200 && pixels[at]! + pixels[at + 1]! + pixels[at + 2]! < 500) found.add(`${Math.floor((10 * x) / width)} ${Math.floor((10 * y) / height)}`);
        }
    }
    return [...found].sort();
  }, null);
const seesInk = (person: Person, cells: string[]) => expect.poll(() => inkAt(person), { timeout: 30_000 }).toEqual(cells);

// A straight line, in tenths of the board.
async function draws(person: InChromium, from: [number, number], to: [number, number]): Promise<void> {
  const box = (await person.page.locator('[data-board]').boundingBox())!;
  const at = ([x, y]: [number, number]): [number, number] => [box.x + (x * box.width) / 10, box.y + (y * box.height) / 10];
  await person.page.mouse.move(...at(from));
  await person.page.mouse.down();
  for (let step = 1; step <= 10; step += 1) await person.page.mouse.move(...at([from[0] + ((to[0] - from[0]) * step) / 10, from[1] + ((to[1] - from[1]) * step) / 10]));
  await person.page.mouse.up();
}

beforeAll(async () => {
  group = await Group.open();
  facilitator = await group.person(group.indexOf('facilitator'));
  member = await group.person(group.indexOf('member', 0));
  inFirefox = await group.personInFirefox(group.indexOf('member', 1));
  await facilitator.arrive();
  await facilitator.isInRoom();
  await member.arrive();
  await facilitator.admits(member);
  await member.isInRoom();
});
afterAll(() => group?.close());

test('the facilitator opens it and draws; the member sees the same and cannot draw', async () => {
  await facilitator.press('bar.more');
  await facilitator.press('board.open');
  await facilitator.page.getByText(words('board.may')).waitFor();
  await member.page.getByText(words('board.look')).waitFor();
  await draws(facilitator, [2.5, 2.5], [7.5, 2.5]);
  await sees(member, 1);
  const cells = [2, 3, 4, 5, 6, 7].map((x) => `${x} 2`);
  await seesInk(facilitator, cells);
  await seesInk(member, cells);
  await draws(member, [2.5, 7.5], [7.5, 7.5]);
  expect(await member.page.getByRole('button', { name: words('board.ink.red') }).count()).toBe(0);
  await draws(facilitator, [2.5, 4.5], [3.5, 4.5]);
  await sees(member, 2); // and nothing of the member's own
  expect((await inkAt(member)).filter((cell) => cell.endsWith(' 7'))).toEqual([]);
});

test('a member draws once everyone may, in Firefox it is seen by who came later, and each rubs out their own', async () => {
  await facilitator.press('board.all');
  await member.page.getByText(words('board.may')).waitFor();
  await member.press('board.ink.red');
  await draws(member, [2.5, 7.5], [4.5, 7.5]);
  await sees(facilitator, 3);
  await inFirefox.arrive();
  await facilitator.admits(inFirefox);
  await inFirefox.isInRoom();
  await sees(inFirefox, 3);
  const cells = await inkAt(facilitator);
  expect(cells).toContain('3 7');
  await seesInk(inFirefox, cells);
  await member.press('board.rubber');
  await draws(member, [2.8, 1.5], [2.8, 8.5]); // over all three
  await sees(facilitator, 2);
  await sees(inFirefox, 2);
  await expect.poll(async () => (await inkAt(member)).filter((cell) => cell.endsWith(' 2')).length, { timeout: 30_000 }).toBe(6); // the facilitator’s is back
});

test('a facilitator clears it; and closed it is gone, for who loads the page anew, too', async () => {
  await facilitator.press('board.clear');
  await facilitator.press('board.clear_sure');
  await sees(member, 0);
  await draws(facilitator, [1.5, 1.5], [2.5, 1.5]);
  await sees(member, 1);
  await member.page.reload();
  await member.isInRoom();
  await sees(member, 1);
  await facilitator.press('board.close');
  for (const person of [facilitator, member, inFirefox]) await sees(person, null);
  expect(group.watched).toEqual({ errors: [], foreign: [] });
});
