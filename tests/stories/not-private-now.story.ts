// SPDX-License-Identifier: Apache-2.0
// "Not private now": one control and one key, in the midst of whatever the person does; by itself, as they decided beforehand; and the
// quick exit, which leaves nothing behind in the tab.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../people/browsers.ts';
import { Group, type InChromium } from '../people/group.ts';
import { type Key, type Person, words } from '../people/person.ts';

let group: Group;
let browser: Browser; // as people have it: keeps pages for going back to
let facilitator: InChromium;
let member: InChromium;
let inFirefox: Person;

// Runs in the page: every audio element that was played, hiding the page by hand, and headphones that can be pulled out.
function stage(): void {
  const played: HTMLMediaElement[] = [];
  const native = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
    if (this instanceof HTMLAudioElement) played.push(this);
    return native.call(this);
  };
  if (!navigator.mediaDevices) return; // a page without an address
  let hidden = false;
  Object.defineProperty(document, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible') });
  let headphones = true;
  const enumerate = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
  navigator.mediaDevices.enumerateDevices = async () => {
    const output = (id: string) => ({ kind: 'audiooutput', deviceId: id, label: id, groupId: id, toJSON: () => ({}) }) as unknown as MediaDeviceInfo;
    return [...(await enumerate()), output('built-in'), ...(headphones ? [output('headphones')] : [])];
  };
  Object.assign(window, {
    audibly: () => played.filter((one) => !one.paused && !one.muted && one.srcObject !== null).length,
    hidePage: (now: boolean) => {
      hidden = now;
      document.dispatchEvent(new Event('visibilitychange'));
    },
    pullHeadphones: (out: boolean) => {
      headphones = !out;
      navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    },
  });
}
interface Staged {
  audibly(): number;
  hidePage(now: boolean): void;
  pullHeadphones(out: boolean): void;
}

const audibly = (person: Person) => person.driver.evaluate(() => (window as unknown as Staged).audibly(), null);
const hidePage = (person: Person, now: boolean) => person.driver.evaluate((on) => (window as unknown as Staged).hidePage(on), now);
const pullHeadphones = (person: Person, out: boolean) => person.driver.evaluate((on) => (window as unknown as Staged).pullHeadphones(on), out);
const says = (person: Person, key: Key) => person.driver.waitFor((text) => document.body.innerText.includes(text), words(key), `"${words(key)}"`);
const isCovered = (person: Person) => person.driver.waitFor(() => document.querySelector('.cover') !== null, null, 'the cover');
const asks = (person: Person, key: Key) =>
  person.driver.waitFor((text) => document.querySelector('dialog[open] h2')?.textContent?.trim() === text, words(key), `the question "${words(key)}"`);
const pressKey = (person: Person, code: string) =>
  person.driver.evaluate(
    (which) => void (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { code: which, altKey: true, shiftKey: true, bubbles: true, cancelable: true })),
    code,
  );

const elsewhere = 'data:text/html,<title>Soup</title><h1>Soup</h1>'; // a page that has nothing to do with us

// Presses Back, and gives what the page that then stands there says.
async function goesBack(person: Person): Promise<string> {
  await person.driver.evaluate(() => {
    Object.assign(window, { stillHere: true });
    setTimeout(() => history.back()); // once this has answered: the page goes
  }, null);
  await person.driver.waitFor(() => !('stillHere' in window) && (document.querySelector('h1')?.getClientRects().length ?? 0) > 0, null, 'another page');
  return person.driver.evaluate(() => `${document.title}\n${document.body.innerText}`, null);
}

let tiles = 3; // that somebody in the room sees

const groupSees = (seat: number, expected: boolean) =>
  facilitator.driver.waitFor(
    ([at, so]) => {
      const video = document.querySelector<HTMLVideoElement>(`[data-seat="${at}"] video`);
      return (video !== null && window.reading.code(video) !== null) === so;
    },
    [seat, expected] as const,
    expected ? 'the group to see them' : 'the group not to see them',
  );
