// SPDX-License-Identifier: Apache-2.0
// What pages see of a call (model.ts), made from what we know: the room's value, the devices, the line, and which stream
// each slot brings. Not here: any rule of the room. Invariant: pure; "not private now" shows nobody.
import type { CallState, Connection, Devices, EncryptionState, LineCheck, OwnShare, Person, Seat } from './model';
import type { Encryption } from '../e2ee/client';
import { leads } from './payload';
import type { Slots } from './slots';
import type { MediaState } from './peer';
import { type Member, memberAt, type Moment, type Room, wallOfServer, whereAmI } from './room';
import type { LineState } from './signalling';

type View = Encryption['view'];

export interface Around {
  devices: Devices;
  connection: Connection;
  lineCheck: LineCheck;
  soundOnly: boolean;
  data: CallState['data'];
  needsGestureForSound: boolean;
  pictureOf(seat: Seat): MediaStream | null;
  screenOf(seat: Seat): MediaStream | null;
  share: OwnShare | null;
  shareTrouble: CallState['shareTrouble'];
  encryption: EncryptionState;
  backstage: boolean; // I talk to the others who lead
  clearView: boolean; // I show those who lead my camera as it is
  clearOf(seat: Seat): MediaStream | null;
  keyed(seat: Seat): boolean;
}

export function callState(room: Room, around: Around, moment: Moment): CallState {
  const { devices, connection, lineCheck, soundOnly, data, needsGestureForSound } = around;
  const queue = room.people.filter((m) => m.hand !== null).sort((a, b) => (a.hand ?? 0) - (b.hand ?? 0));
  return {
    stage: room.stage,
    encryption: around.encryption,
    self: room.self && selfOf(room, room.self),
    people: ordered(room).map((member) => person(room, around, member, queue)),
    speaker: room.speaker,
    waiting: room.waiting.map((w) => ({ ...w, answers: room.answers.get(w.seat) ?? null, since: room.offset === null ? moment.now : w.since - room.offset })),
    locked: room.locked,
    paused: room.paused,
    askedToMute: room.askedToMute,
    mutedBy: room.mutedBy,
    chat: room.chat.map((said) => said.line),
    agreement: room.agreement,
    beside: room.beside?.map((one) => ({ ...one, alias: room.names.get(one.seat) ?? room.booked.get(one.seat) ?? null })) ?? null,
    marked: room.marked,
    helpAsked: [...room.helpAsked],
    order: room.order ? [...room.order] : null,
    round: room.round,
    backstage: { on: around.backstage, talking: [...room.backstage] },
    breakouts: room.breakouts && { rooms: room.breakouts.rooms, endsAt: wallOfServer(room, room.breakouts.until, moment) },
    board: whereAmI(room) === 'everyone' ? room.board : null,
    timer: room.timer,
    devices,
    connection,
    lineCheck,
    soundOnly,
    data,
    privateNow: room.privateNow,
    share: around.share,
    shareTrouble: around.shareTrouble,
    needsGestureForSound,
    serverClosing: room.serverClosing,
    refusal: room.refusal,
  };
}

// The facilitator's order first, whoever it does not name after it, by place.
function ordered(room: Room): readonly Member[] {
  const order = room.order;
  if (!order) return room.people;
  const rank = (member: Member): number => {
    const at = order.indexOf(member.seat);
    return at < 0 ? order.length + member.place : at;
  };
  return [...room.people].sort((a, b) => rank(a) - rank(b) || a.place - b.place);
}

