// SPDX-License-Identifier: Apache-2.0
// Everything that is heard: one audio element for each slot that carries somebody (docs/decisions/0004-sound-by-elements.md
// has the measurement behind that choice). Also the test sound, the chosen speaker and the level of the own microphone.
// Not here: which slot is whose. Invariant: nothing plays before the browser allows it, and what it forbids shows in
// `blocked`; while silent, no element makes a sound.
import type { Clock } from '../base/clock';

const testNotes = [440, 554.37, 659.25];
const noteSeconds = 0.45;

interface Heard {
  track: MediaStreamTrack;
  element: HTMLAudioElement;
}

export class Sound {
  private context: AudioContext | null = null; // for our own tones and levels only
  private readonly heard = new Map<number, Heard>();
  private readonly refused = new Set<HTMLAudioElement>();
  private speaker = '';
  private silent = false;

  constructor(
    private readonly clock: Clock,
    private readonly changed: () => void,
  ) {}

  // There is something to play and the browser wants a tap first.
  get blocked(): boolean {
    return this.refused.size > 0;
  }

  // What each slot plays from now on; absent slots fall silent.
  play(tracks: ReadonlyMap<number, MediaStreamTrack>): void {
    for (const [slot, was] of this.heard) {
      if (tracks.get(slot) !== was.track) this.drop(slot, was);
    }
    for (const [slot, track] of tracks) {
      if (!this.heard.has(slot)) this.heard.set(slot, this.connect(track));
    }
  }

  setSilent(silent: boolean): void {
    this.silent = silent;
    for (const { element } of this.heard.values()) element.muted = silent;
  }

  async resume(): Promise<void> {
    void this.context?.resume(); // never answers where there is no speaker at all
    await Promise.all([...this.heard.values()].map(({ element }) => this.begin(element)));
  }

  async choose(speaker: string): Promise<void> {
    this.speaker = speaker === 'default' ? '' : speaker;
    await Promise.all([...this.heard.values()].map(({ element }) => this.route(element)));
  }

  // Three soft notes, on the way that people's sound takes: an element on the chosen speaker.
  async test(): Promise<void> {
    const context = this.ready();
    void context.resume();
    const destination = context.createMediaStreamDestination();
    const element = new Audio();
    element.srcObject = destination.stream;
    await this.route(element);
    await element.play();
    const start = context.currentTime + 0.1;
    testNotes.forEach((frequency, index) => {
      const tone = new OscillatorNode(context, { frequency });
      const shape = new GainNode(context, { gain: 0 });
      const from = start + index * noteSeconds;
      shape.gain.setValueAtTime(0, from);
      shape.gain.linearRampToValueAtTime(0.2, from + 0.05);
      shape.gain.linearRampToValueAtTime(0, from + noteSeconds);
      tone.connect(shape).connect(destination);
      tone.start(from);
      tone.stop(from + noteSeconds);
    });
    await new Promise<void>((done) => this.clock.after((testNotes.length * noteSeconds + 0.4) * 1000, done));
    element.pause();
    element.srcObject = null;
  }

  // The level of a track of ours, 0 to 1, as the ear would say it.
  meter(track: MediaStreamTrack): { level(): number; stop(): void } {
    const context = this.ready();
    const source = context.createMediaStreamSource(new MediaStream([track]));
    const analyser = new AnalyserNode(context, { fftSize: 1024 });
    source.connect(analyser);
    void context.resume();
    const samples = new Float32Array(analyser.fftSize);
    return {
      level: () => {
        analyser.getFloatTimeDomainData(samples);
        return loudness(samples);
      },
      stop: () => source.disconnect(),
    };
  }

  close(): void {
    for (const [slot, was] of this.heard) this.drop(slot, was);
    void this.context?.close();
    this.context = null;
  }

  private ready(): AudioContext {
    this.context ??= new AudioContext({ latencyHint: 'interactive' });
    return this.context;
  }

  private connect(track: MediaStreamTrack): Heard {
    const element = new Audio();
    element.autoplay = true;
    element.muted = this.silent;
    element.srcObject = new MediaStream([track]);
    void this.route(element);
    void this.begin(element);
    return { track, element };
  }

  private async begin(element: HTMLAudioElement): Promise<void> {
    try {
      await element.play();
      this.allowed(element);
    } catch (error) {
      // AbortError: let go again before it began. Anything else here is the browser's wish for a tap.
      if (!(error instanceof DOMException && error.name === 'NotAllowedError') || !element.srcObject) return;
      this.refused.add(element);
      this.changed();
    }
  }

  private allowed(element: HTMLAudioElement): void {
    if (this.refused.delete(element)) this.changed();
  }

  // A speaker that has gone, or a browser that cannot choose: the sound stays where it was.
  private async route(element: HTMLAudioElement): Promise<void> {
    if (!('setSinkId' in element) || element.sinkId === this.speaker) return;
    await element.setSinkId(this.speaker).catch(() => undefined);
  }

  private drop(slot: number, was: Heard): void {
    this.heard.delete(slot);
    was.element.pause();
    was.element.srcObject = null;
    this.allowed(was.element);
  }
}

// Speech at a normal distance (about -30 dBFS RMS) stands in the middle.
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-10);
  return Math.max(0, Math.min(1, (decibels + 60) / 60));
}

export const canChooseSpeaker = (): boolean => typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype;
