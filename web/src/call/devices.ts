// SPDX-License-Identifier: Apache-2.0
// This person's camera, microphone and speaker: opened only when switched on, let go when switched off (the light goes
// out), changed or lost in the call; and the track of each that others may get, disguised as the person chose. Says in a word
// what is wrong. Not here: how a disguise is made (disguise/), sending (peer.ts), playing (sound.ts), texts.
// Invariants: off means that no track of that kind exists here; a late answer of the browser never switches on what has
// been switched off meanwhile; `track` is the device's own track only where the person has chosen no disguise: while one is
// made or has broken, it is null.
import type { Clock } from '../base/clock';
import { asOneIs, isDrawn } from '../disguise/choice';
import type { Disguised, DisguiseListener } from '../disguise/picture';
import type { Look } from '../disguise/paint';
import type { Devices, DeviceTrouble, Disguise } from './model';

type Kind = 'camera' | 'microphone';

export interface DeviceBrowser {
  media: Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices' | 'addEventListener'> | null; // null: page not secure
  canChooseSpeaker: boolean;
  meter(track: MediaStreamTrack): { level(): number; stop(): void };
  preview(track: MediaStreamTrack): MediaStream;
  disguisePicture(raw: MediaStreamTrack | null, look: Look, listener: DisguiseListener): Promise<Disguised>;
  disguiseVoice(raw: MediaStreamTrack, look: 'lower' | 'higher', listener: DisguiseListener): Promise<Disguised>;
  remembered: { get(kind: string): string | null; put(kind: string, id: string): void };
}

const levelEveryMs = 100;
const levelStep = 0.02;

export class LocalMedia {
  private readonly raw: Record<Kind, MediaStreamTrack | null> = { camera: null, microphone: null };
  private readonly disguised: Record<Kind, Disguised | null> = { camera: null, microphone: null };
  private readonly tracks: Record<Kind, MediaStreamTrack | null> = { camera: null, microphone: null };
  private readonly asked: Record<Kind, boolean> = { camera: false, microphone: false };
  private readonly wanted: Record<Kind, number> = { camera: 0, microphone: 0 };
  private meter: { level(): number; stop(): void } | null = null;
  private stopLevel: (() => void) | null = null;
  private closed = false;
  private readonly barred = new Set<Kind>();
  private clearAsked = false;
  state: Devices;

  constructor(
    private readonly browser: DeviceBrowser,
    private readonly clock: Clock,
    private readonly changed: (what: Kind | 'lists' | 'level' | 'anew') => void,
    disguise: Disguise = asOneIs,
  ) {
    const { remembered, media } = browser;
    const trouble = media ? null : 'insecure';
    this.state = {
      cameras: [],
      microphones: [],
      speakers: [],
      camera: { on: false, chosen: remembered.get('camera'), trouble, preview: null, own: null },
      microphone: { on: false, chosen: remembered.get('microphone'), trouble, level: 0 },
      speaker: { chosen: remembered.get('speaker') },
      disguise: { ...disguise, masking: 'off' },
    };
    media?.addEventListener('devicechange', () => void this.list());
    void this.list();
  }

  // What others may get.
  track(kind: Kind): MediaStreamTrack | null {
    return this.tracks[kind];
  }

  // Whether the camera as it is is asked for, beside the disguise (clear_view.ts); and its track, null while there is none.
  get clear(): boolean {
    return this.clearAsked;
  }
  get clearTrack(): MediaStreamTrack | null {
    return this.clearAsked ? this.raw.camera : null;
  }

  // Where the disguise is drawn without a camera, the camera is opened for it alone. False: the picture is off, or the camera does not open.
  async setClear(on: boolean): Promise<boolean> {
    const { disguise, camera } = this.state;
    if (!on) {
      this.clearAsked = false;
      if (!this.needsDevice('camera')) this.closeRaw('camera');
      this.say('camera', {});
      return false;
    }
    if (!camera.on || disguise.picture === 'none') return false;
    this.clearAsked = true;
    const turn = this.wanted.camera;
    const open = this.raw.camera !== null || (await this.openDevice('camera', turn, (trouble) => this.say('camera', { trouble })));
    if (!open && turn === this.wanted.camera) this.clearAsked = false;
    return this.clearAsked;
  }