const markedNotPrivate = (seat: number) =>
  facilitator.page.locator(`[data-seat="${seat}"] .tile__instead`).getByText(words('mark.not_private')).first().waitFor({ state: 'attached' });

// Others neither seen nor heard here, nothing sent, and the group told.
async function isPrivate(person: Person): Promise<void> {
  await isCovered(person);
  expect(await person.driver.evaluate(() => document.querySelectorAll('video').length, null)).toBe(0);
  expect(await person.driver.evaluate(() => document.querySelectorAll('[data-seat]').length, null)).toBe(0);
  expect(await audibly(person)).toBe(0);
  await person.driver.waitFor(
    () => window.reading.connections.every((one) => one.getSenders().every((sender) => sender.track === null || sender.track.readyState === 'ended')),
    null,
    'nothing to be sent',
  );
  await markedNotPrivate(person.link.seat);
}
async function comesBack(person: Person): Promise<void> {
  await person.press('private.back');
  await person.seesTiles(tiles);
  await expect.poll(() => audibly(person)).toBeGreaterThan(0);
}
async function switchesOn(person: Person): Promise<void> {
  for (const key of ['bar.microphone', 'bar.camera'] as const) {
    await person.driver.evaluate((word) => [...document.querySelectorAll<HTMLElement>('.bar__button[aria-pressed="false"]')].find((one) => one.textContent?.trim().startsWith(word))?.click(), words(key));
  }
  await groupSees(person.link.seat, true);
}

beforeAll(async () => {
  group = await Group.open();
  browser = await launchChromium({ backForwardCache: true });
  facilitator = await group.person(group.indexOf('facilitator'), { browser });
  member = await group.person(group.indexOf('member', 0), { browser });
  inFirefox = await group.personInFirefox(group.indexOf('member', 1));
  for (const person of [member, inFirefox]) await person.driver.beforeScripts(stage);
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
  for (const person of [member, inFirefox]) {
    // They looked at their link earlier in this tab, and then at another page.
    await person.open();
    await person.driver.goto(elsewhere);
    await person.arrive('camera', 'microphone');
    await facilitator.admits(person);
    await person.isInRoom();
    await groupSees(person.link.seat, true);
  }
});
afterAll(async () => {
  await browser?.close();
  await group?.close();
});

