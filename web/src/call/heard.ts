// SPDX-License-Identifier: Apache-2.0
// What others' clients say inside `delivered`, and what this client says unasked: names, `now`, what runs.
// Not here: bytes (payload.ts). Invariant: a payload counts only where the server-stated sender may say it (payload.ts
// `allowed`); nothing a payload says can make its sender somebody else.
import { heardAnswers, markedNear, sayAnswers, sayWhoIsNear } from './arrived';
import { heardBeside, sayBeside } from './beside';
import { heardOfBoard, showBoardTo } from './board';
import type { Audience } from './message';
import type { ChatLine, Role, Seat } from './model';
import { allowed, leads, open, type Payload, type Standing } from './payload';
import {
  type Delivered,
  type Effect,
  iLead,
  memberAt,
  type Moment,
  rankAmongLeaders,
  type Room,
  type Said,
  stay,
  type Step,
  wallOfServer,
  withMember,
} from './room';

export const reactionLastsMs = 6_000;
const nextLeaderAfterMs = 400;
const chatKept = 500;

export function deliver(room: Room, message: Delivered, moment: Moment): Step {
  const payload = open(message.payload);
  if (!payload) return stay(room);
  const { seat, arrival } = message.from;
  const own = seat === room.self?.seat && (arrival === undefined || arrival === room.self.arrival);
  // Only what a person says from the waiting room carries an arrival; a seat that is taken may also have a second arrival.
  const waiting = arrival !== undefined;
  const role = memberAt(room, seat)?.role ?? (own ? (room.self?.role ?? null) : leftSince(room, payload, message));
  if (!allowed(payload.kind, { role, waiting }, message.audience)) return stay(room);
  if (role === null && !waiting && room.stage.at !== 'waiting') return stay(room);
  return hear(room, payload, { message, own, leading: role !== null && leads(role), moment });
}

// Help that somebody asked for while no facilitator was here, and who has left since: the room kept it, and who they were
// no roster says. They asked as a member, whoever they were.
function leftSince(room: Room, payload: Payload, { from, audience }: Delivered): Role | null {
  return payload.kind === 'help' && audience === 'facilitators' && from.arrival === undefined && iLead(room) ? 'member' : null;
}

// In an encrypted room: by whom it was said stands in their key, and the server's word for it is not asked.
export function hearOpened(room: Room, message: Delivered, payload: Payload, standing: Standing, moment: Moment): Step {
  const { seat, arrival } = message.from;
  const own = seat === room.self?.seat && (arrival === undefined || arrival === room.self.arrival);
  if (!allowed(payload.kind, standing, message.audience)) return stay(room);
  return hear(room, payload, { message, own, leading: standing.role !== null && leads(standing.role), moment });
}

interface Context {
  message: Delivered;
  own: boolean;
  leading: boolean; // who says it
  moment: Moment;
}

