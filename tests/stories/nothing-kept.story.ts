// SPDX-License-Identifier: Apache-2.0
// What a room says and who is in it stays out of the server's reach while it meets, and nothing of it is left when it has ended: the
// memory of both processes is searched, the logs, the data folder, and what the browsers keep. A control shows that the search finds.
import { execFileSync } from 'node:child_process';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium, type Watched } from '../people/browsers.ts';
import type { InChromium } from '../people/group.ts';
import { memberOfGroup, seated, seatOfMember, staffPage } from '../people/in_session.ts';
import { inMemoryOf } from '../people/memory.ts';
import { groupWithSession, type Office, openOffice } from '../people/office.ts';
import { words } from '../people/person.ts';

const legalName = 'Quillfeather Plantedname';
const alias = 'Marshharrier';
const said = 'the planted heron stood in the reeds';
const planted = [legalName, 'Quillfeather', alias, said];

let office: Office;
let browser: Browser;
let facilitator: InChromium;
let guest: InChromium;
const watched: Watched = { errors: [], foreign: [] };
const line: string[] = []; // what went over the members' and the facilitator's sockets

const listen = (page: Page): void => {
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => void line.push(payload.toString()));
    socket.on('framereceived', ({ payload }) => void line.push(payload.toString()));
  });
};
// Sealed messages, and the secrets and addresses of the media connections, as they stood on the line.
const sealed = (): string[] => [...new Set(line.flatMap((text) => text.match(/[\w+/=-]{120,}/g) ?? []))].map((text) => text.slice(0, 64));
const ofConnections = (): string[] =>
  [...new Set(line.flatMap((text) => [...text.matchAll(/a=ice-pwd:([\w+/]{22,})/g)].map((match) => match[1]!)))];
// Devices are remembered on purpose.
const stored = (page: Page): Promise<unknown> =>
  page.evaluate(async () => ({
    session: Object.keys(sessionStorage).filter((key) => !key.startsWith('quietroom.device')),
    local: Object.keys(localStorage),
    databases: ((await indexedDB.databases?.()) ?? []).length,
    caches: (await caches.keys()).length,
    cookies: document.cookie,
  }));

beforeAll(async () => {
  office = await openOffice();
  const lead = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  const { group, session } = await groupWithSession(lead, office.team, 'Coping with panic');
  const member = await memberOfGroup(office, lead, group, legalName, alias);
  browser = await launchChromium();
  const { link } = await lead.does<{ link: string }>('POST', `/api/sessions/${session}/seat`, {});
  facilitator = await seated(browser, office, { alias: 'Fern', role: 'facilitator', index: 1, link, staff: lead }, watched);
  guest = await seated(browser, office, { alias, role: 'member', index: 3, link: await seatOfMember(office, member, session) }, watched);
  const [hers, theirs] = [facilitator.page, guest.page];
  for (const page of [hers, theirs]) listen(page);
  await guest.arrive('camera', 'microphone');
  await guest.sees('wait.title');
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
  await facilitator.admits({ alias });
  await theirs.locator('[data-seat]').first().waitFor();
  // Who stands behind the name is looked up in the record, in the facilitator's own browser, while the room meets.
  const record = await staffPage(browser, lead, watched);
  await record.goto(`${office.server.url}/staff/groups/${group}/members/${member.membership}`);
  await record.getByText(legalName).first().waitFor();
  await hers.bringToFront();
  const chat = hers.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) });
  if ((await chat.getAttribute('aria-expanded')) !== 'true') await chat.click();
  await hers.getByLabel(words('chat.write')).fill(said);
  await hers.getByRole('button', { name: words('chat.send'), exact: true }).click();
  await theirs.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) }).click();
  await theirs.getByText(said).first().waitFor();
  await theirs.getByText(alias).first().waitFor();
});
afterAll(async () => {
  await browser?.close();
  await office?.close();
});

test('while the room meets its process knows no name and no word, but is seen to hold the connections', () => {
  expect(ofConnections().length).toBeGreaterThan(1);
  const call = office.server.callProcess();
  expect(inMemoryOf(call, ofConnections()).length).toBeGreaterThan(0); // the control
  expect(inMemoryOf(call, planted)).toEqual([]);
});

test('the service, which knows the record, knows no word that was said', () => {
  expect(inMemoryOf(office.server.pid, [said])).toEqual([]);
});

test('nothing of it stands on the line, in the logs or in the data folder', () => {
  expect(line.filter((text) => planted.some((one) => text.includes(one)))).toEqual([]);
  expect(planted.filter((one) => office.server.log().includes(one))).toEqual([]);
  for (const one of planted) expect(() => execFileSync('grep', ['-rqF', one, office.server.folder]), one).toThrow(); // 1: not there
});

test('when it has ended nothing of it is left in either process, nor on the disk', async () => {
  await facilitator.opensPanel('plan');
  await facilitator.press('plan.end');
  await facilitator.press('plan.end_yes');
  for (const { page } of [facilitator, guest]) await page.getByRole('heading', { level: 1, name: words('after.ended.title') }).waitFor();
  expect(sealed().length).toBeGreaterThan(5);
  const kept = [...sealed(), ...ofConnections()];
  await expect.poll(() => inMemoryOf(office.server.callProcess(), kept), { timeout: 30_000, interval: 1_000 }).toEqual([]);
  await expect.poll(() => inMemoryOf(office.server.pid, kept), { timeout: 30_000, interval: 1_000 }).toEqual([]);
  for (const one of kept.slice(0, 20)) expect(() => execFileSync('grep', ['-rqF', '--', one, office.server.folder]), one).toThrow();
});

test('the browsers have kept nothing', async () => {
  for (const { page } of [facilitator, guest]) expect(await stored(page)).toEqual({ session: [], local: [], databases: 0, caches: 0, cookies: '' });
  expect(watched).toEqual({ errors: [], foreign: [] });
});
