// SPDX-License-Identifier: Apache-2.0
// "I need help" that nobody answers becomes an alert, which the team sees outside the group. The person's own device raises it where
// no facilitator is there to read it: at once, or when the last one went within the time to answer; the facilitators' devices raise it
// where all of them are there and none answers. Raised twice it is one alert (safety/alert.h). Not here: the words, the alert itself.
// Invariant: nobody is told that the team knows before the service has said so.
import type { Clock } from '../base/clock';
import type { Seat } from '../call/model';

export const answerWithinMs = 30_000;
const againMs = 10_000;
const mostTries = 30; // five minutes; by then the page has long said to phone

export type Raise = () => Promise<'raised' | 'unreachable'>;

// For whoever asked. `read`: whether a facilitator can read it now.
export class OwnHelp {
  private off: (() => void) | null = null;
  private asking = 0; // counts: an answer to an earlier asking changes nothing

  constructor(
    private readonly clock: Clock,
    private readonly raise: Raise,
    private readonly read: () => boolean,
    private readonly told: () => void, // the service has it
  ) {}

  asked(): void {
    this.stop();
    const asking = this.asking;
    if (this.read()) this.off = this.clock.after(answerWithinMs, () => void (this.read() || this.tell(asking, 1)));
    else void this.tell(asking, 1);
  }

  stop(): void {
    this.asking += 1;
    this.off?.();
    this.off = null;
  }

  private async tell(asking: number, tries: number): Promise<void> {
    const answer = await this.raise();
    if (asking !== this.asking) return;
    if (answer === 'raised') this.told();
    else if (tries < mostTries) this.off = this.clock.after(againMs, () => void this.tell(asking, tries + 1));
  }
}

// For facilitators: each who has asked and is not yet answered.
export class UnansweredHelp {
  private readonly waiting = new Map<Seat, () => void>();

  constructor(
    private readonly clock: Clock,
    private readonly raise: (seat: Seat) => Promise<'raised' | 'unreachable'>,
  ) {}

  // Who is not answered now. Who asks again while they wait has not asked later.
  now(seats: readonly Seat[]): void {
    for (const [seat, off] of this.waiting)
      if (!seats.includes(seat)) {
        off();
        this.waiting.delete(seat);
      }
    for (const seat of seats) if (!this.waiting.has(seat)) this.later(seat, answerWithinMs, 1);
  }

  stop(): void {
    this.now([]);
  }

  private later(seat: Seat, ms: number, tries: number): void {
    const off = this.clock.after(ms, () => {
      void this.raise(seat).then((answer) => {
        if (answer !== 'raised' && tries < mostTries && this.waiting.get(seat) === off) this.later(seat, againMs, tries + 1);
      });
    });
    this.waiting.set(seat, off);
  }
}
