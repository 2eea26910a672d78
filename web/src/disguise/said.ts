// SPDX-License-Identifier: Apache-2.0
// What the page and its workers of the picture say to one another.
import type { Look } from './paint';

export type Masking = 'off' | 'loading' | 'on' | 'blurs-all';

export type ToPicture =
  | { say: 'camera'; look: Look; readable: ReadableStream<VideoFrame>; writable: WritableStream<VideoFrame> }
  | { say: 'drawn'; look: Look; writable: WritableStream<VideoFrame> }
  | { say: 'ticks'; everyMs: number } // only keeps time: a page that is not in sight has slow clocks, a worker has not
  | { say: 'look'; look: Look }
  | { say: 'level'; level: number }
  | { say: 'masks'; port: MessagePort }
  | { say: 'no-masks' } // the worker that finds the person has broken
  | { say: 'ping' }
  | { say: 'stop' };
// `anew`: the first picture of another look has been handed on.
export type FromPicture = { say: 'pong' } | { say: 'anew' } | { say: 'tick' } | { say: 'masking'; masking: Masking } | { say: 'failed' };

// By the port between whoever paints and the worker that finds the person.
export interface ToMask {
  picture: ImageBitmap;
  number: number;
}
export type FromMask = { say: 'ready' } | { say: 'cannot' } | { say: 'mask'; number: number; mask: ImageBitmap | null };
