// SPDX-License-Identifier: Apache-2.0
// What the pages know of a call and may ask of it: the seam between the call engine (web/src/call) and what is shown
// (web/src/lobby, web/src/ui). Plain data, replaced as a whole at each change; no DOM, no RTCPeerConnection, no text for
// people. The engine implements CallSession; stories and tests of pages may use a made-up one.

import type { Ink } from './board_form';
import type { DataUse } from './data_use';
import type { GroupName } from './message';

export type { GroupName };
export type Role = 'facilitator' | 'co_facilitator' | 'supporter' | 'member';
export type Seat = number;
export type ArrivalId = number;

export type Stage =
  | { at: 'connecting' }
  | { at: 'arriving' }
  | { at: 'waiting'; movedBack: boolean; interrupted?: true /* was in the group, and the server has forgotten it */ }
  | { at: 'present' }
  | { at: 'gone'; why: 'left' | 'removed' | 'declined' | 'ended' | 'superseded' | 'dropped' }
  | { at: 'refused'; why: 'link' | 'not-open' | 'full' | 'too-old-browser' | 'unreachable' };

// What a person answered at arrival. Goes to facilitators, from browser to browser.
export interface Answers {
  alone: boolean;
  headphones: boolean;
  carer: boolean; // somebody helps them on the same device
  way: 'video' | 'phone' | 'in_person'; // how they take part today
}

// The group's agreement as it is shown: plain words, and Easy Read with a symbol a sentence.
export interface AgreementShown {
  number: number;
  title: string;
  points: string[];
  easy: { symbol: string; words: string }[];
}

// Somebody who takes part beside the room: in the building, or on the phone.
export interface Beside {
  seat: Seat;
  way: 'in_person' | 'phone';
}

export interface Person {
  seat: Seat;
  role: Role;
  place: number;
  self: boolean;
  alias: string | null; // null until a facilitator's client has told it
  microphone: boolean;
  camera: boolean;
  cameraHeld: boolean; // on, and not sent just now: their line carries their sound alone
  away: boolean; // connection lost, seat kept
  muted: boolean; // by a facilitator
  privateNow: boolean;
  answers: Answers | null; // facilitators: what they said at arrival, as far as it was heard here
  near: boolean; // a facilitator has told the group that somebody near them may hear
  hand: number | null; // place in the queue of hands, from 1
  reaction: { name: ReactionName; until: number } | null;
  receives: Receives | null; // facilitators: what they take over their line, as their own client says
  line: LineWord | null; // facilitators see everyone's, others only their own
  carried: Carried | null; // what of the room that line carries to them; told with it
  picture: MediaStream | null; // null where no picture comes
  room: GroupName; // where they are: with everyone, or within the group
  aside: boolean; // not where I am: we neither see nor hear each other
  sharing: boolean;
  mayShare: boolean; // a facilitator lets them share, for the moment
  screen: MediaStream | null; // what they share; null until it comes
  clearView: boolean; // those who lead see their camera as it is, beside the disguise; told to these and to themselves
  clear: MediaStream | null; // that picture, to who leads; null until it comes
  keyed: boolean; // false: in the room, and not (yet) in its encryption: neither seen nor heard
}

export interface Receives {
  soundOnly: boolean;
  saver: boolean; // smaller pictures, half the data
  megabytes: number; // so far, both ways
  bytesPerSecond: number | null; // of late; null: too early to say
}

export type ReactionName = 'heart' | 'thanks' | 'agree' | 'with-you' | 'pause';
// Pictures: whole, smaller or slower ones, a still picture every few seconds, none.
export interface Carried {
  pictures: 'full' | 'reduced' | 'stills' | 'none';
  thinned: readonly Seat[]; // whose sound it does not carry just now; never the two loudest
}

export type LineWord = 'good' | 'fair' | 'poor' | 'none';

export interface Waiting {
  arrival: ArrivalId;
  seat: Seat;
  role: Role;
  since: number; // performance.now() scale
  second: boolean;
  removed: boolean;
  movedBack: boolean;
  away: boolean;
  answers: Answers | null; // null: not heard (yet)
}

