// SPDX-License-Identifier: Apache-2.0
// Who listens with the microphone on sends next to nothing, sealed as it is, and costs the others nothing while something else comes to
// them; where nothing else does, enough comes that nobody takes their line for dead. Then a voice is heard again. Both browsers.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../people/person.ts';
import { Three } from '../people/three.ts';

let three: Three;
beforeAll(async () => {
  three = await Three.meet();
  await three.seeAndHearEachOther();
});
afterAll(() => three?.group.close());

interface Sound {
  sent: number; // packets a second, by the browser's clock
  received: number; // of all others
  started: string; // the ICE session: another after each restart
}
// From `from` seconds on to `to`.
const sound = (person: Person, from: number, to: number): Promise<Sound> =>
  person.driver.evaluate(
    async ({ begin, end }) => {
      const connection = window.reading.connections.filter((one) => one.connectionState !== 'closed').at(-1)!;
      const read = async () => {
        // eslint-disable-next-line @typescript-eslint/no-explicit-any
        const all = ([...(await connection.getStats()).values()] as any[]).filter(({ kind }) => kind === 'audio');
        const sum = (of: string, what: string): number => all.filter(({ type }) => type === of).reduce((so, one) => so + (one[what] ?? 0), 0);
        return { at: performance.now(), sent: sum('outbound-rtp', 'packetsSent'), received: sum('inbound-rtp', 'packetsReceived') };
      };
      const pass = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
      await pass(begin);
      const first = await read();
      await pass(end - begin);
      const then = await read();
      const seconds = (then.at - first.at) / 1_000;
      return {
        sent: (then.sent - first.sent) / seconds,
        received: (then.received - first.received) / seconds,
        started: /^a=ice-ufrag:.*/m.exec(connection.remoteDescription!.sdp)![0],
      };
    },
    { begin: from, end: to },
  );
const hush = (person: Person, quiet: boolean): Promise<void> => person.driver.evaluate((so) => window.hush(so), quiet);

// Again from a word on, where somebody's packets became longer meanwhile: their encoder begins anew, and a new one takes any noise for a voice.
const silent = (person: Person) =>
  expect
    .poll(
      async () => {
        await hush(person, false);
        await sound(person, 0, 1);
        await hush(person, true);
        return (await sound(person, 2, 5)).sent;
      },
      { timeout: 90_000, message: `${person.alias} in ${person.driver.browser} to send next to nothing` },
    )
    .toBeLessThan(7);

test('who listens with the microphone on sends next to nothing', async () => {
  await silent(three.member);
  await silent(three.inFirefox);
});

test('and nobody is sent any of it beside the pictures', async () => {
  const received = async () => (await sound(three.facilitator, 0, 3)).received;
  await expect.poll(received, { timeout: 60_000 }).toBeLessThan(1);
});

test('without pictures enough of it comes that no line is taken for dead', async () => {
  await silent(three.facilitator);
  for (const person of three.people) await person.press('bar.camera');
  const before = await Promise.all(three.people.map((person) => sound(person, 0, 2)));
  const then = await Promise.all(three.people.map((person) => sound(person, 0, 10)));
  for (const [at, one] of then.entries()) {
    expect(one.received).toBeGreaterThan(2);
    expect(one.started).toBe(before[at]!.started);
  }
});

test('and a voice is heard again', async () => {
  for (const person of three.people) await hush(person, false);
  for (const person of three.people) await person.press('bar.camera');
  await three.seeAndHearEachOther();
});
