// SPDX-License-Identifier: Apache-2.0
// What encryption end to end costs in Chromium on this machine, in rooms that really meet on loopback: microseconds a frame to seal and
// to open in the frames worker and its share of a core, at 12 and 25 people; from a facilitator's removal of somebody to the new key
// in use at the facilitator's and at a member's page, at 2, 12 and 30 people that stay; the browsers' CPU of a call of four tabs,
// encrypted and not. How long joining takes is ./dev bench join, whose room is encrypted.
//   ./dev bench e2ee [--seconds 15] [--removals 10] [--parts frames,removal,tabs]
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Group, type InChromium } from '../tests/people/group.ts';
import { tree } from '../tests/people/server.ts';
import { arrives } from './arrives.ts';
import { median, quantile, table } from './figures.ts';

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '15' }, removals: { type: 'string', default: '10' }, parts: { type: 'string', default: 'frames,removal,tabs' } },
});
const parts = new Set(options.parts.split(','));
const seconds = Number(options.seconds);
const removals = Number(options.removals);
const aims = { seal: 150, open: 100, rekeyMs: 1_000 };

// As web/src/e2ee/frames_worker.ts says it.
interface LineFigures {
  line: { way: 'send' | 'receive' };
  taken: number;
  busyMs: number;
  slices: number[]; // microseconds
}
interface Probed {
  quietroomSession: { frames: { figures(): Promise<LineFigures[]> }; state: { people: unknown[] }; remove(seat: number): void };
  newKeys: { at: number; cause: string; epoch: number }[];
}

// Keys are in use from the moment that the worker which seals is handed them.
function watchKeys(): void {
  localStorage.setItem('quietroomProbe', '1');
  const newKeys: Probed['newKeys'] = [];
  Object.assign(window, { newKeys });
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (this: Worker, message: { say?: string; keys?: { group: string; epoch: number; cause: string } }, ...rest: unknown[]) {
    if (message.say === 'epoch' && message.keys?.group === 'everyone')
      newKeys.push({ at: performance.timeOrigin + performance.now(), cause: message.keys.cause, epoch: message.keys.epoch });
    return (post as (...all: unknown[]) => void).call(this, message, ...rest);
  };
}

const wait = (page: InChromium, s: number): Promise<unknown> => page.driver.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), s * 1000);

// Facilitator and member in Chromium, the rest synthetic.
async function meeting(people: number, pages: number, extra: string[] = [], crowd: string[] = []): Promise<{ group: Group; facilitator: InChromium; others: InChromium[]; synthetic: number[] }> {
  const group = await Group.open({ people, arguments: extra });
  const first = group.indexOf('facilitator');
  const rest = group.links.flatMap((_, index) => (index === first ? [] : [index]));
  const facilitator = await group.person(first);
  await facilitator.page.addInitScript(watchKeys);
  await arrives(facilitator, 'camera', 'microphone');
  await facilitator.isInRoom();
  const others: InChromium[] = [];
  for (const index of rest.splice(0, pages - 1)) {
    const other = await group.person(index);
    await other.page.addInitScript(watchKeys);
    await arrives(other, 'camera', 'microphone');
    await facilitator.admits(other);
    await other.isInRoom();
    others.push(other);
  }
  if (rest.length > 0) group.synthetic(rest, crowd);
  for (const index of rest) await facilitator.admits(group.link(index));
  // Not the tiles: above 25 the gallery has pages. Ten seconds for each of them on a machine that does everybody's work.
  await facilitator.driver.waitFor((count) => (window as unknown as Probed).quietroomSession.state.people.length === count, people, `${people} people in the room`, people * 10_000);
  return { group, facilitator, others, synthetic: rest };
}

const figuresOf = (person: InChromium): Promise<LineFigures[]> => person.driver.evaluate(() => (window as unknown as Probed).quietroomSession.frames.figures(), null);

