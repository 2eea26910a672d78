// SPDX-License-Identifier: Apache-2.0
// Two members, one in each browser, in a network that lets less and less out: no UDP, then nothing but web pages. They are heard and
// seen: over TCP to the room itself, then through a relay that speaks TLS on port 443, which sends to nobody but the room.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser as Chromium } from 'playwright-core';
import { Group } from '../people/group.ts';
import { Line } from '../people/line.ts';
import { wayOf } from '../people/network.ts';
import type { Person } from '../people/person.ts';
import { Relay } from '../people/relay.ts';
import { Three } from '../people/three.ts';

const room = '10.80.0.1'; // as the members' network reaches it
const noUdp = 'meta l4proto udp';

const before = process.env['TEST_MEDIA_ADDRESSES'];
let line: Line;
let relay: Relay;
let chromium: Chromium;
let three: Three;

beforeAll(async () => {
  line = await Line.open();
  process.env['TEST_MEDIA_ADDRESSES'] = room;
  relay = new Relay(room);
  const group = await Group.open({ arguments: relay.setting });
  await relay.start(group.server);
  await line.leadsTo(group.server.port);
  line.refuses(noUdp);
  chromium = await line.chromium({ home: relay.home });
  three = await Three.of(group, { chromium, firefox: { ...(await line.firefox()), profile: relay.profile } });
});
afterAll(async () => {
  await chromium?.close();
  await three?.group.close();
  await relay?.stop();
  await line?.close();
  process.env['TEST_MEDIA_ADDRESSES'] = before;
});

const ways = () => Promise.all([three.member, three.inFirefox].map(wayOf));
// Over TLS to the relay, which sends to the room.
const relayed = { protocol: 'udp', address: room, relay: 'tls' };

test('without UDP both come over TCP to the room itself', async () => {
  await three.seeAndHearEachOther();
  const direct = { protocol: 'tcp', address: room, relay: null };
  expect(await ways()).toMatchObject([direct, direct]);
});

test('where web pages alone still go through, both are back through the relay', async () => {
  line.refuses(noUdp, `tcp dport != { 443, ${three.group.server.port} }`);
  await expect.poll(ways, { timeout: 60_000 }).toMatchObject([relayed, relayed]);
  await three.seeAndHearEachOther();
});

test('both come anew that way', async () => {
  for (const person of [three.member, three.inFirefox]) {
    await person.driver.reload();
    await person.isInRoom();
    for (const device of ['bar.microphone', 'bar.camera'] as const) await person.press(device); // off after a reload
  }
  await three.seeAndHearEachOther();
  expect(await ways()).toMatchObject([relayed, relayed]);
});

const soon = Math.floor(Date.now() / 1_000) + 3_600;

// How many addresses this person's browser gets of the relay.
const addressesOf = (person: Person): Promise<number> =>
  person.driver.evaluate(async (server) => {
    const connection = new RTCPeerConnection({ iceServers: [server], iceTransportPolicy: 'relay' });
    connection.createDataChannel('nothing');
    await connection.setLocalDescription();
    let found = 0;
    await new Promise<void>((resolve) => (connection.onicecandidate = ({ candidate }) => (candidate?.candidate ? (found += 1) : candidate === null && resolve())));
    connection.close();
    return found;
  }, relay.opened(soon));

test('a browser that does not know the authority has nothing to do with the relay', async () => {
  for (const person of [three.member, three.inFirefox]) expect(await addressesOf(person), person.driver.browser).toBe(1);
  expect(await addressesOf(three.facilitator)).toBe(0);
});

test('the relay sends to nobody else, and a username that is over opens nothing', () => {
  expect(relay.asksFor('10.77.0.2', soon)).toContain('403 (Forbidden IP)');
  expect(relay.asksFor(room, 1)).toContain('Cannot complete Allocation');
});
