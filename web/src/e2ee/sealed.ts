// SPDX-License-Identifier: Apache-2.0
// What is sealed to some: the inside of a group's message that only facilitators (or one seat) may read, and the notes between the
// waiting room and facilitators, who share no group yet. A key of one use is sealed to each reader (HPKE base mode), the content
// under it. Notes are signed by their sender's signature key and counted, so that none counts twice; an introduction tells a waiting
// person which keys a facilitator has. Not here: who is a facilitator (policy.ts), when what is said (keeper.ts).
// Layouts: docs/protocol.md, "Sealed payloads". Invariant: null for anything that is not whole.
import { fromBase64Url, toBase64Url } from '../base/base64url';
import { list, shape, text, whole } from '../base/check';
import type { Identity } from './identity';
import { type Bytes, bytesOf, joined, own, openSealed, sealedOverhead, sealTo, signed, verified } from './mls_suite';
import { keyText } from './policy';

const keyLength = 16;
const boxLength = keyLength + sealedOverhead;
const signatureLength = 64;
export const mostReaders = 32;

const once = new Uint8Array(12); // a key of one use needs no other nonce

async function under(key: Bytes, content: Bytes, bound: Bytes): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: once, additionalData: bound }, imported, content));
}

async function from(key: Bytes, content: Bytes, bound: Bytes): Promise<Bytes | null> {
  try {
    const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: once, additionalData: bound }, imported, content));
  } catch {
    return null;
  }
}

const freshKey = (): Bytes => crypto.getRandomValues(new Uint8Array(keyLength));

// -- inside a group ------------------------------------------------------------------------------------------------------

export type For = 'facilitators' | { seat: number };
export interface Reader {
  leaf: number;
  sealKey: Uint8Array;
}

const boundInside = (group: string, sender: number, header: Uint8Array): Bytes => joined(bytesOf(`Quietroom sealed 1\n${group}\n${sender}\n`), header);

// whom (1) ‖ seat (4) ‖ readers (1) ‖ readers × (leaf (2) ‖ box (64)) ‖ content
export async function sealInside(content: Bytes, audience: For, readers: readonly Reader[], group: string, sender: number): Promise<Bytes> {
  const header = new Uint8Array(6);
  const view = new DataView(header.buffer);
  if (audience !== 'facilitators') {
    view.setUint8(0, 1);
    view.setUint32(1, audience.seat);
  }
  const some = readers.slice(0, mostReaders);
  view.setUint8(5, some.length);
  const bound = boundInside(group, sender, header);
  const key = freshKey();
  const boxes = await Promise.all(some.map(async ({ leaf, sealKey }) => joined(new Uint8Array([leaf >> 8, leaf & 255]), await sealTo(sealKey, key, bytesOf('Quietroom sealed 1'), bound))));
  const sealed = await under(key, content, bound);
  key.fill(0);
  return joined(header, ...boxes, sealed);
}

// null: not for this leaf, or not whole. The audience is read even where the content is not for us.
export async function openInside(sealed: Bytes, seal: Uint8Array, leaf: number, group: string, sender: number): Promise<{ audience: For; content: Bytes } | null> {
  if (sealed.length < 6) return null;
  const view = new DataView(sealed.buffer, sealed.byteOffset, sealed.length);
  const [whom, seat, count] = [view.getUint8(0), view.getUint32(1), view.getUint8(5)];
  const body = 6 + count * (2 + boxLength);
  if (whom > 1 || count > mostReaders || sealed.length < body) return null;
  const bound = boundInside(group, sender, sealed.slice(0, 6));
  for (let i = 0; i < count; i += 1) {
    const at = 6 + i * (2 + boxLength);
    if (view.getUint16(at) !== leaf) continue;
    const key = await openSealed(seal, sealed.slice(at + 2, at + 2 + boxLength), bytesOf('Quietroom sealed 1'), bound);
    const content = key && (await from(key, own(sealed.slice(body)), bound));
    return content ? { audience: whom === 0 ? 'facilitators' : { seat }, content } : null;
  }
  return null;
}

