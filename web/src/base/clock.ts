// SPDX-License-Identifier: Apache-2.0
// Time and chance as values that are handed in, so that everything above can be tested in virtual time.
// Not here: any decision. Invariant: no file of call/ reads the clock, sets a timer or draws chance except through this.

export interface Clock {
  now(): number; // ms, monotonic (performance.now() scale)
  wall(): number; // ms, Date.now() scale
  after(ms: number, then: () => void): () => void; // returns how to call it off
  random(): number; // 0 <= x < 1
}

export const browserClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after: (ms, then) => {
    const id = setTimeout(then, ms);
    return () => clearTimeout(id);
  },
  random: () => Math.random(),
};

// Time that stands still until advance() is called; chance that counts through a fixed list.
export class VirtualClock implements Clock {
  private at = 0;
  private waiting: { at: number; order: number; then: () => void }[] = [];
  private order = 0;
  private drawn = 0;

  constructor(
    private readonly startWall = 1_700_000_000_000,
    private readonly chances: readonly number[] = [0.5],
  ) {}

  now(): number {
    return this.at;
  }

  wall(): number {
    return this.startWall + this.at;
  }

  random(): number {
    return this.chances[this.drawn++ % this.chances.length] ?? 0.5;
  }

  after(ms: number, then: () => void): () => void {
    const entry = { at: this.at + Math.max(0, ms), order: this.order++, then };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== entry);
    };
  }

  // Runs what is due, in order of time; what those set for within the span runs too.
  advance(ms: number): void {
    const until = this.at + ms;
    for (;;) {
      const due = this.waiting.filter((w) => w.at <= until).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!due) break;
      this.waiting = this.waiting.filter((w) => w !== due);
      this.at = Math.max(this.at, due.at);
      due.then();
    }
    this.at = until;
  }
}
