// SPDX-License-Identifier: Apache-2.0
// Quick exit: out of the group, and out of this tab. What was on the screen is gone at once; microphone, camera and seat are let go;
// everything that the page keeps is wiped; and the page takes its own place in the history with a clock, so that Back does not
// return. Not here: the button. What stays: the address of the service in the browser's own list of pages, as everywhere.
import type { CallSession } from '../call/model';

const neutralPage = '/clock.html';

export function exitQuickly(session: Pick<CallSession, 'leave'>): void {
  document.documentElement.classList.add('exiting');
  document.title = '';
  session.leave();
  wipe();
  addEventListener('pagehide', wipe);
  location.replace(neutralPage);
}

function wipe(): void {
  for (const shelf of ['sessionStorage', 'localStorage'] as const) {
    try {
      window[shelf].clear();
    } catch {
      continue; // storage is refused: then nothing is in it
    }
  }
}
