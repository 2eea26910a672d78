// SPDX-License-Identifier: Apache-2.0
// Reads changes out politely (aria-live) and shows the last one as a quiet line of text for a few seconds. It stays in the
// page from the start: a live region that is added together with its words is not read.
import { useEffect, useRef, useState } from 'react';
import type { CallState } from '../call/model';
import { announcements } from './announcements';

const shownFor = 8_000;

export function Announcer({ state, quiet }: { state: CallState; quiet?: boolean }) {
  const before = useRef(state);
  const [said, setSaid] = useState<{ words: string; key: number }>({ words: '', key: 0 });
  useEffect(() => {
    const lines = announcements(before.current, state);
    before.current = state;
    if (lines.length > 0) setSaid((last) => ({ words: lines.join(' '), key: last.key + 1 }));
  }, [state]);
  useEffect(() => {
    if (!said.words) return;
    const timer = setTimeout(() => setSaid((last) => ({ words: '', key: last.key })), shownFor);
    return () => clearTimeout(timer);
  }, [said.key, said.words]);
  return (
    <div className={quiet ? 'announcer visually-hidden' : 'announcer'} role="status" aria-live="polite">
      {said.words && <p key={said.key}>{said.words}</p>}
    </div>
  );
}
