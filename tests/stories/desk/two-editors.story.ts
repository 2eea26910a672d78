// SPDX-License-Identifier: Apache-2.0
// Two people change one record at once: neither overwrites the other unseen. What only one of them changed is kept of both; where
// both changed the same answer, whoever saves second sees both and chooses. Real server, two real browser contexts.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../people/browsers.ts';
import { type Server, startServer } from '../../people/server.ts';
import { colleague, firstAdministrator, makeTeam, type StaffMember } from '../../people/staff.ts';

let server: Server;
let browser: Browser;
let first: StaffMember;
let second: StaffMember;
let person = '';

beforeAll(async () => {
  server = await startServer();
  browser = await launchChromium();
  const team = makeTeam(server, 'Heather Team');
  const admin = await firstAdministrator(browser, server);
  first = await colleague(browser, admin, 'Robin Meadows', 'robin.meadows@trust.example', [{ role: 'Team lead', team }]);
  second = await colleague(browser, admin, 'Sam Waterhouse', 'sam.waterhouse@trust.example', [{ role: 'Team lead', team }]);
  await first.page.goto(`${server.url}/staff/people/new`);
  await first.heading('Add a person');
  await first.page.getByLabel('Legal name').fill('Juniper Vale');
  await first.page.getByLabel('Mobile phone').fill('07700 900118');
  await first.press('Add this person');
  await first.heading('Juniper Vale');
  person = first.page.url().split('?')[0] ?? '';
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test('two who change different parts both have what they typed', async () => {
  await Promise.all([first.page.goto(`${person}/names`), second.page.goto(`${person}/contacts`)]);
  await first.page.getByLabel('Name they like to be called by').fill('June');
  await second.page.getByLabel('Email address').fill('june@mail.example');
  await first.press('Save');
  await first.heading('June');
  await second.press('Save');
  await second.heading('June');
  await second.page.getByText('june@mail.example').waitFor();
  await first.page.reload();
  await first.page.getByText('june@mail.example').waitFor();
});

test('two who change the same answer: the second sees both, and chooses', async () => {
  await Promise.all([first.page.goto(`${person}/contacts`), second.page.goto(`${person}/contacts`)]);
  await first.page.getByLabel('Mobile phone').fill('07700 900200');
  await second.page.getByLabel('Mobile phone').fill('07700 900300');
  await second.page.getByLabel('Postcode').fill('m1 1ae');
  await first.press('Save');
  await first.heading('June');
  await second.press('Save');
  await second.page.getByRole('heading', { name: 'Somebody else has changed this' }).waitFor();
  const sides = await second.page.locator('.conflict__value').allTextContents();
  expect(sides.map((side) => side.replace(/\D/g, '').slice(-4))).toEqual(['0200', '0300']);
  await second.page.getByLabel(/What you typed/).check();
  await second.press('Save these answers');
  await second.heading('June');
  await first.page.reload();
  await first.page.getByText(/900300$/).waitFor();
  await first.page.getByText('M1 1AE').waitFor();
});

test('whoever keeps what is saved now loses nothing else that they typed', async () => {
  await Promise.all([first.page.goto(`${person}/emergency-contact`), second.page.goto(`${person}/emergency-contact`)]);
  await first.page.getByLabel('Name', { exact: true }).fill('Linden Vale');
  await first.page.getByLabel('Phone', { exact: true }).fill('07700 900400');
  await second.page.getByLabel('Name', { exact: true }).fill('L. Vale');
  await second.page.getByLabel('Phone', { exact: true }).fill('07700 900500');
  await second.page.getByLabel('Who they are to them').fill('brother');
  await first.press('Save');
  await first.heading('June');
  await second.press('Save');
  await second.page.getByRole('heading', { name: 'Somebody else has changed this' }).waitFor();
  await second.press('Save these answers'); // theirs is chosen until one chooses
  await second.heading('June');
  await second.page.getByText('Linden Vale').waitFor();
  await second.page.getByText('brother').waitFor();
  await second.page.getByText(/900400$/).waitFor();
});
