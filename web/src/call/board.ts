// SPDX-License-Identifier: Apache-2.0
// The whiteboard: who opened it and whether everyone draws, and the marks on it, as messages of the group say. Whoever leads opens,
// clears and closes it, and may rub out any mark; others draw where they are let, and rub out their own. It stands in the memory of those
// who are present and nowhere else. Not here: drawing (ui/room/board_canvas.ts). Invariants: pure; what is on it is bounded; a mark of
// somebody who may not draw is not on it.
import { mostIds } from './board_form';
import { toEveryone } from './heard';
import type { Board, BoardControl, BoardMark, Seat } from './model';
import type { Payload } from './payload';
import { type Delivered, type Effect, iLead, rankAmongLeaders, type Room, stay, type Step, type Wish } from './room';

// Of the whole board, and of one person who does not lead: nobody fills it alone.
export const most = { marks: 600, points: 45_000 };
export const mostOfOne = { marks: 200, points: 15_000 };

const showEveryMs = 150; // the room lets a person say 40 things a second, and 200 in ten
const bundleLength = 5_000; // characters of marks in one message, of 8 KiB sealed

type Said<K extends Payload['kind']> = Extract<Payload, { kind: K }>;

// Who says it: as their key does, not the roster.
export interface Sayer {
  seat: Seat;
  leading: boolean;
}

const within = (marks: readonly BoardMark[], limit: typeof most, more: number): boolean =>
  marks.length < limit.marks && marks.reduce((sum, { points }) => sum + points.length / 2, more) <= limit.points;
// `more`: the points of another mark.
export const hasPlace = (marks: readonly BoardMark[], of: Sayer, more = 1): boolean =>
  within(marks, most, more) && (of.leading || within(marks.filter(({ by }) => by === of.seat), mostOfOne, more));

// What was said to one person is theirs alone: whoever said it has it back from the room, too.
export function heardOfBoard(room: Room, payload: Said<'board' | 'board-marks' | 'board-rub'>, { message, leading }: { message: Pick<Delivered, 'from' | 'audience'>; leading: boolean }): Room {
  const { audience } = message;
  if (typeof audience === 'object' && (!('seat' in audience) || audience.seat !== room.self?.seat)) return room;
  const by: Sayer = { seat: message.from.seat, leading };
  switch (payload.kind) {
    case 'board':
      return { ...room, board: opened(room.board, payload, by) };
    case 'board-marks':
      return { ...room, board: payload.marks.reduce((board, mark) => drawn(board, mark, by), room.board) };
    case 'board-rub':
      return { ...room, board: rubbed(room.board, payload, by) };
  }
}

// Opened anew it is empty.
function opened(board: Board | null, { open, all, goes, by }: Said<'board'>, sayer: Sayer): Board | null {
  if (!open) return null;
  const before = goes === true ? board : null;
  return { by: before?.by ?? by ?? sayer.seat, all: all === true, marks: before?.marks ?? [] };
}

// `by`: whose it is, where who leads says an earlier one again to somebody who came later.
function drawn(board: Board | null, { id, ink, points, by }: Said<'board-marks'>['marks'][number], sayer: Sayer): Board | null {
  if (!board || !(board.all || sayer.leading)) return board;
  if (board.marks.some((mark) => mark.id === id) || !hasPlace(board.marks, sayer, points.length / 2)) return board;
  return { ...board, marks: [...board.marks, { id, by: sayer.leading ? (by ?? sayer.seat) : sayer.seat, ink, points }] };
}

function rubbed(board: Board | null, { ids }: Said<'board-rub'>, { seat, leading }: Sayer): Board | null {
  const gone = (mark: BoardMark): boolean => (ids === undefined || ids.includes(mark.id)) && (mark.by === seat || leading);
  return board && { ...board, marks: board.marks.filter((mark) => !gone(mark)) };
}

