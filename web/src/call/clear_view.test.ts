// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from 'vitest';
import { fromBase64Url } from '../base/base64url';
import type { EpochKeys } from '../e2ee/frame_keys';
import { ClearView } from './clear_view';
import type { ClientMessage } from './message';

let opens: boolean;
let camera: { clear: boolean; setClear(on: boolean): Promise<boolean> };
let sent: ClientMessage[];
let told: { key: string; number: number }[];
let keys: EpochKeys[];
let forgotten: string[];
let view: ClearView;

beforeEach(() => {
  opens = true;
  camera = {
    clear: false,
    setClear: (on) => {
      camera.clear = on && opens;
      return Promise.resolve(camera.clear);
    },
  };
  [sent, told, keys, forgotten] = [[], [], [], []];
  view = new ClearView(camera, {
    send: (message) => void sent.push(message),
    tell: (key, number) => void told.push({ key, number }),
    keys: (one) => void keys.push(one),
    forget: (group) => void forgotten.push(group),
    changed: () => undefined,
  });
});

describe('a clear view', () => {
  it('begins when the person says so: its key to those who lead, then the room', async () => {
    await view.begin();
    expect(view.on).toBe(true);
    expect(sent).toEqual([{ type: 'clear-view', on: true }]);
    expect(keys).toHaveLength(1);
    expect(fromBase64Url(told[0]!.key)).toEqual(keys[0]!.baseKey);
    expect(keys[0]).toMatchObject({ group: 'clear own', epoch: 1, cause: 'join' });
  });

  it('does not begin where the camera does not open', async () => {
    opens = false;
    await view.begin();
    expect([view.on, sent, told]).toEqual([false, [], []]);
  });

  it('has another key whenever somebody comes or goes; who left has none of it', async () => {
    view.groupChanged('add');
    expect(told).toEqual([]);
    await view.begin();
    view.groupChanged('add');
    view.groupChanged('remove');
    expect(keys.map(({ epoch, cause }) => [epoch, cause])).toEqual([[1, 'join'], [2, 'add'], [3, 'remove']]);
    expect(new Set(told.map(({ key }) => key)).size).toBe(3);
  });

  it.each([
    ['the person ends it', () => view.end()],
    ['the picture is switched off', () => ((camera.clear = false), view.cameraChanged())],
    ['the room refuses it', () => view.heard({ type: 'refused', what: 'clear-view', reason: 'not-now' } as never)],
    ['the line was lost for long', () => view.heard({ type: 'welcome' } as never)],
    ['the person is moved back to the waiting room', () => view.heard({ type: 'state', state: 'waiting' } as never)],
    ['it went out unsealed', () => view.wentUnsealed()],
  ])('ends, and its camera and key with it, when %s', async (_, happens) => {
    await view.begin();
    happens();
    expect(view.on).toBe(false);
    expect(camera.clear).toBe(false);
    expect(forgotten).toEqual(['clear own']);
    expect(sent.at(-1)).toEqual({ type: 'clear-view', on: false });
    view.groupChanged('add');
    expect(told).toHaveLength(1);
  });

  it('of another opens with the key that they told, until they end it; a key that is none is left alone', () => {
    view.takeKey({ seat: 4, key: 'AAAA', number: 1 });
    expect(keys).toEqual([]);
    view.takeKey({ seat: 4, key: 'A'.repeat(22), number: 3 });
    expect(keys).toMatchObject([{ group: 'clear 4', epoch: 3 }]);
    view.shownBy([4, 5]);
    view.shownBy([5]);
    expect(forgotten).toEqual(['clear 4']);
  });
});
