// SPDX-License-Identifier: Apache-2.0
// Arrival asks everyone the same: where are you, are you alone, headphones, which way. A facilitator knows before anyone is let in
// who is not alone; the group is told; the place opens to the facilitator alone, with a reason.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { words } from '../people/person.ts';
import { faultsOnScreen } from '../people/screen.ts';

let group: Group;
let facilitator: InChromium;
let robin: InChromium;
let ash: InChromium;
const place = '14 Mill Lane, Wexcombe';

beforeAll(async () => {
  group = await Group.open();
  facilitator = await group.person(group.indexOf('facilitator'), { viewport: { width: 1280, height: 900 } });
  robin = await group.person(group.indexOf('member', 0), { viewport: { width: 320, height: 640 } });
  ash = await group.person(group.indexOf('member', 1));
});
afterAll(() => group?.close());

const sees = (person: InChromium, text: string) => person.page.getByText(text, { exact: false }).first().waitFor({ timeout: 20_000 });

test('nothing is chosen beforehand, and what lacks an answer is asked for kindly', async () => {
  await ash.open();
  expect(await ash.page.locator('.today input:checked').count()).toBe(0);
  await ash.press('arrive.ready');
  await sees(ash, words('today.fault.choose'));
  expect(await ash.page.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe('today-alone');
  await ash.sees('arrive.title');
});

test('a facilitator answers the same questions', async () => {
  await facilitator.open();
  await facilitator.ready({ place: 'declined' });
  await facilitator.isInRoom();
});

test('a place that would not bring help is asked for again, and nothing typed is lost', async () => {
  await robin.open();
  await robin.answersToday({ alone: 'near', headphones: 'no', place: 'address' });
  await robin.page.locator('#today-address').fill('at my mum’s');
  await robin.press('arrive.ready');
  await sees(robin, words('today.fault.address'));
  expect(await robin.page.locator('#today-address').inputValue()).toBe('at my mum’s');
  expect(await robin.page.evaluate(faultsOnScreen, { target: 24 })).toEqual([]);
  await robin.page.locator('#today-address').fill(place);
  await robin.press('arrive.ready');
  await robin.sees('wait.title');
});

test('the facilitator knows before letting them in, and can speak first', async () => {
  await facilitator.opensPanel('waiting');
  await sees(facilitator, words('said.not_alone'));
  await sees(facilitator, words('said.no_headphones'));
  await sees(facilitator, words('said.place_yes'));
  expect(await facilitator.page.getByRole('button', { name: words('waiting.admit', { name: robin.alias }), exact: true }).count()).toBe(0);
  await facilitator.press('said.wait', { name: robin.alias });
  await sees(robin, words('said.wait_line'));
});

test('others come in as ever', async () => {
  await ash.ready();
  await facilitator.admits(ash);
  await ash.isInRoom();
});

test('let in with the group told, everyone reads that somebody near them may hear', async () => {
  await facilitator.opensPanel('waiting');
  await facilitator.press('said.admit_tell', { name: robin.alias });
  await robin.isInRoom();
  await sees(ash, words('near.notice', { name: robin.alias }));
  await sees(robin, words('near.own'));
});

test('a facilitator who reloads still learns what somebody answered at arrival', async () => {
  await ash.leaves();
  await ash.open();
  await ash.ready({ alone: 'carer' });
  await ash.sees('wait.title');
  await facilitator.page.reload();
  await facilitator.isInRoom();
  await facilitator.opensPanel('waiting');
  await sees(facilitator, words('said.carer'));
});

test('the place opens to the facilitator with one tap that says why, and stands in no address and no storage', async () => {
  await facilitator.opensPanel('people');
  const entry = facilitator.page.locator('li.entry').filter({ hasText: robin.alias });
  await entry.getByRole('button', { name: words('people.do') }).click();
  await facilitator.press('place.open', { name: robin.alias });
  expect(await facilitator.page.getByText(place).count()).toBe(0);
  await facilitator.press('place.why.worried');
  await sees(facilitator, place);
  await facilitator.page.keyboard.press('Escape');
  expect(await facilitator.page.getByText(place).count()).toBe(0);
  expect(await facilitator.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]))).not.toContain('Mill Lane');
});

test('nobody’s browser met an error', () => {
  // The browser itself notes the 422 that asked for a better place.
  const errors = group.watched.errors.filter((error) => !/422/.test(error));
  expect({ ...group.watched, errors }).toEqual({ errors: [], foreign: [] });
});