  async set(kind: Kind, on: boolean): Promise<void> {
    if (this.barred.has(kind) || (on && this.asked[kind] && this.state[kind].on)) return;
    const turn = ++this.wanted[kind];
    this.asked[kind] = on;
    if (!on) {
      if (kind === 'camera') this.clearAsked = false;
      this.letGo(kind);
      this.say(kind, { on: false, trouble: null });
      return;
    }
    await this.open(kind, turn);
  }

  async choose(kind: Kind, id: string): Promise<void> {
    const before = this.state[kind].chosen;
    this.browser.remembered.put(kind, id);
    this.say(kind, { chosen: id, trouble: null });
    if (!this.raw[kind]) return;
    const turn = ++this.wanted[kind];
    // Phones open one camera at a time: the old one goes first, and comes back where the new one will not open.
    this.letGo(kind);
    const opened = await this.open(kind, turn);
    if (opened || turn !== this.wanted[kind] || before === null || before === id) return;
    const trouble = this.state[kind].trouble;
    this.say(kind, { chosen: before });
    this.asked[kind] = true;
    if (await this.open(kind, turn)) this.say(kind, { trouble });
  }

  chooseSpeaker(id: string): void {
    this.browser.remembered.put('speaker', id);
    this.state = { ...this.state, speaker: { chosen: id } };
    this.changed('lists');
  }

  // From this call on nothing of the look before is given to anybody, unless what makes the picture can change in its place.
  async setDisguise({ picture, voice }: Disguise): Promise<void> {
    const before = this.state.disguise;
    this.state = { ...this.state, disguise: { ...before, picture, voice } };
    if (picture === 'none') this.clearAsked = false; // everyone sees them as they are
    const work: Promise<void>[] = [];
    if (picture !== before.picture) work.push(this.redo('camera', picture));
    if (voice !== before.voice) work.push(this.redo('microphone', voice));
    this.changed('lists');
    await Promise.all(work);
  }

  // What it sent may not have been sealed. For good: this page does not open it again.
  stopUnsealed(kind: Kind, forGood: boolean): void {
    this.wanted[kind] += 1;
    if (forGood) this.barred.add(kind);
    this.fails(kind, forGood ? 'barred' : 'unsealed');
  }

  close(): void {
    this.closed = true;
    for (const kind of ['camera', 'microphone'] as const) {
      this.wanted[kind] += 1;
      this.asked[kind] = false;
      this.letGo(kind);
      this.say(kind, { on: false });
    }
  }

  private async redo(kind: Kind, look: string): Promise<void> {
    if (!this.asked[kind] || this.disguised[kind]?.change(look)) return;
    const turn = ++this.wanted[kind];
    this.hide(kind);
    if (!this.needsDevice(kind)) this.letGo(kind);
    this.say(kind, {});
    await this.open(kind, turn);
  }

  private needsDevice(kind: Kind): boolean {
    return kind === 'microphone' || this.clearAsked || !isDrawn(this.state.disguise.picture);
  }

  private async open(kind: Kind, turn: number): Promise<boolean> {
    if (this.needsDevice(kind) && !this.raw[kind] && !(await this.openDevice(kind, turn))) return false;
    return this.show(kind, turn);
  }

  private async openDevice(kind: Kind, turn: number, fails = (trouble: DeviceTrouble): void => void this.fails(kind, trouble)): Promise<boolean> {
    const { media } = this.browser;
    if (!media) return fails('insecure'), false;
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
    return fails(trouble), false;
  }

  private take(kind: Kind, track: MediaStreamTrack): void {
    this.raw[kind] = track;
    track.addEventListener('ended', () => {
      if (this.raw[kind] !== track) return;
      this.wanted[kind] += 1;
      this.fails(kind, 'vanished');
    });
    hint(kind, track);
    const chosen = track.getSettings().deviceId ?? this.state[kind].chosen;
    if (kind === 'camera') this.state = { ...this.state, camera: { ...this.state.camera, chosen, own: this.browser.preview(track) } };
    else this.state = { ...this.state, microphone: { ...this.state.microphone, chosen } };
  }

