// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../base/clock';
import { type ClientParts, CreationKey, makeClient } from './client';

const answer = (status: number, body: unknown = null, headers: Record<string, string> = {}): Response =>
  new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
const problem = (status: number, kind: string, errors?: unknown): Response => answer(status, { type: `/problems/${kind}`, title: 'A title', status, errors });

function clientOver(answers: (Response | 'never' | 'no network')[], signIn: ClientParts['signIn'] = async () => false) {
  const sent: { address: string; init: RequestInit }[] = [];
  const clock = new VirtualClock();
  const client = makeClient({
    clock,
    signIn,
    fetch: (address, init) => {
      sent.push({ address, init });
      const next = answers.shift();
      if (next === 'never') return new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(new DOMException('aborted'))));
      return next instanceof Response ? Promise.resolve(next) : Promise.reject(new TypeError('no network'));
    },
  });
  return { client, clock, sent, headers: (index = 0) => new Headers(sent[index]?.init.headers) };
}

describe('asking the service', () => {
  it('gives the value with the version of its ETag', async () => {
    const { client } = clientOver([answer(200, { name: 'x' }, { etag: '"7"' })]);
    expect(await client.ask('GET', '/api/groups/1')).toEqual({ ok: true, value: { name: 'x' }, version: 7 });
  });
  it('sends version, key and reason as headers, the note percent-encoded and nothing of it in the address', async () => {
    const { client, sent, headers } = clientOver([answer(204)]);
    await client.ask('PUT', '/api/people/1', { body: { a: 1 }, version: 3, key: 'k-1', reason: { code: 'cover', note: 'für Ash: “now”' } });
    expect(headers().get('if-match')).toBe('"3"');
    expect(headers().get('idempotency-key')).toBe('k-1');
    expect(headers().get('quietroom-reason')).toBe('cover');
    expect(decodeURIComponent(headers().get('quietroom-reason-note') ?? '')).toBe('für Ash: “now”');
    expect(headers().get('quietroom-reason-note')).toMatch(/^[\x21-\x7e]+$/);
    expect(sent[0]?.address).toBe('/api/people/1');
  });
  it('gives each field its fault', async () => {
    const errors = [{ pointer: '/name', code: 'missing', detail: 'This is needed' }];
    const { client } = clientOver([problem(422, 'fields', errors)]);
    expect(await client.ask('POST', '/api/groups', { body: {} })).toEqual({ ok: false, trouble: { kind: 'fields', faults: errors } });
  });
  it.each([
    [problem(403, 'reason-wanted'), { kind: 'reason' }],
    [problem(403, 'refused'), { kind: 'refused' }],
    [problem(404, 'not-found'), { kind: 'gone' }],
    [problem(409, 'conflict'), { kind: 'conflict', title: 'A title' }],
    [problem(412, 'changed-since'), { kind: 'changed' }],
    [problem(503, 'unavailable'), { kind: 'unreachable', why: 'unavailable' }],
    [problem(413, 'too-large'), { kind: 'too-large' }],
    [problem(507, 'full'), { kind: 'unreachable', why: 'full' }],
    [problem(428, 'if-match-wanted'), { kind: 'unexpected' }],
    [new Response('<html>', { status: 502 }), { kind: 'unreachable' }],
    [new Response('<html>', { status: 200 }), { kind: 'unexpected' }],
  ])('knows each trouble by its status and kind (%#)', async (response, trouble) => {
    const { client } = clientOver([response]);
    expect(await client.ask('GET', '/api/x')).toEqual({ ok: false, trouble });
  });
  it('says how long to wait after too many tries', async () => {
    const { client } = clientOver([answer(429, {}, { 'retry-after': '90' })]);
    expect(await client.ask('POST', '/api/sign-in', { body: {} })).toEqual({ ok: false, trouble: { kind: 'too-fast', seconds: 90 } });
  });
  it('says of a look by itself that nobody touched anything', async () => {
    const { client, headers } = clientOver([answer(200, {}), answer(200, {})]);
    await client.ask('GET', '/api/x', { background: true });
    await client.ask('GET', '/api/x');
    expect([headers(0), headers(1)].map((one) => one.get('quietroom-background'))).toEqual(['1', null]);
  });
  it('calls no answer unreachable, after twenty seconds and not before', async () => {
    const { client, clock } = clientOver(['never', 'no network']);
    let outcome: unknown = null;
    const asked = client.ask('GET', '/api/x').then((found) => (outcome = found));
    clock.advance(19_999);
    await Promise.resolve();
    expect(outcome).toBeNull();
    clock.advance(1);
    await asked;
    expect(outcome).toEqual({ ok: false, trouble: { kind: 'unreachable' } });
    expect(await client.ask('GET', '/api/x')).toEqual({ ok: false, trouble: { kind: 'unreachable' } });
  });
  it.each([200, 422])('calls an answer of %i that stops in the middle unreachable, too, and waits no longer for it', async (status) => {
    let broken: ReadableStreamDefaultController<Uint8Array> | null = null;
    const half = new Response(new ReadableStream<Uint8Array>({ start: (controller) => void (broken = controller).enqueue(new TextEncoder().encode('{"id":')) }), { status });
    const { client, clock, sent } = clientOver([half]);
    const asked = client.ask('POST', '/api/people', { body: {} });
    await Promise.resolve();
    sent[0]?.init.signal?.addEventListener('abort', () => broken?.error(new DOMException('aborted', 'AbortError'))); // as a browser's fetch does
    clock.advance(20_000);
    expect(await asked).toEqual({ ok: false, trouble: { kind: 'unreachable' } });
  });
});

describe('a sign-in that has run out', () => {
  it('is asked for, and the same request goes on', async () => {
    const asked: boolean[] = [];
    const { client, sent } = clientOver([problem(401, 'locked'), answer(201, { id: 1 })], async ({ locked }) => {
      asked.push(locked);
      return true;
    });
    expect(await client.ask('POST', '/api/groups', { body: { name: 'x' }, key: 'k' })).toMatchObject({ ok: true });
    expect(asked).toEqual([true]);
    expect(sent.map(({ init }) => init.body)).toEqual(['{"name":"x"}', '{"name":"x"}']);
    expect(new Headers(sent[1]?.init.headers).get('idempotency-key')).toBe('k');
  });
  it('is the answer where nobody signs in', async () => {
    const { client } = clientOver([problem(401, 'sign-in')]);
    expect(await client.ask('GET', '/api/me')).toEqual({ ok: false, trouble: { kind: 'signed-out', locked: false } });
  });
  it('asks nobody where the question itself is the sign-in', async () => {
    const { client } = clientOver([problem(401, 'sign-in-failed')], async () => Promise.reject(new Error('asked')));
    expect(await client.ask('POST', '/api/sign-in', { body: {}, quiet: true })).toMatchObject({ ok: false });
  });
});

describe('the key of a creation', () => {
  it('stays while the same is sent again, and changes with what is sent', () => {
    let drawn = 0;
    const key = new CreationKey(() => `key-${++drawn}`);
    expect([key.of({ a: 1 }), key.of({ a: 1 }), key.of({ a: 2 }), key.of({ a: 2 })]).toEqual(['key-1', 'key-1', 'key-2', 'key-2']);
  });
});
