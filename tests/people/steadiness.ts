// SPDX-License-Identifier: Apache-2.0
// How steadily a page shows and plays each seat: the longest time between two pictures that its own video element presented
// (requestVideoFrameCallback), and the longest stretch of sound that the browser had to make up (concealedSamples of the WebRTC
// statistics); and what became of every frame in the worker that seals and opens them. `watchSteadiness` runs inside a page: it may use nothing from outside itself.

export interface Steady {
  pictures: number;
  longestGapMs: number; // the time since the last picture counts
  soundMs: number; // played
  longestMadeUpMs: number; // in one stretch
}

// Frames of the watched seats, and own ones, since begin().
export interface Sealing {
  opened: number;
  sealed: number;
  lost: number; // waited for a key until they were thrown away, or could not be opened
  unsealed: number; // not sent for want of a key
}

declare global {
  interface Window {
    steady: { begin(seats: number[]): Promise<void>; read(): Record<string, Steady>; sealing(): Promise<Sealing>; soundOf(seat: number): MediaStreamTrack | null };
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

  // Kept from the last picture that was there: who is in a slot stays in it.
  const sounds = new Map<number, MediaStreamTrack>();
  const soundOf = (seat: number): MediaStreamTrack | null => {
    const video = videoOf(seat);
    const track = video && window.reading.soundOf(video);
    if (track) sounds.set(seat, track);
    return sounds.get(seat) ?? null;
  };

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
      const track = soundOf(seat);
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

  const midsOf = (seat: number): string[] => {
    const sound = soundOf(seat);
    const mid = window.reading.connections.flatMap((each) => each.getTransceivers()).find((each) => each.receiver.track === sound)?.mid;
    return mid ? [mid, mid.replace('s', 'p')] : [];
  };
  const countSealing = async (): Promise<Sealing> => {
    const mids = [...all.keys()].flatMap(midsOf);
    const sum: Sealing = { opened: 0, sealed: 0, lost: 0, unsealed: 0 };
    for (const { line, frames, dropped, refused, unsealed } of await window.reading.sealing()) {
      if (line.way === 'send') {
        sum.sealed += frames;
        sum.unsealed += unsealed;
      } else if (mids.includes(line.mid)) {
        sum.opened += frames;
        sum.lost += dropped + refused;
      }
    }
    return sum;
  };
  let before: Sealing = { opened: 0, sealed: 0, lost: 0, unsealed: 0 };

  window.steady = {
    soundOf,
    async begin(seats) {
      all.clear();
      const at = performance.now();
      for (const seat of seats) all.set(seat, { pictures: 0, longestGapMs: 0, soundMs: 0, longestMadeUpMs: 0, at, madeUpMs: 0, samples: 0, concealed: 0 });
      for (const seat of seats) watchPictures(seat);
      before = await countSealing();
    },
    async sealing() {
      const now = await countSealing();
      return { opened: now.opened - before.opened, sealed: now.sealed - before.sealed, lost: now.lost - before.lost, unsealed: now.unsealed - before.unsealed };
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
