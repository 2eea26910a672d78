// SPDX-License-Identifier: Apache-2.0
// Staff of a story, as real as its server: the first administrator is made by command, the others by the administrator's pages;
// each opens their one-time address, chooses a password and sets up their second factor from the key on the page. Only the
// trust, its service and its team are written into the database, since no page makes those.
import { execFile } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { newContext, newPage, type Watched } from './browsers.ts';
import { quietroom, type Server } from './server.ts';

const run = promisify(execFile);

// RFC 6238 with SHA-1, 30 seconds and six digits; the key is base32 (RFC 4648 section 6).
export function codeOf(key: string, at: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...key.replace(/[\s=]/g, '')].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac('sha1', bytes).update(counter).digest();
  const offset = digest[19]! & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export interface Team {
  id: string;
  name: string;
}

export function makeTeam(server: Server, name: string): Team {
  const base = new DatabaseSync(join(server.folder, 'data', 'quietroom.sqlite3'), { timeout: 5_000 });
  try {
    const [trust, service, team] = [randomUUID(), randomUUID(), randomUUID()];
    const known = base.prepare('SELECT id FROM trust').get() as { id: string } | undefined;
    if (!known) base.prepare("INSERT INTO trust (id, version, name, zone, duty_number, settings) VALUES (?, 1, 'Moorland Trust (made up)', 'Europe/London', '01632 960 000', '{}')").run(trust);
    base.prepare('INSERT INTO service (id, version, trust, name) VALUES (?, 1, ?, ?)').run(service, known?.id ?? trust, `Service of ${name}`);
    base.prepare("INSERT INTO team (id, version, service, name, duty_number) VALUES (?, 1, ?, ?, '01632 960 001')").run(team, service, name);
    return { id: team, name };
  } finally {
    base.close();
  }
}

export class StaffMember {
  readonly page: Page;
  readonly server: Server;
  readonly name: string;
  readonly email: string;
  constructor(page: Page, server: Server, name: string, email: string) {
    this.page = page;
    this.server = server;
    this.name = name;
    this.email = email;
  }
  password = `three made up words of ${randomUUID().slice(0, 8)}`;
  key = '';

  heading(name: string | RegExp): Promise<void> {
    return this.page.getByRole('heading', { level: 1, name }).waitFor();
  }
  press(name: string | RegExp): Promise<void> {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' }).first().click();
  }

  // From the one-time address to today.
  async setUp(address: string): Promise<void> {
    const secret = address.slice(address.indexOf('#') + 1);
    await this.page.goto(`${this.server.url}/staff/set-up#${secret}`);
    await this.heading('Choose your password');
    await this.page.getByLabel('New password', { exact: true }).fill(this.password);
    await this.page.getByLabel('New password again').fill(this.password);
    await this.press('Continue');
    await this.heading('Set up your second step');
    await this.press('I have kept them');
    await this.page.getByRole('img', { name: /code to scan/ }).waitFor();
    await this.page.getByText('I cannot scan it').click();
    this.key = (await this.page.locator('.secret').innerText()).replace(/\s/g, '');
    await this.page.getByLabel('Code', { exact: true }).fill(codeOf(this.key, Date.now()));
    await this.press('Continue');
    await this.heading('Today');
  }
}

export async function staffMember(browser: Browser, server: Server, name: string, email: string, watched?: Watched): Promise<StaffMember> {
  const context = await newContext(browser, { reducedMotion: 'reduce' });
  return new StaffMember(await newPage(context, null, watched), server, name, email);
}

export async function firstAdministrator(browser: Browser, server: Server, watched?: Watched): Promise<StaffMember> {
  const admin = await staffMember(browser, server, 'Ash Oakley', 'ash.oakley@trust.example', watched);
  const { stdout } = await run(quietroom, ['admin', 'create', '--email', admin.email, '--name', admin.name, '--data', join(server.folder, 'data')]);
  await admin.setUp(/\S*\/staff\/set-up#\S+/.exec(stdout)?.[0] ?? '');
  return admin;
}

// By the administrator's pages.
export async function colleague(browser: Browser, by: StaffMember, name: string, email: string, roles: readonly { role: string; team: Team }[], watched?: Watched): Promise<StaffMember> {
  const { page } = by;
  await page.goto(`${by.server.url}/staff/colleagues`);
  await by.heading('Staff');
  await page.getByRole('link', { name: 'Add a member of staff' }).click();
  await by.heading('Add a member of staff');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email address').fill(email);
  for (const [index, { role, team }] of roles.entries()) {
    await by.press('Add a role');
    await page.getByLabel('Role', { exact: true }).nth(index).selectOption({ label: role });
    await page.getByLabel('Team', { exact: true }).nth(index).selectOption(team.id);
  }
  await by.press('Make this account');
  await by.heading(name);
  await by.press('Make the link');
  const made = await staffMember(browser, by.server, name, email, watched);
  await made.setUp(await page.locator('.secret').innerText());
  return made;
}
