// SPDX-License-Identifier: Apache-2.0
// This person's camera, microphone and speaker: opened only when switched on, let go when switched off (the light goes
// out), changed or lost in the call. Says in a word what is wrong. Not here: sending (peer.ts), playing (sound.ts), texts.
// Invariant: off means that no track of that kind exists here; a late answer of the browser never switches on what has
// been switched off meanwhile.
import type { Clock } from '../base/clock';
import type { Devices, DeviceTrouble } from './model';

type Kind = 'camera' | 'microphone';

export interface DeviceBrowser {
  media: Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices' | 'addEventListener'> | null; // null: page not secure
  canChooseSpeaker: boolean;
  meter(track: MediaStreamTrack): { level(): number; stop(): void };
  preview(track: MediaStreamTrack): MediaStream;
  remembered: { get(kind: string): string | null; put(kind: string, id: string): void };
}

const levelEveryMs = 100;
const levelStep = 0.02;

export class LocalMedia {
  private readonly tracks: Record<Kind, MediaStreamTrack | null> = { camera: null, microphone: null };
  private readonly wanted: Record<Kind, number> = { camera: 0, microphone: 0 };
  private meter: { level(): number; stop(): void } | null = null;
  private stopLevel: (() => void) | null = null;
  private closed = false;
  state: Devices;

  constructor(
    private readonly browser: DeviceBrowser,
    private readonly clock: Clock,
    private readonly changed: (what: Kind | 'lists' | 'level') => void,
  ) {
    const { remembered, media } = browser;
    const trouble = media ? null : 'insecure';
    this.state = {
      cameras: [],
      microphones: [],
      speakers: [],
      camera: { on: false, chosen: remembered.get('camera'), trouble, preview: null },
      microphone: { on: false, chosen: remembered.get('microphone'), trouble, level: 0 },
      speaker: { chosen: remembered.get('speaker') },
    };
    media?.addEventListener('devicechange', () => void this.list());
    void this.list();
  }

  track(kind: Kind): MediaStreamTrack | null {
    return this.tracks[kind];
  }

  async set(kind: Kind, on: boolean): Promise<void> {
    const turn = ++this.wanted[kind];
    if (!on) {
      this.letGo(kind);
      this.say(kind, { on: false, trouble: null });
      return;
    }
    if (this.tracks[kind]) return;
    await this.open(kind, turn);
  }

  async choose(kind: Kind, id: string): Promise<void> {
    const before = this.state[kind].chosen;
    this.browser.remembered.put(kind, id);
    this.say(kind, { chosen: id, trouble: null });
    if (!this.tracks[kind]) return;
    const turn = ++this.wanted[kind];
    // Phones open one camera at a time: the old one goes first, and comes back where the new one will not open.
    this.letGo(kind);
    const opened = await this.open(kind, turn);
    if (opened || turn !== this.wanted[kind] || before === null || before === id) return;
    const trouble = this.state[kind].trouble;
    this.say(kind, { chosen: before });
    if (await this.open(kind, turn)) this.say(kind, { trouble });
  }

  chooseSpeaker(id: string): void {
    this.browser.remembered.put('speaker', id);
    this.state = { ...this.state, speaker: { chosen: id } };
    this.changed('lists');
  }

  close(): void {
    this.closed = true;
    for (const kind of ['camera', 'microphone'] as const) {
      this.wanted[kind] += 1;
      this.letGo(kind);
      this.say(kind, { on: false });
    }
  }

  private async open(kind: Kind, turn: number): Promise<boolean> {
    const { media } = this.browser;
    if (!media) {
      this.say(kind, { on: false, trouble: 'insecure' });
      return false;
    }
    let trouble: DeviceTrouble = 'other';
    for (const constraints of attempts(kind, this.state[kind].chosen)) {
      let stream: MediaStream;
      try {
        stream = await media.getUserMedia(constraints);
      } catch (error) {
        trouble = troubleOf(error);
        if (turn !== this.wanted[kind]) return false;
        if (trouble === 'refused' || trouble === 'busy') break; // asking in another way would not change the answer
        continue;
      }
      const track = stream.getTracks()[0];
      if (turn !== this.wanted[kind] || this.closed || !track) {
        for (const late of stream.getTracks()) late.stop();
        return false;
      }
      this.take(kind, track);
      void this.list(); // names of devices are told only now
      return true;
    }
    this.say(kind, { on: false, trouble });
    return false;
  }

