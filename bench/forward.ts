// SPDX-License-Identifier: Apache-2.0
// What forwarding costs: packets forwarded per second of CPU of the media thread, at the loads of ten and of 25 people, over
// loopback with AEAD_AES_128_GCM. The call process has one core for itself, quietroom-load and the rest the other. A run that
// the load calls void is not counted. Beside it the figures that do not depend on the machine's mood: instructions
// (instructions.ts), system calls and wake-ups a packet.
//   ./dev bench forward [--loads room10,room25] [--runs 3] [--seconds 20] [--rest US] [--no-instructions]
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { loadavg, setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Server, startServer, tree } from '../tests/people/server.ts';
import { measureInstructions } from './instructions.ts';
import { median, table } from './figures.ts';

const warmUpSeconds = 4;
const people: Record<string, number> = { room10: 10, room25: 25 };
const aims: Record<string, number> = { room10: 150_000, room25: 350_000 };

const { values: options } = parseArgs({
  options: {
    loads: { type: 'string', default: 'room10,room25' },
    runs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '20' },
    rest: { type: 'string' }, // microseconds; else the server's default
    'no-instructions': { type: 'boolean', default: false },
  },
});
const seconds = Number(options.seconds);

interface Run {
  void: string | null;
  packetsPerCpuSecond: number;
  cores: number;
  processCores: number;
  forwardedPerSecond: number;
  p50: number;
  p99: number;
  perPacket: { systemCalls: number; wakes: number; perSend: number };
  wakesPerSecond: number;
  lost: number;
  loadAverage: number;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function metrics(server: Server): Promise<Map<string, number>> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const figures = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^(quietroom_[a-z_]+)(?:\{[^}]*\})? (\S+)$/.exec(line);
    if (match) figures.set(match[1]!, (figures.get(match[1]!) ?? 0) + Number(match[2]));
  }
  return figures;
}

const tasks = (pid: number) => readdirSync(`/proc/${pid}/task`).map(Number);

// The call process, whichever thread of the service started it.
function childOf(pid: number): number {
  const children = tasks(pid).flatMap((tid) => readFileSync(`/proc/${pid}/task/${tid}/children`, 'utf8').split(' ').filter(Boolean));
  if (children.length !== 1) throw new Error(`the service has ${children.length} children`);
  return Number(children[0]);
}

