// SPDX-License-Identifier: Apache-2.0
// A line as a hand draws it: the steps of the board that it went through, few enough to be said in one message; and whether a rubber
// touches one. Not here: pointers and painting (board_canvas.ts). Pure but for the line itself.
import { boardHeight, boardWidth, mostPointsOfMark } from '../../call/board_form';

export interface Point {
  x: number;
  y: number;
}

const nearest = 6; // steps between two points: 3 pixels of a board that is 1280 wide

const toStep = ({ x, y }: Point): Point => ({ x: clamp(x, boardWidth), y: clamp(y, boardHeight) });
const clamp = (at: number, most: number): number => Math.max(0, Math.min(most, Math.round(at)));

// Where it gets too long for one message, every other point goes, and those to come stand further apart: it stays one line.
export class Line {
  private readonly kept: Point[] = [];
  private apart = nearest;
  private last: Point; // where the pen is

  constructor(start: Point) {
    this.last = toStep(start);
    this.kept.push(this.last);
  }

  to(point: Point): void {
    this.last = toStep(point);
    if (distance(this.last, this.kept.at(-1)!) < this.apart) return;
    this.kept.push(this.last);
    if (this.kept.length < mostPointsOfMark) return; // one more is where it ends
    this.kept.splice(0, this.kept.length, ...this.kept.filter((_, n) => n % 2 === 0));
    this.apart *= 2;
  }

  points(): number[] {
    const end = this.kept.at(-1)!;
    const all = end.x === this.last.x && end.y === this.last.y ? this.kept : [...this.kept, this.last];
    return all.flatMap(({ x, y }) => [x, y]);
  }
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

export const pointsOf = (points: readonly number[]): Point[] => Array.from({ length: points.length / 2 }, (_, n) => ({ x: points[2 * n]!, y: points[2 * n + 1]! }));

// Whether a rubber that goes from one place to another comes as near as `reach` to the line.
export function touches(points: readonly number[], from: Point, to: Point, reach: number): boolean {
  const line = pointsOf(points);
  return line.some((point, n) => between(from, to, line[Math.max(0, n - 1)]!, point) <= reach);
}

// The distance of two pieces of straight line: nothing where they cross, else that of one's end to the other.
function between(a: Point, b: Point, c: Point, d: Point): number {
  if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return 0;
  return Math.min(toPiece(a, c, d), toPiece(b, c, d), toPiece(c, a, b), toPiece(d, a, b));
}

const side = (a: Point, b: Point, c: Point): number => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);

function toPiece(point: Point, a: Point, b: Point): number {
  const length = distance(a, b) ** 2;
  const along = length === 0 ? 0 : ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / length;
  const at = Math.max(0, Math.min(1, along));
  return distance(point, { x: a.x + at * (b.x - a.x), y: a.y + at * (b.y - a.y) });
}
