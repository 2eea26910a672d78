// SPDX-License-Identifier: Apache-2.0
// A camera for judging disguises by eye: nobody's head and shoulders (portrait_figure.ts), moving, before a room with what a disguise
// must hide: books with writing on their spines, a picture, a window, a door. Given to Chromium as the file of its fake camera,
// so that it comes the way that a real one does. Drawn when first needed and kept under build/ by what it was drawn from.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { figure, grained, type Layer, smooth } from './portrait_figure.ts';
import { tree } from './server.ts';

export const portrait = { width: 640, height: 360, rate: 24, seconds: 3 } as const;
// Parts of the picture, of which a test may ask how much detail is in them: the face wherever it sways, books and window as they are.
export const inPortrait = {
  face: { x: 270, y: 100, width: 100, height: 120 },
  books: { x: 490, y: 30, width: 140, height: 200 },
  window: { x: 20, y: 30, width: 110, height: 130 },
} as const;

type Colour = readonly [number, number, number];
const lerp = (from: Colour, to: Colour, at: number): Colour => [from[0] + (to[0] - from[0]) * at, from[1] + (to[1] - from[1]) * at, from[2] + (to[2] - from[2]) * at];
const times = ([red, green, blue]: Colour, by: number): Colour => [red * by, green * by, blue * by];
const within = (x: number, y: number, left: number, top: number, right: number, bottom: number): boolean => x >= left && x < right && y >= top && y < bottom;
const draw = (seed: number): number => {
  const at = Math.sin(seed * 91.17) * 9301.7;
  return at - Math.floor(at);
};

const spines: readonly Colour[] = [[0.32, 0.06, 0.05], [0.05, 0.16, 0.12], [0.42, 0.3, 0.1], [0.07, 0.09, 0.24], [0.5, 0.46, 0.38], [0.16, 0.05, 0.14], [0.04, 0.05, 0.06], [0.5, 0.2, 0.07]];
interface Book {
  left: number;
  right: number;
  top: number;
  bottom: number;
  colour: Colour;
  seed: number;
}
const shelves = [88, 168, 248, 328] as const; // where each board lies
const books: readonly Book[] = shelves.flatMap((board, shelf) => {
  const row: Book[] = [];
  let seed = shelf * 31 + 1;
  for (let left = 484; left < 622; ) {
    const wide = 7 + Math.floor(9 * draw(seed));
    if (draw(seed + 0.5) > 0.1) row.push({ left, right: Math.min(left + wide, 628), top: board - 40 - Math.floor(24 * draw(seed + 0.25)), bottom: board, colour: spines[Math.floor(spines.length * draw(seed + 0.75))]!, seed });
    left += wide + 1;
    seed += 1;
  }
  return row;
});

function wallAt(x: number, y: number): Colour {
  const lit = 0.62 - 0.0005 * Math.hypot(x - 90, y - 110) + 0.05 * grained(x / 9, y / 9);
  return [0.62 * lit, 0.56 * lit, 0.46 * lit];
}
function windowAt(x: number, y: number): Colour | null {
  if (!within(x, y, 8, 14, 148, 196)) return null;
  if (!within(x, y, 16, 22, 140, 186) || Math.abs(x - 78) < 3 || Math.abs(y - 104) < 3) return times([0.72, 0.71, 0.68], y > 186 ? 0.9 : 0.75);
  const leaves = grained(x / 5, y / 5) + 0.5 * grained(x / 17, y / 17);
  const hill = y > 128 + 10 * Math.sin(x / 21);
  return leaves > 0.86 - (y - 60) / 260 ? times([0.12, 0.26, 0.07], 0.6 + 0.9 * grained(x / 2, y / 2)) : hill ? [0.25, 0.38, 0.17] : lerp([0.62, 0.8, 1], [0.95, 0.97, 1], y / 190);
}
function doorAt(x: number, y: number): Colour | null {
  if (!within(x, y, 166, 40, 246, 360)) return null;
  if (!within(x, y, 174, 48, 238, 360)) return times([0.66, 0.64, 0.6], 0.62 + (x < 168 || x > 243 || y < 42 ? 0.25 : 0));
  const panel = [[66, 150], [168, 262]].some(([top, bottom]) => within(x, y, 184, top!, 228, bottom!) && !within(x, y, 187, top! + 3, 225, bottom! - 3));
  const grain = 0.9 + 0.25 * grained(x / 3, y / 40);
  if (Math.hypot(x - 232, y - 214) < 3.4) return [0.62, 0.5, 0.22];
  return times([0.34, 0.2, 0.1], panel ? 0.5 : 0.8 * grain);
}
function shelfAt(x: number, y: number): Colour | null {
  if (!within(x, y, 474, 8, 636, 360)) return null;
  const wood = times([0.26, 0.16, 0.09], 0.8 + 0.4 * grained(x / 30, y / 3));
  if (x < 482 || x >= 630 || y < 16 || shelves.some((board) => y >= board && y < board + 7)) return wood;
  const book = books.find((one) => within(x, y, one.left, one.top, one.right, one.bottom));
  if (!book) return times([0.08, 0.055, 0.04], 0.8 + 0.2 * grained(x / 8, y / 8));
  const across = (x - book.left) / (book.right - book.left);
  const round = 0.55 + 0.75 * Math.sin(Math.PI * Math.min(1, across + 0.12));
  // Lines of writing along the spine, and bands over it.
  const down = (y - book.top) / (book.bottom - book.top);
  const letter = across > 0.35 && across < 0.68 && down > 0.25 && down < 0.75 && draw(book.seed * 7 + Math.floor(y / 2)) > 0.4;
  const band = Math.abs(down - 0.14) < 0.02 || Math.abs(down - 0.86) < 0.02;
  return times(letter || band ? [0.75, 0.66, 0.42] : book.colour, round);
}
function pictureAt(x: number, y: number): Colour | null {
  if (!within(x, y, 398, 38, 458, 116)) return null;
  if (!within(x, y, 402, 42, 454, 112)) return [0.07, 0.05, 0.04];
  if (!within(x, y, 408, 48, 448, 106)) return [0.78, 0.76, 0.7];
  return Math.hypot(x - 436, y - 62) < 7 ? [0.85, 0.6, 0.2] : y > 84 + 6 * Math.sin(x / 6) ? [0.1, 0.26, 0.3] : [0.55, 0.66, 0.72];
}
function room(): Float32Array {
  const { width, height } = portrait;
  const pixels = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) pixels.set(windowAt(x, y) ?? doorAt(x, y) ?? shelfAt(x, y) ?? pictureAt(x, y) ?? wallAt(x, y), (y * width + x) * 3);
  return pixels;
}

