// SPDX-License-Identifier: Apache-2.0
// How many rooms of ten one core carries (one media thread, alone on it) before the 99th of a hundred packets is later than
// 20 ms or a thousandth is lost: ever more, twice as many at most and no more than one core of the server or of the load could carry
// at what the last step cost, then between the last that held and the first that did not. A step in which
// the load gave out is void: where such a one ends the search, the load was the limit, and what the core would carry is said
// beside it as an extrapolation from its share at the highest step that counts.
//   ./dev bench capacity [--kind full|gallery|gallery-160x90|all] [--quick] [--seconds 10] [--rest US] [--from 4] [--most 400]
import { parseArgs } from 'node:util';
import { table } from './figures.ts';
import { writeResult } from './measure.ts';
import { type Kind, kinds, measureRooms, type Step } from './rooms.ts';
import { svg } from './svg.ts';

const { values: options } = parseArgs({
  options: {
    kind: { type: 'string', default: 'all' },
    quick: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    rest: { type: 'string' },
    from: { type: 'string', default: '4' },
    most: { type: 'string', default: '400' },
  },
});
const quick = options.quick;
const seconds = Number(options.seconds ?? (quick ? 4 : 10));
const gap = quick ? 0.25 : 0.04; // of the number, between the last that held and the first that did not
const people = 10;
const mostLatency = 20; // ms
const full = 0.97; // of a core
const aims: Record<Kind, { aim: number; floor: number } | null> = {
  full: { aim: 35, floor: 25 },
  gallery: { aim: 150, floor: 100 },
  'gallery-160x90': null, // to compare with what was measured before the client's small layer had 15 frames
};

interface Tried {
  rooms: number;
  step: Step | null; // null: not everyone came
  verdict: 'holds' | 'fails' | 'void';
  why: string;
}

// A step that does not hold is tried once more: it may have been the machine.
async function attempt(kind: Kind, rooms: number): Promise<Tried> {
  let tried: Tried | null = null;
  for (let i = 0; i < (quick ? 1 : 2) && tried?.verdict !== 'holds'; i += 1) {
    const step = await measureRooms({ kind, rooms, people, seconds, warmUp: quick ? 2 : 4, restUs: options.rest, mostLatency });
    const why = step ? (step.void ?? step.failed ?? '') : 'not everyone came';
    tried = { rooms, step, verdict: !step || step.void ? 'void' : step.failed ? 'fails' : 'holds', why };
    console.error(
      `${kind}, ${rooms} rooms: ${tried.verdict}${why && ` (${why})`}` +
        (step
          ? `; ${Math.round(step.forwardedPerSecond)} packets a second, media core ${(step.cores * 100).toFixed(0)}%, load ${(step.loadCores * 100).toFixed(0)}%, p99 ${step.p99} ms`
          : ''),
    );
  }
  return tried!;
}

async function search(kind: Kind): Promise<Tried[]> {
  const all: Tried[] = [];
  const most = Number(options.most);
  let holds = 0;
  let not = Infinity;
  let next = Math.min(Number(options.from), most);
  while (next > holds && next < not) {
    const tried = await attempt(kind, next);
    all.push(tried);
    if (tried.verdict === 'holds') holds = next;
    else not = next;
    // Far beyond what they carry, server and load would leave nobody else a core, this program among them.
    const left = tried.step ? full / Math.max(tried.step.cores, tried.step.loadCores) : 2;
    if (not === Infinity) next = Math.min(Math.max(Math.ceil(holds * (1 + gap)), Math.floor(holds * Math.min(2, left))), most);
    else next = not - holds <= Math.max(1, holds * gap) ? holds : Math.floor((holds + not) / 2);
  }
  return all.sort((a, b) => a.rooms - b.rooms);
}

