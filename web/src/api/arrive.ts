// SPDX-License-Identifier: Apache-2.0
// What the service says of a personal link, before and beside a call. The link travels in a body, never in an address.
// Not here: what pages make of it. Invariant: an answer of another shape is a failure, never half an answer.
import { list, Malformed, oneOf, orNull, type Reader, shape, text, truth, whole } from '../base/check';
import type { Arrival, BookingCard } from '../call/model';
import { agreedReader } from '../disguise/choice';

export type Failure = 'unknown-link' | 'not-open' | 'ended' | 'not-allowed' | 'too-fast' | 'unreachable' | 'unexpected';
export type Answer<T> = { ok: true; value: T } | { ok: false; failure: Failure };

const role = oneOf('facilitator', 'co_facilitator', 'supporter', 'member');
const arrival: Reader<Arrival> = shape({
  alias: text(200),
  role,
  startsAt: text(64),
  endsAt: text(64),
  dutyNumber: text(64),
  demonstration: truth,
  watermark: truth,
  blankOnBlur: truth,
  membersMayShare: truth,
  disguise: orNull(agreedReader),
});
const card: Reader<BookingCard> = shape({ seat: whole(1), alias: text(200), role, disguise: text(2000), needs: text(2000) });
const cardList = list(card, 200);
// Either the list itself or an object with `cards`, so that the answer can grow.
const cards: Reader<BookingCard[]> = (value, pointer) =>
  Array.isArray(value) ? cardList(value, pointer) : shape({ cards: cardList })(value, pointer).cards;

export const arrive = (link: string): Promise<Answer<Arrival>> => ask('/api/arrive', link, arrival);
export const bookingCards = (link: string): Promise<Answer<BookingCard[]>> => ask('/api/booking-cards', link, cards);

async function ask<T>(path: string, link: string, read: Reader<T>): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ link }),
      credentials: 'same-origin',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    });
  } catch {
    return { ok: false, failure: 'unreachable' };
  }
  if (!response.ok) return { ok: false, failure: failureOf(response.status) };
  try {
    return { ok: true, value: read(await response.json(), '') };
  } catch (error) {
    if (error instanceof Malformed || error instanceof SyntaxError || error instanceof TypeError) return { ok: false, failure: 'unexpected' };
    throw error;
  }
}

export function failureOf(status: number): Failure {
  switch (status) {
    case 400:
    case 401:
    case 404:
      return 'unknown-link';
    case 403:
      return 'not-allowed';
    case 409:
    case 425:
      return 'not-open';
    case 410:
      return 'ended';
    case 429:
      return 'too-fast';
    default:
      return status >= 500 ? 'unreachable' : 'unexpected';
  }
}
