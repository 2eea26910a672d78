// SPDX-License-Identifier: Apache-2.0
// Who a tab is in a group: one Ed25519 key pair and one X25519 sealing key pair, made when it arrives and kept in the tab's own
// storage until it leaves (the proof that a return is a return), and the credential that stands in its leaf: seat, arrival and
// sealing key, never a name. Not here: groups (mls.ts), storage itself (the page hands in and takes out text).
// Invariant: what cannot be read is as good as nothing; a fresh identity is made in its place.
import { fromBase64Url, toBase64Url } from '../base/base64url';
import { type Reader, shape, text, whole } from '../base/check';
import { type Bytes, bytesOf, newSealingKeys, newSignatureKeys, signed, verified } from './mls_suite';

export interface Identity {
  sign: Bytes; // private
  signatureKey: Bytes;
  seal: Bytes; // private
  sealKey: Bytes;
}

export interface Credential {
  seat: number;
  arrival: number;
  sealKey: Bytes;
}

export async function newIdentity(): Promise<Identity> {
  const { sign, publicKey: signatureKey } = await newSignatureKeys();
  const { seal, publicKey: sealKey } = await newSealingKeys();
  return { sign, signatureKey, seal, sealKey };
}

const kept: Reader<Record<'sign' | 'signatureKey' | 'seal' | 'sealKey', string>> = shape({
  sign: text(200),
  signatureKey: text(64),
  seal: text(64),
  sealKey: text(64),
});

export function keepIdentity({ sign, signatureKey, seal, sealKey }: Identity): string {
  return JSON.stringify({ sign: toBase64Url(sign), signatureKey: toBase64Url(signatureKey), seal: toBase64Url(seal), sealKey: toBase64Url(sealKey) });
}

// null where nothing was kept, or what was kept does not hold together.
export async function recallIdentity(stored: string | null): Promise<Identity | null> {
  if (stored === null) return null;
  try {
    const read = kept(JSON.parse(stored), '');
    const [sign, signatureKey, seal, sealKey] = [read.sign, read.signatureKey, read.seal, read.sealKey].map((one) => fromBase64Url(one));
    if (!sign || !signatureKey || !seal || !sealKey || signatureKey.length !== 32 || seal.length !== 32 || sealKey.length !== 32) return null;
    const probe = bytesOf('a return');
    return (await verified(signatureKey, probe, await signed(sign, probe))) ? { sign, signatureKey, seal, sealKey } : null;
  } catch {
    return null;
  }
}

const credential = shape({ seat: whole(1), arrival: whole(1), seal: text(64) });

export function encodeCredential({ seat, arrival, sealKey }: Credential): Bytes {
  return bytesOf(JSON.stringify({ seat, arrival, seal: toBase64Url(sealKey) }));
}

// Strict: one way of writing it, so that equal credentials are equal bytes.
export function decodeCredential(identity: Uint8Array): Credential | null {
  if (identity.length > 200) return null;
  try {
    const written = new TextDecoder('utf-8', { fatal: true }).decode(identity);
    const { seat, arrival, seal } = credential(JSON.parse(written), '');
    const sealKey = fromBase64Url(seal);
    if (!sealKey || sealKey.length !== 32) return null;
    const read = { seat, arrival, sealKey };
    return new TextDecoder().decode(encodeCredential(read)) === written ? read : null;
  } catch {
    return null;
  }
}
