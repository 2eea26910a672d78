// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../base/clock';
import { checkLine, wordFor } from './line_check';
import type { LineCheck } from './model';
import { Slots } from './slots';
import { Tiles } from './tiles';
import type { SlotFigures, SlotTracks } from './peer';

const tile = (seat: number, width = 320, pinned = false) => ({ seat, width, height: 180, pinned });

describe('what is on the screen', () => {
  function setUp() {
    const clock = new VirtualClock();
    const told: { tiles: { seat: number; width: number }[]; sound_only: boolean }[] = [];
    let open = true;
    const tiles = new Tiles(clock, (view) => open && told.push(view) > 0);
    return { clock, told, tiles, open: (on: boolean) => (open = on) };
  }

  it('is told at most four times a second, and the last word counts', () => {
    const { clock, told, tiles } = setUp();
    for (let width = 100; width < 200; width += 1) {
      tiles.show([tile(1, width)]);
      clock.advance(10);
    }
    clock.advance(1000);
    expect(told.length).toBeLessThanOrEqual(5);
    expect(told.at(-1)?.tiles[0]?.width).toBe(199);
  });

  it('is not told again when nothing changed', () => {
    const { clock, told, tiles } = setUp();
    tiles.show([tile(1)]);
    clock.advance(1000);
    tiles.show([tile(1)]);
    clock.advance(1000);
    expect(told).toHaveLength(1);
    tiles.again();
    clock.advance(1000);
    expect(told).toHaveLength(2);
  });

  it('leaves out what has no size, rounds to whole pixels, and names nobody in sound only', () => {
    const { clock, told, tiles } = setUp();
    tiles.show([tile(1, 320.4), tile(2, 0)]);
    clock.advance(1000);
    expect(told.at(-1)?.tiles).toEqual([{ seat: 1, source: 'camera', width: 320, height: 180, pinned: false }]);
    tiles.only(true);
    clock.advance(1000);
    expect(told.at(-1)).toEqual({ type: 'view', tiles: [], sound_only: true });
  });

  it('never names more than 64', () => {
    const { clock, told, tiles } = setUp();
    tiles.show(Array.from({ length: 80 }, (_, i) => tile(i + 1)));
    clock.advance(1000);
    expect(told.at(-1)?.tiles).toHaveLength(64);
  });

  it('is not told as empty right after becoming present, while it is not drawn', () => {
    const { clock, told, tiles } = setUp();
    tiles.show([]); // the page turns before the roster comes
    clock.advance(10);
    tiles.again();
    clock.advance(20);
    tiles.show([]);
    clock.advance(60);
    expect(told).toHaveLength(0);
    tiles.show([tile(1)]);
    clock.advance(1);
    expect(told.map((view) => view.tiles.length)).toEqual([1]);
    tiles.show([]); // paused or covered: that counts
    clock.advance(300);
    expect(told.map((view) => view.tiles.length)).toEqual([1, 0]);
  });

  it('that stays empty is told as empty', () => {
    const { clock, told, tiles } = setUp();
    tiles.again();
    clock.advance(1000);
    expect(told.map((view) => view.tiles.length)).toEqual([0]);
  });

  it('not told while the line was down is told when it is back', () => {
    const { clock, told, tiles, open } = setUp();
    open(false);
    tiles.show([tile(1)]);
    clock.advance(1000);
    open(true);
    tiles.again();
    clock.advance(1000);
    expect(told).toHaveLength(1);
  });
});

