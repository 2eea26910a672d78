// SPDX-License-Identifier: Apache-2.0
// How things stand for one client, as its pages show it: who is in the group and in the room, who has not said that they have the
// keys, which keys belong to nobody whom the room shows, and what went wrong. Not here: keys, what pages say of it.
// Invariant: a leaf without a person in the room is never shown as somebody, and is told of where it stays.
import type { Clock } from '../base/clock';
import type { GroupName } from '../call/message';
import type { Group } from './mls';
import type { Leaf } from './policy';
import type { Here, Plan } from './reconcile';

export interface EpochKeys {
  group: string;
  epoch: number;
  baseKey: Uint8Array;
  self: number;
  leaves: { leaf: number; seat: number }[];
  cause: 'add' | 'remove' | 'join';
}

export interface Kept {
  state: 'waiting' | 'on'; // waiting for keys, or in the group
  seats: number[]; // who is in the group and in the room: the people on the screen
  epoch: number;
  words: number[] | null; // places in the list of words; null: not asked for, or being worked out
  hold: { mine: boolean } | null; // the words changed: nothing private is sent until they were compared; mine: this client opened the group anew
  silent: number[]; // seats that have not acknowledged the keys in time (facilitators)
  ask: { arrival: number; seat: number; leads: boolean }[]; // present by the room's word, with keys that nobody has let in
  within: { group: GroupName; seats: number[] }[]; // the smaller groups whose keys are here, with who has them
  troubles: Trouble[];
}
export type Trouble =
  | 'refused' // somebody tried to change the group who may not
  | 'unread' // something said here could not be opened
  | 'stranger' // what was written in the waiting room went to keys that are no facilitator's
  | 'unseen' // somebody has the keys whom the room does not show
  | 'not-leading' // this person leads by the room's word, and the group's keys do not say so
  | 'flood' // more came than can be kept
  | 'stuck' // the group could not be changed any more
  | 'restarted'; // a worker of this page died and was started anew (client.ts)

export const acknowledgedWithinMs = 5_000;
const goneWithinMs = 10_000; // of somebody who left: a facilitator's client takes them out, the next one where it cannot

export class Watch {
  private readonly acknowledged = new Map<number, number>(); // by leaf
  private readonly unseenSince = new Map<string, number>();
  private epochAt = 0;

  constructor(
    private readonly clock: Clock,
    private readonly lookAgain: () => void,
  ) {}

  heard(leaf: number, epoch: number): void {
    this.acknowledged.set(leaf, Math.max(epoch, this.acknowledged.get(leaf) ?? 0));
  }

  // A new epoch.
  moved(removed: readonly Leaf[]): void {
    this.epochAt = this.clock.now();
    for (const { leaf } of removed) this.acknowledged.delete(leaf);
    this.clock.after(acknowledgedWithinMs, this.lookAgain);
  }

  forget(): void {
    this.acknowledged.clear();
    this.unseenSince.clear();
  }

  silent(group: Group, present: ReadonlyMap<number, Here>): number[] {
    if (!group.self.facilitator || this.clock.now() - this.epochAt < acknowledgedWithinMs) return [];
    return group.roster().flatMap(({ leaf, arrival, seat }) => {
      const owes = leaf !== group.self.leaf && present.get(arrival)?.away === false;
      return owes && (this.acknowledged.get(leaf) ?? -1) < group.epoch ? [seat] : [];
    });
  }

  // Whether somebody has had the keys for long whom the room does not show.
  unseen(group: Group, present: ReadonlyMap<number, Here> | null): boolean {
    if (!present) return false; // the line is new: who is here is not known yet
    const absent = group.roster().filter(({ leaf, arrival, seat }) => leaf !== group.self.leaf && present.get(arrival)?.seat !== seat);
    const keys = absent.map(({ leaf, arrival }) => `${leaf} ${arrival}`);
    for (const key of this.unseenSince.keys()) if (!keys.includes(key)) this.unseenSince.delete(key);
    for (const key of keys) {
      if (this.unseenSince.has(key)) continue;
      this.unseenSince.set(key, this.clock.now());
      this.clock.after(goneWithinMs, this.lookAgain);
    }
    return [...this.unseenSince.values()].some((since) => this.clock.now() - since >= goneWithinMs);
  }
}

// Who is in the group and in the room, with oneself.
export function here(group: Group, present: ReadonlyMap<number, Here> | null): Leaf[] {
  return group.roster().filter(({ leaf, arrival, seat }) => leaf === group.self.leaf || present?.get(arrival)?.seat === seat);
}

export type Asking = Plan['ask'];
