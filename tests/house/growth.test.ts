// SPDX-License-Identifier: Apache-2.0
// The judge of a soak must see a leak and must not see one in noise: tried on series that are made up.
import { describe, expect, test } from 'vitest';
import { byCycle, judge, trend } from '../../bench/growth.ts';

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

test('each cycle counts once, by its median', () => {
  expect(byCycle([[0.1, 1], [0.2, 9], [0.3, 2], [1.5, 4]], 1)).toEqual([[0.2, 2], [1.5, 4]]);
});
