// SPDX-License-Identifier: Apache-2.0
// The fields of a form (form.tsx), in nhsuk-frontend's markup: label, hint, what needs another look, the control. Dates are
// typed as day, month and year. Not the library's radios and checkboxes: those fetch a script later and throw when the line
// drops. Invariant: every control has a label, and its hint and fault are read with it.
import { Select, Textarea, TextInput } from 'nhsuk-react-components';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { t } from '../texts/text';
import { fieldId, type FormState } from './form';

interface FieldProps<T> {
  form: FormState<T>;
  at: string;
  label: string;
  hint?: string | undefined;
}
const faultWords = { visuallyHiddenText: false } as never; // the words say it themselves
const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

interface TextProps<T> extends FieldProps<T> {
  type?: 'text' | 'email' | 'tel' | 'password';
  autoComplete?: string;
  inputMode?: 'numeric' | 'text';
  width?: 'short' | 'middle';
  number?: boolean; // the value is a whole number (null while it is none)
  time?: boolean; // the value is a clock time, "14:00", once it can be read as one
  spellCheck?: boolean;
  most?: number; // letters
}

export function TextField<T>({ form, at, label, hint, type = 'text', autoComplete, inputMode, width, number, time, spellCheck, most = 1_000 }: TextProps<T>) {
  form.name(at, { label, show: textOf, most });
  const fault = form.faultAt(at);
  return (
    <TextInput
      id={fieldId(at)}
      name={at}
      label={label}
      hint={hint}
      error={fault ?? undefined}
      errorProps={faultWords}
      type={type}
      className={width ? `is-${width}` : undefined}
      autoComplete={autoComplete ?? 'off'}
      inputMode={inputMode ?? (number ? 'numeric' : undefined)}
      spellCheck={spellCheck ?? false}
      aria-invalid={fault ? true : undefined}
      value={textOf(form.get(at))}
      onInput={(event) => {
        const typed = event.currentTarget.value;
        form.set(at, number ? (/^\d{1,6}$/.test(typed.trim()) ? Number(typed.trim()) : typed.trim()) : typed);
      }}
      onBlur={(event) => {
        const read = time ? timeTyped(event.currentTarget.value) : null;
        if (read !== null && read !== form.get(at)) form.set(at, read);
      }}
    />
  );
}

// "14:00" for what people type: 14:00, 14.00, 1400, 14, 2pm, 2.30 pm. Null where it is no time. A browser's own time field shows
// 2:00 PM or 14:00 as it likes, so the same page would read differently on two desks.
export function timeTyped(typed: string): string | null {
  const match = /^(\d{1,2})(?:[:. ]?([0-5]\d))?\s*(am|pm)?$/i.exec(typed.trim());
  if (!match) return null;
  let hours = Number(match[1]);
  if (match[3] && (hours < 1 || hours > 12)) return null;
  if (match[3]) hours = (hours % 12) + (match[3].toLowerCase() === 'pm' ? 12 : 0);
  return hours > 23 ? null : `${String(hours).padStart(2, '0')}:${match[2] ?? '00'}`;
}

export function LongField<T>({ form, at, label, hint, rows = 4, most = 4_000 }: FieldProps<T> & { rows?: number; most?: number }) {
  form.name(at, { label, show: textOf, most });
  return (
    <Textarea
      id={fieldId(at)}
      name={at}
      label={label}
      hint={hint}
      error={form.faultAt(at) ?? undefined}
      errorProps={faultWords}
      rows={rows}
      aria-invalid={form.faultAt(at) ? true : undefined}
      value={textOf(form.get(at))}
      onInput={(event) => form.set(at, event.currentTarget.value)}
    />
  );
}

export interface Choice {
  value: string;
  label: string;
  hint?: string;
  within?: ReactNode; // asked only while this is chosen
}
interface ChoiceProps<T> extends FieldProps<T> {
  choices: readonly Choice[];
  empty?: string | null; // the value that '' stands for
  inline?: boolean;
}

export function SelectField<T>({ form, at, label, hint, choices, empty = '' }: ChoiceProps<T>) {
  form.name(at, { label, show: (value) => choices.find((one) => one.value === (value ?? ''))?.label ?? textOf(value) });
  return (
    <Select
      id={fieldId(at)}
      name={at}
      label={label}
      hint={hint}
      error={form.faultAt(at) ?? undefined}
      errorProps={faultWords}
      value={textOf(form.get(at))}
      onChange={(event) => form.set(at, event.currentTarget.value === '' ? empty : event.currentTarget.value)}
    >
      {choices.map((choice) => (
        <Select.Option key={choice.value} value={choice.value}>
          {choice.label}
        </Select.Option>
      ))}
    </Select>
  );
}

interface GroupProps {
  id: string;
  legend: string;
  hint?: string | undefined;
  fault: string | null;
  children: ReactNode;
}

export function FieldGroup({ id, legend, hint, fault, children }: GroupProps) {
  const said = [hint ? `${id}-hint` : '', fault ? `${id}-fault` : ''].filter(Boolean).join(' ');
  return (
    <div className={fault ? 'nhsuk-form-group nhsuk-form-group--error' : 'nhsuk-form-group'}>
      <fieldset className="nhsuk-fieldset" aria-describedby={said || undefined}>
        <legend className="nhsuk-fieldset__legend">{legend}</legend>
        {hint && (
          <div className="nhsuk-hint" id={`${id}-hint`}>
            {hint}
          </div>
        )}
        {fault && (
          <span className="nhsuk-error-message" id={`${id}-fault`}>
            {fault}
          </span>
        )}
        {children}
      </fieldset>
    </div>
  );
}

