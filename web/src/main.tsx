// SPDX-License-Identifier: Apache-2.0
// Where the browser client begins: the start page, a personal link, the person's own page, or the staff pages (parts of their own,
// fetched by whoever opens them). Does nothing where old-browser.js has said no.
import { createRoot } from 'react-dom/client';
import { sayWhoseThisPageIs } from './call/own_page';
import { Join } from './lobby/join';
import { staysGone } from './lobby/quick_exit';
import { StartPage } from './lobby/start_page';
import { applyLocaleTo, t } from './texts/text';

const openPart = (root: HTMLElement, part: Promise<(root: HTMLElement) => void>): void => {
  part.then(
    (draw) => draw(root),
    () => {
      // The part did not arrive: say so in the page, with a way to ask again.
      createRoot(root).render(
        <div className="page">
          <main className="page__main">
            <h1>{t('pages.not_here')}</h1>
            <p>{t('pages.not_here_do')}</p>
            <p>
              <a href={location.pathname}>{t('offline.again')}</a>
            </p>
          </main>
        </div>,
      );
    },
  );
};

const begin = (): void => {
  const root = document.getElementById('app');
  if (!root || document.documentElement.hasAttribute('data-too-old')) return;
  applyLocaleTo(document.documentElement);
  sayWhoseThisPageIs(navigator.mediaDevices as Parameters<typeof sayWhoseThisPageIs>[0], location.origin);
  if (/^\/staff(\/|$)/.test(location.pathname)) return openPart(root, import('./staff/staff').then((part) => part.drawStaffPages));
  staysGone();
  if (location.pathname === '/mine') return openPart(root, import('./mine/mine').then((part) => part.drawMine));
  createRoot(root).render(location.pathname === '/join' ? <Join /> : <StartPage />);
};

begin();
