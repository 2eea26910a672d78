// SPDX-License-Identifier: Apache-2.0
// Each disguise on a camera that shows a person in a room (people/portrait.ts), by the browser's own way of a camera: what is left of the
// face and of the books and the window behind it at the person who receives it. With TEST_PICTURES (`./test story portrait`) the
// own tile, the receiver's and both pages at three widths stand on contact sheets under build/screens/, for the eye.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../people/browsers.ts';
import { contactSheet } from '../people/contact_sheet.ts';
import { Group, type InChromium } from '../people/group.ts';
import { words } from '../people/person.ts';
import { inPortrait, portraitFile } from '../people/portrait.ts';
import { tree } from '../people/server.ts';

const folder = join(tree, 'build', 'screens');
const looked = process.env['TEST_PICTURES'] !== undefined;
const pictures: { name: string; file: string; width: number }[] = [];
let group: Group;
let browser: Browser;
let facilitator: InChromium;
let member: InChromium;

interface Detail {
  face: number;
  books: number;
  window: number;
}

// How much a point differs from the mean of its two neighbours three to the side, in the parts of the picture: fine detail, and no soft
// slope of colours. Only within the large squares of a disguise: their edges are no detail of what was before the camera. Null until
// there is a picture.
function detailIn(page: Page, seat: number): Promise<Detail | null> {
  return page.evaluate(
    ([of, parts, square]) => {
      const video = document.querySelector<HTMLVideoElement>(`[data-seat="${of}"] video`);
      if (!video || video.readyState < 2 || video.videoWidth === 0) return null;
      const canvas = new OffscreenCanvas(640, 360);
      const pen = canvas.getContext('2d', { willReadFrequently: true })!;
      pen.drawImage(video, 0, 0, 640, 360);
      const found: Record<string, number> = {};
      for (const [name, { x: left, y: top, width, height }] of Object.entries(parts)) {
        const { data } = pen.getImageData(left, top, width, height);
        let sum = 0;
        let count = 0;
        for (let y = 0; y < height; y += 2)
          for (let x = 3; x + 3 < width; x += 1) {
            const within = (left + x) % square;
            if (within < 8 || within > square - 8) continue;
            const at = (column: number, part: number): number => data[4 * (y * width + column) + part]!;
            for (let part = 0; part < 3; part += 1) sum += Math.abs(at(x, part) - (at(x - 3, part) + at(x + 3, part)) / 2);
            count += 3;
          }
        found[name] = sum / count;
      }
      return found as unknown as Detail;
    },
    [seat, inPortrait, 40] as const,
  );
}

const drawnAnew = (page: Page, seat: number): Promise<void> =>
  page.evaluate(async (of) => {
    const video = document.querySelector<HTMLVideoElement>(`[data-seat="${of}"] video`);
    for (let frames = 0; video && frames < 3; frames += 1) await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  }, seat);

async function kept(look: string): Promise<void> {
  if (!looked) return;
  mkdirSync(folder, { recursive: true });
  for (const [who, person] of [['own', member], ['seen', facilitator]] as const) {
    await person.driver.toFront();
    for (const [width, height] of [[320, 640], [768, 900], [1440, 900]] as const) {
      await person.page.setViewportSize({ width, height });
      await drawnAnew(person.page, member.link.seat);
      const take = async (what: string, picture: (path: string) => Promise<unknown>): Promise<void> => {
        const file = `disguise-${width}-${look}-${who}-${what}.png`;
        await picture(join(folder, file));
        pictures.push({ name: `${look}, ${who === 'own' ? 'own' : 'as others see it'}, ${what}`, file, width });
      };
      await take('tile', (path) => person.page.locator(`[data-seat="${member.link.seat}"]`).first().screenshot({ path }));
      await take('page', (path) => person.page.screenshot({ path }));
    }
  }
}

async function opensChooser(): Promise<void> {
  await member.page.setViewportSize({ width: 1440, height: 900 });
  await member.driver.toFront();
  await member.press('bar.more');
  await member.press('more.disguise');
  await member.driver.waitFor(() => document.querySelector('dialog[open] input[name="disguise-picture"]') !== null, null, 'the chooser');
}

