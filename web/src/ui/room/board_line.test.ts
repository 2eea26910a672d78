// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { boardHeight, boardWidth, mostPointsOfMark, points } from '../../call/board_form';
import { Line, pointsOf, touches } from './board_line';

describe('a line', () => {
  it('is one point where the pen only touches', () => {
    const line = new Line({ x: 10.4, y: 20.6 });
    line.to({ x: 11, y: 21 });
    line.to({ x: 10, y: 21 });
    expect(line.points()).toEqual([10, 21]);
  });

  it('leaves out what lies too near, and ends where the pen is', () => {
    const line = new Line({ x: 0, y: 0 });
    for (const x of [1, 2, 7, 8, 9]) line.to({ x, y: 0 });
    expect(line.points()).toEqual([0, 0, 7, 0, 9, 0]);
  });

  it('stays on the board', () => {
    const line = new Line({ x: -40, y: 30 });
    line.to({ x: 9000, y: 9000 });
    expect(line.points()).toEqual([0, 30, boardWidth, boardHeight]);
  });

  it('stays one that may be said, however long a hand scribbles, and goes through where the hand went', () => {
    const line = new Line({ x: 1280, y: 720 });
    const way = Array.from({ length: 20_000 }, (_, n) => ({ x: 1280 + 700 * Math.sin(n / 40), y: 720 + 700 * Math.cos(n / 67) }));
    for (const point of way) {
      line.to(point);
      expect(line.points().length).toBeLessThanOrEqual(2 * mostPointsOfMark);
    }
    const all = pointsOf(points(line.points(), '/points'));
    expect(all.length).toBeGreaterThan(mostPointsOfMark / 3);
    expect(all.at(-1)).toEqual({ x: Math.round(way.at(-1)!.x), y: Math.round(way.at(-1)!.y) });
    for (const { x, y } of all.slice(1)) expect(way.some((point) => Math.hypot(point.x - x, point.y - y) < 1)).toBe(true);
  });
});

describe('a rubber', () => {
  const level = [100, 100, 500, 100, 900, 100];
  it.each([
    ['crosses between two points of the line', { x: 300, y: 0 }, { x: 300, y: 200 }, true],
    ['stands beside it', { x: 300, y: 119 }, { x: 300, y: 119 }, true],
    ['goes by too far away', { x: 100, y: 130 }, { x: 900, y: 130 }, false],
    ['ends before it', { x: 300, y: 0 }, { x: 300, y: 70 }, false],
    ['goes along it, beyond its end', { x: 930, y: 100 }, { x: 1200, y: 100 }, false],
    ['goes along it, up to its end', { x: 910, y: 100 }, { x: 1200, y: 100 }, true],
  ])('%s', (_, from, to, touched) => {
    expect(touches(level, from, to, 20)).toBe(touched);
  });
  it('touches a dot', () => {
    expect(touches([50, 50], { x: 0, y: 60 }, { x: 100, y: 60 }, 20)).toBe(true);
    expect(touches([50, 50], { x: 0, y: 90 }, { x: 100, y: 90 }, 20)).toBe(false);
  });
});