describe('slots', () => {
  const track = (id: string) => ({ id }) as MediaStreamTrack;
  const tracks = new Map<number, SlotTracks>([
    [0, { sound: track('s0'), picture: track('p0') }],
    [1, { sound: track('s1'), picture: track('p1') }],
  ]);
  const counted = (frames: number): SlotFigures => ({
    framesDecoded: frames, frameWidth: 320, frameHeight: 180, freezes: 0, soundEnergy: frames / 10, soundPackets: frames, soundLost: 0, soundConcealed: 0,
  });
  let settled: (() => void)[] = [];
  const setUp = () => {
    settled = [];
    return new Slots(
      (t) => ({ of: t.id, made: Symbol() }) as unknown as MediaStream,
      (_, then) => settled.push(then),
    );
  };

  it('bring a person by a stream that stays the same while the person stays', () => {
    const slots = setUp();
    slots.assign([3, 4], tracks, 1);
    const before = slots.pictureOf(3);
    expect(slots.assign([3, 5], tracks, 1).changed).toBe(true);
    expect(slots.pictureOf(3)).toBe(before);
    expect(slots.assign([3, 5], tracks, 1).changed).toBe(false);
    expect(slots.pictureOf(4)).toBeNull();
  });

  it("never show one person's stream under another's name", () => {
    const slots = setUp();
    slots.assign([3, null], tracks, 1);
    const robin = slots.pictureOf(3);
    slots.assign([4, null], tracks, 1);
    expect(slots.pictureOf(4)).not.toBe(robin);
  });

  it('play nobody twice: neither an empty slot nor oneself', () => {
    const { sounds } = setUp().assign([1, null], tracks, 1);
    expect(sounds.size).toBe(0);
  });

  it('play sound under the seat of its key alone: another microphone, or another source, is not heard there', () => {
    const slots = setUp();
    slots.demandProof(true);
    const played = () => [...slots.assign([3, 4], tracks, 1).sounds.keys()];
    expect(played()).toEqual([0, 1]); // nothing was opened yet
    slots.proveSound(0, { seat: 3, source: 'microphone' });
    slots.proveSound(1, { seat: 3, source: 'microphone' });
    expect(played()).toEqual([0]);
    slots.proveSound(1, { seat: 4, source: 'microphone' });
    expect(played()).toEqual([0, 1]);
    slots.proveSound(0, { seat: 3, source: 'backstage' });
    expect(played()).toEqual([1]);
    slots.connectionGone();
    expect(played()).toEqual([0, 1]);
  });

  it('show a picture under the seat and as the source of its key alone: a clear view in the place of a camera is not shown', () => {
    const slots = setUp();
    slots.demandProof(true);
    slots.assign([3, 4], tracks, 1);
    const shown = () => [3, 4].map((seat) => slots.pictureOf(seat) !== null);
    expect([shown(), slots.disputed()]).toEqual([[false, false], []]);
    slots.prove(0, { seat: 3, source: 'camera' });
    slots.prove(1, { seat: 4, source: 'clear_view' });
    expect([shown(), slots.disputed()]).toEqual([[true, false], [4]]);
    slots.prove(1, { seat: 3, source: 'camera' });
    expect([shown(), slots.disputed()]).toEqual([[true, false], [4]]);
    slots.prove(1, null);
    expect([shown(), slots.disputed()]).toEqual([[true, false], []]);
  });

  it('call nobody’s picture disputed who has just got the slot of somebody else, unless it stays so', () => {
    const slots = setUp();
    slots.demandProof(true);
    slots.assign([3, null], tracks, 1);
    slots.prove(0, { seat: 3, source: 'camera' });
    slots.assign([4, null], tracks, 1);
    expect([slots.pictureOf(4), slots.disputed()], 'what proves the picture is from before').toEqual([null, []]);
    slots.prove(0, { seat: 4, source: 'camera' });
    expect([slots.pictureOf(4) !== null, slots.disputed()]).toEqual([true, []]);
    // A room that says so wrongly, however often it does.
    for (const seat of [5, 4, 5]) slots.assign([seat, null], tracks, 1);
    expect([slots.pictureOf(5), slots.disputed(), settled.length]).toEqual([null, [], 2]);
    settled.forEach((then) => then());
    expect([slots.pictureOf(5), slots.disputed()]).toEqual([null, [5]]);
    // At once where a key has spoken since.
    slots.assign([3, null], tracks, 1);
    slots.prove(0, { seat: 4, source: 'camera' });
    expect([slots.pictureOf(3), slots.disputed()]).toEqual([null, [3]]);
  });

  it('show what is shared only where its key says that it is this person’s screen', () => {
    const slots = setUp();
    slots.demandProof(true);
    slots.assign([3, null], tracks, 1);
    expect(slots.assignExtras([{ slot: 1, seat: 3, source: 'screen' }], tracks).changed).toBe(true);
    expect(slots.assignExtras([{ slot: 1, seat: 3, source: 'screen' }], tracks).changed).toBe(false);
    const shown = () => slots.extraOf(3, 'screen') !== null;
    expect([shown(), slots.disputed()]).toEqual([false, []]);
    for (const other of [{ seat: 3, source: 'camera' }, { seat: 4, source: 'screen' }, { seat: 3, source: 'clear_view' }]) {
      slots.prove(1, other);
      expect([shown(), slots.disputed()]).toEqual([false, [3]]);
    }
    slots.prove(1, { seat: 3, source: 'screen' });
    expect([shown(), slots.extraOf(4, 'screen'), slots.disputed()]).toEqual([true, null, []]);
    expect(slots.assignExtras([], tracks).changed).toBe(true);
    expect(shown()).toBe(false);
  });

  it('show and play nothing that went past what opens it, until the connection is another one', () => {
    const slots = setUp();
    slots.demandProof(true);
    const played = () => [...slots.assign([3, 4], tracks, 1).sounds.keys()];
    for (const [slot, seat] of [[0, 3], [1, 4]] as const) slots.prove(slot, { seat, source: 'camera' });
    slots.shutOut(0, 'sound');
    slots.shutOut(1, 'picture');
    expect([played(), slots.pictureOf(3) !== null, slots.pictureOf(4), slots.unopened()]).toEqual([[1], true, null, [3, 4]]);
    slots.connectionGone();
    expect([played(), slots.pictureOf(4) !== null, slots.unopened()]).toEqual([[0, 1], true, []]);
  });

  it('count from the moment a person got the slot', () => {
    const slots = setUp();
    slots.assign([3], tracks, 1);
    slots.baseline(new Map([[0, counted(100)]]));
    slots.baseline(new Map([[0, counted(150)]]));
    expect(slots.figures(new Map([[0, counted(160)]]), 12)).toMatchObject([{ seat: 3, framesDecoded: 60, soundEnergy: 6, roundTripMs: 12 }]);
  });
});

