// SPDX-License-Identifier: Apache-2.0
// Puts the frames worker between a media connection and the line, on every sender and receiver, and keeps it in keys.
// Not here: which keys (client.ts), what a frame looks like (frame_format.ts). Invariants: a source's start number is never used
// twice by this page; where a worker dies, new transforms are made under new start numbers, and until then nothing is sent.
import type { Source } from './frame_format';
import { mostStarts } from './frame_format';
import type { EpochKeys } from './frame_keys';
import type { FromFrames, Line, LineFigures, ToFrames } from './frames_worker';
import { type LineCount, type LineCounts, nameOf } from './line_watch';

// The part of a Worker that is used, so that tests can bring their own.
export interface FramesWorker {
  postMessage(message: ToFrames, transfer?: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromFrames>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export interface FramesListener {
  source(mid: string, from: { seat: number; source: Source } | null): void; // who really sends on this line
  keyFrameNeeded(mid: string): void;
  restarted(): void; // the worker died, and another is in its place
}

type Streams = { readable: ReadableStream; writable: WritableStream };
type Older = (RTCRtpSender | RTCRtpReceiver) & { createEncodedStreams?(): Streams };

const scripted = (): boolean => typeof RTCRtpScriptTransform !== 'undefined';
const olderStreams = (): boolean => typeof RTCRtpSender !== 'undefined' && 'createEncodedStreams' in RTCRtpSender.prototype;

// Whether this browser can take part in an encrypted room at all.
export const canProtectFrames = (): boolean => scripted() || olderStreams();

// To be given to RTCPeerConnection: older Chromium wants to know beforehand.
export const connectionOptions = (): RTCConfiguration => (!scripted() && olderStreams() ? ({ encodedInsertableStreams: true } as RTCConfiguration) : {});

export class Frames {
  private worker: FramesWorker;
  private readonly epochs = new Map<string, EpochKeys>();
  private room = 'everyone';
  private readonly starts = new Map<Source, number>();
  private senders: { sender: RTCRtpSender; kind: 'audio' | 'video'; source: Source }[] = [];
  private receivers: { receiver: RTCRtpReceiver; kind: 'audio' | 'video'; mid: string }[] = [];
  private asked: ((lines: LineFigures[]) => void)[] = [];
  private counting: ((counts: LineCounts | null) => void)[] = [];
  private workers = 0; // so far
  private orphaned = false; // older streams whose worker died: nothing comes or goes on this connection any more
  private listening: Promise<void> = Promise.resolve();
  private nowListens: () => void = () => undefined;

  constructor(
    private readonly make: () => FramesWorker,
    private readonly listener: FramesListener,
  ) {
    this.worker = this.open();
  }

  epoch(keys: EpochKeys): void {
    this.epochs.set(keys.group, keys);
    this.worker.postMessage({ say: 'epoch', keys });
  }

  forget(group: string): void {
    this.epochs.delete(group);
    this.worker.postMessage({ say: 'forget', group });
  }

  // The audience that microphone, camera and screen are for from now on.
  enter(room: string): void {
    this.room = room;
    this.worker.postMessage({ say: 'enter', room });
  }

  // Before a line is attached: the browser tells the worker of it once, and a worker whose script is still on its way misses it.
  ready(): Promise<void> {
    return this.listening;
  }

  // What a media connection asks for.
  options(): RTCConfiguration {
    return connectionOptions();
  }

  // Before anything is sent on it; a sender that has its transform keeps it.
  sending(sender: RTCRtpSender, kind: 'audio' | 'video', source: Source): void {
    if (this.senders.some((one) => one.sender === sender)) return;
    this.senders.push({ sender, kind, source });
    this.attach(sender, { way: 'send', kind, source, start: this.nextStart(source) });
  }

  // The next picture of it builds on none before.
  anew(source: Source): void {
    this.worker.postMessage({ say: 'anew', source });
  }

  receiving(receiver: RTCRtpReceiver, kind: 'audio' | 'video', mid: string): void {
    if (this.receivers.some((one) => one.receiver === receiver)) return;
    this.receivers.push({ receiver, kind, mid });
    this.attach(receiver, { way: 'receive', kind, mid });
  }

  // The media connection is gone, and its lines with it.
  connectionGone(): void {
    for (const { mid } of this.receivers) this.listener.source(mid, null);
    this.senders = [];
    this.receivers = [];
    this.orphaned = false;
  }

  figures(): Promise<LineFigures[]> {
    return new Promise((resolve) => {
      this.asked.push(resolve);
      this.worker.postMessage({ say: 'figures' });
    });
  }

  // For the watchdog: how many frames of each line the worker has taken and passed on. null: it does not say.
  counts(): Promise<LineCounts | null> {
    if (this.orphaned) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.counting.push(resolve);
      this.worker.postMessage({ say: 'counts' });
    });
  }

