// SPDX-License-Identifier: Apache-2.0
// Reads, for the watchdog, what the browser counted on each line of a connection (RTCStatsReport) between two answers of the frames
// worker. Not here: the judgement (watchdog.ts), the clock (call/flow.ts asks at each of its looks), what is done (call/).
// Invariant: no judgement without both answers: a worker that does not answer seals nothing, and then nothing is sent.
//
// | line | the browser counts | the worker counts |
// |---|---|---|
// | sound out | packetsSent less those sent again: one Opus frame is one packet, counted where it leaves | sealed |
// | picture out | framesEncoded over all layers: packets and bytes hold padding that no worker sees | taken: sealed, or kept back for want of keys |
// | sound in | packetsReceived, counted before the worker | taken: opened, refused, replayed, waiting |
// | picture in | framesReceived, counted after the worker in Chromium and Firefox | opened |
import { type Reading, Watchdog } from './watchdog';

export type WatchedLine =
  | { mid: string; way: 'send'; kind: 'audio' | 'video'; source: 'microphone' | 'camera' | 'screen' | 'clear_view' | 'backstage' }
  | { mid: string; way: 'receive'; kind: 'audio' | 'video' };

export interface LineCount {
  life: string;
  taken: number;
  passed: number; // sealed or opened
}
export type LineCounts = ReadonlyMap<string, LineCount>; // by nameOf()

export const nameOf = (line: { way: 'send'; source: string } | { way: 'receive'; mid: string }): string =>
  line.way === 'send' ? `send ${line.source}` : `receive ${line.mid}`;

type Entry = Record<string, unknown>;
const figure = (entry: Entry, name: string): number => (typeof entry[name] === 'number' ? entry[name] : 0);

function countedIn(entry: Entry, { way, kind }: WatchedLine): number {
  if (way === 'send') return kind === 'audio' ? figure(entry, 'packetsSent') - figure(entry, 'retransmittedPacketsSent') : figure(entry, 'framesEncoded');
  return figure(entry, kind === 'audio' ? 'packetsReceived' : 'framesReceived');
}

export function readingsOf(report: RTCStatsReport, lines: readonly WatchedLine[], before: LineCounts, after: LineCounts): Reading[] {
  const counted = new Map<string, number>();
  const byMid = new Map(lines.map((line) => [line.mid, line]));
  report.forEach((entry: Entry) => {
    const line = byMid.get(String(entry['mid']));
    if (line && entry['type'] === (line.way === 'send' ? 'outbound-rtp' : 'inbound-rtp')) {
      counted.set(line.mid, (counted.get(line.mid) ?? 0) + countedIn(entry, line));
    }
  });
  return lines.flatMap((line): Reading[] => {
    const frames = counted.get(line.mid);
    // Of a line that the worker was never given it has taken nothing.
    const none: LineCount = { life: 'none', taken: 0, passed: 0 };
    const [early, late] = [before.get(nameOf(line)) ?? none, after.get(nameOf(line)) ?? none];
    if (frames === undefined || early.life !== late.life) return [];
    const what = (line.way === 'send') === (line.kind === 'audio') ? 'passed' : 'taken';
    return [{ line: line.mid, life: late.life, counted: frames, before: early[what], after: late[what] }];
  });
}

export class LineWatch {
  private readonly watchdog = new Watchdog();
  private looking = false;
  private connection = 0;

  constructor(private readonly goesPast: (line: WatchedLine) => void) {}

  // The media connection is gone.
  forget(): void {
    this.connection += 1;
    this.looking = false;
    this.watchdog.forget();
  }

  async look(worker: { counts(): Promise<LineCounts | null> }, lines: readonly WatchedLine[], read: () => Promise<RTCStatsReport>): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    const of = this.connection;
    const before = await worker.counts();
    const report = await read().catch(() => null);
    const after = await worker.counts();
    if (of !== this.connection) return;
    this.looking = false;
    if (!before || !report || !after) return;
    const found = this.watchdog.take(readingsOf(report, lines, before, after));
    for (const line of lines) if (found.includes(line.mid)) this.goesPast(line);
  }
}
