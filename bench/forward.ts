// SPDX-License-Identifier: Apache-2.0
// What forwarding costs: packets forwarded per second of CPU of the media thread, at the loads of ten and of 25 people and at as
// many packets as can be, over loopback with AEAD_AES_128_GCM. The call process has one core for itself, quietroom-load and the
// rest the other. A run that the load calls void, or that lost more than a thousandth, is not counted. Beside it the barest
// forwarder under the same rest, run in turn (limit.ts), and the figures that do not depend on the machine's mood: instructions
// (instructions.ts), system calls and wake-ups a packet.
//   ./dev bench forward [--loads room10,room25,saturated] [--runs 3] [--seconds 20] [--rest US] [--seal] [--no-instructions] [--no-limit]
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startServer } from '../tests/people/server.ts';
import { measureInstructions } from './instructions.ts';
import { median, table } from './figures.ts';
import { type LimitRun, measureLimit } from './limit.ts';
import { everyonePresent, type LoadFigures, measured, onCoresOfTheirOwn, prefer, type Spent, startLoad, writeResult } from './measure.ts';

const warmUpSeconds = 4;
const mostLost = 0.001; // of what was sent: more is another load
// Flat out, ten rooms share what one core forwards, so that no person's line is asked for more than its estimate may rise to.
const loads: Record<string, { people: number; rooms?: number; flatOut?: boolean }> = {
  room10: { people: 10 },
  room25: { people: 25 },
  saturated: { people: 10, rooms: 10, flatOut: true },
};
const aims: Record<string, number> = { room10: 150_000, room25: 350_000 };

const { values: options } = parseArgs({
  options: {
    loads: { type: 'string', default: 'room10,room25,saturated' },
    runs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '20' },
    rest: { type: 'string' }, // microseconds; else the server's default
    seal: { type: 'boolean', default: false }, // frames are protected, as a browser's are
    'no-instructions': { type: 'boolean', default: false },
    'no-limit': { type: 'boolean', default: false },
  },
});
const seconds = Number(options.seconds);

interface Run extends Spent {
  void: string | null;
  p50: number;
  p99: number;
  lost: number;
  lostShare: number;
  loadCores: number; // quietroom-load's own
  loadDrops: number; // at its own sockets
  loadAverage: number;
  preferred: boolean; // scheduled before everything else
}

// Null where not everyone came.
async function runOnce(name: string): Promise<Run | null> {
  const { people, rooms = 1, flatOut = false } = loads[name]!;
  const server = await startServer({
    rooms,
    people,
    arguments: [
      ...['--media-threads', '1', '--media-first-estimate-kbps', '50000'],
      ...['--http-connections-per-address', '400', '--http-requests-per-second', '2000', '--http-burst', '4000'],
      ...(options.rest === undefined ? [] : ['--media-rest-us', options.rest]),
    ],
  });
  try {
    const call = onCoresOfTheirOwn(server);
    const preferred = prefer(call);
    const load = startLoad(
      server,
      0,
      ...['--rooms', String(rooms), '--people', String(people), '--join-every', '23', ...(flatOut ? ['--flat-out'] : []), ...(options.seal ? ['--seal'] : [])],
      ...['--warm-up', flatOut ? String(warmUpSeconds - 1) : '0', '--seconds', String(warmUpSeconds + seconds + 2)],
    );
    if (!(await everyonePresent(server, load, rooms * people))) return null;
    const of = await measured(server, call, warmUpSeconds, seconds);
    const figures = await load.ended;
    if (!figures) return null;
    const run = runOf(of, figures, preferred);
    const nominal = people * (people - 1) * 150;
    if (!flatOut && Math.abs(run.forwardedPerSecond / nominal - 1) > 0.02)
      run.void ??= `${Math.round(run.forwardedPerSecond)} a second are not the load of ${nominal}`;
    if (run.lostShare > mostLost) run.void ??= `${(run.lostShare * 100).toFixed(2)}% was lost`;
    return run;
  } finally {
    await server.stop();
  }
}

function runOf(of: Spent, load: LoadFigures, preferred: boolean): Run {
  const number = (name: string) => Number(load[name]);
  return {
    ...of,
    void: load['void'] as string | null,
    p50: number('latency_p50_ms'),
    p99: number('latency_p99_ms'),
    lost: number('lost'),
    lostShare: number('lost') / Math.max(1, number('expected')),
    loadCores: number('cpu_seconds') / number('seconds'),
    loadDrops: number('receive_dropped'),
    loadAverage: loadavg()[0]!,
    preferred,
  };
}

const result: Record<string, unknown> = { at: new Date().toISOString(), seconds, rest_us: options.rest ?? 'default' };
const rows: string[][] = [
  ['load', 'packets/CPU-s', 'aim', 'bare', 'of bare', 'cores', 'packets/s', 'p50 ms', 'p99 ms', 'calls/packet', 'wakes/packet', 'packets/send', 'load cores', 'load avg'],
];
for (const name of options.loads.split(',')) {
  const runs: Run[] = [];
  const bare: LimitRun[] = [];
  for (let tries = 0; runs.length < Number(options.runs) && tries < Number(options.runs) * 3; tries += 1) {
    const run = await runOnce(name);
    if (!run) {
      console.error(`${name}: not everyone came; again`);
      continue;
    }
    console.error(
      `${name}: ${Math.round(run.packetsPerCpuSecond)} packets a CPU-second, ${Math.round(run.forwardedPerSecond)} a second, ` +
        `${(run.cores * 100).toFixed(1)}% of a core, p50 ${run.p50} p99 ${run.p99} ms, load ${run.loadAverage.toFixed(2)}` +
        (run.void ? ` — void: ${run.void}` : loads[name]!.flatOut && run.cores < 0.9 ? ' — its load did not keep it busy' : ''),
    );
    if (run.void) continue;
    runs.push(run);
    if (options['no-limit']) continue;
    const limit = await measureLimit(name, Number(options.rest ?? 0), seconds); // media.rest_us is 0 where nothing is said
    console.error(`${name}: ${limit.packets_per_cpu_second} by the bare forwarder${limit.void ? ` — void: ${limit.void}` : ''}`);
    if (!limit.void) bare.push(limit);
  }
  if (runs.length === 0) {
    rows.push([name, 'every run was void: this machine is busy with something else']);
    continue;
  }
  const middle = (of: (run: Run) => number) => median(runs.map(of));
  const ours = middle((run) => run.packetsPerCpuSecond);
  const limit = bare.length > 0 ? median(bare.map((run) => run.packets_per_cpu_second)) : null;
  const share = limit === null ? null : ours / limit;
  result[name] = { packets_per_cpu_second: ours, aim: aims[name], bare_packets_per_cpu_second: limit, share_of_bare: share, runs, bare };
  rows.push([
    name,
    String(Math.round(ours)),
    String(aims[name] ?? '–'),
    limit === null ? '–' : String(Math.round(limit)),
    share === null ? '–' : `${(share * 100).toFixed(0)}%`,
    middle((run) => run.cores).toFixed(3),
    String(Math.round(middle((run) => run.forwardedPerSecond))),
    middle((run) => run.p50).toFixed(2),
    middle((run) => run.p99).toFixed(2),
    middle((run) => run.perPacket.systemCalls).toFixed(4),
    middle((run) => run.perPacket.wakes).toFixed(4),
    middle((run) => run.perPacket.perSend).toFixed(2),
    middle((run) => run.loadCores).toFixed(2),
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
console.log(writeResult('forward.json', result));
