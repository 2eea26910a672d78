// SPDX-License-Identifier: Apache-2.0
// Backstage, in writing: what facilitators say among themselves is read by them wherever they are, and by nobody else. A member's
// page shows nothing of it, and a member's line carries nothing of it, not even that it was said.
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

test('nothing of it went over the member’s line, not even its name', () => {
  expect(line.length).toBeGreaterThan(10);
  expect(line.join('\n')).not.toContain('"group":"facilitators"');
});
