// SPDX-License-Identifier: Apache-2.0
// How fast this client speaks: half of what the room allows (docs/protocol.md, "Rules for both sides"), since whoever is faster is
// cut off. A group of thirty that arrives in one moment has each of them introduced to each facilitator; that waits its turn,
// and whatever else is to be said goes first. The margin is for a line that stalls and then hands over at once what was said meanwhile.
// Not here: what is said, the line itself (signalling.ts). Invariant: what waits is bounded; in each lane the order is kept.
import type { Clock } from '../base/clock';

// Who lets people in says several things of each.
const speeds = { leads: { atOnce: 60, perSecond: 30 }, others: { atOnce: 20, perSecond: 10 } };
const mostWaiting = 512;

export class Pace {
  private readonly first: string[] = [];
  private readonly later: string[] = [];
  private speed = speeds.others;
  private tokens = speeds.others.atOnce;
  private filled: number;
  private wake: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly send: (text: string) => void,
  ) {
    this.filled = clock.now();
  }

  // A new line. The room knows what was said before on another.
  begin(leads: boolean): void {
    const speed = leads ? speeds.leads : speeds.others;
    if (speed === this.speed) return;
    this.speed = speed;
    this.tokens = speed.atOnce;
    this.filled = this.clock.now();
  }

  // False where too much waits already. `patient`: gives way to everything else.
  say(text: string, patient: boolean): boolean {
    if (this.first.length + this.later.length >= mostWaiting) return false;
    (patient ? this.later : this.first).push(text);
    if (!this.wake) this.go();
    return true;
  }

  // The line is gone, and what waited for it with it.
  forget(): void {
    this.wake?.();
    this.wake = null;
    this.first.length = this.later.length = 0;
  }

  private go(): void {
    this.wake = null;
    const now = this.clock.now();
    const { atOnce, perSecond } = this.speed;
    this.tokens = Math.min(atOnce, this.tokens + ((now - this.filled) * perSecond) / 1000);
    this.filled = now;
    while (this.tokens >= 1) {
      const text = this.first.shift() ?? this.later.shift();
      if (text === undefined) return;
      this.tokens -= 1;
      this.send(text);
    }
    if (this.first.length + this.later.length > 0) this.wake = this.clock.after(Math.ceil(((1 - this.tokens) * 1000) / perSecond), () => this.go());
  }
}
