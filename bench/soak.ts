// SPDX-License-Identifier: Apache-2.0
// Hours at half of what one core carries (bench/README.md, "capacity"), while people come and go, load anew, vanish, look elsewhere and lose packets: memory,
// descriptors and latency must not grow, nobody may stay outside, nothing may crash. Exit: 0 steady, 1 not, and it says what.
//   ./dev soak [--minutes 120] [--rooms 27] [--people 10] [--seed N] [--cycle 120] [--calm 20] [--between 60] [--every 5]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServer, tree } from '../tests/people/server.ts';
import { quantile, table } from './figures.ts';
import { resultFolder, writeResult } from './measure.ts';
import { loadProgram, type ProcessSample, type Sample, soak, type Soaked } from './soaking.ts';
import { byCycle, judge, judgeLoss, ofItsLevel, type Verdict } from './growth.ts';
import { timePlot } from './time_plot.ts';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '120' },
    rooms: { type: 'string', default: '27' },
    people: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    cycle: { type: 'string' },
    calm: { type: 'string' },
    between: { type: 'string', default: '60' },
    every: { type: 'string', default: '5' },
  },
});
const minutes = Number(options.minutes);
const rooms = Number(options.rooms);
const people = Number(options.people);
// Long enough that each calm has several samples, short enough that there are some of them.
const cycle = Number(options.cycle ?? Math.min(120, Math.max(40, minutes * 4)));
const calm = Number(options.calm ?? Math.max(18, cycle / 5));
// A tenth of the time; of a short run a third, up to six minutes, for as long were caches of the service seen to fill. Two cycles at least.
const warmUp = Math.max(minutes / 10, Math.min(minutes / 3, 6), (2 * cycle) / 60);
// What grows in a short run is mostly what fills, and its slope an hour is many times of what was seen: it is judged roughly, as its last line says.
const short = minutes < 30;
const mostLost = 0.1; // percent, in the calms
const megabyte = 1024 * 1024;

console.error(`${rooms} rooms of ${people}, ${minutes} minutes, seed ${options.seed}; a calm of ${calm} s each ${cycle} s, the first ${warmUp.toFixed(1)} minutes do not count`);
const server = await startServer({
  rooms,
  people,
  arguments: [
    ...['--media-threads', '1', '--media-first-estimate-kbps', '50000', '--http-connections', '20000'],
    ...['--http-connections-per-address', '20000', '--http-requests-per-second', '20000', '--http-burst', '100000'],
  ],
});

const minuteOf = (sample: Sample) => sample.load.seconds / 60;
let said = 0;
function progress(sample: Sample): void {
  if (minuteOf(sample) < said) return;
  said += Math.max(1, minutes / 60);
  const { load, call, service } = sample;
  console.error(
    `${minuteOf(sample).toFixed(0).padStart(4)} min: ${load.present} present, call ${(call.own / megabyte).toFixed(1)} MB and ${call.descriptors} descriptors, ` +
      `service ${(service.own / megabyte).toFixed(1)} MB and ${service.descriptors}, p50 ${load.p50_ms.toFixed(2)} ms, p99 ${load.p99_ms.toFixed(2)} ms, media core ${(sample.mediaCores * 100).toFixed(0)}%, ` +
      `back ${load.back}, not back ${load.not_back}`,
  );
}

let soaked: Soaked;
let sanitizers: string | null = null;
try {
  soaked = await soak(server, {
    load: [loadProgram(tree, process.env['TEST_PROGRAMS'] ?? 'release')],
    arguments: [
      ...['--rooms', String(rooms), '--people', String(people), '--join-every', '20', '--join-within', '120'],
      ...['--seed', options.seed, '--cycle', String(cycle), '--calm', String(calm), '--between', options.between],
    ],
    seconds: minutes * 60,
    sampleEvery: Number(options.every),
    report: join(server.folder, 'load.json'),
    cores: { load: 0, call: 1 },
    visitsPerSecond: 5,
    onSample: progress,
    say: (what) => console.error(what),
  });
} finally {
  try {
    await server.stop();
  } catch (e) {
    sanitizers = String(e);
  }
}

// Memory, descriptors and latency are compared where people, views and lines are the same: in the calms, one value each.
const counted = soaked.samples.filter((sample) => minuteOf(sample) >= warmUp && sample.load.settled);
const series = (of: (sample: Sample) => number) =>
  byCycle(counted.map((sample): [number, number] => [sample.load.seconds / 3600, of(sample)]), cycle / 3600);