// One moment of the loop, in linear light: the figure sways and turns a little about the chest, over its own shadow on the wall.
function moment(behind: Float32Array, layer: Layer, at: number, into: Float32Array): void {
  const { width, height } = portrait;
  const turn = 2 * Math.PI * at;
  const [dx, dy, tilt] = [7 * Math.sin(turn), 2 * Math.cos(2 * turn), 0.025 * Math.sin(turn + 0.7)];
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)];
  const pixel = (x: number, y: number, part: number): number => layer.pixels[(y * layer.width + x) * 4 + part] ?? 0;
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const [px, py] = [x - 320 - dx, y - 330 - dy];
      const [fx, fy] = [320 + cos * px + sin * py, Math.min(330 - sin * px + cos * py, layer.height - 2)];
      const [left, top] = [Math.floor(fx), Math.floor(fy)];
      const to = (y * width + x) * 3;
      const seen = left >= 0 && top >= 0 && left + 1 < layer.width && top + 1 < layer.height;
      const mixed = [0, 0, 0, 0].map((_, part) => {
        if (!seen) return 0;
        const [u, v] = [fx - left, fy - top];
        const of = (cx: number, cy: number): number => pixel(cx, cy, part) * (part < 3 ? pixel(cx, cy, 3) : 1);
        return (of(left, top) * (1 - u) + of(left + 1, top) * u) * (1 - v) + (of(left, top + 1) * (1 - u) + of(left + 1, top + 1) * u) * v;
      });
      const shadow = 1 - 0.25 * (1 - smooth(0.7, 1.3, Math.hypot((x - 350 - dx) / 120, (y - 190) / 190)));
      for (let part = 0; part < 3; part += 1) into[to + part] = mixed[part]! + behind[to + part]! * shadow * (1 - mixed[3]!);
    }
}

// As a camera gives it: gamma, some grain of the sensor, and one colour for four pixels (Y'CbCr of BT.601, limited range).
function frameOf(linear: Float32Array, number: number): Buffer {
  const { width, height } = portrait;
  const [luma, blue, red] = [Buffer.alloc(width * height), Buffer.alloc((width * height) / 4), Buffer.alloc((width * height) / 4)];
  const sums = [new Float32Array(blue.length), new Float32Array(red.length)];
  let seed = 2654435761 * (number + 1);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 3;
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      const sensor = (seed / 2 ** 32 - 0.5) * 7;
      const [r, g, b] = [0, 1, 2].map((part) => 255 * Math.min(1, Math.max(0, linear[at + part]!)) ** (1 / 2.2) + sensor) as [number, number, number];
      luma[y * width + x] = Math.min(235, Math.max(16, Math.round(16 + (65.5 * r + 128.6 * g + 25 * b) / 255)));
      const small = (y >> 1) * (width / 2) + (x >> 1);
      sums[0]![small]! += (-37.8 * r - 74.2 * g + 112 * b) / 1020;
      sums[1]![small]! += (112 * r - 93.8 * g - 18.2 * b) / 1020;
    }
  for (let at = 0; at < blue.length; at += 1) {
    blue[at] = Math.round(128 + sums[0]![at]!);
    red[at] = Math.round(128 + sums[1]![at]!);
  }
  return Buffer.concat([Buffer.from('FRAME\n'), luma, blue, red]);
}

function drawn(): Buffer {
  const { width, height, rate, seconds } = portrait;
  const behind = room();
  const poses = [{ mouth: 0.05, lids: 0 }, { mouth: 0.5, lids: 0.1 }, { mouth: 0.1, lids: 0.9 }].map((pose) => figure(width, height + 40, { x: 320, y: 160 }, 72, pose));
  const linear = new Float32Array(width * height * 3);
  const count = rate * seconds;
  const frames = Array.from({ length: count }, (_, number) => {
    const speaks = number % 48 > 18 && Math.sin(number * 1.1) > 0.1;
    moment(behind, poses[number % 60 > 55 ? 2 : speaks ? 1 : 0]!, number / count, linear);
    return frameOf(linear, number);
  });
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F${rate}:1 Ip A1:1 C420\n`), ...frames]);
}

// Where the file is; drawn where it is not there yet.
export function portraitFile(): string {
  const sources = ['portrait.ts', 'portrait_figure.ts'].map((name) => readFileSync(join(import.meta.dirname, name)));
  const folder = join(tree, 'build', 'portrait');
  const file = join(folder, `${createHash('sha256').update(Buffer.concat(sources)).digest('hex').slice(0, 16)}.y4m`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const whole = `${file}.${process.pid}`; // two at once each draw their own
  writeFileSync(whole, drawn());
  renameSync(whole, file);
  return file;
}
