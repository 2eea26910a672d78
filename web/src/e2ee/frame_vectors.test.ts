// SPDX-License-Identifier: Apache-2.0
// The vectors that the synthetic people's C++ checks too (tests/vectors/frames.json): RFC 9605's own for the parts that follow it,
// and whole frames of our layout by a third implementation.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { assemble, decodeHeader, encodeHeader, kidOf, nameOf, type Source, split } from './frame_format';
import { clearViewOf, deriveKey, importBase, KeyStore, nonceOf } from './frame_keys';
import { Opener } from './frame_pipe';

interface Vectors {
  headers: { kid: number; counter: number; encoded: string }[];
  sframe: Record<'base_key' | 'sframe_key' | 'sframe_salt' | 'metadata' | 'nonce' | 'aad' | 'pt' | 'ct', string> & { cipher_suite: number; kid: number; counter: number };
  frames: { base_key: string; source: Source; start: number; leaf: number; epoch: number; kid: number; counter: number; clear: 0 | 1; plain: string; frame: string }[];
}
const vectors = JSON.parse(readFileSync(new URL('../../../tests/vectors/frames.json', import.meta.url), 'utf8')) as Vectors;
const hex = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));
const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

async function sealed(key: CryptoKey, nonce: Uint8Array<ArrayBuffer>, associated: Uint8Array<ArrayBuffer>, plain: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: associated, tagLength: 128 }, key, plain));
}

describe('RFC 9605', () => {
  test('there is something to check', () => {
    expect(vectors.headers.length).toBeGreaterThan(50);
    expect(vectors.frames.length).toBeGreaterThan(5);
  });

  test.each(vectors.headers)('Appendix C.1: kid $kid counter $counter', ({ kid, counter, encoded }) => {
    expect(toHex(encodeHeader(kid, counter))).toBe(encoded);
    expect(decodeHeader(hex(encoded))).toEqual({ kid, counter, length: encoded.length / 2 });
  });

  test('Appendix C.3: the key schedule and the sealing of cipher suite 4', async () => {
    const { kid, counter, cipher_suite, ...v } = vectors.sframe;
    expect(cipher_suite).toBe(4);
    const { key, salt } = await deriveKey(await importBase(hex(v.base_key)), kid);
    expect(toHex(salt)).toBe(v.sframe_salt);
    expect(toHex(nonceOf(salt, counter))).toBe(v.nonce);
    const header = encodeHeader(kid, counter);
    expect(toHex(header) + v.metadata).toBe(v.aad);
    expect(toHex(header) + toHex(await sealed(key, nonceOf(salt, counter), hex(v.aad), hex(v.pt)))).toBe(v.ct);
  });
});

describe('a frame of our layout', () => {
  test.each(vectors.frames)('$source start $start leaf $leaf epoch $epoch counter $counter', async (v) => {
    expect(kidOf(v)).toBe(v.kid);
    expect(nameOf(v.kid)).toEqual({ source: v.source, start: v.start, leaf: v.leaf, epoch: v.epoch % 256 });
    const { key, salt } = await deriveKey(await importBase(hex(v.base_key)), v.kid);
    const plain = hex(v.plain);
    const parts = split(hex(v.frame), v.clear)!;
    const bytes = await sealed(key, nonceOf(salt, v.counter), parts.associated, plain.subarray(v.clear));
    expect(toHex(assemble(plain.subarray(0, v.clear), bytes, encodeHeader(v.kid, v.counter)))).toBe(v.frame);

    const store = new KeyStore();
    const leaves = [{ leaf: v.leaf, seat: 40 }];
    // A clear view has keys of its own; whose it is says the group of everyone.
    const clear = v.source === 'clear_view';
    if (clear) store.epoch({ group: 'everyone', epoch: 1, baseKey: new Uint8Array(16), self: 0, leaves, cause: 'join' }, 0);
    const group = clear ? clearViewOf(40) : store.groupOf(v.source);
    store.epoch({ group, epoch: v.epoch, baseKey: hex(v.base_key), self: 0, leaves, cause: 'join' }, 0);
    const opened = await new Opener(store, v.clear === 1 ? 'video' : 'audio').open(hex(v.frame), 0);
    expect(opened).toEqual({ frame: plain, seat: 40, name: nameOf(v.kid) });
  });
});
