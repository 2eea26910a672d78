// SPDX-License-Identifier: Apache-2.0
// What the team does by hand, and how a person changes how they are reached. A letter is printed with its address in the window and
// the link in a QR code, and is done by somebody; a code really arrives by the old way before anything changes; the team checks with
// a person who wants no message; a session that moves and is cancelled changes the calendar entry; mail and texts that do not arrive
// are shown; a team's words are looked at, refused where they name the group, and kept with their versions.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encode } from '../../../web/node_modules/uqr/dist/index.mjs';
import { en } from '../../../web/src/texts/en.ts';
import { enMessagesStaff } from '../../../web/src/texts/en_messages_staff.ts';
import { enMine } from '../../../web/src/texts/en_mine.ts';
import { enStaff } from '../../../web/src/texts/en_staff.ts';
import { launchChromium, newContext, newPage, type Watched } from '../../people/browsers.ts';
import { Mailbox } from '../../people/mailbox.ts';
import { groupWithSession, member, type Office, openOffice, person, type Staff } from '../../people/office.ts';
import { faultsOnScreen } from '../../people/screen.ts';
import { quietroom, tree } from '../../people/server.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const token = 'a token of this story alone';
const names = /panic|talking|service of|elm house/i;

interface Text {
  phone_number: string;
  reference: string;
  personalisation: { body: string };
}
const secrets = join(tree, 'build', `story-letters-${process.pid}`);
let texts: Text[] = [];
let gateway: HttpServer;
let mailbox: Mailbox;
let office: Office;
let lead: Staff & { id: string };
let group: string;
let session: string;
let browser: Browser;
let desk: BrowserContext;
let staff: Page;
const watched: Watched = { errors: [], foreign: [] };
const people: Record<string, { id: string; membership: string }> = {};

// A gateway for texts in the place of GOV.UK Notify: takes each, and keeps it.
const openGateway = (): Promise<HttpServer> =>
  new Promise((resolve) => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        texts = [...texts, JSON.parse(Buffer.concat(chunks).toString('utf8')) as Text];
        response.writeHead(201, { 'content-type': 'application/json' }).end('{}');
      });
    }).listen(0, '127.0.0.1', () => resolve(server));
  });

beforeAll(async () => {
  mailbox = await Mailbox.open();
  gateway = await openGateway();
  const id = '26785a09-ab16-4eb0-8407-a37497a57506';
  writeFileSync(`${secrets}.key`, `story-${id}-3d844edf-8d35-48ac-975b-e847b4f122b0\n`, { mode: 0o600 });
  writeFileSync(`${secrets}.token`, `${token}\n`, { mode: 0o600 });
  office = await openOffice({
    arguments: [
      '--mail-smtp', mailbox.url, '--mail-plain', 'true', '--mail-from', 'care@example.org', '--mail-bounces', 'bounces@example.org', '--mail-reminder-hours', '0',
      '--mail-return-address', 'PO Box 12,Moorland', '--notify-key-file', `${secrets}.key`, '--notify-template-id', id,
      '--notify-url', `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`, '--notify-callback-token-file', `${secrets}.token`,
    ],
  });
  lead = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  ({ group, session } = await groupWithSession(lead, office.team, 'Coping with panic'));
  const add = async (name: string, alias: string, more: Parameters<typeof person>[2]): Promise<void> => {
    const made = await lead.does<{ id: string }>('POST', '/api/people', person(office.team, name, more));
    people[name] = { id: made.id, membership: await member(lead, group, made.id, alias) };
  };
  await add('Robin Sample', 'Linnet', { format: 'large_print' });
  await add('Alex Sample', 'Wren', { email: 'alex@example.org' });
  await add('Sam Sample', 'Lark', { method: 'sms', mobile: '07700 900321' });
  browser = await launchChromium();
  desk = await newContext(browser);
  const [name = '', value = ''] = lead.cookie.split(/=(.*)/);
  await desk.addCookies([{ name, value, url: office.server.url }]);
  staff = await newPage(desk, null, watched);
});
afterAll(async () => {
  for (const ending of ['key', 'token']) rmSync(`${secrets}.${ending}`, { force: true });
  await browser?.close();
  await office?.close();
  await mailbox?.close();
  await new Promise<void>((resolve) => (gateway ? gateway.close(() => resolve()) : resolve()));
});

