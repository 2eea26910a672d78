// SPDX-License-Identifier: Apache-2.0
// A member changes how they take part, by keyboard and on a small phone; the register's plan follows. The session moves and is
// cancelled: they are told, and the calendar entry follows. Their page has no finding of axe.
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enMine } from '../../../web/src/texts/en_mine.ts';
import { enStaff } from '../../../web/src/texts/en_staff.ts';
import { launchChromium, newContext, newPage, type Watched } from '../../people/browsers.ts';
import { staffPage } from '../../people/in_session.ts';
import { looksRight } from '../../people/looks.ts';
import { Mailbox } from '../../people/mailbox.ts';
import { groupWithSession, member, type Office, openOffice, person, type Staff } from '../../people/office.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let mailbox: Mailbox;
let office: Office;
let lead: Staff & { id: string };
let group: string;
let session: string;
let membership: string;
let browser: Browser;
let page: Page;
const watched: Watched = { errors: [], foreign: [] };

const planned = async (): Promise<string | null | undefined> =>
  (await lead.does<{ rows: { membership: string; planned: string | null }[] }>('GET', `/api/sessions/${session}/register`)).rows.find((row) => row.membership === membership)?.planned;
const findings = async (): Promise<string[]> => {
  await page.addScriptTag({ path: axe });
  return page.evaluate(async () => (await (window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }).axe.run()).violations.map(({ id }) => id));
};

beforeAll(async () => {
  mailbox = await Mailbox.open();
  office = await openOffice({ arguments: ['--mail-smtp', mailbox.url, '--mail-plain', 'true', '--mail-from', 'care@example.org', '--mail-reminder-hours', '0'] });
  lead = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  const made = await groupWithSession(lead, office.team, 'Coping with panic');
  ({ group, session } = made);
  const one = await lead.does<{ id: string }>('POST', '/api/people', person(office.team, 'Robin Sample', { email: 'robin@example.org' }));
  membership = await member(lead, made.group, one.id, 'Linnet');
  await lead.does('POST', `/api/memberships/${membership}/invitation`, {});
  browser = await launchChromium();
  page = await newPage(await newContext(browser, { viewport: { width: 320, height: 640 }, bypassCSP: true, acceptDownloads: true }), null, watched);
  await page.goto(/http:\/\/localhost:\d+\/mine#[\w-]{43}/.exec((await mailbox.mail(0)).text)![0]);
});
afterAll(async () => {
  await browser?.close();
  await office?.close();
  await mailbox?.close();
});

test('the two questions and the page have no finding of axe and fit 320 pixels', async () => {
  await page.getByRole('heading', { name: enMine['confirm.title'] }).waitFor();
  expect(await findings()).toEqual([]);
  await page.getByLabel(enMine['confirm.day']).focus();
  for (const text of ['29', '2', '1980', 'M1 1AE']) {
    await page.keyboard.type(text);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Hello Robin Sample' }).waitFor();
  expect(await findings()).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test('every way has the same size, none is chosen; the keyboard chooses, and the register knows', async () => {
  const boxes = await page.locator('.my-session').first().locator('.way').evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ width, height }) => `${width} ${height}`));
  expect(new Set(boxes).size).toBe(1);
  expect(boxes).toHaveLength(3);
  expect(await planned()).toBe(null);
  const first = page.locator('input[type=radio]').first();
  await first.focus();
  await page.keyboard.press('Space');
  await page.getByText('Saved: In person.').waitFor();
  expect(await planned()).toBe('in_person');
  await page.keyboard.press('ArrowDown');
  await page.getByText('Saved: By video.').waitFor();
  expect(await planned()).toBe('video');
});

test('answers about background are theirs alone to give and to change; nothing is chosen for them', async () => {
  const part = page.getByRole('region', { name: enMine['about.title'] });
  const open = (): Promise<void> => part.getByRole('button', { name: enMine['about.open'] }).click();
  const answer = (question: 'about.religion' | 'about.sex' | 'about.age') => part.getByLabel(enMine[question], { exact: true });
  await open();
  expect(await part.locator('select').evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value).filter(Boolean))).toEqual([]);
  await answer('about.religion').selectOption({ label: enMine['about.own'] });
  await part.getByLabel(enMine['about.own_words']).fill('Quaker');
  await answer('about.sex').selectOption({ label: enMine['about.prefer_not'] });
  await answer('about.age').selectOption({ label: enMine['about.age.35-44'] });
  await looksRight(page, 'mine-about', 44);
  await part.getByRole('button', { name: enMine['about.save'] }).click();
  await part.getByText(enMine['about.saved']).waitFor();
  await page.reload();
  await open();
  expect(await part.getByLabel(enMine['about.own_words']).inputValue()).toBe('Quaker');
  expect(await answer('about.sex').inputValue()).toBe('prefer-not-to-say');
  await answer('about.age').selectOption({ label: enMine['about.not_answered'] });
  await part.getByRole('button', { name: enMine['about.save'] }).click();
  await part.getByText(enMine['about.saved']).waitFor();
  await open();
  expect(await answer('about.age').inputValue()).toBe('');
  const about = (await lead.does<{ items: { person: { id: string } }[] }>('GET', `/api/groups/${group}/members`)).items[0]!.person.id;
  expect((await lead.ask('GET', `/api/people/${about}/protected`)).status).toBeGreaterThanOrEqual(400);
});

