// SPDX-License-Identifier: Apache-2.0
// A hostile neighbour: malformed messages, floods and garbage on every door, while two people hold a session. The sender is
// refused, the session does not notice, and no log line holds what was sent.
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';

let group: Group;
let facilitator: InChromium;
let member: InChromium;
let indices: number[];
const planted = 'PLANTED-7f3a-do-not-log';

beforeAll(async () => {
  group = await Group.open();
  indices = [group.indexOf('facilitator'), group.indexOf('member')];
  facilitator = await group.person(indices[0]!);
  member = await group.person(indices[1]!);
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
  await member.arrive('camera', 'microphone');
  await facilitator.admits(member);
  await member.isInRoom();
  await member.seesAndHears(group.expected([indices[0]!]));
});
afterAll(() => group?.close());

// Sends these frames on a fresh WebSocket and gives the close code, or null where the server kept it open until the end.
function hostile(frames: (string | Uint8Array<ArrayBuffer>)[]): Promise<{ code: number; answers: string[] }> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://localhost:${group.server.port}/api/call`, 'quietroom.1');
    socket.binaryType = 'arraybuffer';
    const answers: string[] = [];
    socket.onopen = () => frames.forEach((frame) => socket.send(frame));
    socket.onmessage = ({ data }) => answers.push(String(data));
    socket.onclose = ({ code }) => resolve({ code, answers });
  });
}

const hello = (index: number) => JSON.stringify({ type: 'hello', version: 1, link: group.link(index).link });

test('an unknown link, no JSON and a binary frame are closed', async () => {
  expect((await hostile([JSON.stringify({ type: 'hello', version: 1, link: planted })])).code).toBe(4401);
  expect((await hostile([`{"type":"${planted}`])).code).toBe(4400);
  expect((await hostile([new Uint8Array([1, 2, 3])])).code).toBeGreaterThanOrEqual(1003);
});

test('nonsense after a true hello is refused with a pointer, and closed when it goes on', async () => {
  const spare = group.indexOf('member', 3);
  const { code, answers } = await hostile([
    hello(spare),
    ...Array.from({ length: 12 }, () => JSON.stringify({ type: 'publish', microphone: planted, camera: 1 })),
  ]);
  expect(answers.some((answer) => answer.includes('"refused"') && answer.includes('/microphone'))).toBe(true);
  expect(code).toBe(4400);
});

test('a flood is closed as too fast', async () => {
  const spare = group.indexOf('member', 4);
  const { code } = await hostile([hello(spare), ...Array.from({ length: 400 }, (_, n) => JSON.stringify({ type: 'ping', sent: n }))]);
  expect(code).toBe(4429);
});

test('a member’s browser cannot do what only facilitators may', async () => {
  const spare = group.indexOf('member', 4);
  const socket = new WebSocket(`ws://localhost:${group.server.port}/api/call`, 'quietroom.1');
  const refused: string[] = [];
  await new Promise<void>((resolve) => {
    socket.onopen = () => {
      socket.send(hello(spare));
      for (const type of ['end', 'admit', 'mute', 'remove', 'pause', 'lock', 'move-back', 'decline'])
        socket.send(JSON.stringify({ type, ...(type === 'admit' || type === 'decline' ? { arrival: 1 } : type === 'pause' ? { paused: true } : type === 'lock' ? { locked: true } : type === 'end' ? {} : { seat: 1 }) }));
    };
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(String(data)) as { type: string; what?: string };
      if (message.type === 'refused') refused.push(message.what!);
      if (refused.length === 8) resolve();
    };
  });
  socket.close();
  expect(refused.sort()).toEqual(['admit', 'decline', 'end', 'lock', 'move-back', 'mute', 'pause', 'remove']);
  await member.seesTiles(2);
});

test('hostile HTTP is answered or closed, never followed', async () => {
  const raw = (text: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(group.server.port, 'localhost', () => socket.write(text));
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
      socket.on('close', () => resolve(answer));
      socket.on('error', () => resolve(answer));
    });
  expect(await raw('GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).not.toContain('root:');
  expect(await raw('GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).not.toContain('root:');
  expect(await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`)).toMatch(/^(HTTP\/1\.1 4\d\d|$)/);
  expect(await raw('POST /api/arrive HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 4\d\d/);
  expect(await raw(`\x16\x03\x01${planted}\r\n\r\n`)).toMatch(/^(HTTP\/1\.1 4\d\d|$)/);
});

test('garbage on the media port costs a counter', async () => {
  const listening = JSON.parse(readFileSync(join(group.server.folder, 'listening.json'), 'utf8')) as { media: number[] };
  const socket = createSocket('udp4');
  for (let n = 0; n < 2_000; n += 1) {
    const length = 1 + ((n * 37) % 1_400);
    const bytes = Buffer.alloc(length, n);
    bytes[0] = [0, 1, 20, 22, 63, 64, 128, 144, 191, 255][n % 10]!;
    await new Promise<void>((resolve) => socket.send(bytes, listening.media[n % listening.media.length]!, '127.0.0.1', () => resolve()));
  }
  socket.close();
  await expect
    .poll(
      async () => {
      const metrics = await (await fetch(`${group.server.url}/metrics`)).text();
      return Number(/^quietroom_media_unknown_total (\d+)/m.exec(metrics)?.[1] ?? 0) + Number(/^quietroom_media_malformed_total (\d+)/m.exec(metrics)?.[1] ?? 0);
      },
      { timeout: 20_000, interval: 500 },
    )
    .toBeGreaterThan(0);
});

test('the session did not notice', async () => {
  await member.seesAndHears(group.expected([indices[0]!]));
  await facilitator.seesAndHears(group.expected([indices[1]!]));
  expect(group.watched).toEqual({ errors: [], foreign: [] });
});

test('no log line holds what was sent, a link or a name', async () => {
  const log = group.server.log().replace(/^.*join#.*$/gm, ''); // the demonstration prints its links for people to open
  expect(log.length).toBeGreaterThan(100);
  expect(log).not.toContain(planted);
  for (const link of group.links) {
    expect(log).not.toContain(link.link);
    expect(log).not.toMatch(new RegExp(`\\b${link.alias}\\b`));
  }
});
