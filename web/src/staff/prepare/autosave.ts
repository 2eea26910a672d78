// SPDX-License-Identifier: Apache-2.0
// A record that saves itself a moment after each change, and at once when asked. Where somebody else has changed it meanwhile, what
// only one of them changed is put together; where both changed the same, the other's stands and one's own words are shown beside it.
// Not here: fields (../fields.tsx, which this serves as their form). Invariant: one request at a time; what was typed is never lost.
import { useEffect, useRef, useState } from 'react';
import type { Fault, Outcome, Trouble } from '../../api/client';
import { at, differences, merged, put } from '../../base/pointer';
import { dropDraft, keepDraft, takeDraft } from '../drafts';
import type { FormState, Named } from '../form';

const saveAfterMs = 1_200;

export interface Saving<T> {
  values: T;
  form: FormState<T>;
  state: 'saved' | 'unsaved' | 'saving' | 'trouble';
  trouble: Trouble | null;
  overwritten: { pointer: string; mine: string }[]; // what this page had where the other's version stands now
  change: (next: T) => void;
  // Saves now; true where it is saved as it is then.
  save: (next?: T) => Promise<boolean>;
}
interface Parts<T> {
  draft: string;
  start: T;
  version: number;
  send: (values: T, version: number) => Promise<Outcome<T>>;
  load: () => Promise<Outcome<T>>;
}
interface Held<T> {
  values: T;
  base: T;
  version: number;
}

export function useAutosave<T>({ draft, start, version, send, load }: Parts<T>): Saving<T> {
  const [kept] = useState(() => takeDraft(draft));
  const held = useRef<Held<T>>(kept ? { values: kept.values as T, base: kept.base as T, version: kept.version ?? version } : { values: start, base: start, version });
  const [, setDrawn] = useState(0);
  const [state, setState] = useState<Saving<T>['state']>(kept ? 'unsaved' : 'saved');
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [overwritten, setOverwritten] = useState<Saving<T>['overwritten']>([]);
  const [tries, setTries] = useState(0);
  const names = useRef(new Map<string, Named>());
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const running = useRef<Promise<boolean> | null>(null);

  const hold = (next: Held<T>): void => {
    held.current = next;
    if (differences(next.base, next.values).length > 0) keepDraft(draft, next, false);
    else dropDraft(draft);
    setDrawn((last) => last + 1);
  };
  const meetOther = async (): Promise<boolean> => {
    const theirs = await load();
    if (!theirs.ok) return fail(theirs.trouble);
    const mine = held.current;
    const { value, contested } = merged(mine.base, theirs.value, mine.values);
    setOverwritten(contested.map((pointer) => ({ pointer, mine: String(at(mine.values, pointer) ?? '') })));
    hold({ values: value, base: theirs.value, version: theirs.version ?? 0 });
    return differences(theirs.value, value).length === 0 ? (setState('saved'), true) : once();
  };
  const fail = (found: Trouble): boolean => {
    setState('trouble');
    setTrouble(found.kind === 'fields' ? null : found);
    setFaults(found.kind === 'fields' ? found.faults : []);
    setTries((last) => last + 1);
    return false;
  };
  const once = async (): Promise<boolean> => {
    const sent = held.current;
    setState('saving');
    const outcome = await send(sent.values, sent.version);
    if (!outcome.ok) return outcome.trouble.kind === 'changed' ? meetOther() : fail(outcome.trouble);
    // What was typed while it was on its way stays.
    const { value } = merged(sent.values, outcome.value, held.current.values);
    hold({ values: value, base: outcome.value, version: outcome.version ?? sent.version + 1 });
    setTrouble(null);
    setFaults([]);
    const more = differences(outcome.value, value).length > 0;
    setState(more ? 'unsaved' : 'saved');
    return true;
  };
  const save = async (next?: T): Promise<boolean> => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
    if (running.current) await running.current;
    if (next !== undefined) hold({ ...held.current, values: next });
    if (differences(held.current.base, held.current.values).length === 0) return true;
    running.current = once();
    try {
      return await running.current;
    } finally {
      running.current = null;
    }
  };
  const change = (next: T): void => {
    hold({ ...held.current, values: next });
    setState('unsaved');
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = setTimeout(() => void save(), saveAfterMs);
  };
  useEffect(() => {
    if (kept) void save();
    return () => {
      if (timer.current === null) return;
      clearTimeout(timer.current);
      void save(); // leaving the page saves
    };
  }, []);
  const form: FormState<T> = {
    values: held.current.values,
    restored: false,
    busy: state === 'saving',
    faults,
    trouble,
    conflict: null,
    tries,
    get: (pointer) => at(held.current.values, pointer),
    set: (pointer, value) => {
      setFaults((last) => last.filter((fault) => fault.pointer !== pointer));
      change(put(held.current.values, pointer, value));
    },
    faultAt: (pointer) => faults.find((fault) => fault.pointer === pointer)?.detail ?? null,
    name: (pointer, named) => names.current.set(pointer, named),
    names: names.current,
    submit: async () => void (await save()),
    settle: () => undefined,
    startAgain: () => undefined,
  };
  return { values: held.current.values, form, state, trouble, overwritten, change, save };
}
