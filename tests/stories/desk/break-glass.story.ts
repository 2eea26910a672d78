// SPDX-License-Identifier: Apache-2.0
// A clinician outside the group opens one person's identity, safety plan and place in an emergency: found only by what they know
// exactly, not without a reason, for one hour; the person's team lead is told at once, on their page of today and by e-mail that
// names nobody; afterwards it is closed, and the audit trail says who, whom, what and why.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enPrepareStaff } from '../../../web/src/texts/en_prepare_staff.ts';
import { enStaff as en } from '../../../web/src/texts/en_staff.ts';
import { launchChromium, newContext, newPage, type Watched } from '../../people/browsers.ts';
import { looksWrong } from '../../people/looks.ts';
import { Mailbox } from '../../people/mailbox.ts';
import { groupWithSession, member, type Office, openOffice, person, type Staff } from '../../people/office.ts';
import { quietroom } from '../../people/server.ts';

type Colleague = Staff & { id: string };
let mailbox: Mailbox;
let office: Office;
let lead: Colleague;
let outsider: Colleague;
let robin: string;
let browser: Browser;
let page: Page;
let leads: Page; // the lead's, open on today from the beginning
const watched: Watched = { errors: [], foreign: [] };

const database = () => new DatabaseSync(join(office.server.folder, 'data', 'quietroom.sqlite3'), { timeout: 5_000 });
const heading = (of: Page, name: string) => of.getByRole('heading', { level: 1, name }).waitFor();
const press = (name: string) => page.getByRole('button', { name }).first().click();

async function signedIn(who: Staff): Promise<Page> {
  const context = await newContext(browser, { reducedMotion: 'reduce' });
  await who.opens(context);
  return newPage(context, null, watched);
}

async function prepareWithSafetyPlan(membership: string): Promise<void> {
  const part = (name: string) => ({ part: name, state: 'open', reason: '' });
  const now = await lead.ask<{ record: object; conflict: object; alias: string; disguise: object }>('GET', `/api/memberships/${membership}/preparation`, undefined, { 'quietroom-reason': 'urgent-care' });
  const record = {
    ...now.body.record,
    parts: [{ ...part('safety'), state: 'done' }, { ...part('emergency'), state: 'done' }],
    safety: { signs: 'Goes quiet', helps: 'A walk with the dog', people: 'Her sister', ifLineDrops: 'Ring the mobile at once' },
    emergency: { name: 'Wren Sample', relation: 'sister', telephone: '07700 900555' },
  };
  const { conflict, alias, disguise } = now.body;
  await lead.does('PUT', `/api/memberships/${membership}/preparation`, { record, conflict, alias, disguise, sessions: [] }, { 'if-match': now.etag ?? '"0"' });
}

// Behind their own link, as the member's page does it: the message brings it, two answers open it.
async function saysWhereTheyAre(membership: string, session: string): Promise<void> {
  await lead.does('POST', `/api/memberships/${membership}/invitation`, {});
  const mail = await mailbox.mail(0);
  const link = /\/mine#([\w-]{43})/.exec(mail.text)?.[1] ?? '';
  const ask = async <T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> => {
    const answer = await fetch(office.server.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? null : await answer.json()) as T;
  };
  const opened = await ask<{ visit: string }>('/api/links/confirm', { link, answers: [{ asked: 'birth_date', text: '1980-02-29' }, { asked: 'postcode', text: 'M1 1AE' }] });
  await ask('/api/mine/place', { session, place: { kind: 'address', text: '12 Harbour Row, flat 3, Exampleton', ward: '' } }, { authorization: `Visit ${opened.visit}` });
}

beforeAll(async () => {
  mailbox = await Mailbox.open();
  office = await openOffice({ arguments: ['--mail-smtp', mailbox.url, '--mail-plain', 'true', '--mail-from', 'care@example.org', '--mail-reminder-hours', '0'] });
  lead = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  const south = await office.makeTeam('South');
  outsider = await office.staff('Lark Example', ['facilitator'], south);
  const { group, session } = await groupWithSession(lead, office.team, 'Coping with panic');
  robin = (await lead.does<{ id: string }>('POST', '/api/people', person(office.team, 'Robin Sample', { email: 'robin@example.org' }))).id;
  const membership = await member(lead, group, robin, 'Linnet');
  await prepareWithSafetyPlan(membership);
  await saysWhereTheyAre(membership, session);
  browser = await launchChromium();
  page = await signedIn(outsider);
  leads = await signedIn(lead);
  await leads.goto(`${office.server.url}/staff`);
  await heading(leads, en['today.title']);
});
afterAll(async () => {
  await browser?.close();
  await office?.close();
  await mailbox?.close();
});

test('the record does not open, and nothing says that there is one', async () => {
  await page.goto(`${office.server.url}/staff/people/${robin}`);
  await page.getByText(en['trouble.gone']).waitFor();
  expect(await page.content()).not.toMatch(/robin|linnet|panic|harbour/i);
  watched.errors.splice(0); // the browser's own line about the 404
});

