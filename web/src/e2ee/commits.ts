// SPDX-License-Identifier: Apache-2.0
// The order of commits, as one client follows it: our own that wait for the room's answer, others' as they come, the gaps between
// them, and what was said in an epoch that we have not reached. Not here: when to commit (reconcile.ts), what a commit does (mls.ts).
// Invariants: at most one commit of ours waits; it counts only where the room gives back the very bytes; what waits is bounded.
import { fromBase64Url, toBase64Url } from '../base/base64url';
import type { Clock } from '../base/clock';
import type { ClientMessage, GroupName, ServerMessage } from '../call/message';
import type { Group, Moved, Pending } from './mls';

export type Committed = Extract<ServerMessage, { type: 'committed' }>;
type Delivered = Extract<ServerMessage, { type: 'delivered' }>;
export type GroupNews = { news: 'moved'; moved: Moved } | { news: 'out' } | { news: 'refused' };

const mostKept = 32;
const askAgainAfterMs = 2_000;
const inVainAfter = 3;

export class Commits {
  private mine: { pending: Pending; message: Extract<ClientMessage, { type: 'commit' }>; at: number } | null = null;
  private ahead: Committed[] = [];
  private unread: Delivered[] = [];
  private askedAt = -Infinity;
  private stale = { epoch: -1, times: 0 };
  private instance = 1; // of the group, as the room counts its openings: epochs begin again with another

  constructor(
    private readonly clock: Clock,
    private readonly send: (message: ClientMessage) => void,
  ) {}

  // Another instance of the group: what waited of the last is of other keys.
  begin(instance: number): void {
    this.instance = instance;
    this.ahead = [];
    this.unread = [];
    this.stale = { epoch: -1, times: 0 };
  }

  get pending(): boolean {
    return this.mine !== null;
  }

  get dueAt(): number | null {
    return this.mine && this.mine.at + askAgainAfterMs;
  }

  propose(group: GroupName, pending: Pending, adds: number[], removes: number[], ref: string): void {
    const { epoch, commit, welcome } = pending;
    const message = { type: 'commit' as const, group, instance: this.instance, epoch, commit: toBase64Url(commit), ...(welcome && { welcome: toBase64Url(welcome) }), adds, removes, ref };
    this.mine = { pending, message, at: this.clock.now() };
    this.send(message);
  }

  // The room has not answered: the line may have dropped. It orders a commit once only, so saying it again does no harm.
  resend(group: Group | null): void {
    if (!group || !this.mine || this.clock.now() - this.mine.at < askAgainAfterMs) return;
    this.mine.at = this.clock.now();
    this.askAgain(this.mine.message.group, group.epoch);
    this.send(this.mine.message);
  }

  // A commit that the room has put in order. null: nothing to do (now).
  async ordered(group: Group, message: Committed): Promise<GroupNews | null> {
    if (message.epoch < group.epoch) return null; // seen, or said again
    if (message.epoch > group.epoch) {
      if (this.ahead.length < mostKept) this.ahead.push(message);
      this.askAgain(message.group, group.epoch);
      return null;
    }
    if (this.mine && message.commit === this.mine.message.commit) {
      const { pending } = this.mine;
      this.mine = null;
      return { news: 'moved', moved: group.accept(pending) };
    }
    const bytes = fromBase64Url(message.commit);
    const followed = bytes ? await group.process(bytes) : { refused: 'unreadable' as const };
    if ('refused' in followed) return { news: 'refused' };
    this.drop(group);
    return 'out' in followed ? { news: 'out' } : { news: 'moved', moved: followed.moved };
  }

  // What came too early and is due now.
  async next(group: Group): Promise<GroupNews | null> {
    this.ahead = this.ahead.filter(({ epoch }) => epoch >= group.epoch);
    const due = this.ahead.find(({ epoch }) => epoch === group.epoch);
    if (!due) return null;
    this.ahead = this.ahead.filter((one) => one !== due);
    return this.ordered(group, due);
  }

  // Said in an epoch that we have not reached.
  wait(message: Delivered, group: GroupName, epoch: number): void {
    this.unread.push(message);
    if (this.unread.length > mostKept) this.unread.shift();
    this.askAgain(group, epoch);
  }

  waited(): Delivered[] {
    return this.unread.splice(0);
  }

  askAgain(group: GroupName, epoch: number): void {
    if (this.clock.now() - this.askedAt < askAgainAfterMs) return;
    this.askedAt = this.clock.now();
    this.send({ type: 'commits-since', group, instance: this.instance, epoch });
  }

  // True where it was ours.
  refused(group: Group, ref: string): boolean {
    if (!this.mine || this.mine.message.ref !== ref) return false;
    group.drop(this.mine.pending);
    this.mine = null;
    return true;
  }

  // The room says that our epoch is over, and has nothing that would take us on.
  asksInVain(group: GroupName, epoch: number): boolean {
    this.stale = { epoch, times: this.stale.epoch === epoch ? this.stale.times + 1 : 1 };
    this.askAgain(group, epoch);
    return this.stale.times >= inVainAfter;
  }

  drop(group: Group | null): void {
    if (this.mine && group) group.drop(this.mine.pending);
    this.mine = null;
  }
}
