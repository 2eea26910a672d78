// SPDX-License-Identifier: Apache-2.0
// The demonstration trust, walked by links alone: from the start page, as each of its members of staff, and by a member's own link.
// Every page of the page table is reached by somebody; no link leads somebody to a page that does not open for them; and every page
// looks right at three widths and is clean by axe. What is made by the demonstration is counted.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { en } from '../../../web/src/texts/en.ts';
import { enDisguise } from '../../../web/src/texts/en_disguise.ts';
import { enMine } from '../../../web/src/texts/en_mine.ts';
import { enSafetyStaff } from '../../../web/src/texts/en_safety_staff.ts';
import { enStaff } from '../../../web/src/texts/en_staff.ts';
import { launchChromium, newContext, newPage, type Watched } from '../../people/browsers.ts';
import { axeFaults, looksWrong } from '../../people/looks.ts';
import { type Server, startServer, tree } from '../../people/server.ts';

interface Place {
  findPage(path: string): { page: string; ids: string[] } | null;
  pageNames: readonly string[];
}
let place: Place;
let server: Server;
let browser: Browser;
const watched: Watched = { errors: [], foreign: [] };
const reached = new Map<string, Set<string>>(); // page -> who got there
const reach = (page: string, who: string) => reached.set(page, (reached.get(page) ?? new Set()).add(who));

const perPage = 2; // records of one kind that one person looks at

