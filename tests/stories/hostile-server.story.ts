// SPDX-License-Identifier: Apache-2.0
// A server that lies, played between real browsers and the real server: what each person is told, what nobody can read, and that the
// group goes on. The attacks that need a client of their own (a swapped KeyPackage, a false facilitator, a split group) are played in
// web/src/e2ee/keeper.test.ts with the same keepers.
import type { WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { words } from '../people/person.ts';

type Message = { type: string; [field: string]: unknown };

// Between one browser and the server: hands everything on but what `meddle` changes or keeps back, and may say things of its own.
class Between {
  meddle: (message: Message) => Message | null = (message) => message;
  readonly heard: Message[] = []; // from the server, as it was
  #page: WebSocketRoute | null = null;

  async stand(person: InChromium): Promise<void> {
    await person.page.routeWebSocket(/\/api\/call$/, (page) => {
      this.#page = page;
      const server = page.connectToServer();
      page.onMessage((data) => server.send(data));
      server.onMessage((data) => {
        const message = JSON.parse(data.toString()) as Message;
        this.heard.push(message);
        const changed = this.meddle(message);
        if (changed) page.send(JSON.stringify(changed));
      });
    });
  }

  says(message: Message): void {
    this.#page?.send(JSON.stringify(message));
  }

  last(type: string): Message {
    const found = this.heard.findLast((message) => message.type === type);
    if (!found) throw new Error(`nothing of type ${type} was heard`);
    return found;
  }
}

let group: Group;
let facilitator: InChromium;
let members: InChromium[];
let between: Between[]; // one a member
let lead: Between;

const says = async (person: InChromium, text: string, to: 'everyone' | 'facilitators' = 'everyone'): Promise<void> => {
  const button = person.page.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) });
  if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
  if ((await person.page.getByLabel(words('chat.who')).count()) > 0) await person.page.getByLabel(words('chat.who')).selectOption(to);
  await person.page.getByLabel(words('chat.write')).fill(text);
  await person.page.getByRole('button', { name: words('chat.send'), exact: true }).click();
};

const reads = async (person: InChromium, text: string): Promise<void> => {
  const button = person.page.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) });
  if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
  await person.page.getByText(text, { exact: true }).waitFor({ timeout: 20_000 });
};

const told = (person: InChromium, text: string, timeout = 20_000): Promise<void> => person.page.locator('.notice', { hasText: text }).first().waitFor({ timeout });
const putAway = async (person: InChromium, text: string): Promise<void> => {
  await person.page.locator('.notice', { hasText: text }).getByRole('button', { name: words('understood') }).click();
};

beforeAll(async () => {
  group = await Group.open();
  facilitator = await group.person(group.indexOf('facilitator'));
  members = [];
  between = [];
  for (const nth of [0, 1, 2]) members.push(await group.person(group.indexOf('member', nth)));
  await members[0]!.driver.beforeScripts(() => localStorage.setItem('quietroomProbe', '1'));
  lead = new Between();
  await lead.stand(facilitator);
  for (const member of members) {
    const one = new Between();
    await one.stand(member);
    between.push(one);
  }
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
  for (const member of members) {
    await member.arrive('camera');
    await member.sees('wait.title');
    await facilitator.admits(member);
    await member.isInRoom();
  }
  for (const person of [facilitator, ...members]) {
    await person.driver.waitFor((text) => document.querySelector('.strip__protection')?.textContent?.includes(text), words('protect.on'), `${person.alias} to be in the group`);
  }
});
afterAll(() => group?.close());

test('a commit of nobody, and one said again: the first is told, and neither changes anything', async () => {
  const [one] = between;
  // The first member saw the next ones being added.
  const committed = one!.last('committed');
  one!.says(committed);
  one!.says({ ...committed, epoch: (committed['epoch'] as number) + 1, commit: Buffer.alloc(400, 7).toString('base64url') });
  await told(members[0]!, words('protect.trouble.refused'));
  await putAway(members[0]!, words('protect.trouble.refused'));
  await says(facilitator, 'Still the same group');
  for (const member of members) await reads(member, 'Still the same group');
});

