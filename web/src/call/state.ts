// SPDX-License-Identifier: Apache-2.0
// The rules of the client: (what we know, what happened, when) -> (what we know now, what to do). Everything a page shows
// of a room comes out of here. Not here: payloads (heard.ts), carrying effects out (session.ts), what pages see (view.ts).
// Invariant: pure; the same events at the same moments give the same room. Specification: docs/protocol.md.
import { announce, announceLater, deliver, hearOpened, sayNow, sayWhatRuns, tellNewcomer, timerNow, toEveryone, toFacilitators } from './heard';
import { askAnswers, askLater, joinedNear, markedNear, sayAnswers, sayAnswersIfLeading, tellNear, tellNow } from './arrived';
import { tellBeside } from './beside';
import { showBoardTo, showMore, wished } from './board';
import { type Audience, type GroupName, keeperRef, type ServerMessage, type Welcome } from './message';
import type { ChatLine, Seat, Stage } from './model';
import { type Payload, readPayload } from './payload';
import {
  type Due,
  type Effect,
  emptyRoom,
  type Event,
  iLead,
  leadsAlone,
  memberAt,
  memberOf,
  type Moment,
  type Room,
  type Said,
  stay,
  type Step,
  whereAmI,
  type Wish,
  withMember,
} from './room';

export function reduce(room: Room, event: Event, moment: Moment): Step {
  switch (event.type) {
    case 'message':
      return onMessage(room, event.message, moment);
    case 'wish':
      return onWish(room, event, moment);
    case 'due':
      return onDue(room, event, moment);
    case 'opened': {
      const payload = readPayload(event.text);
      return payload ? hearOpened(room, event.message, payload, event.standing, moment) : stay(room);
    }
    case 'keyed':
      return onKeyed(room, event.seats);
    case 'unsaid':
      return stay({ ...room, chat: notSent(room.chat, event.ref) });
    case 'clock':
      return stay({ ...room, offset: event.offset });
    case 'line-lost':
      return stay({ ...room, rostered: false });
    case 'recalled':
      return stay({ ...room, recalled: event.memory, privateNow: event.memory.privateNow });
    case 'over':
      return onOver(room, event);
  }
}

// -- the server's messages -----------------------------------------------------------------------------------------------

function onMessage(room: Room, message: ServerMessage, moment: Moment): Step {
  switch (message.type) {
    case 'welcome':
      return onWelcome(room, message, moment);
    case 'state':
      return onState(room, message);
    case 'roster':
      return onRoster(room, message);
    case 'joined': {
      const others = room.people.filter((m) => m.seat !== message.person.seat);
      const people = [...others, memberOf(message.person, undefined)].sort((a, b) => a.place - b.place);
      const next = { ...room, people };
      // In an encrypted room they cannot read anything before they have keys (onKeyed).
      return message.person.seat === room.self?.seat || room.encryption === 'required' ? stay(next) : greet(next, [message.person.seat]);
    }
    case 'changed': {
      const before = memberAt(room, message.person.seat);
      const moved = before !== undefined && before.room !== (message.person.room ?? 'everyone');
      // A hand that was up there says nothing here.
      const after = memberOf(message.person, moved ? { ...before, hand: null, reaction: null } : before);
      const people = room.people.map((m) => (m.seat === after.seat ? after : m)).sort((a, b) => a.place - b.place);
      const next = { ...room, people };
      const mine = after.seat === room.self?.seat;
      const ended = mine && before?.sharing === true && !after.sharing;
      return { room: moved && mine ? closedBehind(next, before.room) : next, effects: ended ? [{ do: 'share-ended' }] : [] };
    }
    case 'left':
      return stay({
        ...room,
        people: room.people.filter((m) => m.seat !== message.seat),
        speaker: room.speaker === message.seat ? null : room.speaker,
        near: markedNear(room, message.seat, false).near,
      });
    case 'waiting': {
      const waiting = message.arrivals.map(({ moved_back, role, ...rest }) => ({ ...rest, role: role ?? ('member' as const), movedBack: moved_back }));
      const next = { ...room, waiting };
      return { room: next, effects: askLater(next) };
    }
    case 'offer':
      return { room, effects: [{ do: 'offer', offer: message }] };
    case 'layers':
      return { room, effects: guidance(message) };
    case 'slots':
      return stay({ ...room, carries: message.carries, extras: message.extras ?? [] });
    case 'backstage':
      return stay({ ...room, backstage: message.seats });
    case 'breakouts':
      return stay({ ...room, breakouts: message.rooms > 0 && message.until !== undefined ? { rooms: message.rooms, until: message.until } : null });
    case 'speaker':
      return stay({ ...room, speaker: message.seat });
    case 'paused':
      return stay({ ...room, paused: pausedFrom(message) });
    case 'locked':
      return stay({ ...room, locked: message.locked });
    case 'muted':
      return { room: { ...room, mutedBy: message.by, askedToMute: null }, effects: [{ do: 'microphone-off' }] };
    case 'asked-to-mute':
      return stay({ ...room, askedToMute: message.by });
    case 'delivered':
      return room.encryption === 'required' ? stay(room) : deliver(room, message, moment); // sealed ones come back as `opened`
    case 'clear-views':
      return stay({ ...room, clearViews: message.seats });
    case 'key-offered':
    case 'groups':
    case 'group-opened':
    case 'committed':
    case 'group-welcome':
      return stay(room); // for e2ee/keeper.ts
    case 'line':
      return stay({ ...room, lines: new Map(room.lines).set(message.seat, message) });
    case 'refused':
      return stay(onRefused(room, message, moment));
    case 'closing':
      return stay({ ...room, serverClosing: true });
    case 'pong':
      return stay(room); // signalling.ts measures; the difference of the clocks comes as its own event
  }
}

