// SPDX-License-Identifier: Apache-2.0
// Who is signed in, and the one client that all staff pages ask with. When the sign-in has run out or the page was idle, one
// question is asked over the page (lock.tsx); whatever waits for it goes on afterwards. Not here: how one signs in.
import type { ReactNode } from 'react';
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { type Client, makeClient, type Outcome, type Reason, type Trouble } from '../api/client';
import type { Listing, Me, StaffRole } from '../api/model';
import { browserClock, type Clock } from '../base/clock';

export interface Account {
  client: Client;
  clock: Clock;
  me: Me;
  again: () => Promise<void>; // reads `me` again
}
const Held = createContext<Account | null>(null);

export function useAccount(): Account {
  const account = useContext(Held);
  if (!account) throw new Error('no account around this page');
  return account;
}

export const has = (me: Me, ...roles: StaffRole[]): boolean => me.standings.some(({ role }) => roles.includes(role));
export const leads = (me: Me, team: string): boolean => me.standings.some((one) => one.role === 'team_lead' && (one.team === null || one.team === team));
export const facilitates = (me: Me, group: string): boolean => me.facilitates.some(({ id }) => id === group);

export type Asking = null | { locked: boolean };
export interface Door {
  client: Client;
  asking: Asking;
  answer: (go: boolean) => void;
  lock: () => void;
}

// The client of a page, and the question that a request may wait for.
export function useDoor(send: (address: string, init: RequestInit) => Promise<Response>): Door {
  const [asking, setAsking] = useState<Asking>(null);
  const waiting = useRef<((go: boolean) => void)[]>([]);
  const client = useMemo(
    () =>
      makeClient({
        fetch: send,
        clock: browserClock,
        signIn: ({ locked }) =>
          new Promise((resolve) => {
            waiting.current.push(resolve);
            setAsking((last) => last ?? { locked });
          }),
      }),
    [send],
  );
  const answer = useCallback((go: boolean) => {
    setAsking(null);
    for (const resolve of waiting.current.splice(0)) resolve(go);
  }, []);
  return { client, asking, answer, lock: useCallback(() => setAsking((last) => last ?? { locked: true }), []) };
}

export function AccountAround({ account, children }: { account: Account; children: ReactNode }) {
  return <Held.Provider value={account}>{children}</Held.Provider>;
}

export interface Loaded<T> {
  value: T | null;
  version: number | null;
  trouble: Trouble | null;
  again: (background?: boolean) => Promise<void>; // background: the page asks by itself
  put: (value: T, version: number | null) => void;
}

// What stands at an address, read when it changes. `null` reads nothing.
export function useLoaded<T>(address: string | null, options: { body?: unknown; reason?: Reason | undefined } = {}): Loaded<T> {
  const { client } = useAccount();
  const [state, setState] = useState<{ value: T | null; version: number | null; trouble: Trouble | null }>({ value: null, version: null, trouble: null });
  const wanted = useRef('');
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  const name = `${address ?? ''} ${body ?? ''} ${options.reason?.code ?? ''}`;
  const read = useCallback(async (background = false): Promise<void> => {
    if (address === null) return;
    wanted.current = name;
    const parts = { ...(body !== undefined ? { body: JSON.parse(body) as unknown } : {}), ...(options.reason ? { reason: options.reason } : {}), ...(background ? { background, quiet: true } : {}) };
    const outcome: Outcome<T> = await client.ask<T>(body === undefined ? 'GET' : 'POST', address, parts);
    if (wanted.current !== name) return; // another has been asked for since
    if (!outcome.ok && background) return; // what stands on the page stays
    setState((last) => (outcome.ok ? { value: outcome.value, version: outcome.version, trouble: null } : { ...last, trouble: outcome.trouble }));
  }, [client, name]);
  useEffect(() => {
    setState({ value: null, version: null, trouble: null });
    void read();
  }, [read]);
  return { ...state, again: read, put: (value, version) => setState({ value, version, trouble: null }) };
}

// What others may change meanwhile, read again by itself while the page is to be seen.
export function useFresh(of: Pick<Loaded<unknown>, 'again'>, everyMs: number, on = true): void {
  const again = useRef(of.again);
  again.current = of.again;
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && void again.current(true), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, on]);
}

// A list that can be longer than a page: `more` adds the next.
export interface LoadedList<T> extends Loaded<Listing<T>> {
  more: (() => Promise<void>) | null;
}

export function useList<T>(address: string | null): LoadedList<T> {
  const { client } = useAccount();
  const loaded = useLoaded<Listing<T>>(address);
  const next = loaded.value?.next ?? null;
  const more = async (): Promise<void> => {
    if (!address || !next) return;
    const outcome = await client.ask<Listing<T>>('GET', `${address}${address.includes('?') ? '&' : '?'}after=${encodeURIComponent(next)}`);
    if (outcome.ok) loaded.put({ items: [...(loaded.value?.items ?? []), ...outcome.value.items], next: outcome.value.next }, null);
  };
  return { ...loaded, more: next ? more : null };
}
