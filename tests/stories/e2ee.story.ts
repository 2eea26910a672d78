// SPDX-License-Identifier: Apache-2.0
// An encrypted group in real browsers, three Chromium and one Firefox: what is said and shown arrives, nothing of it goes over the
// line in the clear, everyone has the same words, and keys follow who comes, goes and comes back. An unencrypted group says so first.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium, type Watched } from '../people/browsers.ts';
import { Group, type InChromium } from '../people/group.ts';
import { memberOfGroup, seated, seatOfMember } from '../people/in_session.ts';
import { groupWithSession, openOffice } from '../people/office.ts';
import { type Person, words } from '../people/person.ts';

let group: Group;
let facilitator: InChromium;
let second: InChromium;
let member: InChromium;
let inFirefox: Person;
const lines: string[] = []; // everything that went over the Chromium pages' sockets

const watchLine = (person: InChromium): void => {
  person.page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => void lines.push(payload.toString()));
    socket.on('framereceived', ({ payload }) => void lines.push(payload.toString()));
  });
};

const protectedAs = (person: Person, text: string, timeout = 30_000): Promise<void> =>
  person.driver.waitFor((expected) => document.querySelector('.strip__protection')?.textContent?.includes(expected), text, `${person.alias} to be told "${text}"`, timeout);

const encrypted = (person: Person): Promise<void> => protectedAs(person, words('protect.on'));

// The four words that a page shows.
async function wordsSeenBy(person: Person): Promise<string[]> {
  await person.driver.press(words('protect.more'));
  await person.driver.waitFor(() => document.querySelector('dialog[open] .words') !== null, null, 'the page that explains');
  const shown = () => [...document.querySelectorAll('dialog[open] .words__list li')].map((item) => item.textContent ?? '');
  await person.driver.press(words('words.show'));
  await person.driver.waitFor(() => document.querySelectorAll('dialog[open] .words__list li').length === 4, null, `four words for ${person.alias}`, 60_000);
  const seen = await person.driver.evaluate(shown, null);
  await person.driver.evaluate(() => document.querySelector<HTMLElement>('dialog[open] .button-row:last-child button')?.click(), null);
  await person.driver.waitFor(() => document.querySelector('dialog[open]') === null, null, 'the page that explains to be closed');
  return seen;
}

const says = async (person: InChromium, text: string): Promise<void> => {
  const button = person.page.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) });
  if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
  await person.page.getByLabel(words('chat.write')).fill(text);
  await person.page.getByRole('button', { name: words('chat.send'), exact: true }).click();
};

const reads = async (person: Person, text: string): Promise<void> => {
  await person.driver.waitFor(
    (expected) => {
      const open = document.querySelector('.side .line, .side [role="log"]') !== null || document.querySelector('.side textarea') !== null;
      if (!open) [...document.querySelectorAll<HTMLElement>('.bar__button')].find((one) => one.textContent?.trim().startsWith('Chat'))?.click();
      return document.body.textContent?.includes(expected);
    },
    text,
    `${person.alias} to read "${text}"`,
    20_000,
  );
};

const everyone = (): Person[] => [facilitator, second, member, inFirefox];

beforeAll(async () => {
  group = await Group.open();
  facilitator = await group.person(group.indexOf('facilitator'));
  second = await group.person(group.indexOf('co_facilitator'));
  member = await group.person(group.indexOf('member', 0));
  inFirefox = await group.personInFirefox(group.indexOf('member', 1));
  [facilitator, second, member].forEach(watchLine);
});
afterAll(() => group?.close());

test('a group comes together: each is let in by the facilitator’s own device, a second facilitator too', async () => {
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
  await encrypted(facilitator);
  for (const person of [second, member, inFirefox]) {
    await person.arrive('camera', 'microphone');
    await person.sees('wait.title');
    await facilitator.admits(person);
    await person.isInRoom();
    await encrypted(person);
  }
});

test('everyone sees and hears everyone, in both browsers', async () => {
  const indices = [group.indexOf('facilitator'), group.indexOf('co_facilitator'), group.indexOf('member', 0), group.indexOf('member', 1)];
  for (const [place, person] of everyone().entries()) await person.seesAndHears(group.expected(indices.filter((_, other) => other !== place)));
});

test('names and chat arrive, and nothing of them goes over the line in the clear', async () => {
  for (const person of everyone()) await expect.poll(async () => (await person.names()).map((name) => name.replace(' (you)', '')).sort(), { timeout: 15_000 }).toEqual(everyone().map(({ alias }) => alias).sort());
  await says(member, 'The walking helped, quietly');
  for (const person of [facilitator, inFirefox]) await reads(person, 'The walking helped, quietly');
  expect(lines.length).toBeGreaterThan(20);
  const all = lines.join('\n');
  const decoded = [...all.matchAll(/"payload":"([A-Za-z0-9_-]+)"/g)].map(([, payload]) => Buffer.from(payload!, 'base64url').toString('latin1')).join('\n');
  for (const said of ['walking', 'quietly', '"kind"']) {
    expect(all).not.toContain(said);
    expect(decoded).not.toContain(said);
  }
  // As a word: three letters of an alias are sometimes found in base64, too.
  for (const { alias } of everyone()) {
    expect(all).not.toMatch(new RegExp(`(?<![\\w-])${alias}(?![\\w-])`));
    expect(decoded).not.toContain(`"${alias}"`);
  }
});

