// SPDX-License-Identifier: Apache-2.0
// Every message between a browser and a room, as docs/protocol.md has them, and the readers that let none of another shape
// in. One entry in a table a message: its type and its reader come from the same lines. Not here: what a payload says
// (payload.ts), what a message does (state.ts). Invariant: a server's message may have more fields than we know.
import {
  either,
  exactly,
  isObject,
  list,
  Malformed,
  oneOf,
  optional,
  orNull,
  type Reader,
  real,
  shape,
  type Shape,
  text,
  truth,
  whole,
} from '../base/check';

const id = whole(1);
const mid = text(64);
export const role = oneOf('facilitator', 'co_facilitator', 'supporter', 'member');
const payload = text(16_384);
const source = oneOf('microphone', 'camera', 'screen', 'clear_view', 'backstage');
const person = shape({
  seat: id,
  arrival: id,
  role,
  place: whole(),
  microphone: truth,
  camera: truth,
  away: truth,
  muted: truth,
  room: optional((value, pointer) => groupName(value, pointer)), // within the group; none: with everyone
  sharing: optional(truth),
  may_share: optional(truth),
  camera_held: optional(truth),
});
const ref = text(64);

// Each audience has an MLS group of its own (docs/decisions/0009): "private:7" is the one with seat 7.
export type GroupName = 'everyone' | 'facilitators' | `private:${number}` | `breakout:${number}`;
export const groupName: Reader<GroupName> = (value, pointer) => {
  if (typeof value !== 'string' || !/^(everyone|facilitators|(private|breakout):[1-9]\d{0,9})$/.test(value)) {
    throw new Malformed(pointer, 'the name of a group');
  }
  return value as GroupName;
};
const audience = either(
  oneOf('everyone', 'facilitators'),
  either(shape({ seat: id }), either(shape({ arrival: id }), shape({ group: groupName }))) as Reader<{ seat: number } | { arrival: number } | { group: GroupName }>,
);
const keyPackage = text(5_462);
const mlsMessage = text(65_536);
const arrivals = list(id, 64);
const committer = shape({ seat: id, arrival: id });

const fromServer = {
  welcome: shape({
    version: exactly(1),
    arrival: id,
    seat: id,
    role,
    permissions: shape({ admit: truth, moderate: truth, publish_screen: truth }),
    state: oneOf('arriving', 'waiting', 'present'),
    resume: text(512),
    now: real,
    resumed: truth,
    kept: optional(truth),
    encryption: oneOf('required', 'none'),
  }),
  state: shape({
    state: oneOf('waiting', 'present', 'gone'),
    why: optional(oneOf('left', 'removed', 'declined', 'ended', 'superseded', 'moved-back', 'dropped')),
    by: optional(id),
  }),
  roster: shape({
    people: list(person),
    locked: truth,
    paused: truth,
    why: optional(oneOf('facilitator', 'no-facilitator')),
    by: optional(id),
    speaker: orNull(id),
  }),
  joined: shape({ person }),
  changed: shape({ person }),
  left: shape({ seat: id, how: oneOf('left', 'dropped', 'removed', 'moved-back', 'superseded') }),
  waiting: shape({
    arrivals: list(
      shape({
        arrival: id,
        seat: id,
        role: optional(role),
        since: real,
        second: truth,
        removed: truth,
        moved_back: truth,
        away: truth,
      }),
    ),
  }),
  offer: shape({
    offer: whole(),
    sdp: text(262_144),
    upstream: list(shape({ mid, source })),
    slots: list(shape({ slot: whole(), sound: mid, picture: mid })),
    relay: optional(shape({ urls: list(text(512), 4), username: text(128), credential: text(128) })),
  }),
  layers: shape({ source, count: whole(), bits_per_second: optional(whole(6_000)), packet_ms: optional(whole(10)) }),
  slots: shape({ carries: list(orNull(id)), extras: optional(list(shape({ slot: whole(), seat: id, source }), 64)) }),
  speaker: shape({ seat: orNull(id) }),
  paused: shape({ paused: truth, why: optional(oneOf('facilitator', 'no-facilitator')), by: optional(id) }),
  locked: shape({ locked: truth }),
  muted: shape({ by: id }),
  'asked-to-mute': shape({ by: id }),
  'clear-views': shape({ seats: list(id, 64) }),
  backstage: shape({ seats: list(id, 64) }),
  breakouts: shape({ rooms: whole(), until: optional(real) }),
  delivered: shape({
    order: whole(),
    at: real,
    from: shape({ seat: id, arrival: optional(id) }),
    audience,
    payload,
    ref: optional(ref),
  }),
  line: shape({ seat: id, word: oneOf('good', 'fair', 'poor', 'none'), pictures: oneOf('full', 'reduced', 'stills', 'none'), thinned: list(id, 64) }),
  refused: shape({ what: text(64), reason: text(64), pointer: optional(text(256)), ref: optional(ref) }),
  'key-offered': shape({ arrival: id, seat: id, role, key_package: keyPackage }),
  groups: shape({ groups: list(shape({ group: groupName, epoch: whole(), arrivals: list(id) })) }),
  'group-opened': shape({ group: groupName, instance: whole(1), by: committer, ref: optional(ref) }),
  committed: shape({
    group: groupName,
    epoch: whole(),
    from: committer,
    commit: mlsMessage,
    adds: arrivals,
    removes: arrivals,
    ref: optional(ref),
  }),
  'group-welcome': shape({ group: groupName, instance: whole(1), epoch: whole(), from: committer, welcome: mlsMessage }),
  closing: shape({ again_in: whole() }),
  pong: shape({ sent: real, now: real }),
};

