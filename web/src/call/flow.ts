// SPDX-License-Identifier: Apache-2.0
// Whether packets still come. A way that dies says nothing: browsers take five seconds or more to call it `disconnected`,
// while sound comes many times a second. What came densely and stops is doubted within a second; what came steadily and stops, though
// somebody should be sending, is told after two, or as soon as the room answers though nothing else comes. Where nothing else comes,
// one person's silence does every 420 ms (Opus DTX; src/media/forwarder.cpp), and a word of it lost is a gap like that of a way that died: only
// what came many times a second says something sooner.
// Not here: what is done about it (peer.ts). Invariant: nothing is told of a line on which nothing came steadily before;
// each silence is doubted and told once.
import type { Clock } from '../base/clock';

const lookEveryMs = 330;
const denseLooks = 6; // with something heard, and no silence between them that would be doubted
const steadyForMs = 2_000; // something heard, and then again before `gapAtMost`
const thickForMs = 2_000;
const thickPerSecond = 10; // speech comes at 16 at least, one person's silence at 5
const gapAtMost = 750;
const doubtedAfterMs = 640;
const silentForMs = 1_800;

// How much each stream has received: only growth counts, since streams come and go.
export type Counts = ReadonlyMap<string, number>;

export interface FlowListener {
  expected(): boolean; // somebody who is heard or seen should be sending
  doubted(): void; // it came densely, and does not just now
  silent(): void;
  heard(): void; // after a silence
}

export class Flow {
  private before: Counts = new Map();
  private dense = 0; // looks with something heard since a silence that is long enough to be doubted
  private steadySince: number | null = null;
  private empty = false; // the last look heard nothing
  private thickSince = 0;
  private thin = false; // the last look heard less than that
  private lookedAt = 0;
  private heardAt = 0;
  private doubted = false;
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
    this.forget();
    this.doubted = false;
    this.told = false;
    this.lookedAt = this.clock.now();
    this.plan(this.running);
  }

  stop(): void {
    this.running += 1;
    this.next?.();
    this.next = null;
  }

  // Nothing has come since it was doubted.
  get inDoubt(): boolean {
    return this.doubted;
  }

  private forget(): void {
    this.dense = 0;
    this.steadySince = null;
  }

  private plan(run: number): void {
    this.next = this.clock.after(lookEveryMs, () => void this.look(run));
  }

  // It was doubted, and the room answers: not all of the network stands still, so there is nothing to wait for where it had come so
  // densely that no single packet lost makes such a gap.
  async roomAnswers(): Promise<void> {
    const run = this.running;
    if (!this.doubted || this.told) return;
    await this.see(run);
    const thick = this.heardAt - this.thickSince >= thickForMs;
    if (run === this.running && this.doubted && !this.told && thick && this.listener.expected()) this.tell();
  }

  private async look(run: number): Promise<void> {
    await this.see(run);
    if (run === this.running) this.plan(run);
  }

  private async see(run: number): Promise<void> {
    const now = await this.read().catch(() => this.before);
    if (run !== this.running) return;
    const grown = [...now].reduce((sum, [stream, count]) => sum + Math.max(0, count - (this.before.get(stream) ?? 0)), 0);
    const since = this.clock.now() - this.lookedAt;
    this.before = now;
    this.lookedAt = this.clock.now();
    if (grown > 0) this.hears();
    else this.hearsNothing();
    this.thin = grown * 1000 < thickPerSecond * since;
  }

  private hears(): void {
    const at = this.clock.now();
    // A look that came late (a hidden page) is no gap by itself: something was heard in it.
    if (this.steadySince === null || (this.empty && at - this.heardAt > gapAtMost)) this.steadySince = at;
    // Not what is thin now: the last packets before a silence fill no look.
    if (this.thin || this.steadySince === at) this.thickSince = at;
    this.empty = false;
    this.heardAt = at;
    this.dense += 1;
    this.doubted = false;
    if (!this.told) return;
    this.told = false;
    this.listener.heard();
  }

  private hearsNothing(): void {
    this.empty = true;
    if (this.told || this.steadySince === null) return;
    if (!this.listener.expected()) return this.forget(); // nobody speaks or shows themselves: what comes next begins anew
    const silence = this.clock.now() - this.heardAt;
    if (!this.doubted && this.dense >= denseLooks && silence >= doubtedAfterMs) {
      this.doubted = true;
      this.listener.doubted();
    }
    // Kept until it was long enough to be doubted.
    if (silence >= doubtedAfterMs) this.dense = 0;
    if (silence < silentForMs) return;
    this.tell();
  }

  private tell(): void {
    const steady = this.steadySince !== null && this.heardAt - this.steadySince >= steadyForMs;
    this.forget();
    if (!steady) return;
    this.told = true;
    this.listener.silent();
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
