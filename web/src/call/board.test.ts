// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { hasPlace, heardOfBoard, most, mostOfOne, showBoardTo, showMore, wished } from './board';
import { boardHeight, boardWidth, mostIds, mostPointsOfMark } from './board_form';
import type { Audience } from './message';
import type { BoardMark, Role, Seat } from './model';
import { allowed, open as opened, type Payload, seal } from './payload';
import { type Effect, emptyRoom, memberOf, type Room, type Step } from './room';
import { reduce } from './state';

type Marks = Extract<Payload, { kind: 'board-marks' }>;

const member = (seat: number, role: Role) => memberOf({ seat, arrival: seat, role, place: seat, microphone: true, camera: true, away: false, muted: false } as never, undefined);
const room: Room = {
  ...emptyRoom,
  stage: { at: 'present' },
  self: { seat: 1, arrival: 1, role: 'facilitator', mayAdmit: true, mayModerate: true, screen: true },
  people: [member(1, 'facilitator'), member(2, 'co_facilitator'), member(3, 'member'), member(4, 'member')],
};
const as = (of: Room, seat: Seat): Room => ({ ...of, self: { ...room.self!, seat, arrival: seat, role: of.people.find((one) => one.seat === seat)!.role } });
type OfBoard = Extract<Payload, { kind: 'board' | 'board-marks' | 'board-rub' }>;
const hear = (of: Room, payload: OfBoard, seat: Seat, audience: Audience = 'everyone'): Room =>
  heardOfBoard(of, payload, { message: { from: { seat }, audience }, leading: seat === 1 || seat === 2 });
const open = (all = false): Room => hear(room, { kind: 'board', open: true, all }, 1);
const line = (length: number): number[] => Array.from({ length: 2 * length }, (_, n) => 100 + n);
const mark = (id: string, length = 2, by?: Seat): Marks['marks'][number] => ({ id, ink: 'blue', points: line(length), ...(by !== undefined && { by }) });
const marks = (...ids: string[]): Marks => ({ kind: 'board-marks', marks: ids.map((id) => mark(id)) });
const idsOf = (of: Room): string[] => of.board!.marks.map(({ id }) => id);
const sayings = (effects: Effect[]): { payload: Payload; audience: unknown }[] => effects.flatMap((effect) => (effect.do === 'say' ? [{ payload: effect.payload, audience: effect.audience }] : []));
const due = (effects: Effect[]): boolean => effects.some((effect) => effect.do === 'later' && effect.then.due === 'show-board' && effect.ms >= 100);

// Everything that is said until nothing more is due; `between` happens after each piece.
function shown(step: Step, between: (room: Room, piece: number) => Room = (now) => now): { room: Room; pieces: Payload[][] } {
  const pieces: Payload[][] = [];
  let { room: now, effects } = step;
  while (due(effects)) {
    ({ room: now, effects } = showMore(now));
    pieces.push(sayings(effects).map(({ payload }) => payload));
    now = between(now, pieces.length);
  }
  return { room: now, pieces: pieces.filter((piece) => piece.length > 0) };
}
// What somebody has who is told this by seat 1.
const hearing = (payloads: Payload[], before = room): Room =>
  payloads.reduce((now, payload) => {
    const read = opened(seal(payload));
    return read?.kind === 'board' || read?.kind === 'board-marks' || read?.kind === 'board-rub' ? hear(now, read, 1, { seat: 4 }) : now;
  }, as(before, 4));