  private take(kind: Kind, track: MediaStreamTrack): void {
    this.tracks[kind] = track;
    track.addEventListener('ended', () => {
      if (this.tracks[kind] !== track) return;
      this.letGo(kind);
      this.say(kind, { on: false, trouble: 'vanished' });
    });
    if ('contentHint' in track) track.contentHint = kind === 'camera' ? 'motion' : 'speech';
    const chosen = track.getSettings().deviceId ?? this.state[kind].chosen;
    if (kind === 'camera') {
      this.state = { ...this.state, camera: { ...this.state.camera, preview: this.browser.preview(track) } };
    } else {
      this.meter = this.browser.meter(track);
      this.followLevel();
    }
    this.say(kind, { on: true, trouble: null, chosen });
  }

  private letGo(kind: Kind): void {
    const track = this.tracks[kind];
    this.tracks[kind] = null;
    track?.stop();
    if (kind === 'camera') {
      this.state = { ...this.state, camera: { ...this.state.camera, preview: null } };
      return;
    }
    this.stopLevel?.();
    this.stopLevel = null;
    this.meter?.stop();
    this.meter = null;
    this.state = { ...this.state, microphone: { ...this.state.microphone, level: 0 } };
  }

  private followLevel(): void {
    this.stopLevel?.();
    this.stopLevel = this.clock.after(levelEveryMs, () => {
      const level = this.meter?.level() ?? 0;
      if (Math.abs(level - this.state.microphone.level) >= levelStep) {
        this.state = { ...this.state, microphone: { ...this.state.microphone, level } };
        this.changed('level');
      }
      if (this.meter) this.followLevel();
    });
  }

  private say(kind: Kind, change: { on?: boolean; chosen?: string | null; trouble?: DeviceTrouble | null }): void {
    this.state =
      kind === 'camera'
        ? { ...this.state, camera: { ...this.state.camera, ...change } }
        : { ...this.state, microphone: { ...this.state.microphone, ...change } };
    this.changed(kind);
  }

  private async list(): Promise<void> {
    const { media, canChooseSpeaker } = this.browser;
    if (!media) return;
    let all: MediaDeviceInfo[];
    try {
      all = await media.enumerateDevices();
    } catch {
      return; // the lists stay as they were; opening a device says what is wrong
    }
    if (this.closed) return;
    const of = (kind: MediaDeviceKind) =>
      all.filter((d) => d.kind === kind && d.deviceId !== '').map((d) => ({ id: d.deviceId, label: d.label }));
    this.state = {
      ...this.state,
      cameras: of('videoinput'),
      microphones: of('audioinput'),
      speakers: canChooseSpeaker ? of('audiooutput') : [],
    };
    this.changed('lists');
  }
}

// From what we would like to what any device can do. A camera of five years ago may refuse the first.
function attempts(kind: Kind, chosen: string | null): MediaStreamConstraints[] {
  const device = chosen === null ? {} : { deviceId: { exact: chosen } };
  if (kind === 'microphone') {
    const voice = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: { ideal: 1 } };
    return [{ audio: { ...device, ...voice } }, { audio: voice }, { audio: true }];
  }
  const face = {
    width: { ideal: 640 },
    height: { ideal: 360 },
    frameRate: { ideal: 24, max: 30 },
    ...(chosen === null && { facingMode: { ideal: 'user' } }),
  };
  return [{ video: { ...device, ...face } }, { video: { width: { ideal: 640 }, height: { ideal: 360 } } }, { video: true }];
}

export function troubleOf(error: unknown): DeviceTrouble {
  const name = typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
      return 'refused';
    case 'SecurityError':
      return 'insecure';
    case 'NotFoundError':
    case 'DevicesNotFoundError':
    case 'OverconstrainedError':
      return 'none-found';
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'busy';
    default:
      return 'other';
  }
}
