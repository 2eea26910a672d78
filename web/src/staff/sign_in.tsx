// SPDX-License-Identifier: Apache-2.0
// Signing in: e-mail and password, then the second factor; its set-up with a picture to scan and recovery codes the first
// time. Used by the sign-in page and over a page whose sign-in has run out. Not here: what is protected. Invariant: a password
// or a code is kept nowhere but in its field.
import type { ReactNode } from 'react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { Client, Fault, Trouble } from '../api/client';
import type { SecondFactorSetUp, SignInAnswer, SignInWays } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { Details } from '../ui/details';
import { TextField } from './fields';
import { Form, useForm } from './form';
import { Heading } from './frame';
import { TroubleWords } from './trouble_words';

const QrCode = lazy(() => import('./qr_code'));

const ownFault = (pointer: string, detail: string): Fault => ({ pointer, code: 'own', detail });
// What sign-in refuses is said in its own words: never which of the two was wrong.
const inWords = (trouble: Trouble, pointer: string, words: string): Trouble =>
  trouble.kind === 'signed-out' || trouble.kind === 'refused' || trouble.kind === 'fields' ? { kind: 'fields', faults: [ownFault(pointer, words)] } : trouble;

interface StepProps {
  client: Client;
  onNext: (answer: SignInAnswer['next']) => void;
}

export function PasswordStep({ client, onNext, email }: StepProps & { email?: string }) {
  const form = useForm({
    draft: 'sign-in',
    start: { email: email ?? '', password: '' },
    check: (values) => [
      ...(values.email.trim() ? [] : [ownFault('/email', t('sign_in.email_missing'))]),
      ...(values.password ? [] : [ownFault('/password', t('sign_in.password_missing'))]),
    ],
    save: async (values) => {
      const outcome = await client.ask<SignInAnswer>('POST', '/api/sign-in', { body: { ...values, email: values.email.trim() }, quiet: true });
      return outcome.ok ? outcome : { ok: false, trouble: inWords(outcome.trouble, '/password', t('sign_in.no_match')) };
    },
    onSaved: (answer: SignInAnswer) => onNext(answer.next),
  });
  return (
    <Form form={form} save={t('sign_in.do')}>
      {email ? <p>{t('sign_in.as', { email })}</p> : <TextField form={form} at="/email" label={t('sign_in.email')} type="email" autoComplete="username" />}
      <TextField form={form} at="/password" label={t('sign_in.password')} type="password" autoComplete="current-password" />
    </Form>
  );
}

export function CodeStep({ client, onNext, first }: StepProps & { first?: boolean }) {
  const form = useForm({
    draft: 'sign-in-code',
    start: { code: '' },
    check: ({ code }) => (code.trim() ? [] : [ownFault('/code', t('second.missing'))]),
    save: async ({ code }) => {
      const outcome = await client.ask<SignInAnswer>('POST', '/api/sign-in/second', { body: { code: code.replace(/\s/g, '') }, quiet: true });
      return outcome.ok ? outcome : { ok: false, trouble: inWords(outcome.trouble, '/code', t('second.no_match')) };
    },
    onSaved: () => onNext('done'),
  });
  return (
    <Form form={form} save={t('second.do')}>
      <TextField
        form={form}
        at="/code"
        label={t('second.code')}
        hint={first ? t('second.first_hint') : t('second.hint')}
        width="middle"
        autoComplete="one-time-code"
      />
    </Form>
  );
}