// Somebody is new here, and can read what is said.
function greet(room: Room, seats: readonly Seat[]): Step {
  const step = tellNewcomer(room);
  // Who leads alone may have made the keys anew after a reload, with no memory of a board: then there is none, and the others hear it.
  const shown = step.room.board || leadsAlone(step.room) ? showBoardTo(step.room, seats) : stay(step.room);
  return { room: shown.room, effects: [...step.effects, ...seats.flatMap((seat) => joinedNear(room, seat)), ...shown.effects] };
}

function onKeyed(room: Room, seats: readonly Seat[]): Step {
  const own = room.self?.seat;
  const next = { ...room, keyed: seats };
  const wasIn = own !== undefined && room.keyed.includes(own);
  const fresh = seats.filter((seat) => seat !== own && !room.keyed.includes(seat));
  // Who leads and opens the group anew may have it and the others at once: what was said before reached nobody.
  const opens = own !== undefined && seats.includes(own) && iLead(room);
  return (wasIn || opens) && fresh.length > 0 ? greet(next, fresh) : stay(next);
}

function onWelcome(room: Room, welcome: Welcome, moment: Moment): Step {
  const effects: Effect[] = [{ do: 'keep-token', token: welcome.resume }];
  effects.push({ do: welcome.kept === true ? 'same-peer' : 'fresh-peer' });
  effects.push({ do: 'publish' });
  const { admit, moderate, publish_screen: screen } = welcome.permissions;
  if (!welcome.kept) effects.push({ do: 'share-ended' });
  const next: Room = {
    ...(welcome.resumed ? room : forgetGroup(room)),
    encryption: welcome.encryption,
    self: { seat: welcome.seat, arrival: welcome.arrival, role: welcome.role, mayAdmit: admit, mayModerate: moderate, screen },
    offset: room.offset ?? welcome.now - moment.now,
    rostered: false,
    remembers: welcome.resumed ? room.remembers : true,
    nowDue: false,
    recalled: welcome.resumed ? room.recalled : null,
    serverClosing: false,
    carries: welcome.kept ? room.carries : [],
    extras: welcome.kept ? room.extras : [],
    waiting: [],
    stage: stageOf(welcome.state, room.readySaid),
    interrupted: room.interrupted || (!welcome.resumed && room.stage.at === 'present'),
    readySaid: room.readySaid || welcome.state !== 'arriving',
  };
  // The person had said so before the line dropped for too long: they are not asked again.
  if (welcome.state === 'arriving' && room.readySaid) effects.push({ do: 'send', message: { type: 'ready' } });
  if (welcome.state === 'waiting') effects.push(...sayAgain(next), ...sayAnswers(next));
  return { room: next, effects };
}

function stageOf(state: Welcome['state'], readySaid: boolean): Stage {
  if (state === 'waiting') return { at: 'waiting', movedBack: false };
  return state === 'arriving' && readySaid ? { at: 'connecting' } : { at: state };
}