describe('a whiteboard', () => {
  it('has the marks of who leads; of others only where everyone draws', () => {
    expect(idsOf(hear(open(), marks('a'), 1))).toEqual(['a']);
    expect(idsOf(hear(open(), marks('a'), 2))).toEqual(['a']);
    expect(idsOf(hear(open(), marks('a'), 3))).toEqual([]);
    expect(idsOf(hear(open(true), marks('a'), 3))).toEqual(['a']);
    expect(hear(room, marks('a'), 1).board).toBeNull();
  });

  it('lets everybody rub out their own, and who leads any', () => {
    const drawn = hear(hear(open(true), marks('a'), 3), marks('b'), 4);
    expect(idsOf(hear(drawn, { kind: 'board-rub', ids: ['a', 'b'] }, 3))).toEqual(['b']);
    expect(idsOf(hear(drawn, { kind: 'board-rub' }, 4))).toEqual(['a']);
    expect(idsOf(hear(drawn, { kind: 'board-rub', ids: ['a'] }, 2))).toEqual(['b']);
    expect(idsOf(hear(drawn, { kind: 'board-rub' }, 2))).toEqual([]);
  });

  it('keeps what is on it where others may draw from now on, and is empty where it is opened anew', () => {
    const drawn = hear(open(), marks('a'), 1);
    const goesOn = hear(drawn, { kind: 'board', open: true, all: true, goes: true }, 2);
    expect(goesOn.board).toMatchObject({ by: 1, all: true });
    expect(idsOf(goesOn)).toEqual(['a']);
    expect(idsOf(hear(drawn, { kind: 'board', open: true }, 2))).toEqual([]);
    expect(hear(drawn, { kind: 'board', open: false }, 2).board).toBeNull();
  });

  it('is opened and closed by who leads; a member says nothing to one person alone, nor from the waiting room', () => {
    expect(allowed('board', { role: 'member', waiting: false }, 'everyone')).toBe(false);
    expect(allowed('board', { role: 'co_facilitator', waiting: false }, 'everyone')).toBe(true);
    expect(allowed('board-marks', { role: 'member', waiting: false }, 'everyone')).toBe(true);
    expect(allowed('board-marks', { role: 'facilitator', waiting: false }, { seat: 1 })).toBe(true);
    for (const kind of ['board', 'board-marks', 'board-rub'] as const) {
      expect(allowed(kind, { role: 'member', waiting: false }, { seat: 1 })).toBe(false);
      expect(allowed(kind, { role: null, waiting: true }, 'facilitators')).toBe(false);
    }
  });

  it('is asked for nothing that the others would not take', () => {
    expect(wished(as(open(), 3), { wish: 'mark', mark: mark('a') }).effects).toEqual([]);
    expect(sayings(wished(as(open(true), 3), { wish: 'mark', mark: mark('a') }).effects)).toEqual([{ payload: marks('a'), audience: 'everyone' }]);
    const ids = Array.from({ length: mostIds + 1 }, (_, n) => `m${n}`);
    expect(sayings(wished(open(), { wish: 'rub-out', ids }).effects).map(({ payload }) => (payload as { ids: string[] }).ids.length)).toEqual([mostIds, 1]);
  });
});

