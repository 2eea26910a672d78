// SPDX-License-Identifier: Apache-2.0
// What goes wrong while staff type, on the real service: a field that holds too much is said at that field and keeps what was
// typed; a sign-in that ran out is asked for over the page and the form goes on; a service that does not answer loses nothing and
// makes nothing twice; a session that moves while its links are out takes them along.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enMine } from '../../../web/src/texts/en_mine.ts';
import { enStaff as en } from '../../../web/src/texts/en_staff.ts';
import { launchChromium, newContext, newPage, type Watched } from '../../people/browsers.ts';
import { axeFaults } from '../../people/looks.ts';
import { Mailbox } from '../../people/mailbox.ts';
import { groupWithSession, member, type Office, openOffice, person, type Staff } from '../../people/office.ts';
import { codeOf } from '../../people/staff.ts';

let mailbox: Mailbox;
let office: Office;
let lead: Staff & { id: string };
let group: string;
let session: string;
let robin: string;
let membership: string;
let browser: Browser;
const watched: Watched = { errors: [], foreign: [] };

beforeAll(async () => {
  mailbox = await Mailbox.open();
  office = await openOffice({ arguments: ['--mail-smtp', mailbox.url, '--mail-plain', 'true', '--mail-from', 'care@example.org', '--mail-reminder-hours', '0', '--http-requests-per-second', '10000', '--http-burst', '10000'] });
  lead = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  ({ group, session } = await groupWithSession(lead, office.team, 'Coping with panic'));
  robin = (await lead.does<{ id: string }>('POST', '/api/people', person(office.team, 'Robin Sample', { email: 'robin@example.org' }))).id;
  membership = await member(lead, group, robin, 'Linnet');
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await office?.close();
  await mailbox?.close();
});

async function signedIn(who: Staff): Promise<Page> {
  const context = await newContext(browser, { reducedMotion: 'reduce' });
  await who.opens(context);
  return newPage(context, null, watched);
}
const fields = 'main form:not([hidden]) :is(input[type=text], input[type=email], input[type=tel], input[type=password], textarea)';

// Fills every field of every form of the page; what stood in the way of sending is given back.
async function sendsWith(page: Page, path: string, letters: number): Promise<{ filled: number; wrong: string[] }> {
  await page.goto(office.server.url + path);
  await page.locator('main form').first().waitFor({ state: 'attached' });
  const shut = page.locator('main details:not([open]):has(form) > summary'); // a form may wait behind its summary
  while ((await shut.count()) > 0) await shut.first().click();
  const wrong: string[] = [];
  let filled = 0;
  const forms = await page.locator('main form').count();
  for (let number = 0; number < forms; number += 1) {
    const form = page.locator('main form').nth(number);
    const all = form.locator(':is(input[type=text], input[type=email], input[type=tel], input[type=password], textarea):visible');
    const count = await all.count();
    for (let at = 0; at < count; at += 1) await all.nth(at).fill('x'.repeat(letters));
    if (count === 0) continue;
    filled += count;
    const here = page.url();
    await form.locator('button[type=submit]').click();
    const said = page.locator('.nhsuk-error-summary, .trouble, .said');
    await Promise.race([said.first().waitFor(), page.waitForURL((url) => url.href !== here)]);
    if (page.url() !== here || (await page.locator('.said').count()) > 0) continue; // it was taken
    if ((await page.locator('main .trouble').count()) > 0) wrong.push(`${path}: ${await page.locator('main .trouble').first().innerText()}`);
    const loose = await page.locator('.nhsuk-error-summary li:not(:has(a))').allInnerTexts();
    if (loose.length > 0) wrong.push(`${path}: said at no field: ${loose.join('; ')}`);
    const kept = await form.locator(fields.replace('main form:not([hidden]) ', '')).evaluateAll((all) => (all as HTMLInputElement[]).filter((one) => one.offsetParent !== null).map((one) => one.value.length));
    if (kept.some((length) => length !== letters)) wrong.push(`${path}: not everything that was typed is there: ${kept.join(', ')}`);
    if (letters > 4_000) {
      const silent = await form.locator(fields.replace('main form:not([hidden]) ', '')).evaluateAll((all) => (all as HTMLInputElement[]).filter((one) => one.offsetParent !== null && one.getAttribute('aria-invalid') !== 'true' && !one.closest('.nhsuk-form-group--error')).map((one) => one.name));
      if (silent.length > 0) wrong.push(`${path}: ${letters} letters are not too many for ${silent.join(', ')}`);
    }
    for (const violation of await axeFaults(page)) wrong.push(`${path}: ${violation}`);
  }
  return { filled, wrong };
}

test('every text field of every form is bounded, and says so where it stands', { timeout: 600_000 }, async () => {
  const member = `/staff/groups/${group}/members/${membership}`;
  const forms: [Staff, string[]][] = [
    [lead, ['/staff/people/new', ...['names', 'contacts', 'safe-contact', 'emergency-contact', 'preferences'].map((part) => `/staff/people/${robin}/${part}`), '/staff/people/emergency', '/staff/groups/new?step=what',
      `/staff/groups/${group}/plan`, `/staff/groups/${group}/sessions/new`, member, `/staff/sessions/${session}/move`, '/staff/my-account']],
    [office.administrator, ['/staff/teams/trust', '/staff/teams/agreement', '/staff/teams/new', '/staff/teams/services/new', `/staff/teams/${office.team}`, '/staff/colleagues/new']],
  ];
  let filled = 0;
  for (const [who, paths] of forms) {
    for (const letters of [5_000, 900]) {
      const page = await signedIn(who);
      page.on('dialog', (dialog) => void dialog.accept());
      for (const path of paths) {
        const outcome = await sendsWith(page, path, letters);
        expect(outcome.wrong).toEqual([]);
        filled += outcome.filled;
      }
      await page.context().close();
    }
  }
  expect(filled).toBeGreaterThan(60);
  watched.errors.splice(0); // the browser's own lines about the 422s
});

