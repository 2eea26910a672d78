// SPDX-License-Identifier: Apache-2.0
// What one client knows of a room, as a value, and the vocabulary of its rules: events that happened and effects to carry
// out. Not here: the rules (state.ts for the server's messages and the person's wishes, heard.ts for what others say), what
// pages see (view.ts). Invariant: plain data, never changed in place; no clock, no DOM, no sockets.
import type { Audience, ClientMessage, GroupName, Offer, PersonMessage, ServerMessage } from './message';
import type { Most } from './layers';
import type { AgreementShown, Answers, ArrivalId, Beside, Board, BoardMark, Carried, ChatLine, LineWord, ReactionName, Receives, Role, Seat, Stage, Unsealed } from './model';
import { leads, type Payload, type Standing } from './payload';
import type { Sound } from './peer';

export type Delivered = Extract<ServerMessage, { type: 'delivered' }>;

// The moment an event happened, read once by the caller: monotonic, and of the calendar.
export interface Moment {
  now: number;
  wall: number;
}

export interface Member {
  seat: Seat;
  role: Role;
  place: number;
  microphone: boolean;
  camera: boolean;
  away: boolean;
  muted: boolean;
  room: GroupName; // where they are: with everyone, or within the group
  sharing: boolean;
  mayShare: boolean; // a facilitator lets them, for the moment
  cameraHeld: boolean; // on, and not sent: their line upwards carries their sound alone
  privateNow: boolean;
  hand: number | null; // the room's order at which it went up
  reaction: { name: ReactionName; until: number } | null;
}

export interface Arrived {
  arrival: ArrivalId;
  seat: Seat;
  role: Role;
  since: number; // on the server's scale
  second: boolean;
  removed: boolean;
  movedBack: boolean;
  away: boolean;
}

export interface Said {
  line: ChatLine;
  sending: { payload: Payload; audience: Audience } | null; // until the room has taken it
}

// What a tab remembers of itself over a reload: what the person set here, and, for who leads, what runs. Seats and times
// only, no words and no names. It counts only where the room gives the same arrival back (`welcome.resumed`).
export interface Memory {
  privateNow: boolean;
  hand: number | null;
  round: Room['round'];
  timer: Room['timer'];
  order: readonly Seat[] | null;
  beside: readonly Beside[] | null;
}

export interface Extra {
  slot: number;
  seat: Seat;
  source: string;
}

export interface Room {
  stage: Stage;
  encryption: 'required' | 'none' | null; // null: no room has said so yet
  keyed: readonly Seat[]; // encrypted: who is in the group's keys
  self: { seat: Seat; arrival: ArrivalId; role: Role; mayAdmit: boolean; mayModerate: boolean; screen: boolean } | null; // screen: by the plan
  offset: number | null; // the server's clock minus ours (monotonic)
  people: readonly Member[]; // in order of place
  rostered: boolean; // a roster has come since the last welcome
  carries: readonly (Seat | null)[];
  extras: readonly Extra[]; // slots for what comes beside sound and camera
  backstage: readonly Seat[]; // who leads: who of them talks to the others who do
  board: Board | null;
  boardFor: readonly { seat: Seat; told: readonly string[] | null }[]; // who leads: to whom it is being shown, and which marks they were told; null: nothing yet
  clearViews: readonly Seat[]; // who leads: who shows them their camera as it is
  breakouts: { rooms: number; until: number } | null; // until: on the server's scale
  speaker: Seat | null;
  waiting: readonly Arrived[];
  locked: boolean;
  paused: { why: 'facilitator' | 'no-facilitator'; by: Seat | null } | null;
  askedToMute: Seat | null;
  mutedBy: Seat | null;
  chat: readonly Said[];
  helpAsked: readonly Seat[];
  round: { seats: Seat[]; at: number } | null;
  timer: { lengthMs: number; endsAt: number | null; leftMs: number } | null;
  order: readonly Seat[] | null;
  myAnswers: Answers | null; // what this person said at arrival
  answers: ReadonlyMap<Seat, Answers>; // who leads: what others said; by seat, since it outlasts being let in
  answersAsked: readonly ArrivalId[]; // whom this client has asked for theirs
  nearOnceIn: ReadonlySet<Seat>; // who leads: to be told of them when they are in
  near: ReadonlySet<Seat>; // somebody near them may hear, as a facilitator told
  agreement: AgreementShown | null;
  beside: readonly Beside[] | null; // as a facilitator told everyone; null: never, or nobody is
  unsealed: readonly { seat: Seat; what: Unsealed['what']; again: boolean }[]; // who leads: as others' own clients said, until put away
  marked: number; // how often another facilitator has said that something was marked
  names: ReadonlyMap<Seat, string>; // as facilitators' clients told them
  booked: ReadonlyMap<Seat, string>; // as the service told this browser
  lastNames: { count: number; seats: readonly Seat[] }; // the last telling of names that was heard
  lines: ReadonlyMap<Seat, Carried & { word: LineWord }>;
  receives: ReadonlyMap<Seat, Receives>; // facilitators: as each one's own client says
  privateNow: boolean;
  readySaid: boolean;
  interrupted: boolean; // was present, then the server came back without knowing it
  remembers: boolean; // false after a reload: what others told before is not known here
  nowDue: boolean; // `now` will be said shortly
  recalled: Memory | null; // from before a reload, until the room shows whether it still counts
  serverClosing: boolean;
  refusal: { what: string; reason: string; at: number } | null;
}

