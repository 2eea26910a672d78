// SPDX-License-Identifier: Apache-2.0
// One MLS group of one client (RFC 9420), behind an interface of ours: open, join, prepare a commit, accept or follow one, protect
// and unprotect what is said, and what is exported. Every commit and every group joined is put before policy.ts first; the
// library's own answer to both questions is yes. Not here: delivery, timers, who should be in (reconcile.ts, keeper.ts).
// Invariant: calls do not overlap (the keeper runs one at a time); a refused message changes nothing but ratchets that it used;
// secrets that were used up are wiped. Library: ts-mls, imported by e2ee/mls*.ts alone.
import {
  type Capabilities,
  type ClientConfig,
  type ClientState,
  createApplicationMessage,
  createGroup,
  decodeMlsMessage,
  defaultKeyPackageEqualityConfig,
  defaultLifetime,
  defaultLifetimeConfig,
  emptyPskIndex,
  encodeMlsMessage,
  type Extension,
  generateKeyPackageWithKey,
  type KeyPackage,
  type LeafNode,
  mlsExporter,
  type MLSMessage,
  type PrivateKeyPackage,
  type PrivateMessage,
  processPrivateMessage,
  type Proposal,
  type ProposalWithSender,
} from 'ts-mls';
import { verifyKeyPackage } from 'ts-mls/keyPackage.js';
import { verifyLeafNodeSignatureKeyPackage } from 'ts-mls/leafNode.js';
import { decryptSenderData } from 'ts-mls/privateMessage.js';
import { allSecretTreeValues } from 'ts-mls/secretTree.js';
import { toBase64Url } from '../base/base64url';
import { isObject, list, shape, text } from '../base/check';
import { decodeCredential, encodeCredential, type Identity } from './identity';
import { makeCommit } from './mls_commit';
import { CannotJoin, join, notOurs } from './mls_join';
import { type Bytes, bytesOf, own, sameBytes, suite, suiteName, wipe } from './mls_suite';
import { type Broken, checkCommit, checkJoined, checkOutcome, decodeRoles, encodeRoles, type GroupView, keyText, type Leaf, type LeafOffered, type Proposed, type Roles } from './policy';

export const rolesExtension = 0xf100;
export const holdsExtension = 0xf101; // in a KeyPackage: the groups whose state its sender has
export const mostCommitBytes = 48 * 1024;
export const mostKeyPackageBytes = 4096;

const capabilities: Capabilities = {
  versions: ['mls10'],
  ciphersuites: [suiteName],
  extensions: [rolesExtension, holdsExtension],
  proposals: [],
  credentials: ['basic'],
};

// Lifetimes never end: a phone's clock may be a day wrong, and a KeyPackage lives as long as its arrival (docs/decisions/0009).
const config: ClientConfig = {
  keyRetentionConfig: { retainKeysForGenerations: 10, retainKeysForEpochs: 4, maximumForwardRatchetSteps: 500 },
  lifetimeConfig: defaultLifetimeConfig,
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  paddingConfig: { kind: 'padUntilLength', padUntilLength: 256 },
  authService: { validateCredential: async (credential) => credential.credentialType === 'basic' && decodeCredential(credential.identity) !== null },
};

// -- KeyPackages ---------------------------------------------------------------------------------------------------------

export interface OwnKeyPackage {
  bytes: Bytes;
  keyPackage: KeyPackage;
  secrets: PrivateKeyPackage;
}

export async function makeKeyPackage(identity: Identity, seat: number, arrival: number, holds: readonly string[]): Promise<OwnKeyPackage> {
  const credential = { credentialType: 'basic' as const, identity: encodeCredential({ seat, arrival, sealKey: identity.sealKey }) };
  const extensions: Extension[] = [{ extensionType: holdsExtension, extensionData: bytesOf(JSON.stringify({ holds })) }];
  const keys = { signKey: identity.sign, publicKey: identity.signatureKey };
  const { publicPackage, privatePackage } = await generateKeyPackageWithKey(credential, capabilities, defaultLifetime, extensions, keys, await suite());
  const bytes = own(encodeMlsMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage: publicPackage }));
  return { bytes, keyPackage: publicPackage, secrets: privatePackage };
}

export function wipeKeyPackage({ secrets }: OwnKeyPackage): void {
  wipe(secrets.initPrivateKey); // the leaf's key lives on in the group, the signature key in the tab
}

export interface KeyPackageSeen extends LeafOffered {
  keyPackage: KeyPackage;
  holds: string[];
}

const holdsShape = shape({ holds: list(text(32), 64) });

