// SPDX-License-Identifier: Apache-2.0
// What this client wants to say, until it can be sealed: before the group is joined, or while none is there to read it. In order;
// bounded, the oldest gives way and is told. Not here: sealing itself (talk.ts).
import type { Audience, ClientMessage } from '../call/message';
import type { Group } from './mls';
import type { Leaf } from './policy';
import type { Around, Talk } from './talk';

interface Said {
  text: string;
  audience: Audience;
  ref: string | undefined;
}

const mostSaid = 64;
const mostTold = 8;

export class Outbox {
  private said: Said[] = [];
  private told: Said[] = []; // to facilitators, in the group as it is

  constructor(
    private readonly talk: Talk,
    private readonly send: (message: ClientMessage) => void,
    private readonly failed: (ref: string) => void,
  ) {}

  add(text: string, audience: Audience, ref: string | undefined): void {
    this.said = this.said.filter((one) => ref === undefined || one.ref !== ref); // said again after a lost line
    this.said.push({ text, audience, ref });
  }

  // Says what can be said now; the rest waits. `leaders`: the facilitators of the group who are here.
  async speak(around: Around, leaders: readonly Leaf[]): Promise<void> {
    const waiting = this.said.splice(0);
    const left: Said[] = [];
    for (const said of waiting) {
      const sealed = await this.sealed(around, said, leaders);
      if (sealed === 'later') left.push(said);
      else if (sealed === 'never') this.fail(said);
      else {
        if (said.audience === 'facilitators' && around.present) this.told = [...this.told, said].slice(-mostTold);
        this.send({ type: 'send', audience: said.audience, payload: sealed, ...(said.ref !== undefined && { ref: said.ref }) });
      }
    }
    this.said = [...left, ...this.said];
    while (this.said.length > mostSaid) this.fail(this.said.shift()!);
  }

  // The group was made anew by a facilitator who had lost it: what was said to them in the one before they could not read.
  again(): void {
    this.said = [...this.told.splice(0), ...this.said];
  }

  // Out of the room: nothing of this will be said.
  drop(): void {
    this.told = [];
    this.said.splice(0).forEach((said) => this.fail(said));
  }

  private async sealed(around: Around, { text, audience: to }: Said, leaders: readonly Leaf[]): Promise<string | 'later' | 'never'> {
    if (typeof to === 'object' && 'arrival' in to) {
      const key = around.keyOf(to.arrival);
      return key ? this.talk.toParties(around, text, [{ ...key, arrival: to.arrival }]) : 'never';
    }
    if (!around.present) {
      if (to !== 'facilitators') return 'never';
      return this.talk.known.length > 0 ? this.talk.toParties(around, text, this.talk.known) : 'later';
    }
    if (!around.group) return 'later';
    if (typeof to === 'object' && 'group' in to) {
      return around.side(to.group) === undefined ? 'never' : ((await this.talk.toGroup(around, text, to, [])) ?? 'later');
    }
    if (to === 'facilitators' && leaders.length === 0) return 'later'; // said once one of them comes
    const readers = typeof to === 'object' ? seatOf(around.group, to.seat) : leaders;
    if (readers.length === 0 && to !== 'everyone') return 'never';
    return (await this.talk.toGroup(around, text, to, readers)) ?? 'later';
  }

  private fail({ ref }: Said): void {
    if (ref !== undefined) this.failed(ref);
  }
}

const seatOf = (group: Group, seat: number): Leaf[] => group.roster().filter((leaf) => leaf.seat === seat);
