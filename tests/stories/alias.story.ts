// SPDX-License-Identifier: Apache-2.0
// A member is known in the room by an alias alone. The facilitator's client takes it from the care record and tells the group inside
// MLS; a member's client that says another name is not believed, whatever the server calls it; the record changes it. While the record
// lies open in the facilitator's browser, neither name is in the call process, on the line, in the logs or on the disk.
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inMemoryOf } from '../people/memory.ts';
import { words } from '../people/person.ts';
import { alias, meetPlanted, planted, type Planted } from '../people/planted.ts';

const other = 'Reedwarbler';
let room: Planted;
let secrets: readonly string[];

const nameOn = async (viewer: Planted['guest']): Promise<string | undefined> =>
  (await viewer.tiles()).find(({ self }) => self === (viewer === room.guest))?.name.replace(/ \(you\)$/, '');
// The client is made to say what only facilitators may: names.
const says = (person: Planted['guest'], names: Record<string, string>): Promise<void> =>
  person.page.evaluate(
    (text) => (window as unknown as { quietroomSession: { encryption: { say(text: string, to: string): void } } }).quietroomSession.encryption.say(text, 'everyone'),
    JSON.stringify({ kind: 'names', names }),
  );
const nowhere = (): void => {
  expect(secrets.filter((one) => room.line.some((text) => text.includes(one)))).toEqual([]);
  const opaque = room.line.flatMap((text) => [...text.matchAll(/"(?:payload|commit|welcome|key_package)":"([\w-]+)"/g)].map(([, bytes]) => Buffer.from(bytes!, 'base64url').toString('latin1')));
  expect(opaque.length).toBeGreaterThan(5);
  expect(secrets.filter((one) => opaque.some((text) => text.includes(one)))).toEqual([]);
  expect(secrets.filter((one) => room.office.server.log().includes(one))).toEqual([]);
  for (const one of secrets) expect(() => execFileSync('grep', ['-rqF', one, room.office.server.folder]), one).toThrow(); // 1: not there
  expect(inMemoryOf(room.office.server.callProcess(), secrets)).toEqual([]);
};

beforeAll(async () => {
  secrets = [...planted, other];
  room = await meetPlanted();
});
afterAll(() => room?.close());

test('both see the alias of the record, and nobody the name behind it in the room', async () => {
  for (const viewer of [room.facilitator, room.guest]) {
    await expect.poll(() => nameOn(viewer), { timeout: 15_000 }).toBe(alias);
    expect(await viewer.page.getByText('Quillfeather').count()).toBe(0);
  }
  expect(await room.record.getByText('Quillfeather').count()).toBeGreaterThan(0); // the record, in the facilitator's browser, has it
});

test('the process of the call, the line, the logs and the data know neither; the search is seen to find', () => {
  const passwords = [...new Set(room.line.flatMap((text) => [...text.matchAll(/a=ice-pwd:([\w+/]{22,})/g)].map((match) => match[1]!)))];
  expect(inMemoryOf(room.office.server.callProcess(), passwords).length).toBeGreaterThan(0);
  nowhere();
});

test('a member whose client names somebody is not believed', async () => {
  const seats = (await room.guest.tiles()).map(({ seat }) => String(seat));
  await says(room.guest, Object.fromEntries(seats.map((seat) => [seat, 'Falsename'])));
  await says(room.guest, { [seats[0]!]: 'Falsename' });
  // What they say after it arrives, so what they said before it was heard.
  await room.guest.page.getByLabel(words('chat.write')).fill('said after it');
  await room.guest.page.getByRole('button', { name: words('chat.send'), exact: true }).click();
  await room.facilitator.page.getByText('said after it').first().waitFor();
  for (const viewer of [room.facilitator, room.guest]) {
    expect(await viewer.page.getByText('Falsename').count()).toBe(0);
    expect(await nameOn(viewer)).toBe(alias);
  }
});

test('staff change it in the record: the facilitator’s page takes it from there and tells the group', async () => {
  const list = await room.lead.does<{ items: { id: string; version: number }[] }>('GET', `/api/groups/${room.group}/members`);
  const version = list.items.find(({ id }) => id === room.member.membership)!.version;
  await room.lead.does('PUT', `/api/memberships/${room.member.membership}/card`, { alias: other, disguise: { picture: 'pixelate', voice: 'lower' } }, { 'if-match': `"${version}"` });
  await room.facilitator.driver.reload();
  await room.facilitator.isInRoom();
  for (const viewer of [room.facilitator, room.guest]) await expect.poll(() => nameOn(viewer), { timeout: 30_000 }).toBe(other);
  nowhere();
});

test('no page has had an error', () => {
  expect(room.watched).toEqual({ errors: [], foreign: [] });
});
