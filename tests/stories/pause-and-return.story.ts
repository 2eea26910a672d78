// SPDX-License-Identifier: Apache-2.0
// Pausing: by a facilitator, and by itself when the last facilitator is gone. Nobody sees or hears anyone, help and the duty
// number stay, and the group goes on where it was.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { words } from '../people/person.ts';

let group: Group;
let facilitator: InChromium;
let members: InChromium[];
let indices: number[];

beforeAll(async () => {
  group = await Group.open();
  indices = [group.indexOf('facilitator'), group.indexOf('member', 0), group.indexOf('member', 1)];
  const people: InChromium[] = [];
  for (const index of indices) people.push(await group.person(index));
  [facilitator, ...members] = people as [InChromium, ...InChromium[]];
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
  for (const member of members) {
    await member.arrive('camera', 'microphone');
    await facilitator.admits(member);
    await member.isInRoom();
  }
  await members[0]!.seesAndHears(group.expected([indices[0]!, indices[2]!]));
});
afterAll(() => group?.close());

// Bytes of picture and sound that this page has received so far.
const received = (person: InChromium) =>
  person.page.evaluate(async () => {
    let bytes = 0;
    for (const connection of window.reading.connections)
      for (const report of (await connection.getStats()).values())
        if (report.type === 'inbound-rtp') bytes += (report as { bytesReceived?: number }).bytesReceived ?? 0;
    return bytes;
  });

async function staysStill(person: InChromium): Promise<void> {
  // Two readings that agree a second of media time apart: with ten frames and fifty sounds a second any leak would show.
  await expect
    .poll(
      async () => {
        const before = await received(person);
        await person.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1000)));
        return (await received(person)) - before;
      },
      { timeout: 15_000 },
    )
    .toBe(0);
}

test('a facilitator pauses: nobody receives anything, and the page says who paused it', async () => {
  await facilitator.opensPanel('plan');
  await facilitator.press('plan.pause');
  await facilitator.press('plan.pause_yes');
  for (const member of members) {
    await member.sees('paused.title');
    await member.page.getByText(words('paused.by', { name: facilitator.alias })).waitFor();
    await staysStill(member);
  }
});

test('help and the duty number stay on the paused page', async () => {
  const help = members[0]!.page.getByRole('button', { name: words('bar.help') });
  await help.click();
  await members[0]!.page.getByRole('main').getByText(words('duty.words')).waitFor();
  await members[0]!.page.getByRole('dialog').getByText(words('duty.words')).waitFor();
  expect(await members[0]!.page.getByRole('dialog').getByRole('link').first().getAttribute('href')).toMatch(/^tel:/);
  await members[0]!.page.keyboard.press('Escape');
});

test('it goes on, and everyone is seen and heard again', async () => {
  await facilitator.press('plan.go_on');
  await members[0]!.seesAndHears(group.expected([indices[0]!, indices[2]!]));
  await members[1]!.seesAndHears(group.expected([indices[0]!, indices[1]!]));
});

test('when the last facilitator is gone the group pauses in its seats, and goes on when one is back', async () => {
  await facilitator.page.goto('about:blank');
  for (const member of members) {
    await member.sees('paused.title', 40_000);
    await member.page.getByText(words('paused.alone')).waitFor();
    await staysStill(member);
  }
  await members[0]!.press('bar.help');
  await members[0]!.page.getByRole('dialog').getByText(words('help.kept')).waitFor();
  await members[0]!.press('help.close');
  await facilitator.page.goBack();
  await facilitator.isInRoom(40_000);
  for (const member of members) await member.isInRoom();
  await facilitator.seesTiles(3);
  await facilitator.opensPanel('safety');
  await facilitator.page.getByRole('heading', { name: words('safety.help', { name: members[0]!.alias }) }).waitFor();
  await facilitator.press('safety.answer');
  await facilitator.page.getByText(words('safety.nothing')).waitFor();
  await expect
    .poll(async () => (await members[0]!.tiles()).find((tile) => tile.seat === members[1]!.link.seat)?.tone, { timeout: 20_000 })
    .toBe(indices[2]);
});

test('nothing went wrong on any page', () => {
  expect(group.watched.foreign).toEqual([]);
  expect(group.watched.errors.filter((error) => !/WebSocket/.test(error))).toEqual([]);
});
