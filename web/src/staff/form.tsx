// SPDX-License-Identifier: Apache-2.0
// A form over one value of the contract: fields by JSON pointer, checks before sending, the service's faults at their fields
// and in a summary, what was typed kept through every trouble, and a choice between two versions where somebody else has
// changed the record (412). Not here: the fields themselves (fields.tsx), fetching.
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import type { Fault, Outcome, Trouble } from '../api/client';
import { at, differences, merged, put } from '../base/pointer';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { dropDraft, keepDraft, takeDraft } from './drafts';
import { TroubleWords } from './trouble_words';

export interface Named {
  label: string;
  show: (value: unknown) => string;
  most?: number; // letters
  lines?: boolean; // a list that is typed as the lines of one text
}
export interface FormFault extends Fault {
  line?: number; // of the field's lines, from 1
}
export interface Conflict<T> {
  theirs: T;
  version: number | null;
  contested: string[];
}
export interface FormState<T> {
  values: T;
  restored: boolean;
  busy: boolean;
  faults: readonly FormFault[];
  trouble: Trouble | null;
  conflict: Conflict<T> | null;
  tries: number; // how often it was sent: a new summary takes the focus
  get: (pointer: string) => unknown;
  set: (pointer: string, value: unknown) => void;
  faultAt: (pointer: string) => string | null;
  name: (pointer: string, named: Named) => void;
  names: ReadonlyMap<string, Named>;
  submit: () => Promise<void>;
  settle: (mine: readonly string[]) => void; // which contested values to keep as typed
  startAgain: () => void;
}
interface Parts<T> {
  draft: string; // where what is typed is kept until it is saved
  inTab?: boolean; // nothing personal in it
  start: T;
  version?: number | null;
  check?: (values: T) => Fault[];
  save: (values: T, version: number) => Promise<Outcome<unknown>>;
  onSaved: (value: never) => void;
  reload?: () => Promise<Outcome<T>>; // the version that is saved now
  unfinished?: boolean; // a step before the last: what is typed stays a draft
}

export const fieldId = (pointer: string): string => `field${pointer.replaceAll('/', '-')}`;

interface Held<T> {
  values: T;
  base: T;
  version: number | null;
}

