// SPDX-License-Identifier: Apache-2.0
// How steadily a page shows and plays each seat: the longest time between two pictures that its own video element presented
// (requestVideoFrameCallback), and the longest stretch of sound that the browser had to make up (concealedSamples of the WebRTC
// statistics). `watchSteadiness` runs inside a page: it may use nothing from outside itself.

export interface Steady {
  pictures: number;
  longestGapMs: number; // the time since the last picture counts
  soundMs: number; // played
  longestMadeUpMs: number; // in one stretch
}

declare global {
  interface Window {
    steady: { begin(seats: number[]): void; read(): Record<string, Steady> };
  }
}

export function watchSteadiness(): void {
  interface Watched extends Steady {
    at: number;
    madeUpMs: number;
    samples: number;
    concealed: number;
  }
  const lookEveryMs = 40;
  const all = new Map<number, Watched>();
  const watched = new WeakSet<HTMLVideoElement>();
  const videoOf = (seat: number) => document.querySelector<HTMLVideoElement>(`[data-seat="${seat}"] video`);

  const shown = (seat: number): void => {
    const one = all.get(seat);
    if (!one) return;
    const now = performance.now();
    one.longestGapMs = Math.max(one.longestGapMs, now - one.at);
    one.at = now;
    one.pictures += 1;
  };
  const watchPictures = (seat: number): void => {
    const video = videoOf(seat);
    if (!video || watched.has(video)) return;
    watched.add(video);
    const next = (): void => {
      shown(seat);
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  };

  const lookAtSound = async (): Promise<void> => {
    for (const [seat, one] of all) {
      const video = videoOf(seat);
      const track = video && window.reading.soundOf(video);
      const receiver = track && window.reading.connections.flatMap((each) => each.getReceivers()).find((each) => each.track === track);
      if (!receiver) continue;
      for (const report of (await receiver.getStats()).values() as Iterable<Record<string, unknown>>) {
        if (report['type'] !== 'inbound-rtp') continue;
        const samples = Number(report['totalSamplesReceived'] ?? 0);
        const concealed = Number(report['concealedSamples'] ?? 0);
        const [played, madeUp] = [samples - one.samples, concealed - one.concealed];
        if (one.samples > 0 && played > 0) {
          one.soundMs += played / 48;
          one.madeUpMs = madeUp > played / 2 ? one.madeUpMs + madeUp / 48 : 0;
          one.longestMadeUpMs = Math.max(one.longestMadeUpMs, one.madeUpMs);
        }
        Object.assign(one, { samples, concealed });
      }
    }
    setTimeout(() => void lookAtSound(), lookEveryMs);
  };

  window.steady = {
    begin(seats) {
      all.clear();
      const at = performance.now();
      for (const seat of seats) all.set(seat, { pictures: 0, longestGapMs: 0, soundMs: 0, longestMadeUpMs: 0, at, madeUpMs: 0, samples: 0, concealed: 0 });
      for (const seat of seats) watchPictures(seat);
    },
    read() {
      const now = performance.now();
      return Object.fromEntries(
        [...all].map(([seat, { pictures, longestGapMs, at, soundMs, longestMadeUpMs }]) => [seat, { pictures, longestGapMs: Math.max(longestGapMs, now - at), soundMs, longestMadeUpMs }]),
      );
    },
  };
  new MutationObserver(() => [...all.keys()].forEach(watchPictures)).observe(document, { subtree: true, childList: true });
  void lookAtSound();
}