// The chooser with each choice on the own picture, and the words under it.
async function keptChooser(look: string): Promise<void> {
  if (!looked) return;
  for (const [width, height] of [[320, 640], [768, 900], [1440, 900]] as const) {
    await member.page.setViewportSize({ width, height });
    await drawnAnew(member.page, member.link.seat);
    const file = `disguise-${width}-${look}-chooser.png`;
    await member.page.screenshot({ path: join(folder, file) });
    pictures.push({ name: `${look}, chooser`, file, width });
  }
}

beforeAll(async () => {
  group = await Group.open();
  browser = await launchChromium({ camera: portraitFile() });
  facilitator = await group.person(group.indexOf('facilitator'), { viewport: { width: 1440, height: 900 } });
  member = await group.person(group.indexOf('member', 0), { browser, coded: false, viewport: { width: 1440, height: 900 } });
  await facilitator.arrive();
  await facilitator.isInRoom();
  await member.arrive('camera');
  await facilitator.admits(member);
  await facilitator.page.getByRole('button', { name: /^Lead/, expanded: true }).click(); // on a phone it lies over the room
  await member.isInRoom();
});
afterAll(async () => {
  await browser?.close();
  await group?.close();
});

// Above the first the face is there to be known and titles on the books to be read; below the second nothing of either is.
const there = 3.5;
const gone = 2;
const still = 0.05;
// The plain colour last, after soft slopes: of those an encoder that goes on from what it had leaves outlines.
const looks = ['none', 'avatar', 'pixelate', 'blur', 'background', 'block'] as const;
const hides: Record<(typeof looks)[number], (seen: Detail) => boolean> = {
  none: ({ face, books, window }) => face > there && books > there && window > there,
  background: ({ face, books, window }) => face > there && books < gone && window < gone,
  blur: ({ face, books, window }) => face < gone && books < gone && window < gone,
  pixelate: ({ face, books, window }) => face < gone && books < gone && window < gone,
  block: ({ face, books, window }) => Math.max(face, books, window) < still,
  avatar: ({ books, window }) => Math.max(books, window) < still,
};

test.each(looks)('%s: what it says is hidden is hidden, and what it shows is there', async (look) => {
  await opensChooser();
  await member.chooses('picture', look);
  if (look === 'none' && (await member.page.getByText(words('disguise.sure.picture')).count()) > 0) await member.press('disguise.sure.picture_yes');
  await member.page.getByRole('dialog').getByText(words(`look.more.${look}`)).waitFor();
  if (look === 'background') await member.page.getByText(words('mask.on')).waitFor({ timeout: 90_000 });
  let last: Detail | null = null;
  const isSo = async (): Promise<boolean> => {
    last = await detailIn(facilitator.page, member.link.seat);
    return last !== null && hides[look](last);
  };
  await facilitator.driver.toFront();
  await expect.poll(isSo, { timeout: 60_000, interval: 200, message: look }).toBe(true).catch((error: Error) => {
    throw new Error(`${look}: ${JSON.stringify(last)}: ${error.message}`);
  });
  // And it stays so, as the person moves.
  for (let pictures = 0; pictures < 12; pictures += 1) {
    await drawnAnew(facilitator.page, member.link.seat);
    expect([await isSo(), last]).toEqual([true, last]);
  }
  // And in the small picture of a small window, which is a layer of its own.
  await facilitator.page.setViewportSize({ width: 320, height: 640 });
  await drawnAnew(facilitator.page, member.link.seat);
  await expect.poll(isSo, { timeout: 30_000, interval: 200, message: `${look}, small` }).toBe(true);
  await facilitator.page.setViewportSize({ width: 1440, height: 900 });
  console.log(`${look}: ${JSON.stringify(last)}`);
  await keptChooser(look);
  await member.press('close');
  await kept(look);
});

test('nothing was asked of another host, and no page has had an error', async () => {
  if (looked)
    for (const width of [320, 768, 1440])
      for (const part of ['tile', 'page', 'chooser'])
        await contactSheet(browser, folder, `disguises-${width}-${part}`, part === 'tile' ? 320 : width === 320 ? 240 : 540, pictures.filter((one) => one.width === width && one.name.endsWith(part)));
  expect(group.watched).toEqual({ errors: [], foreign: [] });
});