export const emptyRoom: Room = {
  stage: { at: 'connecting' },
  encryption: null,
  keyed: [],
  self: null,
  offset: null,
  people: [],
  rostered: false,
  carries: [],
  extras: [],
  backstage: [],
  board: null,
  boardFor: [],
  clearViews: [],
  breakouts: null,
  speaker: null,
  waiting: [],
  locked: false,
  paused: null,
  askedToMute: null,
  mutedBy: null,
  chat: [],
  helpAsked: [],
  round: null,
  timer: null,
  order: null,
  myAnswers: null,
  answers: new Map(),
  answersAsked: [],
  nearOnceIn: new Set(),
  near: new Set(),
  agreement: null,
  beside: null,
  unsealed: [],
  marked: 0,
  names: new Map(),
  booked: new Map(),
  lastNames: { count: 0, seats: [] },
  lines: new Map(),
  receives: new Map(),
  privateNow: false,
  readySaid: false,
  interrupted: false,
  remembers: false,
  nowDue: false,
  recalled: null,
  serverClosing: false,
  refusal: null,
};

export type Wish =
  | { wish: 'ready'; answers?: Answers | null }
  | { wish: 'say'; text: string; to: ChatLine['to']; id: string }
  | { wish: 'hand'; up: boolean }
  | { wish: 'react'; name: ReactionName }
  | { wish: 'help' }
  | { wish: 'answer-help'; seat: Seat }
  | { wish: 'private'; on: boolean }
  | { wish: 'dismiss-asked-to-mute' }
  | { wish: 'microphone-switched'; on: boolean }
  | { wish: 'lower-hands'; seats: Seat[] | null }
  | { wish: 'round'; seats: Seat[] }
  | { wish: 'next-in-round' }
  | { wish: 'end-round' }
  | { wish: 'timer'; lengthMs: number }
  | { wish: 'timer-runs'; running: boolean }
  | { wish: 'order'; seats: Seat[] | null }
  | { wish: 'names'; names: ReadonlyMap<Seat, string> }
  | { wish: 'near'; seat: Seat; on: boolean }
  | { wish: 'show-agreement'; agreement: AgreementShown }
  | { wish: 'dismiss-agreement' }
  | { wish: 'tell-beside'; people: readonly Beside[] }
  | { wish: 'tell-marked' }
  | { wish: 'board'; open: boolean; all: boolean }
  | { wish: 'mark'; mark: Omit<BoardMark, 'by'> }
  | { wish: 'rub-out'; ids: string[] | null }
  | { wish: 'tell-unsealed'; what: Unsealed['what']; again: boolean }
  | { wish: 'dismiss-unsealed'; seat: Seat; what: Unsealed['what'] }
  | { wish: 'leave' };

// What this client set itself to do later.
export type Due =
  | { due: 'fade'; seat: Seat; until: number }
  | { due: 'say-now' }
  | { due: 'say-what-runs'; whole: boolean } // whole: also what does not run, for who leads and may remember otherwise
  | { due: 'announce'; heard: number }
  | { due: 'ask-answers' }
  | { due: 'tell-near'; seat: Seat }
  | { due: 'show-board' };

// How a connection that will not come back ended; everything else is only a lost line (signalling.ts).
export type Verdict =
  | { over: 'gone'; why: 'left' | 'ended' | 'superseded' | 'removed' | 'dropped' }
  | { over: 'refused'; why: 'link' | 'not-open' | 'full' | 'unreachable' | 'too-old-browser' };