// Latency differs from machine to machine and from load to load, so it is held against what it was at first.
function latency(name: string, floor: number, of: (sample: Sample) => number): Verdict {
  const points = series(of);
  return judge({ name, unit: 'ms', perHour: ofItsLevel(points, floor, 0.15) }, points);
}
const verdicts: Verdict[] = [
  judge({ name: 'memory of the call process', unit: 'MB', perHour: short ? 4 : 1 }, series((s) => s.call.own / megabyte)),
  judge({ name: 'memory of the service', unit: 'MB', perHour: short ? 4 : 1 }, series((s) => s.service.own / megabyte)),
  judge({ name: 'descriptors of the call process', unit: '', perHour: 1 }, series((s) => s.call.descriptors)),
  judge({ name: 'descriptors of the service', unit: '', perHour: 4 }, series((s) => s.service.descriptors)),
  judge({ name: 'threads of both', unit: '', perHour: 1 }, series((s) => s.call.threads + s.service.threads)),
  latency('latency, p50', short ? 0.5 : 0.1, (s) => s.load.p50_ms),
  latency('latency, p99', short ? 3 : 0.5, (s) => s.load.p99_ms),
];
const sum = (some: Sample[], get: (sample: Sample) => number) => some.reduce((total, sample) => total + get(sample), 0);
const tooMuchLost = judgeLoss(sum(counted, (s) => s.load.lost), sum(counted, (s) => s.load.expected), mostLost);
const { after } = soaked;
// Of a run that ended early nothing was waited for: what is open then is no sign of anything.
const stayed = (of: (now: { service: ProcessSample; call: ProcessSample }) => ProcessSample) =>
  after !== null && soaked.early === null && of(after).descriptors > of(soaked.empty).descriptors;
const faults = [
  ...(soaked.early === null ? [] : [`it ended before its time: ${soaked.early}`]),
  ...(soaked.void === null ? [] : [`the load says: ${soaked.void}, so nothing is shown`]),
  ...verdicts.flatMap(({ failed }) => failed ?? []),
  ...(tooMuchLost === null ? [] : [tooMuchLost]),
  ...(soaked.everyoneCame ? [] : ['not everyone came at the beginning']),
  ...(soaked.churn['not_back'] === 0 ? [] : [`${String(soaked.churn['not_back'])} times somebody was not let back in within 30 s; the last: ${soaked.churn.why}`]),
  ...(after ? [] : ['the server was not there at the end']),
  ...(soaked.restarts === 0 || after === null ? [] : [`the call process was started again ${soaked.restarts} times`]),
  ...(sanitizers === null ? [] : [sanitizers]),
  ...(stayed(({ call }) => call) ? ['descriptors of the call process stay open after all have left'] : []),
  ...(stayed(({ service }) => service) ? ['descriptors of the service stay open after all have left'] : []),
  ...(soaked.failedVisits === 0 ? [] : [`${soaked.failedVisits} requests had no answer`]),
];

function show(): void {
  const number = (n: number) => (Number.isNaN(n) ? '–' : String(Number(n.toPrecision(3))));
  const rows = [['in the calms', 'an hour', '95% from', 'to', 'allowed', 'calms', '']];
  for (const v of verdicts)
    rows.push([`${v.name}${v.unit && `, ${v.unit}`}`, number(v.slope), number(v.low), number(v.high), number(v.perHour), String(v.points), v.failed ? 'GROWS' : 'steady']);
  console.log(table(rows));
  const all = soaked.samples.filter((sample) => minuteOf(sample) >= warmUp);
  const of = (get: (sample: Sample) => number, q: number) => (all.length > 0 ? quantile(all.map(get), q) : NaN);
  const share = (some: Sample[]) => ((100 * sum(some, (s) => s.load.lost)) / Math.max(1, sum(some, (s) => s.load.expected))).toFixed(4);
  const { churn } = soaked;
  console.log(
    `media core ${(100 * of((s) => s.mediaCores, 0.5)).toFixed(0)}% busy (median); latency p50 ${of((s) => s.load.p50_ms, 0.5).toFixed(2)} ms, p99 ${of((s) => s.load.p99_ms, 0.5).toFixed(2)} ms (medians of samples on good lines)\n` +
      `lost at people with good lines: ${share(counted)}% in the calms, ${share(all)}% in all (with what senders on poor lines lost for good)\n` +
      `${churn['leaves']} left, ${churn['reloads']} loaded anew, ${churn['vanishes']} vanished, ${churn['views']} other views, ${churn['poor_lines']} poor lines; ` +
      `${churn['back']} came back, ${churn['back_by_token']} by their token, ${churn['not_back']} not; ${Object.values(soaked.answers).reduce((a, b) => a + b, 0)} requests answered`,
  );
  if (after && soaked.early === null)
    console.log(
      `after all had left: call ${(after.call.own / megabyte).toFixed(1)} MB (${(soaked.empty.call.own / megabyte).toFixed(1)} before anyone came) and ${after.call.descriptors} descriptors (${soaked.empty.call.descriptors}), ` +
        `service ${(after.service.own / megabyte).toFixed(1)} MB (${(soaked.empty.service.own / megabyte).toFixed(1)}) and ${after.service.descriptors} (${soaked.empty.service.descriptors})`,
    );
}

