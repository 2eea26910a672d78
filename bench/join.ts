// SPDX-License-Identifier: Apache-2.0
// How long a person who is let in waits for the group: from the facilitator's click on "admit" to the first frame shown and
// the first sound heard of EVERY one of the nine who are there, on loopback, all on this machine. Nine publish: the
// facilitator's page (Chromium) and eight synthetic people; the tenth joins in a Chromium page, again and again.
// A frame counts when the page's own video element has presented it (requestVideoFrameCallback), which is later than its
// decoding; a sound when an AnalyserNode on the received track is above -50 dBFS. Twice: in a room without encryption, and in an
// encrypted one, where the newcomer's keys come first and the others go on with the epoch before for 300 ms (decision 0009).
//   ./dev bench join [--joins 10] [--devices] [--pictures full] [--profile]
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Group } from '../tests/people/group.ts';
import { tree } from '../tests/people/server.ts';
import { arrives } from './arrives.ts';
import { median, quantile, table } from './figures.ts';

const { values: options } = parseArgs({
  options: {
    joins: { type: 'string', default: '10' },
    devices: { type: 'boolean', default: false }, // the person who joins has camera and microphone on
    pictures: { type: 'string', default: 'full' }, // layers of the synthetic people
    profile: { type: 'boolean', default: false }, // also when packets, whole frames and decoded frames came; costs time itself
  },
});
const others = 9;
const aims = { clear: 700, encrypted: 900 }; // ms, of the median

interface Firsts {
  frames: Record<string, number>; // by seat
  sounds: Record<string, number>; // by mid
  messages: Record<string, number>; // by type
}

// Runs in the page of whoever joins. Moments are on the scale of all pages: timeOrigin + now().
function watchFirsts(): void {
  const firsts: Firsts = { frames: {}, sounds: {}, messages: {} };
  const now = () => performance.timeOrigin + performance.now();
  const NativeSocket = window.WebSocket;
  window.WebSocket = class extends NativeSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', (event: MessageEvent<string>) => {
        const { type, state } = JSON.parse(event.data) as { type: string; state?: string };
        const name = state ? `${type} ${state}` : type;
        firsts.messages[name] ??= now();
      });
    }
  };
  const watched = new WeakSet<HTMLVideoElement>();
  new MutationObserver(() => {
    for (const video of document.querySelectorAll<HTMLVideoElement>('[data-seat] video')) {
      if (watched.has(video)) continue;
      watched.add(video);
      const seat = video.closest<HTMLElement>('[data-seat]')!.dataset['seat']!;
      video.requestVideoFrameCallback(() => (firsts.frames[seat] ??= now()));
    }
  }).observe(document, { subtree: true, childList: true });
  const sounds = new AudioContext();
  const listening = new Map<string, AnalyserNode>();
  const samples = new Float32Array(512);
  setInterval(() => {
    for (const connection of window.reading.connections)
      for (const { mid, receiver, direction } of connection.getTransceivers()) {
        if (!mid || receiver.track.kind !== 'audio' || direction === 'sendonly') continue;
        let analyser = listening.get(mid);
        if (!analyser) {
          analyser = new AnalyserNode(sounds, { fftSize: samples.length });
          sounds.createMediaStreamSource(new MediaStream([receiver.track])).connect(analyser);
          listening.set(mid, analyser);
        }
        if (firsts.sounds[mid]) continue;
        analyser.getFloatTimeDomainData(samples);
        const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
        if (10 * Math.log10(power + 1e-12) > -50) firsts.sounds[mid] = now();
      }
  }, 10);
  Object.assign(window, { firsts });
}

// In the page of whoever joins: when each received picture got its first packet, whole frame and decoded frame.
function watchStatistics(): void {
  const counters = ['packetsReceived', 'framesReceived', 'framesDecoded'] as const;
  const firsts: Record<string, Record<string, number>> = {};
  Object.assign(window, { statistics: firsts });
  setInterval(async () => {
    for (const connection of window.reading.connections)
      for (const entry of (await connection.getStats()).values() as Iterable<Record<string, unknown>>) {
        if (entry['type'] !== 'inbound-rtp' || entry['kind'] !== 'video') continue;
        for (const counter of counters)
          if (Number(entry[counter]) > 0) (firsts[counter] ??= {})[String(entry['mid'])] ??= performance.timeOrigin + Number(performance.now());
      }
  }, 20);
}

// In the facilitator's page: when the last button was clicked, before the page's own handlers run.
function watchClicks(): void {
  const note = () => Object.assign(window, { clickedAt: performance.timeOrigin + performance.now() });
  document.addEventListener('click', note, { capture: true });
}

// What the page told the room to send, in order, for --profile.
function watchViews(): void {
  const views: { at: number; text: string }[] = [];
  const NativeSocket = window.WebSocket;
  window.WebSocket = class extends NativeSocket {
    override send(data: string): void {
      const message = JSON.parse(data) as { type: string; tiles?: { width: number }[] };
      if (message.type === 'view')
        views.push({ at: performance.timeOrigin + performance.now(), text: (message.tiles ?? []).map(({ width }) => width).join() });
      super.send(data);
    }
  };
  Object.assign(window, { views });
}

interface Join {
  everyoneMs: number;
  framesMs: number; // the last of the nine first frames
  soundsMs: number;
  stages: Record<string, number>;
  frames: number[];
  sounds: number[];
}

