// SPDX-License-Identifier: Apache-2.0
// Keeps one client in its group: hears what the room says, answers with commits, KeyPackages and sealed payloads, and tells the page
// how things stand. The room orders and carries; nothing that it says about who is who is believed without a key. Not here:
// cryptography (mls.ts), the rules (policy.ts, reconcile.ts), what payloads say. Runs in a worker (worker.ts) and under Node.
// Invariants: one thing at a time, in the order it came; what waits is bounded, and what is dropped is told; a commit of ours counts
// only once the room has put it in order.
import { fromBase64Url, toBase64Url } from '../base/base64url';
import type { Clock } from '../base/clock';
import type { Audience, ClientMessage, ServerMessage } from '../call/message';
import { type Committed, Commits, type GroupNews } from './commits';
import { type Identity, newIdentity } from './identity';
import { type EpochKeys, here, type Kept, type Trouble, Watch } from './kept';
import { Group, type KeyPackageSeen, makeKeyPackage, type OwnKeyPackage, readKeyPackage, wipeKeyPackage } from './mls';
import { Outbox } from './outbox';
import type { Leaf } from './policy';
import { type Here, type Plan, reconcile } from './reconcile';
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

const audience = 'everyone';
const mostTasks = 512;
const mostOffers = 128;
const mostPackages = 4;
const acknowledgeSpreadMs = 300;
const earlierSecretsForMs = 30_000;
const askAgainAfterMs = 2_000;

export class Keeper {
  private queue: Promise<void> = Promise.resolve();
  private waitingTasks = 0;
  private stopped = false;

  private identity: Identity | null = null;
  private me: { seat: number; arrival: number } | null = null;
  private mayAdmit = false;
  private present: Map<number, Here> | null = null; // by arrival; null: no roster since the last welcome
  private stage: 'arriving' | 'waiting' | 'present' = 'arriving';
  private readonly waiting = new Map<number, { seat: number; leads: boolean }>();
  private readonly offers = new Map<number, KeyPackageSeen>();
  private readonly introducedTo = new Set<number>();
  private packages: OwnKeyPackage[] = [];

