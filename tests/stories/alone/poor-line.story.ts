// SPDX-License-Identifier: Apache-2.0
// A member whose line falls to 100 kbit/s: the sound of whoever speaks still comes, pictures stand still or go, and the words on the
// page say so to them and to who leads, and name whom they may not hear; sound only is offered and not taken for them; the line comes
// back, and so do the pictures, and the words go.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../../people/group.ts';
import { Line } from '../../people/line.ts';
import { arrivedAt, untilArrived } from '../../people/network.ts';
import { words } from '../../people/person.ts';

const patience = 120_000;

let line: Line;
let group: Group;
let facilitator: InChromium;
let member: InChromium;

beforeAll(async () => {
  line = await Line.open();
  group = await Group.open({ people: 6 });
  await line.leadsTo(group.server.port);
  const indices = [group.indexOf('facilitator'), group.indexOf('member', 0)] as const;
  facilitator = await group.person(indices[0]);
  member = await group.person(indices[1], { browser: await line.chromium() });
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
  await member.arrive('camera', 'microphone');
  await facilitator.admits(member);
  await member.isInRoom();
  const rest = group.links.flatMap((_, index) => (indices.includes(index) ? [] : [index]));
  group.synthetic(rest, ['--pictures', 'full']);
  for (const index of rest) await facilitator.admits(group.link(index));
  await member.seesTiles(group.links.length);
  await member.seesAndHears(group.expected(group.links.map((_, index) => index).filter((index) => index !== indices[1])));
});
afterAll(async () => {
  await member?.context.browser()?.close();
  await group?.close();
  await line?.close();
});

const texts = (kinds: readonly string[], key: 'line_dialog.pictures' | 'people.pictures'): string[] => kinds.map((kind) => choice(words(key), kind));
// One branch of a text that has several.
const choice = (text: string, kind: string): string => new RegExp(`(?:^| )${kind} \\{([^{}]*)\\}`).exec(text)?.[1] ?? /other \{([^{}]*)\}/.exec(text)![1]!;

const saysOneOf = (person: InChromium, wanted: string[]): Promise<void> =>
  person.driver.waitFor((all) => all.some((one) => document.body.innerText.includes(one)), wanted, `one of "${wanted.join('", "')}"`, patience);
const saysNoneOf = (person: InChromium, unwanted: string[]): Promise<void> =>
  person.driver.waitFor((all) => !all.some((one) => document.body.innerText.includes(one)), unwanted, `none of "${unwanted.join('", "')}"`, patience);

// How many people's own tone comes out of their tile.
const heard = async (): Promise<number> =>
  (await member.tiles()).filter(({ self, tone, seat }) => !self && tone !== null && group.link(tone).seat === seat).length;

const stills = texts(['stills', 'none'], 'line_dialog.pictures');
const any = texts(['reduced', 'stills', 'none'], 'line_dialog.pictures');
const anyOfPeople = texts(['reduced', 'stills', 'none'], 'people.pictures');
// What stands before the names, and after them.
const [unheard = '', unheardEnd = ''] = words('line_dialog.thinned').split('{names}').map((part) => part.trim());
const unheardOfPeople = words('people.thinned').split('{')[0]!.trim();

// Whom the member may not hear, as their dialog names them.
const named = (): Promise<string> =>
  member.driver.evaluate(
    ([before, after]) => {
      const said = [...document.querySelectorAll('dialog[open] p')].map((one) => one.textContent ?? '').find((text) => text.startsWith(before!) && text.endsWith(after!));
      const names = said?.slice(before!.length, said.length - after!.length).trim();
      return (names?.split(/,? and |, /) ?? []).sort().join();
    },
    [unheard, unheardEnd],
  );

// What the facilitator reads of the member's state, and whom it names.
const stateRead = (): Promise<string> =>
  facilitator.driver.evaluate((name) => {
    const entry = [...document.querySelectorAll('.entry')].find((one) => one.querySelector('.entry__name')?.textContent === name);
    return [...(entry?.querySelectorAll('.entry__state') ?? [])].map((one) => one.textContent ?? '').join('; ');
  }, member.alias);
