// SPDX-License-Identifier: Apache-2.0
// What forwarding costs: packets forwarded per second of CPU, at the loads of ten and of 25 people and at as many packets as can be,
// with AEAD_AES_128_GCM. In turn, at the same load, on the same core: Quietroom, Janus (janus.ts), and the barest forwarder under the
// same rest (limit.ts). The server has one core for itself, the load and the rest the other. A run that the load calls void, that lost
// more than a thousandth, that is not the load it names or has another cipher is not counted. Besides, the figures that do not depend
// on the machine's mood: instructions (instructions.ts), system calls and wake-ups a packet.
//   ./dev bench forward [--loads room10,room25,saturated] [--runs 3] [--seconds 20] [--rest US] [--janus room10] [--event-loops N]
//                       [--seal] [--no-instructions] [--no-limit]
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startServer } from '../tests/people/server.ts';
import { measureInstructions } from './instructions.ts';
import { median, table } from './figures.ts';
import { startJanus } from './janus.ts';
import { type LimitRun, measureLimit } from './limit.ts';
import { everyonePresent, type LoadFigures, measured, onCoresOfTheirOwn, pin, prefer, type Spent, startLoad, writeResult } from './measure.ts';
import { bars } from './svg.ts';

const warmUpSeconds = 4;
const mostLost = 0.001; // of what was sent: more is another load
const mostOff = 0.02; // of the packets that a load says of itself
const cipher = 'AEAD_AES_128_GCM';
// Flat out, ten rooms share what one core forwards, so that no person's line is asked for more than its estimate may rise to.
const loads: Record<string, { people: number; rooms?: number; flatOut?: boolean }> = {
  room10: { people: 10 },
  room25: { people: 25 },
  saturated: { people: 10, rooms: 10, flatOut: true },
};
const aims: Record<string, { packets?: number; ofBare?: number; ofJanus?: number; p99?: number }> = {
  room10: { ofJanus: 4, ofBare: 0.7, p99: 2 },
  room25: { packets: 450_000 },
  saturated: { ofBare: 0.6 },
};

const { values: options } = parseArgs({
  options: {
    loads: { type: 'string', default: 'room10,room25,saturated' },
    runs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '20' },
    rest: { type: 'string' }, // microseconds; else the server's default
    seal: { type: 'boolean', default: false }, // frames are protected, as a browser's are
    janus: { type: 'string', default: 'room10' }, // the loads that Janus has, too; none: ''
    'event-loops': { type: 'string' }, // of Janus; else a thread for each connection, its default
    'no-instructions': { type: 'boolean', default: false },
    'no-limit': { type: 'boolean', default: false },
  },
});
const seconds = Number(options.seconds);
const janusLoads = options.janus.split(',').filter(Boolean);
// Janus takes no address of the loopback interface: both have the one that tests/in_namespace makes, which leads no further.
const address = process.env['TEST_MEDIA_ADDRESSES']?.split(',').at(-1) ?? '127.0.0.1';
if (janusLoads.length > 0 && address.startsWith('127.')) throw new Error("Janus needs an address that is not the loopback's: tests/in_namespace has one");
if (janusLoads.some((name) => loads[name]!.flatOut)) throw new Error('only a load that is sent on time is the same for both: not saturated');

// What the load saw, the same way of every server: packets that people received, the server's whole process.
interface Seen {
  void: string | null;
  packetsPerCpuSecond: number;
  perSecond: number;
  cores: number;
  p50: number;
  p99: number;
  lostShare: number;
  loadCores: number; // quietroom-load's own
  loadDrops: number; // at its own sockets
  loadAverage: number;
  ciphers: string[];
  preferred: boolean; // scheduled before everything else
}
interface Run {
  seen: Seen;
  media?: Spent; // of Quietroom, whose media thread and counters can be read
}

function seenBy(figures: LoadFigures, nominal: number | null, preferred: boolean): Seen {
  const number = (name: string) => Number(figures[name]);
  const perSecond = number('received') / number('seconds');
  const ciphers = figures['ciphers'] as string[];
  const lostShare = number('lost') / Math.max(1, number('expected'));
  let because = figures['void'] as string | null;
  if (!figures['everyone_came']) because ??= 'not everyone came';
  if (ciphers.join() !== cipher) because ??= `${ciphers.join(' and ')} was negotiated, not ${cipher}`;
  if (lostShare > mostLost) because ??= `${(lostShare * 100).toFixed(2)}% was lost`;
  if (nominal !== null && Math.abs(perSecond / nominal - 1) > mostOff) because ??= `${Math.round(perSecond)} a second are not the load of ${nominal}`;
  return {
    void: because,
    packetsPerCpuSecond: number('received') / number('watched_cpu_seconds'),
    perSecond,
    cores: number('watched_cpu_seconds') / number('seconds'),
    p50: number('latency_p50_ms'),
    p99: number('latency_p99_ms'),
    lostShare,
    loadCores: number('cpu_seconds') / number('seconds'),
    loadDrops: number('receive_dropped'),
    loadAverage: loadavg()[0]!,
    ciphers,
    preferred,
  };
}

