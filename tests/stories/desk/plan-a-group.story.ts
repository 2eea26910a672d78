// SPDX-License-Identifier: Apache-2.0
// From an empty trust to a group that meets: an administrator makes accounts, a team lead plans a group with its dates and adds a
// person to it, a facilitator sees it today, opens its room with one tap and marks the register. Real server, real browser, no
// made-up answer; every page on the way is clean for axe.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium, type Watched } from '../../people/browsers.ts';
import { type Server, startServer } from '../../people/server.ts';
import { colleague, firstAdministrator, makeTeam, type StaffMember, type Team } from '../../people/staff.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const watched: Watched = { errors: [], foreign: [] };
let server: Server;
let browser: Browser;
let team: Team;
let admin: StaffMember;
let lead: StaffMember;
let facilitator: StaffMember;
// What London's clock says now, to the quarter of an hour: the group meets while the story runs.
const london = (at: number, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', ...options }).format(at);
const starts = Math.floor(Date.now() / 900_000) * 900_000;
const time = london(starts, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

beforeAll(async () => {
  server = await startServer();
  browser = await launchChromium();
  team = makeTeam(server, 'Heather Team');
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function isClean({ page }: StaffMember): Promise<void> {
  // The page's policy lets no script in that it does not know, so axe comes in by the browser, not by the page.
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { violations: found } = await (window as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> } }).axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
  });
  expect(violations).toEqual([]);
}

test('the first administrator sets up their account, and makes the others', async () => {
  admin = await firstAdministrator(browser, server, watched);
  await isClean(admin);
  facilitator = await colleague(browser, admin, 'Robin Meadows', 'robin.meadows@trust.example', [{ role: 'Facilitator', team }], watched);
  lead = await colleague(browser, admin, 'Sam Waterhouse', 'sam.waterhouse@trust.example', [{ role: 'Team lead', team }], watched);
  await isClean(admin);
  await lead.page.getByText('No group meets in these seven days.').waitFor();
});

test('a team lead plans a group step by step, with a date left out', async () => {
  const { page } = lead;
  await page.getByRole('link', { name: 'Plan a group' }).click();
  await lead.heading('What kind of group is it?');
  await page.getByLabel('Name of the group').fill('Compassion group');
  await page.getByLabel('Programme').fill('Compassion-focused therapy');
  await lead.press('Continue');
  await lead.heading('How can people take part?');
  await page.getByLabel('Video', { exact: true }).check();
  await lead.press('Continue');
  await page.getByRole('alert').getByRole('link', { name: /Say why there is only one way/ }).waitFor();
  await page.getByLabel('Why only this way (Video)?').fill('Everyone lives far away');
  await page.getByLabel('What is there for people who need another way?').fill('The Friday group in person');
  await isClean(lead);
  await lead.press('Continue');
  await lead.heading('Who leads it?');
  await lead.press('Add a facilitator');
  await page.getByLabel('Who', { exact: true }).selectOption({ label: 'Robin Meadows' });
  await page.getByLabel('Name in the room').fill('Robin');
  await lead.press('Continue');
  await lead.heading('When does it meet?');
  await page.getByLabel('Day', { exact: true }).fill(london(starts, { day: 'numeric' }));
  await page.getByLabel('Month').fill(london(starts, { month: 'numeric' }));
  await page.getByLabel('Year').fill(london(starts, { year: 'numeric' }));
  await page.getByLabel('Begins at').fill(time);
  await page.getByLabel('How many dates?').fill('4');
  await page.getByRole('button', { name: /, session 3$/ }).click();
  await page.getByText(/^3 sessions\./).waitFor();
  await isClean(lead);
  await lead.press('Continue');
  await lead.heading('What keeps it confidential?');
  await page.reload(); // nothing is lost
  await lead.heading('What keeps it confidential?');
  await lead.press('Continue');
  await lead.heading('Check your answers');
  await isClean(lead);
  await lead.press('Make this group');
  await lead.heading('Compassion group');
  await expect.poll(() => page.locator('section[aria-labelledby=sessions] .row').count()).toBe(3);
  await isClean(lead);
});

test('a team lead adds a person and puts them in the group, prepared', async () => {
  const { page } = lead;
  await page.getByRole('link', { name: 'People' }).click();
  await page.getByRole('link', { name: 'Add a person' }).click();
  await lead.heading('Add a person');
  await page.getByLabel('Legal name').fill('Juniper Vale');
  await page.getByLabel('NHS number').fill('999 000 0019'); // a wrong check digit
  await lead.press('Add this person');
  await page.getByRole('alert').getByRole('link', { name: /NHS number has a mistake/ }).click();
  await page.getByLabel('NHS number').fill('999 000 0018');
  await page.getByLabel('Mobile phone').fill('07700 900118');
  await page.getByLabel('Text message').check();
  await lead.press('Add this person');
  await lead.heading('Juniper Vale');
  await page.getByText('999 000 0018').waitFor();
  await isClean(lead);
  await page.getByRole('link', { name: 'Groups' }).click();
  await page.getByRole('link', { name: 'Compassion group' }).click();
  await page.getByRole('link', { name: 'Add a member' }).click();
  await page.getByLabel('Find a person').fill('juni');
  await lead.press('Find');
  await page.getByRole('button', { name: 'Add Juniper Vale' }).click();
  await lead.heading('Compassion group');
  await page.getByRole('link', { name: 'Change Juniper Vale' }).click();
  await lead.heading('Juniper Vale');
  await page.getByLabel('Name in the room').fill('Wren');
  await lead.press('Save');
  await page.getByText('Name and disguise are saved.').waitFor();
  await page.getByLabel('Prepared for the group').check();
  await lead.press('Save this step');
  await page.getByText('The step is saved.').waitFor();
  await isClean(lead);
});

test('the facilitator sees it today, marks the register with one tap and corrects it with a reason', async () => {
  const { page } = facilitator;
  await page.goto(`${server.url}/staff`);
  await page.getByRole('link', { name: 'Compassion group' }).first().waitFor();
  await isClean(facilitator);
  // One tap into the room: a tab of its own, whose address no longer has the secret.
  const [room] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name: /^Open the room/ }).first().click()]);
  await room.waitForURL(/\/join$/);
  await room.close();
  await page.getByRole('link', { name: /^Session and register/ }).first().click();
  const row = page.locator('.row--register').first();
  await row.getByRole('link', { name: 'Juniper Vale' }).waitFor();
  await row.getByRole('button', { name: 'Video' }).click();
  await row.getByText('Came (video)').waitFor();
  await isClean(facilitator);
  await row.getByRole('button', { name: /^Correct/ }).click();
  await row.getByLabel('Did not come').check();
  await row.getByLabel('Why does the register change?').selectOption('marked-by-mistake');
  await row.getByRole('button', { name: 'Save' }).click();
  await row.getByText('1 correction').waitFor();
  await page.reload();
  await row.getByText('Did not come').waitFor();
});

test('nothing went wrong in any page, nothing came from elsewhere, and no name stands in the log', () => {
  expect(watched.foreign).toEqual([]);
  expect(watched.errors.filter((error) => !/status of 401/.test(error))).toEqual([]); // who comes unknown is asked to sign in
  expect(server.log()).not.toMatch(/Vale|Meadows|Waterhouse|9990000018/);
});
