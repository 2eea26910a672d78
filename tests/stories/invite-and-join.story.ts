// SPDX-License-Identifier: Apache-2.0
// A facilitator invites a member: the message really arrives at an SMTP server, its link asks two things, the member says how they
// take part, takes the seat when the group meets, is let in, and the register fills itself. Who stops has a link that opens nothing.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enMine } from '../../web/src/texts/en_mine.ts';
import { enStaff } from '../../web/src/texts/en_staff.ts';
import { launchChromium, newContext, newPage, type Watched } from '../people/browsers.ts';
import { chromiumDriver } from '../people/driver.ts';
import { Mailbox } from '../people/mailbox.ts';
import { groupWithSession, member, type Office, openOffice, person, type Staff } from '../people/office.ts';
import { Person, words } from '../people/person.ts';

let mailbox: Mailbox;
let office: Office;
let lead: Staff & { id: string };
let group: string;
let session: string;
let membership: string;
let browser: Browser;
let page: Page;
let link: string;
const watched: Watched = { errors: [], foreign: [] };

beforeAll(async () => {
  mailbox = await Mailbox.open();
  office = await openOffice({ arguments: ['--mail-smtp', mailbox.url, '--mail-plain', 'true', '--mail-from', 'care@example.org', '--mail-reminder-hours', '0'] });
  lead = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  ({ group, session } = await groupWithSession(lead, office.team, 'Coping with panic'));
  const made = await lead.does<{ id: string }>('POST', '/api/people', person(office.team, 'Robin Sample', { email: 'robin@example.org' }));
  membership = await member(lead, group, made.id, 'Linnet');
  browser = await launchChromium();
  page = await newPage(await newContext(browser), { index: 1 }, watched);
});
afterAll(async () => {
  await browser?.close();
  await office?.close();
  await mailbox?.close();
});

test('the message arrives, with a calendar entry, and names neither group nor service', async () => {
  const context = await newContext(browser);
  const [name = '', value = ''] = lead.cookie.split(/=(.*)/);
  await context.addCookies([{ name, value, url: office.server.url }]);
  const staff = await newPage(context, null, watched);
  await staff.goto(`${office.server.url}/staff/groups/${group}/members/${membership}`);
  await staff.getByRole('button', { name: enStaff['messages.send'] }).click();
  const mail = await mailbox.mail(0);
  await staff.getByText(enStaff['messages.written']).waitFor();
  await context.close();
  expect(mail.to).toEqual(['robin@example.org']);
  expect(mail.text).toContain('Hello Robin Sample');
  expect(mail.calendars[0]).toContain('METHOD:REQUEST');
  expect(mail.headers + mail.text + mail.html + mail.calendars.join('')).not.toMatch(/panic|talking|elm house/i);
  link = /http:\/\/localhost:\d+\/mine#[\w-]{43}/.exec(mail.text)?.[0] ?? '';
  expect(link).not.toBe('');
});

test('the link shows nothing until two things are right, and the secret leaves the address', async () => {
  await page.goto(link);
  await page.getByRole('heading', { name: enMine['confirm.title'] }).waitFor();
  expect(page.url()).not.toContain('#');
  expect(await page.content()).not.toMatch(/robin|linnet|panic|M1 1AE|1980-02-29/i);
  const answer = async (year: string): Promise<void> => {
    await page.getByLabel(enMine['confirm.day']).fill('29');
    await page.getByLabel(enMine['confirm.month']).fill('2');
    await page.getByLabel(enMine['confirm.year']).fill(year);
    await page.getByLabel(enMine['confirm.postcode'], { exact: true }).fill('m11ae');
    await page.getByRole('button', { name: enMine['confirm.go'] }).click();
  };
  await answer('1981');
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('alert').textContent()).toContain('not what we have on record');
  await answer('1980');
  await page.getByRole('heading', { name: 'Hello Robin Sample' }).waitFor();
});

test('no way of taking part is chosen beforehand; video is chosen and kept', async () => {
  expect(await page.locator('input[type=radio]:checked').count()).toBe(0);
  await page.getByLabel(enMine['mine.way.video']).first().check();
  await page.getByText('Saved: By video.').waitFor();
  await page.reload();
  await page.locator('input[value=video]:checked').waitFor();
});

test('the seat is taken, the facilitator lets them in, and the register fills itself', async () => {
  await page.getByRole('button', { name: enMine['mine.join'] }).click();
  await page.getByRole('heading', { name: words('arrive.title') }).waitFor();
  // What was agreed in preparation is chosen before anything can be turned on.
  expect(await page.locator('input[name^="disguise-"]:checked').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))).toEqual(['pixelate', 'lower']);
  await new Person(chromiumDriver(page), office.server.url, { seat: 10, role: 'member', alias: 'Linnet', link: '' }).ready();
  await page.getByRole('heading', { name: words('wait.title') }).waitFor();
  const seat = await lead.does<{ link: string }>('POST', `/api/sessions/${session}/seat`, {});
  const other = await newPage(await newContext(browser), { index: 0 }, watched);
  const facilitator = new Person(chromiumDriver(other), office.server.url, { seat: 1, role: 'facilitator', alias: 'Fern', link: seat.link });
  await facilitator.arrive();
  await facilitator.isInRoom();
  await facilitator.admits({ alias: 'Linnet' });
  await page.locator('[data-seat]').first().waitFor();
  const row = async () =>
    (await lead.does<{ rows: { membership: string; outcome: string; mode: string | null; source: string }[] }>('GET', `/api/sessions/${session}/register`)).rows.find(
      (one) => one.membership === membership,
    );
  await expect.poll(row).toMatchObject({ outcome: 'attended', mode: 'video', source: 'call' });
  await other.close();
});

test('who stops has a link that opens nothing, at once', async () => {
  const list = await lead.does<{ items: { id: string; version: number }[] }>('GET', `/api/groups/${group}/members`);
  const version = list.items.find(({ id }) => id === membership)!.version;
  await lead.does('POST', `/api/memberships/${membership}/state`, { state: 'stopped', reason: 'own-wish', note: '' }, { 'if-match': `"${version}"` });
  const later = await newPage(await newContext(browser), { index: 2 }, watched);
  await later.goto(link);
  await later.getByRole('heading', { name: words('link.title') }).waitFor();
  expect(watched.foreign).toEqual([]);
});
