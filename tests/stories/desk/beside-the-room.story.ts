// SPDX-License-Identifier: Apache-2.0
// A blended session: one register and one conversation. A facilitator in the room marks who is in the building and on the phone; the
// register page sees it at once; members read who else is there only when they are told. And an alert, from the room with one tap to
// today, taken, the place opened with a reason, closed with what came of it. Real server, real browsers.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enMessagesStaff } from '../../../web/src/texts/en_messages_staff.ts';
import { enPrepare } from '../../../web/src/texts/en_prepare.ts';
import { enSafetyStaff as safety } from '../../../web/src/texts/en_safety_staff.ts';
import { enStaff } from '../../../web/src/texts/en_staff.ts';
import { launchChromium, type Watched } from '../../people/browsers.ts';
import type { InChromium } from '../../people/group.ts';
import { type Member, memberOfGroup, seated, seatOfMember, staffPage } from '../../people/in_session.ts';
import { looksRight } from '../../people/looks.ts';
import { groupWithSession, type Office, openOffice, type Staff } from '../../people/office.ts';
import { words } from '../../people/person.ts';

let office: Office;
let facilitating: Staff & { id: string };
let leading: Staff & { id: string };
let group: string;
let session: string;
let robin: Member;
let ash: Member;
let oak: Member;
let browser: Browser;
let facilitator: InChromium;
let inRoom: InChromium;
let register: Page;
let today: Page;
const watched: Watched = { errors: [], foreign: [] };

interface Row {
  membership: string;
  mode: string | null;
  outcome: string;
  source: string;
  corrections: { reason: string }[];
}
const rowOf = async ({ membership }: Member): Promise<Row> =>
  (await facilitating.does<{ rows: Row[] }>('GET', `/api/sessions/${session}/register`)).rows.find((row) => row.membership === membership)!;

beforeAll(async () => {
  office = await openOffice();
  facilitating = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  leading = await office.staff('Rowan Example', ['team_lead']);
  const made = await groupWithSession(facilitating, office.team, 'Coping with panic', { watermark: true });
  ({ group, session } = made);
  robin = await memberOfGroup(office, facilitating, made.group, 'Robin Sample', 'Linnet');
  ash = await memberOfGroup(office, facilitating, made.group, 'Ash Sample', 'Teasel');
  const elm = await memberOfGroup(office, facilitating, made.group, 'Elm Sample', 'Bramble');
  oak = await memberOfGroup(office, facilitating, made.group, 'Oak Sample', 'Sorrel');
  await facilitating.does('POST', `/api/memberships/${elm.membership}/supporters`, {
    kind: 'interpreter', name: 'Alex Helper', alias: 'Reed', contacts: { email: 'alex@example.org', mobile: '07700 900555', postcode: 'M2 2BB' },
  });
  browser = await launchChromium();
  const { link } = await facilitating.does<{ link: string }>('POST', `/api/sessions/${session}/seat`, {});
  facilitator = await seated(browser, office, { alias: 'Fern', role: 'facilitator', index: 1, link, staff: facilitating }, watched);
  inRoom = await seated(browser, office, { alias: robin.alias, role: 'member', index: 3, link: await seatOfMember(office, robin, session) }, watched);
  register = await staffPage(browser, facilitating, watched);
  today = await staffPage(browser, leading, watched);
});
afterAll(async () => {
  await browser?.close();
  await office?.close();
});

const entry = (alias: string) => facilitator.page.getByRole('region', { name: enPrepare['beside.title'] }).locator('li.entry').filter({ hasText: alias });

test('the group meets: one by video, the others have no tile', async () => {
  await facilitator.open();
  await facilitator.ready();
  await facilitator.isInRoom();
  await inRoom.open();
  await inRoom.answersToday({ place: 'address' });
  await inRoom.page.locator('#today-address').fill('14 Mill Lane, Wexcombe');
  await inRoom.press('arrive.ready');
  await facilitator.admits(inRoom);
  await inRoom.isInRoom();
  await facilitator.opensPanel('people');
  await entry('Teasel').getByText(enPrepare['beside.not_said']).waitFor();
  await entry('Bramble').waitFor();
  await expect.poll(() => entry('Linnet').count()).toBe(0);
});