export interface ChatLine {
  id: string;
  at: number; // Date.now() scale
  from: Seat;
  fromWaiting: ArrivalId | null;
  to: 'everyone' | 'facilitators' | { seat: Seat } | { arrival: ArrivalId } | { group: GroupName };
  text: string;
  own: boolean;
  state: 'sent' | 'sending' | 'failed';
}

export interface DeviceChoice {
  id: string;
  label: string;
}
// unsealed: what it sent may have left this device unsealed, so it was stopped; barred: for the second time, and until the page
// is loaded anew it cannot be switched on.
export type DeviceTrouble = 'refused' | 'none-found' | 'busy' | 'vanished' | 'insecure' | 'disguise' | 'unsealed' | 'barred' | 'other';
// How others see and hear this person. Made before anything is sent; nobody is told which it is.
export interface Disguise {
  picture: 'none' | 'background' | 'blur' | 'pixelate' | 'block' | 'avatar';
  voice: 'none' | 'lower' | 'higher';
}
export interface Devices {
  cameras: DeviceChoice[];
  microphones: DeviceChoice[];
  speakers: DeviceChoice[]; // empty where the browser cannot choose
  // `preview` is what others see; `own` what the camera itself gives, for the chooser on this screen alone.
  camera: { on: boolean; chosen: string | null; trouble: DeviceTrouble | null; preview: MediaStream | null; own: MediaStream | null };
  microphone: { on: boolean; chosen: string | null; trouble: DeviceTrouble | null; level: number /* 0..1, now */ };
  speaker: { chosen: string | null };
  disguise: Disguise & { masking: 'off' | 'loading' | 'on' | 'blurs-all' }; // of the blurred background: how far it is found
}

export interface LineCheck {
  state: 'not-run' | 'running' | 'done';
  word: LineWord | null;
  roundTripMs: number | null;
}

export interface Connection {
  // Signalling and media together, as the person would say it. Unsteady: the line to the room dropped a moment ago, the media
  // still flows, so others may still see and hear. Lost: nothing is sent or played here any more, whatever the room does.
  state: 'connecting' | 'connected' | 'unsteady' | 'lost';
  tries: number;
  retryAt: number | null; // Date.now() scale
}

// What somebody sent may have left their device unsealed for a moment. again: for the second time, and it stays off.
export interface Unsealed {
  seat: Seat;
  alias: string | null;
  what: 'camera' | 'microphone';
  again: boolean;
}

// How the encryption of the room stands. Seats only; the words are places in a list (e2ee/words.ts).
export interface EncryptionState {
  kind: 'unknown' | 'none' | 'required';
  state: 'waiting' | 'on'; // waiting for keys
  words: number[] | null; // while they are shown, once they are worked out
  hold: { mine: boolean } | null; // the words changed: what members send is held until they were compared
  silent: Seat[]; // facilitators: who has not confirmed the newest keys
  disputed: Seat[]; // a picture came under their name that is not theirs; it is not shown
  unopened: Seat[]; // what came from them was not opened by any key; it is neither shown nor played
  unsealed: Unsealed[]; // facilitators: whose camera or microphone stopped itself
  ask: { arrival: ArrivalId; seat: Seat; role: 'facilitator' | 'member' }[]; // in the room, with keys that nobody has let in
  troubles: ('refused' | 'unread' | 'stranger' | 'unseen' | 'not-leading' | 'flood' | 'stuck' | 'restarted')[];
}

