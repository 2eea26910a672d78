// SPDX-License-Identifier: Apache-2.0
// One source's frames through a transform: sealed on the way out, opened on the way in. Runs in the frames worker and under Node.
// Not here: keys (frame_keys.ts), the browser's streams (frames_worker.ts). Invariants: a frame that cannot be sealed is not
// sent; one that cannot be opened is not shown; frames leave in the order they came; what waits for keys is bounded.
import { assemble, clearBytes, encodeHeader, joined, type KeyName, type Source, split } from './frame_format';
import { type KeyStore, nonceOf, ReplayWindows } from './frame_keys';

export class Sealer {
  // Never set back: key ids say nothing of the group, so that the same one may come again when this person is back in it.
  private counter = 0;

  constructor(
    private readonly keys: KeyStore,
    private readonly source: Source,
    private readonly start: number, // never the same twice in an epoch: two counts from zero under one key would break AES-GCM
    private readonly kind: 'audio' | 'video',
  ) {}

  // null: there are no keys, so it is not sent.
  async seal(frame: Uint8Array<ArrayBuffer>, now: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const found = this.keys.sealing(this.source, this.start, now);
    if (!found) return null;
    const counter = this.counter++;
    const { key, salt } = await found.key;
    const header = encodeHeader(found.kid, counter);
    const clear = frame.subarray(0, clearBytes(this.kind));
    const sealed = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv: nonceOf(salt, counter), additionalData: joined(header, clear), tagLength: 128 },
      key,
      frame.subarray(clear.length),
    );
    return assemble(clear, new Uint8Array(sealed), header);
  }
}

export type Opened = { frame: Uint8Array<ArrayBuffer>; seat: number; name: KeyName } | 'unknown' | 'replayed' | 'refused';

export class Opener {
  constructor(
    private readonly keys: KeyStore,
    private readonly kind: 'audio' | 'video',
    private readonly windows = new ReplayWindows(),
  ) {}

  async open(frame: Uint8Array<ArrayBuffer>, now: number): Promise<Opened> {
    const parts = split(frame, clearBytes(this.kind));
    if (!parts) return 'refused';
    const { kid, counter } = parts.header;
    const found = this.keys.opening(kid, now);
    if (found === 'unknown') return 'unknown';
    if (found === 'not-a-member') return 'refused';
    if (!this.windows.of(found.of).fresh(counter)) return 'replayed';
    const { key, salt } = await found.key;
    let plain: ArrayBuffer;
    try {
      plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonceOf(salt, counter), additionalData: parts.associated, tagLength: 128 }, key, parts.sealed);
    } catch {
      return 'refused';
    }
    // Only keys that opened something have a window. Another frame, or the same one on another line, may have opened meanwhile.
    const window = this.windows.of(found.of);
    if (!window.fresh(counter)) return 'replayed';
    window.mark(counter);
    this.windows.keep(found.of, window);
    return { frame: joined(parts.clear, new Uint8Array(plain)), seat: found.seat, name: found.name };
  }
}

const heldForMs = 500;
const mostHeld = 64;

export interface Arrivals<F> {
  deliver(frame: F): void; // with its bytes opened, in order
  from(seat: number, source: Source): void; // who really sends here; told when it changes
  keyFrameNeeded(): void; // pictures were dropped: the decoder cannot go on without one
}

// The part of RTCEncodedVideoFrame and RTCEncodedAudioFrame that is used.
export interface FrameLike {
  data: ArrayBuffer;
}

// What comes in on one media line. A frame whose key is not here yet waits a little: the sender may have heard of a new epoch
// before this client did. One that opens sends older waiting ones away: they were sealed before this client was a member.
export class Arriving<F extends FrameLike> {
  private readonly opener: Opener;
  private held: { frame: F; until: number }[] = [];
  private owes = false; // a key frame
  private last = '';
  readonly counts = { opened: 0, refused: 0, replayed: 0, dropped: 0 };

  constructor(
    keys: KeyStore,
    private readonly kind: 'audio' | 'video',
    private readonly out: Arrivals<F>,
    windows = new ReplayWindows(),
  ) {
    this.opener = new Opener(keys, kind, windows);
  }

  async take(frame: F, now: number): Promise<void> {
    if ((await this.try(frame, now)) === 'unknown') this.hold(frame, now);
  }

  // New keys are here.
  async again(now: number): Promise<void> {
    const waiting = this.held;
    this.held = [];
    for (const one of waiting) {
      if (one.until <= now) this.drop(1);
      else if ((await this.try(one.frame, now)) === 'unknown') this.held.push(one);
    }
  }

  // Some time has passed; returns when to look again, if at all.
  expire(now: number): number | null {
    const keep = this.held.filter(({ until }) => until > now);
    this.drop(this.held.length - keep.length);
    this.held = keep;
    return this.held[0]?.until ?? null;
  }

  private async try(frame: F, now: number): Promise<'opened' | 'unknown' | 'gone'> {
    const opened = await this.opener.open(new Uint8Array(frame.data), now);
    if (opened === 'unknown') return 'unknown';
    if (typeof opened === 'string') {
      this.counts[opened] += 1;
      return 'gone';
    }
    this.drop(this.held.length);
    this.held = [];
    this.counts.opened += 1;
    const { seat, name } = opened;
    if (this.last !== `${seat} ${name.source}`) {
      this.last = `${seat} ${name.source}`;
      this.out.from(seat, name.source);
    }
    frame.data = opened.frame.buffer;
    this.out.deliver(frame);
    // Before anything opened a key frame could not have been opened either. VP8: the first bit is 0 in a key frame (RFC 6386 9.1).
    if (this.owes && ((opened.frame[0] ?? 0) & 1) === 1) this.out.keyFrameNeeded();
    this.owes = false;
    return 'opened';
  }

  private hold(frame: F, now: number): void {
    this.held.push({ frame, until: now + heldForMs });
    if (this.held.length > mostHeld) {
      this.held.shift();
      this.drop(1);
    }
  }

  private drop(count: number): void {
    this.counts.dropped += count;
    if (count > 0 && this.kind === 'video') this.owes = true;
  }
}
