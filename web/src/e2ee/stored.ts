// SPDX-License-Identifier: Apache-2.0
// What a tab keeps of its keys over a reload, as text for its own storage: who it is, which keys it has seen proven (a facilitator's),
// and which group it was in last. Not here: storage itself. Invariant: what cannot be read is as good as nothing.
import { list, Malformed, orNull, type Reader, shape, text, truth, whole } from '../base/check';
import { type Identity, keepIdentity, recallIdentity } from './identity';

export interface Proof {
  signatureKey: string;
  facilitator: boolean;
}
export interface Before {
  id: string;
  leaders: string[]; // signature keys
}
export interface Stored {
  identity: Identity | null;
  proven: Map<number, Proof>; // by seat
  before: Before | null;
}

const pair: Reader<[number, Proof]> = (value, pointer) => {
  if (!Array.isArray(value)) throw new Malformed(pointer, 'a pair');
  return [whole(1)(value[0], pointer), shape({ signatureKey: text(64), facilitator: truth })(value[1], pointer)];
};
const storedShape = shape({
  identity: text(2_000),
  proven: list(pair),
  before: orNull(shape({ id: text(64), leaders: list(text(64)) })),
});

export function keep(identity: Identity, proven: ReadonlyMap<number, Proof>, before: Before | null): string {
  return JSON.stringify({ identity: keepIdentity(identity), proven: [...proven], before });
}

export async function recall(stored: string | null): Promise<Stored> {
  try {
    const read = storedShape(JSON.parse(stored ?? 'null'), '');
    const identity = await recallIdentity(read.identity);
    if (identity) return { identity, proven: new Map(read.proven), before: read.before };
  } catch {
    // as good as nothing
  }
  return { identity: null, proven: new Map(), before: null };
}