test('as the plan says, each has their own name over the pictures, and can press what lies under it', async () => {
  const marks = (person: InChromium) =>
    person.page.locator('[data-seat]').evaluateAll((all) => [...new Set(all.map((one) => getComputedStyle(one, '::after').content.replace(/[^\w ]/g, '').trim().split(/ +/)[0]))]);
  expect(await marks(facilitator)).toEqual(['Fern']);
  expect(await marks(inRoom)).toEqual(['Linnet']);
  await looksRight(inRoom.page, 'watermark');
  await inRoom.page.locator('.tiles button').first().click();
  await inRoom.page.getByRole('dialog').waitFor();
  await inRoom.page.keyboard.press('Escape');
});

test('who comes into the building is marked with one tap, in the same register', async () => {
  await register.goto(`${office.server.url}/staff/sessions/${session}`);
  await register.getByRole('heading', { name: enStaff['register.title'] }).waitFor();
  await entry('Teasel').getByRole('button', { name: new RegExp(`^${enPrepare['beside.do.in_person']}`) }).click();
  await entry('Teasel').getByText(enPrepare['beside.here.in_person']).waitFor();
  expect(await rowOf(ash)).toMatchObject({ mode: 'in_person', outcome: 'attended', source: 'staff' });
  await facilitator.page.getByText(words('beside.line.in_person', { names: 'Teasel' })).waitFor();
  await register.locator('li.row').filter({ hasText: 'Ash Sample' }).getByText(enStaff['register.here_in_person']).waitFor({ timeout: 30_000 });
  expect(await rowOf(robin)).toMatchObject({ mode: 'video', source: 'call' });
});

test('a change of way is kept with what stood before', async () => {
  await entry('Teasel').getByRole('button', { name: new RegExp(`^${enPrepare['beside.do.phone']}`) }).click();
  await entry('Teasel').getByText(enPrepare['beside.here.phone']).waitFor();
  expect((await rowOf(ash)).corrections.map(({ reason }) => reason)).toEqual(['changed-way']);
});

test('members read who else is there only when they are told, and no more when it is taken away', async () => {
  expect(await inRoom.page.getByText('Teasel').count()).toBe(0);
  await facilitator.press('beside.tell');
  await inRoom.page.getByText(words('beside.line.phone', { names: 'Teasel' })).waitFor();
  expect(await inRoom.page.getByText('Bramble').count()).toBe(0);
  await facilitator.press('beside.untell');
  await expect.poll(() => inRoom.page.getByText('Teasel').count()).toBe(0);
});

test('a supporter who is in the building is marked as well, and stands in the register', async () => {
  const supporter = entry('Reed');
  await supporter.getByText(enPrepare['beside.supporter.interpreter']).waitFor();
  await supporter.getByRole('button', { name: new RegExp(`^${enPrepare['beside.do.in_person']}`) }).click();
  await supporter.getByText(enPrepare['beside.here.in_person']).waitFor();
  await facilitator.page.getByText(words('beside.line.in_person', { names: 'Reed' })).first().waitFor();
  await register.getByRole('region', { name: enMessagesStaff['supporters.title'] }).getByText(/Came \(in person\)/).waitFor({ timeout: 30_000 });
  await looksRight(register, 'register-supporter');
  await supporter.getByRole('button', { name: new RegExp(`^${enPrepare['beside.do.mistake']}`) }).click();
  await supporter.getByText(enPrepare['beside.not_here']).waitFor();
});

test('a supporter is marked on the page of the register, too, and the mark is taken back there', async () => {
  const line = register.getByRole('region', { name: enMessagesStaff['supporters.title'] }).locator('li.row').filter({ hasText: 'Reed' });
  await line.getByText(enStaff['register.supporter_not'], { exact: true }).waitFor({ timeout: 30_000 }); // the page has read what the room marked
  await line.getByRole('button', { name: enStaff['way.phone'] }).click();
  await line.getByText(/Came \(phone\)/).waitFor();
  await line.getByRole('button', { name: new RegExp(`^${enStaff['register.correct']}`) }).click();
  await looksRight(register, 'register-supporter-open');
  await line.getByRole('button', { name: enStaff['register.supporter_mistake'] }).click();
  await line.getByText(enStaff['register.supporter_not'], { exact: true }).waitFor();
});

