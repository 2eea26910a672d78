// SPDX-License-Identifier: Apache-2.0
// A server under people who come and go (quietroom-load --churn) and pages that are fetched, sampled as long as it lasts: what
// `./dev soak` and the story `soak` look at. Not here: what of it is too much (soak.ts, the story).
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endsWithUs } from '../tests/people/ending.ts';
import type { Server } from '../tests/people/server.ts';
import { cpuOf, pause, pin, prefer } from './measure.ts';

// What the load says of the time since its last sample, and of the comings and goings since the beginning.
export interface LoadSample {
  seconds: number; // since everybody was there
  settled: boolean; // a calm: all are back, see everyone large, and have good lines
  present: number;
  expected: number; // RTP packets at people with good lines
  lost: number;
  poor_expected: number;
  poor_lost: number;
  p50_ms: number;
  p99_ms: number;
  own_cpu_seconds: number;
  late: number;
  sent: number;
  send_lost: number;
  receive_dropped: number;
  leaves: number;
  reloads: number;
  vanishes: number;
  views: number;
  poor_lines: number;
  back: number;
  back_by_token: number;
  not_back: number;
  faults: number;
}

export interface ProcessSample {
  rss: number; // bytes
  pss: number;
  own: number; // Anonymous: not its programs and libraries, and not what it has given back
  descriptors: number; // but those of a database's files: its pool opens as it is needed, and closes nothing
  threads: number;
  cpuSeconds: number;
}

export interface Sample {
  load: LoadSample;
  service: ProcessSample;
  call: ProcessSample;
  mediaCores: number; // of the busiest thread of the call process, since the sample before
}

function leadsTo(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile
  }
}

export function processSample(pid: number): ProcessSample {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)![1]) * 1024;
  return {
    rss: bytes('Rss'),
    pss: bytes('Pss'),
    own: bytes('Anonymous'),
    descriptors: readdirSync(`/proc/${pid}/fd`).filter((fd) => !/\.sqlite3/.test(leadsTo(`/proc/${pid}/fd/${fd}`))).length,
    threads: readdirSync(`/proc/${pid}/task`).length,
    cpuSeconds: [...cpuOf(pid).values()].reduce((sum, one) => sum + one, 0) / 1e9,
  };
}

const answeredWithin = 60_000;
// One request; over a connection of its own where there is no agent.
function ask(server: Server, path: string, agent: Agent | false, json?: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(`${server.url}${path}`, { agent, timeout: answeredWithin, method: json === undefined ? 'GET' : 'POST', headers: json === undefined ? {} : { 'content-type': 'application/json' } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      answer.once('error', reject);
    });
    asked.once('error', reject);
    asked.once('timeout', () => asked.destroy(new Error('no answer'))); // who waits for ever says nothing of it
    asked.end(json);
  });
}

async function figure(server: Server, name: string): Promise<number> {
  const { text } = await ask(server, '/metrics', false);
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

// What people and machines fetch, and what nobody should.
const visited: { path: string; json?: string }[] = [
  ...['/', '/index.html', '/join', '/healthz', '/readyz', '/metrics', '/favicon.svg', '/api/nothing', '/api/people', '/..%2fetc/passwd', '/assets/none.js'].map((path) => ({ path })),
  { path: '/api/arrive', json: '{"link":"not-one"}' },
  { path: '/api/arrive', json: '{"link":' },
];

// Until told to stop; every other one over a connection of its own.
function visits(server: Server, perSecond: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 2 });
  const answers = new Map<number, number>();
  let failed = 0;
  let stopped = false;
  const ended = (async () => {
    for (let i = 0; !stopped; i += 1) {
      const { path, json } = visited[i % visited.length]!;
      try {
        const { status } = await ask(server, path, i % 2 === 0 ? agent : false, json);
        answers.set(status, (answers.get(status) ?? 0) + 1);
      } catch {
        failed += 1;
      }
      await pause(1000 / perSecond);
    }
    agent.destroy();
  })();
  return {
    answers,
    failed: () => failed,
    async stop() {
      stopped = true;
      await ended;
    },
  };
}

export interface Soaked {
  samples: Sample[];
  empty: { service: ProcessSample; call: ProcessSample }; // before anyone came
  early: string | null; // why it ended before its time; null: it did not
  after: { service: ProcessSample; call: ProcessSample } | null; // after all had left and (unless it ended early) what was theirs was given back; null: the server was not there
  churn: { why: string; faults: string[] } & Record<string, number | string | string[]>;
  everyoneCame: boolean;
  void: string | null;
  restarts: number; // of the call process
  answers: Record<string, number>;
  failedVisits: number;
}

export interface SoakOptions {
  load: readonly string[]; // the program, with what goes before it
  arguments: readonly string[]; // of the load: how many, in what cycles
  seconds: number; // from when all are there
  sampleEvery: number; // seconds
  report: string; // where it writes its own
  cores?: { load: number; call: number }; // each of them alone on a core; none: wherever they are put
  visitsPerSecond: number;
  onSample?: (sample: Sample) => void;
  say?: (what: string) => void; // to whoever waits
}

// Memory is given back within thirty seconds of the last one's leaving (src/app/call_process.cpp); what is open may take a minute, since those who
// vanished are waited for so long.
const settles = 40_000;
const givenBackWithin = 100_000;
// Longer than all take to come: a load that says nothing for so long says nothing any more.
const silentFor = 180_000;

