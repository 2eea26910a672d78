// SPDX-License-Identifier: Apache-2.0
// How large the tiles of the group are: equal tiles, as large as the space allows, never wider than it. Pure arithmetic in
// CSS pixels, tested by tables. Where even small tiles do not fit the height, the gallery scrolls down, never sideways.
import type { Person, Seat } from '../../call/model';

export interface Space {
  width: number;
  height: number;
}
export interface Layout {
  columns: number;
  rows: number;
  width: number; // of a tile
  height: number; // of its picture, without the name
  caption: number;
  gap: number;
  scrolls: boolean;
}

const widest = 16 / 9;
const tallest = 1; // taller ones would cut off most of a wide picture
export const smallestTile = 56;
export const onOnePage = 25;
export const mostOnOnePage = 49;
export const pagerHeight = 56;
const rowOfPeople = 84;
const roomyTile = 148; // from this width on, 49 tiles stand on one page

const captionFor = (width: number): number => (width < 96 ? 22 : width < 180 ? 28 : 36);
const gapFor = (space: Space): number => (space.width < 480 ? 4 : space.width < 900 ? 8 : 12);

const tileFor = (space: Space, count: number, columns: number, gap: number): Layout => {
  const rows = Math.ceil(count / columns);
  const room = (space.width - gap * (columns - 1)) / columns;
  const caption = captionFor(room);
  const high = (space.height - gap * (rows - 1)) / rows - caption;
  const width = Math.floor(Math.min(room, Math.max(high, 0) * widest));
  const height = Math.floor(Math.min(high, width / tallest));
  return { columns, rows, width, height, caption, gap, scrolls: false };
};

export const layoutFor = (space: Space, count: number): Layout => {
  const gap = gapFor(space);
  const tiles = Math.max(1, count);
  let best = tileFor(space, tiles, 1, gap);
  for (let columns = 2; columns <= tiles; columns++) {
    const next = tileFor(space, tiles, columns, gap);
    if (next.width * next.height > best.width * best.height) best = next;
  }
  if (best.width >= smallestTile && best.height >= smallestTile * 0.75) return best;
  const columns = Math.max(1, Math.min(tiles, Math.floor((space.width + gap) / (88 + gap))));
  const width = Math.max(0, Math.floor((space.width - gap * (columns - 1)) / columns));
  const height = Math.floor(width * 0.8);
  return { columns, rows: Math.ceil(tiles / columns), width, height, caption: captionFor(width), gap, scrolls: true };
};

export const pageSizeFor = (space: Space, count: number): number => {
  if (count <= onOnePage) return onOnePage;
  const all = layoutFor(space, Math.min(count, mostOnOnePage));
  if (!all.scrolls && all.width >= roomyTile) return mostOnOnePage;
  const left = { ...space, height: space.height - pagerHeight };
  return [onOnePage, 20, 16, 12].find((size) => !layoutFor(left, size).scrolls) ?? onOnePage;
};

// The cells of the gallery: a seat, or null where someone has left. A leaver's cell stays empty, so nobody else moves,
// until the gallery would be drawn with fewer cells anyway; a newcomer comes last, as their place says. When the order is
// not the one the cells follow (a facilitator set one for all), the cells are laid out again.
export const settle = (cells: readonly (Seat | null)[], order: readonly Seat[], space: Space): (Seat | null)[] => {
  const present = new Set(order);
  const kept = cells.map((seat) => (seat !== null && present.has(seat) ? seat : null));
  const staying = new Set(kept);
  const grown = [...kept, ...order.filter((seat) => !staying.has(seat))];
  const inOrder = grown.filter((seat) => seat !== null);
  if (inOrder.some((seat, index) => seat !== order[index])) return [...order];
  while (grown.length > 0 && grown[grown.length - 1] === null) grown.pop();
  const now = layoutFor(space, grown.length);
  const without = layoutFor(space, order.length);
  return now.columns === without.columns && now.rows === without.rows ? grown : [...order];
};

export const shownOf = (people: readonly Person[], pins: readonly Seat[], selfHidden: boolean): { order: Seat[]; pinned: Seat[] } => {
  const order = people.filter((person) => !(person.self && selfHidden)).map((person) => person.seat);
  const pinned = pins.filter((seat) => order.includes(seat));
  return { order: order.filter((seat) => !pinned.includes(seat)), pinned };
};

export const pagesOf = <T>(cells: readonly T[], size: number): T[][] => {
  const pages: T[][] = [];
  for (let from = 0; from < cells.length; from += size) pages.push(cells.slice(from, from + size));
  return pages.length > 0 ? pages : [[]];
};

// Where some are pinned: two areas, beside each other on a wide space, one above the other on a tall one.
// `high`: how high the stage would be where it stands above the others; a row of people stays.
export const areasFor = (space: Space, pinned: number, others: number, high = 0): { stage: Space; rest: Space; beside: boolean } => {
  const beside = space.width > space.height * 1.15;
  if (pinned === 0) return { stage: { width: 0, height: 0 }, rest: space, beside };
  if (others === 0) return { stage: space, rest: { width: 0, height: 0 }, beside };
  const part = pinned >= others ? 0.7 : 0.64;
  const gap = 12;
  const whole = space.height - gap;
  const above = Math.max(whole * part, Math.min(high, whole - rowOfPeople));
  return beside
    ? { stage: { width: (space.width - gap) * part, height: space.height }, rest: { width: (space.width - gap) * (1 - part), height: space.height }, beside }
    : { stage: { width: space.width, height: above }, rest: { width: space.width, height: whole - above }, beside };
};