test('what helps somebody is read in words from the room, by a facilitator who is signed in, and that stands on record', async () => {
  const person = (await facilitating.does<{ items: { id: string; person: { id: string } }[] }>('GET', `/api/groups/${group}/members`)).items.find(({ id }) => id === robin.membership)!.person.id;
  const { version } = await facilitating.does<{ version: number }>('GET', `/api/people/${person}`);
  await facilitating.does('PUT', `/api/people/${person}/needs`, { preferences: { way: null, software: '', language: 'en', interpreter: '', format: null }, needs: [{ category: '001', code: '441092009', note: 'Speak one after another' }] }, { 'if-match': `"${version}"` });
  const { page } = facilitator;
  await facilitator.opensPanel('people');
  const line = page.locator('li.entry').filter({ hasText: 'Linnet' }).first();
  await line.getByRole('button', { name: words('people.do') }).click();
  await line.getByRole('button', { name: words('needs.open', { name: 'Linnet' }) }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Speak one after another').waitFor();
  await dialog.getByText(/Lip-reads \(SNOMED CT 441092009\)/).waitFor();
  await dialog.getByText(words('needs.noted')).waitFor();
  await looksRight(page, 'needs-in-room');
  await page.keyboard.press('Escape');
  expect(await page.getByText('Speak one after another').count()).toBe(0);
  const trail = await office.administrator.does<{ items: { action: string; data: string; subjectKind: string }[] }>('GET', `/api/audit?person=${person}&limit=50`);
  expect(trail.items.filter(({ action, data, subjectKind }) => action === 'read' && data === 'needs' && subjectKind === 'membership')).toHaveLength(1);
});

test('an alert is raised from the room with one tap, and stands first on today', async () => {
  await today.goto(`${office.server.url}/staff`);
  await today.getByRole('heading', { level: 1, name: enStaff['today.title'] }).waitFor();
  await facilitator.page.locator('.tile', { hasText: 'Linnet' }).getByRole('button').first().click();
  await facilitator.page.getByRole('dialog').getByRole('button', { name: enPrepare['alert.kind.worried'] }).click();
  await facilitator.page.getByRole('dialog').getByText(enPrepare['alert.raised']).waitFor();
  await facilitator.page.keyboard.press('Escape');
  await today.getByText(safety['alerts.kind.worried']).first().waitFor({ timeout: 30_000 });
  await looksRight(today, 'today-alert');
});

test('whoever leads the team takes it, and only then opens the place, with a reason', async () => {
  await today.getByRole('link', { name: new RegExp(`^${safety['alerts.look']}`) }).first().click();
  await today.getByText(safety['alerts.place_take']).waitFor();
  expect((await leading.ask('GET', `/api/sessions/${session}/places/10`, undefined, { 'quietroom-reason': 'drop-off' })).status).toBeGreaterThanOrEqual(403);
  await today.getByRole('button', { name: safety['alerts.take'], exact: true }).click();
  await today.getByRole('button', { name: words('place.open', { name: 'Robin Sample' }) }).click();
  await today.getByRole('button', { name: enPrepare['place.why.worried'] }).click();
  await today.getByText('14 Mill Lane, Wexcombe').waitFor();
  await today.keyboard.press('Escape');
  await looksRight(today, 'alert-held');
});

test('the room sees who has taken it; it is closed with what came of it', async () => {
  await facilitator.opensPanel('safety');
  await facilitator.page.getByText(words('alert.held', { name: 'Rowan Example' })).waitFor({ timeout: 30_000 });
  await today.getByRole('button', { name: safety['alerts.close_do'], exact: true }).click();
  await today.getByText(safety['alerts.fault.outcome']).first().waitFor();
  await today.getByLabel(safety['alerts.outcome.spoke']).check();
  await today.getByLabel(safety['alerts.note'], { exact: true }).fill('Rang them: they are safe');
  await today.getByRole('button', { name: safety['alerts.close_do'], exact: true }).click();
  await today.getByText(safety['alerts.closed_now']).waitFor();
  await looksRight(today, 'alert-closed');
});

test('the register raises one, too', async () => {
  const line = register.locator('li.row').filter({ hasText: 'Elm Sample' });
  await line.getByRole('button', { name: new RegExp(`^${safety['alerts.raise']}`) }).click();
  await line.getByRole('button', { name: safety['alerts.do.drop_off'] }).click();
  await register.getByText(safety['alerts.raised'].replace('{name}', 'Elm Sample')).waitFor();
  await looksRight(register, 'register-alert');
});

test('who loses their line and does not come back raises an alert by themselves; who is back is said to be', async () => {
  const lost = await seated(browser, office, { alias: oak.alias, role: 'member', index: 4, link: await seatOfMember(office, oak, session) }, watched);
  await lost.open();
  await lost.ready();
  await facilitator.admits(lost);
  await lost.isInRoom();
  await lost.page.close(); // as a phone that dies: nothing is said
  await facilitator.opensPanel('safety');
  const open = facilitator.page.getByRole('region', { name: enPrepare['alert.open_ones'] }).locator('li.entry').filter({ hasText: 'Sorrel' });
  await open.getByText(enPrepare['alert.is.drop_off']).waitFor({ timeout: 120_000 }); // their place is kept for a minute first
  await today.goto(`${office.server.url}/staff`);
  const row = today.locator('li.row').filter({ hasText: 'Oak Sample' }).filter({ hasText: safety['alerts.kind.drop_off'] }).first();
  await row.getByRole('link', { name: new RegExp(`^${safety['alerts.look']}`) }).click();
  await today.getByText(safety['alerts.by_service']).first().waitFor();
  await looksRight(today, 'alert-of-the-room');
  const again = await seated(browser, office, { alias: oak.alias, role: 'member', index: 4, link: await seatOfMember(office, oak, session) }, watched);
  await again.open();
  await again.ready();
  await facilitator.admits(again);
  await again.isInRoom();
  await facilitator.opensPanel('safety');
  await open.getByText(enPrepare['alert.back']).waitFor({ timeout: 30_000 });
  await again.leaves();
  await today.getByRole('button', { name: safety['alerts.take'], exact: true }).click();
  await today.getByLabel(safety['alerts.outcome.spoke']).check();
  await today.getByRole('button', { name: safety['alerts.close_do'], exact: true }).click();
  await today.getByText(safety['alerts.closed_now']).waitFor();
  await open.waitFor({ state: 'detached', timeout: 30_000 });
});

test('help that is asked for while no facilitator is there stands before the team at once', async () => {
  await facilitator.press('bar.leave');
  await facilitator.press('leave.yes');
  await inRoom.sees('paused.title');
  await inRoom.press('bar.help');
  await inRoom.page.getByRole('dialog').getByText(words('help.kept')).waitFor();
  await inRoom.page.getByRole('dialog').getByText(words('help.team_knows')).waitFor();
  await today.goto(`${office.server.url}/staff`);
  await today.getByText(safety['alerts.kind.help']).first().waitFor();
});

test('nobody’s browser met an error', () => {
  expect(watched).toEqual({ errors: [], foreign: [] });
});

test('a facilitator whose sign-ins are ended is out of the room at once, and their seat opens no more', async () => {
  const { link } = await facilitating.does<{ link: string }>('POST', `/api/sessions/${session}/seat`, {});
  const back = await seated(browser, office, { alias: 'Fern', role: 'facilitator', index: 1, link, staff: facilitating }, watched);
  await back.open();
  await back.ready();
  await back.isInRoom();
  await office.administrator.does('DELETE', `/api/staff/${facilitating.id}/sign-ins`);
  await back.sees('refused.link.title');
  await inRoom.sees('paused.title');
  const again = await fetch(`${office.server.url}/api/arrive`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ link }) });
  expect(again.status).toBe(404);
});
