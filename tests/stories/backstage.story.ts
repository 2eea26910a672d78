// SPDX-License-Identifier: Apache-2.0
// Backstage: what facilitators write and say among themselves is read and heard by them wherever they are, and by nobody else. A
// member's page shows nothing of it, and a member's line carries nothing of it, not even that it was said.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { words } from '../people/person.ts';

let group: Group;
let ada: InChromium;
let bea: InChromium;
let robin: InChromium;
const line: string[] = []; // everything that went over the member's socket

const writes = async (person: InChromium, to: string, text: string): Promise<void> => {
  const button = person.page.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) });
  if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
  await person.page.getByLabel(words('chat.who')).selectOption({ label: to });
  await person.page.getByLabel(words('chat.write')).fill(text);
  await person.page.getByRole('button', { name: words('chat.send'), exact: true }).click();
};
const opensChat = (person: InChromium) => person.page.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) }).click();

beforeAll(async () => {
  group = await Group.open();
  ada = await group.person(group.indexOf('facilitator'));
  bea = await group.person(group.indexOf('co_facilitator'));
  robin = await group.person(group.indexOf('member', 0));
  for (const person of [ada, bea]) await person.driver.beforeScripts(() => localStorage.setItem('quietroomProbe', '1'));
  robin.page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => void line.push(payload.toString()));
    socket.on('framesent', ({ payload }) => void line.push(payload.toString()));
  });
  await ada.arrive('camera', 'microphone');
  await ada.isInRoom();
  for (const person of [bea, robin]) {
    await person.arrive('camera', 'microphone');
    await person.sees('wait.title');
    await ada.admits(person);
    await person.isInRoom();
  }
  await robin.seesTiles(3);
});
afterAll(() => group?.close());

test('two facilitators write backstage, and read each other', async () => {
  await opensChat(bea);
  await writes(ada, words('chat.backstage'), 'Robin looks tired today');
  await bea.page.getByText('Robin looks tired today', { exact: true }).waitFor();
  await writes(bea, words('chat.backstage'), 'I will keep an eye on that');
  await ada.page.getByText('I will keep an eye on that', { exact: true }).waitFor();
});

test('a member can neither see that there is such a place nor write to it', async () => {
  await opensChat(robin);
  expect(await robin.page.getByLabel(words('chat.who')).locator('option').allTextContents()).not.toContain(words('chat.backstage'));
  await writes(ada, words('chat.everyone'), 'Shall we begin?'); // so that what came before has come
  await robin.page.getByText('Shall we begin?', { exact: true }).waitFor();
  const page = await robin.page.content();
  for (const said of ['looks tired', 'keep an eye', words('chat.backstage')]) expect(page).not.toContain(said);
});

// The tone that comes in the slot that carries this seat's backstage voice, or null where there is none.
const heardBackstage = (person: InChromium, seat: number): Promise<number | null> =>
  person.driver.evaluate((of) => {
    const { room } = (window as unknown as { quietroomSession: { room: { extras: { slot: number; seat: number; source: string }[] } } }).quietroomSession;
    const slot = room.extras.find((one) => one.seat === of && one.source === 'backstage')?.slot;
    const line = window.reading.connections.flatMap((each) => each.getTransceivers()).find(({ mid }) => slot !== undefined && mid === `s${slot}`);
    return line ? window.reading.tone(line.receiver.track) : null;
  }, seat);
const soundOf = async (person: InChromium, seat: number): Promise<number | null> => (await person.tiles()).find((tile) => tile.seat === seat)?.tone ?? null;

test('a facilitator talks to the other alone: the group hears nothing, and sees a microphone that is off', async () => {
  const seat = ada.link.seat;
  await expect.poll(() => soundOf(robin, seat), { timeout: 30_000 }).toBe(group.indexOf('facilitator'));
  await ada.opensPanel('backstage');
  await ada.press('backstage.talk');
  await ada.page.locator('.strip').getByText(words('backstage.is_on')).waitFor();
  await bea.page.getByText(`${ada.alias} is talking to facilitators only.`).first().waitFor();
  await expect.poll(() => heardBackstage(bea, seat), { timeout: 30_000 }).toBe(group.indexOf('facilitator'));
  await expect.poll(() => soundOf(robin, seat), { timeout: 30_000 }).toBeNull();
  expect(await soundOf(bea, seat)).toBeNull();
  await robin.driver.waitFor((of) => document.querySelector(`[data-seat="${of}"]`)?.closest('.tile')?.textContent?.includes('Microphone off'), seat, 'her microphone to be off', 10_000);
  const page = await robin.page.content();
  for (const said of ['talking to facilitators', 'backstage']) expect(page.toLowerCase()).not.toContain(said);
});

test('her microphone goes back to the group only when she says so, as it was', async () => {
  const seat = ada.link.seat;
  await ada.press('backstage.stop');
  await expect.poll(() => soundOf(robin, seat), { timeout: 30_000 }).toBe(group.indexOf('facilitator'));
  await expect.poll(() => heardBackstage(bea, seat), { timeout: 30_000 }).toBeNull();
});

test('while the group is paused the two still talk, and where nobody is left to hear it the microphone is off', async () => {
  const seat = ada.link.seat;
  await ada.opensPanel('plan');
  await ada.press('plan.pause');
  await ada.press('plan.pause_yes');
  await robin.driver.waitFor(() => !document.querySelector('.tile'), null, 'the group to be paused', 30_000);
  await ada.opensPanel('backstage');
  await ada.press('backstage.talk');
  await expect.poll(() => heardBackstage(bea, seat), { timeout: 30_000 }).toBe(group.indexOf('facilitator'));
  await bea.leaves();
  await ada.page.getByText(words('backstage.is_on')).first().waitFor({ state: 'detached' });
  await ada.opensPanel('plan');
  await ada.page.getByRole('button', { name: words('plan.go_on') }).first().click();
  await robin.seesTiles(2);
  await expect.poll(() => ada.page.getByRole('button', { name: words('bar.microphone'), pressed: false }).count()).toBe(1);
  expect(await soundOf(robin, seat)).toBeNull();
});

test('nothing of it went over the member’s line, not even its name', () => {
  expect(line.length).toBeGreaterThan(10);
  expect(line.join('\n')).not.toContain('"group":"facilitators"');
  expect(line.join('\n')).not.toMatch(/backstage/);
});
