// SPDX-License-Identifier: Apache-2.0
// What a poor line does to a person in an encrypted room of ten: a real browser behind quietroom-bridge; near the server a facilitator's
// browser, whose voice does not pause (voice.ts), one more that speaks at times, and seven synthetic people. Everybody's camera is on, and
// so are the microphones of the silent: Opus suppresses silence. Each scenario begins on a line that is good and settled.
//   ./dev bench line [--only a,b] [--seconds 30] [--browser chromium|firefox] [--view 1600x1000] [--trace]
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { table } from './figures.ts';
import { noticedAfter, notices } from './line_notice.ts';
import { type Bounds, linePlot } from './line_plot.ts';
import { type Heard, listen, lossTold, samplesHeard, soundInHand, watch } from './line_watch.ts';
import { RateWatch } from './line_rate.ts';
import { trace, traced } from './line_trace.ts';
import { pause, writeResult } from './measure.ts';
import { voice } from './voice.ts';
import { Group } from '../tests/people/group.ts';
import { Line, type LineIs, noLine } from '../tests/people/line.ts';
import { arrivedAt, type Way, wayOf } from '../tests/people/network.ts';
import { type Person, words } from '../tests/people/person.ts';
import { Relay } from '../tests/people/relay.ts';

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, seconds: { type: 'string', default: '30' }, browser: { type: 'string', default: 'chromium' }, view: { type: 'string', default: '1600x1000' }, trace: { type: 'boolean', default: false } },
});
const seconds = Number(options.seconds);

interface Row {
  what: string;
  target: string;
  bounds: Bounds; // what of the target is heard
  heard: Heard | null;
  atFall?: Heard; // in its first five seconds; `heard` is then the rest
  adapted: string; // in words; '' where nothing is to adapt
  met: boolean | null; // null: no target
  downBytes: number;
  upBytes: number;
  seconds: number;
  load: number;
  missing?: string;
}

const line = await Line.open();
const relay = new Relay('10.80.0.1');
const group = await Group.open({ arguments: relay.setting });
const indices = { facilitator: group.indexOf('facilitator'), far: group.indexOf('member', 0), second: group.indexOf('member', 1) };
let facilitator: Person; // who talks
let second: Person; // who talks at times
let far: Person;
let farBrowser: Awaited<ReturnType<Line['chromium']>> | undefined;
const seatOf = (who: keyof typeof indices): number => group.link(indices[who]).seat;

let changedAt = 0; // when the line became what is being looked at; moments of a trace are from then on
const silent = new Set<Person>(); // everybody comes with their microphone on
async function speaks(person: Person, on: boolean): Promise<void> {
  if (silent.has(person) !== on) return;
  await person.press('bar.microphone');
  if (on) silent.delete(person);
  else silent.add(person);
}

async function comes<Who extends Person>(index: number, person: Who): Promise<Who> {
  await person.driver.beforeScripts(voice);
  if (index === indices.far) await person.driver.beforeScripts(notices);
  if (options.trace && index === indices.far) await person.driver.beforeScripts(trace);
  await person.arrive('camera', 'microphone');
  if (index !== indices.facilitator) await facilitator.admits(person);
  await person.isInRoom();
  return person;
}

async function gather(): Promise<void> {
  await relay.start(group.server);
  await line.leadsTo(group.server.port);
  facilitator = await comes(indices.facilitator, await group.person(indices.facilitator));
  second = await comes(indices.second, await group.person(indices.second));
  if (options.browser === 'firefox') {
    far = await comes(indices.far, await group.personInFirefox(indices.far, { ...(await line.firefox()), profile: relay.profile }));
  } else {
    farBrowser = await line.chromium({ home: relay.home });
    const [width, height] = options.view.split('x').map(Number) as [number, number];
    far = await comes(indices.far, await group.person(indices.far, { browser: farBrowser, viewport: { width, height } }));
  }
  await speaks(second, false);
  await second.press('bar.more'); // it is there to be heard: this machine shall not draw its pictures
  await second.press('more.sound_only');
  const rest = group.links.map((_, index) => index).filter((index) => !Object.values(indices).includes(index));
  group.synthetic(rest, ['--pictures', 'full', '--decode', 'none', '--tile', '160x90', '--silent', '--lively']);
  for (const index of rest) await facilitator.admits(group.link(index));
  await far.seesTiles(group.links.length, 60_000);
  await speaks(far, false);
  for (const person of [facilitator, far]) await watch(person);
}

// On a good line, until two stretches of pictures are alike: layers and the estimate have settled.
async function settle(): Promise<void> {
  await line.both({});
  let before = 0;
  const deadline = Date.now() + 60_000;
  do {
    const from = await arrivedAt(far);
    await pause(4_000);
    const rate = (await arrivedAt(far)).pictureBytes - from.pictureBytes;
    if (rate > 50_000 && Math.abs(rate - before) < 0.15 * rate) return;
    before = rate;
  } while (Date.now() < deadline);
}

