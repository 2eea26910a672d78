// SPDX-License-Identifier: Apache-2.0
// What facilitators are told of what somebody takes over their line, and when.
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../base/clock';
import type { Payload } from './payload';
import { Receiving } from './receiving';

type Told = Extract<Payload, { kind: 'receives' }>;

function setUp() {
  const clock = new VirtualClock();
  const told: Told[] = [];
  let bytes = 0;
  const receiving = new Receiving(clock, {
    view: () => true,
    bytes: () => Promise.resolve(bytes),
    saves: () => undefined,
    tell: (payload) => told.push(payload),
    changed: () => undefined,
  });
  const looks = async (times: number): Promise<void> => {
    for (let n = 0; n < times; n += 1) {
      bytes += 500_000;
      clock.advance(5_000);
      await Promise.resolve().then(() => undefined);
    }
  };
  return { receiving, told, looks };
}
const plain = { kind: 'receives', soundOnly: false, saver: false } as const;

describe('what facilitators are told of what somebody takes', () => {
  it('is the rate as soon as there is one, and then once a minute', async () => {
    const { receiving, told, looks } = setUp();
    receiving.begins();
    await looks(2);
    expect(told).toEqual([{ ...plain, megabytes: 1 }]);
    await looks(1);
    expect(told.slice(1)).toEqual([{ ...plain, megabytes: 2, bytesPerSecond: 100_000 }]);
    await looks(11);
    expect(told).toHaveLength(2);
    await looks(1);
    expect(told.slice(2)).toEqual([{ ...plain, megabytes: 8, bytesPerSecond: 100_000 }]);
  });

  it('is a switch at once, without a rate that was another’s', async () => {
    const { receiving, told, looks } = setUp();
    receiving.begins();
    await looks(4);
    told.length = 0;
    receiving.save(true);
    receiving.only(true);
    receiving.only(true);
    expect(told).toEqual([
      { ...plain, saver: true, megabytes: 2 },
      { ...plain, saver: true, soundOnly: true, megabytes: 2 },
    ]);
    await looks(3);
    expect(told.slice(2)).toEqual([{ ...plain, saver: true, soundOnly: true, megabytes: 4, bytesPerSecond: 100_000 }]);
  });
});
