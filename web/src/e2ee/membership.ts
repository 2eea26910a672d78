// SPDX-License-Identifier: Apache-2.0
// One client's place in one MLS group: opens it where that is ours to do, adds and removes, follows what the room puts in order, and
// lets it go. The group of everyone and each smaller one (a private room, the facilitators' own) are kept by the same rules.
// Not here: who should be in (reconcile.ts), what is said (talk.ts), what the page is told (keeper.ts).
// Invariant: in a smaller group nobody counts who is not, under the same key and role, in the group of everyone: that is the one
// whose words were compared, and a server that made a smaller one of its own would be let into nothing.
import { fromBase64Url } from '../base/base64url';
import type { Clock } from '../base/clock';
import type { ClientMessage, GroupName } from '../call/message';
import { type Committed, Commits, type GroupNews } from './commits';
import type { Identity } from './identity';
import type { EpochKeys, Trouble } from './kept';
import { Group, type KeyPackageSeen, makeKeyPackage, type OwnKeyPackage, wipeKeyPackage } from './mls';
import type { Leaf } from './policy';
import { type Here, type Plan, reconcile } from './reconcile';
import type { Proof } from './stored';

export const askAgainAfterMs = 2_000;
const earlierSecretsForMs = 30_000;

// What it needs of the keeper.
export interface MembershipHost {
  self(): { identity: Identity; me: { seat: number; arrival: number } } | null;
  mayAdmit(): boolean;
  within(group: GroupName): Here[]; // who should be in it, by the room's word
  everyone(): readonly Leaf[] | null; // the group of everyone; null: not in it
  offers(group: GroupName): ReadonlyMap<number, KeyPackageSeen>; // by arrival: what was not used for another group
  used(seen: KeyPackageSeen, group: GroupName): void;
  readonly admitted: Map<number, { leads: boolean; seat: number; at: number }>;
  proven(group: GroupName): ReadonlyMap<number, Proof>;
  reseating(group: GroupName): boolean;
  packages(): readonly OwnKeyPackage[];
  spent(used: OwnKeyPackage): void; // of our packages
  offer(): Promise<void>; // another one
  send(message: ClientMessage): void;
  keys(keys: EpochKeys): void;
  forget(group: GroupName): void;
  trouble(trouble: Trouble): void;
  moved(membership: Membership, removed: readonly Leaf[]): Promise<void>; // a new epoch
  soon(task: () => Promise<void>): void; // in turn with everything else
  ref(): string;
}

export class Membership {
  group: Group | null = null;
  standing: { arrivals: readonly number[] } | null | undefined = undefined; // the room's book; undefined: not told yet
  asking: Plan['ask'] = [];
  readonly commits: Commits;
  private opening: { group: Group; over: boolean; at: number } | null = null;
  private since = new Map<string, number>();
  private lost = false; // a smaller group that we can no longer follow: we are added anew

  constructor(
    readonly audience: GroupName,
    private readonly clock: Clock,
    private readonly host: MembershipHost,
  ) {
    this.commits = new Commits(clock, (message) => {
      // What the room refuses to say again names no group, so it is asked for the group of everyone alone.
      if (message.type === 'commits-since' && audience !== 'everyone') this.lost = true;
      else host.send(message);
    });
  }

  // Makes the group what the room is, where that is ours to do. When to look again, if at all.
  async tend(): Promise<number | null> {
    const self = this.host.self();
    if (!self) return null;
    const { audience, host } = this;
    const now = this.clock.now();
    const plan = reconcile({
      now, me: self.me, audience, mayAdmit: host.mayAdmit(), present: host.within(audience), roster: this.group?.roster() ?? null,
      offers: host.offers(audience), admitted: host.admitted, proven: host.proven(audience), reseating: host.reseating(audience),
      standing: this.standing, since: this.since,
    });
    this.since = new Map(plan.needs.map((need) => [need, this.since.get(need) ?? now]));
    this.asking = plan.ask;
    if (plan.open) await this.open(plan.open.replace, self.identity, self.me);
    if (this.group && !this.commits.pending && (plan.adds.length > 0 || plan.removes.length > 0)) await this.commit(this.group, plan);
    const times = [plan.wakeAt, this.commits.dueAt, plan.open && this.opening ? this.opening.at + askAgainAfterMs : null].filter((at) => at !== null);
    return times.length > 0 ? Math.min(...times) : null;
  }

  private async open(replace: boolean, identity: Identity, { seat, arrival }: { seat: number; arrival: number }): Promise<void> {
    const now = this.clock.now();
    if (this.opening && now - this.opening.at < askAgainAfterMs) return;
    if (this.audience !== 'everyone' && !this.host.everyone()) return; // nobody in it could be proven
    const mine = await makeKeyPackage(identity, seat, arrival, []);
    this.opening = { group: await Group.open(this.audience, mine), over: replace && this.host.within(this.audience).length > 1, at: now };
    wipeKeyPackage(mine);
    this.host.send({ type: 'group-open', group: this.audience, ...(replace && { replace }), ref: this.host.ref() });
  }

