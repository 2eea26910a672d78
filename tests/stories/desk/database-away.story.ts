// SPDX-License-Identifier: Apache-2.0
// PostgreSQL is stopped under the running service and started again: meanwhile every answer is "cannot now" and nothing typed is
// lost, nobody is taken for signed out; afterwards the same service goes on without a restart, and the same form is saved once.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enStaff as en } from '../../../web/src/texts/en_staff.ts';
import { launchChromium, newContext, newPage, type Watched } from '../../people/browsers.ts';
import { looksWrong } from '../../people/looks.ts';
import { type Office, openOffice, person, type Staff } from '../../people/office.ts';
import { quietroom, tree } from '../../people/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'quietroom-pg-'));
const keys = mkdtempSync(join(tmpdir(), 'quietroom-keys-')); // beside a database elsewhere, whoever runs the service names the key file
const postgres = (what: 'start' | 'halt' | 'stop'): string => execFileSync(join(tree, 'tests', 'postgres'), [what, folder], { encoding: 'utf8' }).trim();
let office: Office;
let lead: Staff & { id: string };
let browser: Browser;
let page: Page;
let pid: number;
const watched: Watched = { errors: [], foreign: [] };

beforeAll(async () => {
  const url = postgres('start');
  writeFileSync(join(keys, 'keys'), execFileSync(quietroom, ['keys', 'new', 'story'], { encoding: 'utf8' }), { mode: 0o600 });
  const database = ['--database-url', url, '--database-keys', join(keys, 'keys')];
  office = await openOffice({
    arguments: database,
    command: (words) => execFileSync(quietroom, [...words, ...database], { encoding: 'utf8' }),
  });
  ({ pid } = office.server);
  lead = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  browser = await launchChromium();
  const context = await newContext(browser, { reducedMotion: 'reduce' });
  await lead.opens(context);
  page = await newPage(context, null, watched);
});
afterAll(async () => {
  await browser?.close();
  await office?.close();
  postgres('stop');
  rmSync(keys, { recursive: true, force: true });
});

test('while it is away, requests say so and a form keeps what was typed', async () => {
  await page.goto(`${office.server.url}/staff/people/new`);
  await page.getByLabel(en['person.legal_name']).fill('Tansy Sample');
  postgres('halt');
  for (const [method, path, body] of [['GET', '/api/me'], ['GET', '/api/groups'], ['GET', '/api/today?from=2026-11-23T00:00:00Z&to=2026-11-30T00:00:00Z'], ['POST', '/api/people', person(office.team, 'Nobody Sample')],
    ['POST', '/api/sign-in', { email: 'fern.example@example.org', password: 'seven dry brown coats' }], ['POST', '/api/links/look', { link: 'x'.repeat(43) }]] as const) {
    const answer = await lead.ask<{ title?: string }>(method, path, body);
    expect([path, answer.status]).toEqual([path, 503]);
    expect(answer.body?.title ?? '').not.toMatch(/sql|postgres|connection/i);
  }
  await page.getByRole('button', { name: en['person.add'] }).click();
  await page.getByText(en['trouble.unavailable']).waitFor();
  expect(await page.getByLabel(en['person.legal_name']).inputValue()).toBe('Tansy Sample');
  expect(await looksWrong(page, 'database-away')).toEqual([]);
  expect((await fetch(`${office.server.url}/healthz`)).status).toBe(200);
});

test('when it is back, so is the service, without a restart, and the same form is saved once', async () => {
  postgres('start');
  await expect.poll(async () => (await lead.ask('GET', '/api/me')).status, { timeout: 30_000 }).toBe(200);
  expect(office.server.pid).toBe(pid);
  await page.getByRole('button', { name: en['person.add'] }).click();
  await page.getByRole('heading', { level: 1, name: 'Tansy Sample' }).waitFor();
  const found = await lead.does<{ items: unknown[] }>('POST', '/api/people/search', { search: 'Sample' });
  expect(found.items).toHaveLength(1);
});

test('the log says what happened without a name, an address or a word that was typed', () => {
  expect(office.server.log()).not.toMatch(/Tansy|Sample|fern\.example/i);
});