const nominalOf = (name: string) => {
  const { people, flatOut } = loads[name]!;
  return flatOut ? null : people * (people - 1) * 150;
};
// The load measures from the end of its warm-up, longer than what is measured here.
const loadArguments = (people: number, of: number) => [
  ...['--people', String(people), '--join-every', '23', '--cipher', cipher, '--cpu-of', String(of)],
  ...['--warm-up', String(warmUpSeconds - 1), '--seconds', String(seconds + 4)],
];

// Null where not everyone came.
async function runQuietroom(name: string): Promise<Run | null> {
  const { people, rooms = 1, flatOut = false } = loads[name]!;
  const server = await startServer({
    rooms,
    people,
    mediaListen: address,
    arguments: [
      ...['--media-threads', '1', '--media-first-estimate-kbps', '50000'],
      ...(flatOut ? ['--media-bounds', 'false'] : []), // ten people send what a hundred would
      ...['--http-connections-per-address', '400', '--http-requests-per-second', '2000', '--http-burst', '4000'],
      ...(options.rest === undefined ? [] : ['--media-rest-us', options.rest]),
    ],
  });
  try {
    const call = onCoresOfTheirOwn(server);
    const preferred = prefer(call);
    const more = [...(flatOut ? ['--flat-out'] : []), ...(options.seal ? ['--seal'] : [])];
    const load = startLoad(server, 0, '--rooms', String(rooms), ...more, ...loadArguments(people, call));
    if (!(await everyonePresent(server, load, rooms * people))) return null;
    const media = await measured(server, call, warmUpSeconds, seconds);
    const figures = await load.ended;
    return figures && { seen: seenBy(figures, nominalOf(name), preferred), media };
  } finally {
    await server.stop();
  }
}

async function runJanus(name: string): Promise<Run | null> {
  const { people } = loads[name]!;
  const janus = await startJanus({
    address,
    rooms: 1,
    people,
    ...(options['event-loops'] === undefined ? {} : { eventLoops: Number(options['event-loops']) }),
  });
  try {
    pin(0, process.pid);
    pin(1, janus.pid);
    const preferred = prefer(janus.pid);
    const load = startLoad(janus, 0, '--janus', String(janus.firstRoom), ...loadArguments(people, janus.pid));
    const figures = await load.ended;
    result['janus_version'] = janus.version;
    return figures && { seen: seenBy(figures, nominalOf(name), preferred) };
  } finally {
    await janus.stop();
  }
}

// Of the bare forwarder, in the same terms.
const seenOfBare = (run: LimitRun): Seen => ({
  void: run.void,
  packetsPerCpuSecond: run.packets_per_cpu_second,
  perSecond: run.forwarded_per_second,
  cores: run.cores,
  p50: run.latency_p50_ms,
  p99: run.latency_p99_ms,
  lostShare: run.lost_share,
  loadCores: run.load_cores,
  loadDrops: run.dropped_by_load,
  loadAverage: loadavg()[0]!,
  ciphers: [cipher],
  preferred: true,
});

type Who = 'Quietroom' | 'Janus' | 'bare forwarder';
// In turn, until each has as many runs as asked for, or had three times as many tries.
async function alternately(name: string): Promise<Map<Who, Run[]>> {
  const runners = new Map<Who, () => Promise<Run | null>>([['Quietroom', () => runQuietroom(name)]]);
  if (janusLoads.includes(name)) runners.set('Janus', () => runJanus(name));
  if (!options['no-limit'])
    // media.rest_us is 0 where nothing is said
    runners.set('bare forwarder', async () => ({ seen: seenOfBare(await measureLimit(name, Number(options.rest ?? 0), seconds)) }));
  const counted = new Map<Who, Run[]>([...runners.keys()].map((who) => [who, []]));
  for (let turn = 0; turn < Number(options.runs) * 3; turn += 1)
    for (const [who, run] of runners) {
      if (counted.get(who)!.length >= Number(options.runs)) continue;
      const result = await run();
      console.error(`${name}, ${who}: ${result ? described(result, loads[name]!.flatOut === true) : 'not everyone came; again'}`);
      if (result && result.seen.void === null) counted.get(who)!.push(result);
    }
  return counted;
}

function described({ seen, media }: Run, flatOut: boolean): string {
  const idle = flatOut && media && media.cores < 0.9 ? ' — its load did not keep it busy' : '';
  return (
    `${Math.round(seen.packetsPerCpuSecond)} packets a CPU-second${media ? ` (media thread ${Math.round(media.packetsPerCpuSecond)})` : ''}, ` +
    `${Math.round(seen.perSecond)} a second, ${(seen.cores * 100).toFixed(1)}% of a core, p50 ${seen.p50.toFixed(2)} p99 ${seen.p99.toFixed(2)} ms, ` +
    `load average ${seen.loadAverage.toFixed(2)}${seen.void ? ` — void: ${seen.void}` : idle}`
  );
}

