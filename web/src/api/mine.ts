// SPDX-License-Identifier: Apache-2.0
// What the service says behind a personal link: which two things it asks, the visit that right answers open, and the person's own
// page. Secrets travel in bodies and in the Authorization header, never in an address. Not here: what pages make of it.
import { list, oneOf, optional, orNull, type Reader, shape, text, truth, whole } from '../base/check';

export const askedThings = ['birth_date', 'postcode', 'mobile_end', 'nhs_end'] as const;
export type AskedThing = (typeof askedThings)[number];
export type Way = 'in_person' | 'video' | 'phone';
export interface Question {
  asks: AskedThing[];
  dutyNumber: string;
  shutSeconds: number;
}
export interface MySession {
  id: string;
  date: string;
  time: string;
  zone: string;
  startsAt: string;
  endsAt: string;
  state: 'planned' | 'held' | 'cancelled';
  heldOn: string;
  minutes: number;
  ways: Way[];
  way: Way | null;
  open: boolean;
  venue: string;
  byPhone: string; // what to ring; empty: not said
  joinAddress: string; // of other software; empty: none is given
}
export interface Mine {
  name: string;
  alias: string;
  supporter: boolean;
  language: string;
  dutyNumber: string;
  person: string | null; // the member's own record; null: a supporter
  reachedBy: 'email' | 'sms' | 'letter' | 'telephone' | null;
  reachedAt: string;
  sessions: MySession[];
}
export interface OpenedRow {
  at: string;
  by: string;
  what: string;
}

export const channels = ['email', 'sms', 'letter', 'telephone'] as const;
export type Channel = (typeof channels)[number];
export interface SafeHours {
  days: number[]; // 1 (Monday) to 7
  from: string; // 09:00
  to: string;
}
export interface WantedContact {
  method: Channel | null; // null: the way stays as it is
  to: string;
  address: string[];
  postcode: string;
  hours?: SafeHours[]; // missing: they stay as they are; empty: at any time
}
export type CheckBy = 'code' | 'team';
export interface ContactChange {
  wanted: WantedContact;
  check: CheckBy;
  askedAt: string;
  until: string;
  triesLeft: number;
}
export interface MyContact {
  waiting: ContactChange | null;
  codeBy: Channel | null; // the way that can bring a code
  hours: SafeHours[]; // when we may reach them; empty: at any time
}
export interface FieldFault {
  pointer: string;
  detail: string;
}

export type Confirmed =
  | { at: 'in'; visit: string }
  | { at: 'wrong'; left: number }
  | { at: 'shut'; seconds: number }
  | { at: 'unknown' }
  | { at: 'unreachable' };
export type Got<T> = { ok: true; value: T } | { ok: false; why: 'over' | 'refused' | 'unreachable' };

const way = oneOf('in_person', 'video', 'phone');
const question: Reader<Question> = shape({ asks: list(oneOf(...askedThings), 4), dutyNumber: text(64), shutSeconds: whole(0) });
const session: Reader<MySession> = shape({
  id: text(64),
  date: text(10),
  time: text(5),
  zone: text(64),
  startsAt: text(32),
  endsAt: text(32),
  state: oneOf('planned', 'held', 'cancelled'),
  heldOn: text(200),
  minutes: whole(0, 1_000),
  ways: list(way, 3),
  way: orNull(way),
  open: truth,
  venue: text(500),
  byPhone: text(2_000),
  joinAddress: text(2_000),
});
const mine: Reader<Mine> = shape({
  name: text(400),
  alias: text(200),
  supporter: truth,
  person: orNull(text(64)),
  language: text(64),
  dutyNumber: text(64),
  reachedBy: orNull(oneOf('email', 'sms', 'letter', 'telephone')),
  reachedAt: text(400),
  sessions: list(session, 100),
});
const hours = list(shape({ days: list(whole(1, 7), 7), from: text(5), to: text(5) }), 14);
const contact: Reader<MyContact> = shape({
  waiting: orNull(
    shape({
      wanted: shape({ method: orNull(oneOf(...channels)), to: text(400), address: list(text(200), 20), postcode: text(20), hours: optional(hours) }),
      check: oneOf('code', 'team'),
      askedAt: text(32),
      until: text(32),
      triesLeft: whole(0, 100),
    }),
  ),
  codeBy: orNull(oneOf(...channels)),
  hours,
});
const opened = shape({ items: list(shape({ at: text(32), by: text(200), what: text(64) }), 500), next: orNull(text(1024)) });
const agreementText = shape({ title: text(200), points: list(text(400), 14), easy: list(shape({ symbol: text(32), words: text(240) }), 14), changed: text(600) });
const myAgreement = shape({
  current: orNull(shape({ number: whole(1), text: agreementText, madeAt: text(32) })),
  accepted: orNull(shape({ number: whole(1), at: text(32), how: oneOf('self', 'aloud', 'on_paper') })),
  ask: truth,
});
export type MyAgreement = ReturnType<typeof myAgreement>;
const wrong = shape({ triesLeft: whole(0, 100), shutSeconds: whole(0) });