export function useForm<T>(parts: Parts<T>): FormState<T> {
  const [kept] = useState(() => takeDraft(parts.draft));
  const [held, setHeld] = useState<Held<T>>(() =>
    kept ? { values: kept.values as T, base: kept.base as T, version: kept.version ?? parts.version ?? null } : { values: parts.start, base: parts.start, version: parts.version ?? null },
  );
  const [restored, setRestored] = useState(kept !== null);
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<readonly FormFault[]>([]);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [conflict, setConflict] = useState<Conflict<T> | null>(null);
  const [tries, setTries] = useState(0);
  const names = useRef(new Map<string, Named>());
  const running = useRef(false);

  // What no record takes is said here, at its field; what a record takes less of, the service says.
  const tooLong = (values: T): Fault[] =>
    [...names.current].flatMap(([pointer, { most }]) => {
      const value = most ? at(values, pointer) : '';
      const typed = Array.isArray(value) ? value.join('\n') : value;
      const used = typeof typed === 'string' ? [...typed].length : 0;
      return most && used > most ? [{ pointer, code: 'own-long', detail: t('form.too_long', { most, used }) }] : [];
    });
  const hold = (next: Held<T>): void => {
    setHeld(next);
    if (differences(next.base, next.values).length > 0) keepDraft(parts.draft, next, parts.inTab ?? false);
    else dropDraft(parts.draft);
  };
  // The service says which of the lines is wrong; on the page they are one field, which says so of its line.
  const atField = (fault: Fault): FormFault => {
    const [, field = '', line] = /^(.*)\/(\d+)$/.exec(fault.pointer) ?? [];
    return names.current.get(field)?.lines ? { ...fault, pointer: field, line: Number(line) + 1 } : fault;
  };
  const fail = (found: Trouble): void => {
    setTrouble(found.kind === 'fields' ? null : found);
    setFaults(found.kind === 'fields' ? found.faults.map(atField) : []);
    setTries((last) => last + 1);
  };
  const meetOther = async (mine: Held<T>): Promise<void> => {
    const now = parts.reload ? await parts.reload() : null;
    if (!now?.ok) return fail(now?.trouble ?? { kind: 'changed' });
    const { value, contested } = merged(mine.base, now.value, mine.values);
    if (contested.length === 0) return send({ values: value, base: now.value, version: now.version });
    setConflict({ theirs: now.value, version: now.version, contested });
    setTries((last) => last + 1);
  };
  const send = async (mine: Held<T>): Promise<void> => {
    const outcome = await parts.save(mine.values, mine.version ?? 0);
    if (!outcome.ok && outcome.trouble.kind === 'changed') return meetOther(mine);
    if (!outcome.ok) {
      hold(mine);
      return fail(outcome.trouble);
    }
    if (!parts.unfinished) dropDraft(parts.draft);
    parts.onSaved(outcome.value as never);
  };
  const submitWith = async (mine: Held<T>): Promise<void> => {
    if (running.current) return;
    const found = [...(parts.check?.(mine.values) ?? []), ...tooLong(mine.values)];
    setFaults(found);
    setTrouble(null);
    if (found.length > 0) return setTries((last) => last + 1);
    running.current = true;
    setBusy(true);
    try {
      await send(mine);
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return {
    values: held.values,
    restored,
    busy,
    faults,
    trouble,
    conflict,
    tries,
    get: (pointer) => at(held.values, pointer),
    set: (pointer, value) => {
      setHeld((last) => {
        const next = { ...last, values: put(last.values, pointer, value) };
        if (differences(next.base, next.values).length > 0) keepDraft(parts.draft, next, parts.inTab ?? false);
        else dropDraft(parts.draft);
        return next;
      });
    },
    faultAt: (pointer) => {
      const fault = faults.find((one) => one.pointer === pointer);
      return fault?.line ? t('form.fault_line', { line: fault.line, words: fault.detail }) : (fault?.detail ?? null);
    },
    name: (pointer, named) => names.current.set(pointer, named),
    names: names.current,
    submit: () => submitWith(held),
    settle: (mine) => {
      if (!conflict) return;
      let { value } = merged(held.base, conflict.theirs, held.values);
      for (const pointer of mine) value = put(value, pointer, at(held.values, pointer));
      const next = { values: value, base: conflict.theirs, version: conflict.version };
      setConflict(null);
      hold(next);
      void submitWith(next);
    },
    startAgain: () => {
      setRestored(false);
      setFaults([]);
      setTrouble(null);
      hold({ values: parts.start, base: parts.start, version: parts.version ?? null });
    },
  };
}

// The faults in one list at the top, each a link to its field (nhsuk error summary).
function Summary<T>({ form }: { form: FormState<T> }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (form.tries > 0) box.current?.focus();
  }, [form.tries]);
  if (form.faults.length === 0 && !form.trouble) return null;
  if (form.trouble) {
    return (
      <div className="trouble" role="alert" tabIndex={-1} ref={box}>
        <TroubleWords trouble={form.trouble} form />
      </div>
    );
  }
  return (
    <div className="nhsuk-error-summary" role="alert" tabIndex={-1} ref={box} aria-labelledby="summary-title">
      <h2 className="nhsuk-error-summary__title" id="summary-title">
        {t('form.look_again')}
      </h2>
      <ul className="nhsuk-list nhsuk-error-summary__list">
        {form.faults.map((fault) => {
          const named = form.names.get(fault.pointer);
          const field = named && (fault.line ? t('form.field_line', { field: named.label, line: fault.line }) : named.label);
          const words = field && !fault.code.startsWith('own') ? t('form.fault', { field, words: fault.detail }) : fault.detail;
          return (
            <li key={fault.pointer + fault.code + fault.detail}>
              {named ? (
                <a
                  href={`#${fieldId(fault.pointer)}`}
                  onClick={(event) => {
                    event.preventDefault();
                    const field = document.getElementById(fieldId(fault.pointer));
                    field?.closest('.nhsuk-form-group')?.scrollIntoView();
                    field?.focus({ preventScroll: true });
                  }}
                >
                  {words}
                </a>
              ) : (
                words
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

// Somebody else has changed the record: both versions of each value, side by side; theirs is chosen until one chooses.
function ConflictWords<T>({ form, conflict }: { form: FormState<T>; conflict: Conflict<T> }) {
  const [mine, setMine] = useState<readonly string[]>([]);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const show = (value: unknown, pointer: string): string => {
    const said = form.names.get(pointer)?.show(value) ?? (typeof value === 'string' ? value : '');
    return said || t('form.nothing');
  };
  return (
    <div className="conflict" tabIndex={-1} ref={box} role="group" aria-labelledby="conflict-title">
      <h2 id="conflict-title">{t('conflict.title')}</h2>
      <p>{t('conflict.words')}</p>
      {conflict.contested.map((pointer) => (
        <fieldset key={pointer} className="nhsuk-fieldset">
          <legend className="nhsuk-fieldset__legend">{form.names.get(pointer)?.label ?? t('conflict.other')}</legend>
          <div className="conflict__sides">
            {(['theirs', 'mine'] as const).map((side) => {
              const id = `${fieldId(pointer)}-${side}`;
              const value = show(at(side === 'mine' ? form.values : conflict.theirs, pointer), pointer);
              return (
                <label key={side} className="choice" htmlFor={id}>
                  <input
                    id={id}
                    type="radio"
                    name={`conflict${pointer}`}
                    checked={mine.includes(pointer) === (side === 'mine')}
                    onChange={() => setMine((last) => (side === 'mine' ? [...last, pointer] : last.filter((one) => one !== pointer)))}
                  />
                  <span>
                    <strong>{t(side === 'mine' ? 'conflict.mine' : 'conflict.theirs')}</strong>
                    <span className="conflict__value">{value}</span>
                  </span>
                </label>
              );
            })}
          </div>
        </fieldset>
      ))}
      <div className="button-row">
        <Button look="main" onClick={() => form.settle(mine)} disabled={form.busy}>
          {t('conflict.save')}
        </Button>
      </div>
    </div>
  );
}

interface FormProps<T> {
  form: FormState<T>;
  children: ReactNode;
  save: string;
  danger?: boolean;
  after?: ReactNode; // beside the button
}

export function Form<T>({ form, children, save, danger, after }: FormProps<T>) {
  // Fields say their names while they are drawn; a summary above them that came first is drawn again.
  const [, setNamed] = useState(0);
  useEffect(() => setNamed(form.names.size), [form.names.size, form.faults]);
  return (
    <>
      {form.conflict && <ConflictWords form={form} conflict={form.conflict} />}
      {!form.conflict && <Summary form={form} />}
      {form.restored && form.tries === 0 && (
        <div className="restored">
          <p>{t('form.restored')}</p>
          <Button small onClick={form.startAgain}>
            {t('form.start_again')}
          </Button>
        </div>
      )}
      <form
        noValidate
        hidden={form.conflict !== null}
        onSubmit={(event) => {
          event.preventDefault();
          void form.submit();
        }}
      >
        {children}
        <div className="button-row form__end">
          <Button type="submit" look={danger ? 'danger' : 'main'} disabled={form.busy}>
            {form.busy ? t('form.saving') : save}
          </Button>
          {after}
        </div>
      </form>
    </>
  );
}
