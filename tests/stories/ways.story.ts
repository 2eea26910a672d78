// SPDX-License-Identifier: Apache-2.0
// Networks as they are: one that lets no UDP through, one with IPv6 alone. Whoever sits there is heard and seen. A network that
// changes in the middle: restart.story.ts.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addAddress6, drop, dropNothing, wayOf } from '../people/network.ts';
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
