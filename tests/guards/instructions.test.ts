// SPDX-License-Identifier: Apache-2.0
// What forwarding one packet costs may not creep up: instructions by callgrind against the numbers kept in
// bench/guard.json. Where a rise is meant, or a fall is won, write the new numbers there and say why in the commit.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { costsByObject, measureInstructions } from '../../bench/instructions.ts';

const tree = join(import.meta.dirname, '..', '..');
const kept = JSON.parse(readFileSync(join(tree, 'bench', 'guard.json'), 'utf8')) as { perPacket: number; own: number };
const tolerated = 1.05;

test('a profile is summed by object, callees left out', () => {
  const profile = ['ob=(1) /x/ours', 'fn=(1) f', '10 5', '+1 7', 'cob=(2) /lib/theirs', 'cfn=(2) g', 'calls=3 20', '+2 900', 'ob=(2)', 'fn=(2)', '20 900', 'ob=(1)', '* 1'];
  expect(Object.fromEntries(costsByObject(profile.join('\n')))).toEqual({ '/x/ours': 13, '/lib/theirs': 900 });
});

test('forwarding a packet costs no more instructions than it did', { timeout: 120_000 }, () => {
  const now = measureInstructions();
  console.log(`instructions per forwarded packet: ${now.perPacket.toFixed(0)} (kept ${kept.perPacket}), our own ${now.own.toFixed(0)} (kept ${kept.own})`);
  expect(now.forwarded).toBe(27_000);
  expect(now.own).toBeGreaterThan(100);
  expect(now.perPacket).toBeLessThan(kept.perPacket * tolerated);
  expect(now.own).toBeLessThan(kept.own * tolerated);
});