export interface CallState {
  stage: Stage;
  encryption: EncryptionState;
  self: { seat: Seat; arrival: ArrivalId; role: Role; mayAdmit: boolean; mayModerate: boolean; mayShare: boolean /* now */ } | null;
  people: Person[]; // present, in order of place (or the facilitator's order)
  speaker: Seat | null;
  waiting: Waiting[]; // empty unless the person may admit
  locked: boolean;
  paused: { why: 'facilitator' | 'no-facilitator'; by: Seat | null } | null;
  askedToMute: Seat | null; // who asked; cleared when the microphone is off or dismissed
  mutedBy: Seat | null;
  chat: ChatLine[];
  agreement: AgreementShown | null; // shown to everyone by a facilitator, until the person puts it away
  beside: (Beside & { alias: string | null })[] | null; // who takes part beside the room, as a facilitator has told everyone; null: not told
  marked: number; // facilitators: grows when another has marked the register or raised an alert
  helpAsked: Seat[]; // facilitators: who has asked for help and is not yet answered
  order: Seat[] | null; // of tiles, the same for everyone; null: by place
  round: { seats: Seat[]; at: number } | null;
  backstage: { on: boolean /* the group does not hear me */; talking: Seat[] }; // facilitators: who talks to the others who lead
  breakouts: { rooms: number; endsAt: number /* Date.now() scale */ } | null; // rooms of a few within the group, numbered from 1
  board: Board | null;
  timer: { lengthMs: number; endsAt: number | null /* Date.now() scale; null: stopped */; leftMs: number } | null;
  devices: Devices;
  connection: Connection;
  lineCheck: LineCheck;
  soundOnly: boolean;
  data: DataUse & { saver: boolean };
  privateNow: boolean;
  share: OwnShare | null;
  shareTrouble: 'refused' | 'other' | 'unsealed' | `worksheet_${'kind' | 'size' | 'broken' | 'locked'}` | null;
  needsGestureForSound: boolean; // the browser wants a tap before it plays anything
  serverClosing: boolean;
  refusal: { what: string; reason: string; at: number /* Date.now() scale */ } | null; // the room's last "no" to this person
}

// One tile as it is on the screen: device pixels. Zero or absent: not shown.
export interface TileView {
  seat: Seat;
  width: number;
  height: number;
  pinned: boolean;
  source?: 'screen' | 'clear_view'; // absent: the camera
}

// What this person shows everyone, or would.
export interface OwnShare {
  state: 'preview' | 'asked' | 'on';
  what: 'page' | 'window' | 'screen' | 'ours' | 'unknown' | 'worksheet'; // as the browser says; ours: a page of this service
  preview: MediaStream;
  pages: { at: number; count: number } | null; // of a worksheet
}

export interface BoardMark {
  id: string;
  by: Seat;
  ink: Ink;
  points: number[]; // board_form.ts
}
export interface Board {
  by: Seat; // who opened it
  all: boolean; // everyone draws; else who leads
  marks: readonly BoardMark[]; // in the order in which they came
}
export interface BoardControl {
  open(all: boolean): void; // also: let everyone draw, or no longer
  close(): void;
  draw(mark: Omit<BoardMark, 'by'>): void;
  rubOut(ids?: string[]): void; // without ids: everything
}

// The camera as it is, for facilitators alone, beside a disguise.
export interface ClearViewControl {
  begin(): Promise<void>; // after the person has said yes
  end(): void;
}

export interface BackstageControl {
  talk(on: boolean): Promise<void>; // to the others who lead, and not to the group
}

// Who leads shares people out into rooms of a few for a while.
export interface BreakoutControl {
  open(rooms: Seat[][], seconds: number): void; // the first list into number 1
  move(seat: Seat | null, breakout: number | null): void; // null: myself; back to everyone
  leave(seconds: number): void; // so much is left from now on; 0: everyone is back at once
}

export interface SharingControl {
  choose(): Promise<void>; // the browser asks which tab or window; then it is shown to this person alone
  worksheet(file: File): Promise<void>; // a PDF or picture, shown to this person alone
  turn(by: number): Promise<void>; // to another page of it
  start(over: boolean): void; // over: in the place of who shares now
  stop(): void; // or put the preview away
  dismissTrouble(): void;
  allow(seat: Seat, allowed: boolean): void; // facilitators: a member, for the moment
}

export interface CallSession {
  readonly state: CallState;
  subscribe(listener: () => void): () => void; // called after `state` was replaced

  // arriving
  setCamera(on: boolean): Promise<void>;
  setMicrophone(on: boolean): Promise<void>;
  chooseDevice(kind: 'camera' | 'microphone' | 'speaker', id: string): Promise<void>;
  setDisguise(change: Partial<Disguise>): Promise<void>;
  playTestSound(): Promise<void>;
  runLineCheck(): Promise<void>;
  ready(answers?: Answers): void;