describe.each(['Chromium', 'Firefox'])('in %s', (browser) => {
  const person = (): Person => (browser === 'Firefox' ? inFirefox : member);

  test('the control blanks and silences at once, in both directions, the group is told, and one tap brings back', async () => {
    await expect.poll(() => audibly(person())).toBeGreaterThan(0);
    await person().press('bar.private');
    await isPrivate(person());
    await comesBack(person());
    // Nothing is turned on for them.
    await groupSees(person().link.seat, false);
    await switchesOn(person());
  });

  test('the key works in the midst of writing, and over a question that lies open', async () => {
    await person().press('bar.chat');
    await person().driver.evaluate(() => document.querySelector<HTMLElement>('textarea')!.focus(), null);
    await pressKey(person(), 'KeyP');
    await isPrivate(person());
    await comesBack(person());
    await person().press('bar.more');
    await person().press('more.disguise');
    await person().driver.waitFor(() => document.querySelector('dialog[open]') !== null, null, 'the chooser');
    await pressKey(person(), 'KeyP');
    await isPrivate(person());
    expect(await person().driver.evaluate(() => document.querySelectorAll('dialog[open]').length, null)).toBe(0);
    await pressKey(person(), 'KeyP');
    await person().seesTiles(tiles);
    await switchesOn(person());
  });

  test('a page that was hidden asks, and does nothing by itself', async () => {
    await hidePage(person(), true);
    await hidePage(person(), false);
    await asks(person(), 'watch.hidden.title');
    await groupSees(person().link.seat, true);
    await person().press('watch.go_on');
    await person().seesTiles(tiles);
    await hidePage(person(), true);
    await hidePage(person(), false);
    await asks(person(), 'watch.hidden.title');
    await person().press('private.title');
    await isPrivate(person());
    await comesBack(person());
    await switchesOn(person());
  });

  test('a headphone that comes out silences the group here until the person has answered', async () => {
    await pullHeadphones(person(), true);
    await asks(person(), 'watch.unplugged.title');
    expect(await audibly(person())).toBe(0);
    await person().press('watch.go_on');
    await expect.poll(() => audibly(person())).toBeGreaterThan(0);
    await pullHeadphones(person(), false);
  });

  test('who decided so beforehand is covered by itself, is told why, and keeps it over a reload', async () => {
    await person().press('bar.more');
    await person().press('more.watch');
    await person().driver.waitFor(() => document.querySelector('input[name="watch"]') !== null, null, 'the setting');
    await person().driver.evaluate(() => document.querySelector<HTMLElement>('input[name="watch"][value="self"]')!.click(), null);
    await person().press('close');
    await hidePage(person(), true);
    await isPrivate(person());
    await says(person(), 'private.by_hidden');
    await hidePage(person(), false);
    await comesBack(person());
    await pullHeadphones(person(), true);
    await isPrivate(person());
    await says(person(), 'private.by_unplugged');
    await pullHeadphones(person(), false);
    await comesBack(person());
    await person().driver.reload();
    await person().isInRoom(60_000);
    await hidePage(person(), true);
    await isPrivate(person());
    await hidePage(person(), false);
    await comesBack(person());
  });

  test('the title and the picture of the tab say nothing of a group', async () => {
    const title = await person().driver.evaluate(() => document.title, null);
    expect(title).toBe('Call');
    const icon = await person().driver.evaluate(async () => (await fetch(document.querySelector<HTMLLinkElement>('link[rel="icon"]')!.href)).text(), null);
    expect(icon).not.toMatch(/<text|<title|<image/);
  });

  test('a quick exit leaves at once, and nothing in address, title, history or storage', async () => {
    await switchesOn(person());
    await pressKey(person(), 'KeyX');
    await person().driver.waitFor(() => location.pathname === '/clock.html' && document.readyState === 'complete', null, 'the clock');
    const left = await person().driver.evaluate(
      async () => ({
        title: document.title,
        address: location.href.slice(location.origin.length),
        words: document.body.innerText,
        from: document.referrer,
        stored: [sessionStorage.length, localStorage.length, document.cookie.length, ((await indexedDB.databases?.()) ?? []).length],
        caches: 'caches' in window ? (await caches.keys()).length : 0,
      }),
      null,
    );
    expect(left).toMatchObject({ title: 'Clock', address: '/clock.html', from: '', stored: [0, 0, 0, 0], caches: 0 });
    expect(left.words).not.toMatch(/group|call|quiet/i);
    // The seat is free, not lost: the group does not wait for them.
    tiles -= 1;
    await facilitator.seesTiles(tiles);
    // Back does not return: the page before this one is the one before the call. One more, and the link that was opened earlier is no
    // longer known to this tab.
    expect(await goesBack(person())).toBe('Soup\nSoup');
    await goesBack(person());
    await person().sees('link.title'); // it asks the server first, and says that it does
    expect(await person().driver.evaluate(() => document.body.innerText, null)).not.toContain(person().alias);
  });
});

test('before the room the same ways stand on the page, for a thumb and for a key', async () => {
  const other = await group.person(group.indexOf('member', 2), { viewport: { width: 320, height: 640 } });
  await other.open();
  const control = other.page.getByRole('button', { name: words('bar.private'), exact: true });
  const box = (await control.boundingBox())!;
  expect(box.height).toBeGreaterThanOrEqual(44);
  for (const key of ['bar.help', 'bar.leave', 'bar.exit'] as const) {
    const one = (await other.page.getByRole('button', { name: words(key), exact: true }).boundingBox())!;
    expect(box.width).toBeGreaterThan(one.width); // the largest of them
  }
  await pressKey(other, 'KeyP');
  await isCovered(other);
  await other.press('private.back');
  await other.sees('arrive.title');
  await other.press('bar.exit');
  await other.driver.waitFor(() => location.pathname === '/clock.html', null, 'the clock');
});

test('no page said or asked anything that it should not', () => expect(group.watched).toEqual({ errors: [], foreign: [] }));
