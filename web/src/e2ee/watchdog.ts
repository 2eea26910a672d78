// SPDX-License-Identifier: Apache-2.0
// Whether a media line goes past the worker that seals and opens its frames. Browsers count what they sent and received; the worker
// counts what it took. Where the browser's count of a line grows and the worker's does not, nothing of it was sealed (or opened).
// Not here: reading either count (line_watch.ts), what is done about it (call/). Invariants: no clock, only readings; a line is told
// once a life; what is on its way between the two counts is never held against a line.
//
// The worker is asked before and after the browser, and a span runs from one judged reading to the next:
//   the browser counted   counted(now) - counted(then)
//   the worker took at most   after(now) - before(then)
// The second contains the first in time, so a frame that was counted and not taken is on its way, lost in a queue, or went past.
// A worker that is far behind loses frames (Chromium keeps 60 and drops the rest) but takes some: hence "most of them", twice.
export interface Reading {
  line: string;
  life: string; // changes where the worker's count began anew
  counted: number; // by the browser
  before: number; // by the worker, asked before the browser was
  after: number;
}

const fewest = 5; // frames in a span that is judged; with fewer the span goes on
const spansToBeSure = 2; // in a row

interface Followed {
  life: string;
  counted: number;
  before: number;
  bad: number; // spans in a row
  told: boolean;
}

export class Watchdog {
  private readonly lines = new Map<string, Followed>();

  // The lines that are found to go past the worker.
  take(readings: readonly Reading[]): string[] {
    return readings.flatMap((reading) => (this.goesPast(reading) ? [reading.line] : []));
  }

  // The connection is gone: its lines count from nought again.
  forget(): void {
    this.lines.clear();
  }

  private goesPast(reading: Reading): boolean {
    const { line, life, counted, before, after } = reading;
    // All counts of a line begin with its connection, so its first span does too.
    const then = this.lines.get(line) ?? { life, counted: 0, before: 0, bad: 0, told: false };
    // Counts that began anew say nothing of what lies between.
    if (then.life !== life || counted < then.counted) {
      this.lines.set(line, { life, counted, before, bad: 0, told: then.told && then.life === life });
      return false;
    }
    const gone = counted - then.counted;
    if (gone < fewest) {
      this.lines.set(line, then);
      return false;
    }
    const missed = gone - (after - then.before);
    const bad = missed >= fewest && missed * 2 > gone ? then.bad + 1 : 0;
    const found = bad >= spansToBeSure && !then.told;
    this.lines.set(line, { life, counted, before, bad, told: then.told || found });
    return found;
  }
}
