// SPDX-License-Identifier: Apache-2.0
// The line to the room against a server made up of what it would send, in virtual time.
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../base/clock';
import type { ServerMessage } from './message';
import type { Verdict } from './room';
import { fingerprint, type LineState, Signalling, type Socket } from './signalling';

class FakeSocket implements Socket {
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: { type: string; [field: string]: unknown }[] = [];
  closedWith: number | undefined | null = null;
  send(text: string): void {
    this.sent.push(JSON.parse(text) as { type: string });
  }
  close(code?: number): void {
    this.readyState = 3;
    this.closedWith = code;
  }
  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  says(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  drops(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
  types(): string[] {
    return this.sent.map((message) => message.type);
  }
}

const welcome = {
  type: 'welcome', version: 1, arrival: 1, seat: 3, role: 'member', permissions: { admit: false, moderate: false, publish_screen: false },
  state: 'arriving', resume: 't', now: 1000, resumed: false, kept: false, encryption: 'none',
};

function setUp(chances = [0.5]) {
  const clock = new VirtualClock(0, chances);
  const sockets: FakeSocket[] = [];
  const heard: ServerMessage[] = [];
  const verdicts: Verdict[] = [];
  const lines: LineState[] = [];
  const offsets: number[] = [];
  const answers: number[] = [];
  const shelf = { token: null as string | null, stands: false };
  const signalling = new Signalling(
    'secret-link',
    clock,
    () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    { get: () => shelf.token, put: (token) => (shelf.token = token) },
    {
      heard: (message) => heard.push(message),
      clock: (offset) => offsets.push(offset),
      line: (state) => lines.push(state),
      over: (verdict) => verdicts.push(verdict),
      mediaStands: () => shelf.stands,
      answers: () => void answers.push(clock.now()),
    },
  );
  signalling.start();
  const last = () => sockets.at(-1)!;
  const up = () => {
    last().opens();
    last().says(welcome);
  };
  return { clock, sockets, heard, verdicts, lines, offsets, answers, shelf, signalling, last, up };
}

describe('the line', () => {
  it('says hello with the link, and with the token and whether media stands where there is a token', () => {
    const { last, shelf, clock, up } = setUp();
    last().opens();
    expect(last().sent).toEqual([{ type: 'hello', version: 1, link: 'secret-link' }]);
    last().says(welcome);
    Object.assign(shelf, { token: 'abc', stands: true });
    last().drops();
    clock.advance(500);
    up();
    expect(last().sent[0]).toEqual({ type: 'hello', version: 1, link: 'secret-link', resume: 'abc', keep: true });
  });

  it('sends nothing before it is welcomed', () => {
    const { signalling, last, up } = setUp();
    last().readyState = 1;
    expect(signalling.send({ type: 'ready' })).toBe(false);
    up();
    expect(signalling.send({ type: 'ready' })).toBe(true);
    expect(last().types()).toContain('ready');
  });

  it('comes back with growing waits, half fixed and half by chance', () => {
    const { clock, sockets, last, lines } = setUp([0]);
    const waits: number[] = [];
    for (let i = 0; i < 7; i += 1) {
      last().drops();
      waits.push(lines.at(-1)!.retryAt! - clock.wall());
      clock.advance(waits.at(-1)! - 1);
      expect(sockets).toHaveLength(i + 1);
      clock.advance(1);
      expect(sockets).toHaveLength(i + 2);
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  });

  it('never comes back all at once: chance spreads the wait', () => {
    const early = setUp([0]);
    const late = setUp([0.999]);
    early.last().drops();
    late.last().drops();
    expect(late.lines.at(-1)!.retryAt! - early.lines.at(-1)!.retryAt!).toBeGreaterThan(200);
  });

  it('waits at least as long as a closing server asked for', () => {
    const { clock, last, lines, up } = setUp([0]);
    up();
    last().says({ type: 'closing', again_in: 3000 });
    last().drops(1012);
    expect(lines.at(-1)!.retryAt! - clock.wall()).toBe(3250);
  });

  it('does not wait when the network is back', () => {
    const { sockets, last, signalling } = setUp();
    last().drops();
    signalling.nudge();
    expect(sockets).toHaveLength(2);
  });

  it('does not wait when the browser says that the network is there, however long the wait has become', () => {
    const { clock, sockets, lines, last, up, signalling } = setUp();
    up();
    for (let times = 0; times < 6; times += 1) {
      last().drops();
      if (times < 5) clock.advance(lines.at(-1)!.retryAt! - clock.wall());
    }
    expect(lines.at(-1)!.retryAt! - clock.wall()).toBeGreaterThan(5_000);
    const before = sockets.length;
    signalling.there();
    expect(sockets).toHaveLength(before + 1);
    signalling.there();
    expect(sockets, 'one is being made').toHaveLength(before + 1);
  });

  it('that is up when the network is there again is put to the test once, and kept where it answers', () => {
    const { clock, sockets, last, up, signalling } = setUp();
    up();
    last().says({ type: 'pong', sent: 0, now: 0 });
    signalling.there();
    expect(last().types().filter((type) => type === 'ping')).toHaveLength(2); // the first is the welcome's
    clock.advance(700);
    last().says({ type: 'pong', sent: 0, now: 0 });
    clock.advance(5_000);
    expect(sockets).toHaveLength(1);
    signalling.there();
    clock.advance(2_200 + 200);
    expect(sockets, 'no longer than where it is doubted').toHaveLength(2);
  });

  it('counts two unanswered pings as lost', () => {
    const { clock, sockets, last, up } = setUp();
    up();
    const first = last();
    clock.advance(10_000);
    expect(first.types().filter((type) => type === 'ping')).toHaveLength(2);
    expect(sockets).toHaveLength(1);
    clock.advance(10_000 + 500);
    expect(sockets).toHaveLength(2);
    expect(first.closedWith).toBeUndefined();
  });

  it('answered pings keep it, and tell the difference of the clocks by the shortest round trip', () => {
    const { clock, sockets, last, up, offsets } = setUp();
    up();
    for (const trip of [80, 20, 200]) {
      const ping = last().sent.findLast((message) => message.type === 'ping')!;
      clock.advance(trip);
      last().says({ type: 'pong', sent: ping['sent'], now: Number(ping['sent']) + 5000 + trip / 2 });
      clock.advance(10_000 - trip);
    }
    expect(sockets).toHaveLength(1);
    expect(offsets).toEqual([5000, 5000]);
  });

  it('put to the test after a change of network, gives up within four seconds', () => {
    const { clock, sockets, up, signalling } = setUp();
    up();
    signalling.nudge();
    clock.advance(4_000 + 500);
    expect(sockets).toHaveLength(2);
  });

  it('doubted because nothing is heard, it is made again within a second, and not where it answers', () => {
    const { clock, sockets, answers, last, up, signalling } = setUp();
    up();
    last().says({ type: 'pong', sent: 0, now: 0 });
    expect(answers, 'nothing was put to the test').toEqual([]);
    signalling.doubt();
    signalling.doubt();
    expect(last().types().filter((type) => type === 'ping')).toHaveLength(2); // the first is the welcome's
    clock.advance(700);
    last().says({ type: 'pong', sent: 0, now: 0 });
    expect(answers).toEqual([700]);
    clock.advance(2_000);
    expect(sockets).toHaveLength(1);
    signalling.doubt();
    clock.advance(700);
    expect(sockets).toHaveLength(1);
    clock.advance(1_500);
    expect(sockets).toHaveLength(2);
  });

  it('nudged time and again, is made again where nothing answers within four seconds, and not where something does', () => {
    const { clock, sockets, last, up, signalling } = setUp();
    up();
    for (let times = 0; times < 5; times += 1) signalling.nudge();
    clock.advance(1_000);
    expect(sockets).toHaveLength(1);
    last().says({ type: 'pong', sent: 0, now: 0 });
    clock.advance(8_000);
    expect(sockets).toHaveLength(1);
    signalling.nudge();
    clock.advance(4_300);
    expect(sockets).toHaveLength(2);
  });

  it('nudged and then doubted, has no longer than where it was doubted alone', () => {
    const { clock, sockets, up, signalling } = setUp();
    up();
    signalling.nudge();
    signalling.doubt();
    signalling.nudge();
    clock.advance(1_100);
    expect(sockets).toHaveLength(2);
  });

  it('doubted and let go, nothing more is tried', () => {
    const { clock, sockets, up, signalling } = setUp();
    up();
    signalling.doubt();
    signalling.stop();
    clock.advance(10_000);
    expect(sockets).toHaveLength(1);
  });

  it('a server that never welcomes is left', () => {
    const { clock, sockets, last } = setUp();
    last().opens();
    clock.advance(10_000 + 500);
    expect(sockets).toHaveLength(2);
  });

  it('hears nothing more from a socket it has left', () => {
    const { clock, sockets, heard, last } = setUp();
    const first = last();
    first.drops();
    clock.advance(500);
    first.says({ type: 'locked', locked: true });
    expect(heard).toEqual([]);
    expect(sockets).toHaveLength(2);
  });

  it('lets a message of a newer server pass by', () => {
    const { heard, last, up } = setUp();
    up();
    last().says({ type: 'weather', sun: true });
    last().onmessage?.({ data: 'nonsense' });
    expect(heard.map((message) => message.type)).toEqual(['welcome']);
  });

  it('is not tried again once stopped', () => {
    const { clock, sockets, last, up, signalling } = setUp();
    up();
    signalling.stop();
    clock.advance(60_000);
    expect(last().closedWith).toBe(1000);
    expect(sockets).toHaveLength(1);
  });
});

describe('close codes', () => {
  it.each<[number, Verdict | null, boolean]>([
    [1006, null, true],
    [1012, null, true],
    [1013, null, true],
    [4401, { over: 'refused', why: 'link' }, false],
    [4403, { over: 'refused', why: 'not-open' }, true],
    [4404, { over: 'gone', why: 'ended' }, false],
    [4409, { over: 'gone', why: 'superseded' }, false],
    [4429, null, true],
    [4503, { over: 'refused', why: 'full' }, true],
  ])('%i means %j, tried again: %s', (code, verdict, again) => {
    const { clock, sockets, last, verdicts, up } = setUp();
    up();
    last().drops(code);
    clock.advance(20_000);
    expect(verdicts).toEqual(verdict ? [verdict] : []);
    expect(sockets.length > 1).toBe(again);
  });

  it('a room that does not open is asked slowly, never faster than every ten seconds', () => {
    const { clock, sockets, last } = setUp([0]);
    last().drops(4403);
    clock.advance(9_999);
    expect(sockets).toHaveLength(1);
    clock.advance(1);
    expect(sockets).toHaveLength(2);
  });

  it('is said to be out of reach after four tries, and tried on', () => {
    const { clock, last, verdicts, sockets } = setUp();
    for (let i = 0; i < 4; i += 1) {
      last().drops();
      clock.advance(10_000);
    }
    expect(verdicts).toEqual([{ over: 'refused', why: 'unreachable' }]);
    expect(sockets).toHaveLength(5);
  });
});

it('two links never share a token, and the key does not show the link', () => {
  expect(fingerprint('link-a')).not.toBe(fingerprint('link-b'));
  expect(fingerprint('link-a')).not.toContain('link');
});
