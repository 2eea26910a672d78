// SPDX-License-Identifier: Apache-2.0
// An administrator adds a service and a team by the pages, moves the team and closes it; a team with an open group cannot be closed;
// its lead changes the number that people ring, and nothing else. A facilitator chooses a co-facilitator from the names of the team.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enStaff as en } from '../../../web/src/texts/en_staff.ts';
import { launchChromium, newContext, newPage, type Watched } from '../../people/browsers.ts';
import { looksWrong } from '../../people/looks.ts';
import { groupWithSession, type Office, openOffice, type Staff } from '../../people/office.ts';

let office: Office;
let lead: Staff & { id: string };
let browser: Browser;
const watched: Watched = { errors: [], foreign: [] };

beforeAll(async () => {
  office = await openOffice();
  lead = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await office?.close();
});

async function signedIn(who: Staff, path: string): Promise<Page> {
  const context = await newContext(browser, { reducedMotion: 'reduce' });
  await who.opens(context);
  const page = await newPage(context, null, watched);
  await page.goto(office.server.url + path);
  return page;
}
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const save = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

test('an administrator adds a service and a team, moves the team and closes it', async () => {
  const page = await signedIn(office.administrator, '/staff');
  await page.getByRole('link', { name: en['today.teams'] }).last().click();
  await heading(page, en['teams.title']);
  expect(await looksWrong(page, 'teams')).toEqual([]);
  await page.getByRole('link', { name: en['teams.add_service'] }).click();
  await save(page, en['teams.make_service']);
  await page.getByRole('link', { name: en['teams.fault.name'] }).waitFor();
  await page.getByLabel(en['teams.service_name']).fill('Older people');
  await save(page, en['teams.make_service']);
  await page.getByRole('heading', { level: 2, name: 'Older people' }).waitFor();
  await page.getByRole('link', { name: en['teams.add'], exact: true }).click();
  await page.getByLabel(en['teams.name']).fill('West');
  await page.getByLabel(en['teams.service'], { exact: true }).selectOption({ label: 'Talking service' });
  await page.getByLabel(en['teams.duty']).fill('soon');
  await save(page, en['teams.make']);
  await page.getByRole('link', { name: en['teams.fault.duty'] }).waitFor();
  expect(await looksWrong(page, 'team-fault')).toEqual([]);
  await page.getByLabel(en['teams.duty']).fill('');
  await save(page, en['teams.make']);
  const part = (service: string) => page.locator('section.part', { has: page.getByRole('heading', { level: 2, name: service, exact: true }) });
  await part('Talking service').getByRole('link', { name: 'West' }).click();
  await heading(page, 'West');
  await page.getByLabel(en['teams.service'], { exact: true }).selectOption({ label: 'Older people' });
  await save(page, en['form.save']);
  await part('Older people').getByText('01632 960 000').waitFor(); // the trust's number stands in
  await part('Older people').getByRole('link', { name: 'West' }).click();
  await page.getByLabel(en['teams.closed'], { exact: false }).check();
  await save(page, en['form.save']);
  await part('Older people').getByText(en['teams.closed_tag'], { exact: true }).waitFor();
  const teams = await office.administrator.does<{ items: { name: string }[] }>('GET', '/api/teams');
  expect(teams.items.map(({ name }) => name)).toEqual(['North']);
  await page.context().close();
});

test('a team whose group is open says so and stays; its lead changes its number alone', async () => {
  await groupWithSession(lead, office.team, 'Coping with panic');
  const page = await signedIn(office.administrator, `/staff/teams/${office.team}`);
  await page.getByText('1 group of this team is still open. It has to be closed first.').waitFor();
  expect(await looksWrong(page, 'team-with-an-open-group')).toEqual([]);
  await page.context().close();
  const leads = await signedIn(lead, '/staff/teams');
  await leads.getByRole('link', { name: 'North' }).click();
  await leads.getByText(en['teams.only_number']).waitFor();
  expect(await leads.getByRole('textbox').count()).toBe(1);
  await leads.getByLabel(en['teams.duty']).fill('01632 960 321');
  await save(leads, en['form.save']);
  await leads.getByText('01632 960 321').waitFor();
  await leads.context().close();
});

test('a facilitator chooses a co-facilitator from the names of the team', async () => {
  const robin = await office.staff('Robin Ash', ['facilitator']);
  await office.staff('Wren Oak', ['facilitator']);
  const south = await office.makeTeam('South');
  await office.staff('Lark Elsewhere', ['facilitator'], south);
  const { group } = await groupWithSession(lead, office.team, 'Sleeping better');
  const now = await lead.ask<{ facilitators: object[] } & Record<string, unknown>>('GET', `/api/groups/${group}`);
  const { id: _id, version: _version, ...plan } = now.body;
  await lead.does('PUT', `/api/groups/${group}`, { ...plan, facilitators: [...plan.facilitators, { staff: robin.id, name: 'Robin Ash', role: 'co_facilitator', alias: 'Robin' }] }, { 'if-match': now.etag! });
  const page = await signedIn(robin, `/staff/groups/${group}/plan`);
  await page.getByRole('button', { name: en['plan.add_facilitator'] }).click();
  const who = page.getByLabel(en['plan.staff'], { exact: true }).last();
  const names = await who.locator('option').allInnerTexts();
  expect(names).toContain('Wren Oak');
  expect(names).not.toContain('Lark Elsewhere');
  await who.selectOption({ label: 'Wren Oak' });
  await page.getByLabel(en['plan.alias']).last().fill('Wren');
  expect(await looksWrong(page, 'choose-a-co-facilitator')).toEqual([]);
  await save(page, en['form.save']);
  await heading(page, 'Sleeping better');
  const saved = await lead.does<{ facilitators: { name: string; role: string }[] }>('GET', `/api/groups/${group}`);
  expect(saved.facilitators.map(({ name, role }) => `${name} ${role}`)).toContain('Wren Oak co_facilitator');
  await page.context().close();
  expect(watched).toEqual({ errors: [], foreign: [] });
});
