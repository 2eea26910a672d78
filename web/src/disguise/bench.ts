// SPDX-License-Identifier: Apache-2.0
// The page's half of ./dev bench disguise: runs the product's own parts on the browser's camera and says what they took. Not in the
// production bundle.
import { Masks } from './mask';
import { type Look, Painter } from './paint';
import { disguisePicture } from './picture';
import { PitchShift, ratioOf } from './pitch';
import type { Masking } from './said';

const size = { width: 640, height: 360 };
const painted = 200;
const maskedFrames = 30;
type Processor = new (init: { track: MediaStreamTrack }) => { readable: ReadableStream<VideoFrame> };
const Processor = (window as unknown as { MediaStreamTrackProcessor: Processor }).MediaStreamTrackProcessor;

const camera = async (): Promise<MediaStreamTrack> => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { ...size, frameRate: 30 } });
  return stream.getVideoTracks()[0]!;
};

// Painting and making the frame that is sent, as the worker does it.
async function paintMs(look: Look): Promise<number[]> {
  const track = await camera();
  const reader = new Processor({ track }).readable.getReader();
  const painter = new Painter(({ width, height }) => new OffscreenCanvas(width, height), size);
  const took: number[] = [];
  while (took.length < painted) {
    const { value: frame } = await reader.read();
    if (!frame) break;
    const from = performance.now();
    painter.paint(look, frame, 0.5, from / 1000);
    new VideoFrame(painter.canvas, { timestamp: frame.timestamp }).close();
    took.push(performance.now() - from);
    frame.close();
  }
  await reader.cancel();
  track.stop();
  return took.slice(20);
}

async function maskMs(): Promise<number[]> {
  const worker = new Worker(new URL('./mask_worker.ts', import.meta.url), { name: 'mask' });
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ port: port1 }, [port1]);
  let masks: Masks | null = null;
  const loaded = await new Promise<Masking>((resolve) => {
    masks = new Masks(port2, (masking) => masking !== 'loading' && resolve(masking));
  });
  const took: number[] = [];
  const track = await camera();
  const reader = new Processor({ track }).readable.getReader();
  while (loaded === 'on' && masks && took.length < maskedFrames) {
    const { value: frame } = await reader.read();
    if (!frame) break;
    const from = performance.now();
    (await (masks as Masks).of(await createImageBitmap(frame)))?.close();
    took.push(performance.now() - from);
    frame.close();
  }
  await reader.cancel();
  track.stop();
  worker.terminate();
  return took.slice(5);
}

async function rate(look: Look, seconds: number): Promise<{ frames: number; masking: Masking }> {
  const drawn = look === 'block' || look === 'avatar';
  const raw = drawn ? null : await camera();
  let masking: Masking = 'off';
  let settled: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (settled = resolve));
  const made = await disguisePicture(raw, look, {
    failed: () => console.error('failed'),
    anew: () => undefined,
    masking: (now) => {
      masking = now;
      if (now !== 'loading') settled();
    },
  });
  if (look === 'background') await ready;
  const reader = new Processor({ track: made.track }).readable.getReader();
  let frames = 0;
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const { value } = await reader.read();
    value?.close();
    frames += 1;
  }
  await reader.cancel();
  made.stop();
  raw?.stop();
  return { frames, masking };
}

function voice(): { delayMs: number; latestMs: number; share: number } {
  const hertz = 48_000;
  const input = new Float32Array(10 * hertz);
  const clicks = 97;
  for (let click = 0; click < clicks; click += 1) input[click * 4801 + 13] = 1;
  const output = new Float32Array(input.length);
  const shift = new PitchShift(ratioOf.lower, hertz);
  const from = performance.now();
  for (let at = 0; at < input.length; at += 128) shift.process(input.subarray(at, at + 128), output.subarray(at, at + 128));
  const took = performance.now() - from;
  let weighted = 0;
  let energy = 0;
  let latest = 0;
  for (let click = 0; click < clicks; click += 1) {
    const start = click * 4801 + 13;
    for (let n = start; n < start + 4800 && n < output.length; n += 1) {
      const power = (output[n] ?? 0) ** 2;
      weighted += power * (n - start);
      energy += power;
      if (power > 1e-6) latest = Math.max(latest, n - start);
    }
  }
  return { delayMs: (1000 * weighted) / energy / hertz, latestMs: (1000 * latest) / hertz, share: took / 10_000 };
}

Object.assign(window, {
  disguiseBench: {
    look: async (look: Look, seconds: number) => ({ ms: look === 'background' ? await maskMs() : await paintMs(look), ...(await rate(look, seconds)) }),
    voice,
  },
});
