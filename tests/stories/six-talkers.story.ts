// SPDX-License-Identifier: Apache-2.0
// Six people talk at once. What counts is what is audible: browsers may mix only the three loudest of many tracks, so the
// sound that goes to the loudspeaker is measured, not what arrives.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { toneOf } from '../people/code.ts';

let group: Group;
let listener: InChromium;
let talkers: number[];

beforeAll(async () => {
  group = await Group.open();
  const facilitatorIndex = group.indexOf('facilitator');
  talkers = group.links.flatMap((link, index) => (link.role === 'facilitator' ? [] : [index])).slice(0, 6);
  listener = await group.person(facilitatorIndex);
  // Everything that any AudioContext of the page sends to its destination is measured by an analyser on the way there.
  await listener.page.addInitScript(() => {
    const analysers: AnalyserNode[] = [];
    const connect = AudioNode.prototype.connect as (this: AudioNode, ...to: unknown[]) => AudioNode;
    AudioNode.prototype.connect = function (this: AudioNode, ...to: unknown[]) {
      const target = to[0];
      if (target instanceof AudioDestinationNode && !(this instanceof AnalyserNode)) {
        const analyser = new AnalyserNode(this.context, { fftSize: 16384, smoothingTimeConstant: 0 });
        connect.call(this, analyser);
        analysers.push(analyser);
      }
      return connect.apply(this, to);
    } as typeof AudioNode.prototype.connect;
    Object.assign(window, { outgoing: analysers });
  });
  await listener.arrive('microphone');
  await listener.isInRoom();
  group.synthetic(talkers, ['--pictures', 'none']);
  for (const index of talkers) await listener.admits(group.link(index));
  await listener.seesTiles(7);
});
afterAll(() => group?.close());

// Level in dB of each tone in what goes to the loudspeaker, all analysers together.
const audible = (tones: number[]) =>
  listener.page.evaluate((frequencies) => {
    const analysers = (window as unknown as { outgoing: AnalyserNode[] }).outgoing;
    return frequencies.map((frequency) => {
      let best = -200;
      for (const analyser of analysers) {
        const bins = new Float32Array(analyser.frequencyBinCount);
        analyser.getFloatFrequencyData(bins);
        const bin = Math.round((frequency * analyser.fftSize) / analyser.context.sampleRate);
        best = Math.max(best, bins[bin - 1]!, bins[bin]!, bins[bin + 1]!);
      }
      return best;
    });
  }, tones);

test('all six are audible at once, none far below the others', async () => {
  const tones = talkers.map(toneOf);
  await expect
    .poll(
      async () => {
        const levels = await audible(tones);
        return Math.min(...levels) > -60 && Math.max(...levels) - Math.min(...levels) < 15;
      },
      { timeout: 30_000 },
    )
    .toBe(true);
});

test('a tone that nobody makes is not there', async () => {
  const [silent] = await audible([toneOf(40)]);
  const [heard] = await audible([toneOf(talkers[0]!)]);
  expect(heard! - silent!).toBeGreaterThan(20);
});

test('no plain element plays the same sound a second time', async () => {
  const doubled = await listener.page.evaluate(
    () =>
      [...document.querySelectorAll('audio, video')].filter((element) => {
        const media = element as HTMLMediaElement;
        return !media.muted && (media.srcObject as MediaStream | null)?.getAudioTracks().length;
      }).length,
  );
  expect(doubled).toBe(0);
});

test('echo cancellation is asked for and granted where the browser can', async () => {
  // The coded devices stand in for hardware, so the constraint that the page asks for is what is read here.
  const asked = await listener.page.evaluate(async () => {
    const supported = navigator.mediaDevices.getSupportedConstraints();
    return supported.echoCancellation === true;
  });
  expect(asked).toBe(true);
});
