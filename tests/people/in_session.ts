// SPDX-License-Identifier: Apache-2.0
// People of a real session for a story: staff in a browser who signed in, and members who take their own seats behind their links.
// Their links are made by staff through the API; that messages carry them is another story.
import type { Browser, Page } from 'playwright-core';
import { newContext, newPage, type Watched } from './browsers.ts';
import { chromiumDriver } from './driver.ts';
import type { InChromium } from './group.ts';
import { type Office, person as personOf, member as memberOf, type Staff } from './office.ts';
import { Person } from './person.ts';

export interface Member {
  alias: string;
  membership: string;
  link: string; // of their own page: /mine#…
  visit(): Promise<string>; // the two things are right
}

const born = '1980-02-29';

export async function memberOfGroup(office: Office, lead: Staff, group: string, name: string, alias: string): Promise<Member> {
  const made = await lead.does<{ id: string }>('POST', '/api/people', personOf(office.team, name));
  const membership = await memberOf(lead, group, made.id, alias);
  const { link, asks } = await lead.does<{ link: string; asks: string[] }>('POST', `/api/memberships/${membership}/link`, {});
  const known: Record<string, string> = { birth_date: born, postcode: 'M1 1AE', mobile_end: '0123' };
  return {
    alias,
    membership,
    link,
    async visit() {
      const answer = await fetch(`${office.server.url}/api/links/confirm`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ link, answers: asks.slice(0, 2).map((asked) => ({ asked, text: known[asked] ?? '' })) }),
      });
      if (!answer.ok) throw new Error(`the link of ${alias} does not open: ${answer.status} ${await answer.text()}`);
      return ((await answer.json()) as { visit: string }).visit;
    },
  };
}

// A page of a browser in which this member of staff has signed in.
export async function staffPage(browser: Browser, staff: Staff, watched: Watched): Promise<Page> {
  const context = await newContext(browser, { bypassCSP: true, reducedMotion: 'reduce' });
  await staff.opens(context);
  return newPage(context, null, watched);
}

// In the lobby of the session, by a seat of their own.
export async function seated(browser: Browser, office: Office, seat: { alias: string; role: 'facilitator' | 'member'; index: number; link: string; staff?: Staff }, watched: Watched): Promise<InChromium> {
  const context = await newContext(browser, { reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } });
  await seat.staff?.opens(context);
  const page = await newPage(context, { index: seat.index }, watched);
  const one = new Person(chromiumDriver(page), office.server.url, { seat: seat.index, role: seat.role, alias: seat.alias, link: seat.link.replace(/^.*#/, '') });
  return Object.assign(one, { page, context });
}

// The facilitator comes, and lets each of these in.
export async function allComeIn(facilitator: Person, members: readonly Person[]): Promise<void> {
  await facilitator.open();
  await facilitator.ready();
  await facilitator.isInRoom();
  for (const person of members) {
    await person.open();
    await person.ready();
    await facilitator.admits(person);
    await person.isInRoom();
  }
}

export async function seatOfMember(office: Office, member: Member, session: string): Promise<string> {
  const answer = await fetch(`${office.server.url}/api/mine/sessions/${session}/seat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Visit ${await member.visit()}` },
    body: '{}',
  });
  if (!answer.ok) throw new Error(`no seat for ${member.alias}: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { link: string }).link;
}
