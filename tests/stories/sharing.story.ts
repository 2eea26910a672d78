// SPDX-License-Identifier: Apache-2.0
// A facilitator shows one tab to the group: everyone sees what it shows, and nothing before they were asked twice. A member may
// when a facilitator lets them, for that once. The browser's own capture of a tab, in Chromium; seen in Chromium and Firefox. A
// worksheet (a PDF that Chromium itself has printed) page by page, from Chromium and from Firefox. Firefox without a screen has nothing
// to capture and says so (NotFoundError): a stream of the page's own stands in for its window, all after that is the product's way.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Browser as Firefox, Page as FirefoxPage } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium, launchFirefox, newFirefoxPage, type Watched } from '../people/browsers.ts';
import { firefoxDriver } from '../people/driver.ts';
import type { InChromium } from '../people/group.ts';
import { allComeIn, memberOfGroup, seated, seatOfMember } from '../people/in_session.ts';
import { type Office, openOffice, groupWithSession } from '../people/office.ts';
import { Person, words } from '../people/person.ts';

const title = 'Worksheet to show';
const watched: Watched = { errors: [], foreign: [] };
let office: Office;
let browser: Browser;
let firefox: Firefox;
const worksheets: Page[] = []; // one beside each who shows it: the browser's list has the tabs of one profile
const nowReads = async (index: number): Promise<void> => {
  for (const page of worksheets) await page.setContent(coded(index));
};
let facilitator: InChromium;
let robin: InChromium;
let ash: Person;
let ashPage: FirefoxPage;

// A page that carries the code of `index`, as coded cameras do (people/code.ts); something on it moves, as on a page that is read.
const coded = (index: number): string => {
  const bits = [5, 4, 3, 2, 1, 0].map((bit) => (index >> bit) & 1);
  const cells = [0, 1].flatMap((row) => bits.map((bit) => `<i style="background:${bit !== row ? '#ff0' : '#00f'}"></i>`)).join('');
  return `<title>${title}</title><style>body{margin:0;display:grid;grid-template:1fr 1fr/repeat(6,1fr);block-size:100vh}b{position:fixed;inset:49% auto auto 0;animation:go 3s linear infinite}@keyframes go{to{translate:90vw}}</style>${cells}<b>.</b>`;
};

const shownTo = (person: Person): Promise<number | null> =>
  person.driver.evaluate(() => {
    const video = document.querySelector<HTMLVideoElement>('[data-share] video');
    return video && window.reading.code(video);
  }, null);
const seesShown = (person: Person, index: number) => expect.poll(() => shownTo(person), { timeout: 30_000, interval: 200 }).toBe(index);
const seesNothingShown = (person: Person) =>
  person.driver.waitFor(() => document.querySelector('[data-share]') === null, null, `${person.alias} to see nothing shown`);

async function chooses(person: InChromium): Promise<void> {
  await person.page.getByRole('button', { name: words('share.choose'), exact: true }).first().click();
  await person.page.getByRole('dialog').getByRole('heading', { name: words('share.preview.title') }).waitFor();
  await person.driver.toFront(); // the captured tab has come before it, and a page behind another draws once a second
}