export type Event =
  | { type: 'message'; message: ServerMessage }
  | { type: 'opened'; message: Delivered; text: string; standing: Standing } // what was sealed, and who said it by their key
  | { type: 'unsaid'; ref: string } // could not be sealed, and will not be
  | { type: 'keyed'; seats: readonly Seat[] } // who is in the group's keys now
  | { type: 'clock'; offset: number }
  | { type: 'over'; verdict: Verdict }
  | { type: 'line-lost' }
  | { type: 'recalled'; memory: Memory }
  | ({ type: 'wish' } & Wish)
  | ({ type: 'due' } & Due);

export type Effect =
  | { do: 'send'; message: ClientMessage }
  | { do: 'say'; payload: Payload; audience: Audience; ref?: string }
  | { do: 'later'; ms: number; spread: number; then: Due } // at ms plus chance times spread
  | { do: 'publish' } // tell the room which switches are on
  | { do: 'offer'; offer: Offer }
  | { do: 'layers'; camera?: Most; sound?: Sound } // how the camera and a voice are to be sent
  | { do: 'fresh-peer' } // what media stood before is void
  | { do: 'same-peer' } // what media stood before goes on
  | { do: 'keep-token'; token: string | null }
  | { do: 'microphone-off' }
  | { do: 'switches-off' }
  | { do: 'clear-view-key'; seat: Seat; key: string; number: number } // who leads: of what this person shows them alone
  | { do: 'share-ended' } // by the room: nothing more of it is sent
  | { do: 'finish' }; // let go of devices, media and the line

export interface Step {
  room: Room;
  effects: Effect[];
}

export const stay = (room: Room): Step => ({ room, effects: [] });

export function memberOf({ sharing, may_share, camera_held, ...message }: PersonMessage, before: Member | undefined): Member {
  return {
    ...message,
    room: message.room ?? 'everyone',
    sharing: sharing ?? false,
    mayShare: may_share ?? false,
    cameraHeld: camera_held ?? false,
    privateNow: before?.privateNow ?? false,
    hand: before?.hand ?? null,
    reaction: before?.reaction ?? null,
  };
}

export function withMember(room: Room, seat: Seat, change: Partial<Member>): Room {
  return { ...room, people: room.people.map((m) => (m.seat === seat ? { ...m, ...change } : m)) };
}

export const memberAt = (room: Room, seat: Seat): Member | undefined => room.people.find((m) => m.seat === seat);

// Whether anything of the others should be coming now.
export const othersSend = (room: Room): boolean =>
  room.stage.at === 'present' &&
  room.paused === null &&
  room.people.some((m) => m.seat !== room.self?.seat && m.room === whereAmI(room) && !m.away && (m.microphone || (m.camera && !m.cameraHeld)));

// The group that what I send is for.
export const whereAmI = (room: Room): GroupName => memberAt(room, room.self?.seat ?? 0)?.room ?? 'everyone';

export const iLead = (room: Room): boolean => room.self !== null && leads(room.self.role);

// I lead, and nobody else does.
export const leadsAlone = (room: Room): boolean => iLead(room) && !room.people.some(({ seat, role }) => seat !== room.self?.seat && leads(role));

// My place among the leaders who are here and connected: the first speaks for all, the others only where it did not.
// Who asks cannot answer: `but` is left out.
export function rankAmongLeaders(room: Room, but: Seat | null = null): number | null {
  if (!room.self || !iLead(room) || room.stage.at !== 'present') return null;
  const seat = room.self.seat;
  const leaders = room.people.filter((m) => leads(m.role) && (!m.away || m.seat === seat) && m.seat !== but);
  const rank = leaders.findIndex((m) => m.seat === seat);
  return rank < 0 ? null : rank;
}

export function memoryOf(room: Room): Memory {
  const { privateNow, self, round, timer, order, beside, recalled } = room;
  if (recalled) return { ...recalled, privateNow };
  const hand = self ? (memberAt(room, self.seat)?.hand ?? null) : null;
  return iLead(room) ? { privateNow, hand, round, timer, order, beside } : { privateNow, hand, round: null, timer: null, order: null, beside: null };
}

export function wallOfServer(room: Room, at: number, moment: Moment): number {
  return room.offset === null ? moment.wall : moment.wall + (at - (moment.now + room.offset));
}
