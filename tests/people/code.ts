// SPDX-License-Identifier: Apache-2.0
// The colour code and the tone by which a test knows whose picture and sound it is (the same as tests/load, see its README):
// person i has a tone of 320 + 40 i Hz, and a picture of 6 x 2 cells whose top row is i in binary (yellow 1, blue 0, most
// significant first) and whose bottom row is the complement.
// `codedDevices` and `readers` run inside a page: they may use nothing from outside themselves.

export const toneOf = (index: number): number => 320 + 40 * index;

// Replaces this page's camera and microphone by ones that carry the code of `index`.
// `grain`: a fine code instead, stripes of yellow and blue that no disguise may let through, brighter on the left (grain.ts reads it).
// `lively`: with the faint noise of a real camera, which takes all the bits that it may; the code by itself takes hardly any.
export function codedDevices(options: { index: number; width: number; height: number; rate: number; grain?: boolean; lively?: boolean }): void {
  const { index, width, height, rate, grain, lively } = options;
  const tone = 320 + 40 * index;
  const bits = [5, 4, 3, 2, 1, 0].map((bit) => (index >> bit) & 1);
  let sounds: AudioContext | null = null;
  const voices: { tone: GainNode; room: GainNode }[] = [];
  // Nobody talks here: what is left is a quiet room, at -60 dBov.
  Object.assign(window, {
    hush: (quiet: boolean) =>
      voices.forEach(({ tone, room }) => {
        tone.gain.value = quiet ? 0 : 0.25;
        room.gain.value = quiet ? 0.0017 : 0;
      }),
  });

  function camera(): MediaStreamTrack {
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext('2d')!;
    let frame = 0;
    const stripes = () => {
      // Twice 10 pixels: four in the width of a coarse square (40 at 640x360), so that all squares have the same mean.
      for (let x = 0; x < width; x += 20) {
        const left = x < width / 2;
        context.fillStyle = left ? 'rgb(255,255,0)' : 'rgb(70,70,0)';
        context.fillRect(x, 0, 10, height);
        context.fillStyle = left ? 'rgb(0,0,255)' : 'rgb(0,0,70)';
        context.fillRect(x + 10, 0, 10, height);
      }
    };
    // Grey, so that it leaves the hue, and in squares that the smallest layer still has. Twice as large as the picture: each shows another part.
    const noise = document.createElement('canvas');
    if (lively) {
      noise.width = width / 2;
      noise.height = height / 2;
      const pen = noise.getContext('2d')!;
      const pixels = pen.createImageData(noise.width, noise.height);
      for (let at = 0; at < pixels.data.length; at += 4) pixels.data.set([...Array<number>(3).fill(Math.random() < 0.5 ? 0 : 255), 255], at);
      pen.putImageData(pixels, 0, 0);
      context.imageSmoothingEnabled = false;
    }
    const flicker = () => {
      context.globalAlpha = 0.08;
      context.drawImage(noise, -Math.random() * width, -Math.random() * height, 2 * width, 2 * height);
      context.globalAlpha = 1;
    };
    const draw = () => {
      if (grain) stripes();
      for (let row = 0; row < 2 && !grain; row += 1)
        bits.forEach((bit, column) => {
          context.fillStyle = bit !== row ? 'rgb(255,255,0)' : 'rgb(0,0,255)';
          context.fillRect((column * width) / 6, (row * height) / 2, width / 6 + 1, height / 2 + 1);
        });
      if (lively) flicker();
      context.fillStyle = 'rgb(128,128,128)';
      context.fillRect((frame * 4) % width, height / 2 - 4, 8, 8);
      frame += 1;
    };
    draw();
    const timer = setInterval(draw, 1000 / rate);
    const track = canvas.captureStream(rate).getVideoTracks()[0]!;
    const stop = track.stop.bind(track);
    track.stop = () => {
      clearInterval(timer);
      stop();
    };
    return track;
  }

  function microphone(): MediaStreamTrack {
    sounds ??= new AudioContext();
    void sounds.resume();
    const oscillator = sounds.createOscillator();
    const gain = sounds.createGain();
    const out = sounds.createMediaStreamDestination();
    oscillator.frequency.value = tone;
    gain.gain.value = 0.25;
    oscillator.connect(gain).connect(out);
    oscillator.start();
    const noise = sounds.createBuffer(1, 4 * sounds.sampleRate, sounds.sampleRate);
    noise.getChannelData(0).forEach((_, at, all) => (all[at] = Math.random() * 2 - 1));
    const room = sounds.createGain();
    room.gain.value = 0;
    const quiet = new AudioBufferSourceNode(sounds, { buffer: noise, loop: true });
    quiet.connect(room).connect(out);
    quiet.start();
    voices.push({ tone: gain, room });
    return out.stream.getAudioTracks()[0]!;
  }

  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) return; // a page without an address has none
  devices.getUserMedia = (constraints?: MediaStreamConstraints) => {
    const tracks: MediaStreamTrack[] = [];
    if (constraints?.audio) tracks.push(microphone());
    if (constraints?.video) tracks.push(camera());
    return Promise.resolve(new MediaStream(tracks));
  };
  devices.enumerateDevices = () =>
    Promise.resolve(
      [
        { kind: 'videoinput', deviceId: 'coded-camera', label: 'Coded camera', groupId: 'coded' },
        ...(grain ? [{ kind: 'videoinput', deviceId: 'other-camera', label: 'Other camera', groupId: 'other' }] : []),
        { kind: 'audioinput', deviceId: 'coded-microphone', label: 'Coded microphone', groupId: 'coded' },
      ].map((device) => ({ ...device, toJSON: () => device })) as MediaDeviceInfo[],
    );
}

