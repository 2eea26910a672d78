// SPDX-License-Identifier: Apache-2.0
// The staff pages in a real browser over a made-up service that behaves badly on purpose: nothing typed is lost on a fault, a
// line that drops, an idle lock, a sign-in that ran out, another page or a reload; somebody else's change is shown beside one's
// own; no name stands in an address. The real service meets these pages in plan-a-group and two-editors.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium, newContext } from '../../people/browsers.ts';
import { type PlannedDate, thursdayBeforeClocksChange, weeklyFrom } from '../../people/dates.ts';
import { serveSketch, warm } from '../../people/sketch_server.ts';

interface Made {
  signedIn: boolean;
  locked: boolean;
  offline: boolean;
  groups: { id: string; name: string; venue: string; programme: string; version: number }[];
  sessions: { group: { id: string } }[];
  requests: { method: string; path: string; body: unknown; headers: Record<string, string> }[];
}
declare global {
  interface Window {
    service: Made;
  }
}

const made = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let server: Awaited<ReturnType<typeof serveSketch>>;
let browser: Browser;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  server = await serveSketch();
  browser = await launchChromium();
  await warm(browser, server.address);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  await page.context().close();
  expect(errors.splice(0)).toEqual([]);
});

async function open(path: string, more = ''): Promise<void> {
  const context = await newContext(browser, { viewport: { width: 768, height: 900 }, reducedMotion: 'reduce' });
  page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('dialog', (dialog) => void dialog.accept());
  await page.goto(`${server.address}/sketch.html?state=staff&path=${encodeURIComponent(path)}${more}`);
  await page.locator('h1').first().waitFor();
}
const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click();
const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();
const requests = (method: string, path: string) =>
  page.evaluate(([wanted, at]) => window.service.requests.filter((one) => one.method === wanted && one.path === at), [method, path] as const);
async function isClean(): Promise<void> {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { violations: found } = await (window as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> } }).axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
  });
  expect(violations).toEqual([]);
}

const [first, second, third] = weeklyFrom(thursdayBeforeClocksChange(), 3) as [PlannedDate, PlannedDate, PlannedDate];

async function plansAGroup(name: string): Promise<void> {
  await page.getByLabel('Name of the group').fill(name);
  await press('Continue');
  await heading('How can people take part?');
  await page.getByLabel('Video', { exact: true }).check();
  await page.getByLabel('Phone', { exact: true }).check();
  await press('Continue');
  await heading('Who leads it?');
  await press('Add a facilitator');
  await page.getByLabel('Who', { exact: true }).selectOption({ label: 'Sam Waterhouse' });
  await page.getByLabel('Name in the room').fill('Sam');
  await press('Continue');
  await heading('When does it meet?');
  await page.getByLabel('Day', { exact: true }).fill(first.day);
  await page.getByLabel('Month').fill(first.month);
  await page.getByLabel('Year').fill(first.year);
  await page.getByLabel('Begins at').fill('2pm');
  await page.getByLabel('How many dates?').fill('4');
  await page.getByRole('button', { name: new RegExp(`${second.words}, session 2`) }).click();
  await page.getByText(/3 sessions\./).waitFor();
  expect(await page.getByLabel('Begins at').inputValue()).toBe('14:00');
  await page.getByText(new RegExp(`The clocks change before .*${third.words}`)).waitFor();
  await press('Continue');
  await heading('What keeps it confidential?');
  await press('Continue');
  await heading('Check your answers');
}

test('a group is planned one question at a time, looked at, and made once', async () => {
  await open('/staff/groups/new', '&role=team_lead');
  await press('Continue');
  await page.getByRole('alert').getByRole('link', { name: 'Enter a name for the group' }).click();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('/group/name');
  await isClean();
  await plansAGroup('Hope and rest');
  await isClean();
  await press('Make this group');
  await heading('Hope and rest');
  expect(await requests('POST', '/api/groups')).toHaveLength(1);
  const group = await page.evaluate(() => window.service.groups.find(({ name }) => name === 'Hope and rest'));
  const series = await requests('POST', `/api/groups/${group?.id}/series`);
  expect(series.map(({ body }) => body)).toEqual([{ firstDate: first.iso, startTime: '14:00', minutes: 90, everyDays: 7, count: 4, exceptions: [second.iso] }]);
  expect(await page.evaluate((id) => window.service.sessions.filter((one) => one.group.id === id).length, group?.id)).toBe(3);
});