test('all have the same four words', async () => {
  const seen: string[][] = [];
  for (const person of everyone()) seen.push(await wordsSeenBy(person));
  expect(seen[0]).toHaveLength(4);
  for (const one of seen) expect(one).toEqual(seen[0]);
});

test('a member who loads the page anew is back without a click, with the keys of now', async () => {
  await member.driver.reload();
  await member.isInRoom();
  await encrypted(member);
  await says(facilitator, 'Welcome back to you');
  await reads(member, 'Welcome back to you');
  expect(await member.page.locator('.notice').count()).toBe(0);
});

test('the first facilitator leaves: the second keeps the group, and the words are new', async () => {
  const before = await wordsSeenBy(second);
  await facilitator.leaves();
  for (const person of [second, member, inFirefox]) await person.seesTiles(3);
  await expect.poll(() => wordsSeenBy(second), { timeout: 30_000 }).not.toEqual(before);
  const now = await wordsSeenBy(second);
  for (const person of [member, inFirefox]) expect(await wordsSeenBy(person)).toEqual(now);
  await says(second, 'I stay with you');
  for (const person of [member, inFirefox]) await reads(person, 'I stay with you');
});

test('the only facilitator loads the page anew: a new group, everyone is told, and members are held until the words were compared', async () => {
  await second.driver.reload();
  await second.isInRoom();
  await encrypted(second);
  for (const person of [member, inFirefox]) await person.driver.waitFor((text) => document.body.textContent?.includes(text), words('protect.hold'), `${person.alias} to be told of the new words`, 30_000);
  await second.driver.waitFor((text) => document.body.textContent?.includes(text), words('protect.hold_lead'), 'the facilitator to be told', 30_000);
  await second.driver.press(words('words.show')); // from the notice: the words are there at once
  await second.driver.waitFor(() => document.querySelectorAll('dialog[open] .words__list li').length === 4, null, 'four words', 60_000);
  await second.driver.press(words('words.same'));
  for (const person of [member, inFirefox]) await person.driver.waitFor((text) => !document.body.textContent?.includes(text), words('protect.hold'), `${person.alias} to be let go on`, 30_000);
  const indices = [group.indexOf('member', 1)];
  await expect.poll(async () => (await member.tiles()).find(({ seat }) => seat === group.link(indices[0]!).seat)?.tone, { timeout: 30_000 }).toBe(indices[0]);
});

test('no page has had an error', () => {
  expect(group.watched.errors).toEqual([]);
  expect(group.watched.foreign).toEqual([]);
});

test('a group that is not encrypted says so before anybody joins, and in the room', async () => {
  const clear = await Group.open({ arguments: ['--demo-clear'] });
  try {
    const lead = await clear.person(clear.indexOf('facilitator'));
    await lead.open();
    await lead.page.getByRole('heading', { name: words('protect.none') }).waitFor();
    await lead.answersToday();
    await lead.press('arrive.ready');
    await lead.page.getByText(words('protect.agree_fault')).waitFor();
    expect(await lead.page.locator('[data-seat]').count()).toBe(0);
    await lead.page.getByLabel(words('protect.agree')).check();
    await lead.press('arrive.ready');
    await lead.isInRoom();
    await protectedAs(lead, words('protect.none'));
  } finally {
    await clear.close();
  }
});

test('a group whose plan says so is not encrypted: everyone reads it before they join, must agree, and has it in sight', async () => {
  const office = await openOffice();
  const browser = await launchChromium();
  const watched: Watched = { errors: [], foreign: [] };
  try {
    const lead = await office.staff('Fern Example', ['team_lead', 'facilitator']);
    const { group: planned, session } = await groupWithSession(lead, office.team, 'Coping with panic', { endToEnd: false, note: 'A captioner listens in from another room.' });
    const guest = await memberOfGroup(office, lead, planned, 'Invented Name', 'Heron');
    const { link } = await lead.does<{ link: string }>('POST', `/api/sessions/${session}/seat`, {});
    const seats = [
      { alias: 'Fern', role: 'facilitator' as const, index: 1, link, staff: lead },
      { alias: 'Heron', role: 'member' as const, index: 3, link: await seatOfMember(office, guest, session) },
    ];
    const [first, then] = [await seated(browser, office, seats[0]!, watched), await seated(browser, office, seats[1]!, watched)];
    for (const person of [first, then]) {
      await person.open();
      await person.page.getByRole('heading', { name: words('protect.none') }).waitFor();
      await person.ready();
      await person.page.getByText(words('protect.agree_fault')).waitFor(); // not without saying yes
      await person.page.getByLabel(words('protect.agree')).check();
      await person.press('arrive.ready');
      if (person === then) await first.admits(then);
      await person.isInRoom();
      await protectedAs(person, words('protect.none'));
    }
  } finally {
    await browser.close();
    await office.close();
  }
});
