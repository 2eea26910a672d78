// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../base/clock';
import { answerWithinMs, OwnHelp, UnansweredHelp } from './help_watch';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('help that a person asked for', () => {
  const scene = (answers: ('raised' | 'unreachable')[] = ['raised']) => {
    const clock = new VirtualClock();
    const is = { read: true, raised: 0, told: 0 };
    const help = new OwnHelp(clock, async () => answers[Math.min(is.raised++, answers.length - 1)]!, () => is.read, () => void (is.told += 1));
    return { clock, is, help };
  };

  it('goes to the team at once where no facilitator can read it', async () => {
    const { is, help } = scene();
    is.read = false;
    help.asked();
    await settled();
    expect(is).toMatchObject({ raised: 1, told: 1 });
  });

  it('is left to the facilitators where they can', async () => {
    const { clock, is, help } = scene();
    help.asked();
    clock.advance(10 * answerWithinMs);
    await settled();
    expect(is).toMatchObject({ raised: 0, told: 0 });
  });

  it('goes to the team where the last facilitator went within the time to answer', async () => {
    const { clock, is, help } = scene();
    help.asked();
    clock.advance(answerWithinMs - 1);
    is.read = false;
    await settled();
    expect(is.raised).toBe(0);
    clock.advance(1);
    await settled();
    expect(is).toMatchObject({ raised: 1, told: 1 });
  });

  it('is said to be told only when it is, and is tried again until then', async () => {
    const { clock, is, help } = scene(['unreachable', 'unreachable', 'raised']);
    is.read = false;
    help.asked();
    await settled();
    expect(is).toMatchObject({ raised: 1, told: 0 });
    clock.advance(10_000);
    await settled();
    expect(is).toMatchObject({ raised: 2, told: 0 });
    clock.advance(10_000);
    await settled();
    expect(is).toMatchObject({ raised: 3, told: 1 });
    clock.advance(1_000_000);
    await settled();
    expect(is.raised).toBe(3);
  });

  it('is tried no more when the person has left', async () => {
    const { clock, is, help } = scene(['unreachable']);
    is.read = false;
    help.asked();
    help.stop();
    await settled();
    clock.advance(1_000_000);
    await settled();
    expect(is).toMatchObject({ raised: 1, told: 0 });
  });
});

describe('help that facilitators read', () => {
  const scene = (answers: ('raised' | 'unreachable')[] = ['raised']) => {
    const clock = new VirtualClock();
    const raised: number[] = [];
    return { clock, raised, help: new UnansweredHelp(clock, async (seat) => answers[Math.min(raised.push(seat) - 1, answers.length - 1)]!) };
  };

  it('becomes an alert when nobody has answered for half a minute, once', async () => {
    const { clock, raised, help } = scene();
    help.now([4]);
    clock.advance(answerWithinMs - 1);
    help.now([4, 7]); // another asks; the first waits on
    expect(raised).toEqual([]);
    clock.advance(1);
    expect(raised).toEqual([4]);
    await settled();
    clock.advance(answerWithinMs);
    await settled();
    expect(raised).toEqual([4, 7]);
    clock.advance(1_000_000);
    expect(raised).toEqual([4, 7]);
  });

  it('becomes none when somebody has', () => {
    const { clock, raised, help } = scene();
    help.now([4, 7]);
    clock.advance(answerWithinMs - 1);
    help.now([7]);
    clock.advance(1);
    expect(raised).toEqual([7]);
  });

  it('counts anew for who asks again after an answer', () => {
    const { clock, raised, help } = scene();
    help.now([4]);
    clock.advance(20_000);
    help.now([]);
    help.now([4]);
    clock.advance(20_000);
    expect(raised).toEqual([]);
    clock.advance(10_000);
    expect(raised).toEqual([4]);
  });

  it('is tried again where the service did not answer, and not after it was answered', async () => {
    const { clock, raised, help } = scene(['unreachable']);
    help.now([4]);
    clock.advance(answerWithinMs);
    await settled();
    clock.advance(10_000);
    expect(raised).toEqual([4, 4]);
    help.now([]);
    await settled();
    clock.advance(1_000_000);
    expect(raised).toEqual([4, 4]);
  });
});