// Puts `window.reading` into the page: what code a video element shows, what tone a track carries, which connection exists.
export function readers(): void {
  const connections: RTCPeerConnection[] = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };
  let frames: Worker | null = null;
  const NativeWorker = window.Worker;
  window.Worker = class extends NativeWorker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      if (options?.name === 'frames') frames = this;
    }
  };
  let sounds: AudioContext | null = null;
  const listening = new WeakMap<MediaStreamTrack, AnalyserNode>();

  function code(video: HTMLVideoElement): number | null {
    if (video.videoWidth === 0 || video.readyState < 2) return null;
    const canvas = document.createElement('canvas');
    canvas.width = 96;
    canvas.height = 32;
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(video, 0, 0, 96, 32);
    const cell = (column: number, row: number): number | null => {
      const [red = 0, green = 0, blue = 0] = context.getImageData(column * 16 + 8, row * 16 + 8, 1, 1).data;
      const difference = (red + green) / 2 - blue;
      return Math.abs(difference) < 40 ? null : difference > 0 ? 1 : 0;
    };
    let value = 0;
    for (let column = 0; column < 6; column += 1) {
      const top = cell(column, 0);
      const bottom = cell(column, 1);
      if (top === null || bottom === null || top === bottom) return null;
      value = value * 2 + top;
    }
    return value;
  }

  // The strongest frequency in the track now, or null where nothing is heard.
  function frequency(track: MediaStreamTrack): number | null {
    sounds ??= new AudioContext();
    let analyser = listening.get(track);
    if (!analyser) {
      analyser = sounds.createAnalyser();
      analyser.fftSize = 16384;
      analyser.smoothingTimeConstant = 0;
      sounds.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      listening.set(track, analyser);
    }
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    let best = 0;
    for (let bin = 1; bin < bins.length; bin += 1) if (bins[bin]! > bins[best]!) best = bin;
    if (!(bins[best]! > -70)) return null;
    return (best * sounds.sampleRate) / analyser.fftSize;
  }

  // The person whose tone is strongest in the track now, or null where there is none.
  function tone(track: MediaStreamTrack): number | null {
    const found = frequency(track);
    if (found === null) return null;
    const index = Math.round((found - 320) / 40);
    return Math.abs(found - (320 + 40 * index)) < 12 ? index : null;
  }

  // The sound track that belongs to the slot whose picture this video element shows.
  function soundOf(video: HTMLVideoElement): MediaStreamTrack | null {
    const shown = (video.srcObject as MediaStream | null)?.getVideoTracks()[0];
    for (const connection of connections) {
      const transceivers = connection.getTransceivers();
      const picture = transceivers.find((transceiver) => transceiver.receiver.track === shown);
      const sound = transceivers.find((transceiver) => picture?.mid && transceiver.mid === picture.mid.replace('p', 's'));
      if (sound) return sound.receiver.track;
    }
    return null;
  }

  async function framesOf(video: HTMLVideoElement): Promise<number> {
    const shown = (video.srcObject as MediaStream | null)?.getVideoTracks()[0];
    for (const connection of connections) {
      const receiver = connection.getReceivers().find((candidate) => candidate.track === shown);
      if (!receiver) continue;
      for (const report of (await receiver.getStats()).values())
        if (report.type === 'inbound-rtp') return (report as { framesDecoded?: number }).framesDecoded ?? 0;
    }
    return 0;
  }

  // What the worker that seals and opens frames has counted on each of its lines.
  function sealing(): Promise<SealedLine[]> {
    return new Promise((resolve) => {
      if (!frames) return resolve([]);
      const worker = frames;
      const hear = ({ data }: MessageEvent): void => {
        if (data.say !== 'figures') return;
        worker.removeEventListener('message', hear);
        resolve(data.lines);
      };
      worker.addEventListener('message', hear);
      worker.postMessage({ say: 'figures' });
    });
  }

  Object.assign(window, { reading: { code, tone, frequency, soundOf, framesOf, sealing, connections } });
}

// web/src/e2ee/frames_worker.ts, LineFigures
export interface SealedLine {
  line: { way: 'send'; source: string } | { way: 'receive'; mid: string };
  frames: number;
  taken: number;
  unsealed: number;
  refused: number;
  replayed: number;
  dropped: number;
}

export interface Reading {
  code(video: HTMLVideoElement): number | null;
  tone(track: MediaStreamTrack): number | null;
  frequency(track: MediaStreamTrack): number | null;
  soundOf(video: HTMLVideoElement): MediaStreamTrack | null;
  framesOf(video: HTMLVideoElement): Promise<number>;
  sealing(): Promise<SealedLine[]>;
  connections: RTCPeerConnection[];
}

declare global {
  interface Window {
    reading: Reading;
    hush(quiet: boolean): void; // of codedDevices
  }
}