test('what the service refuses is asked again where it was asked, with everything still there', async () => {
  await open('/staff/groups/new', '&role=team_lead');
  await plansAGroup('A refused name');
  await press('Make this group');
  await heading('What kind of group is it?');
  await page.getByRole('alert').getByRole('link', { name: /Another group has this name/ }).waitFor();
  expect(await page.getByLabel('Name of the group').inputValue()).toBe('A refused name');
  await page.getByLabel('Name of the group').fill('A better name');
  await page.evaluate(() => history.pushState(null, '', '/staff/groups/new?step=check'));
  await page.evaluate(() => window.dispatchEvent(new PopStateEvent('popstate')));
  await heading('Check your answers');
  await press('Make this group');
  await heading('A better name');
  const keys = (await requests('POST', '/api/groups')).map(({ headers }) => headers['idempotency-key']);
  expect(new Set(keys).size).toBe(2);
});

test('a line that drops loses nothing: the same creation is sent again under the same key', async () => {
  await open('/staff/people/new', '&role=team_lead');
  await page.getByLabel('Legal name').fill('Alder Finch');
  await page.evaluate(() => void (window.service.offline = true));
  await press('Add this person');
  await page.getByText('Everything you typed is still here.').waitFor();
  expect(await page.getByLabel('Legal name').inputValue()).toBe('Alder Finch');
  await page.evaluate(() => void (window.service.offline = false));
  await press('Add this person');
  await heading('Alder Finch');
  const keys = (await requests('POST', '/api/people')).map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
});

test('an idle lock and a sign-in that ran out are asked for over the page, and saving goes on', async () => {
  await open(`/staff/groups/${made(200)}/plan`);
  await page.getByLabel('Programme').fill('Something typed');
  await page.evaluate(() => void (window.service.locked = true));
  await press('Save');
  await heading('Are you still there?');
  await isClean();
  await page.getByLabel('Password').fill('wrong words');
  await press('Go on');
  await page.getByRole('link', { name: /does not match/ }).waitFor();
  // What is below cannot be reached while the question is open.
  expect(await page.getByLabel('Programme').evaluate((field) => (field as HTMLElement).matches(':focus') || document.elementFromPoint(200, 300)?.closest('form')?.contains(field) === true)).toBe(false);
  await page.evaluate(() => void (window.service.signedIn = false));
  await page.getByLabel('Password').fill('made-up-words');
  await press('Go on');
  await heading('Please sign in again');
  await page.getByLabel('Password').fill('made-up-words');
  await press('Sign in');
  await page.getByLabel('Code').fill('123 456');
  await press('Continue');
  await heading('Compassion group');
  await page.getByText('Something typed').waitFor();
});

test('what is typed stays on another page and back, and says that it is not saved', async () => {
  await open(`/staff/groups/${made(200)}/plan`);
  await page.getByLabel('Programme').fill('Half a thought');
  await page.getByRole('link', { name: 'Today' }).click();
  await heading('Today');
  await page.goBack();
  await heading('Change the plan');
  await page.getByText('It is not saved yet.').waitFor();
  expect(await page.getByLabel('Programme').inputValue()).toBe('Half a thought');
  await press('Start again');
  expect(await page.getByLabel('Programme').inputValue()).toBe('Compassion-focused therapy');
});

