// SPDX-License-Identifier: Apache-2.0
// Making a commit (RFC 9420 section 12.4.1) and the Welcome for whom it adds. Our own in place of the library's createCommit for two
// reasons: it seals the path secrets to the group's old extensions where the commit changes them, and then nobody can follow
// (the provisional GroupContext has the new ones); and it does not hand back the ratchet that it used, so that a second commit in
// the epoch would use a key again. Not here: who may commit what (policy.ts). No PSK, no external commit, no re-initialisation.
import { type ClientState, encodeMlsMessage, type Extension, type KeyPackage, type Proposal } from 'ts-mls';
import { addHistoricalReceiverData, applyProposals, nextEpochContext } from 'ts-mls/clientState.js';
import { createGroupInfoWithRatchetTree } from 'ts-mls/createCommit.js';
import { createConfirmationTag, createContentCommitSignature } from 'ts-mls/framedContent.js';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { initializeEpoch } from 'ts-mls/keySchedule.js';
import { protect } from 'ts-mls/messageProtection.js';
import { getCommitSecret, pathToPathSecrets } from 'ts-mls/pathSecrets.js';
import { mergePrivateKeyPaths, toPrivateKeyPath, updateLeafKey } from 'ts-mls/privateKeyPath.js';
import type { RatchetTree } from 'ts-mls';
import { createSecretTree } from 'ts-mls/secretTree.js';
import { treeHashRoot } from 'ts-mls/treeHash.js';
import { type LeafIndex, leafToNodeIndex, leafWidth, toLeafIndex, toNodeIndex } from 'ts-mls/treemath.js';
import { createUpdatePath, firstCommonAncestor } from 'ts-mls/updatePath.js';
import { encryptGroupInfo, encryptGroupSecrets } from 'ts-mls/welcome.js';
import { type Bytes, own, suite, wipe } from './mls_suite';

export interface Made {
  commit: Bytes;
  welcome: Bytes | null;
  used: ClientState; // the state as it is now, with the ratchet moved on
  next: ClientState; // the state once the commit counts
  consumed: Uint8Array[]; // to be wiped then
}

const wireformat = 'mls_private_message' as const;
const nothing = new Uint8Array();
const noPsk = { findPsk: () => undefined };

