// SPDX-License-Identifier: Apache-2.0
// Joining a group by a Welcome (RFC 9420 section 12.4.3.1). Our own in place of the library's joinGroup for one reason: its check
// of a ratchet tree (section 7.9.2) wants every parent above an unmerged leaf to list the same unmerged leaves, which is not so once
// somebody was removed on another branch, and then nobody could join any more. The check here is the one of the specification.
// Not here: who may be in the group (policy.ts, asked by mls.ts). Invariant: no PSK, no other suite, tree and signer verified.
import type { ClientConfig, ClientState, GroupInfo, KeyPackage, PrivateKeyPackage, RatchetTree, Welcome } from 'ts-mls';
import { ratchetTreeFromExtension, verifyGroupInfoConfirmationTag, verifyGroupInfoSignature } from 'ts-mls/groupInfo.js';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { deriveKeySchedule } from 'ts-mls/keySchedule.js';
import { verifyLeafNodeSignature, verifyLeafNodeSignatureKeyPackage } from 'ts-mls/leafNode.js';
import { verifyParentHashes } from 'ts-mls/parentHash.js';
import { pathToRoot } from 'ts-mls/pathSecrets.js';
import { mergePrivateKeyPaths, toPrivateKeyPath } from 'ts-mls/privateKeyPath.js';
import { findLeafIndex } from 'ts-mls/ratchetTree.js';
import { createSecretTree } from 'ts-mls/secretTree.js';
import { treeHashRoot } from 'ts-mls/treeHash.js';
import { directPath, isLeaf, leafToNodeIndex, leafWidth, nodeToLeafIndex, toLeafIndex, toNodeIndex } from 'ts-mls/treemath.js';
import { firstCommonAncestor } from 'ts-mls/updatePath.js';
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js';
import { keyText } from './policy';
import { sameBytes, suite, wipe } from './mls_suite';

export const notOurs = 'not-ours'; // for another KeyPackage
export class CannotJoin extends Error {}
const demand = (holds: boolean, what: string): void => {
  if (!holds) throw new CannotJoin(what);
};

export interface Joined {
  state: ClientState;
  signer: number;
}

export async function join(welcome: Welcome, keyPackage: KeyPackage, secrets: PrivateKeyPackage, config: ClientConfig): Promise<Joined> {
  const cs = await suite();
  demand(welcome.cipherSuite === cs.name, 'suite');
  const ref = await makeKeyPackageRef(keyPackage, cs.hash);
  demand(welcome.secrets.some(({ newMember }) => sameBytes(newMember, ref)), notOurs);
  const initKey = await cs.hpke.importPrivateKey(secrets.initPrivateKey);
  const groupSecrets = await decryptGroupSecrets(initKey, ref, welcome, cs.hpke);
  if (!groupSecrets) throw new CannotJoin('secrets');
  demand(groupSecrets.psks.length === 0, 'psk');
  const noPsk = new Uint8Array(cs.kdf.size);
  const info = await decryptGroupInfo(welcome, groupSecrets.joinerSecret, noPsk, cs);
  if (!info) throw new CannotJoin('group info');
  demand(info.groupContext.cipherSuite === cs.name, 'suite');
  const tree = ratchetTreeFromExtension(info);
  if (!tree) throw new CannotJoin('no tree');
  const signer = tree[leafToNodeIndex(toLeafIndex(info.signer))];
  if (signer?.nodeType !== 'leaf') throw new CannotJoin('signer');
  demand(await verifyGroupInfoSignature(info, signer.leaf.signaturePublicKey, cs.signature), 'signature');
  await verifyTree(tree, info);
  const leaf = findLeafIndex(tree, keyPackage.leafNode);
  if (leaf === undefined) throw new CannotJoin('own leaf');

  const ownPath = { leafIndex: leaf, privateKeys: { [leafToNodeIndex(leaf)]: secrets.hpkePrivateKey } };
  const shared = firstCommonAncestor(tree, leaf, toLeafIndex(info.signer));
  const privatePath =
    groupSecrets.pathSecret === undefined
      ? ownPath
      : mergePrivateKeyPaths(await toPrivateKeyPath(await pathToRoot(tree, shared, groupSecrets.pathSecret, cs.kdf), leaf, cs), ownPath);
  const [keySchedule, encryptionSecret] = await deriveKeySchedule(groupSecrets.joinerSecret, noPsk, info.groupContext, cs.kdf);
  demand(await verifyGroupInfoConfirmationTag(info, groupSecrets.joinerSecret, noPsk, cs), 'confirmation');
  const secretTree = await createSecretTree(leafWidth(tree.length), encryptionSecret, cs.kdf);
  wipe(encryptionSecret, groupSecrets.joinerSecret);
  const state: ClientState = {
    groupContext: info.groupContext,
    ratchetTree: tree,
    privatePath,
    signaturePrivateKey: secrets.signaturePrivateKey,
    confirmationTag: info.confirmationTag,
    unappliedProposals: {},
    keySchedule,
    secretTree,
    historicalReceiverData: new Map(),
    groupActiveState: { kind: 'active' },
    clientConfig: config,
  };
  return { state, signer: info.signer };
}

// RFC 9420 sections 7.3 and 12.4.3.1, "Verify the integrity of the ratchet tree".
async function verifyTree(tree: RatchetTree, info: GroupInfo): Promise<void> {
  const cs = await suite();
  const hpkeKeys = new Set<string>();
  const signatureKeys = new Set<string>();
  const fresh = (seen: Set<string>, key: Uint8Array): void => {
    demand(!seen.has(keyText(key)), 'a key twice');
    seen.add(keyText(key));
  };
  for (const [i, node] of tree.entries()) {
    if (!node) continue;
    const index = toNodeIndex(i);
    demand(isLeaf(index) === (node.nodeType === 'leaf'), 'structure');
    if (node.nodeType === 'leaf') {
      const { leaf } = node;
      fresh(hpkeKeys, leaf.hpkePublicKey);
      fresh(signatureKeys, leaf.signaturePublicKey);
      const good =
        leaf.leafNodeSource === 'key_package'
          ? await verifyLeafNodeSignatureKeyPackage(leaf, cs.signature)
          : await verifyLeafNodeSignature(leaf, info.groupContext.groupId, nodeToLeafIndex(index), cs.signature);
      demand(good, 'leaf signature');
    } else {
      fresh(hpkeKeys, node.parent.hpkePublicKey);
      for (const unmerged of node.parent.unmergedLeaves) verifyUnmerged(tree, i, unmerged);
    }
  }
  demand(await verifyParentHashes(tree, cs.hash), 'parent hash');
  demand(sameBytes(info.groupContext.treeHash, await treeHashRoot(tree, cs.hash)), 'tree hash');
}

// The leaf is there and below the parent, and every parent between the two that is not blank lists it too.
function verifyUnmerged(tree: RatchetTree, parent: number, unmerged: number): void {
  const leaf = leafToNodeIndex(toLeafIndex(unmerged));
  demand(tree[leaf]?.nodeType === 'leaf', 'unmerged leaf');
  const way: number[] = directPath(leaf, leafWidth(tree.length));
  const at = way.indexOf(parent);
  demand(at >= 0, 'unmerged leaf elsewhere');
  for (const between of way.slice(0, at)) {
    const node = tree[between];
    if (node?.nodeType === 'parent') demand(node.parent.unmergedLeaves.includes(unmerged), 'unmerged leaf not listed');
  }
}
