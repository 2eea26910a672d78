// SPDX-License-Identifier: Apache-2.0
// Keeps one client in its groups: hears what the room says, answers with commits, KeyPackages and sealed payloads, and tells the page
// how things stand. The room orders and carries; nothing that it says about who is who is believed without a key. Not here:
// cryptography (mls.ts), the rules (policy.ts, reconcile.ts), what payloads say. Runs in a worker (worker.ts) and under Node.
// Invariants: one thing at a time, in the order it came; what waits is bounded, and what is dropped is told; a commit of ours counts
// only once the room has put it in order.
import { fromBase64Url, toBase64Url } from '../base/base64url';
import type { Clock } from '../base/clock';
import { type Audience, type ClientMessage, type GroupName, keeperRef, type ServerMessage } from '../call/message';
import { type Identity, newIdentity } from './identity';
import { type EpochKeys, here, type Kept, type Trouble, Watch } from './kept';
import { askAgainAfterMs, Membership, type MembershipHost } from './membership';
import { type Group, type KeyPackageSeen, makeKeyPackage, type OwnKeyPackage, readKeyPackage, wipeKeyPackage } from './mls';
import { Outbox } from './outbox';
import type { Leaf } from './policy';
import type { Here } from './reconcile';
import { type Before, keep, type Proof, recall } from './stored';
import { type Around, type Standing, Talk } from './talk';
import { wordNumbers } from './words';

type Of<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;
export type Delivered = Of<'delivered'>;

export type { EpochKeys, Kept, Trouble };

export interface KeeperListener {
  send(message: ClientMessage): void;
  opened(message: Delivered, text: string, standing: Standing): void;
  kept(view: Kept): void;
  keys(keys: EpochKeys): void;
  forget(group: string): void;
  store(text: string | null): void; // for the tab's own storage
  failed(ref: string): void; // something said was not sent, and will not be
}

const mostTasks = 512;
const mostOffers = 128;
const mostPackages = 4;
const mostUsed = 512;
const acknowledgeSpreadMs = 300;

interface Seen extends Here {
  room: GroupName; // where in the group they are
}

export class Keeper {
  private queue: Promise<void> = Promise.resolve();
  private waitingTasks = 0;
  private stopped = false;

  private identity: Identity | null = null;
  private me: { seat: number; arrival: number } | null = null;
  private mayAdmit = false;
  private present: Map<number, Seen> | null = null; // by arrival; null: no roster since the last welcome
  private stage: 'arriving' | 'waiting' | 'present' = 'arriving';
  private readonly waiting = new Map<number, { seat: number; leads: boolean }>();
  private readonly offers = new Map<number, KeyPackageSeen>();
  private readonly introducedTo = new Set<number>();
  private packages: OwnKeyPackage[] = [];

