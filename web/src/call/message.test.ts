// SPDX-License-Identifier: Apache-2.0
// The example files of docs/protocol are read here as they are by the C++ tests: one specification, two readers.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { clientTypes, parseClientMessage, parseServerMessage, serverTypes } from './message';
import { open } from './payload';

const folder = fileURLToPath(new URL('../../../docs/protocol/', import.meta.url));
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, text: readFileSync(folder + name, 'utf8') }));
const typeOf = (text: string): string => (JSON.parse(text) as { type: string }).type;

describe('the protocol and its examples', () => {
  it.each(examples)('$name is read whole', ({ name, text }) => {
    const type = typeOf(text);
    expect(name.split('.')[0]).toBe(type);
    const parsed = (serverTypes as string[]).includes(type) ? parseServerMessage(text) : parseClientMessage(text);
    expect(parsed).toHaveProperty('message');
    // Nothing of an example is lost in reading: a field that we do not know would be.
    expect('message' in parsed && parsed.message).toEqual(JSON.parse(text));
  });

  it('every message of ours has an example', () => {
    const shown = new Set(examples.map(({ text }) => typeOf(text)));
    expect([...serverTypes, ...clientTypes].filter((type) => !shown.has(type))).toEqual([]);
  });

  it('every payload in an example opens', () => {
    const payloads = examples.flatMap(({ text }) => {
      const value = JSON.parse(text) as { payload?: string };
      return value.payload === undefined ? [] : [value.payload];
    });
    expect(payloads.length).toBeGreaterThan(0);
    for (const payload of payloads) expect(open(payload)).not.toBeNull();
  });
});

describe('a server message', () => {
  it('may have fields that we do not know', () => {
    expect(parseServerMessage('{"type":"locked","locked":true,"colour":"blue"}')).toEqual({ message: { type: 'locked', locked: true } });
  });

  it.each([
    ['not JSON', 'nonsense', { malformed: 'not JSON' }],
    ['no type', '{}', { malformed: '/type' }],
    ['an unknown type', '{"type":"dance"}', { unknownType: 'dance' }],
    ['a type that every object has', '{"type":"constructor"}', { unknownType: 'constructor' }],
    ['a wrong type of field', '{"type":"locked","locked":"yes"}', { malformed: '/locked' }],
    ['a missing field', '{"type":"joined"}', { malformed: '/person' }],
    ['a seat below 1', '{"type":"line","seat":0,"word":"good"}', { malformed: '/seat' }],
    ['a wrong word', '{"type":"line","seat":1,"word":"splendid"}', { malformed: '/word' }],
    ['a group of no such name', '{"type":"groups","groups":[{"group":"private:07","epoch":0,"arrivals":[]}]}', { malformed: '/groups/0/group' }],
    ['an epoch that cannot be counted', '{"type":"groups","groups":[{"group":"everyone","epoch":1e300,"arrivals":[]}]}', { malformed: '/groups/0/epoch' }],
    ['a commit of nobody', '{"type":"committed","group":"everyone","epoch":0,"commit":"AA","adds":[],"removes":[],"from":{"seat":1}}', { malformed: '/from/arrival' }],
    ['no word on encryption', '{"type":"welcome","version":1,"arrival":1,"seat":1,"role":"member","permissions":{"admit":false,"moderate":false,"publish_screen":false},"state":"arriving","resume":"t","now":0,"resumed":false}', { malformed: '/encryption' }],
    ['a wrong entry in a list', '{"type":"slots","carries":[1,"two"]}', { malformed: '/carries/1' }],
  ])('with %s is told apart', (_what, text, expected) => {
    expect(parseServerMessage(text)).toEqual(expected);
  });
});