const namedToLead = async (): Promise<string> => {
  const said = (await stateRead()).split(unheardOfPeople)[1] ?? '';
  return group.links.flatMap(({ alias }) => (said.includes(alias) ? [alias] : [])).sort().join();
};

// Whose sound does not come at all for two seconds, by the packets; their agreed names, whatever the page calls them.
const silent = async (): Promise<string> => {
  const seats = await member.driver.evaluate(async () => {
    const packets = async () => {
      const of = new Map<number, number>();
      for (const tile of document.querySelectorAll<HTMLElement>('[data-seat]')) {
        const video = tile.querySelector('video');
        const track = video && window.reading.soundOf(video);
        const receiver = track && window.reading.connections.flatMap((one) => one.getReceivers()).find((one) => one.track === track);
        if (!receiver) continue;
        for (const one of (await receiver.getStats()).values() as Iterable<Record<string, unknown>>)
          if (one['type'] === 'inbound-rtp') of.set(Number(tile.dataset['seat']), Number(one['packetsReceived'] ?? 0));
      }
      return of;
    };
    const before = await packets();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return [...(await packets())].flatMap(([seat, now]) => (before.get(seat) === now ? [seat] : []));
  }, null);
  return group.links.flatMap(({ seat, alias }) => (seats.includes(seat) ? [alias] : [])).sort().join();
};

test('at 100 kbit/s the loudest is heard, and pictures stand still or are gone', async () => {
  await line.down({ latency_ms: 40, bits_per_second: 100_000, queue_ms: 500 });
  await member.press('bar.more');
  await member.press('more.line');
  await saysOneOf(member, stills);
  await saysOneOf(member, [unheard]); // five tones at once are more than this line carries
  const then = await arrivedAt(member);
  await untilArrived(member, 'sound to go on', (now) => now.soundPackets > then.soundPackets + 300, patience);
  await expect.poll(heard, { timeout: patience, interval: 200 }).toBeGreaterThan(0);
});

// Told of are those whose sound was left out at two of the last four readings, which are two seconds apart: who that is may change while it is read.
test('the people are named whose sound does not come, and nobody else', async () => {
  const compared = async () => {
    const [said, come, still] = [await named(), await silent(), await named()];
    return said !== '' && said === come && said === still ? 'they are' : `named: ${said}; silent: ${come}; named then: ${still}`;
  };
  await expect.poll(compared, { timeout: patience }).toBe('they are');
});

test('the facilitator reads it of them, with the same names', async () => {
  await facilitator.opensPanel('people');
  await saysOneOf(facilitator, texts(['stills', 'none'], 'people.pictures'));
  const compared = async () => {
    const [said, read, still] = [await named(), await namedToLead(), await named()];
    return said !== '' && said === read && said === still ? 'they are' : `named: ${said}; to who leads: ${read}; named then: ${still}`;
  };
  await expect.poll(compared, { timeout: patience }).toBe('they are');
});

test('sound only is offered to them, and is not taken for them', async () => {
  const offer = member.page.locator('dialog[open]').getByRole('button', { name: words('line_dialog.sound_only_on'), exact: true });
  await saysOneOf(member, [words('line_dialog.sound_only')]);
  expect(await offer.isEnabled()).toBe(true);
  expect(await offer.getAttribute('aria-pressed')).toBe('false');
  const page = await member.driver.evaluate(() => ({ text: document.body.innerText, pictures: document.querySelectorAll('[data-seat] video').length }), null);
  expect(page.text).not.toContain(words('sound_only.is_on'));
  expect(page.pictures).toBeGreaterThan(1); // with sound only, no tile but one's own has any
  const state = await stateRead();
  expect(state).toContain(words('role.member')); // it is there to be read
  expect(state).not.toContain(words('people.sound_only'));
});

test('the line comes back, pictures move again, and the words go away', async () => {
  await line.down({});
  const then = await arrivedAt(member);
  await untilArrived(member, 'pictures to move', (now) => now.frames > then.frames + 100, patience);
  await saysNoneOf(member, [...any, unheard]);
  await saysNoneOf(facilitator, [...anyOfPeople, unheardOfPeople]);
  await expect.poll(heard, { timeout: patience, interval: 200 }).toBe(group.links.length - 1);
});