// -- between the waiting room and facilitators ---------------------------------------------------------------------------

export interface Party {
  seat: number;
  arrival: number;
  signatureKey: string; // base64url
  sealKey: Bytes;
}

export interface Note {
  from: { seat: number; arrival: number; signatureKey: string };
  count: number;
  content: Bytes;
}

const noteHeader = shape({
  seat: whole(1),
  arrival: whole(1),
  key: text(64),
  count: whole(),
  to: list(shape({ arrival: whole(1), box: text(128) }), mostReaders),
});
const boundNote = (me: { seat: number; arrival: number; signatureKey: string }, count: number): Bytes => bytesOf(`Quietroom note 1\n${me.seat}\n${me.arrival}\n${me.signatureKey}\n${count}\n`);
const noteLabel = bytesOf('Quietroom note 1\n');

// length of the header (2) ‖ header ‖ content ‖ signature (64)
export async function sealNote(content: Bytes, me: Party, identity: Identity, readers: readonly Party[], count: number): Promise<Bytes> {
  const bound = boundNote(me, count);
  const key = freshKey();
  const to = await Promise.all(readers.slice(0, mostReaders).map(async ({ arrival, sealKey }) => ({ arrival, box: toBase64Url(await sealTo(sealKey, key, noteLabel, bound)) })));
  const header = bytesOf(JSON.stringify({ seat: me.seat, arrival: me.arrival, key: me.signatureKey, count, to }));
  const said = joined(new Uint8Array([header.length >> 8, header.length & 255]), header, await under(key, content, bound));
  key.fill(0);
  return joined(said, await signed(identity.sign, joined(noteLabel, said)));
}

export async function openNote(note: Bytes, identity: Identity, arrival: number): Promise<Note | null> {
  const start = 2 + ((note[0] ?? 0) << 8) + (note[1] ?? 0);
  if (note.length < start + 16 + signatureLength) return null;
  try {
    const header = noteHeader(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(note.slice(2, start))), '');
    const signatureKey = fromBase64Url(header.key);
    const end = note.length - signatureLength;
    if (!signatureKey || !(await verified(signatureKey, joined(noteLabel, note.slice(0, end)), note.slice(end)))) return null;
    const box = fromBase64Url(header.to.find((one) => one.arrival === arrival)?.box ?? '*');
    const who = { seat: header.seat, arrival: header.arrival, signatureKey: header.key };
    const bound = boundNote(who, header.count);
    const key = box && (await openSealed(identity.seal, box, noteLabel, bound));
    const content = key && (await from(key, own(note.slice(start, end)), bound));
    return content ? { from: who, count: header.count, content } : null;
  } catch {
    return null;
  }
}

const introduction = shape({ seat: whole(1), arrival: whole(1), key: text(64), seal: text(64), to: whole(1) });
const introductionLabel = bytesOf('Quietroom introduction 1\n');

export async function introduce(me: Party, identity: Identity, to: number): Promise<Bytes> {
  const said = bytesOf(JSON.stringify({ seat: me.seat, arrival: me.arrival, key: me.signatureKey, seal: toBase64Url(me.sealKey), to }));
  return joined(said, await signed(identity.sign, joined(introductionLabel, said)));
}

export async function readIntroduction(bytes: Bytes, to: number): Promise<Party | null> {
  if (bytes.length < signatureLength || bytes.length > 1024) return null;
  try {
    const end = bytes.length - signatureLength;
    const said = introduction(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.slice(0, end))), '');
    const [key, sealKey] = [fromBase64Url(said.key), fromBase64Url(said.seal)];
    if (!key || !sealKey || sealKey.length !== 32 || said.to !== to) return null;
    if (!(await verified(key, joined(introductionLabel, bytes.slice(0, end)), bytes.slice(end)))) return null;
    return { seat: said.seat, arrival: said.arrival, signatureKey: keyText(key), sealKey };
  } catch {
    return null;
  }
}
