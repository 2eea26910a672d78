// SPDX-License-Identifier: Apache-2.0
// What the service around the group costs with 50,000 people and 5,000 groups: its busiest routes at 200 requests a second, on SQLite
// and on PostgreSQL 15. Requests are due at fixed times whether or not others have been answered, and a request's time counts from when
// it was due. Then each route by itself, as fast as four askers get answers, for requests per CPU-second of the service (and of the
// database server). Staff sign in as people do, with password and second factor.
//   ./dev bench service [--rate 200] [--seconds 30] [--databases sqlite,postgresql] [--only NAME,…] [--no-alone] [--profile]
// --profile runs perf over the service (and the database server) while the load lasts. Not here: the database's rows (service_fill.cpp).
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endsWithUs } from '../tests/people/ending.ts';
import { tree } from '../tests/people/server.ts';
import { codeOf } from '../tests/people/staff.ts';
import { quantile, table } from './figures.ts';

const aimMs = 50;
const { values: options } = parseArgs({
  options: {
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '30' },
    databases: { type: 'string', default: 'sqlite,postgresql' },
    only: { type: 'string' },
    'no-alone': { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
});
const rate = Number(options.rate);
const seconds = Number(options.seconds);

interface Group {
  group: string;
  held: string;
  marks: string[];
  people: string[];
}
interface World {
  password: string;
  staff: { email: string; role: string; secret: string; groups: Group[] }[];
  visits: string[];
  names: string[];
  numbers: string[];
}
interface Asked {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
  answered?: (body: string) => void;
}
interface Answered {
  status: number;
  body: string;
  cookie: string;
}

// The same requests in every run.
function seeded(seed: number): (below: number) => number {
  let next = seed;
  return (below) => {
    next = (Math.imul(next, 1664525) + 1013904223) >>> 0;
    return Math.floor((next / 2 ** 32) * below);
  };
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

class Service {
  readonly agent = new Agent({ keepAlive: true, maxSockets: 128 });
  readonly child: ChildProcess;
  readonly port: number;
  private constructor(child: ChildProcess, port: number) {
    this.child = child;
    this.port = port;
  }
  static async start(data: string, more: string[]): Promise<Service> {
    const listening = join(data, 'listening.json');
    rmSync(listening, { force: true });
    const child = spawn(
      join(tree, 'build', 'release', 'src', 'app', 'quietroom'),
      ['serve', '--data', data, '--web', join(tree, 'build', 'web'), '--http-port', '0', '--media-port', '0', '--media-listen', '127.0.0.1', '--listening-file', listening,
        '--http-requests-per-second', '1000000', '--http-burst', '1000000', '--http-connections-per-address', '1000', '--log-level', 'warning', ...more],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    endsWithUs(child);
    while (!existsSync(listening)) {
      if (child.exitCode !== null) throw new Error('the service did not start');
      await pause(20);
    }
    return new Service(child, (JSON.parse(readFileSync(listening, 'utf8')) as { http: number }).http);
  }
  ask(one: Asked): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const headers = { ...one.headers, ...(one.body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(one.body)) }) };
      const sent = request({ host: '127.0.0.1', port: this.port, agent: this.agent, method: one.method, path: one.path, headers }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString(), cookie });
        });
      });
      sent.on('error', reject);
      sent.end(one.body);
    });
  }
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
    this.agent.destroy();
  }
}

// Password and second factor; a code works once, so each account signs in once a run.
async function signIn(service: Service, one: World['staff'][number], password: string): Promise<string> {
  const first = await service.ask({ method: 'POST', path: '/api/sign-in', headers: {}, body: JSON.stringify({ email: one.email, password }) });
  const second = await service.ask({ method: 'POST', path: '/api/sign-in/second', headers: { cookie: first.cookie }, body: JSON.stringify({ code: codeOf(one.secret, Date.now()) }) });
  if (second.status !== 200) throw new Error(`${one.email} cannot sign in: ${first.status} ${second.status} ${second.body}`);
  return second.cookie;
}

interface Route {
  name: string;
  weight: number; // of a hundred
  make: (pick: (below: number) => number) => Asked;
}

interface SignedIn {
  cookie: string;
  role: string;
  groups: Group[];
}

