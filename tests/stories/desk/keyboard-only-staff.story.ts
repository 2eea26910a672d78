// SPDX-License-Identifier: Apache-2.0
// A clinician's day without a mouse, on the real service: signs in with a second factor, plans a group, prepares somebody in part,
// corrects the register, sends the joining instructions and signs out. At every stop of Tab the focus can be seen and comes in the
// order of the eye (people/keyboard.ts).
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enPrepareStaff as prepare } from '../../../web/src/texts/en_prepare_staff.ts';
import { enStaff as en } from '../../../web/src/texts/en_staff.ts';
import { launchChromium, newContext, newPage, type Watched } from '../../people/browsers.ts';
import { inWeeks, type PlannedDate, weeklyFrom } from '../../people/dates.ts';
import { Keyboard } from '../../people/keyboard.ts';
import { groupWithSession, member, type Office, openOffice, person, type Staff } from '../../people/office.ts';
import { codeOf } from '../../people/staff.ts';

let office: Office;
let lead: Staff & { id: string };
let browser: Browser;
let page: Page;
let keys: Keyboard;
let session: string;
const watched: Watched = { errors: [], foreign: [] };

beforeAll(async () => {
  office = await openOffice();
  lead = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  const made = await groupWithSession(lead, office.team, 'Coping with panic');
  ({ session } = made);
  const robin = await lead.does<{ id: string }>('POST', '/api/people', person(office.team, 'Robin Sample', { email: 'robin@example.org' }));
  await member(lead, made.group, robin.id, 'Linnet');
  browser = await launchChromium();
  page = await newPage(await newContext(browser, { reducedMotion: 'reduce' }), null, watched);
  keys = new Keyboard(page);
});
afterAll(async () => {
  await browser?.close();
  await office?.close();
});

test('signs in with a second factor', async () => {
  await page.goto(`${office.server.url}/staff`);
  await keys.heading(en['sign_in.title']);
  watched.errors.splice(0); // the browser's own line about the 401 that led here
  await keys.type(en['sign_in.email'], 'fern.example@example.org');
  await keys.type(en['sign_in.password'], 'seven dry brown coats');
  await page.keyboard.press('Enter');
  await keys.heading(en['second.title']);
  await keys.type(en['second.code'], codeOf(lead.key, Date.now() + 30_000)); // the one before was used to set it up
  await page.keyboard.press('Enter');
  await keys.heading(en['today.title']);
});

test('the first stop of a page skips to its words', async () => {
  await page.evaluate(() => {
    (document.activeElement as HTMLElement).blur();
    window.getSelection()?.removeAllRanges();
    document.querySelector<HTMLElement>('.staff')?.setAttribute('tabindex', '-1');
    document.querySelector<HTMLElement>('.staff')?.focus();
  });
  await page.keyboard.press('Tab');
  expect((await keys.now())?.name).toBe(en['nav.skip']);
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
});

const [first, second] = weeklyFrom(inWeeks(7), 2) as [PlannedDate, PlannedDate];

test('plans a group, question by question', async () => {
  await keys.press(en['nav.groups']);
  await keys.heading(/Groups|My groups/);
  await keys.press(en['groups.plan']);
  await keys.heading(en['plan.step_what']);
  await keys.press(en['form.continue']);
  // What is missing is said, has the focus, and leads to its field.
  await page.getByRole('alert').waitFor();
  await page.waitForFunction(() => document.activeElement?.closest('[role=alert]') !== null);
  await keys.press(en['plan.fault.name']);
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('/group/name');
  await keys.type(en['plan.name'], 'Sleeping better');
  await keys.press(en['form.continue']);
  await keys.heading(en['plan.step_ways']);
  await keys.tick(en['way.video']);
  await keys.tick(en['way.phone']);
  await keys.press(en['form.continue']);
  await keys.heading(en['plan.step_who']);
  await keys.to(en['plan.staff']); // whoever plans stands there already
  await keys.type(en['plan.alias'], 'Fern');
  await keys.press(en['form.continue']);
  await keys.heading(en['plan.step_when']);
  for (const [field, text] of [['form.day', first.day], ['form.month', first.month], ['form.year', first.year]] as const) await keys.type(en[field], text);
  await keys.type(en['when.time'], '14:00');
  await keys.type(en['when.count'], '4');
  await keys.press(new RegExp(`${second.words}, session 2`));
  await page.getByText(/3 sessions\./).waitFor();
  await keys.press(en['form.continue']);
  await keys.heading(en['plan.step_confidentiality']);
  await keys.press(en['form.continue']);
  await keys.heading(en['plan.step_check']);
  await keys.press(en['plan.make']);
  await keys.heading('Sleeping better');
  const groups = await lead.does<{ items: { name: string }[] }>('GET', '/api/groups');
  expect(groups.items.map(({ name }) => name)).toContain('Sleeping better');
});

