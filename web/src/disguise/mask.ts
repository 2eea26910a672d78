// SPDX-License-Identifier: Apache-2.0
// Asks the worker that finds the person for the mask of one frame, and gives up on it for good where it cannot be loaded,
// breaks, or is too slow to be of use. Used where the frames are painted (in a worker or on the page). Invariant: a mask is
// only ever used for the very frame that it was made of; without one everything is blurred.
import type { FromMask, Masking, ToMask } from './said';

const loadsWithinMs = 60_000; // 2 MB on a poor line; meanwhile everything is blurred
const answersWithinMs = 5_000;
const tooSlowMs = 400; // of one frame, in the mean: less than three pictures a second
const judgedAfter = 12;

export class Masks {
  private state: Masking = 'loading';
  private number = 0;
  private answer: ((mask: ImageBitmap | null) => void) | null = null;
  private tookMs = 0;
  private done = 0;
  private readonly loading: ReturnType<typeof setTimeout>;

  constructor(
    private readonly port: MessagePort,
    private readonly changed: (masking: Masking) => void,
  ) {
    this.loading = setTimeout(() => this.giveUp(), loadsWithinMs);
    port.onmessage = ({ data }: MessageEvent<FromMask>) => this.heard(data);
    port.start();
    changed(this.state);
  }

  get ready(): boolean {
    return this.state === 'on';
  }

  // Of this very picture; null: blur everything.
  async of(picture: ImageBitmap): Promise<ImageBitmap | null> {
    if (!this.ready || this.answer) {
      picture.close();
      return null;
    }
    const number = (this.number += 1);
    const from = performance.now();
    const mask = await new Promise<ImageBitmap | null>((resolve) => {
      const late = setTimeout(() => this.giveUp(), answersWithinMs);
      this.answer = (found) => {
        clearTimeout(late);
        this.answer = null;
        resolve(found);
      };
      this.port.postMessage({ picture, number } satisfies ToMask, [picture]);
    });
    this.judge(performance.now() - from);
    return mask;
  }

  giveUp(): void {
    if (this.state === 'off') return;
    this.turn('blurs-all');
    this.answer?.(null);
  }

  close(): void {
    clearTimeout(this.loading);
    this.state = 'off';
    this.answer?.(null);
    this.port.close();
  }

  private judge(ms: number): void {
    this.done += 1;
    this.tookMs += ms;
    if (this.done >= judgedAfter) {
      if (this.tookMs / this.done > tooSlowMs) this.giveUp();
      this.done = 0;
      this.tookMs = 0;
    }
  }

  private heard(said: FromMask): void {
    if (said.say === 'ready') this.turn('on');
    else if (said.say === 'cannot') this.giveUp();
    else if (said.number === this.number && this.answer) this.answer(said.mask);
    else said.mask?.close(); // of a picture that is no longer waited for
  }

  private turn(state: Masking): void {
    clearTimeout(this.loading);
    if (this.state === state || this.state === 'blurs-all') return;
    this.state = state;
    this.changed(state);
  }
}
