// SPDX-License-Identifier: Apache-2.0
// Devices against a made-up browser: off means off, whatever order its answers come in.
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../base/clock';
import { type DeviceBrowser, LocalMedia, troubleOf } from './devices';

class FakeTrack extends EventTarget {
  readyState: 'live' | 'ended' = 'live';
  constructor(
    readonly kind: 'audio' | 'video',
    readonly deviceId: string,
  ) {
    super();
  }
  stop(): void {
    this.readyState = 'ended';
  }
  vanish(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
  getSettings(): { deviceId: string } {
    return { deviceId: this.deviceId };
  }
}

type Reply = FakeTrack | { name: string };
function setUp() {
  const asked: MediaStreamConstraints[] = [];
  const waiting: ((reply: Reply) => void)[] = [];
  const opened: FakeTrack[] = [];
  const changes: string[] = [];
  let level = 0;
  const media = Object.assign(new EventTarget(), {
    getUserMedia: (constraints?: MediaStreamConstraints) => {
      asked.push(constraints ?? {});
      return new Promise<MediaStream>((resolve, reject) => {
        waiting.push((reply) => {
          if (!(reply instanceof FakeTrack)) return reject(reply);
          opened.push(reply);
          resolve({ getTracks: () => [reply] } as unknown as MediaStream);
        });
      });
    },
    enumerateDevices: () =>
      Promise.resolve([
        { kind: 'videoinput', deviceId: 'cam-1', label: 'Front' },
        { kind: 'audioinput', deviceId: '', label: '' },
        { kind: 'audiooutput', deviceId: 'ear-1', label: 'Headphones' },
      ] as MediaDeviceInfo[]),
  });
  const browser: DeviceBrowser = {
    media: media as unknown as MediaDevices,
    canChooseSpeaker: true,
    meter: () => ({ level: () => level, stop: () => undefined }),
    preview: (track) => ({ track }) as unknown as MediaStream,
    disguisePicture: () => Promise.reject(new Error('nobody is disguised here')),
    disguiseVoice: () => Promise.reject(new Error('nobody is disguised here')),
    remembered: { get: () => null, put: () => undefined },
  };
  const clock = new VirtualClock();
  const local = new LocalMedia(browser, clock, (what) => changes.push(what));
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
  };
  const reply = async (...replies: Reply[]): Promise<void> => {
    for (const one of replies) {
      await settle();
      waiting.shift()!(one);
    }
    await settle();
  };
  return { asked, opened, changes, browser, clock, local, reply, settle, media, loud: (to: number) => (level = to) };
}
const camera = (id = 'cam-1') => new FakeTrack('video', id);
const microphone = (id = 'mic-1') => new FakeTrack('audio', id);

