// SPDX-License-Identifier: Apache-2.0
// What people's clients say to each other inside `send` and `delivered` (docs/protocol.md "Payloads"): the one seam between
// what is said and the bytes that the server carries: UTF-8 JSON, sealed by e2ee/ wherever a room is encrypted.
// Who may say what stands here too (`allowed`): the server cannot read a payload, so each receiver checks.
// Invariant: whatever open() returns has the stated shape; anything else is null and is dropped.
import { fromBase64Url, toBase64Url } from '../base/base64url';
import { isObject, list, Malformed, oneOf, optional, orNull, type Reader, real, record, shape, text, truth, whole } from '../base/check';
import { inks, mostIds, points } from './board_form';
import type { Audience } from './message';
import type { Role } from './model';

const seat = whole(1);
const way = oneOf('video', 'phone', 'in_person');
export const reactionName = oneOf('heart', 'thanks', 'agree', 'with-you', 'pause');
const said = text(2000);
const kinds = {
  names: shape({ names: record(text(200), 500) }),
  now: shape({ hand: orNull(whole()), reaction: optional(reactionName), private: optional(truth) }),
  hand: shape({ up: truth }),
  'lower-hands': shape({ seats: optional(list(seat)) }),
  reaction: shape({ name: reactionName }),
  chat: shape({ text: said, id: optional(text(64)) }),
  note: shape({ text: said, id: optional(text(64)) }),
  round: shape({ seats: list(seat), at: whole(), done: optional(truth) }),
  timer: shape({ length: real, left: real, running: truth }),
  order: shape({ seats: orNull(list(seat)) }),
  help: shape({ calm: optional(truth) }),
  'help-answered': shape({ seat }),
  'ask-now': shape({}),
  private: shape({ on: truth }),
  answers: shape({ alone: truth, headphones: truth, carer: truth, way }),
  'ask-answers': shape({}),
  near: shape({ seat, on: truth }),
  beside: shape({ people: list(shape({ seat, way: oneOf('in_person', 'phone'), name: optional(text(200)) }), 100) }),
  marked: shape({}),
  receives: shape({ soundOnly: truth, saver: truth, megabytes: whole(), bytesPerSecond: optional(whole(0, 1e9)) }),
  board: shape({ open: truth, all: optional(truth), goes: optional(truth), by: optional(seat) }),
  'board-marks': shape({ marks: list(shape({ id: text(24), ink: oneOf(...inks), points, by: optional(seat) }), 200) }),
  'board-rub': shape({ ids: optional(list(text(24), mostIds)) }),
  'clear-view': shape({ key: text(24), number: whole(1) }),
  unsealed: shape({ what: oneOf('camera', 'microphone'), again: truth }),
  agreement: shape({ number: whole(1), title: text(200), points: list(text(400), 14), easy: list(shape({ symbol: text(32), words: text(240) }), 14) }),
};
type Kinds = typeof kinds;
export type Payload = { [K in keyof Kinds]: Kinds[K] extends Reader<infer F> ? { kind: K } & F : never }[keyof Kinds];
export type Kind = Payload['kind'];

// In a room without encryption; in an encrypted one the text goes through e2ee/client.ts.
export function seal(payload: Payload): string {
  return toBase64Url(new TextEncoder().encode(payloadText(payload)));
}

export const payloadText = (payload: Payload): string => JSON.stringify(payload);

export function open(sealed: string): Payload | null {
  const bytes = fromBase64Url(sealed);
  if (!bytes) return null;
  try {
    return readPayload(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

export function readPayload(said: string): Payload | null {
  try {
    const value: unknown = JSON.parse(said);
    if (!isObject(value) || typeof value['kind'] !== 'string' || !Object.hasOwn(kinds, value['kind'])) return null;
    const kind = value['kind'] as Kind;
    return { kind, ...kinds[kind](value, '') } as Payload;
  } catch (error) {
    if (error instanceof Malformed || error instanceof SyntaxError) return null;
    throw error;
  }
}

export const leads = (role: Role): boolean => role === 'facilitator' || role === 'co_facilitator';

// Where the sender is: as the group's keys say it; in a room without encryption as the server does. Never as the payload says it.
export type Standing = { role: Role | null; waiting: boolean };

const byLeaders: ReadonlySet<Kind> = new Set(['names', 'lower-hands', 'round', 'timer', 'order', 'help-answered', 'near', 'agreement', 'beside', 'marked', 'board']);
const toEveryone: ReadonlySet<Kind> = new Set([
  'names', 'now', 'hand', 'lower-hands', 'reaction', 'round', 'timer', 'order', 'ask-now', 'private', 'near', 'agreement', 'beside',
]);
const ofTheBoard: ReadonlySet<Kind> = new Set(['board', 'board-marks', 'board-rub']); // again to one who came later
const toFacilitators: ReadonlySet<Kind> = new Set(['help', 'help-answered', 'answers', 'marked', 'receives', 'unsealed', 'clear-view']);

// role null: we cannot know it (we are waiting ourselves, and have no roster); the server lets only facilitators write to
// an arrival.
export function allowed(kind: Kind, sender: Standing, audience: Audience): boolean {
  if (sender.waiting) return audience === 'facilitators' && (kind === 'note' || kind === 'help' || kind === 'answers');
  if (sender.role === null) return (kind === 'note' || kind === 'ask-answers') && typeof audience === 'object';
  const leading = leads(sender.role);
  // Within a room of the group, and backstage: what is written there, and in a room also hands and reactions.
  if (typeof audience === 'object' && 'group' in audience) {
    return audience.group === 'facilitators' ? leading && kind === 'chat' : kind === 'chat' || kind === 'hand' || kind === 'reaction';
  }
  if (byLeaders.has(kind) && !leading) return false;
  if (toEveryone.has(kind)) return audience === 'everyone' || (kind === 'names' && typeof audience === 'object');
  if (ofTheBoard.has(kind)) return audience === 'everyone' || (leading && typeof audience === 'object' && 'seat' in audience);
  if (toFacilitators.has(kind)) return audience === 'facilitators';
  if (kind === 'note' || kind === 'ask-answers') return leading && typeof audience === 'object';
  return typeof audience === 'string' || (leading && 'seat' in audience);
}