beforeAll(async () => {
  office = await openOffice();
  const leading = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  const { group, session } = await groupWithSession(leading, office.team, 'Coping with panic', { watermark: true, blankOnBlur: true, membersMayShare: true });
  browser = await launchChromium({ shows: title });
  firefox = await launchFirefox();
  const { link } = await leading.does<{ link: string }>('POST', `/api/sessions/${session}/seat`, {});
  facilitator = await seated(browser, office, { alias: 'Fern', role: 'facilitator', index: 1, link, staff: leading }, watched);
  const first = await memberOfGroup(office, leading, group, 'Robin Sample', 'Linnet');
  robin = await seated(browser, office, { alias: first.alias, role: 'member', index: 2, link: await seatOfMember(office, first, session) }, watched);
  const second = await memberOfGroup(office, leading, group, 'Ash Sample', 'Teasel');
  const seat = await seatOfMember(office, second, session);
  ashPage = await newFirefoxPage(firefox, { index: 3 });
  ash = new Person(firefoxDriver(ashPage), office.server.url, { seat: 3, role: 'member', alias: second.alias, link: seat.replace(/^.*#/, '') });
});
afterAll(async () => {
  await browser?.close();
  await firefox?.close();
  await office?.close();
});

test('the group meets', async () => {
  await allComeIn(facilitator, [robin, ash]);
});

test('a facilitator sees first what everyone will see, and nobody else sees it yet', async () => {
  for (const { page } of [facilitator, robin]) worksheets.push(await page.context().newPage());
  await nowReads(42);
  for (const { page } of [facilitator, robin]) await page.bringToFront();
  await facilitator.press('bar.more');
  await chooses(facilitator);
  expect(await shownTo(robin)).toBeNull();
  await facilitator.press('share.preview.start');
  await facilitator.page.getByText(words('share.on.page')).waitFor();
  await seesShown(robin, 42);
  await seesShown(ash, 42);
});

test('what is shown changes with the page, and lies under the name of who looks', async () => {
  await nowReads(21);
  await seesShown(robin, 21);
  await seesShown(ash, 21);
  const mark = await robin.page.locator('[data-share]').evaluate((one) => getComputedStyle(one, '::after').content);
  expect(mark).toContain('Linnet');
});

test('while another window is in front nothing is shown, and all is back at once', async () => {
  await robin.page.evaluate(() => dispatchEvent(new Event('blur'))); // a headless page is always in front
  await robin.page.getByText(words('blur.title')).waitFor();
  expect(await robin.page.locator('video').count()).toBe(0);
  await robin.page.evaluate(() => dispatchEvent(new Event('focus')));
  await seesShown(robin, 21);
});

test('one tap ends it for everyone', async () => {
  await facilitator.press('share.stop');
  await seesNothingShown(robin);
  await seesNothingShown(ash);
});

test('a member cannot before they are let, and then for that once', async () => {
  await robin.driver.toFront();
  await robin.press('bar.more');
  expect(await robin.page.getByRole('button', { name: words('share.choose'), exact: true }).count()).toBe(0);
  await robin.page.keyboard.press('Escape');
  await facilitator.page.locator('.tile__name', { hasText: 'Linnet' }).first().click();
  await facilitator.press('share.let', { name: 'Linnet' });
  await chooses(robin);
  await robin.press('share.preview.start');
  await seesShown(facilitator, 21);
  await seesShown(ash, 21);
  await facilitator.press('share.end_theirs');
  await seesNothingShown(ash);
  await expect.poll(() => robin.page.getByText(words('share.on.page')).count()).toBe(0);
  expect(await robin.page.getByRole('button', { name: words('share.choose'), exact: true }).count()).toBe(0);
});

test('it ends by itself when its tab is closed', async () => {
  await facilitator.press('bar.more');
  await chooses(facilitator);
  await facilitator.press('share.preview.start');
  await seesShown(ash, 21);
  for (const page of worksheets) await page.close(); // the browser's list has those of both
  await seesNothingShown(ash);
  expect(watched).toEqual({ errors: [], foreign: [] });
});

// Pages that carry these codes.
async function printed(...indices: number[]): Promise<Buffer> {
  const page = await browser.newPage();
  const cells = (index: number): string => {
    const bits = [5, 4, 3, 2, 1, 0].map((bit) => (index >> bit) & 1);
    return [0, 1].flatMap((row) => bits.map((bit) => `<i style="background:${bit !== row ? '#ff0' : '#00f'}"></i>`)).join('');
  };
  await page.setContent(
    `<style>@page{margin:0}body{margin:0}section{display:grid;grid-template:1fr 1fr/repeat(6,1fr);inline-size:1280px;block-size:720px;break-after:page}</style>${indices.map((index) => `<section>${cells(index)}</section>`).join('')}`,
  );
  const pdf = await page.pdf({ width: '1280px', height: '720px', printBackground: true });
  await page.close();
  return pdf;
}
async function choosesFile(person: InChromium, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await person.press('bar.more');
  const asked = person.page.waitForEvent('filechooser');
  await person.press('share.worksheet');
  await (await asked).setFiles(file);
}

test('a worksheet is looked at first, then shown page by page; the file stays where it is', async () => {
  const sheet = await printed(42, 21, 7);
  const before = watched.foreign.length;
  const posted: string[] = [];
  facilitator.page.on('request', (request) => void (request.method() !== 'GET' && posted.push(request.url())));
  await choosesFile(facilitator, { name: 'worksheet.pdf', mimeType: 'application/pdf', buffer: sheet });
  await facilitator.page.getByRole('dialog').getByText('Page 1 of 3').waitFor();
  await facilitator.press('share.page_next');
  await facilitator.page.getByRole('dialog').getByText('Page 2 of 3').waitFor();
  expect(await shownTo(robin)).toBeNull();
  await facilitator.press('share.preview.start');
  await facilitator.page.getByText(words('share.on.worksheet')).waitFor();
  await seesShown(robin, 21);
  await seesShown(ash, 21);
  await facilitator.press('share.page_next');
  await seesShown(robin, 7);
  await seesShown(ash, 7);
  await facilitator.press('share.stop');
  await seesNothingShown(robin);
  await seesNothingShown(ash);
  expect([posted.filter((url) => !url.includes('/api/')), watched.foreign.length]).toEqual([[], before]);
});

// Ash is in Firefox.
async function letsAsh(): Promise<void> {
  await facilitator.driver.toFront();
  await facilitator.page.locator('.tile__name', { hasText: 'Teasel' }).first().click();
  await facilitator.press('share.let', { name: 'Teasel' });
  await ash.driver.waitFor((text) => document.body.innerText.includes(text), words('share.allowed'), 'Ash to be let');
}
const ashReads = (key: Parameters<typeof words>[0], values?: Record<string, number>) =>
  ash.driver.waitFor((text) => document.body.innerText.includes(text), words(key, values), words(key, values));

test('a member in Firefox shows a worksheet page by page, and it is seen in Chromium', async () => {
  const path = join(office.server.folder, 'worksheet.pdf');
  writeFileSync(path, await printed(42, 21, 7));
  await letsAsh();
  const asked = ashPage.waitForFileChooser();
  await ash.press('share.worksheet');
  await (await asked).accept([path]);
  await ashReads('share.page', { at: 1, count: 3 });
  await ash.press('share.page_next');
  await ashReads('share.page', { at: 2, count: 3 });
  expect(await shownTo(robin)).toBeNull();
  await ash.press('share.preview.start');
  await ashReads('share.on.worksheet');
  for (const person of [facilitator, robin]) await seesShown(person, 21);
  await ash.press('share.page_next');
  for (const person of [facilitator, robin]) await seesShown(person, 7);
  await ash.press('share.stop');
  for (const person of [facilitator, robin]) await seesNothingShown(person);
});

test('a picture as well', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.setContent(coded(38).replace('<b>.</b>', ''));
  const path = join(office.server.folder, 'worksheet.png');
  writeFileSync(path, await page.screenshot());
  await page.close();
  await letsAsh();
  const asked = ashPage.waitForFileChooser();
  await ash.press('share.worksheet');
  await (await asked).accept([path]);
  await ash.press('share.preview.start');
  for (const person of [facilitator, robin]) await seesShown(person, 38);
  await facilitator.press('share.end_theirs');
  await seesNothingShown(robin);
  await ash.driver.waitFor((text) => !document.body.innerText.includes(text), words('share.on.worksheet'), 'Ash to be told that it is over');
});

test('and a window: seen by Ash alone before it is by the others, and over when it closes', async () => {
  await ash.driver.evaluate((index) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    const pen = canvas.getContext('2d')!;
    const draw = (): void => {
      for (let column = 0; column < 6; column += 1)
        for (let row = 0; row < 2; row += 1) {
          pen.fillStyle = ((index >> (5 - column)) & 1) !== row ? '#ff0' : '#00f';
          pen.fillRect((column * 1280) / 6, row * 360, 1280 / 6 + 1, 360);
        }
    };
    draw();
    const timer = setInterval(draw, 100);
    navigator.mediaDevices.getDisplayMedia = () => {
      const stream = canvas.captureStream(10);
      const [track] = stream.getVideoTracks();
      Object.assign(window, { closesWindow: () => (clearInterval(timer), track!.stop(), track!.dispatchEvent(new Event('ended'))) });
      return Promise.resolve(stream);
    };
  }, 11);
  await letsAsh();
  await ash.press('share.choose');
  await ashReads('share.preview.title');
  expect(await shownTo(robin)).toBeNull();
  await ash.press('share.preview.start');
  for (const person of [facilitator, robin]) await seesShown(person, 11);
  await ash.driver.evaluate(() => (window as unknown as { closesWindow(): void }).closesWindow(), null);
  for (const person of [facilitator, robin]) await seesNothingShown(person);
});

test('a file that cannot be shown says what is wrong with it, in plain words', async () => {
  await choosesFile(facilitator, { name: 'broken.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 and then nothing') });
  await facilitator.page.getByText(words('share.trouble.worksheet_broken')).waitFor();
  await choosesFile(facilitator, { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b') });
  await facilitator.page.getByText(words('share.trouble.worksheet_kind')).waitFor();
});
