// SPDX-License-Identifier: Apache-2.0
// The disk under the database is full: what cannot be saved is said not to be, the form keeps what was typed, what was saved before is
// still there, and with room again the same form is saved, without a restart. The data folder is a small disk of its own in memory,
// mounted in a mount namespace of the service alone.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enStaff as en } from '../../../web/src/texts/en_staff.ts';
import { launchChromium, newContext, newPage, type Watched } from '../../people/browsers.ts';
import { looksWrong } from '../../people/looks.ts';
import { type Office, openOffice, person, type Staff } from '../../people/office.ts';
import { quietroom } from '../../people/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'quietroom-disk-'));
const data = join(folder, 'data');
let office: Office;
let lead: Staff & { id: string };
let browser: Browser;
let page: Page;
const refusals = 5; // one after the other: full
const watched: Watched = { errors: [], foreign: [] };

// In the service's own mounts.
const inside = (pid: number, ...words: string[]): string => execFileSync('nsenter', ['--target', String(pid), '--mount', ...words], { encoding: 'utf8' });

beforeAll(async () => {
  const wrapped = join(folder, 'quietroom');
  writeFileSync(wrapped, `#!/bin/sh\nset -e\nmkdir -p '${data}'\nexec unshare --mount sh -c 'mount -t tmpfs -o size=12m,mode=0700 tmpfs "${data}" && exec "$0" "$@"' '${quietroom}' "$@"\n`);
  chmodSync(wrapped, 0o755);
  office = await openOffice({
    binary: wrapped,
    folder,
    command: (words) => {
      const [pid = ''] = execFileSync('pgrep', ['-f', `quietroom serve .*${folder}`], { encoding: 'utf8' }).split('\n');
      return inside(Number(pid), quietroom, ...words);
    },
  });
  lead = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  await lead.does('POST', '/api/people', person(office.team, 'Robin Sample'));
  browser = await launchChromium();
  const context = await newContext(browser, { reducedMotion: 'reduce' });
  await lead.opens(context);
  page = await newPage(context, null, watched);
});
afterAll(async () => {
  await browser?.close();
  await office?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('with the disk full nothing is said to be saved, and what was typed stays', async () => {
  await page.goto(`${office.server.url}/staff/people/new`);
  await page.getByLabel(en['person.legal_name']).fill('Tansy Sample');
  // The file takes what there is; that it then fails is what it is for.
  inside(office.server.pid, 'sh', '-c', `dd if=/dev/zero of='${data}/filler' bs=64k 2>/dev/null || true`);
  let full = 0;
  // What is left in the files' last pages may still be used up: by large records, then by ones no larger than the form's.
  for (let tries = 0; tries < 400 && full < refusals; tries += 1) {
    const answer = await lead.ask<{ title: string }>('POST', '/api/people', person(office.team, full === 0 ? `Filler Sample ${'x'.repeat(150)}` : 'F S'));
    expect([201, 507]).toContain(answer.status);
    if (answer.status === 507) full += 1;
    else if (full > 0) full = 1;
  }
  expect(full).toBe(refusals);
  await page.getByRole('button', { name: en['person.add'] }).click();
  await page.getByText(en['trouble.full']).waitFor();
  expect(await page.getByLabel(en['person.legal_name']).inputValue()).toBe('Tansy Sample');
  expect(await looksWrong(page, 'full-disk')).toEqual([]);
  expect((await lead.ask('GET', '/api/teams')).status).toBeLessThanOrEqual(507);
  expect((await fetch(`${office.server.url}/healthz`)).status).toBe(200);
});

test('with room again the same form is saved, and everything acknowledged is there', async () => {
  const { pid } = office.server;
  inside(pid, 'rm', `${data}/filler`);
  await page.getByRole('button', { name: en['person.add'] }).click();
  await page.getByRole('heading', { level: 1, name: 'Tansy Sample' }).waitFor();
  // One by one: how many fillers the last pages took differs, and a search gives one page of twenty.
  for (const kept of ['Robin Sample', 'Tansy Sample']) {
    const found = await lead.does<{ items: { name: string }[] }>('POST', '/api/people/search', { search: kept.split(' ')[0] });
    expect(found.items.filter(({ name }) => name === kept)).toHaveLength(1);
  }
  expect(inside(pid, quietroom, 'audit', 'verify', '--data', data)).toMatch(/\d/);
});
