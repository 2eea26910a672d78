// SPDX-License-Identifier: Apache-2.0
// Quick exit: out of the group, and out of this tab. What was on the screen is gone at once; microphone, camera and seat are let go;
// everything that the page keeps is wiped; and the page takes its own place in the history with a clock, so that Back does not
// return, nor does a page of ours from earlier in the tab that the browser kept as it was. Not here: the button. What stays: the address of the service in the browser's own list of pages, as everywhere.
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

// For every page of a person. A page that is gone back to is drawn as it was, so it is covered before it goes, and seen again only
// where the tab was not left in a hurry since: the exit leaves no mark, but then what the tab kept is no longer there.
export function staysGone(): void {
  let kept = false;
  const { classList } = document.documentElement;
  addEventListener('pagehide', () => {
    kept = keepsSomething();
    classList.add('exiting');
  });
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    if (kept && !keepsSomething()) location.replace(neutralPage);
    else classList.remove('exiting');
  });
}

function keepsSomething(): boolean {
  try {
    return sessionStorage.length > 0;
  } catch {
    return false; // storage is refused
  }
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
