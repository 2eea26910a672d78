// SPDX-License-Identifier: Apache-2.0
// "I need help", silently, in a session of the record: answered it stays between the person and the facilitators; answered by nobody
// within thirty seconds, or asked where nobody leads, it is an alert that the team sees and its leads get an e-mail of, which names
// nobody. The other member learns nothing. Real SMTP server.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium, type Watched } from '../people/browsers.ts';
import type { InChromium } from '../people/group.ts';
import { allComeIn, memberOfGroup, seated, seatOfMember } from '../people/in_session.ts';
import { Mailbox } from '../people/mailbox.ts';
import { groupWithSession, type Office, openOffice, type Staff } from '../people/office.ts';
import { type Key, words } from '../people/person.ts';

const watched: Watched = { errors: [], foreign: [] };
let mailbox: Mailbox;
let office: Office;
let leading: Staff & { id: string };
let browser: Browser;
let facilitator: InChromium;
let robin: InChromium;
let ash: InChromium;

const openAlerts = async (): Promise<{ id: string }[]> => (await leading.does<{ items: { id: string }[] }>('GET', '/api/alerts?state=open')).items;
const reads = (person: InChromium, key: Key) => person.page.getByText(words(key)).first().waitFor();

beforeAll(async () => {
  mailbox = await Mailbox.open();
  office = await openOffice({ arguments: ['--mail-smtp', mailbox.url, '--mail-plain', 'true', '--mail-from', 'care@example.org', '--mail-reminder-hours', '0'] });
  leading = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  const { group, session } = await groupWithSession(leading, office.team, 'Coping with panic');
  browser = await launchChromium();
  const { link } = await leading.does<{ link: string }>('POST', `/api/sessions/${session}/seat`, {});
  facilitator = await seated(browser, office, { alias: 'Fern', role: 'facilitator', index: 1, link, staff: leading }, watched);
  const take = async (name: string, alias: string, index: number): Promise<InChromium> => {
    const one = await memberOfGroup(office, leading, group, name, alias);
    return seated(browser, office, { alias, role: 'member', index, link: await seatOfMember(office, one, session) }, watched);
  };
  robin = await take('Robin Sample', 'Linnet', 2);
  ash = await take('Ash Sample', 'Teasel', 3);
  await allComeIn(facilitator, [robin, ash]);
});
afterAll(async () => {
  await browser?.close();
  await office?.close();
  await mailbox?.close();
});

test('it is asked silently; the facilitator sees whose it is, the other member nothing', async () => {
  await robin.press('bar.help');
  await reads(robin, 'help.told');
  await robin.press('help.close');
  await facilitator.opensPanel('safety');
  await facilitator.page.getByRole('heading', { name: words('safety.help', { name: 'Linnet' }) }).waitFor();
  expect(await ash.page.getByText(words('mark.help')).count()).toBe(0);
  expect(await openAlerts()).toEqual([]);
});

test('nobody answers within thirty seconds: the team sees an alert, its lead gets an e-mail that names nobody', async () => {
  await expect.poll(async () => (await openAlerts()).length, { timeout: 60_000, interval: 500 }).toBe(1);
  const mail = await mailbox.mail(0);
  expect(mail.to).toEqual(['fern.example@example.org']);
  for (const name of ['Robin', 'Linnet', 'Sample', 'panic']) expect(`${mail.headers}${mail.text}${mail.html}`).not.toContain(name);
  expect(await ash.page.getByText(words('mark.help')).count()).toBe(0);
  await leading.does('POST', `/api/alerts/${(await openAlerts())[0]!.id}/holder`, { holder: leading.id }, { 'if-match': '"1"' });
});

test('where nobody leads it is an alert at once, and the person reads that the team knows', async () => {
  await facilitator.leaves();
  await reads(ash, 'paused.alone');
  await ash.press('bar.help');
  await reads(ash, 'help.team_knows');
  expect((await openAlerts()).length).toBe(2);
  expect((await mailbox.mail(1)).to).toEqual(['fern.example@example.org']);
  expect(watched).toEqual({ errors: [], foreign: [] });
});