test('somebody else’s change is shown beside one’s own; what only one of them changed is kept of both', async () => {
  await open(`/staff/groups/${made(200)}/plan`);
  await page.getByLabel('Programme').fill('What I typed');
  await page.evaluate((id) => {
    const group = window.service.groups.find((one) => one.id === id);
    if (group) Object.assign(group, { programme: 'What they saved', venue: 'Birch Room', version: group.version + 1 });
  }, made(200));
  await press('Save');
  await page.getByRole('heading', { name: 'Somebody else has changed this' }).waitFor();
  await isClean();
  const sides = await page.locator('.conflict__value').allTextContents();
  expect(sides).toEqual(['What they saved', 'What I typed']);
  await page.getByLabel(/What you typed/).check();
  await press('Save these answers');
  await heading('Compassion group');
  const saved = await page.evaluate((id) => window.service.groups.find((one) => one.id === id), made(200));
  expect(saved).toMatchObject({ programme: 'What I typed', venue: 'Birch Room', version: 3 });
});

test('a register is marked by one tap, and corrected only with a reason', async () => {
  await open(`/staff/sessions/${made(1008)}`);
  const row = page.locator('.row--register').first();
  await row.getByRole('button', { name: 'Video' }).click();
  await row.getByText('Came (video)').waitFor();
  await page.getByRole('status').getByText(/Saved\./).waitFor();
  await row.getByRole('button', { name: /^Correct/ }).click();
  await row.getByLabel('Did not come').check();
  await row.getByRole('button', { name: 'Save' }).click();
  await row.getByRole('link', { name: 'Choose why' }).waitFor();
  await isClean();
  await row.getByLabel('Why does the register change?').selectOption('told-afterwards');
  await row.getByRole('button', { name: 'Save' }).click();
  await row.getByText('Did not come').waitFor();
  const puts = await page.evaluate(() => window.service.requests.filter(({ method }) => method === 'PUT').map(({ body, headers }) => [body, headers['if-match']]));
  expect(puts).toEqual([
    [{ mode: 'video', outcome: 'attended', late: false, leftEarly: false, reason: '', note: '' }, '"1"'],
    [{ mode: null, outcome: 'did_not_attend', late: false, leftEarly: false, reason: 'told-afterwards', note: '' }, '"2"'],
  ]);
});

test('nobody’s name ever stands in an address, also not while searching', async () => {
  await open('/staff/people');
  const addresses: string[] = [];
  page.on('framenavigated', () => addresses.push(page.url()));
  await page.getByLabel('Find a person').fill('Juniper');
  await press('Find');
  await page.getByRole('link', { name: 'June' }).click();
  await heading('June');
  await page.goBack();
  await page.getByRole('link', { name: 'June' }).waitFor(); // the search is still there
  expect(await page.getByLabel('Find a person').inputValue()).toBe('Juniper');
  const asked = await page.evaluate(() => window.service.requests.map(({ path }) => path));
  expect([...addresses, ...asked, page.url()].join(' ')).not.toMatch(/juniper/i);
  expect(await page.evaluate(() => JSON.stringify([history.state, { ...sessionStorage }, { ...localStorage }]))).not.toMatch(/juniper/i);
});

test('the room opens in a tab of its own, with the seat in the fragment', async () => {
  await open('/staff');
  const [tab] = await Promise.all([page.waitForEvent('popup'), press(/^Open the room/)]);
  await tab.waitForURL(/\/join/);
  await heading('Today');
});

test('every page is reached by the keyboard: skip link, then the pages, then what the page is for', async () => {
  await open('/staff');
  await page.locator('.skip').focus(); // the first thing in the page
  const names: string[] = [];
  for (let step = 0; step < 9; step += 1) {
    names.push(await page.evaluate(() => (document.activeElement?.textContent ?? '').trim()));
    await page.keyboard.press('Tab');
  }
  expect(names.slice(0, 5)).toEqual(['Skip to the page', 'Today', 'Groups', 'People', 'You']);
  expect(names[5], 'an open alert comes first').toMatch(/^I take it/);
  expect(names[7]).toMatch(/^Letters and calls/);
});
