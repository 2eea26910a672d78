// SPDX-License-Identifier: Apache-2.0
// A page is loaded anew, left and returned to, or kept silent by its browser: what a person had set is still so, nothing is
// switched on for them, and the words on the page are true. (A lost line is the story reconnect.)
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../people/browsers.ts';
import { Group, type InChromium } from '../people/group.ts';
import { words } from '../people/person.ts';

let group: Group;
let browser: Browser; // as people have it: keeps pages for going back to
let facilitator: InChromium;
let member: InChromium;

// Every audio element that was played, so that a story can ask which of them can be heard.
function listening(): void {
  const played: HTMLMediaElement[] = [];
  const native = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
    if (this instanceof HTMLAudioElement) played.push(this);
    return native.call(this);
  };
  Object.assign(window, { audibly: () => played.filter((one) => !one.paused && !one.muted && one.srcObject !== null).length });
}

beforeAll(async () => {
  group = await Group.open();
  browser = await launchChromium({ backForwardCache: true });
  facilitator = await group.person(group.indexOf('facilitator'), { browser });
  member = await group.person(group.indexOf('member'), { browser });
  await member.page.addInitScript(listening);
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
  await member.arrive('camera', 'microphone');
  await facilitator.admits(member);
  await member.isInRoom();
});
afterAll(async () => {
  await browser?.close();
  await group?.close();
});

const button = (person: InChromium, key: 'bar.hand' | 'bar.camera' | 'bar.microphone' | 'bar.private') =>
  person.page.getByRole('button', { name: new RegExp(`^${words(key)}`) });
const audibly = () => member.page.evaluate(() => (window as unknown as { audibly(): number }).audibly());

test('a raised hand is still up after a reload, for its owner and for the group', async () => {
  await button(member, 'bar.hand').click();
  const shown = facilitator.page.getByText(words('mark.hand', { place: 1 })).first();
  await shown.waitFor({ state: 'attached' });
  await member.page.reload();
  await member.isInRoom();
  await expect.poll(() => button(member, 'bar.hand').getAttribute('aria-pressed')).toBe('true');
  await shown.waitFor({ state: 'attached' });
  await button(member, 'bar.hand').click();
  await shown.waitFor({ state: 'detached' });
});

test('somebody who is not alone stays covered and hears nothing after a reload', async () => {
  await button(member, 'bar.private').click();
  await member.page.getByText(words('private.words')).waitFor();
  await facilitator.page.locator('.tile').getByText(words('mark.not_private_short')).first().waitFor();
  await member.page.reload();
  await member.page.getByText(words('private.words')).waitFor();
  await facilitator.page.locator('.tile').getByText(words('mark.not_private_short')).first().waitFor();
  expect(await member.page.locator('[data-seat]').count()).toBe(0);
  expect(await audibly()).toBe(0);
  await member.press('private.back');
  await member.seesTiles(2);
  await facilitator.page.locator('.tile').getByText(words('mark.not_private_short')).first().waitFor({ state: 'detached' });
});

test('a facilitator who reloads alone still leads the round, the clock and the order', async () => {
  await facilitator.opensPanel('plan');
  await facilitator.press('plan.round_all');
  await facilitator.press('plan.clock_start');
  await facilitator.press('plan.order');
  await facilitator.page.getByRole('button', { name: words('plan.order'), pressed: true }).waitFor(); // the room has it
  await facilitator.page.reload();
  await facilitator.isInRoom();
  await facilitator.page.locator('.strip').getByText(words('round.now', { name: member.alias })).waitFor();
  await facilitator.page.locator('.strip').getByText(/^Time left: 4:/).waitFor();
  await facilitator.opensPanel('plan');
  expect(await facilitator.page.getByRole('button', { name: words('plan.order') }).getAttribute('aria-pressed')).toBe('true');
  await facilitator.press('round.next');
  await member.page.getByText(words('round.you')).waitFor({ state: 'detached' });
});

test('a page that was left and returned to is in its seat, with camera and microphone off', async () => {
  await button(member, 'bar.microphone').click();
  await expect.poll(() => button(member, 'bar.microphone').getAttribute('aria-pressed')).toBe('true');
  await member.page.goto(`${group.server.url}/`);
  await member.page.goBack();
  await member.isInRoom();
  for (const key of ['bar.microphone', 'bar.camera'] as const) expect(await button(member, key).getAttribute('aria-pressed')).toBe('false');
  await facilitator.seesTiles(2);
  await facilitator.opensPanel('waiting');
  await facilitator.page.getByText(words('waiting.nobody')).waitFor();
});

test('who is larger and the hidden own tile outlive a reload', async () => {
  await member.page.getByRole('button', { name: new RegExp(`^${words('bar.more')}`) }).click();
  await member.press('more.hide_self');
  await member.seesTiles(1);
  await member.page.reload();
  await member.seesTiles(1);
  await member.page.getByText(words('self.hidden')).waitFor();
});

test('leaving forgets all that the tab kept of the call', async () => {
  await member.leaves();
  expect(await member.page.evaluate(() => Object.keys(sessionStorage).filter((key) => !key.startsWith('quietroom.device')))).toEqual([]);
});

// In Firefox: what drives Chromium here counts as a touch of the page.
test('where the browser keeps the sound off, the page says so, and one press brings it', async () => {
  const other = await group.personInFirefox(group.indexOf('member', 1), { asksForTap: true });
  await button(facilitator, 'bar.microphone').click();
  await other.arrive();
  await facilitator.admits(other);
  await other.isInRoom();
  await other.driver.evaluate(() => {
    document.documentElement.dataset.old = '';
    location.reload();
  }, null).catch(() => undefined); // the page goes while it answers
  await other.driver.waitFor(() => document.documentElement.dataset.old === undefined, null, 'the page to come anew');
  const says = () => document.querySelector('.notices')?.textContent ?? null;
  await other.driver.waitFor((text) => document.querySelector('.notices')?.textContent?.includes(text), words('notice.needs_tap'), 'the page to say that it is silent');
  expect(await other.driver.evaluate(says, null)).toContain(words('notice.sound_on'));
  await other.press('notice.sound_on');
  await other.driver.waitFor((text) => document.querySelector('.notices')?.textContent?.includes(text) === false, words('notice.needs_tap'), 'the sound to be on');
});

test('nothing went wrong on any page', () => {
  expect(group.watched).toEqual({ errors: [], foreign: [] });
});
