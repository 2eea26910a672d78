// SPDX-License-Identifier: Apache-2.0
// Looks at every single picture that a Chromium page receives, as it is decoded, for the fine code of a camera (code.ts, `grain`):
// stripes 10 pixels wide at 640x360. What is disguised holds none of it. `watchPictures` runs inside a page, before its own
// scripts: it may use nothing from outside itself.

export interface Seen {
  grain: number; // mean difference of neighbouring stripes, 0 to 510: a camera as it is has above 100
  left: number; // mean brightness of the halves
  right: number;
}
export interface Watching {
  seen: Seen[]; // of every picture of every track, in order of arrival
}

// What lies between is neither: a story that meets it fails either way.
export const shown = (one: Seen): boolean => one.grain > 60;
export const hidden = (one: Seen): boolean => one.grain < 25;
export const brighterLeft = (one: Seen): boolean => one.left - one.right > 40;

export function watchPictures(): void {
  const watching: Watching = { seen: [] };
  const canvas = new OffscreenCanvas(640, 360);
  const pen = canvas.getContext('2d', { willReadFrequently: true })!;
  const look = (frame: VideoFrame): Seen => {
    pen.drawImage(frame, 0, 0, 640, 360);
    let difference = 0;
    let pairs = 0;
    const bright = [0, 0];
    for (const y of [45, 135, 225, 315]) {
      const { data } = pen.getImageData(0, y, 640, 1);
      const hue = (x: number) => (data[4 * x]! + data[4 * x + 1]!) / 2 - data[4 * x + 2]!;
      for (let x = 5; x + 10 < 320; x += 10) {
        difference += Math.abs(hue(x) - hue(x + 10));
        pairs += 1;
      }
      for (let x = 0; x < 640; x += 1) bright[x < 320 ? 0 : 1]! += (data[4 * x]! + data[4 * x + 1]! + data[4 * x + 2]!) / (3 * 4 * 320);
    }
    return { grain: difference / pairs, left: bright[0]!, right: bright[1]! };
  };
  const follow = async (track: MediaStreamTrack): Promise<void> => {
    const Processor = (window as unknown as { MediaStreamTrackProcessor: new (init: { track: MediaStreamTrack; maxBufferSize: number }) => { readable: ReadableStream<VideoFrame> } }).MediaStreamTrackProcessor;
    const reader = new Processor({ track, maxBufferSize: 60 }).readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      watching.seen.push(look(value));
      value.close();
    }
  };
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('track', ({ track }) => void (track.kind === 'video' && follow(track)));
    }
  };
  Object.assign(window, { watching });
}

declare global {
  interface Window {
    watching: Watching;
  }
}
