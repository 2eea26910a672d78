// SPDX-License-Identifier: Apache-2.0
// The judge of a soak must see a leak and must not see one in noise: tried on series that are made up.
import { describe, expect, test } from 'vitest';
import { byCycle, judge, judgeLoss, ofItsLevel, trend } from '../../bench/growth.ts';

// The same on each run (Numerical Recipes' LCG); about normal, by the sum of twelve.
function noise(seed: number): () => number {
  let state = seed;
  const uniform = () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
  return () => Array.from({ length: 12 }, uniform).reduce((sum, one) => sum + one, -6);
}
// Two hours, a sample every two minutes.
const series = (value: (hours: number, noisy: number) => number, seed = 1): [number, number][] => {
  const noisy = noise(seed);
  return Array.from({ length: 60 }, (_, i): [number, number] => [i / 30, value(i / 30, noisy())]);
};
const memory = { name: 'memory', unit: 'MB', perHour: 2 };

describe('a series', () => {
  test('that is flat is steady, whatever its noise', () => {
    for (let seed = 1; seed <= 20; seed += 1) expect(judge(memory, series((_, noisy) => 40 + 3 * noisy, seed)).failed).toBe(null);
    expect(judge(memory, series(() => 40)).failed).toBe(null);
  });
  test('that rises by more than is allowed grows, under noise larger than an hour of it', () => {
    for (let seed = 1; seed <= 20; seed += 1) expect(judge(memory, series((hours, noisy) => 40 + 5 * hours + 3 * noisy, seed)).failed).toMatch(/^memory grows by /);
  });
  test('that rises by less than is allowed does not', () => {
    expect(judge(memory, series((hours) => 40 + 1.9 * hours)).failed).toBe(null);
    expect(judge(memory, series((hours) => 40 + 2.1 * hours)).failed).not.toBe(null);
  });
  test('that falls, or has wild samples, is steady', () => {
    expect(judge(memory, series((hours) => 40 - 5 * hours)).failed).toBe(null);
    expect(judge(memory, series((hours) => (hours > 1.5 && hours < 1.9 ? 400 : 40))).failed).toBe(null);
  });
  test('that climbs a step each half hour grows', () => {
    expect(judge(memory, series((hours, noisy) => 40 + 3 * Math.floor(hours * 2) + noisy)).failed).not.toBe(null);
  });
  test('of a few samples is no proof', () => {
    expect(judge(memory, [[0, 1], [1, 1], [2, 1]]).failed).toMatch(/tell nothing/);
    expect(judge(memory, []).failed).toMatch(/tell nothing/);
  });
});

test('the slope is an hour, within its interval', () => {
  const { slope, low, high } = trend(series((hours, noisy) => 7 * hours + noisy));
  expect(slope).toBeGreaterThan(6);
  expect(slope).toBeLessThan(8);
  expect(low).toBeLessThan(slope);
  expect(high).toBeGreaterThan(slope);
});

describe('what a latency may grow by an hour', () => {
  const at = (...values: number[]) => values.map((value, place): [number, number] => [place / 30, value]);
  test('is a share of what it was in the first quarter, whatever came of it', () => {
    expect(ofItsLevel(at(4, 6, 4, 9, 90, 90, 90, 90, 90, 90, 90, 90), 0.5, 0.15)).toBeCloseTo(0.6);
    expect(ofItsLevel(at(20), 0.5, 0.15)).toBeCloseTo(3);
  });
  test('is the floor where it is next to nothing, or there is none', () => {
    expect(ofItsLevel(at(0.05, 0.05, 0.06, 0.05), 0.1, 0.15)).toBe(0.1);
    expect(ofItsLevel([], 0.1, 0.15)).toBe(0.1);
  });
  const latency = (points: [number, number][]) => judge({ name: 'latency', unit: 'ms', perHour: ofItsLevel(points, 0.1, 0.15) }, points).failed;
  test('finds one that grows by a third of itself in an hour, and at a high level does not find the same few tenths', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      expect(latency(series((hours, noisy) => 0.6 + 0.2 * hours + 0.05 * noisy, seed))).toMatch(/^latency grows by /);
      expect(latency(series((hours, noisy) => 4 + 0.2 * hours + 0.05 * noisy, seed))).toBe(null);
    }
  });
  test('does not find one that only wavers', () => {
    for (let seed = 1; seed <= 20; seed += 1) expect(latency(series((_, noisy) => 0.6 + 0.1 * noisy, seed))).toBe(null);
  });
});

test('loss is too much from a thousandth on, and where nothing was to come nothing is shown', () => {
  expect(judgeLoss(0, 1_000_000, 0.1)).toBe(null);
  expect(judgeLoss(1_000, 1_000_000, 0.1)).toBe(null);
  expect(judgeLoss(1_200, 1_000_000, 0.1)).toMatch(/^0.12% was lost .* allowed are 0.1%$/);
  expect(judgeLoss(0, 0, 0.1)).not.toBe(null);
});

test('each cycle counts once, by its median', () => {
  expect(byCycle([[0.1, 1], [0.2, 9], [0.3, 2], [1.5, 4]], 1)).toEqual([[0.2, 2], [1.5, 4]]);
});
