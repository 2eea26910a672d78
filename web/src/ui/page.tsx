// SPDX-License-Identifier: Apache-2.0
// The frame of every page that is not the room: one heading that takes the focus when the page changes, the words, and the
// ways out in the same place as in the room. Not here: what a page says.
import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { t } from '../texts/text';
import { WaysOutButtons, type WaysOut } from './room/room_bar';

interface PageProps {
  title: ReactNode;
  children: ReactNode;
  ways?: (WaysOut & { privateNow: boolean }) | undefined;
  wide?: boolean;
}

export function Page({ title, children, ways, wide }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div className={ways ? 'page page--call' : 'page'}>
      <div className="page__scroll">
        <main className={wide ? 'page__main page__main--wide' : 'page__main'}>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {children}
        </main>
      </div>
      {ways && (
        <nav className="bar bar--ways" aria-label={t('bar.ways')}>
          <WaysOutButtons {...ways} exit />
        </nav>
      )}
    </div>
  );
}

// A number that a phone can call by a tap.
export function PhoneLink({ number }: { number: string }) {
  return (
    <a className="phone" href={`tel:${number.replace(/[^+\d]/g, '')}`} dir="ltr">
      {number}
    </a>
  );
}

export function DutyWords({ number }: { number: string }) {
  return (
    <div className="duty">
      <p>{t('duty.words')}</p>
      <p>
        <PhoneLink number={number} />
      </p>
      <p>{t('duty.danger')}</p>
    </div>
  );
}
