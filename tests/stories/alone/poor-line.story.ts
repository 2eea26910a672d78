// SPDX-License-Identifier: Apache-2.0
// A member whose line falls to 100 kbit/s: the sound of whoever speaks still comes, pictures stand still or go, and the words on the
// page say so to them and to who leads; the line comes back, and so do the pictures, and the words go.
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
// What stands before the names.
const unheard = words('line_dialog.thinned').split('{')[0]!.trim();
const unheardOfPeople = words('people.thinned').split('{')[0]!.trim();

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

test('the facilitator reads it of them', async () => {
  await facilitator.opensPanel('people');
  await saysOneOf(facilitator, texts(['stills', 'none'], 'people.pictures'));
  await saysOneOf(facilitator, [unheardOfPeople]);
});

test('the line comes back, pictures move again, and the words go away', async () => {
  await line.down({});
  const then = await arrivedAt(member);
  await untilArrived(member, 'pictures to move', (now) => now.frames > then.frames + 100, patience);
  await saysNoneOf(member, [...any, unheard]);
  await saysNoneOf(facilitator, [...anyOfPeople, unheardOfPeople]);
  await expect.poll(heard, { timeout: patience, interval: 200 }).toBe(group.links.length - 1);
});
