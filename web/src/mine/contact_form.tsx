// SPDX-License-Identifier: Apache-2.0
// Asking to be reached in another way: which way, where, and how it is checked that it is them. Kept for the tab while it is typed.
import { useState } from 'react';
import { type Channel, channels, type CheckBy, type FieldFault, type WantedContact } from '../api/mine';
import { t } from '../texts/text';
import { Choices, Field, useWish, WishForm, type WishProps } from './contact_fields';
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

export function ContactForm(props: WishProps) {
  const [typed, setTyped] = useState(kept);
  const forget = (): void => contactShelf.put(null);
  const wish = useWish(props, forget);
  const type = (next: Typed): void => {
    setTyped(next);
    contactShelf.put(JSON.stringify(next));
  };
  const send = async (): Promise<void> => {
    const { method, check } = typed;
    if (method === null || check === null) return wish.fail(missing(typed));
    await wish.send(wantedOf({ ...typed, method }), check);
  };
  return (
    <WishForm props={props} wish={wish} check={typed.check} onCheck={(check) => type({ ...typed, check })} onSend={send} onForget={forget}>
      <Choices
        name="contact-method"
        legend={t('contact.method')}
        hint={t('contact.method_hint')}
        fault={wish.faultAt('/method')}
        choices={channels.map((value) => ({ value, label: t(`contact.method.${value}`) }))}
        value={typed.method}
        onChoose={(method) => type({ ...typed, method })}
      />
      <Where typed={typed} faultAt={wish.faultAt} onType={type} />
    </WishForm>
  );
}