export const boardControl = (wish: (wish: Wish) => void): BoardControl => ({
  open: (all) => wish({ wish: 'board', open: true, all }),
  close: () => wish({ wish: 'board', open: false, all: false }),
  draw: (mark) => wish({ wish: 'mark', mark }),
  rubOut: (ids) => wish({ wish: 'rub-out', ids: ids ?? null }),
});

export function wished(room: Room, wish: Extract<Wish, { wish: 'board' | 'mark' | 'rub-out' }>): Step {
  const say = (payload: Payload): Step => ({ room, effects: [toEveryone(payload)] });
  const self: Sayer = { seat: room.self?.seat ?? 0, leading: iLead(room) };
  switch (wish.wish) {
    case 'board':
      return say(wish.open ? { kind: 'board', open: true, all: wish.all, ...(room.board && { goes: true }) } : { kind: 'board', open: false });
    case 'mark': {
      const { board } = room;
      const may = board && (board.all || self.leading) && hasPlace(board.marks, self, wish.mark.points.length / 2);
      return may ? say({ kind: 'board-marks', marks: [wish.mark] }) : stay(room);
    }
    case 'rub-out':
      return { room, effects: wish.ids ? chunks(wish.ids).map((ids) => toEveryone({ kind: 'board-rub', ids })) : [toEveryone({ kind: 'board-rub' })] };
  }
}

const chunks = (ids: readonly string[]): string[][] => (ids.length === 0 ? [] : [ids.slice(0, mostIds), ...chunks(ids.slice(mostIds))]);

// -- to who came later ---------------------------------------------------------------------------------------------------

const later: Effect = { do: 'later', ms: showEveryMs, spread: 0, then: { due: 'show-board' } };

// By the first of those who lead, a little at a time; whoever asks again meanwhile begins anew. Who asks may remember a board that was
// closed while they were away, so they are told as well where there is none.
export function showBoardTo(room: Room, seats: readonly Seat[]): Step {
  const now = seats.filter((seat) => rankAmongLeaders(room, seat) === 0);
  if (now.length === 0) return stay(room);
  const others = room.boardFor.filter(({ seat }) => !now.includes(seat));
  return { room: { ...room, boardFor: [...others, ...now.map((seat) => ({ seat, told: null }))] }, effects: room.boardFor.length > 0 ? [] : [later] };
}

// The next piece, to the first who waits for one.
export function showMore(room: Room): Step {
  const [first, ...others] = room.boardFor;
  if (!first) return stay(room);
  const { payloads, told } = nextFor(room.board, first.told);
  const boardFor = told ? [{ seat: first.seat, told }, ...others] : others;
  const effects = payloads.map((payload): Effect => ({ do: 'say', payload, audience: { seat: first.seat } }));
  return { room: { ...room, boardFor }, effects: boardFor.length > 0 ? [...effects, later] : effects };
}

// `told`: the marks that were told so far, then those that are when this has been said; null: it is over. What others draw and rub out
// meanwhile may cross it, so what was told is held against what stands once more before it is.
function nextFor(board: Board | null, told: readonly string[] | null): { payloads: Payload[]; told: readonly string[] | null } {
  if (!board) return { payloads: told ? [] : [{ kind: 'board', open: false }], told: null };
  if (!told) return { payloads: [{ kind: 'board', open: true, all: board.all, by: board.by }], told: [] };
  const gone = told.filter((id) => !board.marks.some((mark) => mark.id === id)).slice(0, mostIds);
  const marks = bundle(board.marks.filter(({ id }) => !told.includes(id)));
  const payloads: Payload[] = [];
  if (gone.length > 0) payloads.push({ kind: 'board-rub', ids: gone });
  if (marks.length > 0) payloads.push({ kind: 'board-marks', marks });
  const now = [...told.filter((id) => !gone.includes(id)), ...marks.map(({ id }) => id)];
  return { payloads, told: payloads.length > 0 ? now : null };
}

function bundle(marks: readonly BoardMark[]): BoardMark[] {
  let length = 0;
  const end = marks.findIndex((mark, n) => (length += JSON.stringify(mark).length) > bundleLength && n > 0);
  return marks.slice(0, end < 0 ? undefined : end);
}