const middle = (runs: Run[], of: (run: Run) => number) => median(runs.map(of));
const ofMedia = (runs: Run[], of: (spent: Spent) => number) => middle(runs, (run) => of(run.media!));

const result: Record<string, unknown> = {
  at: new Date().toISOString(),
  seconds,
  rest_us: options.rest ?? 'default',
  cipher,
  janus_event_loops: options['event-loops'] ?? 'default',
};
const beside: string[][] = [['load', 'server', 'packets/CPU-s', 'cores', 'packets/s', 'lost', 'p50 ms', 'p99 ms', 'load cores', 'load drops', 'load avg', 'runs']];
const own: string[][] = [['load', 'packets/CPU-s of the media thread', 'cores', 'calls/packet', 'wakes/packet', 'packets/send']];
const compared: string[] = [];
const drawn: { name: string; values: (number | null)[] }[] = [];
const series: Who[] = ['Quietroom', 'Janus', 'bare forwarder'];

for (const name of options.loads.split(',')) {
  const counted = await alternately(name);
  for (const [who, runs] of counted) {
    if (runs.length === 0) {
      beside.push([name, who, 'every run was void: the load is too much for it, or this machine is busy with something else']);
      continue;
    }
    const of = (pick: (seen: Seen) => number) => middle(runs, (run) => pick(run.seen));
    beside.push([
      ...[name, who, String(Math.round(of((s) => s.packetsPerCpuSecond))), of((s) => s.cores).toFixed(3)],
      ...[String(Math.round(of((s) => s.perSecond))), `${(of((s) => s.lostShare) * 100).toFixed(3)}%`],
      ...[of((s) => s.p50).toFixed(2), of((s) => s.p99).toFixed(2), of((s) => s.loadCores).toFixed(2)],
      ...[String(of((s) => s.loadDrops)), of((s) => s.loadAverage).toFixed(2), String(runs.length)],
    ]);
  }
  const ours = counted.get('Quietroom')!;
  const whole = (who: Who) => {
    const runs = counted.get(who) ?? [];
    return runs.length === 0 ? null : middle(runs, (run) => run.seen.packetsPerCpuSecond);
  };
  drawn.push({ name, values: series.map(whole) });
  result[name] = { runs: Object.fromEntries(counted), packets_per_cpu_second: Object.fromEntries(series.map((who) => [who, whole(who)])) };
  if (ours.length === 0) continue;
  own.push([
    ...[name, String(Math.round(ofMedia(ours, (m) => m.packetsPerCpuSecond))), ofMedia(ours, (m) => m.cores).toFixed(3)],
    ...[ofMedia(ours, (m) => m.perPacket.systemCalls).toFixed(4), ofMedia(ours, (m) => m.perPacket.wakes).toFixed(4)],
    ofMedia(ours, (m) => m.perPacket.perSend).toFixed(2),
  ]);
  const aim = aims[name]!;
  const say = (what: string, value: number, least: number | undefined, text: (n: number) => string, most = false) =>
    compared.push(
      `${name}: ${what} ${text(value)}` +
        (least === undefined ? '' : ` (aim: ${most ? 'under' : 'at least'} ${text(least)}${(most ? value < least : value >= least) ? '' : ', NOT REACHED'})`),
    );
  const share = (n: number) => `${(n * 100).toFixed(0)}%`;
  const media = ofMedia(ours, (m) => m.packetsPerCpuSecond);
  const janus = whole('Janus');
  const bare = whole('bare forwarder');
  if (janus !== null) say('times Janus, whole processes:', whole('Quietroom')! / janus, aim.ofJanus, (n) => n.toFixed(2));
  // What was asked to be flat out and was not says little of the limit.
  const busy = loads[name]!.flatOut ? ` (${share(ofMedia(ours, (m) => m.cores))} busy)` : '';
  if (bare !== null) say(`of the bare forwarder under the same rest, media thread${busy}:`, media / bare, aim.ofBare, share);
  if (aim.packets !== undefined) say('packets a CPU-second of the media thread:', media, aim.packets, (n) => String(Math.round(n)));
  // The rest is a delay that is asked for.
  if (aim.p99 !== undefined && Number(options.rest ?? 0) === 0)
    say('p99 of added latency:', middle(ours, (run) => run.seen.p99), aim.p99, (n) => `${n.toFixed(2)} ms`, true);
}
console.log(`${table(beside)}\n\n${table(own)}\n\n${compared.join('\n')}`);
result['compared'] = compared;
if (!options['no-instructions']) {
  const instructions = measureInstructions();
  result['instructions_per_forwarded_packet'] = instructions;
  console.log(
    `instructions per forwarded packet (callgrind, EVP): ${instructions.perPacket.toFixed(0)}, ` +
      `${instructions.own.toFixed(0)} of them our own, over ${instructions.forwarded} packets`,
  );
}
writeResult('forward.svg', bars([{ title: `Packets forwarded per CPU-second (${cipher})`, y: 'packets per CPU-second', series, groups: drawn }]));
console.log(`${writeResult('forward.json', result)}, build/bench/forward.svg`);