// null: not one of ours, or not signed by who it says.
export async function readKeyPackage(bytes: Uint8Array): Promise<KeyPackageSeen | null> {
  if (bytes.length > mostKeyPackageBytes) return null;
  try {
    const message = decoded(bytes);
    if (message?.wireformat !== 'mls_key_package') return null;
    const { keyPackage } = message;
    const { leafNode, extensions } = keyPackage;
    const cs = await suite();
    if (keyPackage.version !== 'mls10' || keyPackage.cipherSuite !== suiteName || extensions.length !== 1) return null;
    if (leafNode.leafNodeSource !== 'key_package' || leafNode.extensions.length > 0) return null;
    const offered = offeredBy(leafNode);
    const said = extensions[0]!;
    if (!offered || said.extensionType !== holdsExtension || sameBytes(keyPackage.initKey, leafNode.hpkePublicKey)) return null;
    const { holds } = holdsShape(JSON.parse(new TextDecoder().decode(said.extensionData)), '');
    const good = (await verifyKeyPackage(keyPackage, cs.signature)) && (await verifyLeafNodeSignatureKeyPackage(leafNode, cs.signature));
    return good ? { ...offered, keyPackage, holds } : null;
  } catch {
    return null;
  }
}

function offeredBy({ credential, signaturePublicKey, hpkePublicKey, capabilities }: LeafNode): LeafOffered | null {
  if (credential.credentialType !== 'basic' || !capabilities.extensions.includes(rolesExtension)) return null;
  const said = decodeCredential(credential.identity);
  if (!said || signaturePublicKey.length !== 32 || hpkePublicKey.length !== 32) return null;
  return { ...said, signatureKey: keyText(signaturePublicKey), hpkeKey: keyText(hpkePublicKey) };
}

function decoded(bytes: Uint8Array): MLSMessage | null {
  const read = decodeMlsMessage(bytes, 0);
  return read && read[1] === bytes.length ? read[0] : null;
}

// -- groups --------------------------------------------------------------------------------------------------------------

export interface Addition {
  seen: KeyPackageSeen;
  facilitator: boolean;
}

export interface Pending {
  epoch: number; // in which it was made
  commit: Bytes;
  welcome: Bytes | null;
  next: ClientState;
  consumed: Uint8Array[];
}

export interface Moved {
  by: number; // leaf
  added: Leaf[];
  removed: Leaf[];
}

export type Followed = { moved: Moved } | { out: true } | { refused: Broken | 'unreadable' | 'epoch' };

export class Group {
  private view: GroupView;

  private constructor(
    readonly audience: string,
    private state: ClientState,
    view: GroupView,
    readonly welcomedBy: number | null, // the leaf that let us in
  ) {
    this.view = view;
  }

  static async open(audience: string, mine: OwnKeyPackage): Promise<Group> {
    const cs = await suite();
    const roles: Roles = { audience, facilitators: [keyText(mine.keyPackage.leafNode.signaturePublicKey)] };
    const id = crypto.getRandomValues(new Uint8Array(16));
    const state = await createGroup(id, mine.keyPackage, mine.secrets, [rolesOf(roles)], cs, config);
    const view = viewOf(state);
    if (!view) throw new Error('a group of our own that we cannot read');
    return new Group(audience, state, view, null);
  }

  // By one of our KeyPackages; which one, the caller learns to throw it away.
  static async join(audience: string, bytes: Uint8Array, mine: readonly OwnKeyPackage[], seat: number, arrival: number): Promise<{ group: Group; by: OwnKeyPackage } | { refused: string }> {
    if (bytes.length > mostCommitBytes) return { refused: 'too large' };
    let refused = notOurs;
    try {
      const message = decoded(bytes);
      if (message?.wireformat !== 'mls_welcome') return { refused: 'unreadable' };
      for (const by of mine) {
        try {
          const { state, signer } = await join(message.welcome, by.keyPackage, by.secrets, config);
          const view = viewOf(state);
          const signatureKey = keyText(by.keyPackage.leafNode.signaturePublicKey);
          const broken = view ? checkJoined(view, signer, audience, { leaf: state.privatePath.leafIndex, seat, arrival, signatureKey }) : 'credential';
          if (view && !broken) return { group: new Group(audience, state, view, signer), by };
          return { refused: broken ?? 'credential' };
        } catch (error) {
          if (!(error instanceof CannotJoin) || error.message !== notOurs) refused = error instanceof CannotJoin ? error.message : 'unreadable';
        }
      }
    } catch {
      return { refused: 'unreadable' };
    }
    return { refused };
  }

  get epoch(): number {
    return Number(this.state.groupContext.epoch);
  }

  get id(): string {
    return toBase64Url(this.state.groupContext.groupId);
  }

  get self(): Leaf {
    const leaf = this.view.leaves.find((one) => one.leaf === this.state.privatePath.leafIndex);
    if (!leaf) throw new Error('not in the group');
    return leaf;
  }

  roster(): readonly Leaf[] {
    return this.view.leaves;
  }

  get authenticator(): Uint8Array {
    return this.state.keySchedule.epochAuthenticator;
  }