// Nanoseconds of CPU by thread (proc(5), schedstat).
const cpuOf = (pid: number) =>
  new Map(tasks(pid).map((tid) => [tid, Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ')[0])]));

interface Sample {
  at: bigint;
  cpu: Map<number, number>;
  figures: Map<string, number>;
}

// The service asks for the figures once a second; the moment they change is the moment they are of.
async function sample(server: Server, pid: number): Promise<Sample> {
  const stale = (await metrics(server)).get('quietroom_media_datagrams_in_total');
  for (;;) {
    const figures = await metrics(server);
    if (figures.get('quietroom_media_datagrams_in_total') !== stale) return { at: process.hrtime.bigint(), cpu: cpuOf(pid), figures };
    await pause(10);
  }
}

function pin(core: number, ...pids: number[]): void {
  for (const pid of pids) spawnSync('taskset', ['-acp', String(core), String(pid)]);
}

// Where we may: what else runs on this machine shall not take turns with what is measured.
function prefer(pid: number): void {
  for (const tid of tasks(pid)) {
    try {
      setPriority(tid, -15);
    } catch {
      return;
    }
  }
}

async function runOnce(count: number): Promise<Run> {
  const server = await startServer({
    people: count,
    arguments: [
      ...['--media-threads', '1', '--media-first-estimate-kbps', '50000'],
      ...['--http-connections-per-address', '400', '--http-requests-per-second', '2000', '--http-burst', '4000'],
      ...(options.rest === undefined ? [] : ['--media-rest-us', options.rest]),
    ],
  });
  try {
    const call = childOf(server.pid);
    pin(0, server.pid, process.pid);
    pin(1, call);
    prefer(call);
    const load = spawn(
      'taskset',
      [
        ...['-c', '0', join(tree, 'build', 'release', 'tests', 'load', 'quietroom-load')],
        ...['--url', server.url, '--links', server.linksFile, '--people', String(count), '--bench', '--admit', '--quiet'],
        ...['--join-every', '23', '--seconds', String(warmUpSeconds + seconds + 2), '--json', '-'],
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    prefer(load.pid!);
    let output = '';
    load.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<void>((resolve) => load.once('exit', () => resolve()));
    while ((await metrics(server)).get('quietroom_people_present') !== count) {
      if (load.exitCode !== null) throw new Error('quietroom-load ended before everyone was present');
      await pause(50);
    }
    await pause(warmUpSeconds * 1000);
    const before = await sample(server, call);
    await pause((seconds - 1) * 1000);
    const after = await sample(server, call);
    await ended;
    return figuresOf(before, after, (JSON.parse(output) as { run: Record<string, number | string | null> }).run);
  } finally {
    await server.stop();
  }
}

function figuresOf(before: Sample, after: Sample, load: Record<string, number | string | null>): Run {
  const wall = Number(after.at - before.at) / 1e9;
  const used = [...after.cpu].map(([tid, ns]) => (ns - (before.cpu.get(tid) ?? 0)) / 1e9);
  const media = Math.max(...used); // there is one media thread, and it is the busy one
  const since = (name: string) => after.figures.get(name)! - before.figures.get(name)!;
  const forwarded = since('quietroom_media_forwarded_total');
  const sends = since('quietroom_media_send_calls_total');
  const wakes = since('quietroom_media_wakes_total');
  return {
    void: load['void'] as string | null,
    packetsPerCpuSecond: forwarded / media,
    cores: media / wall,
    processCores: used.reduce((sum, one) => sum + one, 0) / wall,
    forwardedPerSecond: forwarded / wall,
    p50: load['latency_p50_ms'] as number,
    p99: load['latency_p99_ms'] as number,
    perPacket: {
      systemCalls: (since('quietroom_media_receive_calls_total') + sends + wakes) / forwarded,
      wakes: wakes / forwarded,
      perSend: since('quietroom_media_datagrams_out_total') / since('quietroom_media_sends_total'),
    },
    wakesPerSecond: wakes / wall,
    lost: load['lost'] as number,
    loadAverage: loadavg()[0]!,
  };
}

const result: Record<string, unknown> = { at: new Date().toISOString(), seconds, rest_us: options.rest ?? 'default' };
const rows: string[][] = [
  ['load', 'packets/CPU-s', 'aim', 'cores', 'packets/s', 'p50 ms', 'p99 ms', 'calls/packet', 'wakes/packet', 'packets/send', 'load avg'],
];
for (const name of options.loads.split(',')) {
  const runs: Run[] = [];
  for (let tries = 0; runs.length < Number(options.runs) && tries < Number(options.runs) * 3; tries += 1) {
    const run = await runOnce(people[name]!);
    console.error(
      `${name}: ${Math.round(run.packetsPerCpuSecond)} packets a CPU-second, ${Math.round(run.forwardedPerSecond)} a second, ` +
        `${(run.cores * 100).toFixed(1)}% of a core, p50 ${run.p50} p99 ${run.p99} ms, load ${run.loadAverage.toFixed(2)}` +
        (run.void ? ` — void: ${run.void}` : ''),
    );
    if (!run.void) runs.push(run);
  }
  if (runs.length === 0) {
    rows.push([name, 'every run was void: this machine is busy with something else']);
    continue;
  }
  const middle = (of: (run: Run) => number) => median(runs.map(of));
  result[name] = { packets_per_cpu_second: middle((run) => run.packetsPerCpuSecond), aim: aims[name], runs };
  rows.push([
    name,
    String(Math.round(middle((run) => run.packetsPerCpuSecond))),
    String(aims[name]),
    middle((run) => run.cores).toFixed(3),
    String(Math.round(middle((run) => run.forwardedPerSecond))),
    middle((run) => run.p50).toFixed(2),
    middle((run) => run.p99).toFixed(2),
    middle((run) => run.perPacket.systemCalls).toFixed(4),
    middle((run) => run.perPacket.wakes).toFixed(4),
    middle((run) => run.perPacket.perSend).toFixed(2),
    middle((run) => run.loadAverage).toFixed(2),
  ]);
}
console.log(table(rows));
if (!options['no-instructions']) {
  const instructions = measureInstructions();
  result['instructions_per_forwarded_packet'] = instructions;
  console.log(
    `instructions per forwarded packet (callgrind, EVP): ${instructions.perPacket.toFixed(0)}, ` +
      `${instructions.own.toFixed(0)} of them our own, over ${instructions.forwarded} packets`,
  );
}
const folder = join(tree, 'build', 'bench');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'forward.json'), `${JSON.stringify(result, null, 2)}\n`);
console.log('build/bench/forward.json');
