// SPDX-License-Identifier: Apache-2.0
// Where the browser client begins: the start page, a personal link, or the staff pages (a part of their own that members
// never fetch). Does nothing where old-browser.js has said no.
import { createRoot } from 'react-dom/client';
import { Join } from './lobby/join';
import { StartPage } from './lobby/start_page';
import { applyLocaleTo, t } from './texts/text';

const openStaffPages = (root: HTMLElement): void => {
  import('./staff/staff').then(
    ({ drawStaffPages }) => drawStaffPages(root),
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
  if (/^\/staff(\/|$)/.test(location.pathname)) return openStaffPages(root);
  createRoot(root).render(location.pathname === '/join' ? <Join /> : <StartPage />);
};

begin();
