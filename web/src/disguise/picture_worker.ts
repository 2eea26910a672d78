// SPDX-License-Identifier: Apache-2.0
// Makes the disguised picture away from the page (Chromium): takes each frame of the camera, paints it anew, lets go of it, and
// hands the painted one on. Drawn looks have no camera; they are painted by a clock. Elsewhere (picture_canvas.ts) this worker only
// keeps time. Invariant: no frame of the camera is ever written; anything unexpected ends the picture and is said.
import { Masks } from './mask';
import { type Look, Painter, sentSize } from './paint';
import type { FromPicture, ToPicture } from './said';

interface Scope {
  onmessage: ((event: MessageEvent<ToPicture>) => void) | null;
  postMessage(said: FromPicture): void;
}
const scope = self as unknown as Scope;
const drawnEveryMs = 1000 / 24;
const drawnSize = { width: 640, height: 360 };

let look: Look = 'blur';
let level = 0;
let masks: Masks | null = null;
let stopped = false;
let anew = false; // the next picture hides otherwise than the last

const painterOf = (size: { width: number; height: number }): Painter => new Painter(({ width, height }) => new OffscreenCanvas(width, height), size);

async function hand(writer: WritableStreamDefaultWriter<VideoFrame>, frame: VideoFrame): Promise<void> {
  const first = anew; // read where it was painted: no turn of this worker lies between
  anew = false;
  try {
    await writer.write(frame);
    if (first) scope.postMessage({ say: 'anew' });
  } finally {
    frame.close(); // where it was not taken; else it is no longer ours, and this does nothing
  }
}

async function throughCamera(readable: ReadableStream<VideoFrame>, writable: WritableStream<VideoFrame>): Promise<void> {
  const reader = readable.getReader();
  const writer = writable.getWriter();
  let painter: Painter | null = null;
  try {
    for (;;) {
      const { value: frame, done } = await reader.read();
      if (done || stopped) {
        frame?.close();
        return;
      }
      try {
        const size = sentSize({ width: frame.displayWidth, height: frame.displayHeight });
        painter ??= painterOf(size);
        painter.fit(size);
        const mask = look === 'background' && masks?.ready ? await masks.of(await createImageBitmap(frame)) : null;
        painter.paint(look, frame, level, performance.now() / 1000, mask);
        mask?.close();
        await hand(writer, new VideoFrame(painter.canvas, { timestamp: frame.timestamp }));
      } finally {
        frame.close();
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
    await writer.close().catch(() => undefined);
  }
}

async function drawn(writable: WritableStream<VideoFrame>): Promise<void> {
  const writer = writable.getWriter();
  const painter = painterOf(drawnSize);
  let due = performance.now();
  try {
    while (!stopped) {
      painter.paint(look, null, level, performance.now() / 1000);
      await hand(writer, new VideoFrame(painter.canvas, { timestamp: Math.round(performance.now() * 1000) }));
      due = Math.max(due + drawnEveryMs, performance.now()); // by the clock, so that what painting takes is not added; one that is missed is not made up for
      await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
    }
  } finally {
    await writer.close().catch(() => undefined);
  }
}

const lest = (work: Promise<void>): void => void work.catch(() => !stopped && scope.postMessage({ say: 'failed' }));

scope.onmessage = ({ data }) => {
  switch (data.say) {
    case 'camera':
      look = data.look;
      return lest(throughCamera(data.readable, data.writable));
    case 'drawn':
      look = data.look;
      return lest(drawn(data.writable));
    case 'ticks':
      setInterval(() => scope.postMessage({ say: 'tick' }), data.everyMs);
      return;
    case 'look':
      anew ||= look !== data.look;
      look = data.look;
      return;
    case 'level':
      level = data.level;
      return;
    case 'masks':
      masks?.close();
      masks = new Masks(data.port, (masking) => {
        anew = true; // whether the person shows
        scope.postMessage({ say: 'masking', masking });
      });
      return;
    case 'no-masks':
      return masks?.giveUp();
    case 'ping':
      return scope.postMessage({ say: 'pong' });
    case 'stop':
      stopped = true;
      masks?.close();
  }
};
