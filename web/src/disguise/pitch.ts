// SPDX-License-Identifier: Apache-2.0
// Makes a voice lower or higher while it is spoken: two readers run through a short memory of the sound faster or slower than
// it is written, and take over from each other softly. A disguise and no more: the rhythm and the words stay the person's own,
// and who knows the ratio can turn it back. Pure: no AudioContext. Invariant: no sound is older than one grain when it leaves.
const grainSeconds = 0.024;
const memory = 4096; // samples; more than a grain at 96 kHz

export class PitchShift {
  private readonly kept = new Float32Array(memory);
  private written = 0;
  private phase = 0;
  private readonly grain: number;

  constructor(
    private readonly ratio: number, // 0.5 to 2; below 1 is lower
    sampleRate: number,
  ) {
    this.grain = Math.min(memory - 2, Math.round(grainSeconds * sampleRate));
  }

  process(from: Float32Array, to: Float32Array): void {
    const { kept, grain, ratio } = this;
    for (let n = 0; n < to.length; n += 1) {
      kept[this.written] = from[n] ?? 0;
      this.phase = (this.phase + (1 - ratio) / grain + 1) % 1;
      to[n] = this.reader(this.phase) + this.reader((this.phase + 0.5) % 1);
      this.written = (this.written + 1) % memory;
    }
  }

  private reader(phase: number): number {
    const at = (this.written - phase * this.grain + 2 * memory) % memory;
    const whole = Math.floor(at);
    const part = at - whole;
    const between = (this.kept[whole] ?? 0) * (1 - part) + (this.kept[(whole + 1) % memory] ?? 0) * part;
    return between * (0.5 - 0.5 * Math.cos(2 * Math.PI * phase));
  }
}

export const ratioOf = { lower: 0.8, higher: 1.25 } as const;
