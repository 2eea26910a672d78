// SPDX-License-Identifier: Apache-2.0
// Frames of sound and picture under keys of a group: format, key schedule, epochs, members, replay, nonces.
import { describe, expect, test } from 'vitest';
import { assemble, decodeHeader, encodeHeader, kidOf, mostLeaves, mostStarts, nameOf, sources, split } from './frame_format';
import { clearViewOf, deriveKey, type EpochKeys, importBase, KeyStore, nonceOf, ownClearView, ReplayWindow, ReplayWindows } from './frame_keys';
import { Arriving, type FrameLike, Opener, Sealer } from './frame_pipe';

const hex = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));
const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const frame = (...bytes: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

const members = [{ leaf: 0, seat: 10 }, { leaf: 1, seat: 11 }, { leaf: 2, seat: 12 }];
const keys = (epoch: number, self: number, more: Partial<EpochKeys> = {}): EpochKeys => ({
  group: 'everyone',
  epoch,
  baseKey: Uint8Array.from({ length: 16 }, (_, i) => (i * 7 + epoch) % 256),
  self,
  leaves: members,
  cause: 'join',
  ...more,
});
function store(...epochs: EpochKeys[]): KeyStore {
  const made = new KeyStore();
  epochs.forEach((one) => made.epoch(one, 0));
  return made;
}

describe('header', () => {
  test.each([
    [0, 0, '00'],
    [7, 7, '77'],
    [8, 0, '8008'],
    [0x1ff, 8, '980' + '1ff08'],
    [2 ** 34 - 1, 2 ** 24, 'cb03ffffffff01000000'],
  ])('kid %i counter %i is %s, and back', (kid, counter, text) => {
    const bytes = encodeHeader(kid, counter);
    expect(toHex(bytes)).toBe(text);
    expect(decodeHeader(bytes)).toEqual({ kid, counter, length: bytes.length });
  });

  test.each(['', '80', '8007', '8000', '08', '0807', '0800', 'f0ffffffffffffffff', '0fffffffffffffffff', '9800ff00'])('%s is no header of ours', (text) => {
    expect(decodeHeader(hex(text))).toBeNull();
  });

  test('a key id names source, start, leaf and epoch, at the bounds too', () => {
    for (const source of sources)
      for (const start of [0, 1, mostStarts - 1])
        for (const leaf of [0, 1, mostLeaves - 1])
          for (const epoch of [0, 255]) {
            const kid = kidOf({ source, start, leaf, epoch });
            expect(kid).toBeLessThan(2 ** 34);
            expect(nameOf(kid)).toEqual({ source, start, leaf, epoch });
          }
    expect(() => kidOf({ source: 'camera', start: mostStarts, leaf: 0, epoch: 0 })).toThrow(RangeError);
    expect(() => kidOf({ source: 'camera', start: 0, leaf: mostLeaves, epoch: 0 })).toThrow(RangeError);
    expect(nameOf(5 * 2 ** 31)).toBeNull();
  });
});

describe('what seals opens', () => {
  test.each(['audio', 'video'] as const)('%s: the same bytes come out, with who and what', async (kind) => {
    const source = kind === 'audio' ? 'microphone' : 'camera';
    const sealer = new Sealer(store(keys(3, 1)), source, 4, kind);
    const opener = new Opener(store(keys(3, 2)), kind);
    for (let i = 0; i < 20; i += 1) {
      const sealed = await sealer.seal(frame(i, 1, 2, 3), 0);
      expect(sealed).not.toBeNull();
      if (kind === 'video') expect(sealed![0]).toBe(i);
      expect(await opener.open(sealed!, 0)).toEqual({ frame: frame(i, 1, 2, 3), seat: 11, name: { source, start: 4, leaf: 1, epoch: 3 } });
    }
  });

  test('no byte of a sealed frame may change', async () => {
    const sealed = (await new Sealer(store(keys(1, 0)), 'camera', 0, 'video').seal(frame(0x10, 2, 3, 4, 5), 0))!;
    const opener = new Opener(store(keys(1, 1)), 'video');
    for (let i = 0; i < sealed.length; i += 1) {
      const changed = Uint8Array.from(sealed);
      changed[i] = changed[i]! ^ 1;
      expect(typeof (await opener.open(changed, 0)), `byte ${i}`).toBe('string');
    }
    expect(typeof (await opener.open(sealed, 0))).toBe('object');
  });

  test('frames that are cut short, empty or noise are refused', async () => {
    const sealed = (await new Sealer(store(keys(1, 0)), 'microphone', 0, 'audio').seal(frame(9), 0))!;
    const opener = new Opener(store(keys(1, 1)), 'audio');
    for (let length = 0; length < sealed.length; length += 1) {
      expect(['refused', 'unknown']).toContain(await opener.open(sealed.slice(0, length), 0));
      expect(['refused', 'unknown']).toContain(await opener.open(sealed.slice(sealed.length - length), 0));
    }
    expect(await opener.open(sealed, 0)).toMatchObject({ frame: frame(9) });
  });

  test('the header stands last and the associated data is header then clear byte', () => {
    const parts = split(assemble(frame(0x55), new Uint8Array(17), encodeHeader(300, 9)), 1)!;
    expect(parts.header).toEqual({ kid: 300, counter: 9, length: 4 });
    expect(toHex(parts.associated)).toBe(`${toHex(encodeHeader(300, 9))}55`);
  });

  test('the key of another group, epoch or leaf does not open', async () => {
    const sealed = (await new Sealer(store(keys(1, 0)), 'camera', 0, 'video').seal(frame(1, 2), 0))!;
    expect(await new Opener(store(keys(1, 1, { baseKey: new Uint8Array(16) })), 'video').open(sealed, 0)).toBe('refused');
    expect(await new Opener(store(keys(2, 1)), 'video').open(sealed, 0)).toBe('unknown');
    expect(await new Opener(store(keys(1, 1, { group: 'facilitators' })), 'video').open(sealed, 0)).toBe('unknown');
    expect(await new Opener(store(keys(1, 1, { leaves: members.slice(1) })), 'video').open(sealed, 0)).toBe('refused');
  });

  test('the camera opens as the camera only: the source is part of the key', async () => {
    const everyone = keys(1, 0);
    const own = { epoch: 7, baseKey: new Uint8Array(16).fill(9), self: 0, leaves: [], cause: 'join' } as const;
    const clearView = (await new Sealer(store(everyone, { ...own, group: ownClearView }), 'clear_view', 0, 'video').seal(frame(1, 2), 0))!;
    const seat = members[0]!.seat;
    expect(await new Opener(store(everyone), 'video').open(clearView, 0)).toBe('unknown'); // a member holds no such key
    const leading = store(everyone, { ...own, group: clearViewOf(seat) });
    expect(await new Opener(leading, 'video').open(clearView, 0)).toMatchObject({ seat, name: { source: 'clear_view' } });
    // Under another's name its key does not open it; and of who is in the group no more nothing opens.
    expect(await new Opener(store(keys(1, 0, { leaves: [{ leaf: 0, seat: seat + 1 }] }), { ...own, group: clearViewOf(seat) }), 'video').open(clearView, 0)).toBe('unknown');
    expect(await new Opener(store(keys(1, 0, { leaves: members.slice(1) }), { ...own, group: clearViewOf(seat) }), 'video').open(clearView, 0)).toBe('refused');
  });

  test('a clear view without its own key is not sent, nor by somebody who is in no group', async () => {
    expect(await new Sealer(store(keys(1, 0)), 'clear_view', 0, 'video').seal(frame(1, 2), 0)).toBeNull();
    expect(await new Sealer(store({ group: ownClearView, epoch: 1, baseKey: new Uint8Array(16), self: 0, leaves: [], cause: 'join' }), 'clear_view', 0, 'video').seal(frame(1, 2), 0)).toBeNull();
  });

  test('without keys nothing is sent', async () => {
    const empty = new KeyStore();
    expect(await new Sealer(empty, 'camera', 0, 'video').seal(frame(1, 2), 0)).toBeNull();
    empty.epoch(keys(1, 0), 0);
    empty.forget('everyone');
    expect(await new Sealer(empty, 'camera', 0, 'video').seal(frame(1, 2), 0)).toBeNull();
  });
});

describe('epochs', () => {
  test('after an Add the sender goes on for 300 ms, after a Remove it changes at once', () => {
    const mine = store(keys(1, 0));
    const epochOf = (now: number) => nameOf(mine.sealing('camera', 0, now)!.kid)!.epoch;
    mine.epoch(keys(2, 0, { cause: 'add' }), 1000);
    expect([epochOf(1000), epochOf(1299), epochOf(1300)]).toEqual([1, 1, 2]);
    mine.epoch(keys(3, 0, { cause: 'remove' }), 2000);
    expect(epochOf(2000)).toBe(3);
    mine.epoch(keys(4, 0, { cause: 'add' }), 2100);
    expect([epochOf(2100), epochOf(2400)]).toEqual([3, 4]);
  });

  test('adds that follow each other quickly never set the sender back, nor hold it up for ever', () => {
    const mine = store(keys(1, 0));
    const seen: number[] = [];
    for (let at = 0; at < 2000; at += 100) {
      mine.epoch(keys(2 + at / 100, 0, { cause: 'add' }), at);
      seen.push(nameOf(mine.sealing('camera', 0, at)!.kid)!.epoch);
    }
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBeGreaterThan(15);
  });

  test('frames of the epochs before open for five seconds, those of a removed leaf never', async () => {
    const sealer = async (self: number) => (await new Sealer(store(keys(1, self)), 'camera', self, 'video').seal(frame(self, 1), 0))!;
    const mine = store(keys(1, 2));
    mine.epoch(keys(2, 2, { cause: 'remove', leaves: members.filter(({ leaf }) => leaf !== 1) }), 1000);
    const opener = new Opener(mine, 'video');
    expect(await opener.open(await sealer(1), 1001)).toBe('refused');
    expect(await opener.open(await sealer(0), 5999)).toMatchObject({ seat: 10 });
    expect(await new Opener(mine, 'video').open(await sealer(0), 6000)).toBe('unknown');
  });

  test('a leaf that was given to another seat does not speak for it with old keys', async () => {
    const old = (await new Sealer(store(keys(1, 1)), 'camera', 0, 'video').seal(frame(1, 1), 0))!;
    const mine = store(keys(1, 2));
    mine.epoch(keys(2, 2, { cause: 'remove', leaves: [{ leaf: 1, seat: 99 }, { leaf: 2, seat: 12 }] }), 0);
    expect(await new Opener(mine, 'video').open(old, 1)).toBe('refused');
  });

  test('a group that was opened anew keeps nothing of the one before', async () => {
    const old = (await new Sealer(store(keys(7, 1)), 'camera', 0, 'video').seal(frame(1, 1), 0))!;
    const mine = store(keys(7, 2));
    mine.epoch(keys(1, 2, { cause: 'join', baseKey: new Uint8Array(16).fill(3) }), 10);
    expect(await new Opener(mine, 'video').open(old, 11)).toBe('unknown');
  });
});

describe('replay', () => {
  test('a group that was opened anew counts from 0 again under the same key ids, and is not taken for a replay', async () => {
    const anew = new Uint8Array(16).fill(3);
    const sealer = new Sealer(store(keys(1, 1)), 'microphone', 0, 'audio');
    const again = new Sealer(store(keys(1, 1, { baseKey: anew })), 'microphone', 0, 'audio');
    const mine = store(keys(1, 2));
    const opener = new Opener(mine, 'audio');
    for (let i = 0; i < 40; i += 1) expect(await opener.open((await sealer.seal(frame(i), 0))!, 0)).toMatchObject({ seat: 11 });
    mine.epoch(keys(1, 2, { cause: 'join', baseKey: anew }), 10);
    const first = (await again.seal(frame(1), 10))!;
    expect(await opener.open(first, 10)).toMatchObject({ seat: 11 });
    expect(await opener.open(first, 10)).toBe('replayed');
  });

  test('a frame opens once, late ones still within the window, forged ones take nothing', async () => {
    const sealer = new Sealer(store(keys(1, 0)), 'microphone', 0, 'audio');
    const sealed: Uint8Array<ArrayBuffer>[] = [];
    for (let i = 0; i < 1100; i += 1) sealed.push((await sealer.seal(frame(i % 256), 0))!);
    const opener = new Opener(store(keys(1, 1)), 'audio');
    const forged = Uint8Array.from(sealed[50]!);
    forged[0] = forged[0]! ^ 1;
    expect(await opener.open(forged, 0)).toBe('refused');
    expect(typeof (await opener.open(sealed[50]!, 0))).toBe('object');
    expect(await opener.open(sealed[50]!, 0)).toBe('replayed');
    expect(typeof (await opener.open(sealed[40]!, 0))).toBe('object');
    expect(typeof (await opener.open(sealed[1099]!, 0))).toBe('object');
    expect(await opener.open(sealed[60]!, 0)).toBe('replayed'); // behind the window: cannot be told from a repeat
    expect(typeof (await opener.open(sealed[1098]!, 0))).toBe('object');
    expect(await opener.open(sealed[1098]!, 0)).toBe('replayed');
  });

  test('a frame that opened on one line opens on no other, nor on the lines of the next connection', async () => {
    const sealer = new Sealer(store(keys(1, 0)), 'microphone', 0, 'audio');
    const said = (await sealer.seal(frame(1), 0))!;
    const [received, windows] = [store(keys(1, 1)), new ReplayWindows()];
    const line = () => new Opener(received, 'audio', windows);
    expect(await Promise.all([line().open(said.slice(), 0), line().open(said.slice(), 0)]).then((both) => both.filter((one) => one === 'replayed').length)).toBe(1);
    expect(await line().open(said.slice(), 0)).toBe('replayed');
    expect(await line().open((await sealer.seal(frame(2), 0))!, 0)).toMatchObject({ seat: 10 });
  });

  test('of the windows those least used go first', () => {
    const windows = new ReplayWindows(2);
    const use = (key: string) => {
      const window = windows.of(key);
      window.mark(0);
      windows.keep(key, window);
    };
    for (const key of ['a', 'b', 'a', 'c']) use(key);
    expect(['a', 'b', 'c'].map((key) => windows.of(key).fresh(0))).toEqual([false, true, false]);
  });

  test('the window forgets what it passes over, in one jump as in many steps', () => {
    const steps = new ReplayWindow(8);
    for (let i = 0; i < 20; i += 1) {
      expect(steps.fresh(i)).toBe(true);
      steps.mark(i);
      expect(steps.fresh(i)).toBe(false);
    }
    const jump = new ReplayWindow(8);
    jump.mark(3);
    jump.mark(1000);
    expect([992, 993, 999, 1000, 1001].map((at) => jump.fresh(at))).toEqual([false, true, true, false, true]);
  });
});

test('no key and nonce pair repeats where somebody goes aside and comes back: the same key id under another key, and then under the first again', async () => {
  const mine = new KeyStore();
  const everyone = keys(1, 0);
  const aside = keys(1, 0, { group: 'private:7', baseKey: new Uint8Array(16).fill(77) });
  mine.epoch(everyone, 0);
  mine.epoch(aside, 0);
  const camera = new Sealer(mine, 'camera', 0, 'video');
  const used = new Set<string>();
  let kid: number | null = null;
  for (const room of ['everyone', 'private:7', 'everyone', 'private:7', 'everyone']) {
    mine.enter(room);
    for (let i = 0; i < 5; i += 1) {
      const { header } = split((await camera.seal(frame(i, i), 0))!, 1)!;
      expect(header.kid).toBe(kid ??= header.kid);
      used.add(`${room} ${header.counter}`);
    }
  }
  expect(used.size).toBe(25);
  // Without keys of where they are now nothing is sent, though those of everyone are there.
  mine.forget('private:7');
  mine.enter('private:7');
  expect(await camera.seal(frame(1, 1), 0)).toBeNull();
});

test('no key and nonce pair repeats over restarts of transforms, sources, layers and epochs', async () => {
  const used = new Set<string>();
  let count = 0;
  const note = async (sealed: Uint8Array<ArrayBuffer>, kind: 'audio' | 'video', epoch: EpochKeys) => {
    const { header } = split(sealed, kind === 'video' ? 1 : 0)!;
    const base = await importBase(epoch.baseKey);
    const { salt } = await deriveKey(base, header.kid);
    used.add(`${toHex(epoch.baseKey)} ${header.kid} ${toHex(nonceOf(salt, header.counter))}`);
    count += 1;
  };
  const mine = new KeyStore();
  let starts = 0;
  for (const epoch of [1, 2, 3]) {
    const now = keys(epoch, 0, { cause: 'remove' });
    mine.epoch(now, epoch);
    for (let restart = 0; restart < 3; restart += 1) {
      const camera = new Sealer(mine, 'camera', starts, 'video');
      const microphone = new Sealer(mine, 'microphone', starts, 'audio');
      starts += 1;
      for (let i = 0; i < 10; i += 1) {
        await note((await camera.seal(frame(i, i), epoch))!, 'video', now);
        await note((await microphone.seal(frame(i), epoch))!, 'audio', now);
      }
    }
  }
  expect(used.size).toBe(count);
});

describe('frames that come before their keys', () => {
  type F = FrameLike & { name: string };
  const setUp = (keyStore: KeyStore, kind: 'audio' | 'video' = 'video') => {
    const log: string[] = [];
    const lane = new Arriving<F>(keyStore, kind, {
      deliver: (f) => log.push(f.name),
      from: (seat, source) => log.push(`from ${seat} ${source}`),
      keyFrameNeeded: () => log.push('key frame'),
    });
    return { log, lane };
  };
  const sealedBy = (sealer: Sealer, at: number) => async (name: string, first = 1): Promise<F> => ({ name, data: (await sealer.seal(frame(first, 2, 3), at))!.buffer });

  test('wait for them and leave in order, with no key frame asked for', async () => {
    const theirs = sealedBy(new Sealer(store(keys(2, 0)), 'camera', 0, 'video'), 0);
    const mine = store(keys(1, 2));
    const { log, lane } = setUp(mine);
    await lane.take(await theirs('a', 0), 0);
    await lane.take(await theirs('b'), 100);
    expect(lane.expire(100)).toBe(500);
    mine.epoch(keys(2, 2, { cause: 'add' }), 300);
    await lane.again(300);
    await lane.take(await theirs('c'), 310);
    expect(log).toEqual(['from 10 camera', 'a', 'b', 'c']);
  });

  test('are given up after half a second; a key frame is asked for once something opens that is none', async () => {
    const sealer = new Sealer(store(keys(2, 0)), 'camera', 0, 'video');
    const theirs = sealedBy(sealer, 0);
    const mine = new KeyStore();
    const { log, lane } = setUp(mine);
    await lane.take(await theirs('a', 0), 0);
    await lane.take(await theirs('b'), 499);
    expect(lane.expire(500)).toBe(999);
    expect(log).toEqual([]);
    mine.epoch(keys(2, 2), 600);
    await lane.again(600);
    expect(log).toEqual(['from 10 camera', 'b', 'key frame']);
    await lane.take(await theirs('c'), 610);
    expect(log.at(-1)).toBe('c');
  });

  test('are at most 64', async () => {
    const theirs = sealedBy(new Sealer(store(keys(2, 0)), 'microphone', 0, 'audio'), 0);
    const mine = new KeyStore();
    const { log, lane } = setUp(mine, 'audio');
    for (let i = 0; i < 70; i += 1) await lane.take(await theirs(String(i)), i);
    expect(lane.counts.dropped).toBe(6);
    mine.epoch(keys(2, 2), 80);
    await lane.again(80);
    expect(log.slice(1)).toEqual(Array.from({ length: 64 }, (_, i) => String(i + 6)));
  });

  test('somebody else on the line is told of with their first frame', async () => {
    const mine = store(keys(1, 2));
    const { log, lane } = setUp(mine);
    await lane.take(await sealedBy(new Sealer(store(keys(1, 0)), 'camera', 0, 'video'), 0)('a', 0), 0);
    await lane.take(await sealedBy(new Sealer(store(keys(1, 1)), 'camera', 0, 'video'), 0)('b', 0), 0);
    await lane.take(await sealedBy(new Sealer(store(keys(1, 1)), 'screen', 0, 'video'), 0)('c', 0), 0);
    expect(log).toEqual(['from 10 camera', 'a', 'from 11 camera', 'b', 'from 11 screen', 'c']);
  });
});
