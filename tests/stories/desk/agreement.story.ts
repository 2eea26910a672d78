// SPDX-License-Identifier: Apache-2.0
// A group's agreement from its first word to its third version: written by staff in both forms with a preview, by two editors who do
// not overwrite each other, accepted by members on their own page, on paper and at arrival, asked for again when it changes, and shown
// to everyone in the room by a facilitator. Real server, real browsers.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enPrepare } from '../../../web/src/texts/en_prepare.ts';
import { enPrepareStaff as en } from '../../../web/src/texts/en_prepare_staff.ts';
import { enStaff } from '../../../web/src/texts/en_staff.ts';
import { enMine } from '../../../web/src/texts/en_mine.ts';
import { launchChromium, newContext, newPage, type Watched } from '../../people/browsers.ts';
import type { InChromium } from '../../people/group.ts';
import { type Member, memberOfGroup, seated, seatOfMember, staffPage } from '../../people/in_session.ts';
import { looksRight } from '../../people/looks.ts';
import { groupWithSession, type Office, openOffice, type Staff } from '../../people/office.ts';
import { words } from '../../people/person.ts';

let office: Office;
let lead: Staff & { id: string };
let group: string;
let session: string;
let robin: Member;
let browser: Browser;
let page: Page;
let arrived: InChromium;
let facilitator: InChromium;
const watched: Watched = { errors: [], foreign: [] };

beforeAll(async () => {
  office = await openOffice();
  lead = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  ({ group, session } = await groupWithSession(lead, office.team, 'Coping with panic'));
  robin = await memberOfGroup(office, lead, group, 'Robin Sample', 'Linnet');
  await memberOfGroup(office, lead, group, 'Ash Sample', 'Teasel');
  browser = await launchChromium();
  page = await staffPage(browser, lead, watched);
});
afterAll(async () => {
  await browser?.close();
  await office?.close();
});

const address = (): string => `${office.server.url}/staff/groups/${group}/agreement`;
const point = (on: Page, number: number) => on.getByLabel(en['agree.point'].replace('{number}', String(number)), { exact: true });
const sentence = (on: Page, number: number) => on.getByLabel(en['agree.sentence'].replace('{number}', String(number)), { exact: true });
const save = (on: Page, number: number) => on.getByRole('button', { name: en['agree.save'].replace('{number}', String(number)) }).click();

test('an administrator writes the trust’s template, and a group begins with it', async () => {
  const admin = await staffPage(browser, office.administrator, watched);
  await admin.goto(`${office.server.url}/staff/teams`);
  await admin.getByRole('link', { name: en['agree.template_open'] }).click();
  await admin.getByText(en['agree.template_none']).waitFor();
  await admin.getByRole('button', { name: en['agree.template_save'] }).click();
  await admin.getByText(en['agree.fault.title']).first().waitFor();
  await admin.getByLabel(en['agree.title'], { exact: true }).fill('Promises of this trust');
  await point(admin, 1).fill('Nobody records.');
  await sentence(admin, 1).fill('We do not record.');
  await looksRight(admin, 'agreement-template');
  await admin.getByRole('button', { name: en['agree.template_save'] }).click();
  await admin.getByText(enStaff['teams.saved']).waitFor();
  await admin.getByRole('link', { name: en['agree.template_open'] }).click();
  await admin.getByText(en['agree.template_words']).waitFor();
  expect(await point(admin, 1).inputValue()).toBe('Nobody records.');
  await page.goto(`${address()}/write`);
  await page.getByText(en['agree.from_template']).waitFor();
  expect(await page.getByLabel(en['agree.title'], { exact: true }).inputValue()).toBe('Promises of this trust');
  await admin.context().close();
});

test('there is a way to it from the group, and an empty page says what to do', async () => {
  await page.goto(`${office.server.url}/staff/groups/${group}`);
  await page.getByRole('link', { name: en['agree.open'], exact: true }).click();
  await page.getByText(en['agree.none']).waitFor();
  await page.getByRole('link', { name: en['agree.write_first'] }).click();
  await page.getByRole('heading', { level: 1, name: en['agree.write_title'] }).waitFor();
});

test('what is missing is said at its field, both forms are previewed, and a reload loses nothing', async () => {
  await page.getByLabel(en['agree.title'], { exact: true }).fill('');
  await save(page, 1);
  await page.getByText(en['agree.fault.title']).first().waitFor();
  await page.getByLabel(en['agree.title'], { exact: true }).fill('Our promises');
  await point(page, 1).fill('What is said here stays here.');
  await page.getByRole('button', { name: en['agree.add_point'] }).click();
  await point(page, 2).fill('We come on time.');
  await sentence(page, 1).fill('We keep secrets.');
  await page.getByLabel('Picture of sentence 1').selectOption('lock');
  await page.locator('.agreement__points').getByText('We come on time.').waitFor();
  await page.locator('.agreement__easy').getByText('We keep secrets.').waitFor();
  await page.reload();
  expect(await point(page, 2).inputValue()).toBe('We come on time.');
  await looksRight(page, 'agreement-write');
  await save(page, 1);
  await page.getByText(en['agree.written']).waitFor();
  await looksRight(page, 'agreement-page');
});

