// SPDX-License-Identifier: Apache-2.0
// Nothing of a room is left when it has ended: the memory of both processes is searched, the data folder, and what the browsers keep;
// and while it meets the service knows no word of it. A control shows that the search finds. Who is in it: alias.story.ts.
import { execFileSync } from 'node:child_process';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inMemoryOf } from '../people/memory.ts';
import { words } from '../people/person.ts';
import { meetPlanted, type Planted, said } from '../people/planted.ts';

let room: Planted;

// Sealed messages, and the secrets and addresses of the media connections, as they stood on the line.
const sealed = (): string[] => [...new Set(room.line.flatMap((text) => text.match(/[\w+/=-]{120,}/g) ?? []))].map((text) => text.slice(0, 64));
const ofConnections = (): string[] =>
  [...new Set(room.line.flatMap((text) => [...text.matchAll(/a=ice-pwd:([\w+/]{22,})/g)].map((match) => match[1]!)))];
// Devices are remembered on purpose.
const stored = (page: Page): Promise<unknown> =>
  page.evaluate(async () => ({
    session: Object.keys(sessionStorage).filter((key) => !key.startsWith('quietroom.device')),
    local: Object.keys(localStorage).filter((key) => key !== 'quietroomProbe'), // the stories' own
    databases: ((await indexedDB.databases?.()) ?? []).length,
    caches: (await caches.keys()).length,
    cookies: document.cookie,
  }));

beforeAll(async () => {
  room = await meetPlanted();
});
afterAll(() => room?.close());

test('while it meets the call process is seen to hold its connections: the control', () => {
  expect(ofConnections().length).toBeGreaterThan(1);
  expect(inMemoryOf(room.office.server.callProcess(), ofConnections()).length).toBeGreaterThan(0);
});

test('the service, which knows the record, knows no word that was said', () => {
  expect(inMemoryOf(room.office.server.pid, [said])).toEqual([]);
});

test('when it has ended nothing of it is left in either process, nor on the disk', async () => {
  await room.facilitator.opensPanel('plan');
  await room.facilitator.press('plan.end');
  await room.facilitator.press('plan.end_yes');
  for (const { page } of [room.facilitator, room.guest]) await page.getByRole('heading', { level: 1, name: words('after.ended.title') }).waitFor();
  expect(sealed().length).toBeGreaterThan(5);
  const kept = [...sealed(), ...ofConnections()];
  await expect.poll(() => inMemoryOf(room.office.server.callProcess(), kept), { timeout: 30_000, interval: 1_000 }).toEqual([]);
  await expect.poll(() => inMemoryOf(room.office.server.pid, kept), { timeout: 30_000, interval: 1_000 }).toEqual([]);
  for (const one of kept.slice(0, 20)) expect(() => execFileSync('grep', ['-rqF', '--', one, room.office.server.folder]), one).toThrow();
});

test('the browsers have kept nothing', async () => {
  for (const { page } of [room.facilitator, room.guest]) expect(await stored(page)).toEqual({ session: [], local: [], databases: 0, caches: 0, cookies: '' });
  expect(room.watched).toEqual({ errors: [], foreign: [] });
});
