// SPDX-License-Identifier: Apache-2.0
// How much data this call has taken on this device, both ways, and at what rate it goes on: what the browser counts on the media
// connection (webrtc-stats, transport and candidate-pair), looked at every few seconds. Not here: words, the length of the session.
// Invariant: a new connection counts from zero and adds to what was, a page loaded anew to what the tab kept (memory.ts); nothing of this is sent anywhere but to facilitators, as whole
// megabytes and the rate.
import type { Clock } from '../base/clock';

export interface DataUse {
  usedBytes: number;
  bytesPerSecond: number | null; // over the last minute, or since it began; null: too early to say
}

const lookEveryMs = 5_000;
const looksKept = 12; // a minute
const looksNeeded = 3;

export class DataMeter {
  private readonly looks: { at: number; bytes: number }[] = [];
  private before = 0; // of connections that are gone, and of this page before a reload
  private counted = 0; // of the one that stands
  private next: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly read: () => Promise<number | null>, // what the connection counts so far; null: there is none
    private readonly changed: () => void,
  ) {}

  get use(): DataUse {
    const [first, last] = [this.looks[0], this.looks.at(-1)];
    const rate = first && last && this.looks.length >= looksNeeded ? ((last.bytes - first.bytes) * 1000) / (last.at - first.at) : null;
    return { usedBytes: this.before + this.counted, bytesPerSecond: rate };
  }

  // What a page of this session had taken before it was loaded anew; before the first look, so that no rate has it.
  goOnFrom(bytes: number): void {
    this.before += bytes;
  }

  // Once there is something to count; again does nothing.
  start(): void {
    this.next ??= this.clock.after(lookEveryMs, () => void this.look());
  }

  // The rate begins anew: what is asked for has changed.
  anew(): void {
    this.looks.length = 0;
  }

  close(): void {
    this.next?.();
    this.next = () => undefined;
  }

  private async look(): Promise<void> {
    const counted = await this.read().catch(() => null);
    if (counted !== null) {
      if (counted < this.counted) this.before += this.counted;
      this.counted = counted;
      this.looks.push({ at: this.clock.now(), bytes: this.before + counted });
      if (this.looks.length > looksKept) this.looks.shift();
      this.changed();
    }
    this.next = this.clock.after(lookEveryMs, () => void this.look());
  }
}

// Bytes of both ways on the pair of candidates in use, headers and all that the browser counts; Firefox has no figures of a transport.
export function bytesOf(report: Iterable<Record<string, unknown>>): number {
  let transport: number | null = null;
  let pairs = 0;
  for (const entry of report) {
    const both = Number(entry['bytesSent'] ?? 0) + Number(entry['bytesReceived'] ?? 0);
    if (entry['type'] === 'transport' && Number.isFinite(both)) transport = (transport ?? 0) + both;
    if (entry['type'] === 'candidate-pair' && Number.isFinite(both)) pairs += both;
  }
  return transport ?? pairs;
}

// What a session of this length will have taken in the end, as things are.
export const expectedBytes = ({ usedBytes, bytesPerSecond }: DataUse, leftMs: number): number | null =>
  bytesPerSecond === null ? null : usedBytes + (bytesPerSecond * Math.max(0, leftMs)) / 1000;
