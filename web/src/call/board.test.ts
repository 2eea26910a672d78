// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { heardBoard, heardMark, heardRubbed, mostMarks, sayBoard, showBoardTo, wished } from './board';
import type { Role } from './model';
import { allowed, type Payload } from './payload';
import { emptyRoom, memberOf, type Room } from './room';

const member = (seat: number, role: Role) => memberOf({ seat, arrival: seat, role, place: seat, microphone: true, camera: true, away: false, muted: false } as never, undefined);
const room: Room = {
  ...emptyRoom,
  stage: { at: 'present' },
  self: { seat: 1, arrival: 1, role: 'facilitator', mayAdmit: true, mayModerate: true, screen: true },
  people: [member(1, 'facilitator'), member(2, 'co_facilitator'), member(3, 'member'), member(4, 'member')],
};
const open = (all = false): Room => heardBoard(room, { kind: 'board', open: true, all }, 1);
const mark = (id: string, by?: number): Extract<Payload, { kind: 'board-mark' }> => ({ kind: 'board-mark', id, ink: 'blue', paths: ['M0,0L1,1'], ...(by !== undefined && { by }) });
const idsOf = (of: Room): string[] => of.board!.marks.map(({ id }) => id);

describe('a whiteboard', () => {
  it('has the marks of who leads; of others only where everyone draws', () => {
    expect(idsOf(heardMark(open(), mark('a'), 1))).toEqual(['a']);
    expect(idsOf(heardMark(open(), mark('a'), 3))).toEqual([]);
    expect(idsOf(heardMark(open(true), mark('a'), 3))).toEqual(['a']);
    expect(heardMark(room, mark('a'), 1).board).toBeNull();
  });

  it('has each mark once, and no more than it holds', () => {
    const full = Array.from({ length: mostMarks + 5 }, (_, n) => mark(`m${n}`)).reduce((now, one) => heardMark(now, one, 1), open());
    expect(full.board!.marks).toHaveLength(mostMarks);
    expect(idsOf(heardMark(heardMark(open(), mark('a'), 1), mark('a'), 2))).toEqual(['a']);
  });

  it('lets everybody rub out their own, and who leads any', () => {
    const drawn = heardMark(heardMark(open(true), mark('a'), 3), mark('b'), 4);
    expect(idsOf(heardRubbed(drawn, { kind: 'board-rub', ids: ['a', 'b'] }, 3))).toEqual(['b']);
    expect(idsOf(heardRubbed(drawn, { kind: 'board-rub' }, 4))).toEqual(['a']);
    expect(idsOf(heardRubbed(drawn, { kind: 'board-rub' }, 2))).toEqual([]);
  });

  it('keeps what is on it where others may draw from now on, and is empty where it is opened anew', () => {
    const drawn = heardMark(open(), mark('a'), 1);
    expect(idsOf(heardBoard(drawn, { kind: 'board', open: true, all: true, goes: true }, 2))).toEqual(['a']);
    expect(idsOf(heardBoard(drawn, { kind: 'board', open: true }, 2))).toEqual([]);
    expect(heardBoard(drawn, { kind: 'board', open: false }, 2).board).toBeNull();
  });

  it('is shown whole to who comes later, each mark under who drew it, by the first of those who lead alone', () => {
    const drawn = heardMark(heardMark(open(true), mark('a'), 3), mark('b'), 1);
    const told = showBoardTo(drawn, 4).map((effect) => (effect.do === 'say' ? [effect.audience, effect.payload] : null));
    expect(told).toEqual([
      [{ seat: 4 }, { kind: 'board', open: true, all: true, goes: true }],
      [{ seat: 4 }, mark('a', 3)],
      [{ seat: 4 }, mark('b', 1)],
    ]);
    expect(showBoardTo({ ...drawn, self: { ...room.self!, seat: 2, role: 'co_facilitator' } }, 4)).toEqual([]);
    const theirs = heardBoard({ ...room, board: null }, { kind: 'board', open: true, all: true, goes: true }, 1);
    expect(heardMark(theirs, mark('a', 3), 1).board!.marks[0]!.by).toBe(3);
    expect(heardMark(theirs, mark('a', 1), 3).board!.marks[0]!.by).toBe(3); // a member draws under no other name
  });

  it('is opened and closed by who leads; nobody draws where they may not, nor to one person', () => {
    expect(allowed('board', { role: 'member', waiting: false }, 'everyone')).toBe(false);
    expect(allowed('board-mark', { role: 'member', waiting: false }, 'everyone')).toBe(true);
    expect(allowed('board-mark', { role: 'member', waiting: false }, { seat: 1 })).toBe(false);
    expect(allowed('board-mark', { role: null, waiting: true }, 'facilitators')).toBe(false);
    const asMember: Room = { ...open(), self: { ...room.self!, seat: 3, role: 'member' } };
    expect(wished(asMember, { wish: 'mark', mark: { id: 'a', ink: 'red', paths: ['M0,0'] } }).effects).toEqual([]);
    expect(sayBoard(null, true)).toMatchObject([{ payload: { open: false } }]);
  });
});