function hear(room: Room, payload: Payload, context: Context): Step {
  const seat = context.message.from.seat;
  switch (payload.kind) {
    case 'names': {
      const names = new Map(room.names);
      for (const [key, alias] of Object.entries(payload.names)) {
        if (/^[1-9][0-9]{0,14}$/.test(key) && alias.trim() !== '') names.set(Number(key), alias);
      }
      const seats = Object.keys(payload.names).map(Number);
      // My own, given back late, tells nothing of whether somebody who was not in the keys then has heard them.
      return stay({ ...room, names, lastNames: context.own ? room.lastNames : { count: room.lastNames.count + 1, seats } });
    }
    case 'now': {
      const changed = withMember(room, seat, { hand: payload.hand, privateNow: payload.private ?? false });
      return payload.reaction ? reacted(changed, seat, payload.reaction, context.moment) : stay(changed);
    }
    case 'hand':
      return stay(withMember(room, seat, { hand: payload.up ? (memberAt(room, seat)?.hand ?? context.message.order) : null }));
    case 'lower-hands': {
      const lowered = payload.seats;
      return stay({ ...room, people: room.people.map((m) => (!lowered || lowered.includes(m.seat) ? { ...m, hand: null } : m)) });
    }
    case 'reaction':
      return reacted(room, seat, payload.name, context.moment);
    case 'private':
      return stay(withMember(room, seat, { privateNow: payload.on }));
    case 'chat':
    case 'note':
      return stay(chatted(room, payload, context));
    case 'round': {
      const over = payload.done === true || payload.at >= payload.seats.length;
      return stay({ ...room, round: over ? null : { seats: payload.seats, at: payload.at } });
    }
    case 'timer':
      return stay({ ...room, timer: timerFrom(room, payload, context) });
    case 'order':
      return stay({ ...room, order: payload.seats });
    case 'help':
      return stay({ ...room, helpAsked: helpAfter(room, seat, payload.calm !== true) });
    case 'help-answered':
      return stay({ ...room, helpAsked: helpAfter(room, payload.seat, false) });
    case 'answers':
      return stay(heardAnswers(room, seat, payload));
    case 'ask-answers':
      return { room, effects: room.stage.at === 'waiting' ? sayAnswers(room) : [] };
    case 'near':
      return stay(markedNear(room, payload.seat, payload.on));
    case 'agreement': {
      const { number, title, points, easy } = payload;
      return stay({ ...room, agreement: { number, title, points, easy } });
    }
    case 'beside':
      return stay(heardBeside(room, payload.people));
    case 'receives': {
      const { soundOnly, saver, megabytes, bytesPerSecond = null } = payload;
      return stay({ ...room, receives: new Map(room.receives).set(seat, { soundOnly, saver, megabytes, bytesPerSecond }) });
    }
    case 'marked':
      return stay(context.own || !iLead(room) ? room : { ...room, marked: room.marked + 1 });
    case 'board':
    case 'board-marks':
    case 'board-rub':
      return stay(heardOfBoard(room, payload, context));
    case 'clear-view':
      return { room, effects: iLead(room) && !context.own ? [{ do: 'clear-view-key', seat, key: payload.key, number: payload.number }] : [] };
    case 'unsealed': {
      if (context.own || !iLead(room)) return stay(room);
      const { what, again } = payload;
      return stay({ ...room, unsealed: [...room.unsealed.filter((one) => one.seat !== seat || one.what !== what), { seat, what, again }] });
    }
    case 'ask-now':
      return context.own ? stay(room) : tellNewcomer(room, seat);
  }
}

function helpAfter(room: Room, seat: Seat, asked: boolean): readonly Seat[] {
  const others = room.helpAsked.filter((s) => s !== seat);
  return asked && iLead(room) ? [...others, seat] : others;
}

function reacted(room: Room, seat: Seat, name: NonNullable<Room['people'][number]['reaction']>['name'], moment: Moment): Step {
  const until = moment.wall + reactionLastsMs;
  return {
    room: withMember(room, seat, { reaction: { name, until } }),
    effects: [{ do: 'later', ms: reactionLastsMs, spread: 0, then: { due: 'fade', seat, until } }],
  };
}

function timerFrom(room: Room, payload: Extract<Payload, { kind: 'timer' }>, { message, moment }: Context): Room['timer'] {
  if (payload.length <= 0) return null;
  const left = Math.max(0, Math.min(payload.left, payload.length));
  const from = wallOfServer(room, message.at, moment);
  return { lengthMs: payload.length, endsAt: payload.running ? from + left : null, leftMs: left };
}

function chatted(room: Room, payload: Extract<Payload, { kind: 'chat' | 'note' }>, { message, own, moment }: Context): Room {
  const { seat, arrival } = message.from;
  const id = own ? (message.ref ?? payload.id) : payload.id !== undefined ? `${seat}.${arrival ?? ''}.${payload.id}` : undefined;
  const line: ChatLine = {
    id: id ?? `order.${message.order}`,
    at: wallOfServer(room, message.at, moment),
    from: seat,
    fromWaiting: arrival ?? null,
    to: message.audience,
    text: payload.text,
    own,
    state: 'sent',
  };
  const known = room.chat.findIndex((said) => said.line.id === line.id && said.line.own === own);
  const chat: Said[] = [...room.chat];
  if (known < 0) chat.push({ line, sending: null });
  else if (own) chat[known] = { line: { ...line, to: chat[known]!.line.to }, sending: null };
  return { ...room, chat: chat.slice(-chatKept) };
}

