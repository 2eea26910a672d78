// SPDX-License-Identifier: Apache-2.0
// A facilitator prepares somebody before their first session, one part at a time, by keyboard and by mouse: it saves itself, is left and
// gone on with, keeps the reason of what was declined, and ends with the person prepared. The pages stand over a made-up service
// here; the service's own rules are tested in src/care/preparation_test.cpp on both databases.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enPrepareStaff as en } from '../../../web/src/texts/en_prepare_staff.ts';
import { launchChromium, newContext } from '../../people/browsers.ts';
import { faultsOnScreen } from '../../people/screen.ts';
import { tree } from '../../people/server.ts';
import { serveSketch } from '../../people/sketch_server.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = join(tree, 'build', 'screens');
const group = '00000000-0000-7000-8000-000000000200';
let server: Awaited<ReturnType<typeof serveSketch>>;
let browser: Browser;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  server = await serveSketch();
  browser = await launchChromium();
  const first = await browser.newPage();
  await first.goto(`${server.address}/sketch.html?state=staff`);
  await first.locator('h1').first().waitFor({ timeout: 60_000 }).catch(() => undefined);
  await first.close();
  const context = await newContext(browser, { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const title = (words: string) => page.getByRole('heading', { level: 1, name: words, exact: true }).waitFor({ timeout: 20_000 });
const press = (words: string) => page.getByRole('button', { name: words, exact: true }).click();

async function looksRight(name: string): Promise<void> {
  for (const [width, height] of [[320, 640], [768, 900], [1440, 900]] as const) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(pictures, `${String(width).padStart(4, '0')}-${name}.png`), fullPage: true });
    expect(await page.evaluate(faultsOnScreen, { target: 24 }), `${name} at ${width}`).toEqual([]);
  }
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> } }).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
  });
  expect(found, name).toEqual([]);
}

test('the way in stands beside each member of the group', async () => {
  await page.goto(`${server.address}/sketch.html?state=staff&path=${encodeURIComponent(`/staff/groups/${group}`)}`);
  await page.getByRole('link', { name: new RegExp(`^${en['prepare.link']} `) }).first().click();
  await page.getByText('0 of 13 parts are done').waitFor();
  await looksRight('prepare-overview');
});

test('one part at a time; what is lacking is said at its field', async () => {
  await page.getByRole('link', { name: en['prepare.start'], exact: true }).click();
  await title(en['prepare.part.group']);
  await press(en['prepare.talked']);
  await title(en['prepare.part.confidentiality']);
  await press(en['prepare.talked']);
  await title(en['prepare.part.overheard']);
  await press(en['prepare.done']);
  await page.getByText('Write who might overhear, or that nobody can').waitFor();
  await looksRight('prepare-overheard');
});

test('what is typed saves itself', async () => {
  await page.getByLabel(en['prepare.overheard'], { exact: true }).fill('Their brother, through a thin wall');
  await page.getByText(en['prepare.saved'], { exact: true }).waitFor({ timeout: 10_000 });
  await press(en['prepare.done']);
  await title(en['prepare.part.questions']);
});

test('a question is written down with its answer', async () => {
  await press(en['prepare.questions.add']);
  await page.getByLabel(en['prepare.questions.question']).fill('Who will know that I come?');
  await page.getByLabel(en['prepare.questions.answer']).fill('Your team, and nobody else.');
  await looksRight('prepare-questions');
  await press(en['prepare.done']);
  await title(en['prepare.part.place']);
});

test('a part is left open, and the preparation is left and gone on with', async () => {
  expect(await page.locator('input:checked').count()).toBe(0);
  await press(en['prepare.later']);
  await title(en['prepare.part.technology']);
  await page.getByRole('link', { name: en['prepare.overview'] }).click();
  await page.getByText('4 of 13 parts are done').waitFor();
  await page.getByRole('link', { name: en['prepare.back'] }).click();
  await page.getByRole('link', { name: new RegExp(`^${en['prepare.link']} `) }).first().click();
  await page.getByText('4 of 13 parts are done').waitFor();
  await page.getByRole('link', { name: en['prepare.go_on'], exact: true }).click();
  await title(en['prepare.part.place']);
});

test('what they would rather not keeps its reason', async () => {
  await press(en['prepare.decline']);
  await press(en['prepare.decline_save']);
  await page.getByText(en['prepare.fault.reason']).first().waitFor();
  await page.getByLabel(en['prepare.decline_reason']).fill('Wants to find a place first');
  await press(en['prepare.decline_save']);
  await title(en['prepare.part.technology']);
});

test('no way is chosen beforehand, and each session has its own', async () => {
  await page.getByLabel('Yes, it works').check();
  await press(en['prepare.done']);
  await title(en['prepare.part.alias']);
  await press(en['prepare.done']);
  await title(en['prepare.part.disguise']);
  await press(en['prepare.done']);
  await title(en['prepare.part.conflict']);
  await looksRight('prepare-conflict');
  await page.getByLabel(en['prepare.conflict.nobody']).check();
  await press(en['prepare.done']);
  await title(en['prepare.part.ways']);
  expect(await page.locator('input:checked').count()).toBe(0);
  const session = (number: number) => page.getByRole('group', { name: new RegExp(`^Session ${number},`) });
  await session(4).getByLabel('Phone', { exact: true }).check();
  await press(en['prepare.done']);
  await page.getByText('Choose a way for each session').first().waitFor();
  await looksRight('prepare-ways-missing');
  await press(en['prepare.way.all.video']);
  expect(await session(4).getByLabel('Phone', { exact: true }).isChecked(), 'an answer that was given stays').toBe(true);
  expect(await session(5).getByLabel('Video', { exact: true }).isChecked()).toBe(true);
  await page.getByRole('button', { name: new RegExp(`^${en['prepare.way.take_back']} Session 5`) }).click();
  expect(await session(5).locator('input:checked').count()).toBe(0);
  await session(5).getByLabel('In person', { exact: true }).check();
  await looksRight('prepare-ways');
  await press(en['prepare.done']);
  await title(en['prepare.part.communication']);
});

test('with everything said it is finished, and the person is prepared', async () => {
  await page.getByLabel(en['prepare.communication'], { exact: true }).fill('None');
  await press(en['prepare.done']);
  await title(en['prepare.part.safety']);
  await page.getByLabel(en['prepare.safety.helps'], { exact: true }).fill('A short walk');
  await press(en['prepare.done']);
  await title(en['prepare.part.emergency']);
  await page.getByLabel(en['prepare.emergency.name'], { exact: true }).fill('Invented Sibling');
  await page.getByLabel(en['prepare.emergency.telephone'], { exact: true }).fill('01632 960001');
  await press(en['prepare.done']);
  await page.getByText('13 of 13 parts are done').waitFor();
  await page.getByText('Would rather not: Wants to find a place first').waitFor();
  await press(en['prepare.finish']);
  await page.getByText(en['prepare.is_prepared']).waitFor();
  await looksRight('prepare-finished');
  expect(errors).toEqual([]);
});
