// SPDX-License-Identifier: Apache-2.0
// A made-up service that answers as the contract says (model.ts), in memory, for looking at the staff pages and for tests:
// versions, If-Match, idempotency keys, faults with pointers, a sign-in that can run out. Not in the production bundle. Not a
// model of the service's rules. Every name is invented.
import type { AttendanceRow, BreakGlass, Group, GroupRow, Me, MembershipRow, Person, PersonRow, Problem, Register, Service, SessionJoining, SessionRow, SignIn, SignInWays, Staff, SupporterInRegister, Team, TrustSettings } from '../api/model';
import { dutiesOf } from './duties/sketch_duties';
import { invitationPreview, messagesOf } from './letters/sketch_messages';
import { preparationOf, readinessOf } from './prepare/sketch_preparation';
import { emptyIdentity, emptyNeeds } from './person_parts';
import { agreementOf, alertOf } from './sketch_safety';
import { addDays, dayOf, instantOf, meetingsOf, timeOf } from './time';

export const idOf = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const zone = 'Europe/London';
const iso = (instant: number): string => new Date(instant).toISOString().replace('.000', '');

export interface Answered {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}
export interface SketchOptions {
  now: number;
  role?: Me['standings'][number]['role'];
  empty?: boolean; // a trust on its first day
  long?: boolean; // the longest names
}

const problem = (status: number, kind: string, errors?: Problem['errors']): Answered => ({
  status,
  body: { type: `/problems/${kind}`, title: kind, status, ...(errors ? { errors } : {}) },
});

export class SketchService {
  readonly requests: { method: string; path: string; body: unknown; headers: Record<string, string> }[] = [];
  me: Me;
  signedIn = true;
  locked = false;
  offline = false;
  teams: Team[];
  services: Service[] = [];
  trust: TrustSettings = { name: '', zone, dutyNumber: '' };
  staff: Staff[];
  groups: Group[] = [];
  sessions: SessionRow[] = [];
  members: MembershipRow[] = [];
  people: Person[] = [];
  opened: BreakGlass[] = [];
  registers = new Map<string, AttendanceRow[]>();
  supporters: SupporterInRegister[] = [];
  signIns: SignIn[];
  private readonly made = new Map<string, Answered>();
  private next = 1000;

  constructor(private readonly options: SketchOptions) {
    const { now, long } = options;
    const role = options.role ?? 'facilitator';
    this.teams = [
      { id: idOf(1), version: 1, name: long ? 'Community Adult Psychological Therapies Team for the Northern Moorlands and Valleys' : 'Heather Team', service: { id: idOf(3), name: 'Talking Therapies' }, dutyNumber: '01632 960 001', closed: false },
      { id: idOf(2), version: 1, name: 'Bracken Team', service: { id: idOf(3), name: 'Talking Therapies' }, dutyNumber: '01632 960 002', closed: false },
    ];
    const name = long ? 'Dr Maximiliana-Theodora Featherstonehaugh-Cholmondeley' : 'Robin Meadows';
    this.me = {
      id: idOf(10), name, email: 'robin.meadows@trust.example',
      standings: [{ role, team: role === 'administrator' ? null : idOf(1), teamName: role === 'administrator' ? null : (this.teams[0]?.name ?? '') }],
      facilitates: [], opened: [], locked: false, password: true, zone, trust: 'Moorland Trust (made up)',
    };
    this.staff = [
      { id: idOf(10), version: 1, name, email: 'robin.meadows@trust.example', active: true, standings: [{ role, team: idOf(1) }] },
      { id: idOf(11), version: 2, name: 'Sam Waterhouse', email: 'sam.waterhouse@trust.example', active: true, standings: [{ role: 'facilitator', team: idOf(1) }, { role: 'team_lead', team: idOf(1) }] },
      { id: idOf(12), version: 1, name: 'Ash Oakley', email: 'ash.oakley@trust.example', active: true, standings: [{ role: 'administrator', team: null }] },
      { id: idOf(13), version: 4, name: 'Kim Fielding', email: 'kim.fielding@trust.example', active: false, standings: [] },
    ];
    this.signIns = [
      { id: idOf(20), device: 'Firefox on Linux', since: iso(now - 3_600_000), seen: iso(now - 60_000), current: true },
      { id: idOf(21), device: 'Chrome on Android', since: iso(now - 90_000_000), seen: iso(now - 7_200_000), current: false },
    ];
    if (options.empty && role === 'administrator') this.teams = [];
    if (!options.empty) this.services = [{ id: idOf(3), version: 1, name: 'Talking Therapies', teams: 2 }, { id: idOf(4), version: 1, name: 'Older people', teams: 0 }];
    if (!options.empty) this.trust = { name: 'Moorland Trust (made up)', zone, dutyNumber: '01632 960 000' };
    if (!options.empty) this.fill();
  }