export async function soak(server: Server, options: SoakOptions): Promise<Soaked> {
  const call = server.callProcess();
  const [program = '', ...before] = options.load;
  if (options.cores) {
    pin(options.cores.load, server.pid, process.pid);
    pin(options.cores.call, call);
    prefer(call);
  }
  for (const { path, json } of visited) await ask(server, path, false, json); // what is opened once for all is open then
  const both = () => ({ service: processSample(server.pid), call: processSample(call) });
  const empty = both();
  const visitors = visits(server, options.visitsPerSecond);
  const child: ChildProcess = spawn(
    program,
    [...before, '--url', server.url, '--links', server.linksFile, '--bench', '--admit', '--quiet', '--churn', '--json', options.report, '--seconds', String(options.seconds), '--sample-every', String(options.sampleEvery), ...options.arguments],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let complaint = ''; // its last words
  child.stderr!.setEncoding('utf8').on('data', (part: string) => (complaint = (complaint + part).slice(-500)));
  const ended = new Promise<string>((resolve) => {
    child.once('error', (e) => resolve(`the load could not be started: ${e.message}`));
    child.once('close', (code, signal) => resolve(signal === null ? `the load ended with ${code}` : `the load was ended by ${signal}`));
  });
  endsWithUs(child);
  if (options.cores && child.pid !== undefined) {
    pin(options.cores.load, child.pid);
    prefer(child.pid);
  }
  const samples: Sample[] = [];
  let at = process.hrtime.bigint();
  let cpu = cpuOf(call);
  let why: string | null = null; // it was ended by us
  const fellSilent = () => {
    why ??= `the load said nothing for ${silentFor / 1000} s`;
    child.kill('SIGKILL');
  };
  let silence = setTimeout(fellSilent, silentFor);
  const lines = createInterface({ input: child.stdout! });
  void ended.then(() => lines.close()); // what was never started ends no line
  try {
    for await (const line of lines) {
      clearTimeout(silence);
      silence = setTimeout(fellSilent, silentFor);
      const now = process.hrtime.bigint();
      const cpuNow = cpuOf(call);
      const busiest = Math.max(...[...cpuNow].map(([tid, ns]) => ns - (cpu.get(tid) ?? 0)));
      const sample = { load: JSON.parse(line) as LoadSample, ...both(), mediaCores: busiest / Number(now - at) };
      at = now;
      cpu = cpuNow;
      samples.push(sample);
      options.onSample?.(sample);
    }
  } catch (e) {
    // A process that has ended cannot be read: the server died. What was sampled is told all the same.
    why ??= `no sample could be taken any more: ${String(e)}`;
    child.kill('SIGTERM');
  }
  const end = await ended;
  clearTimeout(silence);
  const run = reportOf(options.report);
  const last = samples.at(-1)?.load;
  const measured = Number(run?.['seconds'] ?? last?.seconds ?? 0);
  let early: string | null = null;
  if (why !== null || run === null || measured < options.seconds - 1) {
    // Asked to end, it ends as it always does, with its report; else its last words are of what went wrong.
    const words = run === null ? complaint.trim().split('\n').at(-1) : '';
    early = `${why ?? end}${words ? ` (${words})` : ''}, after ${Math.round(measured)} s of ${options.seconds}${run === null ? ' and without a report' : ''}`;
  }
  options.say?.(early === null ? `all leave; what was theirs is given back within ${givenBackWithin / 1000} s` : `it ended before its time: ${early}`);
  await visitors.stop();
  const after = await givenBack(server, both, empty, early === null);
  const restarts = after === null ? NaN : await figure(server, 'quietroom_call_restarts_total').catch(() => NaN);
  const { leaves = 0, reloads = 0, vanishes = 0, views = 0, poor_lines = 0, back = 0, back_by_token = 0, not_back = 0 } = last ?? {};
  return {
    samples,
    empty,
    early,
    after,
    churn: run ? (run['churn'] as Soaked['churn']) : { leaves, reloads, vanishes, views, poor_lines, back, back_by_token, not_back, why: '', faults: [] },
    // Samples begin when all are there, or when that was waited for in vain: the report alone tells which.
    everyoneCame: run ? run['everyone_came'] === true : samples.some(({ load }) => load.settled),
    void: run ? (run['void'] as string | null) : null,
    restarts,
    answers: Object.fromEntries(visitors.answers),
    failedVisits: visitors.failed(),
  };
}

// Null: it was ended before it wrote one, or while it did.
function reportOf(path: string): Record<string, unknown> | null {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { run: Record<string, unknown> }).run;
  } catch {
    return null;
  }
}

// `waits`: until it is. What a run that ended early left open is of no use to anybody, so it need not be waited for.
async function givenBack(server: Server, both: () => Soaked['empty'], empty: Soaked['empty'], waits: boolean): Promise<Soaked['after']> {
  const since = Date.now();
  try {
    for (;;) {
      const now = both(); // before the question, which has a connection
      const gone = (await figure(server, 'quietroom_media_participants')) === 0;
      const closed = now.service.descriptors <= empty.service.descriptors && now.call.descriptors <= empty.call.descriptors;
      const passed = Date.now() - since;
      if ((closed && gone && passed > settles) || passed > givenBackWithin || !waits) return now;
      await pause(500);
    }
  } catch {
    return null;
  }
}

export const loadProgram = (tree: string, build: string) => join(tree, 'build', build, 'tests', 'load', 'quietroom-load');
