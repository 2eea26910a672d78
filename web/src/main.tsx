// SPDX-License-Identifier: Apache-2.0
// Where the browser client begins: the start page, or a personal link. Does nothing where old-browser.js has said no.
import { createRoot } from 'react-dom/client';
import { Join } from './lobby/join';
import { StartPage } from './lobby/start_page';
import { applyLocaleTo } from './texts/text';

const begin = (): void => {
  const root = document.getElementById('app');
  if (!root || document.documentElement.hasAttribute('data-too-old')) return;
  applyLocaleTo(document.documentElement);
  createRoot(root).render(location.pathname === '/join' ? <Join /> : <StartPage />);
};

begin();
