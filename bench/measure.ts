// SPDX-License-Identifier: Apache-2.0
// What the benchmarks of the media thread share: cores, CPU by thread, the server's own counters, and one run of a server with
// quietroom-load against it. Not here: what a figure means.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endsWithUs } from '../tests/people/ending.ts';
import { type Server, tree } from '../tests/people/server.ts';

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export async function metrics(server: Server): Promise<Map<string, number>> {
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
export function childOf(pid: number): number {
  const children = tasks(pid).flatMap((tid) => readFileSync(`/proc/${pid}/task/${tid}/children`, 'utf8').split(' ').filter(Boolean));
  if (children.length !== 1) throw new Error(`the service has ${children.length} children`);
  return Number(children[0]);
}

// Nanoseconds by thread (proc(5), schedstat): on a core, and waiting for one.
const scheduled = (pid: number, field: 0 | 1) =>
  new Map(tasks(pid).map((tid) => [tid, Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ')[field])]));
export const cpuOf = (pid: number) => scheduled(pid, 0);

// Bytes of its own: not those of programs and libraries, which the service maps too (proc(5), smaps_rollup).
export const memoryOf = (pid: number) => Number(/^Anonymous:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))![1]) * 1024;

export interface Sample {
  at: bigint;
  cpu: Map<number, number>;
  waited: Map<number, number>;
  figures: Map<string, number>;
}

// The service asks for the figures once a second; the moment they change is the moment they are of.
export async function sample(server: Server, pid: number): Promise<Sample> {
  const stale = (await metrics(server)).get('quietroom_media_datagrams_in_total');
  for (;;) {
    const figures = await metrics(server);
    if (figures.get('quietroom_media_datagrams_in_total') !== stale)
      return { at: process.hrtime.bigint(), cpu: cpuOf(pid), waited: scheduled(pid, 1), figures };
    await pause(10);
  }
}

export function pin(core: number, ...pids: number[]): void {
  for (const pid of pids) spawnSync('taskset', ['-acp', String(core), String(pid)]);
}

// Where we may, first come first served (sched(7), SCHED_FIFO): what else runs on this machine shall not take turns with
// what is measured. A quiet machine is still better: others share caches and memory.
export const prefer = (pid: number) => spawnSync('chrt', ['--all-tasks', '--fifo', '--pid', '5', String(pid)]).status === 0;

// What passed between two samples.
export interface Spent {
  wall: number; // seconds
  cores: number; // of the media thread
  processCores: number; // of its whole process
  waited: number; // share of the time in which the media thread wanted its core and somebody else had it
  packetsPerCpuSecond: number;
  forwardedPerSecond: number;
  perPacket: { systemCalls: number; wakes: number; perSend: number };
  wakesPerSecond: number;
  kernelDrops: number; // came to the server, whose buffer was full
}

export function spent(before: Sample, after: Sample): Spent {
  const wall = Number(after.at - before.at) / 1e9;
  const passed = (later: Map<number, number>, earlier: Map<number, number>) =>
    new Map([...later].map(([tid, ns]) => [tid, (ns - (earlier.get(tid) ?? 0)) / 1e9]));
  const used = passed(after.cpu, before.cpu);
  // There is one media thread, and it is the busy one.
  const [thread, media] = [...used].reduce((most, one) => (one[1] > most[1] ? one : most));
  const since = (name: string) => (after.figures.get(name) ?? 0) - (before.figures.get(name) ?? 0);
  const forwarded = since('quietroom_media_forwarded_total');
  const sends = since('quietroom_media_send_calls_total');
  const wakes = since('quietroom_media_wakes_total');
  return {
    wall,
    cores: media / wall,
    processCores: [...used.values()].reduce((sum, one) => sum + one, 0) / wall,
    waited: passed(after.waited, before.waited).get(thread)! / wall,
    packetsPerCpuSecond: forwarded / media,
    forwardedPerSecond: forwarded / wall,
    perPacket: {
      systemCalls: (since('quietroom_media_receive_calls_total') + sends + wakes) / forwarded,
      wakes: wakes / forwarded,
      perSend: since('quietroom_media_datagrams_out_total') / since('quietroom_media_sends_total'),
    },
    wakesPerSecond: wakes / wall,
    kernelDrops: since('quietroom_media_kernel_drops_total'),
  };
}

// The call process of this server has core 1 for itself, the rest and this program core 0.
export function onCoresOfTheirOwn(server: Server): number {
  const call = childOf(server.pid);
  pin(0, server.pid, process.pid);
  pin(1, call);
  return call;
}

// After the warm-up, over so many seconds.
export async function measured(server: Server, call: number, warmUp: number, seconds: number): Promise<Spent> {
  await pause(warmUp * 1000);
  const before = await sample(server, call);
  await pause((seconds - 1) * 1000);
  return spent(before, await sample(server, call));
}

// What quietroom-load says of its run.
export type LoadFigures = Record<string, number | string | boolean | string[] | null>;

export interface Load {
  process: ChildProcess;
  ended: Promise<LoadFigures | null>; // null where it said nothing
}

// Against our server, or another one (--janus), which has no links.
export function startLoad(server: { url: string; linksFile?: string }, core: number, ...more: string[]): Load {
  const load = spawn(
    'taskset',
    [
      ...['-c', String(core), join(tree, 'build', 'release', 'tests', 'load', 'quietroom-load')],
      ...(more.includes('--links') || server.linksFile === undefined ? [] : ['--links', server.linksFile]),
      ...['--url', server.url, '--bench', '--admit', '--quiet', '--json', '-', ...more],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  endsWithUs(load);
  // Flat out it would leave its core to nobody, and the service shares it.
  if (!more.includes('--flat-out')) prefer(load.pid!);
  let output = '';
  load.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<LoadFigures | null>((resolve) =>
    load.once('close', () => resolve(output === '' ? null : (JSON.parse(output) as { run: LoadFigures }).run)),
  );
  return { process: load, ended };
}

// True once so many are present; false where the load ended first, or where it took `within` seconds, and then it is ended.
export async function everyonePresent(server: Server, load: Load, count: number, within = Infinity): Promise<boolean> {
  const deadline = Date.now() + within * 1_000;
  while ((await metrics(server)).get('quietroom_people_present') !== count) {
    if (load.process.exitCode !== null || load.process.signalCode !== null) return false;
    if (Date.now() > deadline) load.process.kill('SIGKILL');
    await pause(50);
  }
  return true;
}

export const resultFolder = join(tree, 'build', 'bench');

// Its path, for a last line.
export function writeResult(name: string, result: unknown): string {
  mkdirSync(resultFolder, { recursive: true });
  writeFileSync(join(resultFolder, name), typeof result === 'string' ? result : `${JSON.stringify(result, null, 2)}\n`);
  return `build/bench/${name}`;
}