describe('the line check', () => {
  it.each([
    [20, 0, 'good'], [199, 0.019, 'good'], [200, 0, 'fair'], [20, 0.02, 'fair'], [399, 0.07, 'fair'], [400, 0, 'poor'], [20, 0.08, 'poor'],
  ] as const)('%i ms and %f lost is %s', (trip, lost, word) => {
    expect(wordFor(trip, lost)).toBe(word);
  });

  async function run(trips: (number | null)[], lost = 0): Promise<LineCheck> {
    const clock = new VirtualClock();
    let look = 0;
    let last: LineCheck | null = null;
    let finished = false;
    const check = checkLine(clock, () => Promise.resolve({ roundTripMs: trips[Math.min(look++, trips.length - 1)] ?? null, lostFraction: lost }), (c) => (last = c)).then(
      () => (finished = true),
    );
    for (let second = 0; second < 60 && !finished; second += 1) {
      clock.advance(1000);
      for (let i = 0; i < 5; i += 1) await Promise.resolve();
    }
    await check;
    return last!;
  }

  it('takes the middle of five looks, so that one bad second does not decide', async () => {
    expect(await run([20, 900, 25, 30, 22])).toEqual({ state: 'done', word: 'good', roundTripMs: 25 });
  });
  it('waits for the connection, then looks', async () => {
    expect(await run([null, null, 50])).toEqual({ state: 'done', word: 'good', roundTripMs: 50 });
  });
  it('says none where no connection comes', async () => {
    expect(await run([null])).toEqual({ state: 'done', word: 'none', roundTripMs: null });
  });
  it('hears of loss', async () => {
    expect((await run([20], 0.5)).word).toBe('poor');
  });
});
