// SPDX-License-Identifier: Apache-2.0
// The worker in which every frame of sound and picture is sealed before it leaves and opened before it is shown. Browsers hand
// the streams in by RTCRtpScriptTransform (`rtctransform`), older Chromium by a message with the streams themselves.
// Not here: any rule (frame_pipe.ts, frame_keys.ts). Invariant: nothing but what a Sealer made is ever written to a sender.
import { layerNames } from '../call/layers';
import type { Source } from './frame_format';
import { type EpochKeys, KeyStore, ReplayWindows } from './frame_keys';
import { Arriving, type FrameLike, Sealer } from './frame_pipe';

export type Line = { way: 'send'; kind: 'audio' | 'video'; source: Source; start: number } | { way: 'receive'; kind: 'audio' | 'video'; mid: string };

export type ToFrames =
  | { say: 'epoch'; keys: EpochKeys }
  | { say: 'forget'; group: string }
  | { say: 'enter'; room: string }
  | { say: 'streams'; line: Line; readable: ReadableStream<FrameLike>; writable: WritableStream<FrameLike> }
  | { say: 'anew'; source: Source }
  | { say: 'figures' }
  | { say: 'counts' };

export interface LineFigures {
  line: Line;
  frames: number; // sealed or opened
  taken: number; // whatever became of it
  unsealed: number; // not sent for want of keys
  refused: number;
  replayed: number;
  dropped: number;
  busyMs: number; // spent from taking a frame to handing it on
  slices: number[]; // microseconds of the latest frames, for the benchmark
}

export type FromFrames =
  | { say: 'ready' } // listens: a line that is attached before would never be heard of
  | { say: 'source'; mid: string; from: { seat: number; source: Source } }
  | { say: 'key-frame-needed'; mid: string }
  | { say: 'figures'; lines: LineFigures[] }
  | { say: 'counts'; lines: Pick<LineFigures, 'line' | 'frames' | 'taken'>[] }; // for the watchdog: often, so no slices

interface Transformer {
  readable: ReadableStream<FrameLike>;
  writable: WritableStream<FrameLike>;
  options: Line;
  sendKeyFrameRequest?(): Promise<void>;
  generateKeyFrame?(rid?: string): Promise<unknown>; // not in Chromium
}

const tell = (message: FromFrames): void => postMessage(message);
const keys = new KeyStore();
const windows = new ReplayWindows();
const arriving = new Set<() => void>(); // looks again, where keys have changed
const figures = new Set<LineFigures>();
const sending = new Map<Source, Transformer>();
const mostSlices = 4096;

function figuresOf(line: Line): LineFigures {
  const one: LineFigures = { line, frames: 0, taken: 0, unsealed: 0, refused: 0, replayed: 0, dropped: 0, busyMs: 0, slices: [] };
  figures.add(one);
  return one;
}

function spent(one: LineFigures, since: number): void {
  const ms = performance.now() - since;
  one.busyMs += ms;
  if (one.slices.length >= mostSlices) one.slices.shift();
  one.slices.push(Math.round(ms * 1000));
}

async function send(line: Extract<Line, { way: 'send' }>, transformer: Transformer): Promise<void> {
  const { readable, writable } = transformer;
  const sealer = new Sealer(keys, line.source, line.start, line.kind);
  const counted = figuresOf(line);
  sending.set(line.source, transformer);
  const seal = new TransformStream<FrameLike, FrameLike>({
    async transform(frame, out) {
      // Where Opus suppresses silence (DTX), Chromium hands on empty frames, fifty a second, and sends none of them as they are: sealed they
      // would be sent, and a silent person would cost as many packets as one who talks.
      if (frame.data.byteLength === 0) return;
      counted.taken += 1;
      const began = performance.now();
      const sealed = await sealer.seal(new Uint8Array(frame.data), began);
      if (!sealed) {
        counted.unsealed += 1;
        return;
      }
      frame.data = sealed.buffer;
      counted.frames += 1;
      spent(counted, began);
      out.enqueue(frame);
    },
  });
  await readable.pipeThrough(seal).pipeTo(writable);
  figures.delete(counted);
}

async function receive(line: Extract<Line, { way: 'receive' }>, transformer: Transformer): Promise<void> {
  const { readable, writable } = transformer;
  const counted = figuresOf(line);
  let enqueue: (frame: FrameLike) => void = () => undefined;
  const lane = new Arriving<FrameLike>(keys, line.kind, {
    deliver: (frame) => enqueue(frame),
    from: (seat, source) => tell({ say: 'source', mid: line.mid, from: { seat, source } }),
    keyFrameNeeded: () => {
      const asked = transformer.sendKeyFrameRequest?.();
      if (asked) asked.catch(() => tell({ say: 'key-frame-needed', mid: line.mid }));
      else tell({ say: 'key-frame-needed', mid: line.mid });
    },
  }, windows);
  // One thing at a time on a line: a frame, new keys, or time that has passed.
  let turn: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const inTurn = (what: () => Promise<void>): Promise<void> => (turn = turn.then(what, what));
  const look = (): void => {
    clearTimeout(timer);
    const next = lane.expire(performance.now());
    if (next !== null) timer = setTimeout(() => void inTurn(async () => look()), Math.max(1, next - performance.now()));
    Object.assign(counted, { frames: lane.counts.opened, refused: lane.counts.refused, replayed: lane.counts.replayed, dropped: lane.counts.dropped });
  };
  const again = (): void => void inTurn(async () => (await lane.again(performance.now()), look()));
  arriving.add(again);
  const open = new TransformStream<FrameLike, FrameLike>({
    start(controller) {
      enqueue = (frame) => controller.enqueue(frame);
    },
    transform(frame) {
      counted.taken += 1;
      return inTurn(async () => {
        const began = performance.now();
        await lane.take(frame, began);
        spent(counted, began);
        look();
      });
    },
  });
  try {
    await readable.pipeThrough(open).pipeTo(writable);
  } finally {
    clearTimeout(timer);
    arriving.delete(again);
    figures.delete(counted);
  }
}

function start(transformer: Transformer): void {
  const line = transformer.options;
  // A line ends with its connection, which closes its streams as an error.
  void (line.way === 'send' ? send(line, transformer) : receive(line, transformer)).catch(() => undefined);
}

addEventListener('rtctransform', (event) => start((event as Event & { transformer: Transformer }).transformer));
addEventListener('message', ({ data }: MessageEvent<ToFrames>) => {
  switch (data.say) {
    case 'epoch':
      keys.epoch(data.keys, performance.now());
      arriving.forEach((again) => again());
      break;
    case 'forget':
      keys.forget(data.group);
      break;
    case 'enter':
      keys.enter(data.room);
      break;
    case 'streams':
      start({ readable: data.readable, writable: data.writable, options: data.line });
      break;
    case 'anew':
      // Each layer of the camera by its name, and what has none.
      for (const rid of [...layerNames, undefined]) void sending.get(data.source)?.generateKeyFrame?.(rid).catch(() => undefined);
      break;
    case 'figures':
      tell({ say: 'figures', lines: [...figures].map((one) => ({ ...one, slices: [...one.slices] })) });
      break;
    case 'counts':
      tell({ say: 'counts', lines: [...figures].map(({ line, frames, taken }) => ({ line, frames, taken })) });
      break;
  }
});
tell({ say: 'ready' });