  private fill(): void {
    const { now, long } = this.options;
    const today = dayOf(now, zone);
    const names = ['Juniper Vale', 'Kestrel Marsh', 'Linden Hart', 'Merle Quarry', 'Nettle Brook', 'Olive Fenn'];
    this.people = names.map((person, index) => ({
      id: idOf(100 + index), version: 1, team: idOf(1),
      identity: {
        ...emptyIdentity,
        legalName: long ? `${person} Featherstonehaugh-Cholmondeley of Wetwang` : person,
        preferredName: index === 0 ? 'June' : '',
        nhsNumber: index < 3 ? ['9990000018', '9990000026', '9990000034'][index]! : '',
        birthDate: `19${70 + index}-0${index + 1}-12`,
        contacts: { ...emptyIdentity.contacts, mobile: '+447700900118', email: index % 2 ? `${person.split(' ')[0]?.toLowerCase()}@mail.example` : '', address: ['4 Made Up Lane', 'Little Fiction'], postcode: 'M1 1AE', addressConfirmed: index === 0 ? today : null },
        safeContact: index === 0 ? { method: 'sms', hours: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }], note: 'Never leave a voicemail.' } : emptyIdentity.safeContact,
      },
      needs: index === 0 ? { preferences: { way: 'video', software: '', language: 'en-GB', interpreter: '', format: 'large_print' }, needs: [{ category: '009', code: '', note: 'A break after 30 minutes.' }, { category: '001', code: '441092009', note: '' }] } : emptyNeeds,
      memberships: [],
      deprivation: null,
    }));
    const quarter = Math.floor(now / 900_000) * 900_000;
    const groups = [
      { name: long ? 'Compassion-focused therapy for people who live with long-lasting worry and low mood, Thursday afternoons' : 'Compassion group', at: timeOf(quarter, zone), from: today },
      { name: 'Walking and talking', at: timeOf(quarter + 10_800_000, zone), from: today },
      { name: 'Sleep and rest', at: '10:00', from: addDays(today, 2) },
    ];
    if (this.me.standings[0]?.role === 'team_lead') {
      this.opened = [{ id: idOf(900), staff: { id: idOf(13), name: 'Kim Fielding' }, person: { id: idOf(101), name: 'Kestrel Marsh' }, team: idOf(1), reason: 'risk-to-life', note: 'They phoned and nobody was there.', from: iso(now - 600_000), until: iso(now + 3_000_000), seenAt: null }];
    }
    groups.forEach(({ name, at, from }, index) => this.addGroup(idOf(200 + index), name, at, from, index));
    for (const row of this.sessions.filter(({ group }) => group.id === idOf(201)).slice(0, 2)) row.heldOn = 'Other Meetings';
    const [first, second] = this.members.filter(({ group }) => group.id === idOf(201));
    this.supporters = [
      { supporter: idOf(950), membership: first?.id ?? '', version: 0, kind: 'interpreter', alias: 'Elm', mode: null, cameAt: null, leftAt: null, source: 'plan' },
      { supporter: idOf(951), membership: second?.id ?? '', version: 1, kind: 'carer', alias: 'Hazel', mode: 'in_person', cameAt: null, leftAt: null, source: 'staff' },
    ];
  }

  private addGroup(id: string, name: string, time: string, from: string, index: number): void {
    const plan = { endToEnd: true, phoneGateway: index === 1, captioner: false, membersMayShare: false, watermark: false, note: '' };
    const group: Group = {
      id, version: 1, team: idOf(1), name, programme: index === 2 ? '' : 'Compassion-focused therapy', zone,
      ways: index === 2 ? ['video'] : ['in_person', 'video', 'phone'],
      oneWayReason: index === 2 ? 'Everyone lives far away' : '', oneWayAlternative: index === 2 ? 'The Friday group in person' : '',
      software: 'quietroom', venue: index === 2 ? '' : 'Rowan Room, Moorland Centre', directions: '', phoneDirections: '', capacity: 10, confidentialityPlan: plan,
      facilitators: [{ staff: this.me.id, name: this.me.name, role: 'facilitator', alias: 'Robin' }, { staff: idOf(11), name: 'Sam Waterhouse', role: 'co_facilitator', alias: 'Sam' }],
      closed: false,
    };
    this.groups.push(group);
    this.me.facilitates.push({ id, name });
    const states = ['joined', 'prepared', 'waiting', 'referred', 'joined', 'stopped'] as const;
    this.members.push(...this.people.map((person, place): MembershipRow => this.membership(group, person, states[(place + index) % 6] ?? 'joined', place)));
    this.addSessions(group, meetingsOf({ firstDate: addDays(from, index === 2 ? 0 : -7), startTime: time, everyDays: 7, count: 6, exceptions: [] }, zone).map(({ day }) => day), time, 90);
  }

  private membership(group: Group, person: Person, state: MembershipRow['state'], place: number): MembershipRow {
    const since = iso(this.options.now - 2_000_000_000);
    const row: MembershipRow = {
      id: idOf(++this.next), version: 1, group: { id: group.id, name: group.name }, person: { id: person.id, name: person.identity?.preferredName || person.identity?.legalName || '' },
      state, reason: state === 'stopped' ? 'own-wish' : '', alias: state === 'referred' ? '' : (['Wren', 'Kes', 'Lark', 'Fern', 'Reed', 'Moss'][place % 6] ?? ''),
      disguise: { picture: 'none', voice: 'none' }, since,
      steps: [{ state: 'referred', reason: '', at: since, by: 'Sam Waterhouse' }, ...(state === 'referred' ? [] : [{ state, reason: '', at: since, by: 'Robin Meadows' }])],
    };
    person.memberships?.push(row);
    return row;
  }

  private addSessions(group: Group, days: readonly string[], time: string, minutes: number): SessionRow[] {
    const before = this.sessions.filter((row) => row.group.id === group.id).length;
    const rows = days.map((date, index): SessionRow => {
      const starts = instantOf(date, time, group.zone);
      const past = starts + minutes * 60_000 < this.options.now;
      return {
        id: idOf(++this.next), version: 1, group: { id: group.id, name: group.name }, number: before + index + 1, date, time, minutes, startsAt: iso(starts), endsAt: iso(starts + minutes * 60_000),
        zone: group.zone, venue: group.venue, heldOn: 'quietroom', state: past ? 'held' : 'planned', cancelledReason: '',
        missing: past || group.id === idOf(201) ? { notPrepared: 0, wayNotSaid: 0, messagesFailed: 0 } : { notPrepared: 2, wayNotSaid: 1, messagesFailed: index === 1 ? 1 : 0 },
      };
    });
    this.sessions.push(...rows);
    for (const row of rows) this.registers.set(row.id, this.expected(group, row));
    return rows;
  }

  private expected(group: Group, session: SessionRow): AttendanceRow[] {
    const here = this.members.filter((row) => row.group.id === group.id && ['prepared', 'joined'].includes(row.state));
    const past = session.state === 'held';
    return here.map((row, index): AttendanceRow => ({
      id: idOf(++this.next), version: 1, membership: row.id, person: row.person, alias: row.alias, planned: index === 2 ? null : 'video', mode: past && index !== 1 ? 'video' : null,
      outcome: past ? (index === 1 ? 'did_not_attend' : 'attended') : 'expected', late: past && index === 2, leftEarly: false, changedMode: false,
      cameAt: past && index !== 1 ? session.startsAt : null, leftAt: null, source: past ? 'call' : 'plan',
      corrections: past && index === 0 ? [{ at: session.endsAt, by: 'Sam Waterhouse', reason: 'technology' }] : [],
    }));
  }

  // As window.fetch, for the client.
  readonly fetch = async (address: string, init: RequestInit): Promise<Response> => {
    const url = new URL(address, 'http://sketch.example');
    const headers = Object.fromEntries(Object.entries((init.headers ?? {}) as Record<string, string>).map(([name, value]) => [name.toLowerCase(), value]));
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    const method = init.method ?? 'GET';
    this.requests.push({ method, path: url.pathname, body, headers });
    if (this.offline) throw new TypeError('no network');
    const key = headers['idempotency-key'];
    const answer = (key ? this.made.get(key) : undefined) ?? this.answer(method, url, body, headers);
    if (key && answer.status < 300) this.made.set(key, answer);
    return new Response(answer.status === 204 ? null : JSON.stringify(answer.body ?? null), { status: answer.status, headers: { 'content-type': 'application/json', ...answer.headers } });
  };

  private answer(method: string, url: URL, body: unknown, headers: Record<string, string>): Answered {
    const door = this.atDoor(method, url.pathname, body);
    if (door) return door;
    if (!this.signedIn) return problem(401, 'sign-in');
    if (this.locked) return problem(401, 'locked');
    const path = url.pathname.replace(/^\/api\//, '').split('/');
    const found = dutiesOf(method, path, url, this.options.empty ?? false) ?? this.lists(method, path, url) ?? this.records(method, path, body, headers);
    return found ?? problem(404, 'not-found');
  }

  private atDoor(method: string, path: string, body: unknown): Answered | null {
    const asked = (body ?? {}) as Record<string, string>;
    const ways: SignInWays = {
      local: true, provider: { name: 'Trust sign-in', start: '/api/sign-in/provider' },
      demonstration: [{ name: 'Robin Meadows', role: 'facilitator', email: 'robin.meadows@trust.example', password: 'made-up-words' }, { name: 'Ash Oakley', role: 'administrator', email: 'ash.oakley@trust.example', password: 'made-up-words' }],
    };
    switch (`${method} ${path}`) {
      case 'GET /api/sign-in/ways':
        return { status: 200, body: ways };
      case 'POST /api/sign-in':
        if (asked['password'] !== 'made-up-words') return problem(401, 'sign-in-failed');
        return { status: 200, body: { next: asked['email']?.startsWith('new') ? 'set-up-second-factor' : 'second-factor' } };
      case 'POST /api/sign-in/set-up':
        return { status: 200, body: { next: 'set-up-second-factor' } };
      case 'POST /api/sign-in/second-factor':
        return { status: 200, body: { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', uri: 'otpauth://totp/Quietroom:robin.meadows@trust.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Quietroom', recoveryCodes: Array.from({ length: 10 }, (_, n) => `abcde-fgh${n}k`) } };
      case 'POST /api/sign-in/second':
        if (asked['code'] !== '123456') return problem(422, 'fields', [{ pointer: '/code', code: 'wrong-code', detail: 'This code is not right' }]);
        this.signedIn = true;
        this.locked = false;
        return { status: 200, body: { next: 'done' } };
      case 'POST /api/sign-in/unlock':
        if (!this.signedIn) return problem(401, 'sign-in');
        if (asked['password'] !== 'made-up-words') return problem(401, 'sign-in-failed');
        this.locked = false;
        return { status: 200, body: { next: 'done' } };
      case 'POST /api/sign-in/lock':
        this.locked = true;
        return { status: 204 };
      case 'POST /api/sign-out':
        this.signedIn = false;
        return { status: 204 };
      case 'GET /api/me':
        return this.signedIn ? { status: 200, body: { ...this.me, locked: this.locked } } : problem(401, 'sign-in');
      default:
        return null;
    }
  }

  private lists(method: string, path: string[], url: URL): Answered | null {
    const list = (items: unknown[]): Answered => ({ status: 200, body: { items, next: null } });
    const [first, id, part] = path;
    if (method === 'POST' && path[3] === 'preview') return { status: 200, body: invitationPreview() };
    if (method !== 'GET') return null;
    const post = messagesOf(path, url, { now: this.options.now, people: this.people, group: this.groups[0], members: this.members, empty: this.options.empty ?? false });
    if (post) return { status: 200, body: post };
    if (first === 'teams' && !id) return list(this.teams);
    if (first === 'services' && !id) return list(this.services);
    if (first === 'groups' && part === 'colleagues') return list(this.staff.filter((one) => one.active && one.standings.some(({ role }) => role === 'facilitator' || role === 'team_lead')).map((one) => ({ id: one.id, name: one.name })));
    if (first === 'staff' && !id) return list(this.staff);
    if (first === 'sign-ins') return list(this.signIns);
    if (first === 'today') {
      const from = Date.parse(url.searchParams.get('from') ?? '');
      const to = Date.parse(url.searchParams.get('to') ?? '');
      return list(this.sessions.filter((row) => Date.parse(row.startsAt) >= from && Date.parse(row.startsAt) < to).sort((a, b) => a.startsAt.localeCompare(b.startsAt)));
    }
    if (first === 'groups' && !id) return list(this.groups.filter((group) => group.closed === (url.searchParams.get('state') === 'closed') && `${group.name} ${group.programme}`.toLowerCase().includes((url.searchParams.get('find') ?? '').toLowerCase())).map((group) => this.groupRow(group)));
    if (first === 'groups' && part === 'members') return list(this.members.filter((row) => row.group.id === id));
    const member = first === 'memberships' && !part ? this.members.find((row) => row.id === id) : undefined;
    if (member) return { status: 200, body: member, headers: { etag: `"${member.version}"` } };
    if (first === 'groups' && part === 'readiness') return list(this.members.filter((row) => row.group.id === id && !['completed', 'stopped', 'moved'].includes(row.state)).map(readinessOf));
    if (first === 'groups' && part === 'sessions') return list(this.sessions.filter((row) => row.group.id === id));
    return null;
  }

  private groupRow(group: Group): GroupRow {
    const rows = this.members.filter((row) => row.group.id === group.id);
    const next = this.sessions.filter((row) => row.group.id === group.id && row.state === 'planned').sort((a, b) => a.startsAt.localeCompare(b.startsAt))[0];
    return {
      id: group.id, name: group.name, programme: group.programme, team: group.team, teamName: this.teams.find(({ id }) => id === group.team)?.name ?? '',
      members: rows.filter(({ state }) => state === 'joined' || state === 'prepared').length, waiting: rows.filter(({ state }) => state === 'referred' || state === 'waiting').length,
      nextSession: next ? { id: next.id, startsAt: next.startsAt } : null, closed: group.closed,
    };
  }

  // One record: read it, or replace it where If-Match says that nobody else has.
  private record<T extends { id: string; version: number }>(rows: T[], id: string | undefined, method: string, change: Partial<T>, headers: Record<string, string>): Answered {
    const at = rows.findIndex((row) => row.id === id);
    const row = rows[at];
    if (!row) return problem(404, 'not-found');
    if (method !== 'GET') {
      if (headers['if-match'] !== `"${row.version}"`) return problem(412, 'changed-since');
      rows[at] = { ...row, ...change, id: row.id, version: row.version + 1 };
    }
    const now = rows[at] ?? row;
    return { status: 200, body: now, headers: { etag: `"${now.version}"` } };
  }

  private records(method: string, path: string[], body: unknown, headers: Record<string, string>): Answered | null {
    const [first, id = '', part] = path;
    const about = this.members[1];
    const meets = this.sessions.find((row) => row.group.id === about?.group.id && row.state === 'planned');
    if (first === 'alerts' || part === 'alerts') return about && meets ? alertOf(about, meets, path, method, body, this.me) : { status: 200, body: { items: [], next: null } };
    if (part === 'agreement' && first !== 'groups') return { status: 204 };
    const asked = (body ?? {}) as Record<string, unknown>;
    if (first === 'trust' || first === 'services' || first === 'teams') return this.settings(method, first, id, asked, headers);
    if (first === 'groups') return this.groupRecord(method, id, part, asked, headers);
    if (first === 'break-glass') {
      if (method === 'GET') return { status: 200, body: { items: this.opened, next: null } };
      if (part === 'seen') this.opened = [];
      if (part === 'seen') return { status: 204 };
      const found = this.search(String(asked['nhsNumber'] ?? asked['legalName']));
      return { status: 200, body: { items: found.map((one) => ({ id: one.id, name: one.legalName, teamName: 'Heather Team', dutyNumber: '01632 960 001', withinReach: false })), next: null } };
    }
    if (first === 'people') return this.personRecord(method, id, part, asked, headers);
    if (first === 'staff') return method === 'POST' ? this.create(this.staff, { version: 1, ...asked } as never) : this.record(this.staff, id, method, asked, headers);
    if (first === 'sign-ins') {
      this.signIns = this.signIns.filter((one) => one.id !== id);
      return { status: 204 };
    }
    if (first === 'sessions') return this.sessionRecord(method, id, part, asked, headers, path[3]);
    const prepared = part === 'preparation' ? this.members.find((row) => row.id === id) : undefined;
    if (first === 'memberships' && prepared) return preparationOf(prepared, method, path[3] === 'finish', body, headers);
    if (first === 'memberships') return part === 'card' ? this.record(this.members, id, 'PUT', asked, headers) : this.record(this.members, id, 'PUT', { state: asked['state'] as MembershipRow['state'], reason: String(asked['reason'] ?? '') }, headers);
    if (first === 'attendance') {
      const rows = [...this.registers.values()].find((list) => list.some((row) => row.id === id)) ?? [];
      return this.record(rows, id, 'PUT', { mode: asked['mode'] as AttendanceRow['mode'], outcome: asked['outcome'] as AttendanceRow['outcome'], late: asked['late'] === true, leftEarly: asked['leftEarly'] === true, source: 'staff' }, headers);
    }
    return null;
  }

  private settings(method: string, first: 'trust' | 'services' | 'teams', id: string, asked: Record<string, unknown>, headers: Record<string, string>): Answered {
    if (first === 'trust' && id === 'agreement') return { status: 200, body: { text: method === 'PUT' ? asked : null }, headers: { etag: '"1"' } };
    if (first === 'trust') {
      if (method === 'PUT') this.trust = asked as unknown as TrustSettings;
      return { status: 200, body: this.trust, headers: { etag: '"1"' } };
    }
    if (first === 'services') return method === 'POST' ? this.create(this.services, { version: 1, teams: 0, name: String(asked['name']) } as never) : this.record(this.services, id, method, asked, headers);
    const service = (of: unknown) => this.services.find((one) => one.id === of) ?? { id: '', name: '' };
    const shown = ({ service: of, ...team }: Team) => ({ ...team, service: of.id, openGroups: this.groups.filter((group) => group.team === team.id && !group.closed).length });
    const known = { ...asked, service: service(asked['service']) } as unknown as Team;
    const answer = method === 'POST' ? this.create(this.teams, { ...known, version: 1 }) : this.record(this.teams, id, method, method === 'GET' ? {} : known, headers);
    return answer.status < 300 ? { ...answer, body: shown(answer.body as Team) } : answer;
  }

  private create<T extends { id: string }>(rows: T[], row: T): Answered {
    const made = { ...row, id: idOf(++this.next) };
    rows.push(made);
    return { status: 201, body: made, headers: { etag: '"1"' } };
  }

  private groupRecord(method: string, id: string, part: string | undefined, asked: Record<string, unknown>, headers: Record<string, string>): Answered {
    if (method === 'POST' && !id) {
      if (String(asked['name']).includes('refused')) return problem(422, 'fields', [{ pointer: '/name', code: 'taken', detail: 'Another group has this name' }]);
      return this.create(this.groups, { ...(asked as unknown as Group), version: 1, closed: false });
    }
    const group = this.groups.find((one) => one.id === id);
    if (!group) return problem(404, 'not-found');
    if (part === 'agreement') return agreementOf(this.members.filter((row) => row.group.id === id && row.state !== 'stopped'), method, asked, headers, id !== idOf(202));
    if (part === 'series') {
      const series = asked as unknown as { firstDate: string; startTime: string; minutes: number; everyDays: number; count: number; exceptions: string[] };
      const days = meetingsOf(series, group.zone).filter(({ number }) => number !== null).map(({ day }) => day);
      return { status: 201, body: { id: idOf(++this.next), sessions: this.addSessions(group, days, series.startTime, series.minutes) } };
    }
    if (part === 'members') {
      const person = this.people.find((one) => one.id === asked['person']);
      if (!person) return problem(422, 'fields', [{ pointer: '/person', code: 'not-known', detail: 'Choose a person' }]);
      const row = this.membership(group, person, 'referred', 0);
      this.members.push(row);
      return { status: 201, body: row };
    }
    return this.record(this.groups, id, method, asked, headers);
  }

  private personRecord(method: string, id: string, part: string | undefined, asked: Record<string, unknown>, headers: Record<string, string>): Answered {
    if (id === 'search') return { status: 200, body: { items: this.search(String(asked['search'])), next: null } };
    if (method === 'POST' && !id) return this.create(this.people, { ...(asked as unknown as Person), version: 1, memberships: [], deprivation: null });
    if (part === 'break-glass') {
      this.me = { ...this.me, opened: [{ person: id, until: iso(this.options.now + 3_600_000) }] };
      return { status: 201, body: {} };
    }
    if (part === 'safety') {
      const plan = { signs: 'Speaks less and less', helps: 'A walk. Music', people: 'Sister, most evenings', ifLineDrops: 'Ring the mobile, then the sister' };
      const place = { given: true, kind: 'address', lines: ['12 Made Up Harbour, flat 3', 'Little Fiction'], saidAt: iso(this.options.now - 1_200_000) };
      const open = this.me.opened.length > 0;
      return { status: 200, body: { plans: [{ plan, emergency: { name: 'Wren Vale', relation: 'sister', telephone: '07700 900555' }, place: 'At home', saidAt: iso(this.options.now - 900_000_000) }], placeOpen: open, place: open ? place : null } };
    }
    return this.record(this.people, id, method, part ? { [part]: asked } : {}, headers);
  }

  private search(text: string): PersonRow[] {
    const wanted = text.toLowerCase();
    return this.people
      .filter(({ identity }) => identity && (`${identity.legalName} ${identity.preferredName}`.toLowerCase().includes(wanted) || identity.nhsNumber === text.replace(/\s/g, '')))
      .map(({ id, team, identity, memberships }) => ({
        id, team, name: identity?.preferredName || identity?.legalName || '', legalName: identity?.legalName ?? '', birthDate: identity?.birthDate ?? null, nhsNumber: identity?.nhsNumber || null,
        groups: (memberships ?? []).map((row) => ({ id: row.group.id, name: row.group.name, state: row.state })),
      }));
  }

  private sessionRecord(method: string, id: string, part: string | undefined, asked: Record<string, unknown>, headers: Record<string, string>, last?: string): Answered {
    const session = this.sessions.find((row) => row.id === id);
    if (!session) return problem(404, 'not-found');
    const elsewhere = session.heldOn !== 'quietroom';
    if (part === 'register') return { status: 200, body: { session, rows: this.registers.get(id) ?? [], supporters: elsewhere ? this.supporters : [] } satisfies Register };
    if (part === 'joining') return { status: 200, body: { session: id, version: 1, address: session.state === 'held' ? '' : 'https://meetings.example/join/19:meeting_MGM0YzY3/0?context=%7b%22Tid%22%3a%22a-long-one%22%7d' } satisfies SessionJoining, headers: { etag: '"1"' } };
    if (part === 'supporters' && method === 'PUT') {
      const one = this.supporters.find(({ supporter }) => supporter === last);
      if (!one) return problem(404, 'not-found');
      const mode = (asked as { mode: SupporterInRegister['mode'] }).mode;
      Object.assign(one, { mode, version: one.version + 1, source: mode ? 'staff' : 'plan' });
      return { status: 200, body: one };
    }
    if (part === 'seat') return { status: 200, body: { link: 'made-up-link-of-a-seat' } };
    if (part === 'cancel') return this.record(this.sessions, id, 'PUT', { state: 'cancelled', cancelledReason: String(asked['reason']) }, headers);
    return this.record(this.sessions, id, method, asked, headers);
  }
}
