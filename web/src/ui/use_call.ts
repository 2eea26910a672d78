// SPDX-License-Identifier: Apache-2.0
// Joins the pages to a call: the state as it is now, drawn again when it was replaced.
import { useEffect, useState } from 'react';
import type { CallSession, CallState } from '../call/model';

export const useCall = (session: CallSession): CallState => {
  const [state, setState] = useState(session.state);
  useEffect(() => {
    const look = () => setState(session.state);
    look();
    return session.subscribe(look);
  }, [session]);
  return state;
};

// Whether the page is as narrow as a phone, for what is done there in steps.
export const useNarrow = (): boolean => {
  const [query] = useState(() => matchMedia('(max-width: 47.99rem)'));
  const [narrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const look = () => setNarrow(query.matches);
    look();
    query.addEventListener('change', look);
    return () => query.removeEventListener('change', look);
  }, [query]);
  return narrow;
};

// Ticks while a page shows a clock; the pages only ever show it, rules never read it.
export const useNow = (everyMs: number): number => {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
};
