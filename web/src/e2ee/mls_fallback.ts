// SPDX-License-Identifier: Apache-2.0
// The suite for browsers whose WebCrypto has no Ed25519 or X25519 yet (Chromium before 137, Firefox before 130, Safari before 17): the
// curves come from libraries, everything else stays the browser's. What it makes is byte for byte what the others read. Loaded by
// mls_suite.ts where the browser's own do not work. Only the files e2ee/mls*.ts import ts-mls.
// Specification: RFC 8032 (Ed25519), RFC 9180 section 7.1 (DHKEM(X25519, HKDF-SHA256)).
import { Aes128Gcm, CipherSuite, HkdfSha256 } from '@hpke/core';
import { DhkemX25519HkdfSha256 } from '@hpke/dhkem-x25519';
import { ed25519 } from '@noble/curves/ed25519.js';
import { type CiphersuiteImpl, type CryptoProvider, defaultCryptoProvider } from 'ts-mls';
import { makeAead } from 'ts-mls/crypto/implementation/default/makeAead.js';
import { makeGenericHpke } from 'ts-mls/crypto/implementation/hpke.js';

const signature: CiphersuiteImpl['signature'] = {
  sign: async (signKey, message) => ed25519.sign(message, signKey),
  // RFC 8032 section 5.1.7 as the browsers have it: what only ZIP 215 would let pass does not pass.
  verify: async (publicKey, message, signed) => ed25519.verify(signed, message, publicKey, { zip215: false }),
  keygen: async () => {
    const { secretKey, publicKey } = ed25519.keygen();
    return { signKey: secretKey, publicKey };
  },
};

export const libraryProvider: CryptoProvider = {
  async getCiphersuiteImpl(suite) {
    const [aead] = await makeAead(suite.hpke.aead);
    const cipher = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() });
    return { ...(await defaultCryptoProvider.getCiphersuiteImpl(suite)), signature, hpke: await makeGenericHpke(suite.hpke, aead, cipher) };
  },
};
