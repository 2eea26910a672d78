// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../base/clock';
import { Pace } from './pace';

// docs/protocol.md, "Rules for both sides"
const rooms = { others: { inASecond: 40, inTenSeconds: 200, atOnce: 20 }, leads: { inASecond: 120, inTenSeconds: 600, atOnce: 60 } };

function setUp(who: keyof typeof rooms = 'others') {
  const clock = new VirtualClock();
  const said: { at: number; text: string }[] = [];
  const pace = new Pace(clock, (text) => said.push({ at: clock.now(), text }));
  pace.begin(who === 'leads');
  const texts = () => said.map(({ text }) => text);
  // The most in any stretch of this length.
  const most = (ms: number) => Math.max(...said.map(({ at }) => said.filter((one) => one.at >= at && one.at < at + ms).length));
  return { clock, pace, said, texts, most };
}

describe('the pace', () => {
  it('what is said now and then goes at once', () => {
    const { clock, pace, said } = setUp();
    for (let n = 0; n < 50; n += 1) {
      clock.advance(200);
      pace.say(`${n}`, n % 2 === 0);
    }
    expect(said).toEqual(Array.from({ length: 50 }, (_, n) => ({ at: 200 * (n + 1), text: `${n}` })));
  });

  it.each(['others', 'leads'] as const)('three hundred at once by %s: all are said, in order, never faster than the room allows, though the line stalls a second', (who) => {
    const { clock, pace, texts, most } = setUp(who);
    for (let n = 0; n < 300; n += 1) expect(pace.say(`${n}`, false)).toBe(true);
    expect(texts()).toHaveLength(rooms[who].atOnce);
    clock.advance(40_000);
    expect(texts()).toEqual(Array.from({ length: 300 }, (_, n) => `${n}`));
    expect(most(2_000)).toBeLessThanOrEqual(rooms[who].inASecond);
    expect(most(11_000)).toBeLessThanOrEqual(rooms[who].inTenSeconds);
  });

  it('what is patient gives way: a click is not behind thirty introductions', () => {
    const { clock, pace, texts } = setUp();
    for (let n = 0; n < 30; n += 1) pace.say(`introduction ${n}`, true);
    pace.say('admit', false);
    clock.advance(100);
    expect(texts().indexOf('admit')).toBe(20);
    clock.advance(2_000);
    expect(texts()).toHaveLength(31);
    expect(texts().at(-1)).toBe('introduction 29');
  });

  it.each(['others', 'leads'] as const)('%s: a line that comes again and again is not a reason to say more', (who) => {
    const { clock, pace, most } = setUp(who);
    for (let line = 0; line < 60; line += 1) {
      for (let n = 0; n < 60; n += 1) pace.say(`${n}`, false);
      clock.advance(300);
      pace.forget();
      pace.begin(who === 'leads');
    }
    expect(most(1_000)).toBeLessThanOrEqual(rooms[who].inASecond);
    expect(most(10_000)).toBeLessThanOrEqual(rooms[who].inTenSeconds);
  });

  it('refuses more than may wait, and forgets with the line', () => {
    const { clock, pace, said } = setUp();
    let taken = 0;
    while (pace.say('x', true)) taken += 1;
    expect(taken).toBe(20 + 512);
    pace.forget();
    clock.advance(60_000);
    expect(said).toHaveLength(20);
    expect(pace.say('y', false)).toBe(true);
    expect(said.at(-1)!.text).toBe('y');
  });
});