function say(kind: Kind, tried: Tried[]): Record<string, unknown> {
  const best = tried.filter((one) => one.verdict === 'holds').at(-1);
  const ended = tried.find((one) => one.rooms > (best?.rooms ?? 0) && one.verdict !== 'holds');
  const rows = [['rooms', '', 'packets/s', 'media core', "load's core", 'packets/CPU-s', 'p50 ms', 'p99 ms', 'lost']];
  for (const { rooms, verdict, step } of tried)
    rows.push(
      step
        ? [
            ...[String(rooms), verdict, String(Math.round(step.forwardedPerSecond)), `${(step.cores * 100).toFixed(0)}%`],
            ...[`${(step.loadCores * 100).toFixed(0)}%`, String(Math.round(step.packetsPerCpuSecond)), step.p50.toFixed(2), step.p99.toFixed(2)],
            `${(step.lostShare * 100).toFixed(3)}%`,
          ]
        : [String(rooms), 'not everyone came'],
    );
  console.log(`\n${kinds[kind].name}: ${Math.round(kinds[kind].forwarded(people))} packets a second and room\n${table(rows)}`);
  const aim = aims[kind];
  const against = aim ? ` (aim ${aim.aim}, floor ${aim.floor})` : '';
  const limit = !ended ? 'the search' : ended.verdict === 'fails' ? 'the server' : 'the load or the machine';
  const byShare = best ? Math.floor(best.rooms / best.step!.cores) : null;
  if (!best) console.log('no step held: this machine is busy with something else, or the first step is too large');
  else if (limit === 'the server') console.log(`${best.rooms} rooms of ten on one core${against}; at ${ended!.rooms}: ${ended!.why}`);
  else
    console.log(
      `at least ${best.rooms} rooms of ten on one core${against}; ` +
        (ended ? `not the server but its load was the limit, or the machine (at ${ended.rooms}: ${ended.why})` : 'more were not tried') +
        `. The media core was ${(best.step!.cores * 100).toFixed(0)}% busy with them.\n` +
        `EXTRAPOLATED, not measured: a full core at that cost a packet would be ${byShare} rooms.`,
    );
  return {
    load: kinds[kind].name,
    packets_per_second_and_room: kinds[kind].forwarded(people),
    rooms: best?.rooms ?? null,
    ...aim,
    limited_by: limit,
    why: ended?.why ?? null,
    media_core_share: best?.step!.cores ?? null,
    extrapolated_rooms_of_a_full_core: limit === 'the server' ? null : byShare,
    steps: tried,
  };
}

const result: Record<string, unknown> = { at: new Date().toISOString(), seconds, quick, rest_us: options.rest ?? 'default' };
const all: { kind: Kind; tried: Tried[] }[] = [];
const wanted = options.kind === 'all' ? (Object.keys(kinds) as Kind[]) : (options.kind.split(',') as Kind[]);
for (const kind of wanted) {
  if (!(kind in kinds)) throw new Error(`no such load: ${kind}; there are ${Object.keys(kinds).join(', ')}`);
  const tried = await search(kind);
  all.push({ kind, tried });
  result[kind] = say(kind, tried);
}
console.log(writeResult('capacity.json', result));

// Of the steps that count: held, or failed by the server's doing.
const linesOf = (value: (step: Step) => number) =>
  all.map(({ kind, tried }) => ({
    name: kinds[kind].name,
    points: tried.flatMap(({ rooms, step, verdict }): [number, number][] => (step && verdict !== 'void' ? [[rooms, value(step)]] : [])),
  }));
console.log(
  writeResult(
    'capacity.svg',
    svg([
      {
        ...{ title: 'Latency against rooms of ten', x: 'rooms on one core', y: 'ms, of the 99th of a hundred packets', most: 5 * mostLatency },
        lines: linesOf((step) => step.p99),
        bound: { at: mostLatency, name: `at most ${mostLatency} ms` },
      },
      { title: 'Core share against rooms of ten', x: 'rooms on one core', y: '% of a core, media thread', lines: linesOf((step) => step.cores * 100) },
    ]),
  ),
);
