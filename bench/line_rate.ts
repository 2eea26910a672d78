// SPDX-License-Identifier: Apache-2.0
// How fast the server adapts to what a line carries, seen at the line itself: what came to it, every 100 ms. Not here: browsers.
import type { Direction, Line } from '../tests/people/line.ts';

export interface Moment {
  at: number; // ms of this machine
  bytes: number; // came to the line so far
  dropped: number; // by its queue
}

const every = 100;
const window = 500;

export class RateWatch {
  readonly moments: Moment[] = [];
  #on = true;
  readonly #ended: Promise<void>;

  constructor(line: Line, way: 'down' | 'up') {
    this.#ended = this.#watch(async () => (await line.counters())[way]);
  }

  async #watch(read: () => Promise<Direction>): Promise<void> {
    while (this.#on) {
      const { bytes, queue_dropped: dropped } = await read();
      this.moments.push({ at: performance.now(), bytes, dropped });
      await new Promise((resolve) => setTimeout(resolve, every));
    }
  }

  async stop(): Promise<void> {
    this.#on = false;
    await this.#ended;
  }

  // Bits a second that came to the line, each over the last half second.
  rates(from: number, to: number): { at: number; rate: number }[] {
    return this.moments.flatMap((one, place) => {
      const earlier = this.moments.slice(0, place).findLast(({ at }) => one.at - at >= window);
      return one.at < from || one.at > to || !earlier ? [] : [{ at: one.at, rate: ((one.bytes - earlier.bytes) * 8000) / (one.at - earlier.at) }];
    });
  }

  mean(from: number, to: number): number {
    const within = this.moments.filter(({ at }) => at >= from && at <= to);
    const [first, last] = [within[0], within.at(-1)];
    return !first || !last || first === last ? NaN : ((last.bytes - first.bytes) * 8000) / (last.at - first.at);
  }

  // Seconds from a change until the rate has been so for two seconds on end; null: it never was. The half second that a rate is taken
  // over is not part of it.
  until(changed: number, end: number, so: (rate: number) => boolean): number | null {
    const lasting = 2_000;
    let since: number | null = null;
    for (const { at, rate } of this.rates(changed, end)) {
      if (!so(rate)) since = null;
      else since ??= at;
      if (since !== null && at - since >= lasting) return Math.max(0, since - changed - window) / 1000;
    }
    return null;
  }
}
