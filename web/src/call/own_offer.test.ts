// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { withLayers, withoutPauses, withPacketTime } from './own_offer';

const lines = (...all: string[]): string => all.map((line) => `${line}\r\n`).join('');
const head = lines('v=0', 'a=group:BUNDLE m c s0');
const sound = lines('m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:m', 'a=recvonly');
const picture = lines('m=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:c', 'a=simulcast:recv q;h;f', 'a=recvonly');
const others = lines('m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:s0', 'a=sendonly');

describe('how long packets of sound are', () => {
  it('is said of the lines that go up alone', () => {
    expect(withPacketTime(head + sound + picture + others, ['m', 'b'], 60)).toBe(head + sound + lines('a=ptime:60') + picture + others);
  });

  it('is said once', () => {
    const once = withPacketTime(head + sound + picture, ['m'], 60);
    expect(withPacketTime(once, ['m'], 20)).toBe(head + sound + lines('a=ptime:20') + picture);
  });
});

describe('which layers are not sent', () => {
  it('is said of the camera', () => {
    const paused = (line: string) => head + sound + picture.replace('a=simulcast:recv q;h;f', line) + others;
    expect(withLayers(head + sound + picture + others, 'c', ['q'])).toBe(paused('a=simulcast:recv q;~h;~f'));
    expect(withLayers(head + sound + picture + others, 'c', [])).toBe(paused('a=simulcast:recv ~q;~h;~f'));
    expect(withLayers(head + sound + picture + others, 'c', ['q', 'h', 'f'])).toBe(head + sound + picture + others);
  });

  it('is no matter of the server’s', () => {
    expect(withoutPauses(lines('a=mid:c', 'a=simulcast:send q;~h;~f', 'a=ssrc:1 cname:~'))).toBe(lines('a=mid:c', 'a=simulcast:send q;h;f', 'a=ssrc:1 cname:~'));
  });
});