  close(): void {
    this.connectionGone();
    this.unanswered();
    this.epochs.clear();
    this.worker.onmessage = this.worker.onerror = null;
    this.worker.terminate();
  }

  private open(): FramesWorker {
    const worker = this.make();
    this.workers += 1;
    this.listening = new Promise((resolve) => (this.nowListens = resolve));
    worker.onmessage = ({ data }) => this.heard(data);
    worker.onerror = () => this.died();
    return worker;
  }

  private heard(message: FromFrames): void {
    switch (message.say) {
      case 'ready':
        this.nowListens();
        break;
      case 'source':
        this.listener.source(message.mid, message.from);
        break;
      case 'key-frame-needed':
        this.listener.keyFrameNeeded(message.mid);
        break;
      case 'figures':
        this.asked.splice(0).forEach((resolve) => resolve(message.lines));
        break;
      case 'counts':
        this.counting.shift()?.(this.counted(message.lines));
        break;
    }
  }

  // A line of which the worker has not heard yet has let nothing through.
  private counted(lines: Extract<FromFrames, { say: 'counts' }>['lines']): LineCounts {
    const life = (source: Source): string => `${this.workers} ${this.starts.get(source) ?? 0}`;
    const none = { taken: 0, passed: 0 };
    const counts = new Map<string, LineCount>();
    for (const { source } of this.senders) counts.set(nameOf({ way: 'send', source }), { life: life(source), ...none });
    for (const { mid } of this.receivers) counts.set(nameOf({ way: 'receive', mid }), { life: `${this.workers}`, ...none });
    for (const { line, frames: passed, taken } of lines) {
      const before = line.way === 'send' && this.starts.get(line.source) !== line.start + 1; // of a transform that was replaced
      if (!before) counts.set(nameOf(line), { life: line.way === 'send' ? life(line.source) : `${this.workers}`, taken, passed });
    }
    return counts;
  }

  private unanswered(): void {
    this.asked.splice(0).forEach((resolve) => resolve([]));
    this.counting.splice(0).forEach((resolve) => resolve(null));
  }

  // Its keys and counts died with it. With scripted transforms the lines go on under new start numbers; older streams cannot be
  // taken twice, so there the connection must be made anew, which the page does when nothing comes.
  private died(): void {
    this.worker.terminate();
    this.worker.onmessage = null;
    this.unanswered();
    this.orphaned = !scripted();
    this.worker = this.open();
    this.worker.postMessage({ say: 'enter', room: this.room });
    for (const keys of this.epochs.values()) this.worker.postMessage({ say: 'epoch', keys });
    for (const { mid } of this.receivers) this.listener.source(mid, null);
    const worker = this.worker;
    if (scripted()) void this.listening.then(() => worker === this.worker && this.attachAnew());
    this.listener.restarted();
  }

  private attachAnew(): void {
    for (const { sender, kind, source } of this.senders) this.attach(sender, { way: 'send', kind, source, start: this.nextStart(source) });
    for (const { receiver, kind, mid } of this.receivers) this.attach(receiver, { way: 'receive', kind, mid });
  }

  private nextStart(source: Source): number {
    const start = this.starts.get(source) ?? 0;
    if (start >= mostStarts) throw new RangeError('this page has started a source too often to be safe');
    this.starts.set(source, start + 1);
    return start;
  }

  private attach(end: RTCRtpSender | RTCRtpReceiver, line: Line): void {
    if (scripted()) {
      end.transform = new RTCRtpScriptTransform(this.worker as unknown as Worker, line);
      return;
    }
    const streams = (end as Older).createEncodedStreams?.();
    if (!streams) throw new TypeError('this browser cannot protect frames');
    this.worker.postMessage({ say: 'streams', line, ...streams }, [streams.readable, streams.writable] as unknown as Transferable[]);
  }
}

export const openFramesWorker = (): FramesWorker =>
  new Worker(new URL('./frames_worker.ts', import.meta.url), { type: 'module', name: 'frames' }) as unknown as FramesWorker;
