// SPDX-License-Identifier: Apache-2.0
// An invented trust with one team for a story whose pages are the members': staff who signed in with a second factor do their part
// through the API. Not here: staff at their own pages (staff.ts), the call (group.ts).
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { type Server, type ServerOptions, quietroom, startServer } from './server.ts';
import { codeOf } from './staff.ts';

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const at = probe.address();
      probe.close(() => resolve(typeof at === 'object' && at ? at.port : 0));
    });
  });

export interface Answer<T> {
  status: number;
  body: T;
  etag: string | null;
}

// One member of staff in one browser.
export class Staff {
  cookie = '';
  key = ''; // of their second factor, once it is set up
  readonly url: string;
  constructor(url: string) {
    this.url = url;
  }
  async ask<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(this.cookie ? { cookie: this.cookie } : {}), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const each of answer.headers.getSetCookie()) this.cookie = each.split(';')[0]!;
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as T, etag: answer.headers.get('etag') };
  }
  // This sign-in in a browser.
  async opens(context: BrowserContext): Promise<void> {
    const [name = '', value = ''] = this.cookie.split(/=(.*)/);
    await context.addCookies([{ name, value, url: this.url, httpOnly: true, sameSite: 'Strict' }]);
  }
  // As ask(), and fails the story where it is refused.
  async does<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    const answer = await this.ask<T>(method, path, body, headers);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  // The one-time link chooses the password, then the second factor is set up and shown.
  async setsUp(link: string, password: string): Promise<void> {
    await this.does('POST', '/api/sign-in/set-up', { link, password });
    const offered = await this.does<{ secret: string }>('POST', '/api/sign-in/second-factor', {});
    this.key = offered.secret;
    await this.does('POST', '/api/sign-in/second', { code: codeOf(offered.secret, Date.now()) });
  }
}

export interface Office {
  server: Server;
  team: string;
  administrator: Staff;
  makeTeam(name: string): Promise<string>; // in the service that there is
  // With these roles in the team (or in another).
  staff(name: string, roles: string[], at?: string): Promise<Staff & { id: string }>;
  close(): Promise<void>;
}

export interface OfficeOptions extends ServerOptions {
  command?: (words: string[]) => string; // runs the program for the first administrator, where it must run somewhere special
}

// The trust, its service and its team are made by the administrator, as a trust on its first day does.
async function firstDay(administrator: Staff): Promise<(name: string) => Promise<string>> {
  const trust = await administrator.ask<object>('GET', '/api/trust');
  await administrator.does('PUT', '/api/trust', { name: 'Moorland Trust (made up)', zone: 'Europe/London', dutyNumber: '01632 960 000' }, { 'if-match': trust.etag ?? '"0"' });
  const service = await administrator.does<{ id: string }>('POST', '/api/services', { name: 'Talking service' });
  return async (name) => (await administrator.does<{ id: string }>('POST', '/api/teams', { name, service: service.id, dutyNumber: '01632 960 001', closed: false })).id;
}

export async function openOffice(options: OfficeOptions = {}): Promise<Office> {
  const port = await freePort();
  const server = await startServer({ ...options, port, arguments: ['--http-address', `http://localhost:${port}`, ...(options.arguments ?? [])] });
  const data = join(server.folder, 'data');
  const binary = options.binary ?? quietroom;
  const words = ['admin', 'create', '--email', 'administrator@example.org', '--name', 'Ada Example', '--data', data];
  const said = options.command ? options.command(words) : execFileSync(binary, words, { encoding: 'utf8' });
  const administrator = new Staff(server.url);
  await administrator.setsUp(/#(\S+)/.exec(said)?.[1] ?? '', 'four wet green boots');
  const makeTeam = await firstDay(administrator);
  const team = await makeTeam('North');
  return {
    server,
    team,
    administrator,
    makeTeam,
    async staff(name, roles, at = team) {
      const email = `${name.toLowerCase().replace(/\W+/g, '.')}@example.org`;
      const made = await administrator.does<{ id: string }>('POST', '/api/staff', { name, email, active: true, standings: roles.map((role) => ({ role, team: at })) });
      const set = await administrator.does<{ link: string }>('POST', `/api/staff/${made.id}/set-up-link`, { secondFactor: false });
      const one = Object.assign(new Staff(server.url), { id: made.id });
      await one.setsUp(/#(.+)$/.exec(set.link)?.[1] ?? set.link, 'seven dry brown coats');
      return one;
    },
    close: () => server.stop(),
  };
}

export const person = (team: string, name: string, more: { email?: string; mobile?: string; method?: string; birthDate?: string; language?: string; format?: string } = {}): unknown => ({
  team,
  identity: {
    legalName: name,
    preferredName: '',
    nhsNumber: '',
    birthDate: more.birthDate ?? '1980-02-29',
    contacts: { email: more.email ?? '', mobile: more.mobile ?? '07700 900123', telephone: '', address: ['1 Invented Row'], postcode: 'M1 1AE', addressConfirmed: null },
    safeContact: { method: more.method ?? (more.email ? 'email' : 'letter'), hours: [], note: '' },
    emergencyContact: { name: '', relation: '', telephone: '' },
  },
  needs: { preferences: { way: null, software: '', language: more.language ?? 'en', interpreter: '', format: more.format ?? null }, needs: [] },
});

// A group of the team whose session begins in ten minutes.
interface Planned {
  watermark?: boolean;
  endToEnd?: boolean;
  note?: string;
  blankOnBlur?: boolean;
  membersMayShare?: boolean;
}
export async function groupWithSession(lead: Staff & { id: string }, team: string, name: string, plan: Planned = {}): Promise<{ group: string; session: string }> {
  const group = await lead.does<{ id: string }>('POST', '/api/groups', {
    team, name, programme: 'Panic', zone: 'Europe/London', ways: ['in_person', 'video', 'phone'], oneWayReason: '', oneWayAlternative: '', software: 'quietroom',
    venue: 'Room 4, Elm House', capacity: 12,
    confidentialityPlan: { endToEnd: true, phoneGateway: false, captioner: false, membersMayShare: false, watermark: false, note: '', ...plan },
    facilitators: [{ staff: lead.id, role: 'facilitator', alias: 'Fern' }],
  });
  const begins = new Date(Date.now() + 10 * 60_000);
  const local = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    .formatToParts(begins).reduce<Record<string, string>>((all, { type, value }) => ({ ...all, [type]: value }), {});
  const series = await lead.does<{ sessions: { id: string }[] }>('POST', `/api/groups/${group.id}/series`, {
    firstDate: `${local['year']}-${local['month']}-${local['day']}`, startTime: `${local['hour']}:${local['minute']}`, minutes: 60, everyDays: 7, count: 2, exceptions: [],
  });
  return { group: group.id, session: series.sessions[0]!.id };
}

// Referred, prepared, with a name for the room.
export async function member(lead: Staff, group: string, personId: string, alias: string): Promise<string> {
  const made = await lead.does<{ id: string }>('POST', `/api/groups/${group}/members`, { person: personId });
  const now = async (): Promise<Record<string, string>> => {
    const list = await lead.does<{ items: { id: string; version: number }[] }>('GET', `/api/groups/${group}/members`);
    return { 'if-match': `"${list.items.find(({ id }) => id === made.id)?.version ?? 1}"` };
  };
  await lead.does('PUT', `/api/memberships/${made.id}/card`, { alias, disguise: { picture: 'pixelate', voice: 'lower' } }, await now());
  await lead.does('POST', `/api/memberships/${made.id}/state`, { state: 'prepared', reason: '', note: '' }, await now());
  return made.id;
}
