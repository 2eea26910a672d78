// SPDX-License-Identifier: Apache-2.0
// Who may change a group, checked by every client on every commit and on joining, whatever the server says. Pure.
// Not here: cryptography (mls.ts checks signatures and the transcript first). Specification: docs/decisions/0009, "Roles stand
// in the group" and "Who changes the group". Invariant: null means "within the rules"; anything else is the rule that was broken.
import { toBase64Url } from '../base/base64url';
import { list, type Reader, shape, text } from '../base/check';
import type { Bytes } from './mls_suite';

export interface Leaf {
  leaf: number;
  seat: number;
  arrival: number;
  signatureKey: string; // base64url
  sealKey: Bytes;
  hpkeKey: string; // base64url
  facilitator: boolean;
}

export interface Roles {
  audience: string;
  facilitators: string[]; // signature keys, base64url
}

// A group as one epoch has it.
export interface GroupView {
  roles: Roles;
  leaves: Leaf[];
}

export type LeafOffered = Omit<Leaf, 'leaf' | 'facilitator'>;
export type Proposed =
  | { kind: 'add'; offered: LeafOffered | null /* null: no credential of ours */ }
  | { kind: 'remove'; leaf: number }
  | { kind: 'roles'; roles: Roles | null /* null: not one extension of ours alone */ }
  | { kind: 'other'; name: string };

export type Broken =
  | 'not-a-facilitator'
  | 'proposal-kind'
  | 'credential'
  | 'seat-taken'
  | 'key-taken'
  | 'no-such-leaf'
  | 'removes-committer'
  | 'roles'
  | 'audience'
  | 'too-many'
  | 'leaf-changed'
  | 'signer'
  | 'not-me';

export const mostLeaves = 200; // a room holds 49 present; a leaf index has 10 bits in a frame's key id

const rolesShape: Reader<Roles> = shape({ audience: text(32), facilitators: list(text(64), mostLeaves) });

export const encodeRoles = ({ audience, facilitators }: Roles): Bytes =>
  new TextEncoder().encode(JSON.stringify({ audience, facilitators: [...facilitators].sort() }));

export function decodeRoles(bytes: Uint8Array): Roles | null {
  if (bytes.length > 16_384) return null;
  try {
    const roles = rolesShape(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), '');
    return new Set(roles.facilitators).size === roles.facilitators.length ? roles : null;
  } catch {
    return null;
  }
}

export const keyText = (key: Uint8Array): string => toBase64Url(key);

// What a commit asks for, seen from the epoch before it.
export function checkCommit(before: GroupView, committer: number | null, proposals: readonly Proposed[]): Broken | null {
  const by = before.leaves.find(({ leaf }) => leaf === committer);
  if (!by || !by.facilitator) return 'not-a-facilitator';
  if (proposals.some(({ kind }) => kind === 'other')) return 'proposal-kind';
  const removed = proposals.flatMap((p) => (p.kind === 'remove' ? [p.leaf] : []));
  const adds = proposals.flatMap((p) => (p.kind === 'add' ? [p.offered] : []));
  const roles = proposals.flatMap((p) => (p.kind === 'roles' ? [p.roles] : []));
  if (removed.includes(by.leaf)) return 'removes-committer';
  if (removed.some((leaf) => !before.leaves.some((one) => one.leaf === leaf))) return 'no-such-leaf';
  const stay = before.leaves.filter(({ leaf }) => !removed.includes(leaf));
  const broken = checkAdds(before, removed, stay, adds);
  if (broken) return broken;
  const keys = new Set([...stay, ...adds.flatMap((one) => (one ? [one] : []))].map(({ signatureKey }) => signatureKey));
  if (keys.size > mostLeaves) return 'too-many';
  if (roles.length > 1) return 'roles';
  return checkRoles(roles.length === 1 ? roles[0]! : before.roles, before.roles.audience, keys, by.signatureKey);
}

function checkAdds(before: GroupView, removed: readonly number[], stay: readonly Leaf[], adds: readonly (LeafOffered | null)[]): Broken | null {
  const here: LeafOffered[] = [...stay];
  for (const offered of adds) {
    if (!offered) return 'credential';
    if (here.some(({ seat, arrival }) => seat === offered.seat || arrival === offered.arrival)) return 'seat-taken';
    if (here.some((one) => one.signatureKey === offered.signatureKey || one.hpkeKey === offered.hpkeKey)) return 'key-taken';
    // A key that moves to another seat would let one person speak as another.
    const held = before.leaves.find((one) => removed.includes(one.leaf) && one.signatureKey === offered.signatureKey);
    if (held && held.seat !== offered.seat) return 'key-taken';
    here.push(offered);
  }
  return null;
}

function checkRoles(roles: Roles | null, audience: string, members: ReadonlySet<string>, committer: string): Broken | null {
  if (!roles) return 'roles';
  if (roles.audience !== audience) return 'audience';
  if (!roles.facilitators.includes(committer)) return 'roles';
  return roles.facilitators.every((key) => members.has(key)) ? null : 'roles';
}

// After the library has made the next epoch: nothing has changed but what was proposed.
export function checkOutcome(before: GroupView, after: GroupView, proposals: readonly Proposed[]): Broken | null {
  const removed = new Set(proposals.flatMap((p) => (p.kind === 'remove' ? [p.leaf] : [])));
  const adds = proposals.flatMap((p) => (p.kind === 'add' && p.offered ? [p.offered.signatureKey] : []));
  const stay = before.leaves.filter(({ leaf }) => !removed.has(leaf));
  for (const leaf of stay) {
    const now = after.leaves.find((one) => one.leaf === leaf.leaf);
    if (!now || now.signatureKey !== leaf.signatureKey || now.seat !== leaf.seat || now.arrival !== leaf.arrival) return 'leaf-changed';
    if (keyText(now.sealKey) !== keyText(leaf.sealKey)) return 'leaf-changed';
  }
  const fresh = after.leaves.filter((one) => !stay.some(({ leaf }) => leaf === one.leaf)).map(({ signatureKey }) => signatureKey);
  const asked = fresh.length === adds.length && fresh.every((key) => adds.includes(key));
  return asked ? null : 'leaf-changed';
}

// A group that this client was told to join.
export function checkJoined(view: GroupView, signer: number, audience: string, me: { leaf: number; seat: number; arrival: number; signatureKey: string }): Broken | null {
  if (view.roles.audience !== audience) return 'audience';
  if (view.leaves.length > mostLeaves) return 'too-many';
  const by = view.leaves.find(({ leaf }) => leaf === signer);
  if (!by || !by.facilitator || by.leaf === me.leaf) return 'signer';
  const broken = checkAdds({ roles: view.roles, leaves: [] }, [], [], view.leaves);
  if (broken) return broken;
  const self = view.leaves.find(({ leaf }) => leaf === me.leaf);
  if (!self || self.seat !== me.seat || self.arrival !== me.arrival || self.signatureKey !== me.signatureKey) return 'not-me';
  return checkRoles(view.roles, audience, new Set(view.leaves.map(({ signatureKey }) => signatureKey)), by.signatureKey);
}
