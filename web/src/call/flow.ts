// SPDX-License-Identifier: Apache-2.0
// Whether packets still come. A way that dies says nothing: browsers take five seconds or more to call it `disconnected`,
// while sound comes many times a second. So what came steadily and stops, though somebody should be sending, is told after two.
// Not here: what is done about it (peer.ts). Invariant: nothing is told of a line on which nothing came steadily before;
// each silence is told once.
import type { Clock } from '../base/clock';

const lookEveryMs = 700;
const steadyLooks = 3; // in a row, with something heard in each
const silentForMs = 1_800;

// How much each stream has received: only growth counts, since streams come and go.
export type Counts = ReadonlyMap<string, number>;

export interface FlowListener {
  expected(): boolean; // somebody who is heard or seen should be sending
  silent(): void;
  heard(): void; // after a silence
}

export class Flow {
  private before: Counts = new Map();
  private steady = 0;
  private heardAt = 0;
  private told = false;
  private running = 0; // counts starts: a look of an earlier one is dropped
  private next: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly read: () => Promise<Counts>,
    private readonly listener: FlowListener,
  ) {}

  start(): void {
    this.stop();
    this.before = new Map();
    this.steady = 0;
    this.told = false;
    this.plan(this.running);
  }

  stop(): void {
    this.running += 1;
    this.next?.();
    this.next = null;
  }

  private plan(run: number): void {
    this.next = this.clock.after(lookEveryMs, () => void this.look(run));
  }

  private async look(run: number): Promise<void> {
    const now = await this.read().catch(() => this.before);
    if (run !== this.running) return;
    this.plan(run);
    const grown = [...now].some(([stream, count]) => count > (this.before.get(stream) ?? 0));
    this.before = now;
    if (grown) {
      this.heardAt = this.clock.now();
      this.steady += 1;
      if (this.told) {
        this.told = false;
        this.listener.heard();
      }
    } else if (this.told || this.steady < steadyLooks) {
      this.steady = 0;
    } else if (!this.listener.expected()) {
      this.steady = 0; // nobody speaks or shows themselves: what comes next begins anew
    } else if (this.clock.now() - this.heardAt >= silentForMs) {
      this.steady = 0;
      this.told = true;
      this.listener.silent();
    }
  }
}

// What every stream from the others has received so far.
export function countsOf(report: RTCStatsReport): Counts {
  const counts = new Map<string, number>();
  report.forEach((entry: { type?: string; id?: string; packetsReceived?: unknown }) => {
    if (entry.type === 'inbound-rtp' && typeof entry.packetsReceived === 'number') counts.set(String(entry.id), entry.packetsReceived);
  });
  return counts;
}
