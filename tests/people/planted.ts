// SPDX-License-Identifier: Apache-2.0
// A real session with words to look for afterwards: a member whose legal name and alias are known to the care record alone, and a
// sentence that was said in the room. The facilitator has that person's record open in their own browser while the room meets.
import type { Browser, Page } from 'playwright-core';
import { launchChromium, type Watched } from './browsers.ts';
import type { InChromium } from './group.ts';
import { type Member, memberOfGroup, seated, seatOfMember, staffPage } from './in_session.ts';
import { groupWithSession, type Office, openOffice, type Staff } from './office.ts';
import { words } from './person.ts';

export const legalName = 'Quillfeather Plantedname';
export const alias = 'Marshharrier';
export const said = 'the planted heron stood in the reeds';
export const planted = [legalName, 'Quillfeather', alias, said];

export interface Planted {
  office: Office;
  browser: Browser;
  watched: Watched;
  line: string[]; // what went over the sockets of the two
  lead: Staff;
  group: string;
  session: string;
  member: Member;
  record: Page; // the member's record, in the facilitator's browser
  facilitator: InChromium;
  guest: InChromium;
  close(): Promise<void>;
}

export async function meetPlanted(): Promise<Planted> {
  const watched: Watched = { errors: [], foreign: [] };
  const line: string[] = [];
  const office = await openOffice();
  const lead = await office.staff('Fern Example', ['team_lead', 'facilitator']);
  const { group, session } = await groupWithSession(lead, office.team, 'Coping with panic');
  const member = await memberOfGroup(office, lead, group, legalName, alias);
  const browser = await launchChromium();
  const { link } = await lead.does<{ link: string }>('POST', `/api/sessions/${session}/seat`, {});
  const facilitator = await seated(browser, office, { alias: 'Fern', role: 'facilitator', index: 1, link, staff: lead }, watched);
  const guest = await seated(browser, office, { alias, role: 'member', index: 3, link: await seatOfMember(office, member, session) }, watched);
  for (const { page } of [facilitator, guest])
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => void line.push(payload.toString()));
      socket.on('framereceived', ({ payload }) => void line.push(payload.toString()));
    });
  await guest.driver.beforeScripts(() => localStorage.setItem('quietroomProbe', '1'));
  await guest.arrive('camera', 'microphone');
  await guest.sees('wait.title');
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
  await facilitator.admits({ alias });
  await guest.isInRoom();
  const record = await staffPage(browser, lead, watched);
  await record.goto(`${office.server.url}/staff/groups/${group}/members/${member.membership}`);
  await record.getByText(legalName).first().waitFor();
  const [hers, theirs] = [facilitator.page, guest.page];
  await hers.bringToFront();
  const chat = hers.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) });
  if ((await chat.getAttribute('aria-expanded')) !== 'true') await chat.click();
  await hers.getByLabel(words('chat.write')).fill(said);
  await hers.getByRole('button', { name: words('chat.send'), exact: true }).click();
  await theirs.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) }).click();
  await theirs.getByText(said).first().waitFor();
  await theirs.getByText(alias).first().waitFor();
  return {
    office, browser, watched, line, lead, group, session, member, record, facilitator, guest,
    async close() {
      await browser.close();
      await office.close();
    },
  };
}
