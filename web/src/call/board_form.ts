// SPDX-License-Identifier: Apache-2.0
// The form of a mark on the whiteboard, as it travels and as it is kept: an ink, and the points that a pen went through. Nothing but
// numbers within the board can be said with it. Not here: who may draw (board.ts), how a line looks (ui/room/board_canvas.ts).
import { Malformed, type Reader } from '../base/check';

export const inks = ['black', 'blue', 'red', 'green'] as const;
export type Ink = (typeof inks)[number];

// One shape for everyone; a step is half a pixel of a board of 1280 by 720.
export const boardWidth = 2560;
export const boardHeight = 1440;
// The room lets a message be 8 KiB, sealed: a mark of so many points is about 3 KB as text, so many ids 4.
export const mostPointsOfMark = 300;
export const mostIds = 250;

// x, y, x, y, …: whole steps from the upper left corner.
export const points: Reader<number[]> = (value, pointer) => {
  if (!Array.isArray(value) || value.length === 0 || value.length % 2 !== 0 || value.length > 2 * mostPointsOfMark) {
    throw new Malformed(pointer, `1 to ${mostPointsOfMark} points`);
  }
  value.forEach((at: unknown, index) => {
    const most = index % 2 === 0 ? boardWidth : boardHeight;
    if (!Number.isInteger(at) || (at as number) < 0 || (at as number) > most) throw new Malformed(`${pointer}/${index}`, `a whole number from 0 to ${most}`);
  });
  return [...(value as number[])];
};