describe('a camera', () => {
  it('is not asked for before it is switched on', () => {
    const { asked, local } = setUp();
    expect(asked).toEqual([]);
    expect(local.state.camera).toEqual({ on: false, chosen: null, trouble: null, preview: null, own: null });
  });

  it('switched on shows a preview; switched off, its light goes out', async () => {
    const { local, reply, opened } = setUp();
    void local.set('camera', true);
    await reply(camera());
    expect(local.state.camera).toMatchObject({ on: true, chosen: 'cam-1', trouble: null });
    expect(local.state.camera.preview).not.toBeNull();
    await local.set('camera', false);
    expect(opened[0]!.readyState).toBe('ended');
    expect(local.state.camera).toMatchObject({ on: false, preview: null });
  });

  it('switched off before the browser has answered stays off', async () => {
    const { local, reply, opened } = setUp();
    void local.set('camera', true);
    void local.set('camera', false);
    await reply(camera());
    expect(opened[0]!.readyState).toBe('ended');
    expect(local.track('camera')).toBeNull();
    expect(local.state.camera.on).toBe(false);
  });

  it('that answers after everything was closed is let go', async () => {
    const { local, reply, opened } = setUp();
    void local.set('camera', true);
    local.close();
    await reply(camera());
    expect(opened[0]!.readyState).toBe('ended');
  });

  it('that cannot do what we would like is asked for less', async () => {
    const { local, reply, asked } = setUp();
    void local.set('camera', true);
    await reply({ name: 'OverconstrainedError' }, { name: 'OverconstrainedError' }, camera());
    expect(asked.at(-1)).toEqual({ video: true });
    expect(local.state.camera.on).toBe(true);
  });

  it('that vanishes is off, and says so', async () => {
    const { local, reply, opened, changes } = setUp();
    void local.set('camera', true);
    await reply(camera());
    changes.length = 0;
    opened[0]!.vanish();
    expect(local.state.camera).toMatchObject({ on: false, trouble: 'vanished', preview: null });
    expect(changes).toContain('camera');
  });

  it('whose line went unsealed is off and says so; a second time it is not opened again', async () => {
    const { local, reply, opened, asked } = setUp();
    void local.set('camera', true);
    await reply(camera());
    local.stopUnsealed('camera', false);
    expect(local.state.camera).toMatchObject({ on: false, trouble: 'unsealed', preview: null });
    expect([local.track('camera'), opened[0]!.readyState]).toEqual([null, 'ended']);
    void local.set('camera', true);
    await reply(camera());
    expect(local.state.camera).toMatchObject({ on: true, trouble: null });
    local.stopUnsealed('camera', true);
    for (const on of [true, false, true]) await local.set('camera', on);
    expect(local.state.camera).toMatchObject({ on: false, trouble: 'barred' });
    expect([asked.length, opened[1]!.readyState]).toEqual([2, 'ended']);
  });

  it('changed in the call lets the old one go first, and takes it back where the new one will not open', async () => {
    const { local, reply, opened } = setUp();
    void local.set('camera', true);
    await reply(camera('cam-1'));
    void local.choose('camera', 'cam-2');
    expect(opened[0]!.readyState).toBe('ended');
    await reply({ name: 'NotReadableError' }, camera('cam-1'));
    expect(local.state.camera).toMatchObject({ on: true, chosen: 'cam-1', trouble: 'busy' });
    void local.choose('camera', 'cam-3');
    await reply(camera('cam-3'));
    expect(local.state.camera).toMatchObject({ on: true, chosen: 'cam-3', trouble: null });
  });
});

describe('trouble', () => {
  it.each([
    ['NotAllowedError', 'refused'],
    ['NotFoundError', 'none-found'],
    ['OverconstrainedError', 'none-found'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
    ['SecurityError', 'insecure'],
    ['TypeError', 'other'],
  ])('%s is %s', (name, word) => {
    expect(troubleOf({ name })).toBe(word);
  });

  it('refused is asked once, not again and again', async () => {
    const { local, reply, asked } = setUp();
    void local.set('microphone', true);
    await reply({ name: 'NotAllowedError' });
    expect(asked).toHaveLength(1);
    expect(local.state.microphone).toMatchObject({ on: false, trouble: 'refused' });
  });

  it('a page that is not secure says so from the start', () => {
    const { browser, clock } = setUp();
    const local = new LocalMedia({ ...browser, media: null }, clock, () => undefined);
    expect([local.state.camera.trouble, local.state.microphone.trouble]).toEqual(['insecure', 'insecure']);
  });
});

describe('a microphone', () => {
  it('asks for echo cancellation and noise suppression', async () => {
    const { local, reply, asked } = setUp();
    void local.set('microphone', true);
    await reply(microphone());
    expect(asked[0]).toMatchObject({ audio: { echoCancellation: true, noiseSuppression: true } });
  });

  it('shows its level ten times a second while it is on, and none when off', async () => {
    const { local, reply, clock, loud, changes } = setUp();
    void local.set('microphone', true);
    await reply(microphone());
    loud(0.6);
    clock.advance(100);
    expect(local.state.microphone.level).toBe(0.6);
    changes.length = 0;
    clock.advance(500);
    expect(changes).not.toContain('level'); // nothing moved
    await local.set('microphone', false);
    clock.advance(1000);
    expect(local.state.microphone.level).toBe(0);
  });
});

it('devices without a name yet are not listed', async () => {
  const { local, settle } = setUp();
  await settle();
  expect(local.state.cameras).toEqual([{ id: 'cam-1', label: 'Front' }]);
  expect(local.state.microphones).toEqual([]);
  expect(local.state.speakers).toEqual([{ id: 'ear-1', label: 'Headphones' }]);
});
