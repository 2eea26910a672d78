// SPDX-License-Identifier: Apache-2.0
// Asking to be reached in another way: which way, where, and how it is checked that it is them. Kept for the tab while it is typed.
import { type ReactNode, useRef, useState } from 'react';
import { askForContact, type Channel, channels, type CheckBy, type FieldFault, type Mine, type MyContact, type WantedContact } from '../api/mine';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { PhoneLink } from '../ui/page';
import { contactShelf } from './visit';

interface Typed {
  method: Channel | null;
  to: Record<'email' | 'sms' | 'telephone', string>;
  address: string;
  postcode: string;
  check: CheckBy | null;
}
const nothing: Typed = { method: null, to: { email: '', sms: '', telephone: '' }, address: '', postcode: '', check: null };
const kept = (): Typed => {
  try {
    const held = JSON.parse(contactShelf.get() ?? 'null') as Partial<Typed> | null;
    return held === null ? nothing : { ...nothing, ...held, to: { ...nothing.to, ...held.to } };
  } catch {
    return nothing;
  }
};
const wantedOf = (typed: Typed & { method: Channel }): WantedContact =>
  typed.method === 'letter'
    ? { method: 'letter', to: '', address: typed.address.split('\n').map((line) => line.trim()).filter(Boolean).slice(0, 20), postcode: typed.postcode.trim() }
    : { method: typed.method, to: typed.to[typed.method].trim(), address: [], postcode: '' };

// What is missing is said before anything is sent.
const missing = (typed: Typed): FieldFault[] => [
  ...(typed.method === null ? [{ pointer: '/method', detail: t('contact.fault.method') }] : []),
  ...(typed.check === null ? [{ pointer: '/check', detail: t('contact.fault.check') }] : []),
];

function Field({ id, label, hint, fault, children }: { id: string; label: string; hint?: string; fault: string | undefined; children: (described: string | undefined) => ReactNode }) {
  const described = [hint ? `${id}-hint` : '', fault ? `${id}-fault` : ''].filter(Boolean).join(' ') || undefined;
  return (
    <div className="asked">
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p id={`${id}-hint`} className="hint-text">
          {hint}
        </p>
      )}
      {fault && (
        <p id={`${id}-fault`} className="field-fault">
          {fault}
        </p>
      )}
      {children(described)}
    </div>
  );
}