async function joining(encrypted: boolean): Promise<Join[]> {
  const group = await Group.open({ people: 10, arguments: encrypted ? [] : ['--demo-clear'] });
  const joins: Join[] = [];
  try {
    const facilitatorIndex = group.indexOf('facilitator');
    const rest = group.links.flatMap((_, index) => (index === facilitatorIndex ? [] : [index]));
    const joiner = rest.pop()!;
    const facilitator = await group.person(facilitatorIndex);
    await facilitator.page.addInitScript(watchClicks);
    await arrives(facilitator, 'camera', 'microphone');
    await facilitator.isInRoom();
    group.synthetic(rest, ['--pictures', options.pictures], encrypted);
    for (const index of rest) await facilitator.admits(group.link(index));
    await facilitator.seesTiles(others);
    const browser = await group.chromium();
    for (let n = 1; n <= Number(options.joins); n += 1) {
      const person = await group.person(joiner, { browser });
      await person.page.addInitScript(watchFirsts);
      if (options.profile) {
        await person.page.addInitScript(watchStatistics);
        await person.page.addInitScript(watchViews);
      }
      await (options.devices ? arrives(person, 'camera', 'microphone') : arrives(person));
      await person.sees('wait.title');
      // Waiting is calm: whatever arriving cost is over, and the media connection stands.
      await person.driver.waitFor(() => window.reading.connections.some((c) => c.connectionState === 'connected'), null, 'the connection');
      await person.driver.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2000)), null);
      await facilitator.admits(person);
      await person.driver.waitFor(
        ({ count, self }) => {
          const { firsts } = window as unknown as { firsts: Firsts };
          const seen = Object.keys(firsts.frames).filter((seat) => Number(seat) !== self);
          return seen.length >= count && Object.keys(firsts.sounds).length >= count;
        },
        { count: others, self: person.link.seat },
        'the first frame and sound of everyone',
      );
      const clicked = await facilitator.driver.evaluate(() => (window as unknown as { clickedAt: number }).clickedAt, null);
      const firsts = await person.driver.evaluate(() => (window as unknown as { firsts: Firsts }).firsts, null);
      const since = (moments: Record<string, number>) =>
        Object.values(moments)
          .map((at) => Math.round(at - clicked))
          .sort((a, b) => a - b);
      delete firsts.frames[String(person.link.seat)]; // one's own picture is no publisher's
      const frames = since(firsts.frames);
      const sounds = since(firsts.sounds);
      const stages = Object.fromEntries(
        Object.entries(firsts.messages)
          .map(([name, at]): [string, number] => [name, Math.round(at - clicked)])
          .filter(([, ms]) => ms >= 0),
      );
      const one = { framesMs: frames.at(-1)!, soundsMs: sounds.at(-1)!, everyoneMs: Math.max(frames.at(-1)!, sounds.at(-1)!), stages, frames, sounds };
      joins.push(one);
      console.error(`join ${n}: ${one.everyoneMs} ms  frames ${frames.join(' ')}  sounds ${sounds.join(' ')}  ${JSON.stringify(stages)}`);
      if (options.profile) {
        const statistics = await person.driver.evaluate(() => (window as unknown as { statistics: Record<string, Record<string, number>> }).statistics, null);
        for (const [counter, moments] of Object.entries(statistics)) console.error(`  ${counter.padEnd(16)} ${since(moments).join(' ')}`);
        const views = await person.driver.evaluate(() => (window as unknown as { views: { at: number; text: string }[] }).views, null);
        for (const { at, text } of views) console.error(`  view at ${Math.round(at - clicked)}: widths ${text || 'none'}`);
      }
      await person.press('bar.leave');
      await person.driver.waitFor(() => document.querySelector('dialog[open]'), null, 'the question whether to leave');
      await person.press('leave.yes');
      await facilitator.seesTiles(others);
      await person.context.close();
    }
  } finally {
    await group.close();
  }
  return joins;
}

const report: Record<string, unknown> = { at: new Date().toISOString(), devices: options.devices };
for (const kind of ['clear', 'encrypted'] as const) {
  const joins = await joining(kind === 'encrypted');
  const figures = (of: (one: Join) => number) => [median(joins.map(of)), quantile(joins.map(of), 0.9), Math.max(...joins.map(of))];
  const row = (name: string, of: (one: Join) => number) => [name, ...figures(of).map((ms) => String(Math.round(ms)))];
  console.log(
    table([
      [`${kind}: from the click on admit, ms`, 'median', 'p90', 'worst'],
      row('told to be present', (one) => one.stages['state present'] ?? 0),
      row('first frame of the first', (one) => one.frames[0]!),
      row('first frame of everyone', (one) => one.framesMs),
      row('first sound of everyone', (one) => one.soundsMs),
      row('frame and sound of everyone', (one) => one.everyoneMs),
    ]),
  );
  const [middle] = figures((one) => one.everyoneMs);
  console.log(`aim: a median under ${aims[kind]} ms: ${middle! < aims[kind] ? 'met' : 'not met'}; ${joins.length} joins, load average ${loadavg()[0]!.toFixed(2)}`);
  report[kind] = { median_ms: middle, load_average: loadavg(), joins };
}
const folder = join(tree, 'build', 'bench');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'join.json'), `${JSON.stringify(report, null, 2)}\n`);
console.log('build/bench/join.json');
process.exit(0);
