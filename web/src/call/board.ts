// SPDX-License-Identifier: Apache-2.0
// The whiteboard: who opened it and whether everyone draws, and the marks on it, as messages of the group say. Whoever leads opens,
// clears and closes it, and may rub out any mark; others draw where they are let, and rub out their own. It stands in the memory of those
// who are present and nowhere else. Not here: drawing (ui/room/board_canvas.ts). Invariants: pure; what is on it is bounded; a mark of
// somebody who may not draw is not on it.
import { toEveryone } from './heard';
import type { Board, BoardControl, BoardMark, Seat } from './model';
import { leads, type Payload } from './payload';
import { type Effect, iLead, memberAt, rankAmongLeaders, type Room, stay, type Step, type Wish } from './room';

export const mostMarks = 500;
export const mostPaths = 4;

type Said<K extends Payload['kind']> = Extract<Payload, { kind: K }>;

const leadsAt = (room: Room, seat: Seat): boolean => leads(memberAt(room, seat)?.role ?? 'member');
export const mayDraw = (room: Room, seat: Seat): boolean => room.board !== null && (room.board.all || leadsAt(room, seat));

// Opened anew it is empty.
export function heardBoard(room: Room, { open, all, goes }: Said<'board'>, seat: Seat): Room {
  if (!open) return { ...room, board: null };
  const marks = room.board && goes === true ? room.board.marks : [];
  return { ...room, board: { by: room.board && goes === true ? room.board.by : seat, all: all === true, marks } };
}

// `by`: whose it is, where who leads says an earlier one again to somebody who came later.
export function heardMark(room: Room, { id, ink, paths, by }: Said<'board-mark'>, seat: Seat): Room {
  const { board } = room;
  const whose = by !== undefined && leadsAt(room, seat) ? by : seat;
  if (!board || !mayDraw(room, seat) || board.marks.length >= mostMarks || board.marks.some((mark) => mark.id === id)) return room;
  return { ...room, board: { ...board, marks: [...board.marks, { id, by: whose, ink, paths }] } };
}

export function heardRubbed(room: Room, { ids }: Said<'board-rub'>, seat: Seat): Room {
  const { board } = room;
  if (!board) return room;
  const gone = (mark: BoardMark): boolean => (ids === undefined || ids.includes(mark.id)) && (mark.by === seat || leadsAt(room, seat));
  return { ...room, board: { ...board, marks: board.marks.filter((mark) => !gone(mark)) } };
}

export const boardControl = (wish: (wish: Wish) => void): BoardControl => ({
  open: (all) => wish({ wish: 'board', open: true, all }),
  close: () => wish({ wish: 'board', open: false, all: false }),
  draw: (mark) => wish({ wish: 'mark', mark }),
  rubOut: (ids) => wish({ wish: 'rub-out', ids: ids ?? null }),
});

export function wished(room: Room, wish: Extract<Wish, { wish: 'board' | 'mark' | 'rub-out' }>): Step {
  const say = (payload: Payload): Step => ({ room, effects: [toEveryone(payload)] });
  const own = room.self?.seat ?? 0;
  switch (wish.wish) {
    case 'board':
      return say(wish.open ? { kind: 'board', open: true, all: wish.all, ...(room.board && { goes: true }) } : { kind: 'board', open: false });
    case 'mark':
      return mayDraw(room, own) && wish.mark.paths.length <= mostPaths ? say({ kind: 'board-mark', ...wish.mark }) : stay(room);
    case 'rub-out':
      return say({ kind: 'board-rub', ...(wish.ids && { ids: wish.ids }) });
  }
}

const stands = ({ all }: Board): Payload => ({ kind: 'board', open: true, all, goes: true });

export const sayBoard = (board: Board | null, whole: boolean): Effect[] => {
  if (board) return [toEveryone(stands(board))];
  return whole ? [toEveryone({ kind: 'board', open: false })] : [];
};

// To who came later, by the first of those who lead.
export function showBoardTo(room: Room, seat: Seat): Effect[] {
  const { board } = room;
  if (!board || !iLead(room) || rankAmongLeaders(room, seat) !== 0) return [];
  const to = (payload: Payload): Effect => ({ do: 'say', payload, audience: { seat } });
  return [to(stands(board)), ...board.marks.map(({ id, by, ink, paths }) => to({ kind: 'board-mark', id, by, ink, paths }))];
}
