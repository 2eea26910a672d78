// SPDX-License-Identifier: Apache-2.0
// The changed voice, measured: a tone goes in, another comes out, and how much later a click does.
import { describe, expect, it } from 'vitest';
import { PitchShift, ratioOf } from './pitch';

const rates = [44_100, 48_000] as const;
const block = 128; // as the sound thread hands it over

function through(input: Float32Array, ratio: number, rate: number): Float32Array {
  const shift = new PitchShift(ratio, rate);
  const output = new Float32Array(input.length);
  for (let at = 0; at + block <= input.length; at += block) shift.process(input.subarray(at, at + block), output.subarray(at, at + block));
  return output;
}

const toneOf = (hertz: number, rate: number, seconds = 1): Float32Array =>
  Float32Array.from({ length: Math.round(seconds * rate) }, (_, n) => 0.5 * Math.sin((2 * Math.PI * hertz * n) / rate));

// Goertzel: how much of one frequency there is.
function power(samples: Float32Array, hertz: number, rate: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / rate);
  let [one, two] = [0, 0];
  for (const sample of samples) [one, two] = [sample + turn * one - two, one];
  return (one * one + two * two - turn * one * two) / samples.length ** 2;
}

function loudest(samples: Float32Array, rate: number): number {
  let best = 0;
  let at = 0;
  for (let hertz = 80; hertz <= 900; hertz += 5) {
    const found = power(samples, hertz, rate);
    if (found > best) [best, at] = [found, hertz];
  }
  return at;
}

describe.each(rates)('at %i samples a second', (rate) => {
  it.each([
    ['lower', 220],
    ['lower', 440],
    ['higher', 220],
    ['higher', 440],
  ] as const)('%s: a tone of %i Hz comes out shifted, and is not left in it', (look, hertz) => {
    const output = through(toneOf(hertz, rate), ratioOf[look], rate).subarray(rate / 4);
    const shifted = hertz * ratioOf[look];
    // Two readers, each faded in and out, put side tones 1/grain x |1 - ratio| (some 8 Hz) beside the shifted one.
    expect(Math.abs(loudest(output, rate) - shifted)).toBeLessThanOrEqual(12);
    expect(power(output, hertz, rate)).toBeLessThan(power(toneOf(hertz, rate), hertz, rate) / 100);
  });

  it.each(['lower', 'higher'] as const)('%s: nothing comes later than 25 ms, and it is not silent', (look) => {
    for (let start = 0; start < rate / 4; start += 997) {
      const input = new Float32Array(rate / 2);
      input[start] = 1;
      const output = through(input, ratioOf[look], rate);
      const heard = [...output.keys()].filter((n) => Math.abs(output[n] ?? 0) > 1e-3);
      expect(heard.length).toBeGreaterThan(0);
      expect(heard.every((n) => n >= start && (n - start) / rate < 0.025)).toBe(true);
    }
  });

  it('silence stays silence', () => {
    expect(through(new Float32Array(rate / 4), ratioOf.lower, rate).every((sample) => sample === 0)).toBe(true);
  });
});
