// SPDX-License-Identifier: Apache-2.0
// Opens a call in a real browser: the only file of call/ that touches the page's globals together. Not here: any rule.
import { openWorksheet } from './worksheet';
import { browserClock } from '../base/clock';
import { type Agreed, presetOf } from '../disguise/choice';
import { canProtectFrames, Frames, openFramesWorker } from '../e2ee/attach';
import { openKeeperWorker } from '../e2ee/client';
import type { DeviceBrowser } from './devices';
import { followNetwork, type PageNetwork } from './network';
import { RoomSession } from './session';
import type { Surroundings } from './surroundings';
import { openBrowserSocket, sessionTokenShelf } from './signalling';
import { canChooseSpeaker, Sound } from './sound';

declare global {
  interface Window {
    quietroomSession?: RoomSession;
  }
}

// What this browser lacks for a call; empty where it can.
export function missing(): string[] {
  const needed: [string, boolean][] = [
    ['RTCPeerConnection', typeof RTCPeerConnection !== 'undefined'],
    ['RTCRtpSender.replaceTrack', typeof RTCRtpSender !== 'undefined' && 'replaceTrack' in RTCRtpSender.prototype],
    ['WebSocket', typeof WebSocket !== 'undefined'],
    ['AudioContext', typeof AudioContext !== 'undefined'],
  ];
  return needed.filter(([, has]) => !has).map(([name]) => name);
}

// `link` is the secret of the personal link; it goes into the first message and nowhere else.
// `agreed` is the disguise of the preparation, in force before any device is opened.
export function openSession(link: string, agreed: Agreed | null): RoomSession {
  let sound: Sound | null = null;
  const around: Surroundings = {
    clock: browserClock,
    openSocket: openBrowserSocket,
    token: sessionTokenShelf(link),
    memory: sessionTokenShelf(link, 'memory'),
    makePeer: (configuration) => new RTCPeerConnection(configuration),
    playback: (changed) => (sound = new Sound(browserClock, changed)),
    devices: browserDevices((track) => sound?.meter(track) ?? { level: () => 0, stop: () => undefined }),
    share: { media: window.isSecureContext ? (navigator.mediaDevices ?? null) : null, preview: (track) => new MediaStream([track]), worksheet: openWorksheet },
    disguise: presetOf(agreed),
    stream: (track) => new MediaStream([track]),
    keys: sessionTokenShelf(link, 'keys'),
    keeper: openKeeperWorker,
    frames: (listener) => (canProtectFrames() ? new Frames(openFramesWorker, listener) : null),
    nextId: () => Array.from(crypto.getRandomValues(new Uint8Array(9)), (b) => b.toString(16).padStart(2, '0')).join(''),
  };
  const session = new RoomSession(link, around);
  followNetwork({ events: window, connection: (navigator as { connection?: PageNetwork['connection'] }).connection }, session);
  addEventListener('pagehide', () => session.hidden());
  addEventListener('pageshow', (event) => {
    if (event.persisted) session.restored();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') session.nudge();
  });
  if (probing()) window.quietroomSession = session;
  session.start();
  return session;
}

function browserDevices(meter: DeviceBrowser['meter']): DeviceBrowser {
  return {
    media: window.isSecureContext ? (navigator.mediaDevices ?? null) : null,
    canChooseSpeaker: canChooseSpeaker(),
    meter,
    preview: (track) => new MediaStream([track]),
    // Fetched by whoever is disguised.
    disguisePicture: async (...asked) => (await import('../disguise/picture')).disguisePicture(...asked),
    disguiseVoice: async (...asked) => (await import('../disguise/voice')).disguiseVoice(...asked),
    remembered: {
      get: (kind) => stored(() => sessionStorage.getItem(`quietroom.device.${kind}`)),
      put: (kind, id) => void stored(() => sessionStorage.setItem(`quietroom.device.${kind}`, id)),
    },
  };
}

// Tests set this by hand in their own browsers; nobody else has it.
function probing(): boolean {
  return stored(() => localStorage.getItem('quietroomProbe')) === '1';
}

function stored<T>(use: () => T): T | null {
  try {
    return use();
  } catch {
    return null; // this browser refuses storage: nothing is remembered over a reload
  }
}
