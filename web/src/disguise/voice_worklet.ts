// SPDX-License-Identifier: Apache-2.0
// Runs PitchShift on the sound thread. Built as a file of its own (voice.ts loads it); no other sound passes through here.
import { PitchShift } from './pitch';

declare const sampleRate: number;
declare const registerProcessor: (name: string, made: unknown) => void;
declare class AudioWorkletProcessor {}

class Voice extends AudioWorkletProcessor {
  private readonly shift: PitchShift;

  constructor(options: { processorOptions: { ratio: number } }) {
    super();
    this.shift = new PitchShift(options.processorOptions.ratio, sampleRate);
  }

  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const to = outputs[0]?.[0];
    if (to) this.shift.process(inputs[0]?.[0] ?? new Float32Array(to.length), to);
    return true;
  }
}

registerProcessor('quietroom-voice', Voice);
