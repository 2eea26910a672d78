// SPDX-License-Identifier: Apache-2.0
// The bytes of a protected frame and the name of the key that protects it (docs/decisions/0009-end-to-end.md, RFC 9605). A frame
// is  clear ‖ ciphertext ‖ tag (16) ‖ SFrame header ‖ length of the header (1).  Not here: keys (frame_keys.ts), streams
// (frame_pipe.ts). Invariant: what is not such a frame reads as null; key ids are whole numbers under 2^34, so plain numbers
// hold them (no bit operation of JavaScript does: it stops at 32).

export const sources = ['microphone', 'camera', 'screen', 'clear_view', 'backstage'] as const;
export type Source = (typeof sources)[number];

export interface KeyName {
  source: Source;
  start: number; // which start of a transform of this source, 0 to 8191
  leaf: number; // of the sender in its group, 0 to 1023
  epoch: number; // mod 256
}

export const mostStarts = 2 ** 13;
export const mostLeaves = 2 ** 10;
export const tagLength = 16;

// KID = context (source 3 bits ‖ start 13 bits) ‖ leaf (10 bits) ‖ epoch (8 bits): RFC 9605 section 5.2.
export function kidOf({ source, start, leaf, epoch }: KeyName): number {
  const context = sources.indexOf(source) * mostStarts + start;
  if (start < 0 || start >= mostStarts || leaf < 0 || leaf >= mostLeaves) throw new RangeError('key id');
  return (context * mostLeaves + leaf) * 256 + (epoch % 256);
}

export function nameOf(kid: number): KeyName | null {
  const epoch = kid % 256;
  const leaf = Math.floor(kid / 256) % mostLeaves;
  const context = Math.floor(kid / 256 / mostLeaves);
  const source = sources[Math.floor(context / mostStarts)];
  return source === undefined ? null : { source, start: context % mostStarts, leaf, epoch };
}

// RFC 9605 section 4.3: X K K K Y C C C, then the key id and the counter where they do not fit into three bits, shortest form.
export function encodeHeader(kid: number, counter: number): Uint8Array<ArrayBuffer> {
  const k = kid < 8 ? [] : bigEndian(kid);
  const c = counter < 8 ? [] : bigEndian(counter);
  const config = (kid < 8 ? kid << 4 : 0x80 | ((k.length - 1) << 4)) | (counter < 8 ? counter : 0x08 | (c.length - 1));
  return Uint8Array.from([config, ...k, ...c]);
}

export interface Header {
  kid: number;
  counter: number;
  length: number;
}

// null: cut short, longer than it needs to be, or numbers that we never use (2^53 and above).
export function decodeHeader(bytes: Uint8Array): Header | null {
  const config = bytes[0];
  if (config === undefined) return null;
  const kidBytes = config & 0x80 ? ((config >> 4) & 7) + 1 : 0;
  const counterBytes = config & 0x08 ? (config & 7) + 1 : 0;
  const length = 1 + kidBytes + counterBytes;
  if (bytes.length < length) return null;
  const kid = kidBytes === 0 ? (config >> 4) & 7 : number(bytes, 1, kidBytes);
  const counter = counterBytes === 0 ? config & 7 : number(bytes, 1 + kidBytes, counterBytes);
  if (kid === null || counter === null) return null;
  if ((kidBytes > 0 && kid < 8) || (counterBytes > 0 && counter < 8)) return null;
  return { kid, counter, length };
}

function bigEndian(value: number): number[] {
  const out: number[] = [];
  for (let left = value; left > 0; left = Math.floor(left / 256)) out.unshift(left % 256);
  return out;
}

function number(bytes: Uint8Array, from: number, count: number): number | null {
  if (bytes[from] === 0) return null; // not the shortest form
  let value = 0;
  for (let i = from; i < from + count; i += 1) value = value * 256 + (bytes[i] ?? 0);
  return Number.isSafeInteger(value) ? value : null;
}

// The first byte of a VP8 frame stays clear (and is authenticated): receivers without the Dependency Descriptor and the server
// read from it whether a frame is a key frame. Nothing of an Opus frame does.
export const clearBytes = (kind: 'audio' | 'video'): number => (kind === 'video' ? 1 : 0);

export interface Parts {
  header: Header;
  associated: Uint8Array<ArrayBuffer>; // header ‖ clear
  sealed: Uint8Array<ArrayBuffer>; // ciphertext ‖ tag
  clear: Uint8Array<ArrayBuffer>;
}

export function split(frame: Uint8Array<ArrayBuffer>, clear: number): Parts | null {
  const headerLength = frame[frame.length - 1] ?? 0;
  const headerAt = frame.length - 1 - headerLength;
  if (headerLength === 0 || headerAt < clear + tagLength) return null;
  const bytes = frame.subarray(headerAt, frame.length - 1);
  const header = decodeHeader(bytes);
  if (!header || header.length !== headerLength) return null;
  const front = frame.subarray(0, clear);
  return { header, associated: joined(bytes, front), sealed: frame.subarray(clear, headerAt), clear: front };
}

export function assemble(clear: Uint8Array, sealed: Uint8Array, header: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(clear.length + sealed.length + header.length + 1);
  out.set(clear);
  out.set(sealed, clear.length);
  out.set(header, clear.length + sealed.length);
  out[out.length - 1] = header.length;
  return out;
}

export function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(first.length + second.length);
  out.set(first);
  out.set(second, first.length);
  return out;
}
