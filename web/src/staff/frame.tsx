// SPDX-License-Identifier: Apache-2.0
// The frame of every staff page: a way to skip to the words, the same few links in the same place, one heading that takes the
// focus when the page changes. Also: what stands in a page while it is being read, or could not be. Not here: what pages say.
import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import type { Trouble } from '../api/client';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { has, useAccount, type Loaded, type LoadedList } from './account';
import { Go, useAddress } from './place';
import { TroubleWords } from './trouble_words';

function Links() {
  const { me } = useAccount();
  const { path } = useAddress();
  const clinical = has(me, 'facilitator', 'team_lead');
  const links = [
    { to: '/staff', words: t('nav.today'), shown: true },
    { to: '/staff/groups', words: t('nav.groups'), shown: clinical || has(me, 'it_support', 'safety_officer') },
    { to: '/staff/people', words: t('nav.people'), shown: clinical },
    { to: '/staff/colleagues', words: t('nav.colleagues'), shown: has(me, 'administrator', 'team_lead') },
    { to: '/staff/teams', words: t('nav.teams'), shown: has(me, 'administrator', 'team_lead') },
    { to: '/staff/records', words: t('nav.records'), shown: has(me, 'administrator', 'team_lead') },
    { to: '/staff/trail', words: t('nav.trail'), shown: has(me, 'administrator', 'safety_officer') },
    { to: '/staff/my-account', words: t('nav.account'), shown: true },
  ];
  const here = (to: string): boolean => (to === '/staff' ? path === to : path.startsWith(to)) || (to === '/staff/groups' && path.startsWith('/staff/sessions'));
  return (
    <nav className="staff-nav" aria-label={t('nav.name')}>
      <ul>
        {links
          .filter(({ shown }) => shown)
          .map(({ to, words }) => (
            <li key={to}>
              <Go to={to} current={here(to)}>
                {words}
              </Go>
            </li>
          ))}
      </ul>
    </nav>
  );
}

interface FrameProps {
  title: string;
  children: ReactNode;
  back?: { to: string; words: string };
  over?: string; // a line above the heading: which group, which step
  wide?: boolean;
}

export function Frame({ title, children, back, over, wide }: FrameProps) {
  const { me } = useAccount();
  return (
    <div className="staff">
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      <header className="staff-header">
        <div className="staff-header__inner">
          <span className="staff-header__name">{me.trust || t('staff.name')}</span>
          <Links />
        </div>
      </header>
      <main id="main" className={wide ? 'page__main page__main--wide' : 'page__main'} tabIndex={-1}>
        {back && (
          <p className="back">
            <Go to={back.to}>{back.words}</Go>
          </p>
        )}
        <Heading title={title} over={over} />
        {children}
      </main>
    </div>
  );
}

export function Heading({ title, over }: { title: string; over?: string | undefined }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = t('staff.document', { title });
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <>
      {over && <p className="over-title">{over}</p>}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
    </>
  );
}

export function OneMoment() {
  return (
    <p className="empty" role="status">
      {t('staff.one_moment')}
    </p>
  );
}

export function TroublePage({ trouble, onAgain }: { trouble: Trouble; onAgain: () => void }) {
  return (
    <div className="trouble" role="alert">
      <TroubleWords trouble={trouble} />
      {(trouble.kind === 'unreachable' || trouble.kind === 'unexpected') && (
        <Button small onClick={onAgain}>
          {t('offline.again')}
        </Button>
      )}
    </div>
  );
}

// What was read, or why it was not.
export function Shown<T>({ of, children }: { of: Loaded<T>; children: (value: T) => ReactNode }) {
  if (of.value !== null) return <>{children(of.value)}</>;
  if (of.trouble) return <TroublePage trouble={of.trouble} onAgain={() => void of.again()} />;
  return <OneMoment />;
}

// The way on in a list that has more; nothing where it has not.
export function More({ of, small = false }: { of: Pick<LoadedList<unknown>, 'more'>; small?: boolean }) {
  if (!of.more) return null;
  const button = (
    <Button small={small} onClick={() => void of.more?.()}>
      {t('list.more')}
    </Button>
  );
  return small ? button : <p>{button}</p>;
}

// A quiet line after something was done; read out politely.
export function Said({ words }: { words: string }) {
  return (
    <div className="said-box" role="status" aria-live="polite">
      {words && <p className="said">{words}</p>}
    </div>
  );
}
