// SPDX-License-Identifier: Apache-2.0
// What a room says and who is in it stays out of the server's reach while it meets, and nothing of it is left when it has ended: the
// memory of both processes is searched, the logs, the data folder, and what the browsers keep. A control shows that the search finds.
import { execFileSync } from 'node:child_process';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enMine } from '../../web/src/texts/en_mine.ts';
import { launchChromium, newContext, newPage, type Watched } from '../people/browsers.ts';
import { chromiumDriver } from '../people/driver.ts';
import { Mailbox } from '../people/mailbox.ts';
import { inMemoryOf } from '../people/memory.ts';
import { groupWithSession, member, type Office, openOffice, person, type Staff } from '../people/office.ts';
import { Person, words } from '../people/person.ts';

const legalName = 'Quillfeather Plantedname';
const alias = 'Marshharrier';
const said = 'the planted heron stood in the reeds';
const planted = [legalName, 'Quillfeather', alias, said];

let mailbox: Mailbox;
let office: Office;
let lead: Staff & { id: string };
let browser: Browser;
let own: BrowserContext; // the facilitator's
let facilitator: Person;
let hers: Page;
let theirs: Page;
let record: Page;
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
// Devices are remembered on purpose; a visit is to the person's own page, for which two things were answered, and ends by itself.
const stored = (page: Page): Promise<unknown> =>
  page.evaluate(async () => ({
    session: Object.keys(sessionStorage).filter((key) => !key.startsWith('quietroom.device') && key !== 'quietroom.visit'),
    local: Object.keys(localStorage),
    databases: ((await indexedDB.databases?.()) ?? []).length,
    caches: (await caches.keys()).length,
    cookies: document.cookie,
  }));

beforeAll(async () => {
  mailbox = await Mailbox.open();
  office = await openOffice({ arguments: ['--mail-smtp', mailbox.url, '--mail-plain', 'true', '--mail-from', 'care@example.org', '--mail-reminder-hours', '0'] });
  lead = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  const { group, session } = await groupWithSession(lead, office.team, 'Coping with panic');
  const made = await lead.does<{ id: string }>('POST', '/api/people', person(office.team, legalName, { email: 'robin@example.org' }));
  const membership = await member(lead, group, made.id, alias);
  await lead.does('POST', `/api/memberships/${membership}/invitation`, {});
  browser = await launchChromium();
  theirs = await newPage(await newContext(browser), { index: 1 }, watched);
  own = await newContext(browser);
  const [name = '', value = ''] = lead.cookie.split(/=(.*)/);
  await own.addCookies([{ name, value, url: office.server.url, httpOnly: true, sameSite: 'Strict' }]);
  hers = await newPage(own, { index: 0 }, watched);
  for (const page of [theirs, hers]) listen(page);

  await theirs.goto(/http:\/\/localhost:\d+\/mine#[\w-]{43}/.exec((await mailbox.mail(0)).text)![0]);
  await theirs.getByLabel(enMine['confirm.day']).fill('29');
  await theirs.getByLabel(enMine['confirm.month']).fill('2');
  await theirs.getByLabel(enMine['confirm.year']).fill('1980');
  await theirs.getByLabel(enMine['confirm.postcode'], { exact: true }).fill('M1 1AE');
  await theirs.getByRole('button', { name: enMine['confirm.go'] }).click();
  await theirs.getByLabel(enMine['mine.way.video']).first().check();
  await theirs.getByRole('button', { name: enMine['mine.join'] }).click();
  const guest = new Person(chromiumDriver(theirs), office.server.url, { seat: 10, role: 'member', alias, link: '' });
  await guest.sees('arrive.title');
  await guest.turnOn('camera', 'microphone');
  await guest.ready();
  await guest.sees('wait.title');
  const seat = await lead.does<{ link: string }>('POST', `/api/sessions/${session}/seat`, {});
  facilitator = new Person(chromiumDriver(hers), office.server.url, { seat: 1, role: 'facilitator', alias: 'Fern', link: seat.link });
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
  await facilitator.admits({ alias });
  await theirs.locator('[data-seat]').first().waitFor();
  // Who stands behind the name is looked up in the record, in the facilitator's own browser, while the room meets.
  record = await newPage(own, null, watched);
  await record.goto(`${office.server.url}/staff/groups/${group}/members/${membership}`);
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
  await mailbox?.close();
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
  for (const page of [hers, theirs]) await page.getByRole('heading', { level: 1, name: words('after.ended.title') }).waitFor();
  expect(sealed().length).toBeGreaterThan(5);
  const kept = [...sealed(), ...ofConnections()];
  await expect.poll(() => inMemoryOf(office.server.callProcess(), kept), { timeout: 30_000, interval: 1_000 }).toEqual([]);
  await expect.poll(() => inMemoryOf(office.server.pid, kept), { timeout: 30_000, interval: 1_000 }).toEqual([]);
  for (const one of kept.slice(0, 20)) expect(() => execFileSync('grep', ['-rqF', '--', one, office.server.folder]), one).toThrow();
});

test('the browsers have kept nothing', async () => {
  for (const page of [hers, theirs]) expect(await stored(page)).toEqual({ session: [], local: [], databases: 0, caches: 0, cookies: '' });
  expect(watched).toEqual({ errors: [], foreign: [] });
});