test('a sign-in that ran out is asked for over the page; the form is still there, and is sent after it', async () => {
  const page = await signedIn(lead);
  await page.goto(`${office.server.url}/staff/people/${robin}/emergency-contact`);
  await page.getByLabel(en['emergency.name'], { exact: true }).fill('Wren Sample');
  await page.getByLabel(en['emergency.telephone'], { exact: true }).fill('07700 900555');
  const rows = new DatabaseSync(join(office.server.folder, 'data', 'quietroom.sqlite3'), { timeout: 5_000 });
  rows.prepare('UPDATE sign_in SET until_us = 1 WHERE staff = ?').run(lead.id);
  rows.close();
  await page.getByRole('button', { name: en['form.save'] }).click();
  await page.getByRole('heading', { name: en['lock.ended_title'] }).waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await page.getByLabel(en['sign_in.password'], { exact: true }).fill('seven dry brown coats');
  await page.getByRole('button', { name: en['sign_in.do'], exact: true }).click();
  await page.getByLabel(en['second.code'], { exact: true }).fill(codeOf(lead.key, Date.now() + 30_000));
  await page.getByRole('button', { name: en['second.do'], exact: true }).click();
  await page.getByText('+447700900555').or(page.getByText('07700 900555')).waitFor();
  // The story's own sign-in is over as well: take the page's.
  const [cookie] = await page.context().cookies();
  lead.cookie = `${cookie?.name}=${cookie?.value}`;
  const saved = await lead.does<{ identity: { emergencyContact: { name: string } } }>('GET', `/api/people/${robin}`);
  expect(saved.identity.emergencyContact.name).toBe('Wren Sample');
  await page.context().close();
  watched.errors.splice(0); // the browser's own line about the 401
});

test('a service that does not answer in time loses nothing that was typed, and nothing is made twice', async () => {
  const page = await signedIn(lead);
  await page.clock.install(); // the page's patience passes by its own clock, so that a busy machine changes nothing
  await page.goto(`${office.server.url}/staff/people/new`);
  await page.getByLabel(en['person.legal_name']).fill('Tansy Sample');
  process.kill(office.server.pid, 'SIGSTOP');
  try {
    await page.getByRole('button', { name: en['person.add'] }).click();
    await page.getByRole('button', { name: en['form.saving'] }).waitFor(); // it has been sent
    await page.clock.fastForward(20_000); // web/src/api/client.ts
    await page.getByText(en['trouble.still_here']).waitFor();
  } finally {
    process.kill(office.server.pid, 'SIGCONT');
  }
  expect(await page.getByLabel(en['person.legal_name']).inputValue()).toBe('Tansy Sample');
  await page.getByRole('button', { name: en['person.add'] }).click();
  await page.getByRole('heading', { level: 1, name: 'Tansy Sample' }).waitFor();
  const found = await lead.does<{ items: unknown[] }>('POST', '/api/people/search', { search: 'Tansy Sample' });
  expect(found.items).toHaveLength(1);
  await page.context().close();
  watched.errors.splice(0);
});

test('a session moves while its links are out: the old invitation is updated, and the link shows the new time', async () => {
  await lead.does('POST', `/api/memberships/${membership}/invitation`, {});
  const first = await mailbox.mail(0);
  const link = /http:\/\/localhost:\d+\/mine#[\w-]{43}/.exec(first.text)?.[0] ?? '';
  const entry = (of: string, name: string): string => new RegExp(`^${name}:(.*)$`, 'm').exec(of.replaceAll('\r\n ', ''))?.[1]?.trim() ?? '';
  const before = await lead.ask<{ date: string; time: string; minutes: number; venue: string; heldOn: string }>('GET', `/api/sessions/${session}`);
  const day = new Date(Date.parse(`${before.body.date}T12:00:00Z`) + 3 * 86_400_000).toISOString().slice(0, 10);
  const { minutes, venue, heldOn } = before.body;
  await lead.does('PUT', `/api/sessions/${session}`, { date: day, time: '16:30', minutes, venue, heldOn }, { 'if-match': before.etag! });
  const second = await mailbox.mail(1);
  expect(second.to).toEqual(['robin@example.org']);
  expect(second.text).toContain('4:30pm');
  expect(entry(second.calendars[0]!, 'METHOD')).toBe('REQUEST');
  expect(entry(second.calendars[0]!, 'UID')).toBe(entry(first.calendars[0]!, 'UID'));
  expect(Number(entry(second.calendars[0]!, 'SEQUENCE'))).toBeGreaterThan(Number(entry(first.calendars[0]!, 'SEQUENCE')));
  expect(second.text).not.toContain('/mine#'); // the link is the one that they have
  const page = await newPage(await newContext(browser), null, watched);
  await page.goto(link);
  await page.getByLabel(enMine['confirm.day']).fill('29');
  await page.getByLabel(enMine['confirm.month']).fill('2');
  await page.getByLabel(enMine['confirm.year']).fill('1980');
  await page.getByLabel(enMine['confirm.postcode'], { exact: true }).fill('M1 1AE');
  await page.getByRole('button', { name: enMine['confirm.go'] }).click();
  await page.getByText(/16:30|4[:.]30/).first().waitFor();
  await page.context().close();
  expect(watched).toEqual({ errors: [], foreign: [] });
});
