// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { withPacketTime } from './packet_time';

const lines = (...all: string[]): string => all.map((line) => `${line}\r\n`).join('');
const head = lines('v=0', 'a=group:BUNDLE m c s0');
const sound = lines('m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:m', 'a=recvonly');
const picture = lines('m=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:c', 'a=recvonly');
const others = lines('m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:s0', 'a=sendonly');

it('is said of the lines that go up alone', () => {
  expect(withPacketTime(head + sound + picture + others, ['m', 'b'], 60)).toBe(head + sound + lines('a=ptime:60') + picture + others);
});

it('is said once', () => {
  const once = withPacketTime(head + sound + picture, ['m'], 60);
  expect(withPacketTime(once, ['m'], 20)).toBe(head + sound + lines('a=ptime:20') + picture);
});