describe('against somebody who means harm', () => {
  const reads = (change: object): boolean => opened(seal({ kind: 'board-marks', marks: [{ ...mark('a'), ...change }] } as Payload)) !== null;

  it('a mark is an ink of four and points on the board, or nothing', () => {
    expect(reads({})).toBe(true);
    expect(reads({ points: [0, 0, boardWidth, boardHeight] })).toBe(true);
    expect(reads({ points: line(mostPointsOfMark).map((_, n) => n) })).toBe(true);
    for (const points of [[], [1], [1, 2, 3], [-1, 0], [0, boardHeight + 1], [boardWidth + 1, 0], [0.5, 1], ['1', 2], [null, 1], 'M0,0', Array.from({ length: 2 * mostPointsOfMark + 2 }, () => 1)]) {
      expect(reads({ points }), JSON.stringify(points)).toBe(false);
    }
    expect(reads({ ink: 'url(https://elsewhere.example)' })).toBe(false);
    expect(reads({ id: 'x'.repeat(25) })).toBe(false);
  });

  it('a mark counts once, and under no other name than its sender’s', () => {
    expect(idsOf(hear(hear(open(), marks('a'), 1), marks('a'), 2))).toEqual(['a']);
    const asAnother: Marks = { kind: 'board-marks', marks: [mark('a', 2, 1)] };
    expect(hear(open(true), asAnother, 3).board!.marks[0]!.by).toBe(3);
    expect(hear(open(), { kind: 'board-marks', marks: [mark('a', 2, 3)] }, 1).board!.marks[0]!.by).toBe(3);
  });

  const flood = (of: Room, count: number, length: number, seat: Seat, name = 'm'): Room =>
    Array.from({ length: count }, (_, n) => mark(`${name}${n}`, length)).reduce((now, one) => hear(now, { kind: 'board-marks', marks: [one] }, seat), of);
  const sizeOf = (of: readonly BoardMark[]): number => of.reduce((sum, { points }) => sum + points.length / 2, 0);

  it('one member does not fill it; the others and who leads still have room', () => {
    const small = flood(open(true), mostOfOne.marks + 5, 1, 3);
    expect(small.board!.marks).toHaveLength(mostOfOne.marks);
    const large = flood(open(true), mostOfOne.marks, mostPointsOfMark, 3);
    expect(sizeOf(large.board!.marks)).toBeLessThanOrEqual(mostOfOne.points);
    for (const now of [small, large]) {
      expect(hasPlace(now.board!.marks, { seat: 3, leading: false }, mostPointsOfMark)).toBe(false);
      expect(wished(as(now, 3), { wish: 'mark', mark: mark('z', mostPointsOfMark) }).effects).toEqual([]);
      expect(idsOf(hear(now, marks('of another'), 4))).toContain('of another');
      expect(idsOf(hear(now, marks('of who leads'), 1))).toContain('of who leads');
    }
  });

  it('the whole is bounded, whoever draws', () => {
    expect(flood(open(), most.marks + 5, 1, 1).board!.marks).toHaveLength(most.marks);
    expect(sizeOf(flood(open(), most.marks, mostPointsOfMark, 1).board!.marks)).toBeLessThanOrEqual(most.points);
  });

  it('asking again and again makes who leads say one thing at a time', () => {
    let now = flood(open(), 400, 20, 1);
    let timers = 0;
    for (let n = 0; n < 50; n += 1) {
      const step = showBoardTo(now, [3 + (n % 2)]);
      now = step.room;
      timers += step.effects.length;
    }
    expect(timers).toBe(1);
    expect(now.boardFor).toHaveLength(2);
    expect(sayings(showMore(now).effects)).toHaveLength(1);
  });
});

describe('to somebody who comes later', () => {
  const drawn = hear(hear(open(true), marks('a'), 3), marks('b'), 1);

  it('it is shown whole, each mark under who drew it, to them alone', () => {
    const step = showBoardTo(drawn, [4]);
    const { pieces, room: after } = shown(step);
    expect(pieces).toEqual([[{ kind: 'board', open: true, all: true, by: 1 }], [{ kind: 'board-marks', marks: [mark('a', 2, 3), mark('b', 2, 1)] }]]);
    expect(sayings(showMore(step.room).effects).map(({ audience }) => audience)).toEqual([{ seat: 4 }]);
    expect(after.boardFor).toEqual([]);
    expect(hearing(pieces.flat()).board).toEqual(drawn.board);
  });

  it('whoever tells it has it back from the room, and what they have stays', () => {
    const told = shown(showBoardTo(drawn, [4])).pieces.flat() as OfBoard[];
    expect(told.reduce((now, payload) => hear(now, payload, 1, { seat: 4 }), drawn)).toEqual(drawn);
  });

  it('it is shown by the first of those who lead alone', () => {
    expect(showBoardTo(as(drawn, 2), [4]).effects).toEqual([]);
    expect(showBoardTo(as(drawn, 3), [4]).effects).toEqual([]);
    expect(due(showBoardTo(as(drawn, 2), [1]).effects)).toBe(true); // it is the first who asks
  });

  it('a full one is shown in pieces that the room takes', () => {
    const full = Array.from({ length: 150 }, (_, n) => mark(`mark-number-${n}`, mostPointsOfMark)).reduce((now, one) => hear(now, { kind: 'board-marks', marks: [one] }, 1), open());
    const { pieces } = shown(showBoardTo(full, [4]));
    for (const piece of pieces) expect(JSON.stringify(piece).length).toBeLessThan(6_000);
    expect(hearing(pieces.flat()).board).toEqual(full.board);
  });

  it('what is drawn and rubbed out meanwhile is neither lost nor left', () => {
    const { pieces, room: after } = shown(showBoardTo(drawn, [4]), (now, piece) => (piece === 2 ? hear(hear(now, marks('c'), 2), { kind: 'board-rub', ids: ['a'] }, 3) : now));
    expect(idsOf(after)).toEqual(['b', 'c']);
    expect(hearing(pieces.flat()).board).toEqual(after.board);
  });

  it('who remembers an older one, or one that is closed, has what is', () => {
    const old = hear(open(), marks('rubbed out meanwhile'), 1);
    expect(hearing(shown(showBoardTo(drawn, [4])).pieces.flat(), old).board).toEqual(drawn.board);
    expect(hearing(shown(showBoardTo(room, [4])).pieces.flat(), old).board).toBeNull();
  });
});