const report: Record<string, unknown> = {};
const perFrame: string[][] = [['people', 'seal p50', 'seal p99', 'open p50', 'open p99, us', 'mean', 'frames/s', 'share of a core']];
const missed: string[] = [];
for (const people of parts.has('frames') ? [12, 25] : []) {
  const { group, others } = await meeting(people, 2);
  const [member] = others as [InChromium];
  await wait(member, 3);
  const before = await figuresOf(member);
  await wait(member, seconds);
  const after = await figuresOf(member);
  await group.close();
  const sum = (all: LineFigures[], of: (one: LineFigures) => number): number => all.reduce((total, one) => total + of(one), 0);
  const slices = (way: 'send' | 'receive'): number[] => after.filter(({ line }) => line.way === way).flatMap(({ slices: each }) => each);
  const [seal, open] = [slices('send'), slices('receive')];
  const share = (sum(after, (one) => one.busyMs) - sum(before, (one) => one.busyMs)) / (seconds * 1000);
  const rate = (sum(after, (one) => one.taken) - sum(before, (one) => one.taken)) / seconds;
  const cells = [median(seal), quantile(seal, 0.99), median(open), quantile(open, 0.99)];
  perFrame.push([String(people), ...cells.map((us) => us.toFixed(0)), ((1e6 * share) / rate).toFixed(0), rate.toFixed(0), `${(100 * share).toFixed(1)}%`]);
  if (cells[0]! > aims.seal) missed.push(`seal p50 at ${people}: ${cells[0]!.toFixed(0)} us, aim ${aims.seal}`);
  if (cells[2]! > aims.open) missed.push(`open p50 at ${people}: ${cells[2]!.toFixed(0)} us, aim ${aims.open}`);
  report[`frames_${people}`] = { seal_p50_us: cells[0], seal_p99_us: cells[1], open_p50_us: cells[2], open_p99_us: cells[3], mean_us: (1e6 * share) / rate, frames_per_s: rate, share };
}
console.log(table(perFrame));

const rekey: string[][] = [['people that stay', 'removals', 'median', 'p95', 'worst, ms']];
for (const people of parts.has('removal') ? [2, 12, 30] : []) {
  const { group, facilitator, others, synthetic } = await meeting(people + removals, 2, [], ['--muted']); // forty cameras would measure the machine
  const [member] = others as [InChromium];
  const times: number[] = [];
  for (const index of synthetic.slice(0, removals)) {
    const epochs = async (person: InChromium) => (await person.driver.evaluate(() => (window as unknown as Probed).newKeys, null)).filter(({ cause }) => cause === 'remove');
    const had = [(await epochs(facilitator)).length, (await epochs(member)).length];
    const began = await facilitator.driver.evaluate((seat) => {
      (window as unknown as Probed).quietroomSession.remove(seat);
      return performance.timeOrigin + performance.now();
    }, group.link(index).seat);
    let last = 0;
    for (const [n, person] of [facilitator, member].entries()) {
      await person.driver.waitFor((count) => (window as unknown as Probed).newKeys.filter(({ cause }) => cause === 'remove').length > count, had[n]!, 'the new key');
      last = Math.max(last, (await epochs(person)).at(-1)!.at);
    }
    times.push(last - began);
  }
  await group.close();
  const p95 = quantile(times, 0.95);
  rekey.push([String(people), String(times.length), median(times).toFixed(0), p95.toFixed(0), Math.max(...times).toFixed(0)]);
  if (p95 > aims.rekeyMs) missed.push(`removal to the new key at ${people}: p95 ${p95.toFixed(0)} ms, aim ${aims.rekeyMs}`);
  report[`rekey_${people}_ms`] = times;
}
console.log(table(rekey));

// CPU time of this process's browsers, in seconds (proc_pid_stat(5): utime and stime in hundredths).
function cpuOfBrowsers(): number {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return [{ pid: Number(name), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]), program: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')) }];
    } catch {
      return []; // gone meanwhile
    }
  });
  const ours = new Set([process.pid]);
  for (let before = 0; before !== ours.size; ) {
    before = ours.size;
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
  }
  return all.filter(({ pid, program }) => ours.has(pid) && /chrom/i.test(program)).reduce((sum, { ticks }) => sum + ticks, 0) / 100;
}
const tabs: string[][] = [['four tabs', 'cores of the browsers']];
for (const [name, extra] of parts.has('tabs') ? ([['encrypted', []], ['not encrypted', ['--demo-clear']]] as const) : []) {
  const { group, facilitator } = await meeting(4, 4, [...extra]);
  await wait(facilitator, 3);
  const before = cpuOfBrowsers();
  await wait(facilitator, seconds);
  const cores = (cpuOfBrowsers() - before) / seconds;
  await group.close();
  tabs.push([name, cores.toFixed(2)]);
  report[`four_tabs_${name.replace(' ', '_')}_cores`] = cores;
}
console.log(table(tabs));

console.log(missed.length === 0 ? `all aims met; load average ${loadavg()[0]!.toFixed(2)}` : `not met: ${missed.join('; ')}; load average ${loadavg()[0]!.toFixed(2)}`);
const folder = join(tree, 'build', 'bench');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'e2ee.json'), `${JSON.stringify({ at: new Date().toISOString(), load_average: loadavg(), ...report }, null, 2)}\n`);
console.log('build/bench/e2ee.json');
process.exit(0);
