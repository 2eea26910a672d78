// SPDX-License-Identifier: Apache-2.0
// What people's clients say to each other in an encrypted room, sealed for the wire and opened again: everyone's as a message of the
// group, facilitators' and one seat's sealed inside such a message, notes between the waiting room and facilitators as boxes of
// their own. Not here: what a payload says (call/payload.ts), when the group changes (keeper.ts). Layout: docs/protocol.md,
// "Sealed payloads". Invariants: who said it comes from the key that signed it, never from the server; what it was for is sealed
// with it; nothing counts twice; what is kept is bounded.
import { fromBase64Url, toBase64Url } from '../base/base64url';
import type { Audience, GroupName } from '../call/message';
import type { Identity } from './identity';
import type { Group } from './mls';
import { type Bytes, bytesOf, joined } from './mls_suite';
import { keyText, type Leaf } from './policy';
import { introduce, openInside, openNote, type Party, readIntroduction, sealInside, sealNote } from './sealed';

const outer = { group: 1, note: 2, introduction: 3 } as const;
const inner = { everyone: 1, some: 2, acknowledge: 3, compared: 4 } as const;
const mostOwn = 128;
const mostIntroduced = 8;
const mostCounted = 256;

// The server's claim of who sent something, to be checked.
export interface Claimed {
  from: { seat: number; arrival?: number | undefined };
  audience: Audience;
  payload: string;
}

export interface Standing {
  role: 'facilitator' | 'member' | null; // null: not known here, since we share no group
  waiting: boolean;
}

export type Heard =
  | { heard: 'payload'; text: string; from: { seat: number; arrival?: number }; standing: Standing; own: boolean }
  | { heard: 'acknowledged'; leaf: number; epoch: number }
  | { heard: 'compared'; by: Leaf }
  | { heard: 'introduced' }
  | { heard: 'nothing'; why: 'unreadable' | 'earlier' | 'later' | 'gone' | 'not-for-us' | 'misdirected' | 'stranger' | 'again' | 'own' };

export interface Around {
  identity: Identity;
  me: { seat: number; arrival: number };
  present: boolean; // in the group's room, not waiting
  group: Group | null;
  side(name: GroupName): Group | null | undefined; // a smaller group; null: its keys are not here yet; undefined: we are not in it
  keyOf(arrival: number): { seat: number; signatureKey: string; sealKey: Bytes } | null; // who waits, as their KeyPackage says
  wall(): number;
}

export class Talk {
  private readonly own = new Map<string, { text: string | null; waiting: boolean }>(); // what we sealed, until the room gives it back
  private readonly introduced = new Map<string, Party>(); // by signature key
  private readonly counted = new Map<string, number>(); // by signature key: the last note's count
  private lastCount = 0;

  // -- to the wire ---------------------------------------------------------------------------------------------------

  async toGroup(around: Around, text: string, audience: Exclude<Audience, { arrival: number }>, readers: readonly Leaf[]): Promise<string | null> {
    const { group } = around;
    if (!group) return null;
    const content = bytesOf(text);
    if (typeof audience === 'object' && 'group' in audience) {
      const side = around.side(audience.group);
      return side ? this.mine(await this.say(side, inner.everyone, content), text, false) : null;
    }
    if (audience === 'everyone') return this.mine(await this.say(group, inner.everyone, content), text, false);
    const sealed = await sealInside(content, audience === 'facilitators' ? 'facilitators' : { seat: audience.seat }, readers, group.id, group.self.leaf);
    return this.mine(await this.say(group, inner.some, sealed), text, false);
  }

  async acknowledge(group: Group): Promise<string> {
    return this.mine(await this.say(group, inner.acknowledge, new Uint8Array()), null, false);
  }

  async compared(group: Group): Promise<string> {
    return this.mine(await this.say(group, inner.compared, new Uint8Array()), null, false);
  }

  async toParties(around: Around, text: string, readers: readonly Party[]): Promise<string> {
    this.lastCount = Math.max(this.lastCount + 1, around.wall()); // grows over a reload, too
    const note = await sealNote(bytesOf(text), this.party(around), around.identity, readers, this.lastCount);
    return this.mine(toBase64Url(joined(new Uint8Array([outer.note]), note)), text, !around.present);
  }

  async introduction(around: Around, to: number): Promise<string> {
    return this.mine(toBase64Url(joined(new Uint8Array([outer.introduction]), await introduce(this.party(around), around.identity, to))), null, false);
  }

  // The facilitators that a waiting person may write to.
  get known(): Party[] {
    return [...this.introduced.values()];
  }

  // Who introduced themselves as a facilitator in the waiting room, and is none in the group.
  strangers(group: Group): boolean {
    const leaders = new Set(group.roster().flatMap(({ facilitator, signatureKey }) => (facilitator ? [signatureKey] : [])));
    return this.known.length > 0 && !this.known.some(({ signatureKey }) => leaders.has(signatureKey));
  }

  forgetIntroductions(): void {
    this.introduced.clear();
  }

  // -- from the wire -------------------------------------------------------------------------------------------------

