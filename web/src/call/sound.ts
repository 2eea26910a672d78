// SPDX-License-Identifier: Apache-2.0
// Everything that is heard: each remote track goes through WebAudio into one mix, so that everybody who speaks is audible
// (docs/decisions/0003-sound-through-webaudio.md: a browser's own mixer plays only the three loudest). Also the test sound
// and the level of the own microphone. Not here: which slot is whose. Invariant: nothing is played before the browser
// allows it, and what it forbids is told by `blocked`.

const testNotes = [440, 554.37, 659.25];
const noteSeconds = 0.45;

interface Heard {
  track: MediaStreamTrack;
  source: MediaStreamAudioSourceNode;
  pump: HTMLAudioElement;
}
type SinkContext = AudioContext & { setSinkId?(id: string): Promise<void> };

export class Sound {
  private context: SinkContext | null = null;
  private mix: GainNode | null = null;
  private outlet: HTMLAudioElement | null = null; // where the context itself cannot choose a speaker
  private readonly heard = new Map<number, Heard>();
  private speaker: string | null = null;
  private silent = false;

  constructor(private readonly changed: () => void) {}

  // There is something to play and the browser wants a tap first.
  get blocked(): boolean {
    return this.heard.size > 0 && this.context !== null && this.context.state !== 'running';
  }

  // What each slot plays from now on; absent slots fall silent.
  play(tracks: ReadonlyMap<number, MediaStreamTrack>): void {
    for (const [slot, was] of this.heard) {
      if (tracks.get(slot) !== was.track) this.drop(slot, was);
    }
    for (const [slot, track] of tracks) {
      if (!this.heard.has(slot)) this.heard.set(slot, this.connect(track));
    }
    this.changed();
  }

  setSilent(silent: boolean): void {
    this.silent = silent;
    if (this.mix && this.context) this.mix.gain.setTargetAtTime(silent ? 0 : 1, this.context.currentTime, 0.01);
  }

  async resume(): Promise<void> {
    const { context } = this.ready();
    await context.resume();
    await Promise.allSettled([...this.heard.values()].map(({ pump }) => pump.play()));
    await this.outlet?.play();
    this.changed();
  }

  async choose(speaker: string): Promise<void> {
    this.speaker = speaker;
    const { context, mix } = this.ready();
    const id = speaker === 'default' ? '' : speaker;
    if (context.setSinkId) {
      await context.setSinkId(id);
    } else if ('setSinkId' in HTMLMediaElement.prototype) {
      const outlet = this.outlet ?? new Audio();
      if (!this.outlet) {
        const destination = context.createMediaStreamDestination();
        mix.disconnect();
        mix.connect(destination);
        outlet.srcObject = destination.stream;
        this.outlet = outlet;
      }
      await outlet.setSinkId(id);
      await outlet.play();
    }
    // The echo canceller listens to the speaker that remote tracks are played on: the pumps name it.
    await Promise.allSettled([...this.heard.values()].map(({ pump }) => pump.setSinkId?.(id)));
  }

  async test(): Promise<void> {
    const { context, mix } = this.ready();
    await context.resume();
    const start = context.currentTime + 0.05;
    const finished = testNotes.map((frequency, index) => {
      const tone = new OscillatorNode(context, { frequency });
      const shape = new GainNode(context, { gain: 0 });
      const from = start + index * noteSeconds;
      shape.gain.setValueAtTime(0, from);
      shape.gain.linearRampToValueAtTime(0.2, from + 0.05);
      shape.gain.linearRampToValueAtTime(0, from + noteSeconds);
      tone.connect(shape).connect(mix);
      tone.start(from);
      tone.stop(from + noteSeconds);
      return new Promise<void>((done) => tone.addEventListener('ended', () => done()));
    });
    await Promise.all(finished);
  }

  // The level of a track of ours, 0 to 1, as the ear would say it.
  meter(track: MediaStreamTrack): { level(): number; stop(): void } {
    const { context } = this.ready();
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

  // For tests: taps the mix exactly as it is played.
  tap(fftSize = 16_384): AnalyserNode {
    const { context, mix } = this.ready();
    const analyser = new AnalyserNode(context, { fftSize, smoothingTimeConstant: 0 });
    mix.connect(analyser);
    return analyser;
  }

  close(): void {
    for (const [slot, was] of this.heard) this.drop(slot, was);
    this.outlet?.pause();
    void this.context?.close();
    this.context = null;
    this.mix = null;
    this.outlet = null;
  }

  private ready(): { context: SinkContext; mix: GainNode } {
    if (!this.context || !this.mix) {
      const context: SinkContext = new AudioContext({ latencyHint: 'interactive' });
      context.addEventListener('statechange', () => this.changed());
      this.mix = new GainNode(context, { gain: this.silent ? 0 : 1 });
      this.mix.connect(context.destination);
      this.context = context;
      if (this.speaker !== null) void this.choose(this.speaker).catch(() => undefined);
    }
    return { context: this.context, mix: this.mix };
  }

  private connect(track: MediaStreamTrack): Heard {
    const { context, mix } = this.ready();
    const stream = new MediaStream([track]);
    const source = context.createMediaStreamSource(stream);
    source.connect(mix);
    // Chromium moves a remote track's sound only while an element plays it; muted, since the mix is what is heard.
    const pump = new Audio();
    pump.muted = true;
    pump.srcObject = stream;
    void pump.play().catch(() => undefined); // a forbidden start shows in the context's state as well
    if (context.state !== 'running') void context.resume();
    return { track, source, pump };
  }

  private drop(slot: number, was: Heard): void {
    was.source.disconnect();
    was.pump.pause();
    was.pump.srcObject = null;
    this.heard.delete(slot);
  }
}

// Speech at a normal distance (about -30 dBFS RMS) stands in the middle.
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-10);
  return Math.max(0, Math.min(1, (decibels + 60) / 60));
}

export const canChooseSpeaker = (): boolean =>
  typeof AudioContext !== 'undefined' && ('setSinkId' in AudioContext.prototype || 'setSinkId' in HTMLMediaElement.prototype);