  // RFC 9605 section 5.2: what the keys of frames are made from.
  async baseKey(): Promise<Bytes> {
    return own(await mlsExporter(this.state.keySchedule.exporterSecret, 'SFrame 1.0 Base Key', new Uint8Array(), 16, await suite()));
  }

  // A commit of ours; it counts only once the room has put it in order (accept). Throws where the rules would be broken.
  async prepare(adds: readonly Addition[], removes: readonly number[]): Promise<Pending> {
    const gone = this.view.leaves.filter(({ leaf }) => removes.includes(leaf));
    const facilitators = [
      ...this.view.roles.facilitators.filter((key) => !gone.some(({ signatureKey }) => signatureKey === key)),
      ...adds.flatMap(({ seen, facilitator }) => (facilitator ? [seen.signatureKey] : [])),
    ];
    const roles: Roles = { audience: this.audience, facilitators: [...new Set(facilitators)] };
    const changed = !sameBytes(encodeRoles(roles), encodeRoles(this.view.roles));
    const proposals: Proposal[] = [
      ...removes.map((removed): Proposal => ({ proposalType: 'remove', remove: { removed } })),
      ...adds.map(({ seen }): Proposal => ({ proposalType: 'add', add: { keyPackage: seen.keyPackage } })),
      ...(changed ? [{ proposalType: 'group_context_extensions', groupContextExtensions: { extensions: [rolesOf(roles)] } } satisfies Proposal] : []),
    ];
    const broken = checkCommit(this.view, this.self.leaf, proposals.map(proposed));
    if (broken) throw new Error(`a commit of ours breaks the rules: ${broken}`);
    const { commit, welcome, used, next, consumed } = await makeCommit(this.state, proposals);
    this.state = used;
    return { epoch: this.epoch, commit, welcome, next, consumed };
  }

  accept(pending: Pending): Moved {
    if (pending.epoch !== this.epoch) throw new Error('a commit of another epoch');
    const before = this.view;
    this.adopt(pending.next, pending.consumed);
    return movedFrom(before, this.view, this.self.leaf);
  }

  // A commit of ours that will never count.
  drop({ next }: Pending): void {
    wipe(...allSecretTreeValues(next.secretTree), ...Object.values(next.keySchedule));
  }

  // Somebody else's commit, in the order of the room.
  async process(bytes: Uint8Array): Promise<Followed> {
    if (bytes.length > mostCommitBytes) return { refused: 'unreadable' };
    let broken: Broken | null = null;
    let proposals: Proposed[] = [];
    let committer: number | null = null;
    let out = false;
    try {
      const message = decoded(bytes);
      if (message?.wireformat !== 'mls_private_message' || message.privateMessage.contentType !== 'commit') return { refused: 'unreadable' };
      if (Number(message.privateMessage.epoch) !== this.epoch) return { refused: 'epoch' };
      const result = await processPrivateMessage(this.state, message.privateMessage, emptyPskIndex, await suite(), (incoming) => {
        if (incoming.kind !== 'commit') return 'reject';
        committer = incoming.senderLeafIndex ?? null;
        proposals = incoming.proposals.map(proposed);
        broken = checkCommit(this.view, committer, proposals);
        // Whoever takes our place may stand in the same leaf, so the library does not notice that we are out.
        out = !broken && proposals.some((one) => one.kind === 'remove' && one.leaf === this.state.privatePath.leafIndex);
        return broken || out ? 'reject' : 'accept';
      });
      if (broken) return { refused: broken };
      if (out) {
        this.forget();
        return { out: true };
      }
      if (result.kind !== 'newState' || result.actionTaken !== 'accept' || committer === null) return { refused: 'proposal-kind' };
      const before = this.view;
      const after = viewOf(result.newState);
      const outcome = after ? checkOutcome(before, after, proposals) : 'credential';
      if (outcome) return { refused: outcome };
      this.adopt(result.newState, result.consumed);
      return { moved: movedFrom(before, this.view, committer) };
    } catch {
      return { refused: 'unreadable' };
    }
  }