  private async commit(group: Group, { adds, removes }: Plan): Promise<void> {
    const offers = this.host.offers(this.audience);
    const additions = adds.flatMap(({ arrival, facilitator }) => {
      const seen = offers.get(arrival);
      return seen ? [{ seen, facilitator }] : [];
    });
    const gone = group.roster().flatMap(({ leaf, arrival }) => (removes.includes(leaf) ? [arrival] : []));
    if (additions.length === 0 && gone.length === 0) return;
    for (const { seen } of additions) this.host.used(seen, this.audience);
    this.commits.propose(this.audience, await group.prepare(additions, removes), additions.map(({ seen }) => seen.arrival), gone, this.host.ref());
  }

  // The room says that it was opened (anew). Ours: what we have of it now; else we are out of it.
  async opened(by: number, instance: number): Promise<{ over: boolean } | null> {
    const mine = by === this.host.self()?.me.arrival ? this.opening : null;
    this.opening = null;
    this.standing = { arrivals: [by] };
    const over = this.group !== null || (mine?.over ?? false);
    this.drop();
    if (!mine) return null;
    this.group = mine.group;
    this.commits.begin(instance);
    return { over };
  }

  // A Welcome. 'not-ours': for a KeyPackage of before a reload, or that was used meanwhile; a newer one was offered.
  async invited(welcome: string, instance: number): Promise<'joined' | 'not-ours' | 'refused'> {
    const bytes = fromBase64Url(welcome);
    const self = this.host.self();
    if (this.group || !bytes || !self) return 'not-ours'; // nobody asked for it
    const everyone = this.host.everyone();
    if (this.audience !== 'everyone' && !everyone) return 'not-ours'; // once we are in that one we are added again
    const joined = await Group.join(this.audience, bytes, this.host.packages(), self.me.seat, self.me.arrival);
    if ('refused' in joined) return joined.refused === 'not-ours' ? 'not-ours' : 'refused';
    this.host.spent(joined.by);
    if (this.audience !== 'everyone' && !areOf(joined.group.roster(), everyone!)) {
      joined.group.forget();
      return 'refused';
    }
    this.group = joined.group;
    this.commits.begin(instance);
    return 'joined';
  }

  // What the room has put in order.
  async committed(message: Committed): Promise<void> {
    if (!this.group) return;
    let news: GroupNews | null = await this.commits.ordered(this.group, message);
    while (news) {
      await this.follow(news);
      news = this.group ? await this.commits.next(this.group) : null;
    }
    if (!this.lost) return;
    this.drop();
    await this.host.offer();
  }

  private async follow(news: GroupNews): Promise<void> {
    if (news.news === 'refused') return this.host.trouble('refused');
    if (news.news === 'out') {
      this.drop();
      if (this.host.packages().length === 0) await this.host.offer();
      return;
    }
    const { added, removed } = news.moved;
    const everyone = this.host.everyone();
    if (this.audience !== 'everyone' && everyone && !areOf(added, everyone)) {
      this.host.trouble('refused');
      this.drop();
      return this.host.offer();
    }
    if (this.audience === 'everyone') for (const { arrival } of added) this.host.admitted.delete(arrival);
    await this.moved(removed.length > 0 ? 'remove' : 'add', removed);
  }

  // A new epoch: new keys for the frames.
  async moved(cause: EpochKeys['cause'], removed: readonly Leaf[]): Promise<void> {
    const group = this.group!;
    const { epoch } = group;
    const leaves = group.roster().map(({ leaf, seat }) => ({ leaf, seat }));
    this.host.keys({ group: this.audience, epoch, baseKey: await group.baseKey(), self: group.self.leaf, leaves, cause });
    this.clock.after(earlierSecretsForMs, () => this.host.soon(async () => void (this.group?.epoch === epoch && this.group.forgetEarlier())));
    await this.host.moved(this, removed);
  }

  // Out of it: its secrets are wiped, here and where frames are sealed.
  drop(): void {
    this.lost = false;
    if (!this.group) return;
    this.commits.drop(this.group);
    this.group.forget();
    this.group = null;
    this.host.forget(this.audience);
  }
}

// Each of these is in the group of everyone, on the same seat, under the same key and in the same role.
const areOf = (leaves: readonly Leaf[], everyone: readonly Leaf[]): boolean =>
  leaves.every((leaf) =>
    everyone.some((one) => one.seat === leaf.seat && one.arrival === leaf.arrival && one.signatureKey === leaf.signatureKey && one.facilitator === leaf.facilitator),
  );