export function SetUpStep({ client, onNext }: StepProps) {
  const [found, setFound] = useState<SecondFactorSetUp | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [codesKept, setCodesKept] = useState(false);
  const asked = useRef(false);
  const ask = async (): Promise<void> => {
    setTrouble(null);
    const outcome = await client.ask<SecondFactorSetUp>('POST', '/api/sign-in/second-factor', { body: {}, quiet: true });
    if (outcome.ok) setFound(outcome.value);
    else setTrouble(outcome.trouble);
  };
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    void ask();
  }, []);
  if (trouble) {
    return (
      <div className="trouble" role="alert">
        <TroubleWords trouble={trouble} />
        <Button small onClick={() => void ask()}>
          {t('offline.again')}
        </Button>
      </div>
    );
  }
  if (!found) return <p role="status">{t('staff.one_moment')}</p>;
  if (!codesKept) {
    return (
      <>
        <h2>{t('second.codes')}</h2>
        <p>{t('second.codes_words')}</p>
        <ul className="codes">
          {found.recoveryCodes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <div className="button-row">
          <Button look="main" onClick={() => setCodesKept(true)}>
            {t('second.codes_kept')}
          </Button>
          <Button onClick={() => window.print()}>{t('second.print')}</Button>
        </div>
      </>
    );
  }
  return (
    <>
      <h2>{t('second.scan')}</h2>
      <p>{t('second.scan_words')}</p>
      <Suspense fallback={<p>{t('staff.one_moment')}</p>}>
        <QrCode text={found.uri} label={t('second.picture')} />
      </Suspense>
      <Details summary={t('second.by_hand')}>
        <p>{t('second.by_hand_words')}</p>
        <p>
          <code className="secret">{found.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        </p>
      </Details>
      <CodeStep client={client} onNext={onNext} first />
    </>
  );
}

type Step = 'password' | 'second-factor' | 'set-up-second-factor';
export const stepTitle = (step: Step): string =>
  t(step === 'password' ? 'sign_in.title' : step === 'second-factor' ? 'second.title' : 'second.set_up_title');

// The steps one after another; `before` stands above the password (other ways in).
export function SignInSteps({ client, email, onDone, onStep, after }: { client: Client; email?: string; onDone: () => void; onStep?: (step: Step) => void; after?: ReactNode }) {
  const [step, setStep] = useState<Step>('password');
  const next = (answer: SignInAnswer['next']): void => {
    if (answer === 'done') return onDone();
    setStep(answer);
    onStep?.(answer);
  };
  if (step === 'second-factor') return <CodeStep client={client} onNext={next} />;
  if (step === 'set-up-second-factor') return <SetUpStep client={client} onNext={next} />;
  return (
    <>
      <PasswordStep client={client} onNext={next} {...(email ? { email } : {})} />
      {after}
    </>
  );
}

function Demonstration({ ways, client, onDone }: { ways: SignInWays; client: Client; onDone: (next: SignInAnswer['next']) => void }) {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const enter = async (email: string, password: string): Promise<void> => {
    const outcome = await client.ask<SignInAnswer>('POST', '/api/sign-in', { body: { email, password }, quiet: true });
    if (outcome.ok) onDone(outcome.value.next);
    else setTrouble(outcome.trouble);
  };
  if (ways.demonstration.length === 0) return null;
  return (
    <section className="demo" aria-labelledby="demo-title">
      <h2 id="demo-title">{t('sign_in.demo')}</h2>
      <p>{t('sign_in.demo_words')}</p>
      {trouble && (
        <div className="trouble" role="alert">
          <TroubleWords trouble={trouble} />
        </div>
      )}
      <ul className="rows">
        {ways.demonstration.map((one) => (
          <li key={one.email} className="row">
            <div className="row__words">
              <strong>{one.name}</strong>
              <span className="row__soft">{t(`staff_role.${one.role}`)}</span>
            </div>
            <Button small onClick={() => void enter(one.email, one.password)}>
              {t('sign_in.demo_as')}
              <span className="visually-hidden"> {one.name}</span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

// What a provider that did not work out comes back with.
const problems = ['again', 'refused', 'unreachable', 'not-proven', 'factor', 'not-known', 'other'] as const;
const isProblem = (value: string): value is (typeof problems)[number] => (problems as readonly string[]).includes(value);

// Where the provider leads back to while another tab waits behind its lock (lock.tsx).
export function SignedInPage() {
  const [problem] = useState(() => new URLSearchParams(location.search).get('problem') ?? '');
  return (
    <div className="staff">
      <main className="page__main" id="main">
        <Heading title={t(problem ? 'signed_in.not' : 'signed_in.title')} />
        {isProblem(problem) && <p>{t(`sign_in.problem.${problem}`)}</p>}
        <p>{t(problem ? 'signed_in.try' : 'signed_in.words')}</p>
      </main>
    </div>
  );
}

// Where the provider has shown a password alone, it leads back to the step that is left.
const stepLeft = (): Step | null => {
  const step = new URLSearchParams(location.search).get('step');
  return step === 'second-factor' || step === 'set-up-second-factor' ? step : null;
};

// The page. `onDone`: signed in.
export function SignInPage({ client, onDone }: { client: Client; onDone: () => void }) {
  const [ways, setWays] = useState<SignInWays | null>(null);
  const [skipTo, setSkipTo] = useState<Step | null>(stepLeft);
  const [step, setStep] = useState<Step>(skipTo ?? 'password');
  const [problem] = useState(() => new URLSearchParams(location.search).get('problem') ?? '');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    void client.ask<SignInWays>('GET', '/api/sign-in/ways', { quiet: true }).then((outcome) => {
      setWays(outcome.ok ? outcome.value : { local: true, provider: null, demonstration: [] });
    });
  }, []);
  useEffect(() => {
    document.title = t('staff.document', { title: stepTitle(step) });
    heading.current?.focus({ preventScroll: true });
  }, [step]);
  const next = (answer: SignInAnswer['next']): void => {
    if (answer === 'done') return onDone();
    setSkipTo(answer);
    setStep(answer);
  };
  return (
    <div className="staff">
      <main className="page__main" id="main">
        <h1 ref={heading} tabIndex={-1}>
          {stepTitle(step)}
        </h1>
        {step === 'password' && isProblem(problem) && (
          <div className="trouble" role="alert">
            <p>{t(`sign_in.problem.${problem}`)}</p>
          </div>
        )}
        {step === 'password' && ways?.provider && (
          <p>
            <a className="nhsuk-button" href={ways.provider.start}>
              {t('sign_in.provider', { name: ways.provider.name })}
            </a>
          </p>
        )}
        {step === 'password' && ways?.provider && ways.local && <p className="or">{t('sign_in.or')}</p>}
        {skipTo === 'second-factor' && <CodeStep client={client} onNext={next} />}
        {skipTo === 'set-up-second-factor' && <SetUpStep client={client} onNext={next} />}
        {skipTo === null && ways?.local !== false && <SignInSteps client={client} onDone={onDone} onStep={setStep} />}
        {step === 'password' && ways && <Demonstration ways={ways} client={client} onDone={next} />}
      </main>
    </div>
  );
}
