// SPDX-License-Identifier: Apache-2.0
// The one-time link of a new account (or of a forgotten password): one chooses a password, then sets up the second factor. The
// link's secret is taken out of the address at once. Not here: passwords that are known (my_account_page.tsx).
import { useState } from 'react';
import type { Client, Fault, Outcome } from '../api/client';
import type { SignInAnswer } from '../api/model';
import { t } from '../texts/text';
import { TextField } from './fields';
import { Form, useForm } from './form';
import { Heading } from './frame';
import { CodeStep, SetUpStep, stepTitle } from './sign_in';

const takeSecret = (): string => {
  const secret = location.hash.slice(1);
  if (secret) history.replaceState(null, '', location.pathname);
  return secret;
};

export const leastPassword = 12;

export function newPasswordFaults({ password, again }: { password: string; again: string }): Fault[] {
  if ([...password].length < leastPassword) return [{ pointer: '/password', code: 'own', detail: t('password.short', { least: leastPassword }) }];
  return password === again ? [] : [{ pointer: '/again', code: 'own', detail: t('password.differs') }];
}

function NewPassword({ client, link, onNext }: { client: Client; link: string; onNext: (next: SignInAnswer['next']) => void }) {
  const form = useForm({
    draft: 'set-up',
    start: { password: '', again: '' },
    check: newPasswordFaults,
    save: async ({ password }): Promise<Outcome<SignInAnswer>> => {
      const outcome = await client.ask<SignInAnswer>('POST', '/api/sign-in/set-up', { body: { link, password }, quiet: true });
      const unknown = !outcome.ok && ['gone', 'refused', 'signed-out', 'conflict'].includes(outcome.trouble.kind);
      return unknown ? { ok: false, trouble: { kind: 'fields', faults: [{ pointer: '/link', code: 'own', detail: t('set_up.unknown') }] } } : outcome;
    },
    onSaved: (answer: SignInAnswer) => onNext(answer.next),
  });
  return (
    <Form form={form} save={t('set_up.do')}>
      <TextField form={form} at="/password" label={t('password.new')} hint={t('password.hint', { least: leastPassword })} type="password" autoComplete="new-password" />
      <TextField form={form} at="/again" label={t('password.again')} type="password" autoComplete="new-password" />
    </Form>
  );
}

export function SetUpPage({ client, onDone }: { client: Client; onDone: () => void }) {
  const [link] = useState(takeSecret);
  const [step, setStep] = useState<SignInAnswer['next'] | 'password'>('password');
  const next = (answer: SignInAnswer['next']): void => {
    if (answer === 'done') onDone();
    else setStep(answer);
  };
  return (
    <div className="staff">
      <main className="page__main" id="main">
        <Heading title={step === 'password' || step === 'done' ? t('set_up.title') : stepTitle(step)} />
        {step === 'password' && (link ? <NewPassword client={client} link={link} onNext={next} /> : <p>{t('set_up.unknown')}</p>)}
        {step === 'second-factor' && <CodeStep client={client} onNext={next} />}
        {step === 'set-up-second-factor' && <SetUpStep client={client} onNext={next} />}
      </main>
    </div>
  );
}