function onState(room: Room, message: Extract<ServerMessage, { type: 'state' }>): Step {
  if (message.state === 'present') return stay({ ...room, stage: { at: 'present' } });
  if (message.state === 'waiting') {
    const movedBack = message.why === 'moved-back';
    const after = movedBack ? forgetGroup(room) : room;
    const interrupted = room.interrupted && !movedBack;
    const stage: Stage = interrupted ? { at: 'waiting', movedBack, interrupted } : { at: 'waiting', movedBack };
    return { room: { ...after, stage, readySaid: true }, effects: [{ do: 'share-ended' }, ...sayAnswers(after)] };
  }
  const why = message.why === undefined || message.why === 'moved-back' ? 'left' : message.why;
  return gone(room, why);
}

function gone(room: Room, why: Extract<Stage, { at: 'gone' }>['why']): Step {
  if (room.stage.at === 'gone') return stay(room);
  return { room: { ...forgetGroup(room), stage: { at: 'gone', why } }, effects: [{ do: 'keep-token', token: null }, { do: 'finish' }] };
}

function onOver(room: Room, { verdict }: Extract<Event, { type: 'over' }>): Step {
  if (verdict.over === 'gone') return gone(room, verdict.why);
  // Somebody who was in the room hears "connection lost", and that it is being tried again, not that there is no room.
  const passing = verdict.why === 'unreachable' && room.stage.at !== 'connecting';
  if (room.stage.at === 'gone' || passing) return stay(room);
  const effects: Effect[] = verdict.why === 'link' || verdict.why === 'too-old-browser' ? [{ do: 'keep-token', token: null }, { do: 'finish' }] : [];
  return { room: { ...room, stage: { at: 'refused', why: verdict.why } }, effects };
}

function onRoster(room: Room, message: Extract<ServerMessage, { type: 'roster' }>): Step {
  const own = room.self?.seat;
  // What others said of themselves before may be out of date: it is asked for again below. What I said of myself stands.
  const people = message.people
    .map((person) => memberOf(person, person.seat === own ? memberAt(room, person.seat) : undefined))
    .sort((a, b) => a.place - b.place);
  const next: Room = {
    ...room,
    stage: { at: 'present' },
    people,
    rostered: true,
    readySaid: true,
    interrupted: false,
    locked: message.locked,
    paused: pausedFrom(message),
    backstage: [],
    clearViews: [],
    breakouts: null, // where they stand, that is said next
    speaker: message.speaker,
  };
  const cameBack = !room.remembers || room.people.length > 0;
  const forgetful: Room = cameBack && !iLead(room) ? { ...next, round: null, timer: null, order: null, beside: null } : next;
  const done: Room = { ...recollected(forgetful), remembers: true, recalled: null };
  const effects: Effect[] = [...announceLater(done), ...sayAgain(done), ...sayAnswersIfLeading(done)];
  if (cameBack) effects.push(toEveryone({ kind: 'ask-now' }));
  if (!room.remembers && leadsAlone(done)) effects.push(toEveryone({ kind: 'board', open: false })); // what was on it nobody who leads knows
  // After a reload everyone sees of this person what this page shows: without a memory, a hand that is down.
  const hand = own === undefined ? null : (memberAt(done, own)?.hand ?? null);
  if (!room.remembers) effects.push(toEveryone({ kind: 'now', hand, private: done.privateNow }));
  else if (done.privateNow) effects.push(toEveryone({ kind: 'private', on: true }));
  return { room: done, effects };
}

// What this tab kept over a reload. Members are told again what runs; who leads may be the only one who knows it.
function recollected(room: Room): Room {
  const { recalled, self } = room;
  if (!recalled || !self) return room;
  const { hand, round, timer, order, beside } = recalled;
  return { ...withMember(room, self.seat, { hand }), ...(iLead(room) && { round, timer, order, beside }) };
}

function pausedFrom(message: { paused: boolean; why?: 'facilitator' | 'no-facilitator'; by?: number }): Room['paused'] {
  return message.paused ? { why: message.why ?? 'facilitator', by: message.by ?? null } : null;
}

