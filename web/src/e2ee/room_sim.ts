// SPDX-License-Identifier: Apache-2.0
// For tests: a delivery service in a few lines (docs/protocol.md, "Encryption"), honest unless told otherwise, and clients on it that
// are the real Keeper. Everything travels as JSON text; time is virtual. Not here: the real server (src/call), which has tests of
// its own.
import { VirtualClock } from '../base/clock';
import type { Audience, ClientMessage, GroupName, PersonMessage, ServerMessage } from '../call/message';
import { type Delivered, type EpochKeys, Keeper, type Kept } from './keeper';
import type { Standing } from './talk';

type Role = PersonMessage['role'];
export interface Opened {
  from: Delivered['from'];
  audience: Audience;
  text: string;
  standing: Standing;
}

export class Sim {
  stored: string | null = null;
  keeper!: Keeper;
  view: Kept | null = null;
  heard: Opened[] = [];
  keys: EpochKeys[] = [];
  failed: string[] = [];
  stage: 'arriving' | 'waiting' | 'present' | 'gone' = 'arriving';
  away = false;
  within: GroupName | undefined; // a room within the group
  keyPackage: string | null = null;

  constructor(
    readonly room: SimRoom,
    readonly seat: number,
    public arrival: number,
    readonly role: Role,
  ) {
    this.load();
  }

  // A page, with what the tab kept.
  load(): void {
    const keeper = new Keeper(this.room.clock, {
      send: (message) => keeper === this.keeper && this.room.receive(this, JSON.parse(JSON.stringify(message)) as ClientMessage),
      opened: ({ from, audience }, text, standing) => keeper === this.keeper && this.heard.push({ from, audience, text, standing }),
      kept: (view) => keeper === this.keeper && (this.view = view),
      keys: (keys) => this.keys.push(keys),
      forget: () => undefined,
      store: (text) => keeper === this.keeper && (this.stored = text),
      failed: (ref) => this.failed.push(ref),
    });
    this.keeper = keeper;
    this.keeper.recall(this.stored);
  }

  get leads(): boolean {
    return this.role === 'facilitator' || this.role === 'co_facilitator';
  }

  told(message: ServerMessage): void {
    if (this.away) return;
    this.keeper.heard(JSON.parse(JSON.stringify(message)) as ServerMessage);
  }

  texts(): string[] {
    return this.heard.map(({ text }) => text);
  }
}

interface Standing2 {
  instance: number;
  epoch: number;
  book: Set<number>;
  log: Extract<ServerMessage, { type: 'committed' }>[];
}