// One of a few.
export function RadioField<T>({ form, at, label, hint, choices, inline }: ChoiceProps<T>) {
  form.name(at, { label, show: (value) => choices.find((one) => one.value === (value ?? ''))?.label ?? textOf(value) });
  const id = fieldId(at);
  const now = form.get(at) ?? '';
  return (
    <FieldGroup id={id} legend={label} hint={hint} fault={form.faultAt(at)}>
      <div className={inline ? 'choices choices--inline' : 'choices'}>
        {choices.map((choice, index) => (
          <div key={choice.value}>
            <label className="choice" htmlFor={index === 0 ? id : `${id}-${index}`}>
              <input
                id={index === 0 ? id : `${id}-${index}`}
                type="radio"
                name={at}
                value={choice.value}
                checked={now === choice.value}
                aria-describedby={choice.hint ? `${id}-${index}-hint` : undefined}
                onChange={() => form.set(at, choice.value)}
              />
              <span>
                {choice.label}
                {choice.hint && (
                  <span className="choice__hint" id={`${id}-${index}-hint`}>
                    {choice.hint}
                  </span>
                )}
              </span>
            </label>
            {choice.within && now === choice.value && <div className="choice__within">{choice.within}</div>}
          </div>
        ))}
      </div>
    </FieldGroup>
  );
}

// Any of a few: the value is a list.
export function ChecksField<T>({ form, at, label, hint, choices }: ChoiceProps<T>) {
  const listed = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  form.name(at, { label, show: (value) => listed(value).map((one) => choices.find((choice) => choice.value === one)?.label ?? one).join(', ') });
  const id = fieldId(at);
  const now = listed(form.get(at));
  return (
    <FieldGroup id={id} legend={label} hint={hint} fault={form.faultAt(at)}>
      <div className="choices">
        {choices.map((choice, index) => (
          <label key={choice.value} className="choice" htmlFor={index === 0 ? id : `${id}-${index}`}>
            <input
              id={index === 0 ? id : `${id}-${index}`}
              type="checkbox"
              checked={now.includes(choice.value)}
              onChange={(event) => {
                const wanted = event.currentTarget.checked ? [...now, choice.value] : now.filter((one) => one !== choice.value);
                form.set(at, choices.map((one) => one.value).filter((one) => wanted.includes(one)));
              }}
            />
            <span>
              {choice.label}
              {choice.hint && <span className="choice__hint">{choice.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </FieldGroup>
  );
}

// Yes or no.
export function CheckField<T>({ form, at, label, hint }: FieldProps<T>) {
  form.name(at, { label, show: (value) => t(value ? 'word.yes' : 'word.no') });
  const id = fieldId(at);
  return (
    <label className="choice" htmlFor={id}>
      <input id={id} type="checkbox" checked={form.get(at) === true} onChange={(event) => form.set(at, event.currentTarget.checked)} />
      <span>
        {label}
        {hint && <span className="choice__hint">{hint}</span>}
      </span>
    </label>
  );
}

const split = (value: unknown): [string, string, string] => {
  const unsure = textOf(value);
  if (unsure.startsWith('?')) {
    const [day = '', month = '', year = ''] = unsure.slice(1).split(' ');
    return [day, month, year];
  }
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(textOf(value));
  return match ? [String(Number(match[3])), String(Number(match[2])), match[1] ?? ''] : ['', '', ''];
};

// "2026-11-23" where the three make a day of the calendar, else null.
export function dateOf(day: string, month: string, year: string): string | null {
  if (!/^\d{1,2}$/.test(day) || !/^\d{1,2}$/.test(month) || !/^\d{4}$/.test(year)) return null;
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const made = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(made.getTime()) && made.toISOString().startsWith(text) ? text : null;
}

// The value is a date, `empty` where nothing is typed, and the bare typing (which no check takes for a date) while it is none.
export function DateField<T>({ form, at, label, hint, empty = null }: FieldProps<T> & { empty?: string | null }) {
  form.name(at, { label, show: (value) => split(value).join(' ').trim() });
  const id = fieldId(at);
  const [typed, setTyped] = useState(() => split(form.get(at)));
  const held = split(form.get(at));
  const shown = dateOf(...typed) !== null && dateOf(...typed) === dateOf(...held) ? typed : held; // "07" stays as it was typed
  const change = (index: number, text: string): void => {
    const next = shown.map((one, place) => (place === index ? text.trim() : one)) as [string, string, string];
    setTyped(next);
    form.set(at, next.every((one) => one === '') ? empty : (dateOf(...next) ?? `?${next.join(' ')}`));
  };
  return (
    <FieldGroup id={id} legend={label} hint={hint} fault={form.faultAt(at)}>
      <div className="date">
        {(['day', 'month', 'year'] as const).map((part, index) => (
          <label key={part} className={`date__part date__part--${part}`} htmlFor={index === 0 ? id : `${id}-${part}`}>
            <span>{t(`form.${part}`)}</span>
            <input
              id={index === 0 ? id : `${id}-${part}`}
              className="nhsuk-input"
              inputMode="numeric"
              autoComplete="off"
              value={shown[index] ?? ''}
              onInput={(event) => change(index, event.currentTarget.value)}
            />
          </label>
        ))}
      </div>
    </FieldGroup>
  );
}