test('prepares a person in part, and leaves it for later', async () => {
  await keys.press(en['nav.groups']);
  await keys.press('Coping with panic');
  await keys.heading('Coping with panic');
  await keys.press(new RegExp(`^${prepare['prepare.link']}`));
  await keys.heading(/^Prepare /);
  await keys.press(prepare['prepare.part.place']);
  await keys.heading(prepare['prepare.part.place']);
  await keys.type(prepare['prepare.place'], 'In the spare room');
  await keys.choose(prepare['prepare.headphones'], prepare['prepare.headphones.lent']);
  await keys.press(prepare['prepare.later']);
  await keys.heading(prepare['prepare.part.technology']);
  await keys.press(prepare['prepare.overview']);
  await page.getByText(/of 13 parts are done/).waitFor();
  const list = await lead.does<{ items: { id: string }[] }>('GET', `/api/groups/${(await lead.does<{ items: { id: string; name: string }[] }>('GET', '/api/groups')).items.find(({ name }) => name === 'Coping with panic')!.id}/members`);
  const saved = await lead.does<{ record: { place: string; headphones: string } }>('GET', `/api/memberships/${list.items[0]!.id}/preparation`);
  expect(saved.record).toMatchObject({ place: 'In the spare room', headphones: 'lent' });
});

test('marks the register and corrects it with a reason', async () => {
  await keys.press(en['nav.today']);
  await keys.heading(en['today.title']);
  await keys.press(new RegExp(`^${en['today.register']}`));
  await page.getByRole('heading', { level: 2, name: en['register.title'] }).waitFor();
  await keys.press(en['way.video']);
  await page.getByText(/Came \(video\)/).first().waitFor();
  await keys.press(new RegExp(`^${en['register.correct']}`));
  await keys.choose('What happened for Robin Sample?', en['outcome.did_not_attend']);
  await keys.pick(en['register.reason'], en['correction.marked-by-mistake']);
  await keys.press(en['form.save']);
  await page.locator('.row__mark', { hasText: en['outcome.did_not_attend'] }).waitFor(); // not the choice in the form, which stood there before
  const register = await lead.does<{ rows: { outcome: string; corrections: { reason: string }[] }[] }>('GET', `/api/sessions/${session}/register`);
  expect(register.rows[0]).toMatchObject({ outcome: 'did_not_attend', corrections: [{ reason: 'marked-by-mistake' }] });
});

test('sends the joining instructions', async () => {
  await keys.press(en['nav.groups']);
  await keys.press('Coping with panic');
  await keys.heading('Coping with panic');
  await keys.press(`${en['word.change']} Robin Sample`); // their place in this group, not their record
  await keys.heading('Robin Sample');
  await keys.press(en['messages.send']);
  await page.getByText(en['messages.written']).waitFor();
  const sent = await lead.does<{ items: { kind: string }[] }>('GET', `/api/messages?group=${(await lead.does<{ items: { id: string; name: string }[] }>('GET', '/api/groups')).items.find(({ name }) => name === 'Coping with panic')!.id}`);
  expect(sent.items.map(({ kind }) => kind)).toEqual(['invitation']);
});

test('signs out', async () => {
  await keys.press(en['nav.account']);
  await keys.heading(en['account.title']);
  await keys.press(en['account.sign_out']);
  await keys.heading(en['sign_in.title']);
  expect(keys.stops).toBeGreaterThan(100);
  expect(watched).toEqual({ errors: [], foreign: [] });
});