function onRefused(room: Room, message: Extract<ServerMessage, { type: 'refused' }>, moment: Moment): Room {
  if (ofDelivery.has(message.what) || message.ref?.startsWith(keeperRef)) return room;
  const refusal = { what: message.what, reason: message.reason, at: moment.wall };
  const chat = message.ref === undefined ? room.chat : notSent(room.chat, message.ref);
  // "I'm ready" was said again for the person, and the room cannot take them now: the page asks for it again.
  const asked = message.what === 'ready' && room.stage.at === 'connecting';
  return { ...room, refusal, chat, ...(asked && { stage: { at: 'arriving' } }) };
}

// Answers to the keeper of keys, not to the person.
const ofDelivery: ReadonlySet<string> = new Set(['key-package', 'group-open', 'commit', 'commits-since']);

function notSent(chat: Room['chat'], ref: string): Said[] {
  return chat.map((said): Said => (said.line.own && said.line.id === ref ? { line: { ...said.line, state: 'failed' }, sending: null } : said));
}

function guidance({ source, count, bits_per_second: bps, packet_ms: packetMs }: Extract<ServerMessage, { type: 'layers' }>): Effect[] {
  if (source === 'camera') return [{ do: 'layers', camera: { count, bps: bps ?? null } }];
  return source === 'microphone' && bps !== undefined ? [{ do: 'layers', sound: { bps, packetMs: packetMs ?? null } }] : [];
}

// Out of the group: nothing of it stays here but the line to and from the facilitators. Somebody who is not alone stays
// covered, whatever happened to the line or to their place in the room.
function forgetGroup(room: Room): Room {
  const { stage, encryption, self, offset, booked, readySaid, interrupted, remembers, lines, privateNow, myAnswers } = room;
  const chat = room.chat.filter(({ line }) => (line.own && line.to === 'facilitators') || (typeof line.to === 'object' && 'arrival' in line.to));
  return { ...emptyRoom, stage, encryption, self, offset, booked, readySaid, interrupted, remembers, lines, chat, privateNow, myAnswers };
}

// What was being said when the line dropped is said again; its id lets the others drop what they had already heard.
function sayAgain(room: Room): Effect[] {
  return room.chat.flatMap((said): Effect[] =>
    said.sending ? [{ do: 'say', payload: said.sending.payload, audience: said.sending.audience, ref: said.line.id }] : [],
  );
}

// -- the person's wishes -------------------------------------------------------------------------------------------------

function onWish(room: Room, wish: Wish, moment: Moment): Step {
  const say = (payload: Payload): Step => ({ room, effects: [toEveryone(payload)] });
  const sayHere = (payload: Payload): Step => ({ room, effects: [{ do: 'say', payload, audience: audienceHere(room) }] });
  switch (wish.wish) {
    case 'ready':
      return { room: { ...room, readySaid: true, myAnswers: wish.answers ?? room.myAnswers }, effects: [{ do: 'send', message: { type: 'ready' } }] };
    case 'say':
      return saying(room, wish, moment);
    case 'hand':
      return sayHere({ kind: 'hand', up: wish.up });
    case 'react':
      return sayHere({ kind: 'reaction', name: wish.name });
    case 'help':
      return { room, effects: [toFacilitators({ kind: 'help' })] };
    case 'answer-help':
      return {
        room: { ...room, helpAsked: room.helpAsked.filter((seat) => seat !== wish.seat) },
        effects: [toFacilitators({ kind: 'help-answered', seat: wish.seat })],
      };
    case 'private':
      return privately(room, wish.on);
    case 'dismiss-asked-to-mute':
      return stay({ ...room, askedToMute: null });
    case 'microphone-switched':
      return stay(wish.on ? { ...room, mutedBy: null } : { ...room, askedToMute: null });
    case 'lower-hands':
      return say(wish.seats ? { kind: 'lower-hands', seats: wish.seats } : { kind: 'lower-hands' });
    case 'round':
      return say({ kind: 'round', seats: wish.seats, at: 0 });
    case 'next-in-round':
      return room.round ? say({ kind: 'round', ...nextOf(room.round) }) : stay(room);
    case 'end-round':
      return say({ kind: 'round', seats: [], at: 0, done: true });
    case 'timer':
      return say({ kind: 'timer', length: wish.lengthMs, left: wish.lengthMs, running: wish.lengthMs > 0 });
    case 'timer-runs':
      return room.timer ? say({ ...(timerNow(room.timer, moment) as Extract<Payload, { kind: 'timer' }>), running: wish.running }) : stay(room);
    case 'order':
      return say({ kind: 'order', seats: wish.seats });
    case 'names': {
      const next = { ...room, booked: new Map(wish.names) };
      return { room: next, effects: announceLater(next) };
    }
    case 'near':
      return tellNear(room, wish.seat, wish.on);
    case 'show-agreement':
      return say({ kind: 'agreement', ...wish.agreement });
    case 'tell-beside':
      return { room, effects: [tellBeside(room, wish.people)] };
    case 'tell-marked':
      return { room, effects: [toFacilitators({ kind: 'marked' })] };
    case 'board':
    case 'mark':
    case 'rub-out':
      return wished(room, wish);
    case 'tell-unsealed':
      return { room, effects: [toFacilitators({ kind: 'unsealed', what: wish.what, again: wish.again })] };
    case 'dismiss-unsealed':
      return stay({ ...room, unsealed: room.unsealed.filter(({ seat, what }) => seat !== wish.seat || what !== wish.what) });
    case 'dismiss-agreement':
      return stay({ ...room, agreement: null });
    case 'leave':
      return leaving(room);
  }
}