// Versions of the marks that are written, as a page that shows the register has them.
async function readVersions(service: Service, who: SignedIn[]): Promise<{ id: string; version: number; cookie: string }[]> {
  const all = new Map<string, { id: string; version: number; cookie: string }>();
  for (const one of who.filter(({ role }) => role === 'facilitator'))
    for (const { held } of one.groups) {
      const answer = await service.ask({ method: 'GET', path: `/api/sessions/${held}/register`, headers: { cookie: one.cookie } });
      if (answer.status !== 200) throw new Error(`the register: ${answer.status} ${answer.body}`);
      for (const { id, version } of (JSON.parse(answer.body) as { rows: { id: string; version: number }[] }).rows) all.set(id, { id, version, cookie: one.cookie });
    }
  return [...all.values()];
}

function routesOf(world: World, who: SignedIn[], marks: { id: string; version: number; cookie: string }[]): Route[] {
  const of = (role: string) => who.filter((one) => one.role === role);
  const facilitators = of('facilitator');
  const leads = of('team_lead').filter(({ groups }) => groups.length > 0);
  const whole = of('team_lead').filter(({ groups }) => groups.length === 0);
  const officers = of('safety_officer');
  type Pick = (below: number) => number;
  const any = <T>(pick: Pick, all: T[]): T => all[pick(all.length)]!;
  // Most of the day's work is facilitators'.
  const clinician = (pick: Pick) => (pick(10) < 8 ? any(pick, facilitators) : any(pick, leads));
  const get = (path: string, { cookie }: SignedIn): Asked => ({ method: 'GET', path, headers: { cookie } });
  const midnight = Math.floor(Date.now() / 86_400_000) * 86_400_000;
  const look = (days: number) => `/api/today?from=${new Date(midnight).toISOString().slice(0, 19)}Z&to=${new Date(midnight + days * 86_400_000).toISOString().slice(0, 19)}Z`;
  const search = (text: string, { cookie }: SignedIn): Asked => ({ method: 'POST', path: '/api/people/search', headers: { cookie }, body: JSON.stringify({ search: text }) });
  let turn = 0;
  const group = (pick: Pick, path: (g: Group) => string) => {
    const one = clinician(pick);
    return get(path(any(pick, one.groups)), one);
  };
  const all: Route[] = [
    { name: 'today', weight: 16, make: (pick) => get(look(7), clinician(pick)) },
    { name: "today, safety officer's", weight: 2, make: (pick) => get(look(7), any(pick, officers)) },
    { name: 'today, 62 days', weight: 2, make: (pick) => get(look(62), pick(2) ? any(pick, officers) : any(pick, [...leads, ...whole])) },
    { name: 'my groups', weight: 10, make: (pick) => get(`/api/groups?${pick(4) ? 'mine=true&' : ''}state=open`, clinician(pick)) },
    { name: 'a group', weight: 10, make: (pick) => group(pick, (g) => `/api/groups/${g.group}`) },
    { name: 'its members', weight: 10, make: (pick) => group(pick, (g) => `/api/groups/${g.group}/members`) },
    { name: 'a person', weight: 10, make: (pick) => group(pick, (g) => `/api/people/${any(pick, g.people)}`) },
    { name: 'search by name', weight: 6, make: (pick) => search(any(pick, world.names).slice(0, 4 + pick(8)), pick(3) ? clinician(pick) : any(pick, whole)) },
    { name: 'search by NHS number', weight: 4, make: (pick) => search(any(pick, world.numbers), pick(3) ? clinician(pick) : any(pick, whole)) },
    { name: "a session's register", weight: 10, make: (pick) => group(pick, (g) => `/api/sessions/${g.held}/register`) },
    {
      name: 'a mark in it (write)',
      weight: 10,
      make: () => {
        const mark = marks[(turn += 1) % marks.length]!;
        return {
          method: 'PUT',
          path: `/api/attendance/${mark.id}`,
          headers: { cookie: mark.cookie, 'if-match': `"${mark.version}"` },
          body: JSON.stringify({ mode: 'video', outcome: 'attended', late: mark.version % 2 === 1, leftEarly: false, reason: 'mistake', note: '' }),
          answered: (body) => (mark.version = (JSON.parse(body) as { version: number }).version),
        };
      },
    },
    { name: 'messages of a group', weight: 5, make: (pick) => group(pick, (g) => `/api/messages?group=${g.group}&limit=200`) },
    { name: "a member's own page", weight: 5, make: (pick) => ({ method: 'GET', path: '/api/mine', headers: { authorization: `Visit ${any(pick, world.visits)}` } }) },
  ];
  return all.filter(({ name }) => !options.only || options.only.split(',').includes(name));
}

