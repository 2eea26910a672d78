// SPDX-License-Identifier: Apache-2.0
// Whether something grows: the slope of its samples over time by Theil and Sen (the median of the slopes of all pairs, which a third of
// wild samples does not move), with its interval of 95%. It grows where the slope is over what is allowed an hour and the whole interval lies
// above zero; so noise alone does not fail a run, and a leak does not hide behind it. Pure.
import { median } from './figures.ts';

export interface Trend {
  slope: number; // an hour
  low: number;
  high: number;
  points: number;
}

// `points`: hours and values. Sen 1968: the interval's ranks come from the variance of Kendall's statistic.
export function trend(points: readonly (readonly [number, number])[]): Trend {
  const slopes: number[] = [];
  for (let i = 0; i < points.length; i += 1)
    for (let j = i + 1; j < points.length; j += 1) {
      const hours = points[j]![0] - points[i]![0];
      if (hours > 0) slopes.push((points[j]![1] - points[i]![1]) / hours);
    }
  if (slopes.length === 0) return { slope: NaN, low: NaN, high: NaN, points: points.length };
  slopes.sort((a, b) => a - b);
  const n = points.length;
  const half = 1.96 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const at = (rank: number) => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))]!;
  return { slope: median(slopes), low: at((slopes.length - half) / 2 - 1), high: at((slopes.length + half) / 2), points: n };
}

export interface Allowed {
  name: string;
  unit: string;
  perHour: number; // more is growth
}

export interface Verdict extends Allowed, Trend {
  failed: string | null;
}

const leastPoints = 6;

export function judge(allowed: Allowed, points: readonly (readonly [number, number])[]): Verdict {
  const found = trend(points);
  const says = (n: number) => `${Number(n.toPrecision(3))} ${allowed.unit}`;
  let failed: string | null = null;
  if (found.points < leastPoints) failed = `${allowed.name}: ${found.points} samples tell nothing`;
  else if (found.slope > allowed.perHour && found.low > 0)
    failed = `${allowed.name} grows by ${says(found.slope)} an hour (95%: ${says(found.low)} to ${says(found.high)}); allowed are ${says(allowed.perHour)}`;
  return { ...allowed, ...found, failed };
}

// What may be added an hour to something that has a level of its own, as latency does: a share of what it is in the first quarter of the
// points, and never less than `floor`, since a share of next to nothing is noise.
export function ofItsLevel(points: readonly (readonly [number, number])[], floor: number, share: number): number {
  const early = points.slice(0, Math.ceil(points.length / 4)).map(([, value]) => value);
  return early.length > 0 ? Math.max(floor, share * median(early)) : floor;
}

// What is wrong with what was lost of what was expected, over `most` percent; null: nothing.
export function judgeLoss(lost: number, expected: number, most: number): string | null {
  if (!(expected > 0)) return 'no packet was expected at people with good lines in the calms';
  const percent = (100 * lost) / expected;
  return percent > most ? `${Number(percent.toPrecision(3))}% was lost at people with good lines in the calms; allowed are ${most}%` : null;
}

// The median of the values of each cycle: what is compared is one value a cycle, since samples next to each other are alike.
export function byCycle(points: readonly (readonly [number, number])[], hours: number): [number, number][] {
  const cycles = new Map<number, [number, number][]>();
  for (const [at, value] of points) {
    const cycle = Math.floor(at / hours);
    cycles.set(cycle, [...(cycles.get(cycle) ?? []), [at, value]]);
  }
  return [...cycles.values()].map((some) => [median(some.map(([at]) => at)), median(some.map(([, value]) => value))]);
}
