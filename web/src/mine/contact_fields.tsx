// SPDX-License-Identifier: Apache-2.0
// What the forms of a change of contact share: a labelled field, choices of which none is preselected, how it is checked that it is
// them, sending the wish, and what is said when it could not be sent. Not here: what is wished (contact_form.tsx, hours_form.tsx).
import { type ReactNode, type RefObject, useRef, useState } from 'react';
import { askForContact, type Channel, type CheckBy, type FieldFault, type Mine, type MyContact, type WantedContact } from '../api/mine';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { PhoneLink } from '../ui/page';

export interface WishProps {
  visit: string;
  mine: Mine;
  contact: MyContact;
  onKept: (contact: MyContact) => void;
  onClose: () => void;
  onOver: () => void; // the visit has ended; what is typed is kept for when the link is opened again
}

export function Field({ id, label, hint, fault, children }: { id: string; label: string; hint?: string; fault: string | undefined; children: (described: string | undefined) => ReactNode }) {
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

interface ChoicesProps<T extends string> {
  name: string;
  legend: string;
  hint: string;
  fault: string | undefined;
  choices: readonly { value: T; label: string; hint?: string }[];
  value: T | null;
  onChoose: (value: T) => void;
}
export function Choices<T extends string>({ name, legend, hint, fault, choices, value, onChoose }: ChoicesProps<T>) {
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

function CheckChoices({ mine, codeBy, fault, value, onChoose }: { mine: Mine; codeBy: Channel | null; fault: string | undefined; value: CheckBy | null; onChoose: (check: CheckBy) => void }) {
  const choices = [
    ...(codeBy === null ? [] : [{ value: 'code' as const, label: t(`contact.check.code.${codeBy}`, { to: mine.reachedAt }) }]),
    { value: 'team' as const, label: t('contact.check.team'), hint: t('contact.check.team_hint') },
  ];
  return <Choices name="contact-check" legend={t('contact.check')} hint={t('contact.check_hint')} fault={fault} choices={choices} value={value} onChoose={onChoose} />;
}

type Trouble = 'too-many' | 'unreachable' | null;
export interface Wish {
  faults: readonly FieldFault[];
  trouble: Trouble;
  busy: boolean;
  box: RefObject<HTMLDivElement | null>;
  faultAt: (pointer: string) => string | undefined;
  fail: (faults: readonly FieldFault[]) => void; // said before anything is sent
  send: (wanted: WantedContact, check: CheckBy) => Promise<void>;
}

export function useWish({ visit, onKept, onOver }: WishProps, forget: () => void): Wish {
  const [faults, setFaults] = useState<readonly FieldFault[]>([]);
  const [trouble, setTrouble] = useState<Trouble>(null);
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const fail = (found: readonly FieldFault[], other: Trouble = null): void => {
    setFaults(found);
    setTrouble(other);
    setTimeout(() => box.current?.focus(), 0);
  };
  return {
    faults,
    trouble,
    busy,
    box,
    faultAt: (pointer) => faults.find((one) => one.pointer === pointer)?.detail,
    fail,
    send: async (wanted, check) => {
      if (busy) return;
      setBusy(true);
      const answer = await askForContact(visit, wanted, check);
      setBusy(false);
      if (answer.at === 'over') return onOver();
      if (answer.at === 'faults') return fail(answer.faults);
      if (answer.at !== 'kept') return fail([], answer.at);
      forget();
      onKept(answer.contact);
    },
  };
}

function WishTrouble({ wish, mine }: { wish: Wish; mine: Mine }) {
  if (wish.faults.length === 0 && !wish.trouble) return null;
  return (
    <div className="waits" role="alert" tabIndex={-1} ref={wish.box}>
      <p>
        <strong>{t('contact.look_again')}</strong>
      </p>
      {wish.faults.map((one) => (
        <p key={one.pointer + one.detail}>{one.detail}</p>
      ))}
      {wish.trouble && (
        <p>
          {t(wish.trouble === 'too-many' ? 'contact.too_many' : 'contact.not_sent')} {wish.trouble === 'too-many' && <PhoneLink number={mine.dutyNumber} />}
        </p>
      )}
    </div>
  );
}

// The frame of each form that asks for a change: what went wrong at its head, how it is to be confirmed and the two ways on at its end.
interface FrameProps {
  props: WishProps;
  wish: Wish;
  check: CheckBy | null;
  onCheck: (check: CheckBy) => void;
  onSend: () => Promise<void>;
  onForget: () => void;
  children: ReactNode;
}
export function WishForm({ props: { mine, contact, onClose }, wish, check, onCheck, onSend, onForget, children }: FrameProps) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void onSend();
      }}
    >
      <WishTrouble wish={wish} mine={mine} />
      {children}
      <CheckChoices mine={mine} codeBy={contact.codeBy} fault={wish.faultAt('/check')} value={check} onChoose={onCheck} />
      <div className="button-row">
        <Button look="main" type="submit" disabled={wish.busy}>
          {t('contact.ask')}
        </Button>
        <Button
          onClick={() => {
            onForget();
            onClose();
          }}
        >
          {t('contact.leave_it')}
        </Button>
      </div>
    </form>
  );
}
