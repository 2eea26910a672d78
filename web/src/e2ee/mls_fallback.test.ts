// SPDX-License-Identifier: Apache-2.0
// The suite with the curves of libraries against the one of WebCrypto (here Node's): each reads what the other made.
import { defaultCryptoProvider, getCiphersuiteFromName } from 'ts-mls';
import { describe, expect, test, vi } from 'vitest';
import { libraryProvider } from './mls_fallback';
import { suiteName } from './mls_suite';

const wanted = getCiphersuiteFromName(suiteName);
const both = async () => [await defaultCryptoProvider.getCiphersuiteImpl(wanted), await libraryProvider.getCiphersuiteImpl(wanted)] as const;
const fromHex = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../gu) ?? [], (byte) => Number.parseInt(byte, 16));
const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

describe('the suite of libraries', () => {
  // RFC 8032 section 7.1, test 2
  const seed = '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb';
  const publicKey = '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c';
  const signed =
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00';

  test('signs as RFC 8032 does', async () => {
    const [, library] = await both();
    expect(toHex(await library.signature.sign(fromHex(seed), fromHex('72')))).toBe(signed);
    expect(await library.signature.verify(fromHex(publicKey), fromHex('72'), fromHex(signed))).toBe(true);
    expect(await library.signature.verify(fromHex(publicKey), fromHex('73'), fromHex(signed))).toBe(false);
  });

  test('signatures of either are good to the other', async () => {
    for (const [one, other] of [await both(), [...(await both())].reverse()] as const) {
      const keys = await one!.signature.keygen();
      const made = await one!.signature.sign(keys.signKey, text('hello'));
      expect(await other!.signature.verify(keys.publicKey, text('hello'), made)).toBe(true);
      expect(await other!.signature.verify(keys.publicKey, text('hallo'), made)).toBe(false);
    }
  });

  test('what either seals to the other opens, and a wrong binding does not', async () => {
    for (const [one, other] of [await both(), [...(await both())].reverse()] as const) {
      const { privateKey, publicKey: key } = await other!.hpke.generateKeyPair();
      const named = await one!.hpke.importPublicKey(await other!.hpke.exportPublicKey(key));
      const { enc, ct } = await one!.hpke.seal(named, text('secret'), text('info'), text('bound'));
      expect(await other!.hpke.open(privateKey, enc, ct, text('info'), text('bound'))).toEqual(text('secret'));
      await expect(other!.hpke.open(privateKey, enc, ct, text('info'), text('other'))).rejects.toThrow();
      // The tree of a group makes key pairs of secrets: both must make the same.
      const pairs = await Promise.all([one!, other!].map(async (impl) => impl.hpke.exportPublicKey((await impl.hpke.deriveKeyPair(text('a secret of a path, long enough for X'))).publicKey)));
      expect(toHex(pairs[0]!)).toBe(toHex(pairs[1]!));
    }
  });

  test('a private key that was kept is read again', async () => {
    const [, library] = await both();
    const { privateKey, publicKey: key } = await library.hpke.generateKeyPair();
    const again = await library.hpke.importPrivateKey(await library.hpke.exportPrivateKey(privateKey));
    const { enc, ct } = await library.hpke.seal(key, text('x'), text(''));
    expect(await library.hpke.open(again, enc, ct, text(''))).toEqual(text('x'));
  });

  test('is taken where the browser has no such curves, and the suite works', async () => {
    const native = crypto.subtle.generateKey.bind(crypto.subtle);
    const asked = vi.spyOn(crypto.subtle, 'generateKey').mockImplementation(((algorithm: string, ...rest: unknown[]) => {
      if (algorithm === 'Ed25519' || algorithm === 'X25519') return Promise.reject(new DOMException('unknown', 'NotSupportedError'));
      return (native as unknown as (...all: unknown[]) => Promise<CryptoKey>)(algorithm, ...rest);
    }) as never);
    vi.resetModules();
    const { suite, suiteWorks, newSignatureKeys } = await import('./mls_suite');
    expect(await suiteWorks()).toBe(true);
    expect((await newSignatureKeys()).sign).toHaveLength(32); // a seed; WebCrypto gives PKCS #8
    expect((await suite()).name).toBe(suiteName);
    asked.mockRestore();
  });
});
