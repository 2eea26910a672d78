// SPDX-License-Identifier: Apache-2.0
// Asking the service (shapes: model.ts). Every answer is an Outcome: a value with its version (ETag), or a trouble that a page
// can put into words. A sign-in that has run out, or a lock, is asked for over the page and the request goes on afterwards, so
// that nothing typed is lost. A creation carries an Idempotency-Key, so that it may be sent again after a time-out (RFC 9110
// section 9.2.2). Not here: what pages show. Invariant: a secret, a name or free text never stands in an address.
import type { Clock } from '../base/clock';
import type { Problem } from './model';

export interface Fault {
  pointer: string; // JSON pointer into what was sent
  code: string;
  detail: string;
}
export type Trouble =
  | { kind: 'fields'; faults: Fault[] } // 422: some answers need another look
  | { kind: 'changed' } // 412: somebody else has changed this
  | { kind: 'reason' } // 403: opens only with a reason on record
  | { kind: 'refused' } // 403
  | { kind: 'gone' } // 404
  | { kind: 'conflict'; title: string } // 409
  | { kind: 'signed-out'; locked: boolean } // 401, where nobody is asked to sign in
  | { kind: 'too-fast'; seconds: number | null } // 429
  | { kind: 'unreachable'; why?: 'full' | 'unavailable' } // no answer, or the service cannot answer now (507, 503): may be tried again
  | { kind: 'too-large' } // 413: more than fits
  | { kind: 'unexpected' };
export type Outcome<T> = { ok: true; value: T; version: number | null } | { ok: false; trouble: Trouble };

export interface Reason {
  code: string;
  note: string;
}
export interface Asked {
  body?: unknown;
  version?: number; // If-Match
  key?: string; // Idempotency-Key
  reason?: Reason;
  quiet?: boolean; // a 401 is an answer, not a reason to ask for the password
  background?: boolean; // the page asks by itself: it keeps no sign-in awake
}
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface ClientParts {
  fetch: (address: string, init: RequestInit) => Promise<Response>;
  clock: Clock;
  // Asks the person to sign in or unlock; true: the request may be sent again.
  signIn: (why: { locked: boolean }) => Promise<boolean>;
}

export interface Client {
  ask<T>(method: Method, address: string, asked?: Asked): Promise<Outcome<T>>;
  file(method: Method, address: string, asked?: Asked): Promise<Outcome<Blob>>; // an answer that is a file
}

const patience = 20_000;

const versionOf = (response: Response): number | null => {
  const found = /^(?:W\/)?"(\d{1,15})"$/.exec(response.headers.get('etag') ?? '');
  return found ? Number(found[1]) : null;
};

const problemOf = async (response: Response): Promise<Partial<Problem>> => {
  try {
    const read: unknown = await response.json();
    return typeof read === 'object' && read !== null ? (read as Partial<Problem>) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {}; // of a proxy before the service, say
    throw error;
  }
};

const kindOf = (problem: Partial<Problem>): string => String(problem.type ?? '').replace(/^.*\//, '');

const faultsOf = (problem: Partial<Problem>): Fault[] =>
  (Array.isArray(problem.errors) ? problem.errors : []).map((one) => ({
    pointer: String(one.pointer ?? ''),
    code: String(one.code ?? ''),
    detail: String(one.detail ?? ''),
  }));

export async function troubleOf(response: Response): Promise<Trouble> {
  const problem = await problemOf(response);
  switch (response.status) {
    case 401:
      return { kind: 'signed-out', locked: kindOf(problem) === 'locked' };
    case 403:
      return { kind: kindOf(problem) === 'reason-wanted' ? 'reason' : 'refused' };
    case 404:
      return { kind: 'gone' };
    case 409:
      return { kind: 'conflict', title: String(problem.title ?? '') };
    case 413:
      return { kind: 'too-large' };
    case 503:
      return { kind: 'unreachable', why: 'unavailable' };
    case 507:
      return { kind: 'unreachable', why: 'full' };
    case 412:
      return { kind: 'changed' };
    case 422:
      return { kind: 'fields', faults: faultsOf(problem) };
    case 429: {
      const seconds = Number(response.headers.get('retry-after') ?? '');
      return { kind: 'too-fast', seconds: Number.isFinite(seconds) && seconds > 0 ? seconds : null };
    }
    default:
      return { kind: response.status >= 500 ? 'unreachable' : 'unexpected' };
  }
}

function headersOf(asked: Asked): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (asked.body !== undefined) headers['content-type'] = 'application/json';
  if (asked.version !== undefined) headers['if-match'] = `"${asked.version}"`;
  if (asked.background) headers['quietroom-background'] = '1';
  if (asked.key) headers['idempotency-key'] = asked.key;
  if (asked.reason) {
    headers['quietroom-reason'] = asked.reason.code;
    if (asked.reason.note) headers['quietroom-reason-note'] = encodeURIComponent(asked.reason.note);
  }
  return headers;
}

export function makeClient(parts: ClientParts): Client {
  // The patience lasts until the whole answer is there: its beginning alone saves nothing.
  const send = async <T>(method: Method, address: string, asked: Asked, take: (response: Response) => Promise<T>): Promise<T | null> => {
    const stop = new AbortController();
    const callOff = parts.clock.after(patience, () => stop.abort());
    try {
      const response = await parts.fetch(address, {
        method,
        headers: headersOf(asked),
        ...(asked.body !== undefined ? { body: JSON.stringify(asked.body) } : {}),
        credentials: 'same-origin',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
        signal: stop.signal,
      });
      return await take(response);
    } catch {
      return null; // none, or not the whole of it
    } finally {
      callOff();
    }
  };
  const read = async <T>(method: Method, address: string, asked: Asked, value: (response: Response) => Promise<T>): Promise<Outcome<T>> => {
    const outcome = await send<Outcome<T>>(method, address, asked, async (response) => {
      if (!response.ok) return { ok: false, trouble: await troubleOf(response) };
      if (response.status === 204) return { ok: true, value: undefined as T, version: null };
      try {
        return { ok: true, value: await value(response), version: versionOf(response) };
      } catch (error) {
        if (error instanceof SyntaxError) return { ok: false, trouble: { kind: 'unexpected' } }; // whole, but no JSON
        throw error;
      }
    });
    if (!outcome) return { ok: false, trouble: { kind: 'unreachable' } };
    if (outcome.ok || outcome.trouble.kind !== 'signed-out' || asked.quiet) return outcome;
    return (await parts.signIn(outcome.trouble)) ? read(method, address, asked, value) : outcome;
  };
  return {
    ask: <T>(method: Method, address: string, asked: Asked = {}) => read(method, address, asked, async (response) => (await response.json()) as T),
    file: (method, address, asked = {}) => read(method, address, asked, (response) => response.blob()),
  };
}

// One key for one creation: the same while the same thing is sent again, a new one when what is sent has changed.
export class CreationKey {
  private sent: string | null = null;
  private key = '';
  constructor(private readonly draw: () => string = () => crypto.randomUUID()) {}
  of(body: unknown): string {
    const now = JSON.stringify(body);
    if (now !== this.sent) {
      this.sent = now;
      this.key = this.draw();
    }
    return this.key;
  }
}
