// SPDX-License-Identifier: Apache-2.0
// The line to the room: one WebSocket at a time to /api/call, said hello on, kept alive, and made again when it drops.
// Measures the difference to the server's clock. Not here: what messages mean (state.ts), media (peer.ts).
// Specification: docs/protocol.md, "Close codes". Invariant: at most one socket is listened to; after stop() nothing is
// told or tried any more.
import type { Clock } from '../base/clock';
import { type ClientMessage, parseServerMessage, type ServerMessage } from './message';
import { Pace } from './pace';
import type { Verdict } from './room';

// The part of a WebSocket that is used, so that tests can bring their own.
export interface Socket {
  readonly readyState: number;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}
export type OpenSocket = (path: string, protocol: string) => Socket;

export interface TokenShelf {
  get(): string | null;
  put(token: string | null): void;
}

export interface Listener {
  heard(message: ServerMessage): void;
  clock(offset: number): void;
  line(state: LineState): void;
  answers(): void; // it was put to the test, and stands
  mediaStands(): boolean; // only this line dropped: the server may go on with the same media
  over(verdict: Verdict): void;
}
export interface LineState {
  up: boolean; // welcomed
  tries: number; // since it was last up
  retryAt: number | null; // on the calendar's scale
}

const pingEveryMs = 10_000;
const pingsUnanswered = 2;
const nudgedPongWithinMs = 4_000;
const doubtedPongWithinMs = 800;
const pongAtMostTimes = 3; // of the shortest round trip, on a long way
const comesAgainWithinMs = 200; // one after another, where the server itself stood still and everybody doubts it
const welcomeWithinMs = 10_000;
const firstWaitMs = 500;
const longestWaitMs = 10_000;
const slowWaitMs = 20_000;
const triesUntilSaid = 4;
const notUnderstoodAtMost = 3;
const openState = 1;

export class Signalling {
  private socket: Socket | null = null;
  private up = false;
  private stopped = false;
  private tries = 0;
  private notUnderstood = 0;
  private waitAtLeast = 0; // the server asked for it
  private retry: (() => void) | null = null;
  private pulse: (() => void) | null = null;
  private unanswered = 0;
  private doubted: (() => void) | null = null;
  private doubtedUntil = 0;
  private bestRoundTrip = Infinity;
  private readonly pace: Pace;

  constructor(
    private readonly link: string,
    private readonly clock: Clock,
    private readonly open: OpenSocket,
    private readonly token: TokenShelf,
    private readonly listener: Listener,
  ) {
    this.pace = new Pace(clock, (text) => this.socket?.readyState === openState && this.socket.send(text));
  }

  start(): void {
    if (!this.stopped && !this.socket) this.connect();
  }

  // True where it was handed to a line that is up, though it may wait a moment for its turn; what is not is the caller's to say again.
  send(message: ClientMessage): boolean {
    if (!this.up || this.socket?.readyState !== openState) return false;
    return this.pace.say(JSON.stringify(message), isPatient(message));
  }

  // The page is back, or the browser says that something about its network changed: no reason to wait any longer. A line that is up is
  // put to the test.
  nudge(): void {
    if (this.stopped) return;
    if (this.retry) {
      this.callOffRetry();
      this.connect();
    } else {
      this.test(nudgedPongWithinMs);
    }
  }

  // Media has gone quiet: where this line does not answer soon either, another is made at once. A network that changed kills both, and
  // says nothing of either.
  doubt(): void {
    this.test(Math.max(doubtedPongWithinMs, Number.isFinite(this.bestRoundTrip) ? pongAtMostTimes * this.bestRoundTrip : 0));
  }

  // The network is there, says the browser, and perhaps it is the same one: neither is the next line waited for, nor is one that is up
  // given up before it was put to the test.
  there(): void {
    this.doubt();
    this.nudge();
  }

  // Another network: the line is gone with the old one, and it may be minutes before it says so.
  moved(): void {
    const socket = this.socket;
    this.startAfresh();
    if (socket && socket !== this.socket && socket.readyState <= openState) socket.close();
  }

  // Any pong ends it. Of two tests the stricter one counts.
  private test(within: number): void {
    const socket = this.socket;
    const by = this.clock.now() + within;
    if (this.stopped || !socket || !this.up || (this.doubted && this.doubtedUntil <= by)) return;
    this.callOffDoubt();
    this.send({ type: 'ping', sent: this.clock.now() });
    this.doubtedUntil = by;
    this.doubted = this.clock.after(within, () => {
      this.doubted = null;
      this.lost(socket, 1006, this.clock.random() * comesAgainWithinMs);
    });
  }

  // The page comes out of the back-forward cache: whatever stood before is dead.
  startAfresh(): void {
    if (this.stopped) return;
    this.callOffRetry();
    this.drop();
    this.connect();
  }

  stop(code = 1000): void {
    this.stopped = true;
    this.callOffRetry();
    const socket = this.socket;
    this.drop();
    if (socket && socket.readyState <= openState) socket.close(code);
  }

  private connect(): void {
    const socket = this.open('/api/call', 'quietroom.1');
    this.socket = socket;
    this.bestRoundTrip = Infinity;
    this.unanswered = 0;
    this.pulse = this.clock.after(welcomeWithinMs, () => this.lost(socket, 1006));
    socket.onopen = () => {
      const resume = this.token.get();
      const hello: ClientMessage = {
        type: 'hello',
        version: 1,
        link: this.link,
        ...(resume !== null && { resume, keep: this.listener.mediaStands() }),
      };
      socket.send(JSON.stringify(hello));
    };
    socket.onmessage = ({ data }) => {
      if (this.socket === socket && typeof data === 'string') this.heard(data);
    };
    socket.onclose = ({ code }) => {
      if (this.socket === socket) this.lost(socket, code);
    };
    this.tell();
  }

