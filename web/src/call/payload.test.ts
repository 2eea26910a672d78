// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url } from '../base/base64url';
import { allowed, type Kind, open, type Payload, seal, type Standing } from './payload';
import type { Audience } from './message';

const said: Payload[] = [
  { kind: 'names', names: { '1': 'Robin', '7': 'Zoë 🌿' } },
  { kind: 'now', hand: 12, private: true },
  { kind: 'hand', up: true },
  { kind: 'lower-hands' },
  { kind: 'reaction', name: 'with-you' },
  { kind: 'chat', text: 'I slept badly — again', id: 'a1' },
  { kind: 'note', text: 'can you hear me?' },
  { kind: 'round', seats: [3, 1, 2], at: 1 },
  { kind: 'timer', length: 300_000, left: 120_000, running: true },
  { kind: 'order', seats: null },
  { kind: 'help' },
  { kind: 'help-answered', seat: 4 },
  { kind: 'ask-now' },
  { kind: 'private', on: true },
  { kind: 'beside', people: [{ seat: 12, way: 'in_person', name: 'Teasel' }, { seat: 13, way: 'phone' }] },
  { kind: 'marked' },
  { kind: 'receives', soundOnly: false, saver: true, megabytes: 84 },
  { kind: 'receives', soundOnly: true, saver: false, megabytes: 12, bytesPerSecond: 5_500 },
  { kind: 'unsealed', what: 'camera', again: false },
];

describe('a payload', () => {
  it.each(said)('of kind $kind survives the way there and back', (payload) => {
    expect(open(seal(payload))).toEqual(payload);
  });

  const bytes = (text: string): string => toBase64Url(new TextEncoder().encode(text));
  it.each([
    ['of an unknown kind', bytes('{"kind":"dance"}')],
    ['of a kind that every object has', bytes('{"kind":"toString"}')],
    ['that is no JSON', bytes('kind')],
    ['that is a list', bytes('["chat"]')],
    ['that is no base64url', '***'],
    ['with padding', 'e30='],
    ['that is no UTF-8', toBase64Url(new Uint8Array([0x7b, 0xff, 0x7d]))],
    ['with a chat line too long', bytes(JSON.stringify({ kind: 'chat', text: 'x'.repeat(2001) }))],
    ['with a wrong reaction', bytes('{"kind":"reaction","name":"laugh"}')],
    ['with a rate beyond any line', bytes('{"kind":"receives","soundOnly":false,"saver":false,"megabytes":1,"bytesPerSecond":1000000001}')],
    ['with nothing in it', ''],
  ])('%s is dropped', (_what, sealed) => {
    expect(open(sealed)).toBeNull();
  });
});

describe('base64url', () => {
  it.each([[[]], [[0]], [[255, 254]], [[1, 2, 3]], [[251, 255, 191, 0]]])('%j goes there and back', (numbers) => {
    const bytes = Uint8Array.from(numbers);
    expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
  });
  it('refuses stray bits at the end', () => {
    expect(fromBase64Url('AB')).toBeNull();
    expect(fromBase64Url('AA')).toEqual(Uint8Array.of(0));
  });
});

describe('who may say what', () => {
  const member: Standing = { role: 'member', waiting: false };
  const supporter: Standing = { role: 'supporter', waiting: false };
  const lead: Standing = { role: 'facilitator', waiting: false };
  const second: Standing = { role: 'co_facilitator', waiting: false };
  const waits: Standing = { role: 'member', waiting: true };
  const unknown: Standing = { role: null, waiting: false };
  const table: [Kind, Standing, Audience, boolean][] = [
    ['names', lead, 'everyone', true],
    ['names', second, 'everyone', true],
    ['names', member, 'everyone', false],
    ['names', supporter, 'everyone', false],
    ['lower-hands', member, 'everyone', false],
    ['round', member, 'everyone', false],
    ['timer', supporter, 'everyone', false],
    ['order', member, 'everyone', false],
    ['order', lead, 'everyone', true],
    ['hand', member, 'everyone', true],
    ['hand', member, 'facilitators', false],
    ['private', member, 'everyone', true],
    ['reaction', supporter, 'everyone', true],
    ['chat', member, 'everyone', true],
    ['chat', member, 'facilitators', true],
    ['chat', member, { seat: 3 }, false],
    ['chat', lead, { seat: 3 }, true],
    ['chat', lead, { arrival: 3 }, false],
    ['note', lead, { arrival: 3 }, true],
    ['note', member, 'facilitators', false],
    ['note', waits, 'facilitators', true],
    ['note', waits, 'everyone', false],
    ['chat', waits, 'facilitators', false],
    ['hand', waits, 'facilitators', false],
    ['names', { role: 'facilitator', waiting: true }, 'facilitators', false],
    ['help', waits, 'facilitators', true],
    ['help', member, 'facilitators', true],
    ['help', member, 'everyone', false],
    ['help-answered', member, 'facilitators', false],
    ['help-answered', lead, 'facilitators', true],
    ['note', unknown, { arrival: 9 }, true],
    ['chat', unknown, 'everyone', false],
    ['ask-now', member, 'everyone', true],
    ['beside', lead, 'everyone', true],
    ['beside', member, 'everyone', false],
    ['beside', lead, 'facilitators', false],
    ['marked', second, 'facilitators', true],
    ['marked', lead, 'everyone', false],
    ['unsealed', member, 'facilitators', true],
    ['unsealed', member, 'everyone', false],
    ['unsealed', waits, 'facilitators', false],
    ['marked', supporter, 'facilitators', false],
    ['receives', member, 'facilitators', true],
    ['receives', member, 'everyone', false],
    ['receives', waits, 'facilitators', false],
  ];
  it.each(table)('%s by %j to %j: %s', (kind, sender, audience, expected) => {
    expect(allowed(kind, sender, audience)).toBe(expected);
  });
});