interface Scenario {
  what: string;
  target: string;
  bounds?: Bounds;
  run(row: Row): Promise<void>;
}

// The line is so for the whole time; what the far side hears of the talker.
const during = async (row: Row, ways: { down?: LineIs; up?: LineIs }, meanwhile: () => Promise<unknown> = () => pause(seconds * 1000)): Promise<void> => {
  const end = await listen(far, seatOf('facilitator'));
  if (ways.down) await line.down(ways.down);
  if (ways.up) await line.up(ways.up);
  await meanwhile();
  row.heard = await end();
};
// A fall is one thing, a line that stays narrow another: both are told.
const falls = async (row: Row, hear: () => Promise<() => Promise<Heard>>, fall: () => Promise<unknown>, meanwhile: () => Promise<unknown>): Promise<void> => {
  const first = await hear();
  changedAt = Date.now();
  await fall();
  await pause(5_000);
  row.atFall = await first();
  const rest = await hear();
  await meanwhile();
  row.heard = await rest();
  row.adapted = `first 5 s: ${row.atFall.concealedPercent.toFixed(1)}%, gap ${Math.round(row.atFall.longestGapMs)} ms`;
  row.met = within(row);
};
const within = ({ bounds: { concealedPercent = Infinity, longestGapMs = Infinity }, heard, atFall }: Row): boolean =>
  [heard!, ...(atFall ? [atFall] : [])].every((one) => one.concealedPercent < concealedPercent && one.longestGapMs <= longestGapMs);
const noGap = { longestGapMs: 200 };
const inWords = (s: number | null): string => (s === null ? 'not' : `${s.toFixed(1)} s`);
const soundBack = (s: number | null): string => (s === null ? 'sound not back' : `sound back after ${inWords(s)}`);

