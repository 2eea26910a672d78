// SPDX-License-Identifier: Apache-2.0
// No undisguised track is ever what others may get: every track that LocalMedia gave out at any moment is looked at, while a
// disguise starts, changes, breaks, comes late, or the device is switched under it.
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../base/clock';
import type { Disguised, DisguiseListener } from '../disguise/picture';
import { type DeviceBrowser, LocalMedia } from './devices';
import type { Disguise } from './model';

class FakeTrack extends EventTarget {
  readyState: 'live' | 'ended' = 'live';
  constructor(
    readonly kind: 'audio' | 'video',
    readonly name: string,
  ) {
    super();
  }
  stop(): void {
    this.readyState = 'ended';
  }
  getSettings(): { deviceId: string } {
    return { deviceId: this.name };
  }
}

interface Making {
  look: string;
  raw: FakeTrack | null;
  listener: DisguiseListener;
  track: FakeTrack;
  changes: string[];
  stopped: boolean;
  done(): Promise<void>;
  cannot(): Promise<void>;
}

function setUp(disguise: Disguise) {
  const opened: FakeTrack[] = [];
  const making: Making[] = [];
  const given: (string | null)[] = [];
  let mayOpen = true;
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 12; i += 1) await Promise.resolve();
  };
  const make = (raw: MediaStreamTrack | null, look: string, listener: DisguiseListener): Promise<Disguised> =>
    new Promise((resolve, reject) => {
      const one: Making = {
        look,
        raw: raw as unknown as FakeTrack | null,
        listener,
        track: new FakeTrack(look === 'lower' || look === 'higher' ? 'audio' : 'video', `${look} ${making.length}`),
        changes: [],
        stopped: false,
        done: () => {
          resolve({
            track: one.track as unknown as MediaStreamTrack,
            change: (next) => {
              const drawn = (what: string): boolean => what === 'block' || what === 'avatar';
              if (next === 'none' || drawn(next) !== (one.raw === null) || one.track.kind === 'audio') return false;
              one.changes.push(next);
              return true;
            },
            level: () => undefined,
            stop: () => {
              one.stopped = true;
              one.track.stop();
            },
          });
          return settle();
        },
        cannot: () => {
          reject(new Error('cannot'));
          return settle();
        },
      };
      making.push(one);
    });
  const browser: DeviceBrowser = {
    media: {
      addEventListener: () => undefined,
      enumerateDevices: () => Promise.resolve([]),
      getUserMedia: (constraints) => {
        if (!mayOpen) return Promise.reject(Object.assign(new Error(), { name: 'NotReadableError' }));
        const track = new FakeTrack(constraints?.audio ? 'audio' : 'video', `raw ${opened.length}`);
        opened.push(track);
        return Promise.resolve({ getTracks: () => [track] } as unknown as MediaStream);
      },
    },
    canChooseSpeaker: false,
    meter: () => ({ level: () => 0.5, stop: () => undefined }),
    preview: (track) => ({ of: track }) as unknown as MediaStream,
    disguisePicture: make,
    disguiseVoice: make,
    remembered: { get: () => null, put: () => undefined },
  };
  const told: string[] = [];
  const local: LocalMedia = new LocalMedia(browser, new VirtualClock(), (what) => (told.push(what), look()), disguise);
  const now = (kind: 'camera' | 'microphone'): string | null => (local.track(kind) as unknown as FakeTrack | null)?.name ?? null;
  const look = (): void => void (local && given.push(now('camera'), now('microphone')));
  const raws = (): string[] => given.filter((name): name is string => name?.startsWith('raw') ?? false);
  return { told, local, making, opened, given, now, raws, settle, refuse: () => (mayOpen = false) };
}

const pixelate: Disguise = { picture: 'pixelate', voice: 'lower' };