test('a person is found only by what is known of them exactly', async () => {
  await page.getByRole('link', { name: en['access.link'] }).click();
  await heading(page, en['access.title']);
  expect(await looksWrong(page, 'emergency-who')).toEqual([]);
  const find = async (name: string): Promise<void> => {
    await page.getByLabel(en['access.full_name']).fill(name);
    await page.getByLabel('Day').fill('29');
    await page.getByLabel('Month').fill('2');
    await page.getByLabel('Year').fill('1980');
    await press(en['access.find']);
  };
  await find('Robin Sampl');
  await page.getByText(en['access.nobody']).waitFor();
  await find('Robin Sample');
  await page.getByText('01632 960 001').waitFor();
  await press(en['access.this']);
  await heading(page, 'Why do you open the record of Robin Sample?');
});

test('without a reason nothing opens', async () => {
  await press(en['access.open_hour']);
  await page.getByRole('link', { name: en['access.fault.code'] }).waitFor();
  await page.getByRole('link', { name: en['access.fault.note'] }).waitFor();
  expect(await looksWrong(page, 'emergency-why')).toEqual([]);
  expect((await outsider.ask('POST', `/api/people/${robin}/break-glass`, {})).status).toBe(403);
  expect((await outsider.ask('POST', `/api/people/${robin}/break-glass`, {}, { 'quietroom-reason': 'risk-to-life' })).status).toBe(422);
  expect((await outsider.ask('GET', `/api/people/${robin}`)).status).toBe(404);
  expect((await outsider.ask('GET', `/api/people/${robin}/safety`)).status).toBe(404);
  const rows = database();
  expect(rows.prepare('SELECT COUNT(*) AS n FROM break_glass').get()).toEqual({ n: 0 });
  rows.close();
});

test('with a reason identity, safety plan and place open, for one hour, and nothing else', async () => {
  await page.getByLabel(en['access.risk-to-life']).check();
  await page.getByLabel(en['access.note']).fill('Rang the ward and said goodbye');
  await press(en['access.open_hour']);
  await heading(page, 'Robin Sample');
  await page.getByText(/It closes at \d\d:\d\d/).waitFor();
  for (const words of ['12 Harbour Row, flat 3, Exampleton', 'Ring the mobile at once', 'Wren Sample, sister, 07700 900555', '29 February 1980']) await page.getByText(words).first().waitFor();
  const all = await page.locator('main#main').innerText();
  expect(all).not.toMatch(/panic|linnet/i);
  expect(await page.getByRole('link', { name: new RegExp(`^${en['word.change']}`) }).count()).toBe(0);
  expect(await page.getByText(enPrepareStaff['prepare.safety.ifLineDrops']).count()).toBe(1);
  expect(await looksWrong(page, 'emergency-open')).toEqual([]);
});

test('the team lead is told at once: by a message that names nobody, and on today with who, whom and why', async () => {
  const mail = await mailbox.mail(1);
  expect(mail.to).toEqual(['fern.example@example.org']);
  expect(mail.text).toContain(`${office.server.url}/staff`);
  expect(mail.headers + mail.text + mail.html).not.toMatch(/robin|sample|lark|panic|north|goodbye/i);
  await leads.getByText(/Lark Example opened the record of Robin Sample on .*: A life is in danger\./).waitFor();
  await leads.getByText('Rang the ward and said goodbye').waitFor();
  expect(await looksWrong(leads, 'emergency-told')).toEqual([]);
  await leads.getByRole('button', { name: en['access.seen'] }).click();
  await leads.getByText(/Lark Example opened/).waitFor({ state: 'detached' });
  await leads.context().close();
});

test('after the hour it is closed: the page empties itself, and the service opens nothing', async () => {
  const rows = database();
  rows.prepare('UPDATE break_glass SET from_us = from_us - 3600000000, until_us = until_us - 3600000000').run();
  rows.close();
  expect((await outsider.ask('GET', `/api/people/${robin}`)).status).toBe(404);
  expect((await outsider.ask('GET', `/api/people/${robin}/safety`)).status).toBe(404);
  // The page of somebody who leaves it open for an hour, by the clock of their own browser.
  await page.clock.install();
  await page.clock.fastForward(61 * 60_000);
  await heading(page, en['access.over_title']);
  expect(await page.content()).not.toMatch(/robin|sample|harbour|900555/i);
  expect(await looksWrong(page, 'emergency-over')).toEqual([]);
});

test('the audit trail says who, whom, what and why, and that nobody has changed it', async () => {
  interface Row {
    actor: string;
    action: string;
    data: string;
    person: string;
    reason: string;
  }
  const { items } = await office.administrator.does<{ items: Row[] }>('GET', `/api/audit?actor=${outsider.id}&limit=200`);
  const of = (action: string): string[] => [...new Set(items.filter((row) => row.action === action && row.person === robin).map((row) => `${row.data} ${row.reason}`.trim()))].sort();
  expect(of('break-glass')).toEqual(['identity risk-to-life']);
  expect(of('find')).toEqual(['identity']);
  expect(of('read-broken-glass')).toEqual(['identity', 'place', 'preparation']);
  expect(of('refused').length).toBeGreaterThan(0);
  expect(of('read')).toEqual([]);
  expect(JSON.stringify(items)).not.toMatch(/goodbye|Robin Sample|Harbour/);
  expect(execFileSync(quietroom, ['audit', 'verify', '--data', join(office.server.folder, 'data')], { encoding: 'utf8' })).toMatch(/\d+/);
  expect(watched.foreign).toEqual([]);
});