const scenarios: Record<string, Scenario> = {
  0: {
    what: 'good line (the machine itself)',
    target: '',
    run: (row) => during(row, {}),
  },
  a: {
    what: '10% lost both ways',
    target: 'concealed < 2%',
    bounds: { concealedPercent: 2 },
    async run(row) {
      const is = { latency_ms: 40, loss: 0.1 };
      await during(row, { down: is, up: is }, async () => {
        await pause(seconds * 1000);
        row.adapted = `the talker is told of ${Math.round(100 * (await lossTold(facilitator)))}% lost`;
      });
      row.met = within(row);
    },
  },
  b: {
    what: '400 ms lost of each 5 s, both ways',
    target: '',
    run(row) {
      const is = { latency_ms: 40, gap_ms: 400, gap_every_ms: 5_000 };
      return during(row, { down: is, up: is });
    },
  },
  c: {
    what: '100 kbit/s down; a second talks for 2 s',
    target: 'no gap > 200 ms',
    bounds: noGap,
    async run(row) {
      const narrow = { latency_ms: 40, bits_per_second: 100_000, queue_ms: 500 };
      const inHand = await soundInHand(far, seatOf('facilitator'));
      await falls(row, () => listen(far, seatOf('facilitator')), () => line.down(narrow), async () => {
        await pause(seconds * 500);
        await speaks(second, true);
        await pause(2_000);
        await speaks(second, false);
        await pause(seconds * 500);
      });
      // Sound stands behind the full queue: no gap can be shorter than that less what there was to play.
      const least = inHand === null ? 'in hand –' : `in hand ${Math.round(inHand)}: ${Math.max(0, Math.round(narrow.queue_ms - inHand))} at least`;
      row.adapted += ` (queue ${narrow.queue_ms}, ${least})`;
    },
  },
  d: {
    what: '2 Mbit/s to 300 kbit/s and back',
    target: 'down ≤ 2 s, up ≤ 15 s, concealed < 1%',
    bounds: { concealedPercent: 1 },
    async run(row) {
      const wide = { latency_ms: 30, bits_per_second: 2_000_000, queue_ms: 300 };
      await line.down(wide);
      const rates = new RateWatch(line, 'down');
      await pause(10_000);
      const moment = { fell: 0, rose: 0, end: 0 };
      await during(row, {}, async () => {
        changedAt = Date.now();
        await line.down({ ...wide, bits_per_second: 300_000 });
        moment.fell = performance.now();
        await pause(seconds * 1000);
        await line.down(wide);
        moment.rose = performance.now();
        await pause(30_000);
        moment.end = performance.now();
      });
      await rates.stop();
      const usual = rates.mean(moment.fell - 8_000, moment.fell);
      const down = rates.until(moment.fell, moment.rose, (rate) => rate <= 300_000 * 1.05);
      const up = rates.until(moment.rose, moment.end, (rate) => rate >= 0.8 * usual);
      row.adapted = `down ${inWords(down)}, up ${inWords(up)} (${Math.round(usual / 1000)} kbit/s before)`;
      row.met = down !== null && down <= 2 && up !== null && up <= 15 && within(row);
      if (usual < 330_000) row.missing = `only ${Math.round(usual / 1000)} kbit/s were wanted before: little to adapt`;
    },
  },
  e: {
    what: '300 ± 60 ms both ways',
    target: '',
    run(row) {
      const is = { latency_ms: 240, jitter_ms: 120 };
      return during(row, { down: is, up: is });
    },
  },
  f: {
    what: '80 kbit/s up, heard at a near browser',
    target: 'no gap > 200 ms',
    bounds: noGap,
    async run(row) {
      await speaks(far, true);
      await pause(3_000);
      const narrow = { latency_ms: 40, bits_per_second: 80_000, queue_ms: 500 };
      await falls(row, () => listen(facilitator, seatOf('far')), () => line.up(narrow), () => pause(seconds * 1000));
      await speaks(far, false);
    },
  },
  g: {
    what: 'another address in mid-call',
    target: 'noticed ≤ 1 s, sound back ≤ 3 s',
    async run(row) {
      await during(row, {}, async () => {
        const changed = performance.now();
        changedAt = Date.now();
        line.moves();
        const back = await soundIsBack(changed);
        const noticed = await noticedAfter(far, changedAt);
        row.adapted = `${noticed === null ? 'not noticed' : `noticed after ${noticed.toFixed(2)} s`}, ${soundBack(back)}`;
        row.met = noticed !== null && noticed <= 1 && back !== null && back <= 3;
        await pause(10_000);
      });
    },
  },
  h: {
    what: '20 s without a line',
    target: 'the same seat, by itself',
    async run(row) {
      await during(row, { down: noLine, up: noLine }, async () => {
        await pause(20_000);
        await line.both({});
        const back = await soundIsBack(performance.now());
        await pause(10_000);
        const [seat, asked] = [await ownSeat(far), await asksForAPress(far)];
        const where = seat === null ? 'not in the room' : seat === seatOf('far') ? 'the same seat' : 'another seat';
        row.adapted = `${soundBack(back)}, ${where}${asked ? ', a press is asked for' : ''}`;
        row.met = back !== null && seat === seatOf('far') && !asked;
      });
    },
  },
  i: {
    what: 'no UDP; then web pages alone',
    target: 'TCP, then TURN over TLS',
    async run(row) {
      const noUdp = 'meta l4proto udp';
      try {
        await during(row, {}, async () => {
          const first = performance.now();
          changedAt = Date.now();
          line.refuses(noUdp);
          const direct = await goesBy('TCP', first, (way) => way?.protocol === 'tcp');
          await pause(5_000);
          const then = performance.now();
          line.refuses(noUdp, `tcp dport != { 443, ${group.server.port} }`);
          const relayed = await goesBy('relay', then, (way) => way?.relay === 'tls');
          row.adapted = `${direct}, ${relayed}`;
          row.met = [direct, relayed].every((said) => !said.endsWith(' not'));
          await pause(10_000);
        });
      } finally {
        line.refuses();
      }
    },
  },
  j: {
    what: '100 kbit/s down from the first packet on',
    target: 'no gap > 200 ms',
    bounds: noGap,
    async run(row) {
      await line.down({ latency_ms: 40, bits_per_second: 100_000, queue_ms: 500 });
      const began = performance.now();
      await far.driver.reload();
      await far.isInRoom(120_000);
      await watch(far);
      const heardAfter = `heard after ${inWords(await soundIsHeard(began))}`;
      await falls(row, () => listen(far, seatOf('facilitator')), async () => {}, () => pause(seconds * 1000));
      row.adapted = `${heardAfter}; ${row.adapted}`;
    },
  },
};

// Null: their page is not the room.
const ownSeat = async (person: Person): Promise<number | null> => (await person.tiles()).find(({ self }) => self)?.seat ?? null;

// Nobody here presses anything while a line is looked at; a page that waits for it says so.
const asksForAPress = (person: Person): Promise<boolean> =>
  person.driver.evaluate((tap) => document.querySelector('dialog[open]') !== null || document.body.innerText.includes(tap), words('notice.needs_tap'));

// Until the far side's media goes by such a way, and then brings sound.
async function goesBy(name: string, since: number, holds: (way: Way | null) => boolean): Promise<string> {
  while (!holds(await wayOf(far))) {
    if (performance.now() - since > 60_000) return `${name} not`;
    await pause(100);
  }
  return `${name} after ${inWords(await soundIsBack(since))}`;
}

