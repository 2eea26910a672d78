// SPDX-License-Identifier: Apache-2.0
// Is the line good enough? A few looks at the media connection, put into one of four words. Not here: the words people
// read. Invariant: "none" means that no media connection stands.
import type { Clock } from '../base/clock';
import type { LineCheck, LineWord } from './model';
import type { LineFigures } from './peer';

const looks = 5;
const lookEveryMs = 1_000;
const connectWithinMs = 12_000;

export function wordFor(roundTripMs: number, lost: number): LineWord {
  if (roundTripMs < 200 && lost < 0.02) return 'good';
  if (roundTripMs < 400 && lost < 0.08) return 'fair';
  return 'poor';
}

export async function checkLine(
  clock: Clock,
  look: () => Promise<LineFigures>,
  tell: (check: LineCheck) => void,
): Promise<void> {
  tell({ state: 'running', word: null, roundTripMs: null });
  const started = clock.now();
  const trips: number[] = [];
  let lost = 0;
  while (trips.length < looks && (trips.length > 0 || clock.now() - started < connectWithinMs)) {
    await new Promise<void>((done) => clock.after(lookEveryMs, done));
    const figures = await look();
    if (figures.roundTripMs === null) {
      if (trips.length > 0) break;
      continue;
    }
    trips.push(figures.roundTripMs);
    lost = Math.max(lost, figures.lostFraction ?? 0);
    tell({ state: 'running', word: null, roundTripMs: figures.roundTripMs });
  }
  const middle = [...trips].sort((a, b) => a - b)[trips.length >> 1];
  tell({ state: 'done', word: middle === undefined ? 'none' : wordFor(middle, lost), roundTripMs: middle ?? null });
}