  async open(around: Around, claimed: Claimed): Promise<Heard> {
    const mine = this.own.get(claimed.payload);
    if (mine) {
      this.own.delete(claimed.payload);
      if (mine.text === null) return { heard: 'nothing', why: 'own' };
      const { seat, arrival } = around.me;
      const role = around.group?.self.facilitator ? 'facilitator' : 'member';
      const from = mine.waiting ? { seat, arrival } : { seat };
      return { heard: 'payload', text: mine.text, from, standing: { role: mine.waiting ? null : role, waiting: mine.waiting }, own: true };
    }
    const bytes = fromBase64Url(claimed.payload);
    if (!bytes || bytes.length < 2) return { heard: 'nothing', why: 'unreadable' };
    const content = bytes.slice(1);
    if (bytes[0] === outer.group) return this.fromGroup(around, claimed, content);
    if (bytes[0] === outer.note) return this.fromNote(around, claimed, content);
    if (bytes[0] === outer.introduction) return this.fromIntroduction(around, content);
    return { heard: 'nothing', why: 'unreadable' };
  }

  private async fromGroup(around: Around, claimed: Claimed, content: Bytes): Promise<Heard> {
    const { group } = around;
    if (!group) return { heard: 'nothing', why: 'earlier' };
    const opened = await group.unprotect(content);
    if ('refused' in opened) return { heard: 'nothing', why: opened.refused };
    const { from, epoch } = opened;
    const body = opened.content.slice(1);
    const standing: Standing = { role: from.facilitator ? 'facilitator' : 'member', waiting: false };
    const payload = (said: Bytes): Heard => ({ heard: 'payload', text: new TextDecoder().decode(said), from: { seat: from.seat }, standing, own: false });
    switch (opened.content[0]) {
      case inner.acknowledge:
        return { heard: 'acknowledged', leaf: from.leaf, epoch };
      case inner.compared:
        return from.facilitator ? { heard: 'compared', by: from } : { heard: 'nothing', why: 'misdirected' };
      case inner.everyone:
        return isOf(claimed.audience, group.audience) ? payload(body) : { heard: 'nothing', why: 'misdirected' };
      case inner.some: {
        const sealed = await openInside(body, around.identity.seal, group.self.leaf, group.id, from.leaf);
        if (!sealed) return { heard: 'nothing', why: 'not-for-us' };
        return sameAudience(sealed.audience, claimed.audience) ? payload(sealed.content) : { heard: 'nothing', why: 'misdirected' };
      }
      default:
        return { heard: 'nothing', why: 'unreadable' };
    }
  }

  private async fromNote(around: Around, { audience }: Claimed, content: Bytes): Promise<Heard> {
    const note = await openNote(content, around.identity, around.me.arrival);
    if (!note) return { heard: 'nothing', why: 'not-for-us' };
    const { seat, arrival, signatureKey } = note.from;
    if ((this.counted.get(signatureKey) ?? -1) >= note.count) return { heard: 'nothing', why: 'again' };
    const fromWaiting = audience === 'facilitators';
    if (fromWaiting ? around.keyOf(arrival)?.signatureKey !== signatureKey || around.keyOf(arrival)?.seat !== seat : !this.introduced.has(signatureKey)) {
      return { heard: 'nothing', why: 'stranger' };
    }
    this.counted.delete(signatureKey);
    this.counted.set(signatureKey, note.count);
    if (this.counted.size > mostCounted) this.counted.delete(this.counted.keys().next().value!);
    const text = new TextDecoder().decode(note.content);
    const from = fromWaiting ? { seat, arrival } : { seat };
    return { heard: 'payload', text, from, standing: { role: null, waiting: fromWaiting }, own: false };
  }

  private async fromIntroduction(around: Around, content: Bytes): Promise<Heard> {
    const party = around.present ? null : await readIntroduction(content, around.me.arrival);
    if (!party) return { heard: 'nothing', why: 'stranger' };
    if (!this.introduced.has(party.signatureKey) && this.introduced.size >= mostIntroduced) return { heard: 'nothing', why: 'stranger' };
    this.introduced.set(party.signatureKey, party);
    return { heard: 'introduced' };
  }

  private async say(group: Group, kind: number, content: Uint8Array): Promise<string> {
    return toBase64Url(joined(new Uint8Array([outer.group]), await group.protect(joined(new Uint8Array([kind]), content))));
  }

  private mine(payload: string, text: string | null, waiting: boolean): string {
    this.own.set(payload, { text, waiting });
    if (this.own.size > mostOwn) this.own.delete(this.own.keys().next().value!);
    return payload;
  }

  private party({ identity, me }: Around): Party {
    return { ...me, signatureKey: keyText(identity.signatureKey), sealKey: identity.sealKey };
  }
}

// To all of a group: the group of everyone by its own name, each other one by its name.
function isOf(claimed: Audience, name: string): boolean {
  return name === 'everyone' ? claimed === 'everyone' : typeof claimed === 'object' && 'group' in claimed && claimed.group === name;
}

function sameAudience(sealed: 'facilitators' | { seat: number }, claimed: Audience): boolean {
  if (typeof sealed === 'string' || typeof claimed === 'string') return sealed === claimed;
  return 'seat' in claimed && claimed.seat === sealed.seat;
}