// What was written in a room that is closed stays nowhere.
const closedBehind = (room: Room, left: GroupName): Room => ({
  ...room,
  chat: room.chat.filter(({ line }) => !(left !== 'everyone' && typeof line.to === 'object' && 'group' in line.to && line.to.group === left)),
});

// Those I am with.
function audienceHere(room: Room): Audience {
  const group = whereAmI(room);
  return group === 'everyone' ? 'everyone' : { group };
}

function leaving(room: Room): Step {
  const step = gone(room, 'left');
  return { room: step.room, effects: [{ do: 'send', message: { type: 'leave' } }, ...step.effects] };
}

function nextOf(round: NonNullable<Room['round']>): { seats: number[]; at: number; done?: boolean } {
  const at = round.at + 1;
  return at < round.seats.length ? { seats: round.seats, at } : { seats: round.seats, at, done: true };
}

function privately(room: Room, on: boolean): Step {
  if (room.privateNow === on) return stay(room);
  const own = room.self?.seat;
  const next = own === undefined ? room : withMember(room, own, { privateNow: on });
  const effects: Effect[] = on ? [{ do: 'switches-off' }] : [];
  if (room.stage.at === 'present') effects.push(toEveryone({ kind: 'private', on }));
  return { room: { ...next, privateNow: on }, effects };
}

function saying(room: Room, wish: Extract<Wish, { wish: 'say' }>, moment: Moment): Step {
  if (!room.self || wish.text.trim() === '') return stay(room);
  const text = wish.text.slice(0, 2000);
  const waitingMyself = room.stage.at === 'waiting' || room.stage.at === 'arriving';
  const to: ChatLine['to'] = waitingMyself ? 'facilitators' : wish.to === 'everyone' ? audienceHere(room) : wish.to;
  const toArrival = typeof to === 'object' && 'arrival' in to;
  const payload: Payload = { kind: waitingMyself || toArrival ? 'note' : 'chat', text, id: wish.id };
  const line: ChatLine = {
    id: wish.id,
    at: moment.wall,
    from: room.self.seat,
    fromWaiting: waitingMyself ? room.self.arrival : null,
    to,
    text,
    own: true,
    state: 'sending',
  };
  const said: Said = { line, sending: { payload, audience: to } };
  return { room: { ...room, chat: [...room.chat, said] }, effects: [{ do: 'say', payload, audience: to, ref: wish.id }] };
}

// -- what was set for later ----------------------------------------------------------------------------------------------

function onDue(room: Room, due: Due, moment: Moment): Step {
  switch (due.due) {
    case 'fade': {
      const member = memberAt(room, due.seat);
      return stay(member?.reaction && member.reaction.until <= due.until ? withMember(room, due.seat, { reaction: null }) : room);
    }
    case 'say-now':
      return sayNow(room, moment);
    case 'say-what-runs':
      return { room, effects: sayWhatRuns(room, moment, due.whole) };
    case 'announce':
      return { room, effects: announce(room, due.heard) };
    case 'ask-answers':
      return askAnswers(room);
    case 'tell-near':
      return tellNow(room, due.seat);
    case 'show-board':
      return showMore(room);
  }
}