const send = (method: string, path: string, body: unknown, visit?: string, more: Record<string, string> = {}): Promise<Response> =>
  fetch(path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(visit ? { authorization: `Visit ${visit}` } : {}), ...more },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    credentials: 'same-origin',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
  });

export const look = async (link: string): Promise<Got<Question>> => {
  try {
    const answer = await send('POST', '/api/links/look', { link });
    return answer.ok ? { ok: true, value: question(await answer.json(), '') } : { ok: false, why: answer.status >= 500 ? 'unreachable' : 'refused' };
  } catch {
    return { ok: false, why: 'unreachable' };
  }
};

export const confirm = async (link: string, answers: { asked: AskedThing; text: string }[]): Promise<Confirmed> => {
  try {
    const answer = await send('POST', '/api/links/confirm', { link, answers });
    if (answer.ok) return { at: 'in', visit: shape({ visit: text(256) })(await answer.json(), '').visit };
    if (answer.status === 404) return { at: 'unknown' };
    if (answer.status !== 403 && answer.status !== 429) return { at: 'unreachable' };
    const said = wrong(await answer.json(), '');
    return said.shutSeconds > 0 ? { at: 'shut', seconds: said.shutSeconds } : { at: 'wrong', left: said.triesLeft };
  } catch {
    return { at: 'unreachable' };
  }
};

const get = async <T>(method: string, path: string, visit: string, read: Reader<T>, body?: unknown): Promise<Got<T>> => {
  try {
    const answer = await send(method, path, body, visit);
    if (answer.status === 401) return { ok: false, why: 'over' };
    if (!answer.ok) return { ok: false, why: answer.status >= 500 ? 'unreachable' : 'refused' };
    return { ok: true, value: read(await answer.json(), '') };
  } catch {
    return { ok: false, why: 'unreachable' };
  }
};
export const readMine = (visit: string): Promise<Got<Mine>> => get('GET', '/api/mine', visit, mine);
// All of them, page after page.
export const readOpened = async (visit: string): Promise<Got<{ items: OpenedRow[] }>> => {
  const items: OpenedRow[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const page: Got<{ items: OpenedRow[]; next: string | null }> = await get('GET', `/api/mine/opened?limit=200&after=${encodeURIComponent(after)}`, visit, opened);
    if (!page.ok) return page;
    items.push(...page.value.items);
    after = page.value.next;
  }
  return { ok: true, value: { items } };
};
export const chooseWay = (visit: string, id: string, chosen: Way): Promise<Got<MySession>> =>
  get('PUT', `/api/mine/sessions/${id}/way`, visit, session, { way: chosen });
export const readMyAgreement = (visit: string): Promise<Got<MyAgreement>> => get('GET', '/api/mine/agreement', visit, myAgreement);
// Refused: it has changed since it was read.
export const acceptMyAgreement = (visit: string, number: number): Promise<Got<MyAgreement>> => get('POST', '/api/mine/agreement', visit, myAgreement, { number });
export const takeSeat = (visit: string, id: string): Promise<Got<{ link: string }>> =>
  get('POST', `/api/mine/sessions/${id}/seat`, visit, shape({ link: text(256) }), {});
