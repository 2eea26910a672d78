// SPDX-License-Identifier: Apache-2.0
// A line that changes in the middle of a session: an ICE restart while everything works, a way that dies without a word, an
// address that is replaced by another, with the WebSocket or without it. Sound and picture are back by themselves, nobody leaves
// their seat. How long it took is printed, not judged: the machine may be busy.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Browser as Chromium } from 'playwright-core';
import { Group } from '../../people/group.ts';
import { Line } from '../../people/line.ts';
import { type Arrived, addServerAddress, arrivedAt, drop, dropNothing, moveAddress, removeServerAddress, untilArrived, wayOf } from '../../people/network.ts';
import type { Person } from '../../people/person.ts';
import { Three } from '../../people/three.ts';

const both = ['member', 'inFirefox'] as const;

// The user fragments that stand on both sides: others after a restart.
const fragments = (person: Person): Promise<string> =>
  person.driver.evaluate(() => {
    const connection = window.reading.connections.filter((one) => one.connectionState !== 'closed').at(-1)!;
    const of = (sdp: string | undefined): string => /a=ice-ufrag:(\S+)/.exec(sdp ?? '')?.[1] ?? '';
    return `${of(connection.currentLocalDescription?.sdp)} ${of(connection.currentRemoteDescription?.sdp)}`;
  }, null);

const connectionsMade = (person: Person): Promise<number> => person.driver.evaluate(() => window.reading.connections.length, null);

const seatOf = async (person: Person): Promise<number | undefined> => (await person.tiles()).find((tile) => tile.self)?.seat;

// Until sound and pictures come again; then whether everybody sees and hears everybody.
async function comesBack(three: Three, person: Person, stalled: Arrived, lostAt: number): Promise<void> {
  await untilArrived(person, 'sound and picture to be back', (now) => now.soundPackets > stalled.soundPackets + 5 && now.frames > stalled.frames + 2);
  console.log(`${person.driver.browser}: sound and picture back after ${((Date.now() - lostAt) / 1000).toFixed(1)} s`);
  const back = await arrivedAt(person);
  await untilArrived(person, 'sound and picture to stay', (now) => now.soundPackets > back.soundPackets + 200 && now.frames > back.frames + 40);
  await three.seeAndHearEachOther();
}

describe('on a line that works', () => {
  let three: Three;
  beforeAll(async () => {
    three = await Three.meet();
    await three.seeAndHearEachOther();
  });
  afterAll(() => three?.group.close());
  afterEach(() => dropNothing());

  test.each(both)('an ICE restart of %s changes the credentials of both sides, and nobody notices', async (who) => {
    const person = three[who];
    const before = await fragments(person);
    const connections = await connectionsMade(person);
    const then = await arrivedAt(person);
    await person.driver.evaluate(() => void dispatchEvent(new Event('online')), null); // "the network is back"
    await expect.poll(async () => (await fragments(person)).split(' ').filter((one) => before.includes(one)), { timeout: 30_000 }).toEqual([]);
    const after = await untilArrived(
      person,
      'sound and picture to go on',
      (now) => now.soundPackets > then.soundPackets + 300 && now.frames > then.frames + 60,
    );
    expect(after.freezes - then.freezes, 'freezes').toBeLessThanOrEqual(1);
    expect(await connectionsMade(person), 'connections made').toBe(connections);
    await three.seeAndHearEachOther();
  });

  test.each(both)('the way of %s dies; sound and picture are back on another, the seat kept', async (who) => {
    const person = three[who];
    const seat = await seatOf(person);
    const before = await wayOf(person);
    drop(`udp sport ${before!.localPort}`);
    drop(`udp dport ${before!.localPort}`);
    const lostAt = Date.now();
    await comesBack(three, person, await arrivedAt(person), lostAt);
    const after = await wayOf(person);
    expect(`${after?.protocol} ${after?.localPort}`).not.toBe(`${before?.protocol} ${before?.localPort}`);
    expect(await seatOf(person)).toBe(seat);
  });
});

// The server keeps its address, the browsers lose theirs.
describe('where the address changes', () => {
  const server = '10.79.0.1';
  const [home, abroad] = ['10.77.0.1', '10.78.0.1'];
  const before = process.env['TEST_MEDIA_ADDRESSES'];
  let three: Three;
  let abroadNow = false;
  beforeAll(async () => {
    addServerAddress(server);
    process.env['TEST_MEDIA_ADDRESSES'] = server;
    three = await Three.meet();
    await three.seeAndHearEachOther();
  });
  beforeEach(() => {
    abroadNow = false;
  });
  afterEach(() => {
    if (abroadNow) moveAddress(abroad, home);
  });
  afterAll(async () => {
    process.env['TEST_MEDIA_ADDRESSES'] = before;
    await three?.group.close();
    dropNothing();
    removeServerAddress(server);
  });

  test('everyone is back by themselves over the new one, in their seats', async () => {
    const ways = await Promise.all(three.people.map(wayOf));
    expect(ways.map((way) => way?.address)).toEqual(three.people.map(() => server));
    const seats = await Promise.all(three.people.map(seatOf));
    moveAddress(home, abroad);
    abroadNow = true;
    const lostAt = Date.now();
    const stalled = await Promise.all(three.people.map(arrivedAt));
    await Promise.all(three.people.map((person, place) => comesBack(three, person, stalled[place]!, lostAt)));
    expect(await Promise.all(three.people.map(seatOf))).toEqual(seats);
  });
});

// How often this page has shown the place of a seat as lost, or not at all, since it was asked to look.
const watchPlace = (person: Person, seat: number): Promise<void> =>
  person.driver.evaluate((of) => {
    const is = { there: true, timesGone: 0 };
    new MutationObserver(() => {
      const there = document.querySelector(`.tile:not(.tile--away) [data-seat="${of}"]`) !== null;
      if (is.there && !there) is.timesGone += 1;
      is.there = there;
    }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['class'] });
    Object.assign(window, { watchedPlace: is });
  }, seat);
const timesGone = (person: Person): Promise<number> =>
  person.driver.evaluate(() => (window as unknown as { watchedPlace: { timesGone: number } }).watchedPlace.timesGone, null);

// Pages above are on localhost, and keep their WebSocket. Behind a line it goes by the old address, too, and neither end is told.
describe('where the address changes and the WebSocket dies with it', () => {
  let line: Line;
  let chromium: Chromium;
  let three: Three;
  beforeAll(async () => {
    line = await Line.open();
    const group = await Group.open();
    await line.leadsTo(group.server.port);
    chromium = await line.chromium();
    three = await Three.of(group, { chromium });
    await three.seeAndHearEachOther();
  });
  afterAll(async () => {
    await chromium?.close();
    await three?.group.close();
    await line?.close();
  });

  test('the member is back by themselves, in their seat and on the same media connection, and the others see them lost once at most', async () => {
    const { member, facilitator } = three;
    const connections = await connectionsMade(member);
    let sockets = 0;
    member.page.on('websocket', () => (sockets += 1));
    await watchPlace(facilitator, member.link.seat);
    line.moves();
    const lostAt = Date.now();
    await comesBack(three, member, await arrivedAt(member), lostAt);
    expect(sockets, 'WebSockets made since').toBeGreaterThan(0);
    expect(await connectionsMade(member), 'media connections made').toBe(connections);
    expect(await seatOf(member)).toBe(member.link.seat);
    expect(await timesGone(facilitator), 'times that the others saw them lost').toBeLessThanOrEqual(1);
  });
});