  // present
  showing(tiles: TileView[]): void; // engine throttles
  setSoundOnly(on: boolean): void;
  setDataSaver(on: boolean): void; // about half the data: smaller pictures, both ways
  setPrivateNow(on: boolean): void; // microphone and camera off at the source, others blanked and silent here
  holdSound(on: boolean): void; // nobody is heard here while the person is asked whether they are private
  setHand(up: boolean): void;
  react(name: ReactionName): void;
  say(text: string, to: ChatLine['to']): void; // in the waiting room `to` is 'facilitators'
  returnToGroup(): void; // ends a private room; out of a breakout, for oneself
  askForHelp(): void;
  resumeSound(): Promise<void>; // from a tap, where needsGestureForSound
  readonly sharing: SharingControl;
  readonly clearView: ClearViewControl;
  readonly board: BoardControl;
  dismissAskedToMute(): void;
  dismissAgreement(): void;
  showWords(on: boolean): void;
  wordsCompared(): void; // they are the same
  dismissUnsealed(seat: Seat, what: Unsealed['what']): void;
  dismissTrouble(trouble: EncryptionState['troubles'][number]): void;
  leave(): void;

  // facilitators
  admit(arrival: ArrivalId): void;
  decline(arrival: ArrivalId): void;
  letInAgain(arrival: ArrivalId): void; // somebody of `encryption.ask`
  moveBack(seat: Seat): void;
  remove(seat: Seat): void;
  mute(seat: Seat): void;
  askToMute(seat: Seat): void;
  setLocked(on: boolean): void;
  setPaused(on: boolean): void;
  endForAll(): void;
  takeAside(seat: Seat): void; // into a private room with me
  readonly backstage: BackstageControl;
  readonly breakouts: BreakoutControl;
  lowerHands(seats?: Seat[]): void;
  startRound(seats: Seat[]): void;
  nextInRound(): void;
  endRound(): void;
  setTimer(lengthMs: number): void;
  pauseTimer(running: boolean): void;
  clearTimer(): void;
  setOrderForAll(seats: Seat[] | null): void;
  answerHelp(seat: Seat): void;
  tellNear(seat: Seat, on: boolean): void; // to everyone: somebody near this person may hear
  showAgreement(agreement: AgreementShown): void; // to everyone
  tellBeside(people: Beside[]): void; // to everyone; an empty list: nobody is beside the room any more
  tellMarked(): void; // to the other facilitators: look at the register and the alerts again

  // What the service told this browser about the booking: aliases for facilitators to announce.
  setNames(names: ReadonlyMap<Seat, string>): void;

  // What has really been decoded and heard of each person, for "my line" and for tests. Nothing here is sent anywhere.
  figures(): Promise<SeatFigures[]>;
}

export interface SeatFigures {
  seat: Seat;
  framesDecoded: number; // of the slot that carries the seat now, since it does
  frameWidth: number;
  frameHeight: number;
  freezes: number;
  soundEnergy: number; // grows while something audible arrives (RTCInboundRtpStreamStats.totalAudioEnergy)
  soundPackets: number;
  soundLost: number;
  soundConcealed: number; // samples made up to cover loss
  roundTripMs: number | null; // of the whole line, the same for every seat
}

// What the service says of a link before a call starts: POST /api/arrive {link}.
export interface Arrival {
  alias: string;
  role: Role;
  startsAt: string; // ISO 8601 with zone
  endsAt: string;
  dutyNumber: string; // whom to phone when it is hard, and no facilitator is there
  demonstration: boolean;
  watermark: boolean; // the group's plan: the name of whoever looks stands over the pictures
  membersMayShare: boolean; // the group's plan: where a facilitator lets them
  blankOnBlur: boolean; // the group's plan: nothing is shown in a window that is not in front
  disguise: { picture: 'none' | 'blur' | 'pixelate' | 'block' | 'avatar' | 'off'; voice: Disguise['voice'] } | null; // agreed in preparation
}
// POST /api/booking-cards {link}: facilitators only; one card a seat of this session.
export interface BookingCard {
  seat: Seat;
  alias: string;
  role: Role;
  disguise: string; // agreed in preparation, in words
  needs: string; // in words; empty where none
}