  private group: Group | null = null;
  private readonly commits: Commits;
  private readonly talk = new Talk();
  private readonly outbox: Outbox;
  private readonly watch: Watch;
  private readonly admitted = new Map<number, { leads: boolean; seat: number; at: number }>();
  private proven = new Map<number, Proof>();
  private standing: { arrivals: number[] } | null | undefined = undefined;
  private opening: { group: Group; over: boolean; at: number } | null = null;
  private reseating = false;
  private asking: Plan['ask'] = [];
  private since = new Map<string, number>();
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
    this.commits = new Commits(clock, (message) => out.send(message));
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
        return this.tend();
      case 'left':
        for (const [arrival, { seat }] of this.present ?? []) if (seat === message.seat) this.present?.delete(arrival);
        return this.tend();
      case 'waiting':
        return this.onWaiting(message);
      case 'key-offered':
        return this.onOffer(message);
      case 'groups':
        this.standing = message.groups.find(({ group }) => group === audience) ?? null;
        return this.tend();
      case 'group-opened':
        return message.group === audience ? this.onOpened(message) : undefined;
      case 'committed':
        return message.group === audience ? this.onCommitted(message) : undefined;
      case 'group-welcome':
        return message.group === audience ? this.onInvited(message) : undefined;
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
    if (kept) return;
    this.present = null;
    this.waiting.clear();
    this.introducedTo.clear();
    this.standing = undefined;
    if (!this.identity) {
      this.identity = await newIdentity();
      this.store();
    }
    if (!this.group) await this.offer();
    else this.commits.askAgain(audience, this.group.epoch);
  }

  // Our KeyPackage, with what we have of groups: who lacks one is added anew.
  private async offer(): Promise<void> {
    if (!this.identity || !this.me) return;
    const mine = await makeKeyPackage(this.identity, this.me.seat, this.me.arrival, this.group ? [audience] : []);
    this.packages.unshift(mine);
    this.packages.splice(mostPackages).forEach(wipeKeyPackage);
    this.out.send({ type: 'key-package', key_package: toBase64Url(mine.bytes) });
  }

  // To be added we need one that was not used yet, whatever it says of groups.
  private async offerUnused(): Promise<void> {
    if (this.packages.length === 0) await this.offer();
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
    people.forEach((person) => this.seen(person));
    if (this.group) this.acknowledgeSoon();
    await this.tend();
  }

  private seen({ arrival, seat, role, away }: Of<'roster'>['people'][number]): void {
    const known = this.present;
    if (!known) return;
    for (const [other, one] of known) if (one.seat === seat && other !== arrival) known.delete(other);
    known.set(arrival, { arrival, seat, leads: leads(role), away });
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
      this.out.send({ type: 'send', audience: { arrival }, payload: await this.talk.introduction(around, arrival) });
    }
  }

  // -- the group -----------------------------------------------------------------------------------------------------

  // Makes the group what the room is, where that is ours to do, and says what waited for it.
  private async tend(): Promise<void> {
    const { me, present } = this;
    if (!me || !present) return this.speak();
    const now = this.clock.now();
    const plan = reconcile({
      now, me, audience, mayAdmit: this.mayAdmit, present: [...present.values()], roster: this.group?.roster() ?? null,
      offers: this.offers, admitted: this.admitted, proven: this.proven, reseating: this.reseating, standing: this.standing, since: this.since,
    });
    this.since = new Map(plan.needs.map((need) => [need, this.since.get(need) ?? now]));
    this.asking = plan.ask;
    if (plan.open) await this.open(plan.open.replace);
    if (this.group && !this.commits.pending && (plan.adds.length > 0 || plan.removes.length > 0)) await this.commit(this.group, plan);
    await this.speak();
    const times = [plan.wakeAt, this.commits.dueAt, plan.open && this.opening ? this.opening.at + askAgainAfterMs : null].filter((at) => at !== null);
    this.wakeAt(times.length > 0 ? Math.min(...times) : null);
  }

  private async open(replace: boolean): Promise<void> {
    const now = this.clock.now();
    if (!this.identity || !this.me || (this.opening && now - this.opening.at < askAgainAfterMs)) return;
    const mine = await makeKeyPackage(this.identity, this.me.seat, this.me.arrival, []);
    this.opening = { group: await Group.open(audience, mine), over: replace && (this.present?.size ?? 0) > 1, at: now };
    wipeKeyPackage(mine);
    this.out.send({ type: 'group-open', group: audience, ...(replace && { replace }), ref: this.ref() });
  }

  private async commit(group: Group, { adds, removes }: Plan): Promise<void> {
    const additions = adds.flatMap(({ arrival, facilitator }) => {
      const seen = this.offers.get(arrival);
      return seen ? [{ seen, facilitator }] : [];
    });
    const gone = group.roster().flatMap(({ leaf, arrival }) => (removes.includes(leaf) ? [arrival] : []));
    this.commits.propose(audience, await group.prepare(additions, removes), additions.map(({ seen }) => seen.arrival), gone, this.ref());
  }

  private async onOpened({ by }: Of<'group-opened'>): Promise<void> {
    const mine = by.arrival === this.me?.arrival ? this.opening : null;
    this.opening = null;
    this.standing = { arrivals: [by.arrival] };
    const over = this.group !== null || (mine?.over ?? false);
    this.dropGroup();
    if (!mine) return this.offerUnused();
    this.group = mine.group;
    this.reseating = over;
    this.hold = over ? { mine: true, known: new Set() } : null;
    await this.moved('join', []);
    await this.offer();
    await this.introduceOurselves();
    await this.tend();
  }

  private async onInvited({ welcome }: Of<'group-welcome'>): Promise<void> {
    const bytes = fromBase64Url(welcome);
    if (this.group || !bytes || !this.me) return; // nobody asked for it
    const joined = await Group.join(audience, bytes, this.packages, this.me.seat, this.me.arrival);
    if ('refused' in joined) {
      if (joined.refused === 'not-ours') return; // for a KeyPackage of before a reload; a newer one was offered
      this.troubles.add('refused');
      return this.offer();
    }
    this.group = joined.group;
    this.packages = this.packages.filter((one) => one !== joined.by);
    wipeKeyPackage(joined.by);
    this.hold = this.heldAfter(joined.group);
    if (this.before && this.before.id !== joined.group.id) this.outbox.again();
    if (this.talk.strangers(this.group)) this.troubles.add('stranger');
    this.talk.forgetIntroductions();
    await this.moved('join', []);
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

  private async onCommitted(message: Committed): Promise<void> {
    if (!this.group) return;
    let news: GroupNews | null = await this.commits.ordered(this.group, message);
    while (news) {
      await this.follow(news);
      news = this.group ? await this.commits.next(this.group) : null;
    }
    await this.tend();
  }

  private async follow(news: GroupNews): Promise<void> {
    if (news.news === 'refused') {
      this.troubles.add('refused');
      return;
    }
    if (news.news === 'out') {
      this.dropGroup();
      return this.offerUnused();
    }
    const { added, removed } = news.moved;
    for (const { arrival } of added) this.admitted.delete(arrival);
    await this.moved(removed.length > 0 ? 'remove' : 'add', removed);
    for (const message of this.commits.waited()) await this.onDelivered(message);
  }

  // A new epoch: new keys for the frames, new words, and everybody says that they have them.
  private async moved(cause: EpochKeys['cause'], removed: readonly Leaf[]): Promise<void> {
    const group = this.group!;
    this.watch.moved(removed);
    const leaves = group.roster().map(({ leaf, seat }) => ({ leaf, seat }));
    const baseKey = await group.baseKey();
    this.out.keys({ group: audience, epoch: group.epoch, baseKey, self: group.self.leaf, leaves, cause });
    this.before = { id: group.id, leaders: group.roster().flatMap(({ facilitator, signatureKey }) => (facilitator ? [signatureKey] : [])) };
    if (group.self.facilitator) {
      const seats = group.roster().map(({ seat, signatureKey, facilitator }) => [seat, { signatureKey, facilitator }] as const);
      this.proven = new Map([...(this.reseating ? this.proven : []), ...seats]);
      for (const { seat } of removed) if (!seats.some(([other]) => other === seat)) this.proven.delete(seat);
    }
    this.store();
    this.acknowledgeSoon();
    const epoch = group.epoch;
    this.clock.after(earlierSecretsForMs, () => this.run(async () => void (this.group?.epoch === epoch && this.group.forgetEarlier())));
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
    if (what !== 'commit' || !this.group || !this.commits.refused(this.group, ref ?? '')) return;
    if (reason === 'unknown-arrival') this.admitted.clear(); // gone before they were in
    if (reason === 'stale' && this.commits.asksInVain(audience, this.group.epoch)) {
      this.troubles.add('stuck'); // the room's count has left ours: a group opened anew is the only way on
      this.dropGroup();
      this.standing ??= { arrivals: [] };
      await this.offer();
      return this.tend();
    }
    this.wakeAt(this.clock.now() + askAgainAfterMs);
  }

  // -- what is said --------------------------------------------------------------------------------------------------

  private async onDelivered(message: Delivered): Promise<void> {
    const around = this.around();
    if (!around) return;
    const heard = await this.talk.open(around, message);
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
        if (heard.why === 'later' && this.group) this.commits.wait(message, audience, this.group.epoch);
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
    return identity && me ? { identity, me, group, present: this.stage === 'present', keyOf, wall: () => this.clock.wall() } : null;
  }

  private dropGroup(): void {
    if (this.group) {
      this.commits.drop(this.group);
      this.group.forget();
      this.out.forget(audience);
    }
    this.group = null;
    this.words = null;
    this.watch.forget();
  }

  // Out of the room: nothing of the group stays.
  private leaveGroup(): void {
    this.dropGroup();
    this.outbox.drop();
    this.admitted.clear();
    this.offers.clear();
    this.proven.clear();
    this.hold = null;
    this.before = null;
    this.reseating = false;
    this.standing = undefined;
    this.present = null;
  }

  private wakeAt(at: number | null): void {
    this.wake?.();
    this.wake = at === null ? null : this.clock.after(Math.max(0, at - this.clock.now()), () => this.run(() => this.onWake()));
  }

  private async onWake(): Promise<void> {
    this.wake = null;
    this.commits.resend(this.group);
    await this.tend();
  }

  private store(): void {
    if (this.identity) this.out.store(keep(this.identity, this.proven, this.before));
  }

  private ref(): string {
    return `mls${(this.refs += 1)}`;
  }

  private tell(): void {
    const { group, present } = this;
    const lasting: Trouble[] = [];
    if (group && this.watch.unseen(group, present)) lasting.push('unseen');
    if (group && present && this.mayAdmit && !group.self.facilitator) lasting.push('not-leading');
    this.out.kept({
      state: group ? 'on' : 'waiting',
      seats: group ? here(group, present).map(({ seat }) => seat) : [],
      epoch: group?.epoch ?? 0,
      words: this.wordsWanted && group && this.words?.epoch === group.epoch ? this.words.numbers : null,
      hold: this.hold && { mine: this.hold.mine },
      silent: group && present ? this.watch.silent(group, present) : [],
      ask: this.asking,
      troubles: [...lasting, ...this.troubles],
    });
  }
}

const leads = (role: string): boolean => role === 'facilitator' || role === 'co_facilitator';