const at = { now: 0, wall: 0 };

describe('in a room', () => {
  it('who may draw and rub out is told by their key, not by the roster', () => {
    const message = { type: 'delivered', order: 1, at: 0, from: { seat: 3 }, audience: 'everyone', payload: '' } as const;
    const lying: Room = { ...hear(open(), marks('a'), 1), people: room.people.map((one) => ({ ...one, role: 'facilitator' as const })) };
    const said = (payload: Payload) => reduce(lying, { type: 'opened', message, text: JSON.stringify(payload), standing: { role: 'member', waiting: false } }, at).room;
    expect(idsOf(said(marks('b')))).toEqual(['a']);
    expect(idsOf(said({ kind: 'board-rub' }))).toEqual(['a']);
    expect(said({ kind: 'board', open: false }).board).not.toBeNull();
  });

  const roster = (seats: Seat[]) =>
    ({
      type: 'roster',
      locked: false,
      paused: false,
      speaker: null,
      people: seats.map((seat) => ({ seat, arrival: seat, role: room.people[seat - 1]!.role, place: seat, microphone: true, camera: true, away: false, muted: false })),
    }) as never;

  it('nothing of it is left once the person is out of the group', () => {
    const drawn = hear(open(), marks('a'), 1);
    for (const message of [{ type: 'state', state: 'gone', why: 'ended' }, { type: 'state', state: 'gone', why: 'removed' }, { type: 'state', state: 'waiting', why: 'moved-back' }]) {
      const after = reduce(as(drawn, 3), { type: 'message', message: message as never }, at).room;
      expect([after.board, after.boardFor]).toEqual([null, []]);
    }
    expect(reduce(as(drawn, 3), { type: 'wish', wish: 'leave' }, at).room.board).toBeNull();
  });

  it('who alone leads and has reloaded closes it; where another leads, it is asked for', () => {
    const reloaded: Room = { ...emptyRoom, self: room.self, encryption: 'none', stage: { at: 'connecting' } };
    const said = (seats: Seat[]) => sayings(reduce(reloaded, { type: 'message', message: roster(seats) }, at).effects).map(({ payload }) => payload);
    expect(said([1, 3, 4])).toContainEqual({ kind: 'board', open: false });
    expect(said([1, 2, 3])).not.toContainEqual({ kind: 'board', open: false });
    expect(said([1, 2, 3])).toContainEqual({ kind: 'ask-now' });
  });

  it('in an encrypted room it is closed for whoever is in the keys from then on: before, nobody could read it', () => {
    const keyed = (before: Seat[], people: Seat[]): unknown[] => {
      const reloaded: Room = { ...room, encryption: 'required', keyed: before, people: room.people.filter(({ seat }) => people.includes(seat)) };
      const step = reduce(reloaded, { type: 'keyed', seats: people }, at);
      return due(step.effects) ? sayings(reduce(step.room, { type: 'due', due: 'show-board' }, at).effects) : [];
    };
    expect(keyed([1], [1, 3])).toEqual([{ payload: { kind: 'board', open: false }, audience: { seat: 3 } }]);
    expect(keyed([], [1, 3])).toEqual(keyed([1], [1, 3]));
    expect(keyed([1, 2], [1, 2, 3])).toEqual([]); // the other may know of one
  });
});