  private heard(text: string): void {
    const parsed = parseServerMessage(text);
    if (!('message' in parsed)) return; // a newer server may say more than we know
    const message = parsed.message;
    if (message.type === 'welcome') {
      this.up = true;
      this.tries = 0;
      this.waitAtLeast = 0;
      this.pace.begin(message.permissions.admit);
      this.pulse?.();
      this.pulse = null;
      this.tell();
      this.ping();
    } else if (message.type === 'pong') {
      this.unanswered = 0;
      if (this.doubted) this.listener.answers();
      this.callOffDoubt();
      this.notUnderstood = 0;
      this.measure(message.sent, message.now);
    } else if (message.type === 'closing') {
      this.waitAtLeast = message.again_in;
    }
    this.listener.heard(message);
  }

  // The shortest round trip tells the clocks' difference best.
  private measure(sent: number, serverNow: number): void {
    const now = this.clock.now();
    const roundTrip = now - sent;
    if (roundTrip < 0 || roundTrip > this.bestRoundTrip) return;
    this.bestRoundTrip = roundTrip;
    this.listener.clock(serverNow - (sent + now) / 2);
  }

  private ping(): void {
    this.pulse?.();
    const socket = this.socket;
    if (!socket) return;
    if (this.unanswered >= pingsUnanswered) {
      this.lost(socket, 1006);
      return;
    }
    this.unanswered += 1;
    this.send({ type: 'ping', sent: this.clock.now() });
    this.pulse = this.clock.after(pingEveryMs, () => this.ping());
  }

  private lost(socket: Socket, code: number, again?: number): void {
    this.drop();
    if (socket.readyState <= openState) socket.close();
    const verdict = this.verdictOf(code);
    if (verdict) this.listener.over(verdict);
    if (this.stopped || verdict?.over === 'gone' || (verdict?.over === 'refused' && verdict.why === 'link')) {
      this.stopped = true;
      this.tell();
      return;
    }
    this.tries += 1;
    const wait = again ?? this.waitFor(code);
    this.waitAtLeast = 0;
    this.retry = this.clock.after(wait, () => {
      this.retry = null;
      this.connect();
    });
    this.tell(this.clock.wall() + wait);
    if (!verdict && this.tries === triesUntilSaid) this.listener.over({ over: 'refused', why: 'unreachable' });
  }

  // A refusal that may pass (not open yet, full) is tried again, slowly, while the page is open.
  private verdictOf(code: number): Verdict | null {
    switch (code) {
      case 4400:
        this.notUnderstood += 1;
        return this.notUnderstood >= notUnderstoodAtMost ? { over: 'refused', why: 'unreachable' } : null;
      case 4401:
        return { over: 'refused', why: 'link' };
      case 4403:
        return { over: 'refused', why: 'not-open' };
      case 4404:
        return { over: 'gone', why: 'ended' };
      case 4409:
        return { over: 'gone', why: 'superseded' };
      case 4503:
        return { over: 'refused', why: 'full' };
      default:
        return null;
    }
  }

  private waitFor(code: number): number {
    const slow = code === 4403 || code === 4503 || code === 4429 || code === 4400;
    const ceiling = slow ? slowWaitMs : Math.min(longestWaitMs, firstWaitMs * 2 ** (this.tries - 1));
    // Half fixed, half chance, so that a room full of people does not come back in one instant.
    return this.waitAtLeast + ceiling / 2 + (this.clock.random() * ceiling) / 2;
  }

  private drop(): void {
    this.pulse?.();
    this.pulse = null;
    this.callOffDoubt();
    this.up = false;
    this.pace.forget();
    const socket = this.socket;
    this.socket = null;
    if (socket) socket.onopen = socket.onmessage = socket.onclose = null;
  }

  private callOffDoubt(): void {
    this.doubted?.();
    this.doubted = null;
  }

  private callOffRetry(): void {
    this.retry?.();
    this.retry = null;
  }

  private tell(retryAt: number | null = null): void {
    this.listener.line({ up: this.up, tries: this.tries, retryAt });
  }
}

// What is for one person who waits, keys above all: as many as there are people waiting.
const isPatient = (message: ClientMessage): boolean => message.type === 'send' && typeof message.audience === 'object' && 'arrival' in message.audience;

export const openBrowserSocket: OpenSocket = (path, protocol) => {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(url, protocol) as unknown as Socket;
};

// Lives as long as the tab and is told apart by link: two links in one tab after another do not mix.
export function sessionTokenShelf(link: string, what: 'resume' | 'memory' | 'keys' = 'resume'): TokenShelf {
  const key = `quietroom.${what}.${fingerprint(link)}`;
  return {
    get: () => {
      try {
        return sessionStorage.getItem(key);
      } catch {
        return null; // storage is refused in this browser: a reload waits again
      }
    },
    put: (token) => {
      try {
        if (token === null) sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, token);
      } catch {
        return;
      }
    },
  };
}

// A name for a storage key, not a secret's protection: 53 bits (cyrb53).
export function fingerprint(input: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < input.length; i += 1) {
    const code = input.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}
