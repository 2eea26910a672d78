// SPDX-License-Identifier: Apache-2.0
// What `./dev bench line` takes for a page's noticing that its way has died: not what the page says anyway.
import { expect, test } from 'vitest';
import { type Done, firstNotice } from '../../bench/line_notice.ts';

const pings = (...at: number[]): Done[] => at.map((one) => ({ at: one, what: 'ping' }));

test('a ping out of turn is a notice, one of each ten seconds is none', () => {
  expect(firstNotice(pings(1_000, 11_020, 21_050, 21_700), 21_000)).toBe(0.7);
  expect(firstNotice(pings(1_000, 11_020, 21_050), 21_000)).toBe(null);
  expect(firstNotice([], 21_000)).toBe(null);
});
test('so is another WebSocket, or asking for a restart, and the first of them counts', () => {
  expect(firstNotice([...pings(1_000, 11_000), { at: 12_400, what: 'open' }, { at: 12_900, what: 'restart' }], 11_900)).toBe(0.5);
  expect(firstNotice([{ at: 100, what: 'open' }, { at: 12_900, what: 'restart' }], 11_900)).toBe(1);
});
