// SPDX-License-Identifier: Apache-2.0
// The one cipher suite of Quietroom (MLS suite 1: X25519, AES-128-GCM, SHA-256, Ed25519) and what else of ours is made with the
// same parts: signatures and sealing to a public key (HPKE, RFC 9180, base mode). Only the files e2ee/mls*.ts import ts-mls.
// Not here: groups (mls.ts), what is sealed to whom (sealed.ts). Specification: RFC 9420 section 5.1, docs/decisions/0009.
import { type CiphersuiteImpl, getCiphersuiteFromName, getCiphersuiteImpl, zeroOutUint8Array } from 'ts-mls';

export const suiteName = 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519';
export type Bytes = Uint8Array<ArrayBuffer>;

let loaded: Promise<CiphersuiteImpl> | null = null;
export const suite = (): Promise<CiphersuiteImpl> => (loaded ??= load());

async function load(): Promise<CiphersuiteImpl> {
  const wanted = getCiphersuiteFromName(suiteName);
  if (await hasCurves()) return getCiphersuiteImpl(wanted);
  const { libraryProvider } = await import('./mls_fallback');
  return getCiphersuiteImpl(wanted, libraryProvider);
}

// Older browsers are asked, not guessed at by their version.
async function hasCurves(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    await crypto.subtle.generateKey('X25519', false, ['deriveBits']);
    return true;
  } catch {
    return false;
  }
}

// Whether this browser has what the suite needs: told before joining, never found out in the room.
export async function suiteWorks(): Promise<boolean> {
  try {
    const { sign, publicKey } = await newSignatureKeys();
    const { seal, publicKey: to } = await newSealingKeys();
    const box = await sealTo(to, new Uint8Array([1]), bytesOf('check'), bytesOf(''));
    return (await verified(publicKey, bytesOf('x'), await signed(sign, bytesOf('x')))) && (await openSealed(seal, box, bytesOf('check'), bytesOf(''))) !== null;
  } catch {
    return false;
  }
}

export const bytesOf = (text: string): Bytes => new TextEncoder().encode(text);
export const own = (bytes: Uint8Array): Bytes => new Uint8Array(bytes);
// The library's lists of used secrets have holes.
export const wipe = (...secrets: (Uint8Array | undefined)[]): void => secrets.forEach((secret) => secret && zeroOutUint8Array(secret));

export async function newSignatureKeys(): Promise<{ sign: Bytes; publicKey: Bytes }> {
  const { signKey, publicKey } = await (await suite()).signature.keygen();
  return { sign: own(signKey), publicKey: own(publicKey) };
}

export async function newSealingKeys(): Promise<{ seal: Bytes; publicKey: Bytes }> {
  const { hpke } = await suite();
  const pair = await hpke.generateKeyPair();
  return { seal: own(await hpke.exportPrivateKey(pair.privateKey)), publicKey: own(await hpke.exportPublicKey(pair.publicKey)) };
}

export async function signed(sign: Uint8Array, message: Uint8Array): Promise<Bytes> {
  return own(await (await suite()).signature.sign(sign, message));
}

export async function verified(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  try {
    return await (await suite()).signature.verify(publicKey, message, signature);
  } catch {
    return false; // no key of this kind
  }
}

const encLength = 32;

// enc ‖ ciphertext
export async function sealTo(publicKey: Uint8Array, content: Uint8Array, info: Uint8Array, bound: Uint8Array): Promise<Bytes> {
  const { hpke } = await suite();
  const { enc, ct } = await hpke.seal(await hpke.importPublicKey(publicKey), content, info, bound);
  return joined(enc, ct);
}

export async function openSealed(seal: Uint8Array, box: Uint8Array, info: Uint8Array, bound: Uint8Array): Promise<Bytes | null> {
  try {
    const { hpke } = await suite();
    return own(await hpke.open(await hpke.importPrivateKey(seal), box.slice(0, encLength), box.slice(encLength), info, bound));
  } catch {
    return null; // not for this key, or changed on the way
  }
}

export const sealedOverhead = encLength + 16;

export function joined(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