const at = (path: string): Promise<unknown> => staff.goto(`${office.server.url}${path}`);
const heading = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('heading', { level: 1, name }).waitFor();
const invite = (name: string): Promise<{ id: string }> => lead.does('POST', `/api/memberships/${people[name]!.membership}/invitation`, {});

// At three widths: nothing scrolls sideways, nothing is too small; and no finding of axe.
async function isClean(page: Page, target: number): Promise<void> {
  const size = page.viewportSize();
  for (const width of [320, 768, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(faultsOnScreen, { target: width === 320 ? target : 24 })).toEqual([]);
  }
  if (size) await page.setViewportSize(size);
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { violations: found } = await (window as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> } }).axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
  });
  expect(violations).toEqual([]);
}

// Behind the link in a message: the two things are asked and answered.
async function opens(link: string, name: string): Promise<Page> {
  const page = await newPage(await newContext(browser), null, watched);
  await page.goto(link);
  await page.getByLabel(enMine['confirm.day']).fill('29');
  await page.getByLabel(enMine['confirm.month']).fill('2');
  await page.getByLabel(enMine['confirm.year']).fill('1980');
  await page.getByLabel(enMine['confirm.postcode'], { exact: true }).fill('M1 1AE');
  await page.getByRole('button', { name: enMine['confirm.go'] }).click();
  await heading(page, `Hello ${name}`);
  return page;
}
const linkIn = (text: string): string => /http:\/\/localhost:\d+\/mine#[\w-]{43}/.exec(text)?.[0] ?? 'no link';