test('two who write the next version do not overwrite each other, and nothing typed is lost', async () => {
  const second = await staffPage(browser, lead, watched);
  for (const one of [page, second]) {
    await one.goto(`${address()}/write`);
    await one.getByLabel(en['agree.changed']).waitFor();
  }
  await second.getByLabel(en['agree.title'], { exact: true }).fill('What we promise');
  await second.getByLabel(en['agree.changed']).fill('A new title.');
  await save(second, 2);
  await second.getByText(en['agree.written']).waitFor();
  await page.getByLabel(en['agree.title'], { exact: true }).fill('Promises of our group');
  await point(page, 1).fill('What is said here stays here, always.');
  await page.getByLabel(en['agree.changed']).fill('It stays here, always.');
  await save(page, 2);
  await page.getByRole('heading', { name: enStaff['conflict.title'] }).waitFor();
  await page.getByText('What we promise').waitFor();
  await looksRight(page, 'agreement-conflict');
  await page.getByRole('group', { name: en['agree.title'] }).getByLabel(enStaff['conflict.mine']).check();
  await page.getByRole('button', { name: enStaff['conflict.save'] }).click();
  await page.getByText(en['agree.written']).waitFor();
  await page.getByText('Promises of our group').first().waitFor();
  await page.getByText('What is said here stays here, always.').first().waitFor();
  await second.context().close();
});

test('a member reads it on their own page in either form, and agrees', async () => {
  const mine = await newPage(await newContext(browser, { viewport: { width: 320, height: 640 }, bypassCSP: true, reducedMotion: 'reduce' }), null, watched);
  await mine.goto(`${office.server.url}/mine#${robin.link}`);
  await mine.getByLabel(enMine['confirm.day']).fill('29');
  await mine.getByLabel(enMine['confirm.month']).fill('2');
  await mine.getByLabel(enMine['confirm.year']).fill('1980');
  await mine.getByLabel(enMine['confirm.postcode'], { exact: true }).fill('M1 1AE');
  await mine.getByRole('button', { name: enMine['confirm.go'] }).click();
  const part = mine.getByRole('region', { name: enPrepare['agreement.title'] });
  await part.getByRole('button', { name: enPrepare['agreement.easy'] }).click();
  await part.getByText('We keep secrets.').waitFor();
  await part.getByRole('button', { name: enPrepare['agreement.agree'] }).click();
  await part.getByText(enMine['mine.agreement.thanks']).waitFor();
  await looksRight(mine, 'mine-agreement', 44);
  await mine.context().close();
});

test('staff see who accepted which version, and note what was signed on paper', async () => {
  await page.goto(address());
  const ash = page.locator('li.row').filter({ hasText: 'Ash Sample' });
  await page.locator('li.row').filter({ hasText: 'Robin Sample' }).getByText(en['agree.accepted'], { exact: true }).waitFor();
  await ash.getByRole('button', { name: new RegExp(en['agree.note_paper']) }).click();
  await page.getByRole('button', { name: en['agree.sure_yes'] }).click();
  await ash.getByText(/Version 3: signed on paper, noted by Fern Example/).waitFor();
  await page.getByText(en['agree.all']).waitFor();
  await looksRight(page, 'agreement-accepted');
});

test('when it changes everyone is asked again at arrival, and reads what is new first', async () => {
  const now = await lead.ask<{ current: { text: { title: string; points: string[]; easy: unknown[] } } }>('GET', `/api/groups/${group}/agreement`);
  const { title, points, easy } = now.body.current.text;
  await lead.does('POST', `/api/groups/${group}/agreement`, { title, points: [...points, 'Phones are silent.'], easy, changed: 'Phones are silent.' }, { 'if-match': now.etag ?? '' });
  arrived = await seated(browser, office, { alias: robin.alias, role: 'member', index: 3, link: await seatOfMember(office, robin, session) }, watched);
  await arrived.open();
  await arrived.page.getByText(words('agreement.new', { changed: 'Phones are silent.' })).waitFor();
  await arrived.ready();
  await arrived.page.getByText(enPrepare['today.fault.agree']).waitFor();
  await arrived.page.getByLabel(enPrepare['agreement.agree']).check();
  await arrived.press('arrive.ready');
  await arrived.sees('wait.title');
});

test('a facilitator shows it to everyone in the room, who close it themselves', async () => {
  const { link } = await lead.does<{ link: string }>('POST', `/api/sessions/${session}/seat`, {});
  facilitator = await seated(browser, office, { alias: 'Fern', role: 'facilitator', index: 1, link, staff: lead }, watched);
  await facilitator.open();
  await facilitator.ready();
  await facilitator.isInRoom();
  await facilitator.admits(arrived);
  await arrived.isInRoom();
  await facilitator.opensPanel('plan');
  await facilitator.press('plan.agreement');
  const shown = arrived.page.getByRole('dialog');
  await shown.getByText('Phones are silent.').waitFor();
  await shown.getByRole('button', { name: enPrepare['agreement.close'] }).click();
  await expect.poll(() => arrived.page.getByRole('dialog').count()).toBe(0);
});

test('their answer at arrival stands with the new version', async () => {
  await page.goto(address());
  await page.locator('li.row').filter({ hasText: 'Robin Sample' }).getByText(/Version 4: accepted by themselves/).waitFor();
  await page.locator('li.row').filter({ hasText: 'Ash Sample' }).getByText(en['agree.accepted_before'], { exact: true }).waitFor();
});

test('nobody’s browser met an error', () => {
  // The browser itself notes the 412 of the second editor.
  const errors = watched.errors.filter((error) => !/412/.test(error));
  expect({ ...watched, errors }).toEqual({ errors: [], foreign: [] });
});