// Answers about background, by their question; what else the record keeps goes back as it came.
const about = shape({
  age: orNull(text(400)), disability: orNull(text(400)), genderReassignment: orNull(text(400)), marriage: orNull(text(400)), pregnancy: orNull(text(400)),
  ethnicity2021: orNull(text(400)), religion: orNull(text(400)), sex: orNull(text(400)), sexualOrientation: orNull(text(400)),
});
export type AboutAnswers = ReturnType<typeof about>;
export const readAbout = async (visit: string, person: string): Promise<Got<{ answers: AboutAnswers; version: number }>> => {
  try {
    const answer = await send('GET', `/api/people/${person}/protected`, undefined, visit);
    if (answer.status === 401) return { ok: false, why: 'over' };
    if (!answer.ok) return { ok: false, why: 'unreachable' };
    return { ok: true, value: { answers: about(await answer.json(), ''), version: Number(/\d+/.exec(answer.headers.get('etag') ?? '')?.[0] ?? 0) } };
  } catch {
    return { ok: false, why: 'unreachable' };
  }
};
// The group of 2001 follows from that of 2021, so it is not sent.
export const saveAbout = async (visit: string, person: string, version: number, answers: AboutAnswers): Promise<'saved' | 'over' | 'changed' | 'long' | 'unreachable'> => {
  try {
    const answer = await send('PUT', `/api/people/${person}/protected`, { ...answers, ethnicity2001: null }, visit, { 'if-match': `"${version}"` });
    if (answer.status === 401) return 'over';
    if (answer.status === 412) return 'changed';
    if (answer.status === 422) return 'long';
    return answer.ok ? 'saved' : 'unreachable';
  } catch {
    return 'unreachable';
  }
};
export const readContact = (visit: string): Promise<Got<MyContact>> => get('GET', '/api/mine/contact-change', visit, contact);
export const confirmContact = (visit: string, code: string): Promise<Got<{ confirmed: boolean; triesLeft: number }>> =>
  get('POST', '/api/mine/contact-change/confirm', visit, shape({ confirmed: truth, triesLeft: whole(0, 100) }), { code });
export const takeBackContact = async (visit: string): Promise<boolean> => {
  try {
    return (await send('DELETE', '/api/mine/contact-change', undefined, visit)).status === 204;
  } catch {
    return false;
  }
};
export type Wished = { at: 'kept'; contact: MyContact } | { at: 'faults'; faults: FieldFault[] } | { at: 'too-many' } | { at: 'over' } | { at: 'unreachable' };
const faults = (value: unknown): FieldFault[] =>
  ((value as { errors?: unknown }).errors instanceof Array ? (value as { errors: unknown[] }).errors : []).flatMap((one) => {
    const { pointer, detail } = (one ?? {}) as Record<string, unknown>;
    return typeof pointer === 'string' && typeof detail === 'string' ? [{ pointer, detail: detail.slice(0, 300) }] : [];
  });
export const askForContact = async (visit: string, wanted: WantedContact, check: CheckBy): Promise<Wished> => {
  try {
    const answer = await send('POST', '/api/mine/contact-change', { wanted, check }, visit);
    if (answer.status === 401) return { at: 'over' };
    if (answer.status === 429) return { at: 'too-many' };
    if (answer.status === 422) return { at: 'faults', faults: faults(await answer.json()) };
    return answer.ok ? { at: 'kept', contact: contact(await answer.json(), '') } : { at: 'unreachable' };
  } catch {
    return { at: 'unreachable' };
  }
};
export const calendarOf = async (visit: string, id: string): Promise<Blob | null> => {
  try {
    const answer = await send('GET', `/api/mine/sessions/${id}/calendar`, undefined, visit);
    return answer.ok ? await answer.blob() : null;
  } catch {
    return null;
  }
};