  // Makes the track that others may get. The one place where the device's own track can become it.
  private async show(kind: Kind, turn: number): Promise<boolean> {
    const raw = this.raw[kind];
    const { picture, voice } = this.state.disguise;
    if ((kind === 'camera' ? picture : voice) === 'none') {
      if (raw) this.publish(kind, raw);
      return raw !== null;
    }
    let made: Disguised;
    const listener: DisguiseListener = {
      failed: () => void (this.disguised[kind] === made && this.breaks(kind)),
      masking: (masking) => void (turn === this.wanted[kind] && this.mask(masking)),
      anew: () => void (this.disguised[kind] === made && this.changed('anew')),
    };
    try {
      made = await this.make(kind, raw, listener);
    } catch {
      if (turn === this.wanted[kind]) this.breaks(kind);
      return false;
    }
    if (turn !== this.wanted[kind] || this.closed) {
      made.stop();
      return false;
    }
    this.disguised[kind] = made;
    hint(kind, made.track);
    this.publish(kind, made.track);
    return true;
  }

  private make(kind: Kind, raw: MediaStreamTrack | null, listener: DisguiseListener): Promise<Disguised> {
    const { picture, voice } = this.state.disguise;
    if (kind === 'camera' && picture !== 'none') return this.browser.disguisePicture(raw, picture, listener);
    if (kind === 'microphone' && voice !== 'none' && raw) return this.browser.disguiseVoice(raw, voice, listener);
    return Promise.reject(new Error('nothing to disguise'));
  }

  private publish(kind: Kind, track: MediaStreamTrack): void {
    this.tracks[kind] = track;
    if (kind === 'camera') {
      this.state = { ...this.state, camera: { ...this.state.camera, preview: this.browser.preview(track) } };
    } else {
      this.meter = this.browser.meter(track);
      this.followLevel();
    }
    this.say(kind, { on: true, trouble: null });
  }

  // Off, and said: never the device's own track in the place of one that broke.
  private breaks(kind: Kind): void {
    this.wanted[kind] += 1;
    this.fails(kind, 'disguise');
  }

  private fails(kind: Kind, trouble: DeviceTrouble): false {
    this.asked[kind] = false;
    if (kind === 'camera') this.clearAsked = false;
    this.letGo(kind);
    this.say(kind, { on: false, trouble });
    return false;
  }

  private mask(masking: Devices['disguise']['masking']): void {
    this.state = { ...this.state, disguise: { ...this.state.disguise, masking } };
    this.changed('lists');
  }

  // Nothing more of this kind goes out; the device itself stays open.
  private hide(kind: Kind): void {
    this.tracks[kind] = null;
    this.disguised[kind]?.stop();
    this.disguised[kind] = null;
    if (kind === 'camera') {
      this.state = { ...this.state, camera: { ...this.state.camera, preview: null }, disguise: { ...this.state.disguise, masking: 'off' } };
      return;
    }
    this.stopLevel?.();
    this.stopLevel = null;
    this.meter?.stop();
    this.meter = null;
    this.disguised.camera?.level(0);
    this.state = { ...this.state, microphone: { ...this.state.microphone, level: 0 } };
  }

  private letGo(kind: Kind): void {
    this.hide(kind);
    this.closeRaw(kind);
  }

  private closeRaw(kind: Kind): void {
    const raw = this.raw[kind];
    this.raw[kind] = null;
    raw?.stop();
    if (kind === 'camera') this.state = { ...this.state, camera: { ...this.state.camera, own: null } };
  }

  private followLevel(): void {
    this.stopLevel?.();
    this.stopLevel = this.clock.after(levelEveryMs, () => {
      const level = this.meter?.level() ?? 0;
      this.disguised.camera?.level(level);
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

// How an encoder should treat it.
function hint(kind: Kind, track: MediaStreamTrack): void {
  if ('contentHint' in track) track.contentHint = kind === 'camera' ? 'motion' : 'speech';
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