  async protect(content: Uint8Array): Promise<Bytes> {
    const { newState, privateMessage, consumed } = await createApplicationMessage(this.state, content, await suite());
    this.state = newState;
    wipe(...consumed);
    return own(encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage }));
  }

  // What a member said, and who said it. Of an earlier epoch it counts only where its sender is still a member.
  async unprotect(bytes: Uint8Array): Promise<{ from: Leaf; content: Bytes; epoch: number } | { refused: 'unreadable' | 'earlier' | 'later' | 'gone' }> {
    try {
      const message = decoded(bytes);
      if (message?.wireformat !== 'mls_private_message' || message.privateMessage.contentType !== 'application') return { refused: 'unreadable' };
      const sealed = message.privateMessage;
      if (!sameBytes(sealed.groupId, this.state.groupContext.groupId)) return { refused: 'unreadable' };
      if (sealed.epoch > this.state.groupContext.epoch) return { refused: 'later' };
      if (sealed.epoch < this.state.groupContext.epoch && !this.state.historicalReceiverData.has(sealed.epoch)) return { refused: 'earlier' };
      const key = await this.senderOf(sealed);
      const from = key === null ? undefined : this.view.leaves.find(({ signatureKey }) => signatureKey === key);
      if (!from) return { refused: key === null ? 'unreadable' : 'gone' };
      const result = await processPrivateMessage(this.state, sealed, emptyPskIndex, await suite(), () => 'reject');
      if (result.kind !== 'applicationMessage') return { refused: 'unreadable' };
      this.state = result.newState;
      wipe(...result.consumed);
      return { from, content: own(result.message), epoch: Number(sealed.epoch) };
    } catch {
      return { refused: 'unreadable' };
    }
  }

  // Secrets of earlier epochs are kept a short while for what was under way.
  forgetEarlier(): void {
    for (const { secretTree, senderDataSecret, resumptionPsk } of this.state.historicalReceiverData.values()) {
      wipe(...allSecretTreeValues(secretTree), senderDataSecret, resumptionPsk);
    }
    this.state = { ...this.state, historicalReceiverData: new Map() };
  }

  forget(): void {
    this.forgetEarlier();
    wipe(...allSecretTreeValues(this.state.secretTree), ...Object.values(this.state.keySchedule), ...Object.values(this.state.privatePath.privateKeys));
  }

  private async senderOf(sealed: PrivateMessage): Promise<string | null> {
    const earlier = sealed.epoch < this.state.groupContext.epoch ? this.state.historicalReceiverData.get(sealed.epoch) : undefined;
    const secret = earlier ? earlier.senderDataSecret : this.state.keySchedule.senderDataSecret;
    const sender = await decryptSenderData(sealed, secret, await suite());
    const node = sender && (earlier?.ratchetTree ?? this.state.ratchetTree)[sender.leafIndex * 2];
    return node?.nodeType === 'leaf' ? keyText(node.leaf.signaturePublicKey) : null;
  }

  private adopt(next: ClientState, consumed: Uint8Array[]): void {
    const view = viewOf(next);
    if (!view) throw new Error('a group that cannot be read');
    for (const [epoch, { secretTree, senderDataSecret, resumptionPsk }] of this.state.historicalReceiverData) {
      if (!next.historicalReceiverData.has(epoch)) wipe(...allSecretTreeValues(secretTree), senderDataSecret, resumptionPsk);
    }
    wipe(...consumed);
    this.state = next;
    this.view = view;
  }
}

const rolesOf = (roles: Roles): Extension => ({ extensionType: rolesExtension, extensionData: encodeRoles(roles) });

function rolesFrom(extensions: readonly Extension[]): Roles | null {
  return extensions.length === 1 && extensions[0]!.extensionType === rolesExtension ? decodeRoles(extensions[0]!.extensionData) : null;
}

function viewOf({ ratchetTree, groupContext }: ClientState): GroupView | null {
  const roles = rolesFrom(groupContext.extensions);
  if (!roles) return null;
  const leaves: Leaf[] = [];
  for (const [i, node] of ratchetTree.entries()) {
    if (node?.nodeType !== 'leaf') continue;
    const offered = offeredBy(node.leaf);
    if (!offered) return null;
    leaves.push({ ...offered, leaf: i / 2, facilitator: roles.facilitators.includes(offered.signatureKey) });
  }
  return { roles, leaves };
}

function proposed(given: Proposal | ProposalWithSender): Proposed {
  const proposal = 'proposal' in given ? given.proposal : given;
  if (!isObject(proposal)) return { kind: 'other', name: 'unknown' };
  switch (proposal.proposalType) {
    case 'add':
      return { kind: 'add', offered: offeredBy(proposal.add.keyPackage.leafNode) };
    case 'remove':
      return { kind: 'remove', leaf: proposal.remove.removed };
    case 'group_context_extensions':
      return { kind: 'roles', roles: rolesFrom(proposal.groupContextExtensions.extensions) };
    default:
      return { kind: 'other', name: String(proposal.proposalType) };
  }
}

function movedFrom(before: GroupView, after: GroupView, by: number): Moved {
  const had = (leaves: readonly Leaf[], one: Leaf): boolean => leaves.some((other) => other.leaf === one.leaf && other.hpkeKey === one.hpkeKey && other.signatureKey === one.signatureKey);
  const committed = (one: Leaf): boolean => one.leaf === by; // its key changes with a path
  return {
    by,
    added: after.leaves.filter((one) => !committed(one) && !had(before.leaves, one)),
    removed: before.leaves.filter((one) => !committed(one) && !had(after.leaves, one)),
  };
}