describe('a picture that is disguised', () => {
  it('is nothing at all until the disguise stands, and then only that', async () => {
    const { local, making, now, raws, settle } = setUp(pixelate);
    void local.set('camera', true);
    await settle();
    expect([now('camera'), local.state.camera.on]).toEqual([null, false]);
    await making[0]!.done();
    expect([now('camera'), local.state.camera.on, raws()]).toEqual(['pixelate 0', true, []]);
    expect(local.state.camera.preview).toEqual({ of: making[0]!.track });
  });

  it('changes its look in place, without a moment of another', async () => {
    const { local, making, now, raws, settle } = setUp(pixelate);
    void local.set('camera', true);
    await settle();
    await making[0]!.done();
    await local.setDisguise({ ...pixelate, picture: 'blur' });
    expect([making.length, making[0]!.changes, now('camera'), raws()]).toEqual([1, ['blur'], 'pixelate 0', []]);
  });

  it('says when its first picture of another look has gone out, and one that was let go says nothing', async () => {
    const { told, local, making, settle } = setUp(pixelate);
    void local.set('camera', true);
    await settle();
    await making[0]!.done();
    await local.setDisguise({ ...pixelate, picture: 'blur' });
    expect(told).not.toContain('anew');
    making[0]!.listener.anew();
    expect(told.filter((what) => what === 'anew')).toEqual(['anew']);
    await local.set('camera', false);
    making[0]!.listener.anew();
    expect(told.filter((what) => what === 'anew')).toEqual(['anew']);
  });

  it('begun over an open face takes the face away first', async () => {
    const { local, making, now, given, settle } = setUp({ picture: 'none', voice: 'none' });
    await local.set('camera', true);
    expect(now('camera')).toBe('raw 0');
    given.length = 0;
    void local.setDisguise({ picture: 'blur', voice: 'none' });
    expect(now('camera')).toBeNull(); // at once, before anything is waited for
    await settle();
    await making[0]!.done();
    expect(now('camera')).toBe('blur 0');
    expect(given).not.toContain('raw 0');
    expect(making[0]!.raw?.readyState).toBe('live'); // the camera itself stayed open
  });

  it('that breaks is off, said, and the camera let go: never the face in its place', async () => {
    const { local, making, opened, now, raws, settle } = setUp(pixelate);
    void local.set('camera', true);
    await settle();
    await making[0]!.done();
    making[0]!.listener.failed();
    expect([now('camera'), raws(), opened[0]!.readyState]).toEqual([null, [], 'ended']);
    expect(local.state.camera).toMatchObject({ on: false, trouble: 'disguise', preview: null, own: null });
  });

  it('that cannot be made is off and said', async () => {
    const { local, making, opened, now, raws, settle } = setUp(pixelate);
    void local.set('camera', true);
    await settle();
    await making[0]!.cannot();
    expect([now('camera'), raws(), opened[0]!.readyState, local.state.camera.trouble]).toEqual([null, [], 'ended', 'disguise']);
  });

  it('that comes when the camera has been turned off stays away', async () => {
    const { local, making, now, settle } = setUp(pixelate);
    void local.set('camera', true);
    await settle();
    await local.set('camera', false);
    await making[0]!.done();
    expect([now('camera'), making[0]!.stopped, local.state.camera.on]).toEqual([null, true, false]);
  });

  it('goes on over another camera, and over one that will not open there is nothing', async () => {
    const { local, making, opened, now, raws, settle, refuse } = setUp(pixelate);
    void local.set('camera', true);
    await settle();
    await making[0]!.done();
    void local.choose('camera', 'other');
    expect([now('camera'), making[0]!.stopped, opened[0]!.readyState]).toEqual([null, true, 'ended']);
    await settle();
    await making[1]!.done();
    expect([now('camera'), raws()]).toEqual(['pixelate 1', []]);
    refuse();
    void local.choose('camera', 'third');
    await settle();
    expect([now('camera'), raws(), local.state.camera.on]).toEqual([null, [], false]);
  });

  it('of several quick changes only the last is shown', async () => {
    const { local, making, now, raws, settle } = setUp(pixelate);
    void local.set('camera', true);
    await settle();
    void local.setDisguise({ ...pixelate, picture: 'avatar' });
    void local.setDisguise({ ...pixelate, picture: 'blur' });
    await settle();
    for (const one of making) await one.done();
    expect(making.at(-1)!.look).toBe('blur');
    expect([now('camera')?.startsWith('blur'), raws()]).toEqual([true, []]);
    expect(making.slice(0, -1).every((one) => one.stopped)).toBe(true);
  });

  it('vanishes with its camera', async () => {
    const { local, making, opened, now, settle } = setUp(pixelate);
    void local.set('camera', true);
    await settle();
    await making[0]!.done();
    opened[0]!.dispatchEvent(new Event('ended'));
    expect([now('camera'), making[0]!.stopped, local.state.camera.trouble]).toEqual([null, true, 'vanished']);
  });
});

describe('a drawn picture', () => {
  it('opens no camera', async () => {
    const { local, making, opened, now, settle } = setUp({ picture: 'avatar', voice: 'none' });
    void local.set('camera', true);
    await settle();
    await making[0]!.done();
    expect([now('camera'), opened.length, making[0]!.raw]).toEqual(['avatar 0', 0, null]);
  });

  it('chosen over a disguised camera turns the camera’s light out at once', async () => {
    const { local, making, opened, now, raws, settle } = setUp(pixelate);
    void local.set('camera', true);
    await settle();
    await making[0]!.done();
    void local.setDisguise({ ...pixelate, picture: 'block' });
    expect([now('camera'), opened[0]!.readyState]).toEqual([null, 'ended']);
    await settle();
    await making[1]!.done();
    expect([now('camera'), raws()]).toEqual(['block 1', []]);
  });

  it('left for the camera is disguised from its first picture', async () => {
    const { local, making, now, raws, settle } = setUp({ picture: 'avatar', voice: 'none' });
    void local.set('camera', true);
    await settle();
    await making[0]!.done();
    void local.setDisguise({ picture: 'pixelate', voice: 'none' });
    await settle();
    await making[1]!.done();
    expect([now('camera'), raws()]).toEqual(['pixelate 1', []]);
  });
});

describe('a changed voice', () => {
  it('is silence until it stands, while it is made anew, and when it breaks', async () => {
    const { local, making, opened, now, raws, settle } = setUp(pixelate);
    void local.set('microphone', true);
    await settle();
    expect(now('microphone')).toBeNull();
    await making[0]!.done();
    expect(now('microphone')).toBe('lower 0');
    void local.setDisguise({ ...pixelate, voice: 'higher' });
    expect([now('microphone'), making[0]!.stopped]).toEqual([null, true]);
    await settle();
    await making[1]!.done();
    expect(now('microphone')).toBe('higher 1');
    making[1]!.listener.failed();
    expect([now('microphone'), raws(), opened[0]!.readyState, local.state.microphone.trouble]).toEqual([null, [], 'ended', 'disguise']);
  });
});

it('one’s own face and voice are given only where they were chosen', async () => {
  const { local, making, now, settle } = setUp(pixelate);
  void local.set('camera', true);
  void local.set('microphone', true);
  await settle();
  for (const one of making) await one.done();
  await local.setDisguise({ picture: 'none', voice: 'none' });
  expect([now('camera')?.slice(0, 3), now('microphone')?.slice(0, 3), making.every((one) => one.stopped)]).toEqual(['raw', 'raw', true]);
});