// -- what this client says unasked ---------------------------------------------------------------------------------------

// Someone is new here, or has lost their memory: say how I am; if I lead, say names and what runs.
export function tellNewcomer(room: Room, asker: Seat | null = null): Step {
  const effects: Effect[] = [];
  let after = room;
  if (!room.nowDue && room.stage.at === 'present') {
    after = { ...room, nowDue: true };
    effects.push({ do: 'later', ms: 0, spread: 300, then: { due: 'say-now' } });
  }
  effects.push(...announceLater(room));
  if (asker !== null) {
    const shown = showBoardTo(after, [asker]);
    after = shown.room;
    effects.push(...shown.effects);
  }
  // A leader who asks may remember what another has ended meanwhile, so what does not run is said as well.
  const askerLeads = asker !== null && leads(memberAt(room, asker)?.role ?? 'member');
  if (rankAmongLeaders(room, asker) === 0) effects.push({ do: 'later', ms: 0, spread: 0, then: { due: 'say-what-runs', whole: askerLeads } });
  return { room: after, effects };
}

export function announceLater(room: Room): Effect[] {
  const rank = rankAmongLeaders(room);
  if (rank === null || room.booked.size === 0) return [];
  return [{ do: 'later', ms: rank * nextLeaderAfterMs, spread: 0, then: { due: 'announce', heard: room.lastNames.count } }];
}

export function announce(room: Room, heard: number): Effect[] {
  if (rankAmongLeaders(room) === null) return [];
  const known = room.people.map((m) => m.seat).filter((seat) => room.booked.has(seat));
  if (known.length === 0) return [];
  const told = room.lastNames.count !== heard && known.every((seat) => room.lastNames.seats.includes(seat));
  if (told) return [];
  const names = Object.fromEntries(known.map((seat) => [String(seat), room.booked.get(seat) ?? '']));
  return [toEveryone({ kind: 'names', names })];
}

export function sayNow(room: Room, moment: Moment): Step {
  const after = { ...room, nowDue: false };
  const me = room.self ? memberAt(room, room.self.seat) : undefined;
  if (!me || room.stage.at !== 'present') return stay(after);
  const reaction = me.reaction && me.reaction.until > moment.wall ? me.reaction.name : undefined;
  if (me.hand === null && !room.privateNow && !reaction) return stay(after); // nothing to tell
  return { room: after, effects: [toEveryone({ kind: 'now', hand: me.hand, reaction, private: room.privateNow })] };
}

export function sayWhatRuns(room: Room, moment: Moment, whole: boolean): Effect[] {
  const effects: Effect[] = [];
  if (room.round) effects.push(toEveryone({ kind: 'round', seats: room.round.seats, at: room.round.at }));
  else if (whole) effects.push(toEveryone({ kind: 'round', seats: [], at: 0, done: true }));
  if (room.timer) effects.push(toEveryone(timerNow(room.timer, moment)));
  else if (whole) effects.push(toEveryone({ kind: 'timer', length: 0, left: 0, running: false }));
  if (room.order) effects.push(toEveryone({ kind: 'order', seats: [...room.order] }));
  else if (whole) effects.push(toEveryone({ kind: 'order', seats: null }));
  effects.push(...sayWhoIsNear(room), ...sayBeside(room, whole));
  return effects;
}

export function timerNow(timer: NonNullable<Room['timer']>, moment: Moment): Payload {
  const left = timer.endsAt === null ? timer.leftMs : Math.max(0, timer.endsAt - moment.wall);
  return { kind: 'timer', length: timer.lengthMs, left, running: timer.endsAt !== null };
}

export const toEveryone = (payload: Payload): Effect => ({ do: 'say', payload, audience: 'everyone' });
export const toFacilitators = (payload: Payload): Effect => ({ do: 'say', payload, audience: 'facilitators' });
export const audienceOf = (to: ChatLine['to']): Audience => to;
