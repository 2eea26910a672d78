// SPDX-License-Identifier: Apache-2.0
// A session without a mouse: every step by Tab, Enter and Space, focus always visible, in the order of the eye, and back where
// it was after a dialog.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { words } from '../people/person.ts';

let group: Group;
let facilitator: InChromium;
let member: InChromium;

beforeAll(async () => {
  group = await Group.open();
  facilitator = await group.person(group.indexOf('facilitator'));
  member = await group.person(group.indexOf('member'));
});
afterAll(() => group?.close());

interface Focused {
  name: string;
  visible: boolean;
}

const focused = (person: InChromium): Promise<Focused> =>
  person.page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    if (!element || element === document.body) return { name: '', visible: true };
    // A heading takes the focus so that it is read: it is no control, and wears no ring.
    if (/^H[1-6]$/.test(element.tagName)) return { name: (element.textContent ?? '').trim(), visible: true };
    const style = getComputedStyle(element);
    const label = (element as HTMLInputElement).labels?.[0]?.textContent ?? '';
    // A control stretched over a tile shows its focus on the tile.
    const after = getComputedStyle(element, '::after');
    const marked =
      (after.content !== 'none' && after.outlineStyle !== 'none' && parseFloat(after.outlineWidth) > 0) ||
      (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none' || /radio|checkbox/.test((element as HTMLInputElement).type ?? '');
    return { name: (element.getAttribute('aria-label') ?? (label || element.textContent) ?? '').trim(), visible: marked };
  });

// Tabs until the focused thing's name begins so, then presses the key on it. Every stop on the way must show its focus.
async function tabTo(person: InChromium, name: string | RegExp, key: 'Enter' | 'Space' | null = 'Enter'): Promise<void> {
  const seen: string[] = [];
  for (let steps = 0; steps < 60; steps += 1) {
    const now = await focused(person);
    if (now.name !== '' && steps > 0) expect(now, `focus on "${now.name}" is visible`).toMatchObject({ visible: true });
    if (typeof name === 'string' ? now.name.startsWith(name) : name.test(now.name)) {
      if (key) await person.page.keyboard.press(key);
      return;
    }
    seen.push(now.name);
    await person.page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reached "${String(name)}"; it went ${JSON.stringify(seen)}`);
}

// A group of radio buttons is one stop; arrow keys go from one to the next and choose.
async function choose(person: InChromium, key: Parameters<typeof words>[0]): Promise<void> {
  const group = await person.page.evaluate((label) => {
    const labels = [...document.querySelectorAll('label')].filter((one) => one.textContent?.trim() === label);
    const input = labels.map((one) => one.querySelector<HTMLInputElement>('input')).find((one) => one && !document.querySelector(`input[name="${one.name}"]:checked`));
    return input ? { name: input.name, down: [...document.querySelectorAll<HTMLInputElement>(`input[name="${input.name}"]`)].indexOf(input) } : null;
  }, words(key));
  if (!group) throw new Error(`no question offers "${words(key)}"`);
  for (let steps = 0; (await person.page.evaluate(() => (document.activeElement as HTMLInputElement).name)) !== group.name; steps += 1) {
    if (steps > 60) throw new Error(`Tab never reached ${group.name}`);
    await person.page.keyboard.press('Tab');
  }
  await person.page.keyboard.press('Space');
  for (let down = 0; down < group.down; down += 1) await person.page.keyboard.press('ArrowDown');
  expect(await person.page.evaluate((name) => document.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.parentElement?.textContent?.trim(), group.name)).toBe(words(key));
}

test('both arrive and are ready by keyboard alone', async () => {
  for (const person of [facilitator, member]) {
    await person.open();
    await tabTo(person, words('devices.turn_on.camera'));
    await tabTo(person, words('devices.turn_on.microphone'));
    for (const key of ['today.alone.yes', 'today.headphones.yes', 'today.place.declined', 'today.way.video'] as const) await choose(person, key);
    await tabTo(person, words('arrive.ready'));
  }
  await facilitator.isInRoom();
  await member.sees('wait.title');
});

test('the heading has the focus when a page changes', async () => {
  await expect.poll(async () => (await focused(member)).name).toBe(words('wait.title'));
});

test('the facilitator lets the member in by keyboard', async () => {
  await tabTo(facilitator, words('waiting.admit', { name: member.alias }));
  await member.isInRoom();
});

test('hand, microphone and chat by keyboard', async () => {
  await tabTo(member, words('bar.microphone'), 'Space');
  const microphone = member.page.getByRole('button', { name: new RegExp(`^${words('bar.microphone')}`) });
  await expect.poll(() => microphone.getAttribute('aria-pressed')).toBe('false');
  await tabTo(member, words('bar.hand'), 'Space');
  await expect.poll(() => member.page.getByRole('button', { name: new RegExp(`^${words('bar.hand')}`) }).getAttribute('aria-pressed')).toBe('true');
  await tabTo(member, words('bar.chat'));
  await tabTo(member, words('chat.write'), null);
  await member.page.keyboard.type('Hello from the keyboard');
  await tabTo(member, words('chat.send'));
  await member.page.getByText('Hello from the keyboard').first().waitFor();
});

test('a shortcut does what it says', async () => {
  await facilitator.page.locator('h1').first().focus();
  const hand = facilitator.page.getByRole('button', { name: new RegExp(`^${words('bar.hand')}`) });
  const before = await hand.getAttribute('aria-pressed');
  await facilitator.page.keyboard.press('Alt+Shift+KeyH');
  await expect.poll(() => hand.getAttribute('aria-pressed')).not.toBe(before);
});

test('a dialog keeps the focus inside and gives it back', async () => {
  await tabTo(member, words('bar.leave'));
  await member.page.locator('dialog[open]').waitFor();
  const inDialog = () => member.page.evaluate(() => document.activeElement?.closest('dialog') !== null);
  for (let steps = 0; steps < 4; steps += 1) {
    expect(await inDialog() || (await focused(member)).name === '').toBe(true);
    await member.page.keyboard.press('Tab');
  }
  await member.page.keyboard.press('Escape');
  await expect.poll(async () => (await focused(member)).name).toContain(words('bar.leave'));
  await tabTo(member, words('bar.leave'));
  await member.page.locator('dialog[open]').waitFor();
  await tabTo(member, new RegExp(`^${words('leave.yes')}$`));
  await member.sees('after.left.title');
});
