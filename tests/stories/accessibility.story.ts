// SPDX-License-Identifier: Apache-2.0
// axe (WCAG 2.0 to 2.2, A and AA) finds nothing on any page, live and in every sketched state; toggles say their state, and
// what changes is announced.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';
import { words } from '../people/person.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let group: Group;
let facilitator: InChromium;
let member: InChromium;
let checked = 0;

beforeAll(async () => {
  group = await Group.open();
  facilitator = await group.person(group.indexOf('facilitator'));
  member = await group.person(group.indexOf('member'));
});
afterAll(() => group?.close());

async function isClean(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[]; passes: unknown[] }> } }).axe;
    const result = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return { passes: result.passes.length, violations: result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`) };
  });
  expect(found.violations).toEqual([]);
  expect(found.passes).toBeGreaterThan(5);
  checked += 1;
}

test('start page and unknown link', async () => {
  await member.page.goto(group.server.url);
  await member.page.getByRole('heading', { level: 1 }).waitFor();
  await isClean(member.page);
  await member.page.goto(`${group.server.url}/join#${'B'.repeat(43)}`);
  await member.sees('link.title');
  await isClean(member.page);
  await member.page.goto('about:blank');
});

test('arrive, wait, room, panels, after', async () => {
  await facilitator.open();
  await isClean(facilitator.page);
  await facilitator.turnOn('camera', 'microphone');
  await isClean(facilitator.page);
  await facilitator.ready();
  await facilitator.isInRoom();
  await isClean(facilitator.page);
  await member.arrive('camera');
  await member.sees('wait.title');
  await isClean(member.page);
  await isClean(facilitator.page); // with someone waiting
  await facilitator.admits(member);
  await member.isInRoom();
  await isClean(member.page);
  for (const part of ['plan', 'safety', 'people'] as const) {
    await facilitator.opensPanel(part);
    await isClean(facilitator.page);
  }
  await member.page.getByRole('button', { name: new RegExp(`^${words('bar.chat')}`) }).click();
  await isClean(member.page);
  await member.press('bar.private');
  await isClean(member.page);
  await member.press('private.back');
  await member.press('bar.leave');
  await isClean(member.page);
  await member.press('leave.yes');
  await member.sees('after.left.title');
  await isClean(member.page);
});

test('a screen reader is told who came, and each switch says its state', async () => {
  const returning = await group.person(group.indexOf('member', 1));
  await returning.arrive();
  await facilitator.opensPanel('waiting');
  await facilitator.admits(returning);
  await expect
    .poll(() => facilitator.page.evaluate(() => [...document.querySelectorAll('[aria-live]')].map((element) => element.textContent).join(' ')))
    .toContain(words('say.joined', { name: returning.alias }));
  await returning.isInRoom();
  for (const key of ['bar.microphone', 'bar.camera', 'bar.hand', 'bar.private'] as const) {
    const button = returning.page.getByRole('button', { name: new RegExp(`^${words(key)}`) });
    expect(await button.getAttribute('aria-pressed')).toMatch(/^(true|false)$/);
  }
});

test('enough pages were looked at', () => {
  expect(checked).toBeGreaterThan(12);
});
