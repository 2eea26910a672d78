// SPDX-License-Identifier: Apache-2.0
// Networks as they are: one that lets no UDP through, one with IPv6 alone, one that changes in the middle. Whoever sits there
// is heard and seen.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addAddress6, arrivedAt, drop, dropNothing, untilArrived, wayOf } from '../people/network.ts';
import { Three } from '../people/three.ts';

afterEach(() => dropNothing());

describe('where no UDP goes through', () => {
  let three: Three | undefined;
  beforeAll(() => drop('meta l4proto udp'));
  afterAll(() => three?.group.close());

  test('all three meet over TCP', async () => {
    drop('meta l4proto udp');
    three = await Three.meet();
    await three.seeAndHearEachOther();
    for (const person of three.people) expect((await wayOf(person))?.protocol, person.driver.browser).toBe('tcp');
  });
});

describe('where there is IPv6 alone', () => {
  let three: Three | undefined;
  const before = process.env['TEST_MEDIA_ADDRESSES'];
  afterAll(async () => {
    process.env['TEST_MEDIA_ADDRESSES'] = before;
    await three?.group.close();
  });

  test('all three meet over it', async () => {
    addAddress6('fd77::1');
    process.env['TEST_MEDIA_ADDRESSES'] = 'fd77::1';
    three = await Three.meet();
    await three.seeAndHearEachOther();
    for (const person of three.people) {
      const way = await wayOf(person);
      expect(way?.address, person.driver.browser).toBe('fd77::1');
      expect(way?.protocol, person.driver.browser).toBe('udp');
    }
  });
});

describe('where the network changes in the middle', () => {
  let three: Three;
  beforeAll(async () => {
    three = await Three.meet();
    await three.seeAndHearEachOther();
  });
  afterAll(() => three.group.close());

  test.each(['member', 'inFirefox'] as const)('the way of %s dies; sound and picture are back on another, the seat kept', async (who) => {
    const person = three[who];
    const before = await wayOf(person);
    drop(`udp sport ${before!.localPort}`);
    drop(`udp dport ${before!.localPort}`);
    const stalled = await arrivedAt(person);
    await untilArrived(
      person,
      'sound and picture to be back',
      (now) => now.soundPackets > stalled.soundPackets + 300 && now.frames > stalled.frames + 60,
    );
    await three.seeAndHearEachOther();
    const after = await wayOf(person);
    expect(`${after?.protocol} ${after?.localPort}`).not.toBe(`${before?.protocol} ${before?.localPort}`);
    await person.isInRoom();
  });
});