// Nanoseconds of CPU (proc(5), schedstat), and of the children that a process has waited for (stat, cutime and cstime).
function cpuOf(pid: number): number {
  let sum = 0;
  try {
    for (const tid of readdirSync(`/proc/${pid}/task`)) sum += Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ')[0]);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    sum += (Number(stat[13]) + Number(stat[14])) * 1e7;
  } catch {
    // ended meanwhile: its time is its parent's now
  }
  return sum;
}
const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => {
      try {
        return Number(readFileSync(`/proc/${one}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]) === pid;
      } catch {
        return false;
      }
    });
interface Cpu {
  service: number;
  database: number;
}
const cpuNow = (service: Service, postmaster: number): Cpu => ({
  service: cpuOf(service.child.pid!),
  database: postmaster === 0 ? 0 : [postmaster, ...childrenOf(postmaster)].reduce((sum, pid) => sum + cpuOf(pid), 0),
});
const between = (before: Cpu, after: Cpu): Cpu => ({ service: (after.service - before.service) / 1e9, database: (after.database - before.database) / 1e9 });

// First come, first served (sched(7), SCHED_FIFO), before whatever else this machine does.
const prefer = (pid: number) => spawnSync('chrt', ['--all-tasks', '--fifo', '--pid', '5', String(pid)]).status === 0;

interface Taken {
  times: Map<string, number[]>;
  late: number[]; // how late this program sent
  wrong: string[];
}

async function load(service: Service, routes: Route[], perSecond: number, forSeconds: number, seed: number): Promise<Taken> {
  const pick = seeded(seed);
  const weights = routes.reduce((sum, { weight }) => sum + weight, 0);
  const taken: Taken = { times: new Map(routes.map(({ name }) => [name, []])), late: [], wrong: [] };
  const choose = () => {
    let at = pick(weights);
    return routes.find(({ weight }) => (at -= weight) < 0)!;
  };
  const waiting: Promise<void>[] = [];
  const start = performance.now() + 20;
  const total = perSecond * forSeconds;
  let next = 0;
  await new Promise<void>((resolve) => {
    const tick = () => {
      for (; next < total; next += 1) {
        const due = start + (next * 1000) / perSecond;
        if (performance.now() < due) break;
        const route = choose();
        const one = route.make(pick);
        taken.late.push(performance.now() - due);
        waiting.push(
          service.ask(one).then(
            (answer) => {
              taken.times.get(route.name)!.push(performance.now() - due);
              if (answer.status === 200) one.answered?.(answer.body);
              else taken.wrong.push(`${one.method} ${one.path}: ${answer.status} ${answer.body.slice(0, 200)}`);
            },
            (error: unknown) => void taken.wrong.push(`${one.method} ${one.path}: ${String(error)}`),
          ),
        );
      }
      if (next < total) setTimeout(tick, 1);
      else resolve();
    };
    tick();
  });
  await Promise.all(waiting);
  return taken;
}

// As fast as four askers get answers.
async function alone(service: Service, postmaster: number, route: Route, forSeconds: number): Promise<{ perCpuSecond: number; service: number; database: number }> {
  const pick = seeded(11);
  const before = cpuNow(service, postmaster);
  const until = performance.now() + forSeconds * 1000;
  let count = 0;
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      while (performance.now() < until) {
        const one = route.make(pick);
        const answer = await service.ask(one);
        if (answer.status !== 200) throw new Error(`${one.path}: ${answer.status} ${answer.body.slice(0, 200)}`);
        one.answered?.(answer.body);
        count += 1;
      }
    }),
  );
  const spent = between(before, cpuNow(service, postmaster));
  return { perCpuSecond: count / (spent.service + spent.database), service: (1e3 * spent.service) / count, database: (1e3 * spent.database) / count };
}

async function measure(database: string, service: Service, postmaster: number, world: World) {
  const who: SignedIn[] = [];
  for (const one of world.staff) who.push({ cookie: await signIn(service, one, world.password), role: one.role, groups: one.groups });
  const routes = routesOf(world, who, await readVersions(service, who));
  const preferred = [service.child.pid!, process.pid, ...(postmaster ? [postmaster, ...childrenOf(postmaster)] : [])].every(prefer);
  await load(service, routes, rate, 5, 1); // caches and prepared statements, as in the middle of a day
  if (postmaster) childrenOf(postmaster).forEach(prefer);
  const pids = [service.child.pid!, ...(postmaster ? childrenOf(postmaster) : [])].join(',');
  const perf = options.profile ? spawn('perf', ['record', '-F', '999', '-g', '-p', pids, '-o', join(tree, 'build', 'bench', `service-${database}.perf`)], { stdio: 'ignore' }) : null;
  const before = cpuNow(service, postmaster);
  const taken = await load(service, routes, rate, seconds, 2);
  const spent = between(before, cpuNow(service, postmaster));
  if (perf) {
    const ended = new Promise((resolve) => perf.once('exit', resolve));
    perf.kill('SIGINT');
    await ended;
  }
  if (taken.wrong.length > 0) throw new Error(`${taken.wrong.length} requests were not answered as they should be, among them\n${taken.wrong.slice(0, 5).join('\n')}`);
  const rows: string[][] = [['', 'requests', 'p50 ms', 'p99 ms', 'worst ms', 'a CPU-second', 'service ms', 'database ms']];
  const figures: Record<string, unknown>[] = [];
  for (const route of routes) {
    const times = taken.times.get(route.name)!;
    const cost = options['no-alone'] ? null : await alone(service, postmaster, route, 2);
    rows.push([route.name, String(times.length), ...[0.5, 0.99, 1].map((q) => quantile(times, q).toFixed(1)), ...(cost ? [cost.perCpuSecond.toFixed(0), cost.service.toFixed(2), cost.database.toFixed(2)] : [])]);
    figures.push({ route: route.name, requests: times.length, p50: quantile(times, 0.5), p99: quantile(times, 0.99), worst: Math.max(...times), ...cost });
  }
  const all = [...taken.times.values()].flat();
  const cpu = spent.service + spent.database;
  rows.push(['all together', String(all.length), ...[0.5, 0.99, 1].map((q) => quantile(all, q).toFixed(1)), (all.length / cpu).toFixed(0), ((1e3 * spent.service) / all.length).toFixed(2), ((1e3 * spent.database) / all.length).toFixed(2)]);
  const p99 = quantile(all, 0.99);
  console.log(`\n${database}, ${rate} requests a second for ${seconds} s\n${table(rows)}`);
  console.log(
    `aim: a 99th of a hundred under ${aimMs} ms: ${p99 < aimMs ? 'met' : 'not met'}; sent late by ${quantile(taken.late, 0.99).toFixed(1)} ms (p99), load average ${loadavg()[0]!.toFixed(2)}` +
      `${preferred ? ', preferred' : ''}`,
  );
  return { database, rate, seconds, p50: quantile(all, 0.5), p99, requests_per_cpu_second: all.length / cpu, late_p99: quantile(taken.late, 0.99), load_average: loadavg(), preferred, routes: figures };
}

const migrations = join(tree, 'src', 'store', 'migrations');
const sources = [...['service_fill.cpp', 'invented.h'].map((name) => join(tree, 'bench', name)), ...readdirSync(migrations).sort().map((name) => join(migrations, name))].map((file) => readFileSync(file, 'utf8'));
const { createHash } = await import('node:crypto');
const folder = join(tree, 'build', 'bench', 'service', `${new Date().toISOString().slice(0, 10)}-${createHash('sha256').update(sources.join('\n')).digest('hex').slice(0, 12)}`);
mkdirSync(folder, { recursive: true });
const filling = (...more: string[]) => execFileSync(join(tree, 'build', 'release', 'bench', 'service_fill'), [folder, ...more], { stdio: ['ignore', 'inherit', 'inherit'] });
const results: unknown[] = [];
for (const database of options.databases.split(',')) {
  filling();
  const world = JSON.parse(readFileSync(join(folder, 'world.json'), 'utf8')) as World;
  const data = join(folder, `data-${database}`);
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const cluster = join(tmpdir(), `quietroom-bench-${process.pid}`);
  const more = ['--database-keys', join(folder, 'keys')];
  let postmaster = 0;
  try {
    if (database === 'postgresql') {
      const url = execFileSync(join(tree, 'tests', 'postgres'), ['start', cluster], { encoding: 'utf8' }).trim();
      postmaster = Number(readFileSync(join(cluster, 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);
      filling(url);
      more.push('--database-url', url);
    } else {
      copyFileSync(join(folder, 'quietroom.sqlite3'), join(data, 'quietroom.sqlite3'));
    }
    const service = await Service.start(data, more);
    try {
      results.push(await measure(database, service, postmaster, world));
    } finally {
      await service.stop();
    }
  } finally {
    if (postmaster) execFileSync(join(tree, 'tests', 'postgres'), ['stop', cluster]);
  }
}
writeFileSync(join(tree, 'build', 'bench', 'service.json'), `${JSON.stringify({ at: new Date().toISOString(), results }, null, 2)}\n`);
console.log('build/bench/service.json');
process.exit(0);
