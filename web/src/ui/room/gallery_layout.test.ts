// SPDX-License-Identifier: Apache-2.0
// The arithmetic of the gallery, by tables: everything fits, nothing scrolls sideways, nobody jumps.
import { describe, expect, it } from 'vitest';
import { people } from '../sketch_session';
import { areasFor, layoutFor, pagesOf, pageSizeFor, settle, shownOf, smallestTile } from './gallery_layout';

const phone = { width: 304, height: 400 };
const tablet = { width: 752, height: 860 };
const desk = { width: 1424, height: 740 };

describe('a layout of equal tiles', () => {
  for (const [name, space] of Object.entries({ phone, tablet, desk })) {
    for (const count of [1, 2, 3, 5, 10, 17, 25]) {
      it(`shows ${count} people on one ${name} without scrolling, inside its space`, () => {
        const one = layoutFor(space, count);
        expect(one.scrolls).toBe(false);
        expect(one.columns * one.rows).toBeGreaterThanOrEqual(count);
        expect(one.columns * one.width + (one.columns - 1) * one.gap).toBeLessThanOrEqual(space.width);
        expect(one.rows * (one.height + one.caption) + (one.rows - 1) * one.gap).toBeLessThanOrEqual(space.height);
        expect(one.width).toBeGreaterThanOrEqual(smallestTile);
      });
    }
  }

  it('keeps pictures between square and 16:9', () => {
    for (const space of [phone, tablet, desk]) {
      for (let count = 1; count <= 25; count++) {
        const { width, height } = layoutFor(space, count);
        expect(width / height).toBeGreaterThan(0.98);
        expect(width / height).toBeLessThan(1.8);
      }
    }
  });

  it('uses the columns a person would choose', () => {
    expect(layoutFor(desk, 2)).toMatchObject({ columns: 2, rows: 1 });
    expect(layoutFor(desk, 10)).toMatchObject({ rows: 2, columns: 5 });
    expect(layoutFor(phone, 2)).toMatchObject({ columns: 1, rows: 2 });
    expect(layoutFor(phone, 25)).toMatchObject({ columns: 5, rows: 5 });
  });

  it('scrolls down, never sideways, where even small tiles do not fit', () => {
    const low = { width: 304, height: 90 };
    const one = layoutFor(low, 25);
    expect(one.scrolls).toBe(true);
    expect(one.columns * one.width + (one.columns - 1) * one.gap).toBeLessThanOrEqual(low.width);
    expect(one.width).toBeGreaterThanOrEqual(smallestTile);
  });

  it('survives a space of nothing', () => {
    const one = layoutFor({ width: 0, height: 0 }, 10);
    expect(Number.isFinite(one.width) && one.width >= 0).toBe(true);
  });
});

describe('pages', () => {
  it('puts 25 on one page anywhere, and 49 on one page only where tiles stay roomy', () => {
    expect(pageSizeFor(phone, 25)).toBe(25);
    expect(pageSizeFor(tablet, 49)).toBe(25);
    expect(pageSizeFor({ width: 2500, height: 1300 }, 49)).toBe(49);
  });
  it('takes smaller pages where the buttons of the pages leave too little height, rather than scroll', () => {
    const size = pageSizeFor({ width: 304, height: 330 }, 49);
    expect(size).toBeLessThan(25);
    expect(layoutFor({ width: 304, height: 330 - 56 }, size).scrolls).toBe(false);
  });
  it('divides without losing anyone', () => {
    const all = Array.from({ length: 49 }, (_, index) => index);
    expect(pagesOf(all, 25).map((page) => page.length)).toEqual([25, 24]);
    expect(pagesOf(all, 25).flat()).toEqual(all);
    expect(pagesOf([], 25)).toEqual([[]]);
  });
});

describe('cells', () => {
  it('a newcomer comes last and nobody moves', () => {
    expect(settle([1, 2, 3], [1, 2, 3, 4], desk)).toEqual([1, 2, 3, 4]);
  });
  it('someone leaving leaves their cell empty while the grid stays the same', () => {
    // nine and ten people are drawn as 5 by 2
    const nine = [1, 2, 3, 4, 6, 7, 8, 9, 10];
    expect(layoutFor(desk, 9).columns).toBe(layoutFor(desk, 10).columns);
    expect(settle([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], nine, desk)).toEqual([1, 2, 3, 4, null, 6, 7, 8, 9, 10]);
  });
  it('closes the gaps when the grid would be smaller without them', () => {
    expect(settle([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [2, 10], desk)).toEqual([2, 10]);
  });
  it('leaves no empty cell at the end', () => {
    expect(settle([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [1, 2, 3, 4, 5, 6, 7, 8, 9], desk)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
  it('follows an order that a facilitator sets for all', () => {
    expect(settle([1, 2, 3], [3, 1, 2], desk)).toEqual([3, 1, 2]);
  });
  it('someone who comes back to the same seat later stands last, as their place says', () => {
    const without = settle([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [1, 2, 3, 4, 6, 7, 8, 9, 10], desk);
    expect(settle(without, [1, 2, 3, 4, 6, 7, 8, 9, 10, 5], desk).at(-1)).toBe(5);
  });
});

describe('who is shown', () => {
  const five = people(5, 1);
  it('hides the own tile when asked, only here', () => {
    expect(shownOf(five, [], true).order).toEqual([1, 3, 4, 5]);
  });
  it('takes several pinned people out of the grid, and forgets pins of people who have gone', () => {
    expect(shownOf(five, [4, 3, 77], false)).toEqual({ order: [1, 2, 5], pinned: [4, 3] });
  });
  it('gives pinned people the larger area, beside the others on a wide screen, above them on a tall one', () => {
    const wide = areasFor(desk, 2, 8);
    expect(wide.beside).toBe(true);
    expect(wide.stage.width).toBeGreaterThan(wide.rest.width);
    expect(wide.stage.width + wide.rest.width).toBeLessThan(desk.width);
    expect(areasFor(phone, 1, 4).beside).toBe(false);
    expect(areasFor(phone, 1, 0).stage).toEqual(phone);
  });
  it('gives what is to stand higher its height, and leaves a row of people', () => {
    expect(areasFor(phone, 1, 4, 280).stage.height).toBe(280);
    const greedy = areasFor(phone, 1, 4, 900);
    expect(greedy.rest.height).toBeGreaterThanOrEqual(smallestTile + 28);
    expect(layoutFor(greedy.rest, 4).scrolls).toBe(false);
    expect(areasFor(phone, 1, 4, 100).stage.height).toBe(areasFor(phone, 1, 4).stage.height);
    expect(areasFor(desk, 1, 4, 900)).toEqual(areasFor(desk, 1, 4));
  });
});