test('the calendar entry can be had', async () => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: enMine['mine.calendar'] }).first().click()]);
  expect(download.suggestedFilename()).toBe('appointment.ics');
});

test('a session that moves, and one that is cancelled, are told with the same entry', async () => {
  const uid = (text: string): string | undefined => /UID:(\S+)/.exec(text)?.[1];
  const before = await lead.does<{ version: number; date: string; minutes: number; venue: string; heldOn: string }>('GET', `/api/sessions/${session}`);
  const next = new Date(`${before.date}T12:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  await lead.does('PUT', `/api/sessions/${session}`, { date: next.toISOString().slice(0, 10), time: '15:30', minutes: before.minutes, venue: before.venue, heldOn: before.heldOn }, { 'if-match': `"${before.version}"` });
  const moved = await mailbox.mail(1);
  expect(moved.text).toContain('It is now on');
  expect(moved.text).toContain('3:30pm');
  expect(moved.calendars[0]).toContain('SEQUENCE:1');
  expect(uid(moved.calendars[0]!)).toBe(uid((await mailbox.mail(0)).calendars[0]!));
  const now = await lead.does<{ version: number }>('GET', `/api/sessions/${session}`);
  await lead.does('POST', `/api/sessions/${session}/cancel`, { reason: 'facilitator-unwell' }, { 'if-match': `"${now.version}"` });
  const cancelled = await mailbox.mail(2);
  expect(cancelled.calendars[0]).toContain('METHOD:CANCEL');
  expect(cancelled.text).toContain('will not take place');
});

test('on other software, the address to join by is on their page once a facilitator has given it there', async () => {
  const later = (await lead.does<{ items: { id: string; version: number; date: string; time: string; minutes: number; venue: string }[] }>('GET', `/api/groups/${group}/sessions`)).items.find(({ id }) => id !== session)!;
  await lead.does('PUT', `/api/sessions/${later.id}`, { date: later.date, time: later.time, minutes: later.minutes, venue: later.venue, heldOn: 'Other Meetings' }, { 'if-match': `"${later.version}"` });
  const card = page.locator('.my-session').filter({ hasText: 'Other Meetings' });
  await page.reload();
  await card.getByText(enMine['mine.elsewhere'].replace('{software}', 'Other Meetings')).waitFor();
  const staff = await staffPage(browser, lead, watched);
  await staff.goto(`${office.server.url}/staff/sessions/${later.id}`);
  await staff.getByRole('button', { name: enStaff['joining.give'] }).click();
  const address = staff.getByLabel(enStaff['joining.address'], { exact: true });
  await address.fill('meet.example/quiet');
  await staff.getByRole('button', { name: enStaff['form.save'] }).click();
  await staff.getByText('Give the whole address, beginning with https://').first().waitFor();
  expect(await address.inputValue()).toBe('meet.example/quiet');
  await looksRight(staff, 'joining-fault');
  await address.fill('https://meet.example/quiet?pwd=made-up');
  await staff.getByRole('button', { name: enStaff['form.save'] }).click();
  await staff.getByText(enStaff['joining.saved'], { exact: true }).waitFor();
  await staff.context().close();
  await page.reload();
  const link = card.getByRole('link', { name: enMine['mine.elsewhere_join'].replace('{software}', 'Other Meetings') });
  await link.waitFor();
  expect(await link.getAttribute('href')).toBe('https://meet.example/quiet?pwd=made-up');
  expect(await link.getAttribute('rel')).toContain('noreferrer');
  await looksRight(page, 'mine-elsewhere', 44);
});

test('nobody’s browser met an error but for the address that was refused', () => {
  expect(watched.errors.filter((error) => !/422/.test(error))).toEqual([]);
  expect(watched.foreign).toEqual([]);
});
