// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { keepPlaces, listOf, mixed, shareOut } from './sharing_out';

describe('sharing people out into small rooms', () => {
  it('makes rooms of the same size, or one person apart', () => {
    for (const count of [1, 2, 5, 9, 48]) {
      for (const rooms of [1, 2, 3, 8]) {
        const sizes = listOf(shareOut(Array.from({ length: count }, (_, at) => at + 3), rooms), rooms).map((seats) => seats.length);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(count);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }
    }
  });

  it('mixes by chance: everyone once, and every order equally often', () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
    const seen = new Map<string, number>();
    for (let n = 0; n < 6_000; n += 1) {
      const order = mixed([1, 2, 3], random);
      expect([...order].sort()).toEqual([1, 2, 3]);
      seen.set(order.join(), (seen.get(order.join()) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    for (const times of seen.values()) expect(times / 1_000).toBeCloseTo(1, 0);
  });

  it('leaves what was chosen, and puts a newcomer where the fewest are', () => {
    const before = new Map([[3, 1], [4, 2], [5, 0], [6, 3]]);
    const after = keepPlaces(before, [3, 4, 5, 6, 7], 2);
    expect([...after]).toEqual([[3, 1], [4, 2], [5, 0], [6, 1], [7, 2]]);
    expect(keepPlaces(after, [3], 2)).toEqual(new Map([[3, 1]]));
  });
});
