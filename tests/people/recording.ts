// SPDX-License-Identifier: Apache-2.0
// What comes out of a browser's loudspeaker, recorded from the monitor of a null sink, and the level of a tone in it.
import { spawn } from 'node:child_process';

// Two seconds and more of what is played now: mono, 48 kHz, -1..1.
export async function recordPlayback(environment: Record<string, string>, seconds = 2): Promise<Float32Array> {
  const child = spawn('parec', ['--device=quiet.monitor', '--format=s16le', '--rate=48000', '--channels=1', '--latency-msec=50'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...environment },
  });
  const wanted = seconds * 48_000 * 2;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= wanted) break;
  }
  child.kill('SIGTERM');
  const bytes = Buffer.concat(chunks);
  const samples = new Float32Array(bytes.length >> 1);
  for (let n = 0; n < samples.length; n += 1) samples[n] = bytes.readInt16LE(n * 2) / 32_768;
  return samples;
}

// Level of a tone in dBFS by Goertzel's filter, over the last second.
export function levelOf(samples: Float32Array, frequency: number): number {
  const window = samples.subarray(Math.max(0, samples.length - 48_000));
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / 48_000);
  let last = 0;
  let before = 0;
  for (const [n, sample] of window.entries()) {
    const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / window.length); // Hann: neighbours 40 Hz apart stay apart
    const now = sample * weight + coefficient * last - before;
    before = last;
    last = now;
  }
  const power = last * last + before * before - coefficient * last * before;
  return 10 * Math.log10(Math.max((16 * power) / (window.length * window.length), 1e-12));
}
