// SPDX-License-Identifier: Apache-2.0
// A member whose language is Welsh: English words until somebody of the team approves the Welsh, then Welsh ones; the pages behind
// the link are in Welsh, say that they are a draft, and can be had in English.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cyMine } from '../../../web/src/texts/cy_mine.ts';
import { enMine } from '../../../web/src/texts/en_mine.ts';
import { launchChromium, newContext, newPage, type Watched } from '../../people/browsers.ts';
import { Mailbox } from '../../people/mailbox.ts';
import { groupWithSession, member, type Office, openOffice, person, type Staff } from '../../people/office.ts';

interface Words {
  kind: string;
  language: string;
  form: string;
  subject: string;
  body: string;
  sms: string;
  approved: boolean;
  version: number;
}

let mailbox: Mailbox;
let office: Office;
let lead: Staff & { id: string };
let membership: string;
let browser: Browser;
const watched: Watched = { errors: [], foreign: [] };

beforeAll(async () => {
  mailbox = await Mailbox.open();
  office = await openOffice({ arguments: ['--mail-smtp', mailbox.url, '--mail-plain', 'true', '--mail-from', 'care@example.org', '--mail-reminder-hours', '0'] });
  lead = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  const { group } = await groupWithSession(lead, office.team, 'Coping with panic');
  const made = await lead.does<{ id: string }>('POST', '/api/people', person(office.team, 'Eirlys Enghraifft', { email: 'eirlys@example.org', language: 'cy' }));
  membership = await member(lead, group, made.id, 'Helygen');
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await office?.close();
  await mailbox?.close();
});

test('Welsh words go out once a person has approved them, and not before', async () => {
  await lead.does('POST', `/api/memberships/${membership}/invitation`, {});
  expect((await mailbox.mail(0)).text).toContain('Hello Eirlys');
  const list = await lead.does<{ items: Words[] }>('GET', `/api/teams/${office.team}/message-templates`);
  const draft = list.items.find(({ kind, language, form }) => kind === 'invitation' && language === 'cy' && form === 'standard')!;
  expect(draft.approved).toBe(false);
  const { subject, body, sms } = draft;
  await lead.does('PUT', `/api/teams/${office.team}/message-templates/invitation/cy/standard`, { subject, body, sms, approved: true }, { 'if-match': `"${draft.version}"` });
  await lead.does('POST', `/api/memberships/${membership}/invitation`, {});
  const mail = await mailbox.mail(1);
  expect(mail.text).toContain('Helo Eirlys');
  expect(mail.html).toContain('lang="cy"');
  expect(mail.calendars[0]).toContain('SUMMARY:Apwyntiad');
});

test('the pages are in Welsh, marked as a draft, and can be had in English', async () => {
  const link = /http:\/\/localhost:\d+\/mine#[\w-]{43}/.exec((await mailbox.mail(1)).text)![0];
  const page = await newPage(await newContext(browser, { locale: 'cy-GB' }), null, watched);
  await page.goto(link);
  await page.getByRole('heading', { name: cyMine['confirm.title']! }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('cy');
  await page.getByText(cyMine['mine.draft']!).waitFor();
  await page.getByLabel(cyMine['confirm.day']!).fill('29');
  await page.getByLabel(cyMine['confirm.month']!).fill('2');
  await page.getByLabel(cyMine['confirm.year']!).fill('1980');
  await page.getByLabel(cyMine['confirm.postcode']!, { exact: true }).fill('M1 1AE');
  await page.getByRole('button', { name: cyMine['confirm.go']! }).click();
  await page.getByRole('heading', { name: 'Helo Eirlys Enghraifft' }).waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: enMine['mine.next'] }).waitFor();
  expect(watched).toEqual({ errors: [], foreign: [] });
});