// Seconds until the talker's packets have come for a second.
const soundIsBack = (since: number) => lasts(since, async () => (await arrivedAt(far)).soundPackets);
// The same, of what is heard: whoever comes anew has packets before they have the keys to what is in them.
const soundIsHeard = (since: number) => lasts(since, () => samplesHeard(far, seatOf('facilitator')));
async function lasts(since: number, read: () => Promise<number>): Promise<number | null> {
  for (let last = await read(), began: number | null = null; performance.now() - since < 120_000; ) {
    await pause(100);
    const now = await read();
    began = now > last ? (began ?? performance.now()) : null;
    last = now;
    if (began !== null && performance.now() - began > 1_000) return (began - since) / 1000;
  }
  return null;
}

async function measure(name: string, scenario: Scenario): Promise<Row> {
  const row: Row = { what: `${name}. ${scenario.what}`, target: scenario.target, bounds: scenario.bounds ?? {}, heard: null, adapted: '', met: null, downBytes: 0, upBytes: 0, seconds: 0, load: 0 };
  try {
    await settle();
    const before = await line.counters();
    const began = performance.now();
    changedAt = Date.now();
    await scenario.run(row);
    if (options.trace) console.error((await traced(far, changedAt)).join('\n'));
    row.seconds = (performance.now() - began) / 1000;
    const after = await line.counters();
    row.downBytes = after.down.carried_bytes - before.down.carried_bytes;
    row.upBytes = after.up.carried_bytes - before.up.carried_bytes;
    row.load = loadavg()[0]!;
    // What is judged by ear needs sound. Where something else is judged, that there was little may be the fault itself.
    const byEar = row.met === null || Object.keys(row.bounds).length > 0;
    // A connection that was made anew counts from its own beginning.
    if (row.heard && row.heard.soundSeconds < 0) {
      row.heard = null;
      row.adapted += ', by a new connection (sound not counted)';
      if (byEar && row.met !== null) row.missing ??= 'a new connection was made, and counts anew';
    } else if (byEar && !(row.heard && row.heard.soundSeconds > row.seconds / 3)) row.missing ??= 'too little sound was played to judge';
    console.error(JSON.stringify({ name, ...row, latest_us: after.down.latest_us }));
  } catch (error) {
    row.missing = (error as Error).message.split('\n')[0]!;
  }
  return row;
}

const rows: Row[] = [];
if (options.browser !== 'chromium' && options.browser !== 'firefox') throw new Error('--browser chromium | firefox');
try {
  await gather();
  for (const name of options.only?.split(',') ?? Object.keys(scenarios)) {
    const scenario = scenarios[name];
    if (!scenario) throw new Error(`there is no scenario ${name}; there are ${Object.keys(scenarios).join(', ')}`);
    rows.push(await measure(name, scenario));
  }
} finally {
  await farBrowser?.close();
  await group.close();
  await relay.stop();
  await line.close();
}

const cell = (row: Row, show: (heard: Heard) => string): string => (row.heard && Number.isFinite(row.heard.concealedPercent) ? show(row.heard) : '–');
console.log(
  table([
    ['scenario', 'concealed', 'FEC', 'longest gap', 'frozen (worst)', 'adapted', 'MB down', 'MB up', 'target', 'met', 'load'],
    ...rows.map((row) => [
      row.what,
      cell(row, (heard) => `${heard.concealedPercent.toFixed(2)}%`),
      cell(row, (heard) => `${(heard.repairedPackets / heard.soundSeconds).toFixed(1)}/s`),
      cell(row, (heard) => `${Math.round(heard.longestGapMs)} ms`),
      cell(row, (heard) => `${heard.frozenSeconds.toFixed(1)} s (${heard.worstFrozenSeconds.toFixed(1)})`),
      row.adapted,
      (row.downBytes / 1e6).toFixed(2),
      (row.upBytes / 1e6).toFixed(2),
      row.target,
      row.missing ? 'not measured' : row.met === null ? '' : row.met ? 'yes' : 'no',
      row.load.toFixed(2),
    ]),
  ]),
);
for (const row of rows) if (row.missing) console.log(`Not measured: ${row.what}: ${row.missing}`);
const name = options.browser === 'chromium' ? 'line' : `line-${options.browser}`;
console.log(writeResult(`${name}.json`, { browser: options.browser, seconds, rows }));
console.log(writeResult(`${name}.svg`, linePlot(rows)));
const missed = rows.filter(({ met, missing }) => met === false && missing === undefined);
for (const { what, target, adapted } of missed) console.log(`MISSED: ${what}: ${target}${adapted && `; it was: ${adapted}`}`);
process.exit(missed.length > 0 ? 1 : 0);