beforeAll(async () => {
  place = (await import(pathToFileURL(join(tree, 'web', 'src', 'staff', 'place.tsx')).href)) as Place;
  server = await startServer({ arguments: ['--demo-trust'] });
  browser = await launchChromium({ backForwardCache: true }); // as people have it
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

// Runs in the page: how many answers it waits for.
function countAsked(): void {
  let asked = 0;
  const native = window.fetch.bind(window);
  window.fetch = async (...what) => {
    asked += 1;
    try {
      return await native(...what);
    } finally {
      asked -= 1;
    }
  };
  Object.assign(window, { asked: () => asked });
}
// The page has a heading, waits for nothing, and has not begun to for some pictures on.
const ready = async (page: Page): Promise<void> => {
  await page.locator('h1').first().waitFor();
  await page.evaluate(
    (words) =>
      new Promise<void>((resolve) => {
        let still = 0;
        const look = (): void => {
          const quiet = (window as unknown as { asked(): number }).asked() === 0 && !document.body.innerText.includes(words);
          still = quiet ? still + 1 : 0;
          if (still > 3) resolve();
          else requestAnimationFrame(look);
        };
        look();
      }),
    enStaff['staff.one_moment'],
  );
};
const linksOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => [...document.querySelectorAll<HTMLAnchorElement>('a[href]')].map((link) => link.getAttribute('href') ?? '').filter((to) => to.startsWith('/staff')));

test('the demonstration trust has what it says', () => {
  const rows = new DatabaseSync(join(server.folder, 'data', 'quietroom.sqlite3'), { readOnly: true });
  const count = (sql: string): number => Number(Object.values(rows.prepare(sql).get() as Record<string, number>)[0]);
  const now = Date.now() * 1_000;
  expect({
    services: count('SELECT COUNT(*) FROM service'), teams: count('SELECT COUNT(*) FROM team'), staff: count('SELECT COUNT(*) FROM staff'),
    people: count('SELECT COUNT(*) FROM person'), groups: count('SELECT COUNT(*) FROM therapy_group'),
    now: count(`SELECT COUNT(*) FROM session WHERE starts_us <= ${now} AND ends_us > ${now} AND number = 5`),
  }).toEqual({ services: 2, teams: 6, staff: 40, people: 300, groups: 30, now: 1 });
  expect(count(`SELECT COUNT(DISTINCT group_id) FROM session WHERE ends_us < ${now}`)).toBeGreaterThan(20);
  expect(count(`SELECT COUNT(DISTINCT group_id) FROM session WHERE starts_us > ${now}`)).toBeGreaterThan(20);
  rows.close();
});

test('the start page leads to the room, to a member’s own page and to the staff pages', async () => {
  const context = await newContext(browser, { reducedMotion: 'reduce' });
  const page = await newPage(context, { index: 1 }, watched);
  await page.goto(server.url);
  await page.getByRole('heading', { name: en['start.demo_title'] }).waitFor();
  expect(await looksWrong(page, 'demonstration-start', 44)).toEqual([]);
  const robin = page.getByRole('link', { name: 'Join as Robin' });
  const link = (await robin.getAttribute('href'))!;
  const [room] = await Promise.all([context.waitForEvent('page'), robin.click()]);
  await room.locator('h1').first().waitFor();
  expect(await looksWrong(room, 'demonstration-arrive', 44)).toEqual([]);
  await room.close();
  const row = page.locator('li', { hasText: en['start.demo_own_answers'].split('{')[0]! }).first();
  const [, day = '', month = '', year = '', postcode = ''] = /(\d\d) (\d\d) (\d{4}), postcode (.+)$/.exec(await row.innerText()) ?? [];
  const [own] = await Promise.all([context.waitForEvent('page'), row.getByRole('link').click()]);
  await own.getByRole('heading', { name: enMine['confirm.title'] }).waitFor();
  expect(await looksWrong(own, 'demonstration-confirm', 44)).toEqual([]);
  await own.getByLabel(enMine['confirm.day']).fill(day);
  await own.getByLabel(enMine['confirm.month']).fill(month);
  await own.getByLabel(enMine['confirm.year']).fill(year);
  await own.getByLabel(enMine['confirm.postcode'], { exact: true }).fill(postcode);
  await own.getByRole('button', { name: enMine['confirm.go'] }).click();
  await own.getByRole('heading', { name: enMine['confirm.title'] }).waitFor({ state: 'detached' });
  await own.locator('h1').first().waitFor();
  await own.waitForLoadState('networkidle');
  expect(await looksWrong(own, 'demonstration-mine', 44)).toEqual([]);
  // Who then leaves a room in a hurry does not find their page kept by the browser.
  await own.goto(new URL(link, server.url).href);
  await own.getByRole('button', { name: enDisguise['bar.exit'], exact: true }).click();
  await own.waitForURL('**/clock.html');
  await own.goBack({ waitUntil: 'commit' });
  await own.waitForURL('**/clock.html');
  await context.close();
});

async function signsIn(role: string): Promise<Page> {
  const page = await newPage(await newContext(browser, { reducedMotion: 'reduce' }), null, watched);
  await page.addInitScript(countAsked);
  await page.goto(server.url);
  await page.getByRole('link', { name: en['start.staff'] }).click();
  await page.getByRole('heading', { name: enStaff['sign_in.demo'] }).waitFor();
  if (role === 'facilitator') expect(await looksWrong(page, 'demonstration-sign-in')).toEqual([]);
  reach('sign-in', role);
  const title = enStaff[`staff_role.${role}` as keyof typeof enStaff] as string;
  await page.locator('.row', { has: page.getByText(title, { exact: true }) }).getByRole('button').click();
  await page.getByRole('heading', { level: 1, name: enStaff['today.title'] }).waitFor();
  return page;
}

// What a demonstration does not begin with: an alert that is open, and letters that wait to be posted.
async function somethingHappens(page: Page): Promise<void> {
  await page.getByRole('link', { name: enStaff['today.register'] }).first().click();
  await page.getByRole('button', { name: enSafetyStaff['alerts.raise'] }).first().click();
  await page.getByRole('button', { name: enSafetyStaff['alerts.do.worried'] }).click();
  await page.getByText(enSafetyStaff['alerts.raised'].split('{name}')[1]!).waitFor();
  // Bramble asked to be written to.
  await page.goto(`${server.url}/staff`);
  await page.locator('.card h3 a').first().click();
  await page.locator('.row', { hasText: 'Bramble' }).getByRole('link', { name: enStaff['word.change'] }).click();
  await page.getByRole('button', { name: enStaff['messages.send'] }).click();
  await page.getByText(enStaff['messages.written']).waitFor();
}

const looked = new Set<string>(); // each kind of page, by whoever got there first
const built = new Set<string>(); // how a page is put together: one that is so already has been looked at by axe

// Runs in the page: every kind of element in it, with what assistive technology reads of it.
function partsOf(): string {
  const kinds = [...document.body.querySelectorAll('*')].map((one) => {
    const told = [...one.attributes].filter(({ name }) => name === 'role' || name === 'type' || name.startsWith('aria-')).map(({ name, value }) => (name === 'role' || name === 'type' ? `${name}=${value}` : name));
    return `${one.parentElement?.tagName}>${one.tagName}.${[...one.classList].sort().join('.')}[${told.sort().join()}]`;
  });
  return [...new Set(kinds)].sort().join('\n');
}

// Follows every link, some records of each kind, and looks at each kind of page once.
async function walk(page: Page, role: string): Promise<string[]> {
  const wrong: string[] = [];
  const waiting = ['/staff'];
  const known = new Set(waiting);
  const seen = new Map<string, number>();
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { pathname, searchParams } = new URL(next, server.url);
    const found = place.findPage(pathname);
    if (!found) {
      wrong.push(`${role}: a link leads nowhere: ${next}`);
      continue;
    }
    const kind = `${found.page} ${searchParams.get('step') ?? ''}${found.page === 'change-person' ? pathname.split('/').at(-1) : ''}`;
    if ((seen.get(kind) ?? 0) >= perPage) continue;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    await page.goto(server.url + next);
    await ready(page);
    if ((await page.locator('.trouble').count()) > 0) wrong.push(`${role}: ${next} does not open: ${await page.locator('.trouble').first().innerText()}`);
    reach(found.page, role);
    const name = `demonstration-${role}-${kind.trim().replaceAll(' ', '-')}`;
    if (!looked.has(kind)) wrong.push(...(await looksWrong(page, name)));
    else if (seen.get(kind) === 1 && !built.has(await page.evaluate(partsOf))) wrong.push(...(await axeFaults(page)).map((fault) => `${name}: ${fault}`));
    looked.add(kind);
    built.add(await page.evaluate(partsOf));
    for (const link of await linksOf(page)) {
      if (known.has(link)) continue;
      known.add(link);
      waiting.push(link);
    }
  }
  return wrong;
}