function person(room: Room, around: Around, member: Member, queue: readonly Member[]): Person {
  const self = member.seat === room.self?.seat;
  const { devices } = around;
  const hand = queue.findIndex((m) => m.seat === member.seat);
  return {
    seat: member.seat,
    role: member.role,
    place: member.place,
    self,
    alias: room.names.get(member.seat) ?? room.booked.get(member.seat) ?? null,
    microphone: self ? devices.microphone.on && !around.backstage : member.microphone,
    camera: self ? devices.camera.on : member.camera,
    cameraHeld: member.cameraHeld && (self ? devices.camera.on : member.camera),
    away: self ? false : member.away,
    muted: member.muted,
    privateNow: self ? room.privateNow : member.privateNow,
    answers: room.answers.get(member.seat) ?? null,
    near: room.near.has(member.seat),
    hand: hand < 0 ? null : hand + 1,
    reaction: member.reaction,
    room: member.room,
    aside: member.room !== whereAmI(room),
    receives: room.receives.get(member.seat) ?? null,
    line: room.lines.get(member.seat)?.word ?? null,
    carried: room.lines.get(member.seat) ?? null,
    picture: self ? devices.camera.preview : pictureOf(room, around, member),
    sharing: member.sharing,
    mayShare: member.mayShare,
    screen: screenOf(room, around, member),
    clearView: self ? around.clearView : room.clearViews.includes(member.seat),
    clear: clearOf(room, around, member),
    keyed: self || around.keyed(member.seat),
  };
}

function selfOf(room: Room, { screen, ...self }: NonNullable<Room['self']>): NonNullable<CallState['self']> {
  const allowed = leads(self.role) || room.people.some((m) => m.seat === self.seat && m.mayShare);
  return { ...self, mayShare: screen && allowed };
}

function screenOf(room: Room, around: Around, member: Member): MediaStream | null {
  const own = member.seat === room.self?.seat;
  const hidden = room.privateNow || room.paused !== null || around.soundOnly || !member.sharing || own || !around.keyed(member.seat);
  return hidden ? null : around.screenOf(member.seat);
}

function clearOf(room: Room, around: Around, member: Member): MediaStream | null {
  const shown = room.clearViews.includes(member.seat) && pictureMayBe(room, around, member);
  return shown ? around.clearOf(member.seat) : null;
}

const pictureMayBe = (room: Room, around: Around, member: Member): boolean =>
  !room.privateNow && room.paused === null && !around.soundOnly && !member.away && member.room === whereAmI(room) && member.camera && !member.cameraHeld && around.keyed(member.seat);

function pictureOf(room: Room, around: Around, member: Member): MediaStream | null {
  return pictureMayBe(room, around, member) ? around.pictureOf(member.seat) : null;
}

// Whoever the room names and the group does not know is neither seen nor heard; in a room within it, by that room's own keys.
export function isKeyed(room: Room, { within }: Pick<View, 'within'>, seat: Seat): boolean {
  if (room.encryption !== 'required') return true;
  const where = whereAmI(room);
  const there = memberAt(room, seat)?.room ?? 'everyone';
  if (where === 'everyone' || there !== where) return room.keyed.includes(seat);
  return within.some(({ group, seats }) => group === where && seats.includes(seat));
}

// goesOn: without the line to the room, media stand, for a moment.
export function connectionOf(room: Room, { up, tries, retryAt }: LineState, media: MediaState, goesOn: boolean): Connection {
  const unsteady = (up && media === 'unsteady') || (!up && goesOn);
  const lost = room.self !== null && (!up || media === 'lost');
  return { state: up && media === 'connected' ? 'connected' : unsteady ? 'unsteady' : lost ? 'lost' : 'connecting', tries, retryAt };
}

export function encryptionState(room: Room, view: View, slots: Pick<Slots, 'disputed' | 'unopened'>): EncryptionState {
  const { state, words, hold, silent, ask, troubles } = view;
  const asked = ask.map(({ arrival, seat, leads: facilitates }) => ({ arrival, seat, role: facilitates ? ('facilitator' as const) : ('member' as const) }));
  const unsealed = room.unsealed.map((one) => ({ ...one, alias: room.names.get(one.seat) ?? room.booked.get(one.seat) ?? null }));
  return { kind: room.encryption ?? 'unknown', state, words, hold, silent, disputed: slots.disputed(), unopened: slots.unopened(), unsealed, ask: asked, troubles };
}
