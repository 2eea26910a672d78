// SPDX-License-Identifier: Apache-2.0
// The staff pages: who is signed in, which page the address names, and the question over the page when a sign-in has run out.
// Loaded as a part of its own, with its own texts and styles, so that members fetch none of it.
import '../styles/staff.scss';
import { Component, type ReactNode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { Client, Trouble } from '../api/client';
import type { Me } from '../api/model';
import { browserClock } from '../base/clock';
import { addTexts, t } from '../texts/text';
import { enDuties } from '../texts/en_duties';
import { enPrepareStaff } from '../texts/en_prepare_staff';
import { enMessagesStaff } from '../texts/en_messages_staff';
import { enSafetyStaff } from '../texts/en_safety_staff';
import { enStaff } from '../texts/en_staff';
import { Button } from '../ui/button';
import { AccountAround, useDoor } from './account';
import { anythingUnsaved } from './drafts';
import { Heading, OneMoment } from './frame';
import { idleFor, Lock, useIdle } from './lock';
import { pageFor } from './pages';
import { findPage, goTo, useAddress } from './place';
import { SetUpPage } from './set_up_page';
import { SignedInPage, SignInPage } from './sign_in';

type Send = (address: string, init: RequestInit) => Promise<Response>;
const overNetwork: Send = (address, init) => fetch(address, init);

// A page that breaks says so, in the same words as any trouble; the others go on.
class Backstop extends Component<{ children: ReactNode; at: string }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError = (): { broken: boolean } => ({ broken: true });
  override componentDidUpdate(before: { at: string }): void {
    if (before.at !== this.props.at && this.state.broken) this.setState({ broken: false });
  }
  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <main className="page__main">
        <Heading title={t('trouble.unexpected')} />
        <p>{t('trouble.unexpected_do')}</p>
        <p>
          <a href="/staff">{t('nav.to_today')}</a>
        </p>
      </main>
    );
  }
}

const nextKey = 'quietroom.next'; // where a person wanted to go before they were asked to sign in
const nextAfterSignIn = (): string => {
  try {
    const next = sessionStorage.getItem(nextKey);
    sessionStorage.removeItem(nextKey);
    return next && findPage(next.split('?')[0] ?? '') && !/^\/staff\/(sign-in|set-up)/.test(next) ? next : '/staff';
  } catch {
    return '/staff';
  }
};
const noteNext = (): void => {
  try {
    if (!/^\/staff\/(sign-in|set-up)/.test(location.pathname)) sessionStorage.setItem(nextKey, location.pathname + location.search);
  } catch {
    return; // after signing in comes today
  }
};

async function readMe(client: Client): Promise<{ me: Me } | { trouble: Trouble }> {
  const outcome = await client.ask<Me>('GET', '/api/me', { quiet: true });
  return outcome.ok ? { me: outcome.value } : { trouble: outcome.trouble };
}

// Not known yet who is signed in.
function BeforeMe({ trouble, onAgain }: { trouble: Trouble | null; onAgain: () => void }) {
  return (
    <div className="staff">
      <main className="page__main">
        {!trouble && <OneMoment />}
        {trouble && <Heading title={t('trouble.not_loaded')} />}
        {trouble && <p>{t(trouble.kind === 'unreachable' ? 'trouble.unreachable' : 'trouble.unexpected_do')}</p>}
        {trouble && <Button onClick={onAgain}>{t('offline.again')}</Button>}
      </main>
    </div>
  );
}

export function Staff({ send = overNetwork, idle = idleFor }: { send?: Send; idle?: number }) {
  const address = useAddress();
  const { client, asking, answer, lock } = useDoor(send);
  const [me, setMe] = useState<Me | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [ended, setEnded] = useState(false);
  const page = findPage(address.path)?.page;
  const atDoor = page === 'sign-in' || page === 'set-up' || page === 'signed-in';
  const look = async (): Promise<void> => {
    const found = await readMe(client);
    if ('me' in found) {
      setTrouble(null);
      setMe(found.me);
      if (found.me.locked) lock();
    } else if (found.trouble.kind === 'signed-out') {
      noteNext();
      setMe(null);
      goTo('/staff/sign-in', { replace: true });
    } else setTrouble(found.trouble);
  };
  useEffect(() => {
    if (!atDoor) void look();
  }, []);
  useEffect(() => {
    const stay = (event: BeforeUnloadEvent): void => {
      if (anythingUnsaved()) event.preventDefault();
    };
    window.addEventListener('beforeunload', stay);
    return () => window.removeEventListener('beforeunload', stay);
  }, []);
  const hide = (): void => {
    lock();
    void client.ask('POST', '/api/sign-in/lock', { body: {}, quiet: true }); // the service locks by itself, too
  };
  useIdle(idle, hide, me !== null && asking === null);

  if (page === 'signed-in') return <SignedInPage />;
  if (atDoor) {
    const enter = async (): Promise<void> => {
      goTo(nextAfterSignIn(), { replace: true });
      await look();
    };
    return page === 'set-up' ? <SetUpPage client={client} onDone={() => void enter()} /> : <SignInPage client={client} onDone={() => void enter()} />;
  }
  if (!me) return <BeforeMe trouble={trouble} onAgain={() => void look()} />;
  return (
    <AccountAround account={{ client, clock: browserClock, me, again: look }}>
      <Backstop at={address.path}>{pageFor(address)}</Backstop>
      {asking && (
        <Lock
          key={String(ended)}
          client={client}
          me={me}
          asking={ended ? { locked: false } : asking}
          onOpen={() => {
            setEnded(false);
            answer(true);
          }}
          onEnded={() => setEnded(true)}
        />
      )}
    </AccountAround>
  );
}

export function drawStaffPages(root: HTMLElement, options: { send?: Send } = {}): void {
  addTexts({ ...enStaff, ...enPrepareStaff, ...enDuties, ...enSafetyStaff, ...enMessagesStaff });
  createRoot(root).render(<Staff {...options} />);
}