function plot(): string {
  const line = (name: string, of: (sample: Sample) => number) => ({ name, points: soaked.samples.map((s): [number, number] => [minuteOf(s), of(s)]) });
  const dots = (name: string, of: (sample: Sample) => number) => ({ name, dots: true, points: soaked.samples.filter((s) => s.load.settled).map((s): [number, number] => [minuteOf(s), of(s)]) });
  let before = 0;
  const loadCores = new Map(soaked.samples.map((s, i) => {
    const passed = s.load.seconds - (soaked.samples[i - 1]?.load.seconds ?? 0);
    const used = (s.load.own_cpu_seconds - before) / passed;
    before = s.load.own_cpu_seconds;
    return [s, i === 0 ? 0 : used] as const;
  }));
  const lost = (part: number, whole: number) => (whole > 0 ? (100 * Math.max(0, part)) / whole : 0);
  const p99s = soaked.samples.map((s) => s.load.p99_ms);
  return timePlot(
    `Soak: ${rooms} rooms of ${people}, ${minutes} minutes, people coming and going; ${faults.length === 0 ? 'steady' : 'NOT steady'}`,
    [
      { title: 'People present', unit: 'of ' + rooms * people, lines: [line('present', (s) => s.load.present)] },
      { title: 'Memory of the call process', unit: 'MB', lines: [line('its own', (s) => s.call.own / megabyte), dots('in the calms, all present', (s) => s.call.own / megabyte), line('resident', (s) => s.call.rss / megabyte)] },
      { title: 'Memory of the service', unit: 'MB', lines: [line('its own', (s) => s.service.own / megabyte), dots('in the calms, all present', (s) => s.service.own / megabyte), line('resident', (s) => s.service.rss / megabyte)] },
      { title: 'Open descriptors, and threads', unit: 'number', lines: [line('service', (s) => s.service.descriptors), line('call process', (s) => s.call.descriptors), line('threads of both', (s) => s.service.threads + s.call.threads)] },
      { title: 'Added latency on good lines, p50', unit: 'ms', lines: [line('all samples', (s) => s.load.p50_ms), dots('in the calms', (s) => s.load.p50_ms)] },
      { title: 'Added latency on good lines, p99', unit: 'ms, above the axis drawn at its edge', most: quantile(p99s, 0.97), lines: [line('all samples', (s) => s.load.p99_ms), dots('in the calms', (s) => s.load.p99_ms)] },
      { title: 'Packets lost for good', unit: '% of a sample', lines: [line('by people on good lines', (s) => lost(s.load.lost, s.load.expected)), line('on poor lines', (s) => lost(s.load.poor_lost, s.load.poor_expected))] },
      { title: 'Processor', unit: '% of a core', least: 100, lines: [line('media thread', (s) => 100 * s.mediaCores), line('load', (s) => 100 * loadCores.get(s)!)] },
    ],
    { warmUp, minutes },
  );
}

show();
console.log(writeResult('soak.json', { at: new Date().toISOString(), options, minutes, rooms, people, cycle, calm, warm_up_minutes: warmUp, faults, verdicts, ...soaked }));
writeFileSync(join(resultFolder, 'soak.svg'), plot());
console.log('build/bench/soak.svg');
for (const fault of faults) console.log(`NOT STEADY: ${fault}`);
if (faults.length === 0) console.log(short ? 'Steady, as far as less than half an hour tells: memory and latency were judged roughly.' : 'Steady.');
process.exit(faults.length === 0 ? 0 : 1);
