// SPDX-License-Identifier: Apache-2.0
// A large group that comes all at once: thirty-five wait in one moment, a facilitator lets one after another in, and everyone is there,
// with keys and a place on the media connection, without the facilitator's line having dropped.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../../people/group.ts';
import { words } from '../../people/person.ts';

const people = 36; // more than 33: then a browser's answer is longer than 64 KiB

let group: Group;
let facilitator: InChromium;
beforeAll(async () => {
  group = await Group.open({ people });
  facilitator = await group.person(group.indexOf('facilitator'));
  await facilitator.page.addInitScript(watchLine);
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
});
afterAll(() => group?.close());

interface Seen {
  sockets: number;
  refused: string[];
  lines: number; // of media, in the latest answer
}

function watchLine(): void {
  const seen: Seen = { sockets: 0, refused: [], lines: 0 };
  const NativeSocket = window.WebSocket;
  window.WebSocket = class extends NativeSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      seen.sockets += 1;
      this.addEventListener('message', ({ data }: MessageEvent<string>) => {
        const message = JSON.parse(data) as { type: string; what?: string; reason?: string };
        // Two facilitators' commits may meet; and what is sent to somebody who waits may find them let in already.
        const meets = message.what === 'commit' || (message.what === 'send' && message.reason === 'unknown-arrival');
        if (message.type === 'refused' && !meets) seen.refused.push(`${message.what} ${message.reason}`);
      });
    }
    override send(data: string): void {
      const message = JSON.parse(data) as { type: string; sdp?: string };
      if (message.type === 'answer') seen.lines = message.sdp!.split('\r\nm=').length - 1;
      super.send(data);
    }
  };
  Object.assign(window, { seen });
}

test('thirty-five who come at once are let in one by one, and all are there', async () => {
  const others = group.links.flatMap((_, index) => (index === group.indexOf('facilitator') ? [] : [index]));
  group.synthetic(others, ['--muted']);
  for (const index of others) await facilitator.admits(group.link(index));
  await facilitator.driver.waitFor(
    ({ there, count }) => document.body.innerText.includes(there) && (window as unknown as { seen: Seen }).seen.lines >= 2 + 2 * count,
    { there: words('panel.people', { count: people }), count: people - 1 },
    'everyone, and a place on the media connection for each',
    180_000,
  );
  const seen = await facilitator.driver.evaluate(() => (window as unknown as { seen: Seen }).seen, null);
  expect(seen).toMatchObject({ sockets: 1, refused: [] });
});
