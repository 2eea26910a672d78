// SPDX-License-Identifier: Apache-2.0
// Which key opens or seals a frame, by group and epoch (RFC 9605 sections 4.4.2 and 5.2; docs/decisions/0009-end-to-end.md).
// The base keys come from MLS (mls.ts). Not here: the frame's bytes (frame_format.ts), streams (frame_pipe.ts).
// Invariants: a frame opens only for a leaf that is a member now; keys of the epoch before open for five seconds, never those
// of a removed leaf; a counter of a key opens once. No clock: moments are handed in.
import { type KeyName, kidOf, nameOf, type Source } from './frame_format';

export interface EpochKeys {
  group: string; // an audience: everyone, facilitators, …
  epoch: number;
  baseKey: Uint8Array; // 16 bytes, MLS-Exporter("SFrame 1.0 Base Key", "", 16)
  self: number; // own leaf
  leaves: readonly { leaf: number; seat: number }[];
  cause: 'add' | 'remove' | 'join'; // what began this epoch, as this client saw it
}

export interface FrameKey {
  key: CryptoKey;
  salt: Uint8Array<ArrayBuffer>;
}

const cipherSuite = 0x0004; // AES_128_GCM_SHA256_128
const oldKeysForMs = 5_000;
const addedWaitsMs = 300;
const mostBefore = 16; // a group that fills quickly has many epochs in five seconds
const mostDerived = 512; // per epoch: a forger who names keys at random must not fill the memory

export async function deriveKey(baseKey: CryptoKey, kid: number): Promise<FrameKey> {
  const [key, salt] = await Promise.all([expand(baseKey, 'SFrame 1.0 Secret key ', kid, 16), expand(baseKey, 'SFrame 1.0 Secret salt ', kid, 12)]);
  return { key: await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']), salt };
}

export function importBase(baseKey: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', Uint8Array.from(baseKey), 'HKDF', false, ['deriveBits']);
}

// RFC 9605 section 4.4.2: HKDF with an empty salt; info = label ‖ KID (8 bytes) ‖ cipher suite (2 bytes).
async function expand(baseKey: CryptoKey, label: string, kid: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const text = new TextEncoder().encode(label);
  const info = new Uint8Array(text.length + 10);
  info.set(text);
  const view = new DataView(info.buffer);
  view.setBigUint64(text.length, BigInt(kid));
  view.setUint16(text.length + 8, cipherSuite);
  const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info }, baseKey, length * 8);
  return new Uint8Array(bits);
}

// RFC 9605 section 4.4.3: the counter, big-endian, over the end of the salt.
export function nonceOf(salt: Uint8Array, counter: number): Uint8Array<ArrayBuffer> {
  const nonce = Uint8Array.from(salt);
  for (let i = nonce.length - 1, left = counter; left > 0; i -= 1, left = Math.floor(left / 256)) nonce[i] = (nonce[i] ?? 0) ^ left % 256;
  return nonce;
}

class Epoch {
  private readonly base: Promise<CryptoKey>;
  private readonly derived = new Map<number, Promise<FrameKey>>();
  private readonly seats: ReadonlyMap<number, number>;

  constructor(
    readonly keys: EpochKeys,
    readonly taken: number,
  ) {
    this.base = importBase(keys.baseKey);
    this.seats = new Map(keys.leaves.map(({ leaf, seat }) => [leaf, seat]));
  }

  seatOf(leaf: number): number | undefined {
    return this.seats.get(leaf);
  }

  key(kid: number): Promise<FrameKey> {
    let found = this.derived.get(kid);
    if (!found) {
      if (this.derived.size >= mostDerived) this.derived.delete(this.derived.keys().next().value ?? kid);
      found = this.base.then((base) => deriveKey(base, kid));
      this.derived.set(kid, found);
    }
    return found;
  }
}

interface Held {
  now: Epoch;
  since: number;
  before: { epoch: Epoch; since: number; until: number }[]; // the newest first; each opens until then
}

// Whose keys a source is sealed in; what is not named here is for everyone. A clear view has keys of its own (call/clear_view.ts), since
// who sends it is in no group of the facilitators'; the leaf in its key id is that of the group of everyone.
export const ownClearView = 'clear own';
export const clearViewOf = (seat: number): string => `clear ${seat}`;
const ownGroup: Partial<Record<Source, string>> = { clear_view: ownClearView, backstage: 'facilitators' };

// `of`: which key it is, beyond its id. A group that was opened anew has the same ids again, for other keys.
export type Found = { key: Promise<FrameKey>; of: string; seat: number; name: KeyName } | 'unknown' | 'not-a-member';