test('a letter is found from today, printed for a window envelope with its link as a QR code, and done by somebody', async () => {
  await invite('Robin Sample');
  await at('/staff');
  await staff.getByRole('link', { name: 'Letters and calls: 1 to do' }).click();
  await heading(staff, enMessagesStaff['letters.title']);
  await isClean(staff, 24);
  await staff.getByRole('link', { name: /Open the letter/ }).click();
  await heading(staff, 'Letter to Robin Sample');
  const letter = staff.locator('.letter');
  const words = await letter.innerText();
  expect(words).not.toMatch(names);
  expect(words).toContain('You can take part in person, by video or by phone.');
  const link = linkIn(words);
  // The squares are those of this link and of nothing else.
  const { data } = encode(link, { ecc: 'M', border: 2 });
  const squares = data.flatMap((row: boolean[], y: number) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  await staff.getByRole('img', { name: enMine['letter.qr'] }).waitFor();
  expect(await letter.locator('svg.qr path').getAttribute('d')).toBe(squares);
  await isClean(staff, 24);

  // On A4 at 96 px an inch the sheet without its margins is 166 mm wide.
  const millimetre = 96 / 25.4;
  await staff.setViewportSize({ width: Math.round(166 * millimetre), height: 1_000 });
  await staff.emulateMedia({ media: 'print' });
  const box = async (part: string) => (await letter.locator(part).first().boundingBox())!;
  const sheet = (await letter.boundingBox())!;
  const mm = (px: number): number => px / millimetre + 20; // from the top of the paper, with its margin
  const to = await box('.letter__to');
  expect(mm(to.y - sheet.y)).toBeGreaterThan(44);
  expect(mm(to.y + to.height - sheet.y)).toBeLessThan(85);
  expect(mm((await box('.letter__text')).y - sheet.y)).toBeGreaterThan(99); // below the first fold
  expect((await box('.letter__from')).x).toBeGreaterThan(to.x + to.width);
  expect(await staff.getByRole('button', { name: enMessagesStaff['letter.print'] }).isVisible()).toBe(false);
  expect(await staff.locator('h1:visible').count()).toBe(0);
  expect(await letter.locator('.letter__text').evaluate((one) => Number.parseFloat(getComputedStyle(one).fontSize))).toBeGreaterThanOrEqual(24); // 18 point
  const paper = (await staff.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(paper.match(/\/Type\s*\/Page\b/g)?.length).toBeLessThanOrEqual(2);
  await staff.emulateMedia({ media: 'screen' });
  await staff.setViewportSize({ width: 1280, height: 800 });

  const page = await opens(link, 'Robin Sample');
  await page.context().close();
  await staff.getByRole('button', { name: enMessagesStaff['letter.posted'] }).click();
  await staff.getByText(/Done by Fern Example/).waitFor();
  expect(await staff.content()).not.toContain('mine#');
  await at('/staff/letters');
  await staff.getByText(enMessagesStaff['letters.nothing']).waitFor();
  await staff.getByRole('button', { name: enMessagesStaff['letters.done_show'] }).click();
  await staff.getByText(/^Fern Example, /).waitFor();
});

test('a link that went to the wrong person is taken back: it opens nothing, and the letter that waits with it is not for printing any more', async () => {
  await invite('Robin Sample');
  await at('/staff/letters');
  await staff.getByRole('link', { name: /Open the letter/ }).click();
  const link = linkIn(await staff.locator('.letter').innerText());
  await (await opens(link, 'Robin Sample')).context().close();
  await at(`/staff/groups/${group}/members/${people['Robin Sample']!.membership}`);
  await staff.getByText(enMessagesStaff['link.take_back']).click();
  await staff.getByRole('button', { name: enMessagesStaff['link.take_back_do'] }).waitFor();
  await isClean(staff, 24);
  await staff.getByRole('button', { name: enMessagesStaff['link.take_back_do'] }).click();
  await staff.getByText(enMessagesStaff['link.taken_back']).waitFor();
  await staff.getByText(enMessagesStaff['failure.link-taken-back']).waitFor();
  const refused: Watched = { errors: [], foreign: [] };
  const page = await newPage(await newContext(browser), null, refused);
  await page.goto(link);
  await heading(page, en['link.title']);
  await page.context().close();
  expect(refused).toEqual({ errors: [expect.stringContaining('404')], foreign: [] });
  await at('/staff/letters');
  await staff.getByText(enMessagesStaff['letters.nothing']).waitFor();
});

test('a change of contact waits for the code that really arrives by the old way, and staff see that it waits', async () => {
  await invite('Alex Sample');
  const mail = await mailbox.mail(0);
  const page = await opens(linkIn(mail.text), 'Alex Sample');
  await page.getByRole('button', { name: enMine['contact.change'] }).click();
  expect(await page.locator('input[name^=contact]:checked').count()).toBe(0);
  await page.getByRole('button', { name: enMine['contact.ask'] }).click();
  await page.getByText(enMine['contact.fault.check']).first().waitFor();
  await page.getByLabel(enMine['contact.method.sms']).check();
  await page.getByLabel(enMine['contact.to.sms']).fill('07700 900');
  await page.getByLabel(/Send a code to my email/).check();
  await isClean(page, 44);
  await page.getByRole('button', { name: enMine['contact.ask'] }).click();
  await page.getByText(/Type a mobile number/).first().waitFor();
  // Nothing that was typed is lost, also not by a reload.
  await page.reload();
  expect(await page.getByLabel(enMine['contact.to.sms']).inputValue()).toBe('07700 900');
  await page.getByLabel(enMine['contact.to.sms']).fill('07700 900456');
  await page.getByRole('button', { name: enMine['contact.ask'] }).click();
  await page.getByText(enMine['contact.until_then']).waitFor();
  await isClean(page, 44);

  const code = await mailbox.mail(1);
  expect(code.to).toEqual(['alex@example.org']);
  expect(code.headers + code.text + code.html).not.toMatch(names);
  expect(code.headers + code.text + code.html).not.toContain('900456');
  const digits = /\n(\d{6})\r?\n/.exec(code.text)?.[1] ?? '';

  await at('/staff/letters');
  await staff.getByRole('link', { name: 'Alex Sample' }).click();
  await staff.getByRole('heading', { name: enMessagesStaff['change.title'] }).waitFor();
  await staff.getByText('Text message to +447700900456').waitFor();
  await isClean(staff, 24);
  const record = (): Promise<{ identity: { safeContact: { method: string }; contacts: { mobile: string; email: string } } }> => lead.does('GET', `/api/people/${people['Alex Sample']!.id}`);
  expect((await record()).identity.safeContact.method).toBe('email');

  await page.getByLabel(enMine['contact.code'], { exact: true }).fill(digits === '000000' ? '000001' : '000000');
  await page.getByRole('button', { name: enMine['contact.code_go'] }).click();
  await page.getByText(/You can try 4 more times/).waitFor();
  await page.getByLabel(enMine['contact.code'], { exact: true }).fill(`${digits.slice(0, 3)} ${digits.slice(3)}`);
  await page.getByRole('button', { name: enMine['contact.code_go'] }).click();
  await page.getByText(enMine['contact.changed']).waitFor();
  await page.getByText('We send text messages to the number that ends in … 0456.').waitFor();
  expect((await record()).identity).toMatchObject({ safeContact: { method: 'sms' }, contacts: { mobile: '+447700900456', email: 'alex@example.org' } });

  // Another wish, without a message that somebody could read: the team checks it.
  await page.getByRole('button', { name: enMine['contact.change'] }).click();
  await page.getByLabel(enMine['contact.method.email']).check();
  await page.getByLabel(enMine['contact.to.email']).fill('new@example.org');
  await page.getByLabel(enMine['contact.check.team']).check();
  await page.getByRole('button', { name: enMine['contact.ask'] }).click();
  await page.getByText(/Your team checks this with you/).waitFor();
  await at(`/staff/people/${people['Alex Sample']!.id}`);
  await staff.getByRole('button', { name: enMessagesStaff['change.confirm'] }).click();
  await staff.getByText(enMessagesStaff['change.confirmed']).waitFor();
  expect((await record()).identity.safeContact.method).toBe('email');

  // Other times are asked for in the same way.
  await page.reload();
  await page.getByText(enMine['hours.any']).waitFor();
  await page.getByRole('button', { name: enMine['hours.change'] }).click();
  expect(await page.locator('form input:checked').count()).toBe(0);
  await page.getByLabel(enMine['hours.when.some']).check();
  await page.getByRole('button', { name: enMine['contact.ask'] }).click();
  await page.getByText(enMine['hours.fault.days']).first().waitFor();
  await page.getByLabel('Tuesday').check();
  await page.getByLabel(enMine['hours.from'], { exact: true }).fill('18:00');
  await page.getByLabel(enMine['hours.to'], { exact: true }).fill('20:00');
  await page.getByLabel(enMine['contact.check.team']).check();
  await isClean(page, 44);
  await page.reload(); // nothing that was typed is lost
  await page.getByRole('button', { name: enMine['contact.ask'] }).click();
  await page.getByText(enMine['hours.waits']).waitFor();
  await at(`/staff/people/${people['Alex Sample']!.id}`);
  await staff.getByText('Tue, 18:00 to 20:00').waitFor();
  await page.getByRole('button', { name: enMine['contact.take_back'] }).click();
  await page.getByText(enMine['contact.taken_back']).waitFor();
  await page.getByText(enMine['hours.any']).waitFor();
  expect(mailbox.mails.length).toBe(2);
  expect(texts).toEqual([]);
  await page.context().close();
});

test('a session that moves and is cancelled changes the one entry of the calendar', async () => {
  const version = async (): Promise<Record<string, string>> => {
    const answer = await lead.ask<unknown>('GET', `/api/sessions/${session}`);
    return { 'if-match': answer.etag ?? '' };
  };
  const entry = (text: string): Record<string, string> => Object.fromEntries(text.split(/\r?\n/).flatMap((line) => (/^(METHOD|UID|SEQUENCE|STATUS):/.test(line) ? [line.split(/:(.*)/).slice(0, 2)] : [])));
  const [first] = (await mailbox.mail(0)).calendars;
  const before = entry(first ?? '');
  expect(before).toMatchObject({ METHOD: 'REQUEST', SEQUENCE: '0' });
  const row = await lead.does<{ date: string; time: string }>('GET', `/api/sessions/${session}`);
  const later = new Date(`${row.date}T12:00:00Z`);
  later.setUTCDate(later.getUTCDate() + 2);
  await lead.does('PUT', `/api/sessions/${session}`, { date: later.toISOString().slice(0, 10), time: '10:00', minutes: 60, venue: 'Room 4, Elm House', heldOn: 'quietroom', rest: false }, await version());
  const moved = await mailbox.mail(2);
  expect(moved.to).toEqual(['new@example.org']); // the new way
  expect(entry(moved.calendars[0] ?? '')).toMatchObject({ METHOD: 'REQUEST', UID: before['UID'], SEQUENCE: '1' });
  await lead.does('POST', `/api/sessions/${session}/cancel`, { reason: 'holiday' }, await version());
  const cancelled = await mailbox.mail(3);
  expect(entry(cancelled.calendars[0] ?? '')).toMatchObject({ METHOD: 'CANCEL', UID: before['UID'], SEQUENCE: '2', STATUS: 'CANCELLED' });
  expect(moved.text + cancelled.text + moved.calendars.join('') + cancelled.calendars.join('')).not.toMatch(names);
});

test('mail that bounces and a text that does not arrive are shown, and seen to', async () => {
  const mail = await mailbox.mail(3);
  expect(mail.from).toMatch(/^bounces\+[0-9a-f-]{36}@example\.org$/);
  const report = [
    'From: MAILER-DAEMON@mx.example.net', `To: ${mail.from}`, 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', '', '--b', 'Content-Type: text/plain', '', 'Sorry.', '',
    '--b', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.example.net', '', 'Final-Recipient: rfc822; new@example.org', 'Action: failed', 'Status: 5.1.1', '', '--b--', '',
  ].join('\r\n');
  expect(execFileSync(quietroom, ['bounce', mail.from, '--data', join(office.server.folder, 'data')], { input: report, encoding: 'utf8' })).toBe('');
  await invite('Sam Sample');
  await expect.poll(() => texts.length).toBeGreaterThan(0);
  const text = texts.find(({ phone_number }) => phone_number === '+447700900321')!;
  expect(text.personalisation.body).toMatch(/\/mine#[\w-]{43}/);
  expect(text.personalisation.body).not.toMatch(names);
  const tell = (bearer: string): Promise<Response> =>
    fetch(`${office.server.url}/api/notify/delivery`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id: '740e5834-3a29-46b4-9a6f-16142fde533a', reference: text.reference, to: text.phone_number, status: 'permanent-failure', notification_type: 'sms' }),
    });
  expect((await tell('another')).status).toBe(401);
  expect((await tell(token)).status).toBe(200);
  await at('/staff/letters');
  await staff.getByRole('heading', { name: enMessagesStaff['letters.not_arrived'] }).waitFor();
  expect(await staff.getByText(enMessagesStaff['delivery.permanent-failure']).count()).toBe(2);
  await isClean(staff, 24);
  await staff.getByRole('button', { name: `${enMessagesStaff['letters.told']} Sam Sample` }).click();
  await staff.getByText('Done: Sam Sample.').waitFor();
  await staff.getByRole('button', { name: `${enMessagesStaff['letters.try_again']} Alex Sample` }).click();
  await staff.getByText('We try it again: Alex Sample.').waitFor();
  const again = await mailbox.mail(4);
  expect(/^message-id: (.*)$/im.exec(again.headers)?.[1]).toBe(/^message-id: (.*)$/im.exec(mail.headers)?.[1]);
});

