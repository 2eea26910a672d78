// SPDX-License-Identifier: Apache-2.0
// When a page notices that its way has died: it puts its line to the room to the test at once (docs/protocol.md, "ping"), asks for a
// restart, or opens another WebSocket. The pings that it says every ten seconds anyway are no notice. `notices` runs inside a page: it may
// use nothing from outside itself.
import type { Person } from '../tests/people/person.ts';

export interface Done {
  at: number; // ms of the calendar
  what: string; // 'open', or the type of what was said
}

declare global {
  interface Window {
    noticed: Done[];
  }
}

export function notices(): void {
  window.noticed = [];
  const note = (what: string): void => void window.noticed.push({ at: performance.timeOrigin + performance.now(), what });
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      note('open');
    }
    override send(data: string): void {
      const type = /"type":"(ping|restart)"/.exec(String(data))?.[1];
      if (type) note(type);
      super.send(data);
    }
  };
}

// The usual pings are ten seconds apart, the first on a WebSocket is one; what comes sooner is out of turn.
const usuallyAfter = 9_900;

// Seconds from `since` to the first sign of it; null: there was none.
export function firstNotice(done: readonly Done[], since: number): number | null {
  let usual = -Infinity;
  for (const { at, what } of done) {
    const isUsual = what === 'ping' && at - usual >= usuallyAfter;
    if (isUsual) usual = at;
    else if (at >= since) return (at - since) / 1000;
    if (what === 'open') usual = -Infinity;
  }
  return null;
}

export const noticedAfter = async (person: Person, since: number): Promise<number | null> =>
  firstNotice(await person.driver.evaluate(() => window.noticed, null), since);