export async function makeCommit(state: ClientState, proposals: Proposal[]): Promise<Made> {
  const cs = await suite();
  const me = toLeafIndex(state.privatePath.leafIndex);
  const all = proposals.map((proposal) => ({ proposalOrRefType: 'proposal' as const, proposal }));
  const applied = await applyProposals(state, all, me, noPsk, true, cs);
  if (applied.additionalResult.kind !== 'memberCommit') throw new Error('a commit of a kind that is never made');
  const { addedLeafNodes, extensions } = applied.additionalResult;
  const context = { ...state.groupContext, extensions: newExtensions(proposals, extensions, state.groupContext.extensions) };
  const excluded = addedLeafNodes.map(([leaf]) => leafToNodeIndex(leaf));
  const needsPath = applied.needsUpdatePath || proposals.some(({ proposalType }) => proposalType === 'group_context_extensions');
  const [tree, path, pathSecrets, leafKey] = needsPath
    ? await createUpdatePath(applied.tree, me, context, state.signaturePrivateKey, cs, excluded)
    : ([applied.tree, undefined, [], undefined] as const);

  const base = leafKey ? updateLeafKey(state.privatePath, await cs.hpke.exportPrivateKey(leafKey)) : state.privatePath;
  const privatePath = mergePrivateKeyPaths(base, await toPrivateKeyPath(pathToPathSecrets([...pathSecrets]), me, cs));
  const last = pathSecrets.at(-1);
  const commitSecret = last ? await getCommitSecret(tree, toNodeIndex(last.nodeIndex), last.secret, cs.kdf) : new Uint8Array(cs.kdf.size);
  const sender = { senderType: 'member' as const, leafIndex: me };
  const { signature, framedContent } = await createContentCommitSignature(state.groupContext, wireformat, { proposals: all, path }, sender, nothing, state.signaturePrivateKey, cs.signature);
  const nextContext = await nextEpochContext(context, wireformat, framedContent, signature, await treeHashRoot(tree, cs.hash), state.confirmationTag, cs.hash);
  const epoch = await initializeEpoch(state.keySchedule.initSecret, commitSecret, nextContext, applied.pskSecret, cs.kdf);
  const confirmationTag = await createConfirmationTag(epoch.keySchedule.confirmationKey, nextContext.confirmedTranscriptHash, cs.hash);
  const content = { ...framedContent, auth: { contentType: framedContent.contentType, signature, confirmationTag } };
  const sealed = await protect(state.keySchedule.senderDataSecret, nothing, state.groupContext, state.secretTree, content, me, state.clientConfig.paddingConfig, cs);
  const used: ClientState = { ...state, secretTree: sealed.tree };
  const [historicalReceiverData, leftOver] = addHistoricalReceiverData(used);
  const next: ClientState = {
    ...used,
    groupContext: nextContext,
    ratchetTree: tree,
    secretTree: await createSecretTree(leafWidth(tree.length), epoch.encryptionSecret, cs.kdf),
    keySchedule: epoch.keySchedule,
    privatePath,
    historicalReceiverData,
    confirmationTag,
  };
  const welcome = addedLeafNodes.length > 0 ? await welcomeFor({ state, next, tree, joinerSecret: epoch.joinerSecret, welcomeSecret: epoch.welcomeSecret, pathSecrets, added: addedLeafNodes }) : null;
  wipe(commitSecret, epoch.encryptionSecret, epoch.joinerSecret, ...pathSecrets.map(({ secret }) => secret));
  const commit = own(encodeMlsMessage({ version: 'mls10', wireformat, privateMessage: sealed.privateMessage }));
  return { commit, welcome, used, next, consumed: [...sealed.consumed, ...leftOver, state.keySchedule.initSecret] };
}

// applyProposals gives none back both where there is no such proposal and where it names none.
function newExtensions(proposals: readonly Proposal[], given: Extension[], before: Extension[]): Extension[] {
  return proposals.some(({ proposalType }) => proposalType === 'group_context_extensions') ? given : before;
}

interface Joining {
  state: ClientState;
  next: ClientState;
  tree: RatchetTree;
  joinerSecret: Uint8Array;
  welcomeSecret: Uint8Array;
  pathSecrets: readonly { nodeIndex: number; secret: Uint8Array }[];
  added: [LeafIndex, KeyPackage][];
}

// Section 12.4.3: the group as it will be, and for each who joins the secrets to get into it, sealed to their KeyPackage.
async function welcomeFor({ state, next, tree, joinerSecret, welcomeSecret, pathSecrets, added }: Joining): Promise<Bytes> {
  const cs = await suite();
  const info = await createGroupInfoWithRatchetTree(next.groupContext, next.confirmationTag, state, tree, [], cs);
  const encryptedGroupInfo = await encryptGroupInfo(info, welcomeSecret, cs);
  const secrets = await Promise.all(
    added.map(async ([leaf, keyPackage]) => {
      const shared = firstCommonAncestor(tree, leaf, toLeafIndex(state.privatePath.leafIndex));
      const pathSecret = pathSecrets.find(({ nodeIndex }) => nodeIndex === shared)?.secret;
      const initKey = await cs.hpke.importPublicKey(keyPackage.initKey);
      const { enc, ct } = await encryptGroupSecrets(initKey, encryptedGroupInfo, { joinerSecret, pathSecret, psks: [] }, cs.hpke);
      return { newMember: await makeKeyPackageRef(keyPackage, cs.hash), encryptedGroupSecrets: { kemOutput: enc, ciphertext: ct } };
    }),
  );
  return own(encodeMlsMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome: { cipherSuite: cs.name, secrets, encryptedGroupInfo } }));
}
