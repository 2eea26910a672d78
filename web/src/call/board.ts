// SPDX-License-Identifier: Apache-2.0
// The whiteboard: who opened it and whether everyone draws, and the marks on it, as messages of the group say. Whoever leads opens,
// clears and closes it, and may rub out any mark; others draw where they are let, and rub out their own. It stands in the memory of those
// who are present and nowhere else. Not here: drawing (ui/room/board_canvas.ts). Invariants: pure; what is on it is bounded; a mark of
// somebody who may not draw is not on it.
import { mostIds } from './board_form';
import { toEveryone } from './heard';
import type { Board, BoardControl, BoardMark, Seat } from './model';
import { leads, type Payload } from './payload';
import { type Effect, iLead, memberAt, rankAmongLeaders, type Room, stay, type Step, type Wish } from './room';

// Of the whole board, and of one person who does not lead: nobody fills it alone.
export const most = { marks: 600, points: 45_000 };
export const mostOfOne = { marks: 200, points: 15_000 };

const showEveryMs = 150; // the room lets a person say 40 things a second, and 200 in ten
const bundleLength = 5_000; // characters of marks in one message, of 8 KiB sealed

type Said<K extends Payload['kind']> = Extract<Payload, { kind: K }>;

const leadsAt = (room: Room, seat: Seat): boolean => leads(memberAt(room, seat)?.role ?? 'member');
export const mayDraw = (room: Room, seat: Seat): boolean => room.board !== null && (room.board.all || leadsAt(room, seat));

const within = (marks: readonly BoardMark[], limit: typeof most, more: number): boolean =>
  marks.length < limit.marks && marks.reduce((sum, { points }) => sum + points.length / 2, more) <= limit.points;
// `more`: the points of another mark.
export const hasPlace = (marks: readonly BoardMark[], of: { seat: Seat; leading: boolean }, more = 1): boolean =>
  within(marks, most, more) && (of.leading || within(marks.filter(({ by }) => by === of.seat), mostOfOne, more));

// Opened anew it is empty.
export function heardBoard(room: Room, { open, all, goes, by }: Said<'board'>, seat: Seat): Room {
  if (!open) return { ...room, board: null };
  const before = goes === true ? room.board : null;
  return { ...room, board: { by: before?.by ?? by ?? seat, all: all === true, marks: before?.marks ?? [] } };
}

export function heardMarks(room: Room, { marks }: Said<'board-marks'>, seat: Seat): Room {
  if (!mayDraw(room, seat)) return room;
  return marks.reduce((now, mark) => withMark(now, mark, seat), room);
}

// `by`: whose it is, where who leads says an earlier one again to somebody who came later.
function withMark(room: Room, { id, ink, points, by }: Said<'board-marks'>['marks'][number], seat: Seat): Room {
  const { board } = room;
  const leading = leadsAt(room, seat);
  if (!board || board.marks.some((mark) => mark.id === id) || !hasPlace(board.marks, { seat, leading }, points.length / 2)) return room;
  return { ...room, board: { ...board, marks: [...board.marks, { id, by: leading ? (by ?? seat) : seat, ink, points }] } };
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
  const seat = room.self?.seat ?? 0;
  switch (wish.wish) {
    case 'board':
      return say(wish.open ? { kind: 'board', open: true, all: wish.all, ...(room.board && { goes: true }) } : { kind: 'board', open: false });
    case 'mark': {
      const may = mayDraw(room, seat) && hasPlace(room.board?.marks ?? [], { seat, leading: iLead(room) }, wish.mark.points.length / 2);
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