test('what is for facilitators is read by no member, whoever it is delivered to and however it is called', async () => {
  await says(members[0]!, 'Only for you who lead', 'facilitators');
  await reads(facilitator, 'Only for you who lead');
  const sealed = lead.last('delivered');
  for (const audience of ['facilitators', 'everyone']) between[1]!.says({ ...sealed, audience });
  await says(facilitator, 'After it');
  await reads(members[1]!, 'After it');
  expect(await members[1]!.page.getByText('Only for you who lead').count()).toBe(0);
});

test('a member whom the server calls a facilitator is not obeyed', async () => {
  await members[1]!.page.getByRole('button', { name: new RegExp(`^${words('bar.hand')}`) }).click();
  const tile = (viewer: InChromium) => viewer.page.locator('.tile', { has: viewer.page.locator(`[data-seat="${members[1]!.link.seat}"]`) });
  await expect.poll(() => tile(members[2]!).textContent()).toContain(words('mark.hand', { place: 1 }));
  const roster = between[2]!.last('roster') as unknown as { people: { seat: number }[] };
  const person = { ...roster.people.find(({ seat }) => seat === facilitator.link.seat)!, seat: members[0]!.link.seat, arrival: between[0]!.last('welcome')['arrival'] };
  between[2]!.says({ type: 'changed', person });
  // The member's own client is made to say what only facilitators may.
  await members[0]!.page.evaluate(() => (window as unknown as { quietroomSession: { lowerHands(): void } }).quietroomSession.lowerHands());
  await says(members[0]!, 'Said after it');
  await reads(members[2]!, 'Said after it');
  expect(await tile(members[2]!).textContent()).toContain(words('mark.hand', { place: 1 }));
});

test('a picture under a name that is not its own is not shown, and told', async () => {
  const [viewer, line] = [members[0]!, between[0]!];
  const seats = [facilitator.link.seat, members[1]!.link.seat];
  const shown = async () => (await viewer.tiles()).filter(({ seat }) => seats.includes(seat)).map(({ code }) => code);
  await expect.poll(async () => (await shown()).every((code) => code !== null), { timeout: 30_000 }).toBe(true);
  const { carries } = line.last('slots') as unknown as { carries: (number | null)[] };
  const swapped = carries.map((seat) => (seat === seats[0] ? seats[1]! : seat === seats[1] ? seats[0]! : seat));
  line.says({ type: 'slots', carries: swapped });
  await told(viewer, words('protect.disputed', { names: '' }).slice(0, 30));
  expect(await shown()).toEqual([null, null]);
  line.says({ type: 'slots', carries });
  await expect.poll(async () => (await shown()).every((code) => code !== null), { timeout: 30_000 }).toBe(true);
});

test('a flood of nonsense is told, and harms nobody', async () => {
  const [victim, line] = [members[2]!, between[2]!];
  const junk = (i: number) => Buffer.from(Uint8Array.from({ length: 300 }, (_, j) => (i * 31 + j * 7) & 255)).toString('base64url');
  for (let i = 0; i < 2_000; i += 1) line.says({ type: 'delivered', order: i, at: 0, from: { seat: facilitator.link.seat }, audience: 'everyone', payload: junk(i) });
  for (let i = 0; i < 100; i += 1) line.says({ ...between[0]!.last('committed'), epoch: 500 + i, commit: junk(i) });
  line.says({ type: 'group-welcome', group: 'everyone', instance: 1, epoch: 9, from: { seat: 1, arrival: 1 }, welcome: junk(1) });
  await told(victim, words('protect.trouble.unread'), 90_000); // two thousand to try to open, on a phone or a busy machine
  await says(facilitator, 'Are you there?');
  for (const member of members) await reads(member, 'Are you there?');
});

test('a Remove that is kept from somebody shows by their silence', async () => {
  between[0]!.meddle = (message) => (message.type === 'committed' || message.type === 'left' ? null : message);
  const seat = members[1]!.link.seat;
  await facilitator.page.locator(`.tile:has([data-seat="${seat}"]) .tile__name`).click();
  await facilitator.press('person.remove');
  await facilitator.press('confirm.remove.yes');
  await members[1]!.sees('after.removed.title');
  await told(facilitator, members[0]!.alias, 30_000);
  await says(facilitator, 'After the one who was removed');
  await reads(members[2]!, 'After the one who was removed');
  const sealed = between[2]!.last('delivered');
  between[1]!.says(sealed);
  expect(await members[1]!.page.getByText('After the one who was removed').count()).toBe(0);
});

test('no page has had an error', () => {
  expect(group.watched.errors).toEqual([]);
});