for (const role of ['facilitator', 'team_lead', 'administrator', 'safety_officer', 'it_support', 'trainer', 'evaluator'])
  test(`every link of a demonstration’s ${role} leads to a page that opens`, { timeout: 600_000 }, async () => {
    const page = await signsIn(role);
    if (role === 'facilitator') await somethingHappens(page);
    expect(await walk(page, role)).toEqual([]);
    if (role === 'administrator') {
      // The one page that is reached by an address handed over: the administrator makes it, a new colleague opens it.
      await page.goto(`${server.url}/staff/colleagues`);
      await page.getByRole('link', { name: /Curlew|Bunting|Avocet/ }).first().click();
      await page.getByRole('button', { name: enStaff['colleagues.set_up_make'] }).click();
      const address = await page.locator('.secret').innerText();
      const theirs = await newPage(await newContext(browser, { reducedMotion: 'reduce' }), null, watched);
      await theirs.goto(address);
      await theirs.locator('h1').first().waitFor();
      expect(place.findPage(new URL(address).pathname)?.page).toBe('set-up');
      expect(await looksWrong(theirs, 'demonstration-set-up')).toEqual([]);
      reach('set-up', role);
      await theirs.context().close();
      // Where the trust's own sign-in leads back to, in a tab of its own (sign-in-oidc).
      for (const how of ['', '?problem=other']) {
        await page.goto(`${server.url}/staff/signed-in${how}`);
        await page.getByRole('heading', { name: enStaff[how ? 'signed_in.not' : 'signed_in.title'] }).waitFor();
        expect(await looksWrong(page, `demonstration-signed-in${how ? '-not' : ''}`)).toEqual([]);
      }
      reach('signed-in', role);
    }
    await page.context().close();
  });

test('every page of the table was reached by somebody', () => {
  const lost = place.pageNames.filter((name) => !reached.has(name));
  console.log([...reached].map(([page, who]) => `${page}: ${[...who].join(', ')}`).sort().join('\n'));
  expect(lost).toEqual([]);
  expect(place.pageNames.length).toBeGreaterThan(20);
  const errors = watched.errors.filter((error) => !/status of 401/.test(error)); // who comes unknown is asked to sign in
  expect({ ...watched, errors }).toEqual({ errors: [], foreign: [] });
});