export class SimRoom {
  readonly clock = new VirtualClock();
  readonly all: Sim[] = [];
  readonly groups = new Map<GroupName, Standing2>();
  private openings = 0;
  order = 0;
  wire: ClientMessage[] = [];
  delivered: { to: Sim; message: ServerMessage }[] = [];
  private arrivals = 100;
  // Hostile: what the server does instead. Returning undefined drops the message to that client.
  meddle: (to: Sim, message: ServerMessage) => ServerMessage | undefined = (_to, message) => message;

  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; ) {
      const before = this.wire.length + this.delivered.length;
      await Promise.all(this.all.map(({ keeper }) => keeper.idle()));
      quiet = before === this.wire.length + this.delivered.length ? quiet + 1 : 0;
    }
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 100) {
      this.clock.advance(Math.min(100, left));
      await this.settle();
    }
  }

  present(): Sim[] {
    return this.all.filter(({ stage }) => stage === 'present');
  }

  tell(to: Sim, message: ServerMessage): void {
    const meddled = this.meddle(to, message);
    if (!meddled) return;
    this.delivered.push({ to, message: meddled });
    to.told(meddled);
  }

  welcome(sim: Sim, resumed: boolean, kept = false): void {
    const state = sim.stage === 'gone' ? 'arriving' : sim.stage;
    this.tell(sim, {
      type: 'welcome', version: 1, arrival: sim.arrival, seat: sim.seat, role: sim.role, state, resume: 't', now: 0, resumed, kept,
      permissions: { admit: sim.leads, moderate: sim.leads, publish_screen: sim.leads }, encryption: 'required',
    });
  }

  arrive(seat: number, role: Role = 'member'): Sim {
    const sim = new Sim(this, seat, (this.arrivals += 1), role);
    this.all.push(sim);
    this.welcome(sim, false);
    return sim;
  }

  async waits(seat: number, role: Role = 'member'): Promise<Sim> {
    const sim = this.arrive(seat, role);
    await this.settle();
    sim.stage = 'waiting';
    this.tell(sim, { type: 'state', state: 'waiting' });
    if (sim.keyPackage) this.offer(sim, sim.keyPackage);
    this.tellWaiting();
    await this.settle();
    return sim;
  }

  // Who needs no admission, or was admitted.
  enter(sim: Sim): void {
    const seated = this.present().find((one) => one.seat === sim.seat && one !== sim);
    if (seated) this.leave(seated);
    sim.stage = 'present';
    this.tell(sim, { type: 'state', state: 'present' });
    for (const one of this.present()) if (one !== sim) this.tell(one, { type: 'joined', person: this.person(sim) });
    this.roster(sim);
    this.tellWaiting();
  }

  roster(sim: Sim): void {
    this.tell(sim, { type: 'roster', people: this.present().map((one) => this.person(one)), locked: false, paused: false, speaker: null });
    if (!sim.leads) return;
    this.tellWaiting();
    this.tellGroups(sim);
    for (const one of this.all) if (one.keyPackage && one !== sim && one.stage !== 'gone') this.offer(one, one.keyPackage, sim);
  }

  async letIn(by: Sim, sim: Sim): Promise<void> {
    by.keeper.admit(sim.arrival, sim.seat, sim.leads);
    this.enter(sim);
    await this.settle();
  }

  leave(sim: Sim, how: 'left' | 'removed' | 'moved-back' = 'left'): void {
    sim.stage = how === 'moved-back' ? 'waiting' : 'gone';
    if (how === 'moved-back') this.tell(sim, { type: 'state', state: 'waiting', why: 'moved-back' });
    for (const [name, { book }] of this.groups) {
      book.delete(sim.arrival);
      if (book.size === 0) this.groups.delete(name);
    }
    for (const one of this.present()) this.tell(one, { type: 'left', seat: sim.seat, how });
    this.tellWaiting();
  }

  // The page is loaded anew: same arrival, no state.
  reload(sim: Sim): void {
    sim.load();
    sim.heard = [];
    sim.view = null;
    this.welcome(sim, true);
    if (sim.stage === 'present') this.roster(sim);
  }

  setAway(sim: Sim, away: boolean): void {
    sim.away = away;
    for (const one of this.present()) this.tell(one, { type: 'changed', person: this.person(sim) });
    if (!away) {
      this.welcome(sim, true);
      this.roster(sim);
    }
  }

  // Into a room within the group, or (undefined) back out of it; one that nobody is in is forgotten.
  async move(sims: Sim[], to?: GroupName): Promise<void> {
    const left = new Set(sims.map((sim) => sim.within));
    for (const sim of sims) {
      sim.within = to;
      for (const one of this.present()) this.tell(one, { type: 'changed', person: this.person(sim) });
    }
    for (const name of left) if (name && !this.present().some((one) => one.within === name)) this.groups.delete(name);
    for (const one of this.present()) if (one.leads) this.tellGroups(one);
    await this.settle();
  }

  // So many breakouts stand now.
  breakouts(rooms: number): void {
    for (const one of this.present()) this.tell(one, { type: 'breakouts', rooms, ...(rooms > 0 && { until: 1_000_000 }) });
    if (rooms === 0) for (const name of this.groups.keys()) if (name.startsWith('breakout:')) this.groups.delete(name);
  }

  receive(by: Sim, message: ClientMessage): void {
    if (by.away) return; // the line is lost
    this.wire.push(message);
    const refuse = (reason: string, ref?: string): void => this.tell(by, { type: 'refused', what: message.type, reason, ...(ref !== undefined && { ref }) });
    switch (message.type) {
      case 'key-package':
        by.keyPackage = message.key_package;
        if (by.stage === 'waiting' || by.stage === 'present') this.offer(by, message.key_package);
        return;
      case 'group-open': {
        const { group: name } = message;
        const stands = this.groups.get(name);
        const another = this.present().some((one) => one !== by && one.leads && !one.away && stands?.book.has(one.arrival));
        if (by.stage !== 'present' || !by.leads || (stands && (another || !message.replace))) return refuse('not-now', message.ref);
        this.groups.set(name, { instance: ++this.openings, epoch: 0, book: new Set([by.arrival]), log: [] });
        for (const one of this.present()) {
          if (name === 'everyone' || one === by || stands?.book.has(one.arrival)) this.tell(one, { type: 'group-opened', group: name, instance: this.openings, by: { seat: by.seat, arrival: by.arrival } });
        }
        for (const one of this.present()) if (one.leads) this.tellGroups(one);
        return;
      }
      case 'commit':
        return this.commit(by, message, refuse);
      case 'commits-since': {
        const group = this.groups.get(message.group);
        if (!group?.book.has(by.arrival) || message.instance !== group.instance || message.epoch > group.epoch) return refuse('stale');
        return group.log.filter(({ epoch }) => epoch >= message.epoch).forEach((one) => this.tell(by, one));
      }
      case 'send':
        return this.deliver(by, message);
      default:
        return;
    }
  }

  private commit(by: Sim, message: Extract<ClientMessage, { type: 'commit' }>, refuse: (reason: string, ref?: string) => void): void {
    const group = this.groups.get(message.group);
    if (!group || !group.book.has(by.arrival)) return refuse('not-allowed', message.ref);
    if (group.instance !== message.instance || group.epoch !== message.epoch) return refuse('stale', message.ref);
    if (message.adds.some((arrival) => !this.present().some((one) => one.arrival === arrival))) return refuse('unknown-arrival', message.ref);
    const { commit, adds, removes, epoch } = message;
    const committed = { type: 'committed' as const, group: message.group, epoch, from: { seat: by.seat, arrival: by.arrival }, commit, adds, removes };
    group.epoch += 1;
    group.log.push(committed);
    const before = [...group.book];
    removes.forEach((arrival) => group.book.delete(arrival));
    adds.forEach((arrival) => group.book.add(arrival));
    for (const one of this.all) if (before.includes(one.arrival)) this.tell(one, one === by ? { ...committed, ref: message.ref! } : committed);
    for (const one of this.all) {
      if (adds.includes(one.arrival)) this.tell(one, { type: 'group-welcome', group: message.group, instance: group.instance, epoch: epoch + 1, from: committed.from, welcome: message.welcome! });
    }
  }

  private deliver(by: Sim, { audience, payload, ref }: Extract<ClientMessage, { type: 'send' }>): void {
    const from = by.stage === 'present' ? { seat: by.seat } : { seat: by.seat, arrival: by.arrival };
    this.order += 1;
    const message = { type: 'delivered' as const, order: this.order, at: 0, from, audience, payload };
    const reads = (one: Sim): boolean => {
      if (one === by) return true;
      if (audience === 'everyone') return one.stage === 'present';
      if (audience === 'facilitators') return one.stage === 'present' && one.leads;
      if ('group' in audience) return one.stage === 'present' && (audience.group === 'facilitators' ? one.leads : one.within === audience.group);
      return 'seat' in audience ? one.stage === 'present' && one.seat === audience.seat : one.arrival === audience.arrival;
    };
    for (const one of this.all) if (one.stage !== 'gone' && reads(one)) this.tell(one, one === by && ref !== undefined ? { ...message, ref } : message);
  }

  offer(of: Sim, keyPackage: string, only?: Sim): void {
    for (const one of this.present()) {
      if (one.leads && (!only || one === only)) this.tell(one, { type: 'key-offered', arrival: of.arrival, seat: of.seat, role: of.role, key_package: keyPackage });
    }
  }

  tellGroups(to: Sim): void {
    const groups = [...this.groups].map(([group, { epoch, book }]) => ({ group, epoch, arrivals: [...book] }));
    this.tell(to, { type: 'groups', groups });
  }

  tellWaiting(): void {
    const arrivals = this.all.flatMap(({ stage, arrival, seat, role, away }) =>
      stage === 'waiting' ? [{ arrival, seat, role, since: 0, second: false, removed: false, moved_back: false, away }] : [],
    );
    for (const one of this.present()) if (one.leads) this.tell(one, { type: 'waiting', arrivals });
  }

  person({ seat, arrival, role, away, within }: Sim): PersonMessage {
    return { seat, arrival, role, place: seat, microphone: false, camera: false, away, muted: false, ...(within && { room: within }) };
  }
}