function Where({ typed, faultAt, onType }: { typed: Typed; faultAt: (pointer: string) => string | undefined; onType: (next: Typed) => void }) {
  const { method } = typed;
  if (method === null) return null;
  if (method !== 'letter') {
    const fault = faultAt('/wanted/to');
    return (
      <Field id="contact-to" label={t(`contact.to.${method}`)} fault={fault}>
        {(described) => (
          <input
            id="contact-to"
            className="text-field text-field--whole"
            type={method === 'email' ? 'email' : 'tel'}
            autoComplete={method === 'email' ? 'email' : 'tel'}
            maxLength={300}
            value={typed.to[method]}
            aria-describedby={described}
            aria-invalid={fault ? true : undefined}
            onInput={(event) => onType({ ...typed, to: { ...typed.to, [method]: event.currentTarget.value } })}
          />
        )}
      </Field>
    );
  }
  return (
    <>
      <Field id="contact-address" label={t('contact.address')} hint={t('contact.address_hint')} fault={faultAt('/wanted/address')}>
        {(described) => (
          <textarea
            id="contact-address"
            className="text-field text-field--whole"
            rows={4}
            autoComplete="street-address"
            maxLength={800}
            value={typed.address}
            aria-describedby={described}
            onInput={(event) => onType({ ...typed, address: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field id="contact-postcode" label={t('contact.postcode')} fault={faultAt('/wanted/postcode')}>
        {(described) => (
          <input
            id="contact-postcode"
            className="text-field text-field--10"
            autoComplete="postal-code"
            maxLength={12}
            value={typed.postcode}
            aria-describedby={described}
            onInput={(event) => onType({ ...typed, postcode: event.currentTarget.value })}
          />
        )}
      </Field>
    </>
  );
}

interface ChoicesProps<T extends string> {
  name: string;
  legend: string;
  hint: string;
  fault: string | undefined;
  choices: readonly { value: T; label: string; hint?: string }[];
  value: T | null;
  onChoose: (value: T) => void;
}
function Choices<T extends string>({ name, legend, hint, fault, choices, value, onChoose }: ChoicesProps<T>) {
  return (
    <fieldset className="ways" aria-describedby={`${name}-hint${fault ? ` ${name}-fault` : ''}`}>
      <legend>{legend}</legend>
      <p id={`${name}-hint`} className="hint-text">
        {hint}
      </p>
      {fault && (
        <p id={`${name}-fault`} className="field-fault">
          {fault}
        </p>
      )}
      <div className="ways__row">
        {choices.map((choice) => (
          <label key={choice.value} className="way">
            <input type="radio" name={name} value={choice.value} checked={value === choice.value} onChange={() => onChoose(choice.value)} />
            <span>
              {choice.label}
              {choice.hint && <span className="way__hint">{choice.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface FormProps {
  visit: string;
  mine: Mine;
  codeBy: Channel | null;
  onKept: (contact: MyContact) => void;
  onClose: () => void;
  onOver: () => void;
}

export function ContactForm({ visit, mine, codeBy, onKept, onClose, onOver }: FormProps) {
  const [typed, setTyped] = useState(kept);
  const [faults, setFaults] = useState<readonly FieldFault[]>([]);
  const [trouble, setTrouble] = useState<'too-many' | 'unreachable' | null>(null);
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const type = (next: Typed): void => {
    setTyped(next);
    contactShelf.put(JSON.stringify(next));
  };
  const faultAt = (pointer: string): string | undefined => faults.find((one) => one.pointer === pointer)?.detail;
  const fail = (found: readonly FieldFault[], other: typeof trouble = null): void => {
    setFaults(found);
    setTrouble(other);
    setTimeout(() => box.current?.focus(), 0);
  };
  const send = async (): Promise<void> => {
    if (busy) return;
    const { method, check } = typed;
    if (method === null || check === null) return fail(missing(typed));
    setBusy(true);
    const answer = await askForContact(visit, wantedOf({ ...typed, method }), check);
    setBusy(false);
    if (answer.at === 'over') return onOver(); // what is typed is kept for when the link is opened again
    if (answer.at === 'faults') return fail(answer.faults);
    if (answer.at !== 'kept') return fail([], answer.at);
    contactShelf.put(null);
    onKept(answer.contact);
  };
  const checks = [
    ...(codeBy === null ? [] : [{ value: 'code' as const, label: t(`contact.check.code.${codeBy}`, { to: mine.reachedAt }) }]),
    { value: 'team' as const, label: t('contact.check.team'), hint: t('contact.check.team_hint') },
  ];
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {(faults.length > 0 || trouble) && (
        <div className="waits" role="alert" tabIndex={-1} ref={box}>
          <p>
            <strong>{t('contact.look_again')}</strong>
          </p>
          {faults.map((one) => (
            <p key={one.pointer}>{one.detail}</p>
          ))}
          {trouble && (
            <p>
              {t(trouble === 'too-many' ? 'contact.too_many' : 'contact.not_sent')} {trouble === 'too-many' && <PhoneLink number={mine.dutyNumber} />}
            </p>
          )}
        </div>
      )}
      <Choices
        name="contact-method"
        legend={t('contact.method')}
        hint={t('contact.method_hint')}
        fault={faultAt('/method')}
        choices={channels.map((value) => ({ value, label: t(`contact.method.${value}`) }))}
        value={typed.method}
        onChoose={(method) => type({ ...typed, method })}
      />
      <Where typed={typed} faultAt={faultAt} onType={type} />
      <Choices
        name="contact-check"
        legend={t('contact.check')}
        hint={t('contact.check_hint')}
        fault={faultAt('/check')}
        choices={checks}
        value={typed.check}
        onChoose={(check) => type({ ...typed, check })}
      />
      <div className="button-row">
        <Button look="main" type="submit" disabled={busy}>
          {t('contact.ask')}
        </Button>
        <Button
          onClick={() => {
            contactShelf.put(null);
            onClose();
          }}
        >
          {t('contact.leave_it')}
        </Button>
      </div>
    </form>
  );
}
