// SPDX-License-Identifier: Apache-2.0
// What arrival asks and says with the link of the day: POST /api/arrival… . The link travels in a body, never in an address. A place
// of a real session opens from a signed-in account (the browser's cookie); of a demonstration, by the facilitator's link. Not
// here: what pages make of it. Invariant: an answer of another shape is a failure, never half an answer.
import { list, Malformed, oneOf, orNull, type Reader, shape, text, truth, whole } from '../base/check';

export type PlaceKind = 'home' | 'address' | 'what3words' | 'hospital' | 'declined';
export interface SaidPlace {
  kind: PlaceKind;
  text: string;
  ward: string;
}
const placeKind = oneOf('home', 'address', 'what3words', 'hospital', 'declined');
const easyPoint = shape({ symbol: text(32), words: text(240) });
const agreementText = shape({ title: text(200), points: list(text(400), 14), easy: list(easyPoint, 14), changed: text(600) });
const questions = shape({
  session: orNull(text(36)),
  homeKnown: truth,
  agreement: orNull(shape({ number: whole(1), text: agreementText, ask: truth, again: truth })),
});
export type ArrivalQuestions = ReturnType<typeof questions>;
const said = shape({ items: list(shape({ seat: whole(1), given: truth }), 200) });
export type PlaceSaid = ReturnType<typeof said>['items'][number];
const besideRow = shape({
  seat: whole(1),
  version: whole(),
  supporter: orNull(oneOf('interpreter', 'carer', 'advocate')), // null: a member
  alias: text(200),
  planned: orNull(oneOf('in_person', 'video', 'phone')),
  mode: orNull(oneOf('in_person', 'video', 'phone')),
  outcome: oneOf('expected', 'attended', 'did_not_attend', 'cancelled_by_person', 'cancelled_by_service'),
  source: oneOf('plan', 'call', 'staff'),
  here: truth, // in the building or on the phone now
});
export type BesideRow = ReturnType<typeof besideRow>;
const beside = shape({ kept: truth, items: list(besideRow, 200) });
export type BesideRoom = ReturnType<typeof beside>;
export type Seen = 'in_person' | 'phone' | 'left' | 'mistake';
const alertKind = oneOf('drop_off', 'worried', 'help');
export type AlertKind = ReturnType<typeof alertKind>;
const seatAlerts = shape({ items: list(shape({ seat: whole(1), alias: text(200), kind: alertKind, raisedAt: text(64), holder: text(400), mine: truth }), 200) });
export type SeatAlert = ReturnType<typeof seatAlerts>['items'][number];
const opened = shape({ given: truth, kind: placeKind, lines: list(text(700), 30), saidAt: text(64) });
export type OpenedPlace = ReturnType<typeof opened>;

const needsInRoom = shape({
  language: text(64), // BCP 47, as is the next; empty: none said
  interpreter: text(64),
  needs: list(shape({ category: text(8), code: text(32), note: text(2_000) }), 60),
  communication: text(8_000), // agreed in preparation; empty: nothing
});
export type NeedsInRoom = ReturnType<typeof needsInRoom>;

export type PlaceFault = 'no-address' | 'not-precise' | 'three-words' | 'missing-text' | 'missing-ward';
export type Saved = 'saved' | 'unreachable' | PlaceFault;

// What a page of arrival or of the room may ask; made up in sketches and tests.
export interface ArrivalDesk {
  questions(): Promise<ArrivalQuestions | null>;
  savePlace(place: SaidPlace): Promise<Saved>;
  accept(number: number): Promise<'accepted' | 'changed' | 'unreachable'>;
  placesSaid(): Promise<PlaceSaid[] | null>;
  openPlace(session: string | null, seat: number, reason: string): Promise<OpenedPlace | 'none' | 'sign-in' | 'unreachable'>;
  // For facilitators who are signed in: what is written of what helps somebody. That they looked is on record.
  needs(session: string, seat: number): Promise<NeedsInRoom | 'none' | 'sign-in' | 'unreachable'>;
  // For facilitators: who is beside the room, in the same register; null where the service did not answer.
  beside(): Promise<BesideRoom | null>;
  markBeside(row: BesideRow, seen: Seen): Promise<BesideRoom | 'changed' | 'not-now' | 'unreachable'>;
  alerts(): Promise<SeatAlert[] | null>;
  raiseAlert(seat: number, kind: AlertKind): Promise<'raised' | 'unreachable'>;
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response | null> {
  try {
    return await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    });
  } catch {
    return null;
  }
}

async function get(path: string, headers: Record<string, string> = {}): Promise<Response | null> {
  try {
    return await fetch(path, { headers, credentials: 'same-origin', cache: 'no-store' });
  } catch {
    return null;
  }
}

async function readAs<T>(response: Response | null, reader: Reader<T>): Promise<T | null> {
  if (!response?.ok) return null;
  try {
    return reader(await response.json(), '');
  } catch (error) {
    if (error instanceof Malformed || error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

// Of what opens from a signed-in account.
async function openedOf<T>(response: Response | null, reader: Reader<T>): Promise<T | 'none' | 'sign-in' | 'unreachable'> {
  if (response?.status === 404) return 'none';
  if (response?.status === 401) return 'sign-in';
  return (await readAs(response, reader)) ?? 'unreachable';
}

const problem = shape({ errors: list(shape({ pointer: text(200), code: text(64) }), 50) });

async function faultOf(response: Response): Promise<Saved> {
  const { pointer, code } = (await readAs(new Response(response.body), problem))?.errors[0] ?? { pointer: '', code: '' };
  if (code === 'no-address' || code === 'not-precise' || code === 'three-words') return code;
  return code === 'missing' ? (pointer.endsWith('ward') ? 'missing-ward' : 'missing-text') : 'unreachable';
}

export const arrivalDesk = (link: string): ArrivalDesk => ({
  questions: async () => readAs(await post('/api/arrival', { link }), questions),
  savePlace: async (place) => {
    const response = await post('/api/arrival/place', { link, place });
    if (response?.status === 422) return faultOf(response);
    return response?.ok ? 'saved' : 'unreachable';
  },
  accept: async (number) => {
    const response = await post('/api/arrival/agreement', { link, number });
    return response?.ok ? 'accepted' : response?.status === 409 ? 'changed' : 'unreachable';
  },
  placesSaid: async () => (await readAs(await post('/api/arrival/places', { link }), said))?.items ?? null,
  beside: async () => readAs(await post('/api/arrival/beside', { link }), beside),
  markBeside: async ({ seat, version }, seen) => {
    const response = await post('/api/arrival/beside/mark', { link, seat, version, seen });
    if (response?.status === 412) return 'changed';
    if (response?.status === 409) return 'not-now';
    return (await readAs(response, beside)) ?? 'unreachable';
  },
  alerts: async () => (await readAs(await post('/api/arrival/alerts', { link }), seatAlerts))?.items ?? null,
  raiseAlert: async (seat, kind) => ((await post('/api/arrival/alert', { link, seat, kind }))?.ok ? 'raised' : 'unreachable'),
  openPlace: async (session, seat, reason) => {
    const headers = { 'quietroom-reason': reason };
    return openedOf(session ? await get(`/api/sessions/${session}/places/${seat}`, headers) : await post('/api/arrival/places/open', { link, seat }, headers), opened);
  },
  needs: async (session, seat) => openedOf(await get(`/api/sessions/${session}/seats/${seat}/needs`), needsInRoom),
});