const nothing = shape({});
const fromClient = {
  hello: shape({ version: exactly(1), link: text(512), resume: optional(text(512)), keep: optional(truth) }),
  ready: nothing,
  answer: shape({ offer: whole(), sdp: text(163_840) }),
  restart: nothing,
  publish: shape({ microphone: truth, camera: truth }),
  share: shape({ sharing: truth, over: optional(truth) }),
  'allow-share': shape({ seat: id, allowed: truth }),
  'clear-view': shape({ on: truth }),
  'talk-backstage': shape({ on: truth }),
  view: shape({
    tiles: list(shape({ seat: id, source, width: whole(), height: whole(), pinned: truth }), 64),
    sound_only: truth,
    saver: optional(truth),
  }),
  send: shape({ audience, payload, ref: optional(ref) }),
  leave: nothing,
  admit: shape({ arrival: id }),
  decline: shape({ arrival: id }),
  'move-back': shape({ seat: id }),
  remove: shape({ seat: id }),
  mute: shape({ seat: id }),
  'ask-to-mute': shape({ seat: id }),
  'private-room': shape({ seat: id }),
  return: nothing,
  'open-breakouts': shape({ rooms: list(shape({ seats: list(id, 64) }), 8), seconds: whole(1) }),
  'move-to': shape({ breakout: optional(whole(1)), seat: optional(id) }),
  'breakout-time': shape({ seconds: whole() }),
  lock: shape({ locked: truth }),
  pause: shape({ paused: truth }),
  end: nothing,
  'key-package': shape({ key_package: keyPackage }),
  'group-open': shape({ group: groupName, replace: optional(truth), ref: optional(ref) }),
  commit: shape({
    group: groupName,
    instance: whole(1),
    epoch: whole(),
    commit: mlsMessage,
    welcome: optional(mlsMessage),
    adds: arrivals,
    removes: arrivals,
    ref: optional(ref),
  }),
  'commits-since': shape({ group: groupName, instance: whole(1), epoch: whole() }),
  ping: shape({ sent: real }),
};

type Messages<Table> = { [T in keyof Table]: Table[T] extends Reader<infer F> ? { type: T } & F : never }[keyof Table];
export type ServerMessage = Messages<typeof fromServer>;
export type ClientMessage = Messages<typeof fromClient>;
export type ServerType = ServerMessage['type'];
export type Welcome = Extract<ServerMessage, { type: 'welcome' }>;
export type Offer = Extract<ServerMessage, { type: 'offer' }>;
export type PersonMessage = Shape<{ person: typeof person }>['person'];
// What the keeper of keys says of itself bears a name that begins so: where it is refused, that is not the person's to know.
export const keeperRef = 'mls';

export type Audience = Extract<ClientMessage, { type: 'send' }>['audience'];

export const serverTypes = Object.keys(fromServer) as ServerType[];
export const clientTypes = Object.keys(fromClient) as ClientMessage['type'][];

export type Parsed<M> = { message: M } | { unknownType: string } | { malformed: string };

function parseBy<M>(table: Record<string, Reader<unknown>>, input: string): Parsed<M> {
  let value: unknown;
  try {
    value = JSON.parse(input);
  } catch {
    return { malformed: 'not JSON' };
  }
  if (!isObject(value) || typeof value['type'] !== 'string') return { malformed: '/type' };
  const type = value['type'];
  const read = Object.hasOwn(table, type) ? table[type] : undefined;
  if (!read) return { unknownType: type };
  try {
    return { message: { type, ...(read(value, '') as object) } as M };
  } catch (error) {
    if (error instanceof Malformed) return { malformed: error.pointer };
    throw error;
  }
}

export const parseServerMessage = (input: string): Parsed<ServerMessage> => parseBy(fromServer, input);
export const parseClientMessage = (input: string): Parsed<ClientMessage> => parseBy(fromClient, input);
