// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it, vi } from 'vitest';
import { arrive, bookingCards, failureOf } from './arrive';

const asked: { path: string; init: RequestInit }[] = [];
function answerWith(response: Response | Error): void {
  asked.length = 0;
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    asked.push({ path, init });
    return response instanceof Error ? Promise.reject(response) : Promise.resolve(response);
  });
}
afterEach(() => void vi.unstubAllGlobals());

const arrival = {
  alias: 'Robin', role: 'member', startsAt: '2026-11-23T14:00:00Z', endsAt: '2026-11-23T15:30:00Z', dutyNumber: '01632 960 001', demonstration: true,
  watermark: false,
  blankOnBlur: false,
  membersMayShare: false,
  disguise: { picture: 'blur', voice: 'lower' },
};
const card = { seat: 3, alias: 'Robin', role: 'member', disguise: 'blur', needs: '' };

describe('a personal link', () => {
  it('travels in the body, never in the address', async () => {
    answerWith(Response.json(arrival));
    expect(await arrive('secret')).toEqual({ ok: true, value: arrival });
    expect(asked[0]?.path).toBe('/api/arrive');
    expect(asked[0]?.init).toMatchObject({ method: 'POST', body: '{"link":"secret"}', cache: 'no-store', referrerPolicy: 'no-referrer' });
  });
  it('may be answered with more than we know', async () => {
    answerWith(Response.json({ ...arrival, weather: 'mild' }));
    expect(await arrive('secret')).toEqual({ ok: true, value: arrival });
  });
  it.each([
    ['no server', new Error('down'), 'unreachable'],
    ['half an answer', Response.json({ alias: 'Robin' }), 'unexpected'],
    ['an answer that is no JSON', new Response('<html>'), 'unexpected'],
    ['a disguise nobody can make', Response.json({ ...arrival, disguise: { picture: 'mask', voice: 'none' } }), 'unexpected'],
    ['no word of the disguise', Response.json({ ...arrival, disguise: undefined }), 'unexpected'],
    ['a role nobody has', Response.json({ ...arrival, role: 'owner' }), 'unexpected'],
  ] as const)('with %s is a failure in a word', async (_what, response, failure) => {
    answerWith(response);
    expect(await arrive('secret')).toEqual({ ok: false, failure });
  });
  it.each([
    [400, 'unknown-link'], [401, 'unknown-link'], [404, 'unknown-link'], [410, 'ended'], [403, 'not-allowed'], [409, 'not-open'], [429, 'too-fast'],
    [500, 'unreachable'], [503, 'unreachable'], [418, 'unexpected'],
  ] as const)('refused with %i is %s', (status, failure) => {
    expect(failureOf(status)).toBe(failure);
  });
});

describe('booking cards', () => {
  it.each([
    ['a list', [card]],
    ['an object that can grow', { cards: [card] }],
  ])('are read from %s', async (_how, body) => {
    answerWith(Response.json(body));
    expect(await bookingCards('secret')).toEqual({ ok: true, value: [card] });
  });
});
