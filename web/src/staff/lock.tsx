// SPDX-License-Identifier: Apache-2.0
// Over a page that was idle, or whose sign-in has run out: the page is hidden, one question is asked, and nothing typed below
// is lost. Not here: what the service thinks of it (it locks and ends sign-ins by itself). Invariant: what is below cannot be
// read or reached while this is open.
import { useEffect, useId, useRef, useState } from 'react';
import type { Client, Outcome } from '../api/client';
import type { Me, SignInWays } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import type { Asking } from './account';
import { dropAllDrafts } from './drafts';
import { TextField } from './fields';
import { Form, useForm } from './form';
import { SignInSteps } from './sign_in';

interface LockProps {
  client: Client;
  me: Me;
  asking: NonNullable<Asking>;
  onOpen: () => void;
  onEnded: () => void; // the sign-in is over altogether: ask for both again
}

function UnlockStep({ client, onOpen, onEnded }: { client: Client; onOpen: () => void; onEnded: () => void }) {
  const fault = (detail: string) => [{ pointer: '/password', code: 'own', detail }];
  const form = useForm({
    draft: 'unlock',
    start: { password: '' },
    check: ({ password }) => (password ? [] : fault(t('sign_in.password_missing'))),
    save: async (values): Promise<Outcome<unknown>> => {
      const outcome = await client.ask<unknown>('POST', '/api/sign-in/unlock', { body: values, quiet: true });
      if (outcome.ok) return outcome;
      if (outcome.trouble.kind === 'signed-out' && !outcome.trouble.locked) {
        const still = await client.ask<Me>('GET', '/api/me', { quiet: true });
        if (!still.ok && still.trouble.kind === 'signed-out' && !still.trouble.locked) onEnded();
      }
      const wrong = outcome.trouble.kind === 'signed-out' || outcome.trouble.kind === 'refused' || outcome.trouble.kind === 'fields';
      return wrong ? { ok: false, trouble: { kind: 'fields', faults: fault(t('lock.no_match')) } } : outcome;
    },
    onSaved: onOpen,
  });
  return (
    <Form form={form} save={t('lock.do')}>
      <TextField form={form} at="/password" label={t('sign_in.password')} type="password" autoComplete="current-password" />
    </Form>
  );
}

// Through the trust's own sign-in, in a tab beside this one: leaving this one would lose what was typed.
function ProviderStep({ client, me, provider, onOpen }: { client: Client; me: Me; provider: NonNullable<SignInWays['provider']>; onOpen: () => void }) {
  const [gone, setGone] = useState(false);
  const then = useRef(onOpen);
  then.current = onOpen;
  useEffect(() => {
    if (!gone) return;
    let over = false;
    const look = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      const now = await client.ask<Me>('GET', '/api/me', { quiet: true, background: true });
      if (over || !now.ok || now.value.locked) return;
      if (now.value.id === me.id) return then.current();
      dropAllDrafts(); // somebody else is signed in now: nothing of this page is theirs
      location.assign('/staff');
    };
    const again = (): void => void look();
    const timer = setInterval(again, 2_000);
    addEventListener('focus', again);
    document.addEventListener('visibilitychange', again);
    return () => {
      over = true;
      clearInterval(timer);
      removeEventListener('focus', again);
      document.removeEventListener('visibilitychange', again);
    };
  }, [gone, client, me.id]);
  return (
    <>
      <p>
        <a className="nhsuk-button" href={`${provider.start}?again`} target="_blank" rel="noopener" onClick={() => setGone(true)}>
          {t('lock.provider', { name: provider.name })}
        </a>
      </p>
      <p className="hint-text">{t('lock.provider_hint')}</p>
    </>
  );
}

export function Lock({ client, me, asking, onOpen, onEnded }: LockProps) {
  const box = useRef<HTMLDialogElement>(null);
  const title = useId();
  const [ways, setWays] = useState<SignInWays | null>(null);
  // A device that has just woken up may have no line yet.
  useEffect(() => {
    if (ways) return;
    const look = (): void => void client.ask<SignInWays>('GET', '/api/sign-in/ways', { quiet: true, background: true }).then((outcome) => outcome.ok && setWays(outcome.value));
    look();
    const timer = setInterval(look, 3_000);
    addEventListener('online', look);
    return () => {
      clearInterval(timer);
      removeEventListener('online', look);
    };
  }, [client, ways]);
  useEffect(() => {
    const from = document.activeElement;
    box.current?.showModal();
    (box.current?.querySelector<HTMLElement>('input') ?? box.current?.querySelector('h1'))?.focus();
    return () => {
      if (from instanceof HTMLElement && from.isConnected) setTimeout(() => from.focus(), 0);
    };
  }, []);
  return (
    <dialog ref={box} className="lock" aria-labelledby={title} onCancel={(event) => event.preventDefault()}>
      <div className="lock__inner">
        <h1 id={title} tabIndex={-1}>{t(asking.locked ? 'lock.title' : 'lock.ended_title')}</h1>
        <p>{t(asking.locked ? 'lock.words' : 'lock.ended_words')}</p>
        <p>{t('lock.who', { name: me.name })}</p>
        {!ways && !me.password && <p role="status">{t('lock.no_line')}</p>}
        {ways?.provider && <ProviderStep client={client} me={me} provider={ways.provider} onOpen={onOpen} />}
        {ways?.provider && me.password && <p className="or">{t('sign_in.or')}</p>}
        {me.password && (asking.locked ? <UnlockStep client={client} onOpen={onOpen} onEnded={onEnded} /> : <SignInSteps client={client} email={me.email} onDone={onOpen} />)}
        <p className="lock__other">
          <Button
            small
            onClick={() => {
              dropAllDrafts();
              void client.ask('POST', '/api/sign-out', { body: {}, quiet: true }).then(() => location.assign('/staff/sign-in'));
            }}
          >
            {t('lock.other')}
          </Button>
        </p>
        <p className="hint-text">{t('lock.other_hint')}</p>
      </div>
    </dialog>
  );
}

// Nothing touched for this long: the page hides itself, also where no request tells that the service has locked.
export const idleFor = 15 * 60_000;

export function useIdle(after: number, onIdle: () => void, running: boolean): void {
  const then = useRef(onIdle);
  then.current = onIdle;
  useEffect(() => {
    if (!running) return;
    let last = Date.now();
    const touched = (): void => {
      last = Date.now();
    };
    const look = (): void => {
      if (Date.now() - last >= after) then.current();
    };
    const events = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
    for (const event of events) document.addEventListener(event, touched, { passive: true, capture: true });
    document.addEventListener('visibilitychange', look);
    const timer = setInterval(look, 15_000);
    return () => {
      for (const event of events) document.removeEventListener(event, touched, { capture: true });
      document.removeEventListener('visibilitychange', look);
      clearInterval(timer);
    };
  }, [after, running]);
}
