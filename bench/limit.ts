// SPDX-License-Identifier: Apache-2.0
// What this machine allows: the barest forwarder (limit/forwarder.cpp) with the cores, the cipher and the loads of
// `./dev bench forward`, and flat out. It has one core, its load the other.
//   ./dev bench limit [--loads room10,room25,saturated] [--rest US,US] [--runs 3] [--seconds 10]
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endsWithUs } from '../tests/people/ending.ts';
import { tree } from '../tests/people/server.ts';
import { median, table } from './figures.ts';
import { pin, prefer, writeResult } from './measure.ts';

// As limit/load.cpp prints it.
export interface LimitRun {
  void: string | null;
  packets_per_cpu_second: number;
  cores: number;
  forwarded_per_second: number;
  latency_p50_ms: number;
  latency_p99_ms: number;
  wakes_per_second: number;
  packets_per_send: number;
  load_cores: number;
  late: number;
  lost_share: number;
  dropped_by_load: number;
  refused: number;
}

export const limitLoads: Record<string, { people: number; flatOut?: boolean }> = {
  room10: { people: 10 },
  room25: { people: 25 },
  saturated: { people: 10, flatOut: true },
};
const warmUpSeconds = 2;
const program = (name: string) => join(tree, 'build', 'release', 'bench', name);

export async function measureLimit(name: string, restUs: number, seconds: number): Promise<LimitRun> {
  const { people, flatOut } = limitLoads[name]!;
  const forwarder = spawn(program('limit_forwarder'), [String(people), String(restUs)], { stdio: ['ignore', 'pipe', 'inherit'] });
  endsWithUs(forwarder);
  try {
    pin(1, forwarder.pid!);
    prefer(forwarder.pid!);
    const port = await new Promise<number>((resolve, reject) => {
      forwarder.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
      forwarder.once('exit', () => reject(new Error('limit_forwarder ended')));
    });
    const load = spawn(
      'taskset',
      ['-c', '0', program('limit_load'), String(port), String(people), String(warmUpSeconds), String(seconds), ...(flatOut ? ['flat-out'] : [])],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    endsWithUs(load);
    prefer(load.pid!);
    let output = '';
    load.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await new Promise<void>((resolve) => load.once('close', () => resolve()));
    const run = JSON.parse(output) as LimitRun;
    const nominal = people * (people - 1) * 150;
    if (!flatOut && Math.abs(run.forwarded_per_second / nominal - 1) > 0.02)
      run.void ??= `${Math.round(run.forwarded_per_second)} a second are not the load of ${nominal}`;
    return run;
  } finally {
    forwarder.kill('SIGKILL');
  }
}

async function main(): Promise<void> {
  const { values: options } = parseArgs({
    options: {
      loads: { type: 'string', default: 'room10,room25,saturated' },
      rest: { type: 'string', default: '0,2000' },
      runs: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '10' },
    },
  });
  const result: Record<string, unknown> = { at: new Date().toISOString(), seconds: Number(options.seconds) };
  const rows: string[][] = [['load', 'rest us', 'packets/CPU-s', 'cores', 'packets/s', 'p50 ms', 'p99 ms', 'packets/send', "load's cores"]];
  pin(0, process.pid);
  for (const name of options.loads.split(','))
    for (const rest of options.rest.split(',').map(Number)) {
      const runs: LimitRun[] = [];
      for (let i = 0; i < Number(options.runs); i += 1) {
        const run = await measureLimit(name, rest, Number(options.seconds));
        console.error(`${name}, rest ${rest} us: ${run.packets_per_cpu_second} packets a CPU-second${run.void ? ` — void: ${run.void}` : ''}`);
        if (!run.void) runs.push(run);
      }
      result[`${name}, rest ${rest}`] = runs;
      const middle = (of: (run: LimitRun) => number) => median(runs.map(of));
      rows.push(
        runs.length === 0
          ? [name, String(rest), 'every run was void']
          : [
              ...[name, String(rest), String(Math.round(middle((run) => run.packets_per_cpu_second)))],
              ...[middle((run) => run.cores).toFixed(3), String(Math.round(middle((run) => run.forwarded_per_second)))],
              ...[middle((run) => run.latency_p50_ms).toFixed(2), middle((run) => run.latency_p99_ms).toFixed(2)],
              ...[middle((run) => run.packets_per_send).toFixed(2), middle((run) => run.load_cores).toFixed(2)],
            ],
      );
    }
  console.log(table(rows));
  console.log(writeResult('limit.json', result));
}

if (import.meta.main) await main();
