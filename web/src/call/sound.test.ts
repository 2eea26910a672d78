// SPDX-License-Identifier: Apache-2.0
// What is heard, with a browser that refuses to play before a tap. (Levels and the test sound need a real browser.)
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { VirtualClock } from '../base/clock';
import { Sound } from './sound';

let tapped = false;
let made: Element[] = [];
class Element {
  autoplay = false;
  muted = false;
  playing = false;
  srcObject: unknown = null;
  constructor() {
    made.push(this);
  }
  play(): Promise<void> {
    if (!tapped) return Promise.reject(new DOMException('not before a tap', 'NotAllowedError'));
    this.playing = true;
    return Promise.resolve();
  }
  pause(): void {
    this.playing = false;
  }
}

beforeEach(() => {
  tapped = false;
  made = [];
  vi.stubGlobal('Audio', Element);
  vi.stubGlobal('MediaStream', class {});
});
afterEach(() => vi.unstubAllGlobals());

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};
const slots = (...numbers: number[]) => new Map(numbers.map((slot) => [slot, { id: `track ${slot}` } as MediaStreamTrack]));

it('asks for a tap where the browser refuses to play, and plays everyone after it', async () => {
  let changes = 0;
  const sound = new Sound(new VirtualClock(), () => (changes += 1));
  sound.play(slots(0, 1));
  await settle();
  expect([sound.blocked, changes > 0, made.some((one) => one.playing)]).toEqual([true, true, false]);
  tapped = true;
  await sound.resume();
  expect([sound.blocked, made.map((one) => one.playing)]).toEqual([false, [true, true]]);
});

it('needs no tap any more once those who could not be played are gone', async () => {
  const sound = new Sound(new VirtualClock(), () => undefined);
  sound.play(slots(0));
  await settle();
  expect(sound.blocked).toBe(true);
  sound.play(slots());
  expect(sound.blocked).toBe(false);
});

it('is silent for whoever comes while it is to be silent', () => {
  const sound = new Sound(new VirtualClock(), () => undefined);
  sound.setSilent(true);
  sound.play(slots(0));
  expect(made[0]?.muted).toBe(true);
  sound.setSilent(false);
  expect(made[0]?.muted).toBe(false);
});