export class KeyStore {
  private readonly groups = new Map<string, Held>();
  private taken = 0; // epochs so far
  private room = 'everyone'; // the audience that microphone, camera and screen are for: a breakout has its own

  epoch(keys: EpochKeys, now: number): void {
    const held = this.groups.get(keys.group);
    if (held && held.now.keys.epoch === keys.epoch && same(held.now.keys.baseKey, keys.baseKey)) return;
    // Somebody who joins, or a group that was opened anew, has no epoch before.
    const before = held && keys.cause !== 'join' ? [{ epoch: held.now, since: held.since, until: now + oldKeysForMs }, ...held.before] : [];
    this.groups.set(keys.group, { now: new Epoch(keys, (this.taken += 1)), since: now, before: before.filter(({ until }) => now < until).slice(0, mostBefore) });
  }

  forget(group: string): void {
    this.groups.delete(group);
  }

  forgetAll(): void {
    this.groups.clear();
  }

  enter(room: string): void {
    this.room = room;
  }

  groupOf(source: Source): string {
    return ownGroup[source] ?? this.room;
  }

  // The key to seal with now. After an Add the one before is used a little longer, so that the others have theirs; after a
  // Remove never. Only ever moves on to a newer epoch. null: no keys, so nothing may be sent.
  sealing(source: Source, start: number, now: number): { kid: number; key: Promise<FrameKey> } | null {
    const held = this.groups.get(this.groupOf(source));
    if (!held) return null;
    const epochs = [{ epoch: held.now, since: held.since }, ...held.before];
    const ready = epochs.find(({ epoch, since }) => epoch.keys.cause !== 'add' || now >= since + addedWaitsMs);
    const { epoch } = ready ?? { epoch: held.now };
    const leaf = source === 'clear_view' ? this.groups.get('everyone')?.now.keys.self : epoch.keys.self;
    if (leaf === undefined) return null;
    const kid = kidOf({ source, start, leaf, epoch: epoch.keys.epoch });
    return { kid, key: epoch.key(kid) };
  }

  opening(kid: number, now: number): Found {
    const name = nameOf(kid);
    if (!name) return 'not-a-member';
    const clear = name.source === 'clear_view';
    const group = this.groups.get(clear ? 'everyone' : this.groupOf(name.source));
    const seat = group?.now.seatOf(name.leaf);
    const held = clear && seat !== undefined ? this.groups.get(clearViewOf(seat)) : group;
    if (!held) return 'unknown';
    if (clear && seat === undefined) return 'not-a-member';
    if (held.now.keys.epoch % 256 === name.epoch) return seat === undefined ? 'not-a-member' : { key: held.now.key(kid), of: `${held.now.taken} ${kid}`, seat, name };
    const before = held.before.find(({ epoch, until }) => epoch.keys.epoch % 256 === name.epoch && now < until);
    if (!before) return 'unknown';
    // Of an epoch before: only who sat at this leaf then and still does.
    if (seat === undefined || (!clear && before.epoch.seatOf(name.leaf) !== seat)) return 'not-a-member';
    return { key: before.epoch.key(kid), of: `${before.epoch.taken} ${kid}`, seat, name };
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

// The windows of all keys that opened something, for every line of the page together: what opened on one line must not open on
// another, nor again on the lines of the next connection. The least used go first; those are of keys that open nothing any more.
export class ReplayWindows {
  private readonly windows = new Map<string, ReplayWindow>();

  constructor(private readonly most = 1024) {}

  of(key: string): ReplayWindow {
    return this.windows.get(key) ?? new ReplayWindow();
  }

  keep(key: string, window: ReplayWindow): void {
    this.windows.delete(key);
    this.windows.set(key, window);
    if (this.windows.size > this.most) this.windows.delete(this.windows.keys().next().value ?? key);
  }
}

// Each counter of a key opens once (RFC 9605 section 9.3). Layers change and packets are sent again, so frames come late, but not by
// much: what lies behind the window is refused.
export class ReplayWindow {
  private highest = -1;
  private readonly seen: Uint8Array;

  constructor(private readonly size = 1024) {
    this.seen = new Uint8Array(size);
  }

  // Whether the counter may still open. Ask before opening; mark after it opened, so that a forged frame takes nothing.
  fresh(counter: number): boolean {
    if (counter > this.highest) return true;
    return counter > this.highest - this.size && this.seen[counter % this.size] === 0;
  }

  mark(counter: number): void {
    if (counter > this.highest) {
      const gap = Math.min(counter - this.highest, this.size);
      for (let i = 1; i <= gap; i += 1) this.seen[(counter - gap + i) % this.size] = 0;
      this.highest = counter;
    }
    this.seen[counter % this.size] = 1;
  }
}