test('a team changes its words: looked at first, refused where they name the group, kept with what was before', async () => {
  await at('/staff/letters');
  await staff.getByRole('link', { name: /^Words for / }).click();
  await heading(staff, enMessagesStaff['words.title']);
  await isClean(staff, 24);
  await staff.getByRole('link', { name: /Welsh, Standard: Joining instructions|Welsh, Standard/ }).first().click();
  await staff.getByLabel(enMessagesStaff['words.subject']).fill('Coping with panic');
  await staff.getByRole('button', { name: enMessagesStaff['words.look'] }).click();
  await staff.getByText(/must not name a group/).waitFor();
  await staff.getByRole('button', { name: enStaff['form.save'] }).click();
  await staff.getByRole('alert').getByText(/must not name a group/).waitFor();
  await staff.getByLabel(enMessagesStaff['words.subject']).fill('Eich apwyntiad nesaf');
  await staff.getByRole('button', { name: enMessagesStaff['words.look'] }).click();
  await staff.locator('.look strong').getByText('Eich apwyntiad nesaf', { exact: true }).waitFor();
  await isClean(staff, 24);
  await staff.getByLabel(enMessagesStaff['words.approve']).check();
  await staff.getByRole('button', { name: enStaff['form.save'] }).click();
  await staff.getByText(enMessagesStaff['words.saved']).waitFor();
  await staff.getByText(`${enMessagesStaff['words.own']} · ${enMessagesStaff['words.approved']}`).waitFor();
  await staff.getByRole('link', { name: /Welsh, Standard/ }).first().click();
  await staff.locator('summary').getByText(/Version 1, Fern Example/).waitFor();
  // What was refused at its field stands in the console of the browser; nothing else does.
  expect(watched.errors.filter((one) => !one.includes('422'))).toEqual([]);
  expect(watched.foreign).toEqual([]);
});