  private readonly main: Membership; // the group of everyone
  private readonly sides = new Map<GroupName, Membership>(); // the smaller ones that this client should be in
  private readonly usedFor = new Map<string, GroupName>(); // others' packages, by key: each is for one group alone
  private readonly talk = new Talk();
  private readonly outbox: Outbox;
  private readonly watch: Watch;
  private readonly sideWatches = new Map<GroupName, Watch>();
  private readonly admitted = new Map<number, { leads: boolean; seat: number; at: number }>();
  private proven = new Map<number, Proof>();
  private breakouts = 0; // how many stand
  private told: Of<'groups'>['groups'] | undefined = undefined; // which groups stand
  private reseating = false;
  private hold: { mine: boolean; known: ReadonlySet<string> } | null = null;
  private before: Before | null = null; // the group that this tab was in last
  private words: { epoch: number; numbers: number[] } | null = null;
  private wordsWanted = false;
  private readonly troubles = new Set<Trouble>();
  private wake: (() => void) | null = null;
  private refs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly out: KeeperListener,
  ) {
    this.main = new Membership('everyone', clock, this.host());
    this.outbox = new Outbox(this.talk, (message) => out.send(message), (ref) => out.failed(ref));
    this.watch = new Watch(clock, () => this.run(async () => undefined));
  }

  // -- what the page hands in ----------------------------------------------------------------------------------------

  // What the tab kept of an earlier page.
  recall(stored: string | null): void {
    this.run(async () => {
      ({ identity: this.identity, proven: this.proven, before: this.before } = await recall(stored));
    });
  }

  heard(message: ServerMessage): void {
    this.run(() => this.onMessage(message), message.type === 'delivered' || message.type === 'key-offered');
  }

  say(text: string, to: Audience, ref?: string): void {
    this.run(async () => {
      this.outbox.add(text, to, ref);
      await this.speak();
    });
  }

  // A click: this arrival is let in.
  admit(arrival: number, seat: number, leads: boolean): void {
    this.run(async () => {
      this.admitted.set(arrival, { leads, seat, at: this.clock.now() });
      await this.tend();
    });
  }

  watchWords(on: boolean): void {
    this.wordsWanted = on;
    this.run(() => this.workOutWords());
  }

  // The words were compared, and are the same. A facilitator says so for everyone who knows their key.
  compared(): void {
    this.run(async () => {
      this.hold = null;
      this.reseating = false;
      if (this.group?.self.facilitator) this.out.send({ type: 'send', audience: 'everyone', payload: await this.talk.compared(this.group) });
    });
  }

  dismiss(trouble: Trouble): void {
    this.run(async () => void this.troubles.delete(trouble));
  }

  // Once everything asked for so far is done.
  idle(): Promise<void> {
    return this.queue;
  }

  stop(): void {
    this.run(async () => {
      this.leaveGroup();
      this.out.store(null);
      this.stopped = true;
      this.wake?.();
      this.packages.forEach(wipeKeyPackage);
      this.identity?.sign.fill(0);
      this.identity?.seal.fill(0);
    });
  }

  // -- one thing at a time -------------------------------------------------------------------------------------------

  private run(task: () => Promise<void>, mayDrop = false): void {
    if (this.stopped) return;
    if (this.waitingTasks >= (mayDrop ? mostTasks : 4 * mostTasks)) {
      this.troubles.add('flood');
      return;
    }
    this.waitingTasks += 1;
    this.queue = this.queue.then(async () => {
      this.waitingTasks -= 1;
      if (this.stopped) return;
      try {
        await task();
      } catch {
        await this.startOver();
      }
      if (!this.stopped) this.tell();
    });
  }

  // What nobody foresaw: the group's state may be half changed, so it is let go, and we are added anew.
  private async startOver(): Promise<void> {
    this.troubles.add('stuck');
    this.dropGroup();
    await this.offer().catch(() => undefined);
  }

  private async onMessage(message: ServerMessage): Promise<void> {
    switch (message.type) {
      case 'welcome':
        return this.onWelcome(message);
      case 'state':
        return this.onState(message);
      case 'roster':
        return this.onRoster(message);
      case 'joined':
      case 'changed':
        this.seen(message.person);
        this.settleSides();
        return this.tend();
      case 'left':
        for (const [arrival, { seat }] of this.present ?? []) if (seat === message.seat) this.present?.delete(arrival);
        this.settleSides();
        return this.tend();
      case 'breakouts':
        this.breakouts = message.rooms;
        this.settleSides();
        return this.tend();
      case 'waiting':
        return this.onWaiting(message);
      case 'key-offered':
        return this.onOffer(message);
      case 'groups':
        this.told = message.groups;
        for (const one of this.all()) one.standing = this.standingOf(one.audience);
        return this.tend();
      case 'group-opened':
        return this.onOpened(message);
      case 'committed':
        await this.membership(message.group)?.committed(message);
        return this.tend();
      case 'group-welcome':
        return this.onInvited(message);
      case 'delivered':
        return this.onDelivered(message);
      case 'refused':
        return this.onRefused(message);
      default:
        return;
    }
  }

  // -- coming and going ----------------------------------------------------------------------------------------------

  private async onWelcome({ seat, arrival, permissions, resumed, kept, state }: Of<'welcome'>): Promise<void> {
    if (!resumed) this.leaveGroup();
    this.me = { seat, arrival };
    this.mayAdmit = permissions.admit;
    this.stage = state;
    this.introducedTo.clear(); // what was on its way may be lost
    if (kept) return;
    this.present = null;
    this.waiting.clear();
    this.told = undefined;
    this.main.standing = undefined;
    this.leaveSides(); // what was said of them meanwhile is not known: we are added anew
    if (!this.identity) {
      this.identity = await newIdentity();
      this.store();
    }
    if (!this.group) await this.offer();
    else this.main.commits.askAgain('everyone', this.group.epoch);
  }

  // Our KeyPackage, with what we have of groups: who lacks one is added anew.
  private async offer(): Promise<void> {
    if (!this.identity || !this.me) return;
    const mine = await makeKeyPackage(this.identity, this.me.seat, this.me.arrival, this.all().flatMap(({ audience, group }) => (group ? [audience] : [])));
    this.packages.unshift(mine);
    this.packages.splice(mostPackages).forEach(wipeKeyPackage);
    this.out.send({ type: 'key-package', key_package: toBase64Url(mine.bytes) });
  }

  private async onState({ state, why }: Of<'state'>): Promise<void> {
    if (state === 'gone') return this.stop();
    if (state === 'present') this.stage = 'present';
    if (state === 'waiting') {
      this.stage = 'waiting';
      this.present = null;
      if (why === 'moved-back') {
        this.leaveGroup();
        await this.offer();
      }
    }
    await this.speak();
  }

  private async onRoster({ people }: Of<'roster'>): Promise<void> {
    this.stage = 'present';
    this.present = new Map();
    this.breakouts = 0; // where some stand, that is said next
    people.forEach((person) => this.seen(person));
    this.settleSides();
    if (this.group) this.acknowledgeSoon();
    await this.tend();
  }

  private seen({ arrival, seat, role, away, room }: Of<'roster'>['people'][number]): void {
    const known = this.present;
    if (!known) return;
    for (const [other, one] of known) if (one.seat === seat && other !== arrival) known.delete(other);
    known.set(arrival, { arrival, seat, leads: leads(role), away, room: room ?? 'everyone' });
  }

  private async onWaiting({ arrivals }: Of<'waiting'>): Promise<void> {
    this.waiting.clear();
    for (const { arrival, seat, role } of arrivals) this.waiting.set(arrival, { seat, leads: leads(role ?? 'member') });
    for (const arrival of this.introducedTo) if (!this.waiting.has(arrival)) this.introducedTo.delete(arrival);
    await this.introduceOurselves();
    await this.tend();
  }

  private async onOffer({ arrival, seat, key_package }: Of<'key-offered'>): Promise<void> {
    const bytes = fromBase64Url(key_package);
    const seen = bytes && (await readKeyPackage(bytes));
    if (!seen || seen.arrival !== arrival || seen.seat !== seat) return; // not who the room says it is
    this.offers.delete(arrival);
    this.offers.set(arrival, seen);
    if (this.offers.size > mostOffers) this.offers.delete(this.offers.keys().next().value!);
    await this.introduceOurselves();
    await this.tend();
  }

  // Who waits learns our keys, so that what they write can be read by us alone.
  private async introduceOurselves(): Promise<void> {
    const around = this.around();
    if (!around || !this.group?.self.facilitator || this.stage !== 'present') return;
    for (const arrival of this.waiting.keys()) {
      if (this.introducedTo.has(arrival) || !this.offers.has(arrival)) continue;
      this.introducedTo.add(arrival);
      this.out.send({ type: 'send', audience: { arrival }, payload: await this.talk.introduction(around, arrival), ref: this.ref() });
    }
  }

  // -- the group -----------------------------------------------------------------------------------------------------

  // Makes the groups what the room is, where that is ours to do, and says what waited for them.
  private async tend(): Promise<void> {
    if (!this.me || !this.present) return this.speak();
    const times: (number | null)[] = [];
    for (const one of this.all()) times.push(await one.tend());
    await this.speak();
    const due = times.filter((at) => at !== null);
    this.wakeAt(due.length > 0 ? Math.min(...due) : null);
  }

  private async onOpened({ group, instance, by }: Of<'group-opened'>): Promise<void> {
    const membership = this.membership(group);
    const mine = await membership?.opened(by.arrival, instance);
    if (!membership) return;
    if (membership === this.main) this.words = null;
    if (!mine) return this.packages.length === 0 ? this.offer() : undefined;
    if (membership === this.main) {
      this.reseating = mine.over;
      this.hold = mine.over ? { mine: true, known: new Set() } : null;
    }
    await this.joined(membership);
  }

  private async onInvited({ group, instance, welcome }: Of<'group-welcome'>): Promise<void> {
    const membership = this.membership(group);
    const answer = await membership?.invited(welcome, instance);
    if (!membership || answer === 'not-ours') return;
    if (answer === 'refused') {
      this.troubles.add('refused');
      return this.offer();
    }
    if (membership === this.main) {
      const joined = this.main.group!;
      this.hold = this.heldAfter(joined);
      if (this.before && this.before.id !== joined.id) this.outbox.again();
      if (this.talk.strangers(joined)) this.troubles.add('stranger');
      this.talk.forgetIntroductions();
    }
    await this.joined(membership);
  }

  private async joined(membership: Membership): Promise<void> {
    await membership.moved('join', []);
    await this.offer();
    await this.introduceOurselves();
    await this.tend();
  }

  // Somebody who was in a group and is let into another cannot know who leads it: the words tell. A return into the same one is by
  // a facilitator whose key was known.
  private heldAfter(group: Group): { mine: boolean; known: ReadonlySet<string> } | null {
    if (!this.before) return this.hold;
    const { id, leaders } = this.before;
    const by = group.roster().find(({ leaf }) => leaf === group.welcomedBy);
    return id === group.id && by && leaders.includes(by.signatureKey) ? this.hold : { mine: false, known: new Set(leaders) };
  }

  // A new epoch: new words, and everybody says that they have its keys.
  private async moved(membership: Membership, removed: readonly Leaf[]): Promise<void> {
    for (const message of membership.commits.waited()) this.run(() => this.onDelivered(message));
    if (membership !== this.main) return;
    const group = this.main.group!;
    this.watch.moved(removed);
    this.before = { id: group.id, leaders: group.roster().flatMap(({ facilitator, signatureKey }) => (facilitator ? [signatureKey] : [])) };
    if (group.self.facilitator) {
      const seats = group.roster().map(({ seat, signatureKey, facilitator }) => [seat, { signatureKey, facilitator }] as const);
      this.proven = new Map([...(this.reseating ? this.proven : []), ...seats]);
      for (const { seat } of removed) if (!seats.some(([other]) => other === seat)) this.proven.delete(seat);
    }
    this.store();
    this.acknowledgeSoon();
    await this.workOutWords();
  }

  private acknowledgeSoon(): void {
    const epoch = this.group?.epoch;
    this.clock.after(this.clock.random() * acknowledgeSpreadMs, () =>
      this.run(async () => {
        const group = this.group;
        if (!group || group.epoch !== epoch || this.leadersHere(group).every(({ leaf }) => leaf === group.self.leaf)) return;
        this.out.send({ type: 'send', audience: 'facilitators', payload: await this.talk.acknowledge(group) });
      }),
    );
  }

  private async workOutWords(): Promise<void> {
    const { group } = this;
    if (!this.wordsWanted || !group || this.words?.epoch === group.epoch) return;
    this.words = { epoch: group.epoch, numbers: await wordNumbers(group.authenticator) };
  }

  private async onRefused({ what, reason, ref }: Of<'refused'>): Promise<void> {
    if (what === 'commits-since' && reason === 'stale' && this.group) {
      this.dropGroup(); // we cannot follow any more: added anew, or opened anew
      await this.offer();
      return this.tend();
    }
    if (what !== 'commit') return;
    const membership = this.all().find(({ group, commits }) => group && commits.refused(group, ref ?? ''));
    if (!membership?.group) return;
    if (reason === 'unknown-arrival' && membership === this.main) this.admitted.clear(); // gone before they were in
    if (reason === 'stale' && membership.commits.asksInVain(membership.audience, membership.group.epoch)) {
      this.troubles.add('stuck'); // the room's count has left ours: a group opened anew is the only way on
      if (membership === this.main) this.dropGroup();
      else membership.drop();
      membership.standing ??= { arrivals: [] };
      await this.offer();
      return this.tend();
    }
    this.wakeAt(this.clock.now() + askAgainAfterMs);
  }

  // -- what is said --------------------------------------------------------------------------------------------------

  private async onDelivered(message: Delivered): Promise<void> {
    const around = this.around();
    if (!around) return;
    const within = typeof message.audience === 'object' && 'group' in message.audience ? this.membership(message.audience.group) : this.main;
    const heard = await this.talk.open({ ...around, group: within?.group ?? null }, message);
    switch (heard.heard) {
      case 'payload': {
        const { seat, arrival } = heard.from;
        this.out.opened({ ...message, from: arrival === undefined ? { seat } : { seat, arrival } }, heard.text, heard.standing);
        break;
      }
      case 'acknowledged':
        this.watch.heard(heard.leaf, heard.epoch);
        break;
      case 'compared':
        if (this.hold && this.hold.known.has(heard.by.signatureKey)) this.hold = null;
        break;
      case 'introduced':
        await this.speak();
        break;
      case 'nothing':
        if (heard.why === 'later' && within?.group) within.commits.wait(message, within.audience, within.group.epoch);
        if (heard.why === 'unreadable' || heard.why === 'misdirected' || heard.why === 'stranger') this.troubles.add('unread');
        break;
    }
  }

  private async speak(): Promise<void> {
    const around = this.around();
    if (around) await this.outbox.speak(around, around.group ? this.leadersHere(around.group) : []);
  }

  private leadersHere(group: Group): Leaf[] {
    return group.roster().filter(({ facilitator, arrival, leaf }) => facilitator && (leaf === group.self.leaf || this.present?.get(arrival)?.away === false));
  }

  // -- inside --------------------------------------------------------------------------------------------------------

  private around(): Around | null {
    const { identity, me, group } = this;
    const keyOf = (arrival: number) => this.offers.get(arrival) ?? null;
    return identity && me ? { identity, me, group, present: this.stage === 'present', side: (name) => this.sides.get(name)?.group ?? (this.sides.has(name) ? null : undefined), keyOf, wall: () => this.clock.wall() } : null;
  }

  private get group(): Group | null {
    return this.main.group;
  }

  private all(): Membership[] {
    return [this.main, ...this.sides.values()];
  }

  private membership(name: GroupName): Membership | undefined {
    return name === 'everyone' ? this.main : this.sides.get(name);
  }

  // The smaller groups that are ours by where the room says we are; what we are out of is let go at once.
  private settleSides(): void {
    const own = this.me && this.present?.get(this.me.arrival);
    const wanted = new Set<GroupName>(own ? [...(own.room === 'everyone' ? [] : [own.room]), ...(own.leads && this.mayAdmit ? this.leadersSides() : [])] : []);
    for (const [name, side] of this.sides) {
      if (wanted.has(name)) continue;
      side.drop();
      this.sides.delete(name);
      this.sideWatches.delete(name);
    }
    for (const name of wanted) {
      if (this.sides.has(name)) continue;
      const side = new Membership(name, this.clock, this.host());
      side.standing = this.standingOf(name);
      this.sides.set(name, side);
      this.sideWatches.set(name, new Watch(this.clock, () => this.run(async () => undefined)));
    }
  }

  // Those who lead hold the keys of every breakout, so that they can come in at once; the others see that in its roster.
  private leadersSides(): GroupName[] {
    const breakouts = Array.from({ length: this.breakouts }, (_, at) => `breakout:${at + 1}` as const);
    return [...(this.within('facilitators').length > 1 ? (['facilitators'] as const) : []), ...breakouts];
  }

  private leaveSides(): void {
    for (const side of this.sides.values()) side.drop();
    this.sides.clear();
    this.sideWatches.clear();
  }

  // Somebody has the keys of a room within the group whom the room does not show there.
  private unseenWithin(): boolean {
    return [...this.sides.values()].some(({ audience, group }) => {
      const there = new Map(this.within(audience).map((one) => [one.arrival, one]));
      return group !== null && this.sideWatches.get(audience)?.unseen(group, this.present && there) === true;
    });
  }

  private standingOf(name: GroupName): { arrivals: number[] } | null | undefined {
    return this.told && (this.told.find(({ group }) => group === name) ?? null);
  }

  private within(name: GroupName): Seen[] {
    const present = [...(this.present?.values() ?? [])];
    if (name === 'everyone') return present;
    return present.filter((one) => (name === 'facilitators' ? one.leads : one.room === name || (one.leads && name.startsWith('breakout:'))));
  }

  private host(): MembershipHost {
    const proofs = (): Map<number, Proof> => new Map((this.group?.roster() ?? []).map(({ seat, signatureKey, facilitator }) => [seat, { signatureKey, facilitator }]));
    return {
      self: () => (this.identity && this.me ? { identity: this.identity, me: this.me } : null),
      mayAdmit: () => this.mayAdmit,
      within: (name) => this.within(name),
      everyone: () => this.group?.roster() ?? null,
      offers: (name) => new Map([...this.offers].filter(([, { hpkeKey }]) => (this.usedFor.get(hpkeKey) ?? name) === name)),
      used: ({ hpkeKey }, name) => {
        this.usedFor.set(hpkeKey, name);
        if (this.usedFor.size > mostUsed) this.usedFor.delete(this.usedFor.keys().next().value!);
      },
      admitted: this.admitted,
      proven: (name) => (name === 'everyone' ? this.proven : proofs()),
      reseating: (name) => name === 'everyone' && this.reseating,
      packages: () => this.packages,
      spent: (used) => {
        this.packages = this.packages.filter((one) => one !== used);
        wipeKeyPackage(used);
      },
      offer: () => this.offer(),
      send: (message) => this.out.send(message),
      keys: (keys) => this.out.keys(keys),
      forget: (name) => this.out.forget(name),
      trouble: (trouble) => void this.troubles.add(trouble),
      moved: (membership, removed) => this.moved(membership, removed),
      soon: (task) => this.run(task),
      ref: () => this.ref(),
    };
  }

  private dropGroup(): void {
    this.main.drop();
    this.words = null;
    this.watch.forget();
  }

  // Out of the room: nothing of the group stays.
  private leaveGroup(): void {
    this.leaveSides();
    this.dropGroup();
    this.outbox.drop();
    this.admitted.clear();
    this.offers.clear();
    this.proven.clear();
    this.hold = null;
    this.before = null;
    this.reseating = false;
    this.told = this.main.standing = undefined;
    this.present = null;
  }

  private wakeAt(at: number | null): void {
    this.wake?.();
    this.wake = at === null ? null : this.clock.after(Math.max(0, at - this.clock.now()), () => this.run(() => this.onWake()));
  }

  private async onWake(): Promise<void> {
    this.wake = null;
    for (const { commits, group } of this.all()) commits.resend(group);
    await this.tend();
  }

  private store(): void {
    if (this.identity) this.out.store(keep(this.identity, this.proven, this.before));
  }

  private ref(): string {
    return `${keeperRef}${(this.refs += 1)}`;
  }

  private tell(): void {
    const { group, present } = this;
    const lasting: Trouble[] = [];
    const within = this.unseenWithin();
    if (group && (this.watch.unseen(group, present) || within)) lasting.push('unseen');
    if (group && present && this.mayAdmit && !group.self.facilitator) lasting.push('not-leading');
    this.out.kept({
      state: group ? 'on' : 'waiting',
      seats: group ? here(group, present).map(({ seat }) => seat) : [],
      epoch: group?.epoch ?? 0,
      words: this.wordsWanted && group && this.words?.epoch === group.epoch ? this.words.numbers : null,
      hold: this.hold && { mine: this.hold.mine },
      silent: group && present ? this.watch.silent(group, present) : [],
      ask: this.main.asking,
      within: [...this.sides.values()].flatMap(({ audience, group: side }) => (side ? [{ group: audience, seats: side.roster().map(({ seat }) => seat) }] : [])),
      troubles: [...lasting, ...this.troubles],
    });
  }
}

const leads = (role: string): boolean => role === 'facilitator' || role === 'co_facilitator';
