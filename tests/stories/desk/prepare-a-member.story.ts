// SPDX-License-Identifier: Apache-2.0
// A facilitator prepares somebody before their first session, one part at a time, by keyboard and by mouse, at a real service: it saves
// itself, is left, read again from the service and gone on with, keeps the reason of what was declined, and ends with the person prepared
// and their ways in the register.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enPrepareStaff as en } from '../../../web/src/texts/en_prepare_staff.ts';
import { launchChromium, newContext, newPage, type Watched } from '../../people/browsers.ts';
import { looksRight as looks } from '../../people/looks.ts';
import { groupWithSession, type Office, openOffice, person, type Staff } from '../../people/office.ts';

let office: Office;
let lead: Staff & { id: string };
let group: string;
let membership: string;
let browser: Browser;
let page: Page;
const watched: Watched = { errors: [], foreign: [] };

interface Ready {
  alias: string;
  state: string;
  missing: string[];
  declined: string[];
  waysNotSaid: number;
  finished: boolean;
}
const ready = async (): Promise<Ready> => (await lead.does<{ items: Ready[] }>('GET', `/api/groups/${group}/readiness`)).items[0]!;

beforeAll(async () => {
  office = await openOffice();
  lead = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  ({ group } = await groupWithSession(lead, office.team, 'Coping with panic'));
  const one = await lead.does<{ id: string }>('POST', '/api/people', person(office.team, 'Robin Sample', { email: 'robin@example.org' }));
  membership = (await lead.does<{ id: string }>('POST', `/api/groups/${group}/members`, { person: one.id })).id;
  browser = await launchChromium();
  const context = await newContext(browser, { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  await lead.opens(context);
  page = await newPage(context, null, watched);
});
afterAll(async () => {
  await browser?.close();
  await office?.close();
});

const title = (words: string) => page.getByRole('heading', { level: 1, name: words, exact: true }).waitFor({ timeout: 20_000 });
const press = (words: string) => page.getByRole('button', { name: words, exact: true }).click();
const looksRight = (name: string): Promise<void> => looks(page, name);

test('the way in stands beside each member of the group, with what is missing', async () => {
  await page.goto(`${office.server.url}/staff/groups/${group}`);
  await page.getByRole('link', { name: new RegExp(`^${en['prepare.link']} `) }).first().click();
  await page.getByText('0 of 13 parts are done').waitFor();
  expect(await ready()).toMatchObject({ finished: false, waysNotSaid: 2 });
  expect((await ready()).missing.length).toBeGreaterThan(5);
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
  await page.reload();
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
  await page.getByLabel(en['prepare.alias'], { exact: true }).fill('Linnet');
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
  await session(1).getByLabel('Phone', { exact: true }).check();
  await press(en['prepare.done']);
  await page.getByText('Choose a way for each session').first().waitFor();
  await looksRight('prepare-ways-missing');
  await press(en['prepare.way.all.video']);
  expect(await session(1).getByLabel('Phone', { exact: true }).isChecked(), 'an answer that was given stays').toBe(true);
  expect(await session(2).getByLabel('Video', { exact: true }).isChecked()).toBe(true);
  await page.getByRole('button', { name: new RegExp(`^${en['prepare.way.take_back']} Session 2`) }).click();
  expect(await session(2).locator('input:checked').count()).toBe(0);
  await session(2).getByLabel('In person', { exact: true }).check();
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
  expect(await ready()).toEqual(expect.objectContaining({ alias: 'Linnet', state: 'prepared', missing: [], declined: ['place'], waysNotSaid: 0, finished: true }));
  const sessions = await lead.does<{ items: { id: string }[] }>('GET', `/api/groups/${group}/sessions`);
  const planned = await Promise.all(
    sessions.items.map(async ({ id }) => (await lead.does<{ rows: { membership: string; planned: string | null }[] }>('GET', `/api/sessions/${id}/register`)).rows.find((row) => row.membership === membership)?.planned),
  );
  expect(planned).toEqual(['phone', 'in_person']);
  // What the service refuses, the browser writes into its console.
  expect(watched.errors.filter((words) => !words.includes('status of 422'))).toEqual([]);
  expect(watched.foreign).toEqual([]);
});
