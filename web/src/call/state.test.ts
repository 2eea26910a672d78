// SPDX-License-Identifier: Apache-2.0
// The rules of the client, played as small scenes: what the room says, what others say, what time brings.
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../base/clock';
import type { Audience, PersonMessage, ServerMessage, Welcome } from './message';
import type { CallState, Devices, Role } from './model';
import { payloadText, open, type Payload, seal } from './payload';
import { type Effect, emptyRoom, type Event, memoryOf, type Room, type Wish } from './room';
import { reduce } from './state';
import { callState } from './view';

const devices: Devices = {
  cameras: [],
  microphones: [],
  speakers: [],
  camera: { on: false, chosen: null, trouble: null, preview: null, own: null },
  microphone: { on: true, chosen: null, trouble: null, level: 0 },
  speaker: { chosen: null },
  disguise: { picture: 'none', voice: 'none', masking: 'off' },
};

// One client and everything it was told to do; time moves only by advance().
class Scene {
  room: Room = emptyRoom;
  clock = new VirtualClock();
  done: Effect[] = [];
  private order = 100;

  event(event: Event): this {
    const { room, effects } = reduce(this.room, event, { now: this.clock.now(), wall: this.clock.wall() });
    this.room = room;
    this.done.push(...effects);
    for (const effect of effects) {
      if (effect.do === 'later') {
        this.clock.after(effect.ms + effect.spread * this.clock.random(), () => this.event({ type: 'due', ...effect.then }));
      }
    }
    return this;
  }
  server(message: ServerMessage): this {
    return this.event({ type: 'message', message });
  }
  wish(wish: Wish): this {
    return this.event({ type: 'wish', ...wish });
  }
  hear(seat: number, payload: Payload, audience: Audience = 'everyone', more: { arrival?: number; ref?: string; at?: number } = {}): this {
    const from = more.arrival === undefined ? { seat } : { seat, arrival: more.arrival };
    const ref = more.ref === undefined ? {} : { ref: more.ref };
    return this.server({ type: 'delivered', order: this.order++, at: more.at ?? 50_000 + this.clock.now(), from, audience, payload: seal(payload), ...ref });
  }
  // What this client has said since the last look, and to whom.
  said(): { kind: string; audience: Audience; payload: Payload }[] {
    const said = this.done.flatMap((e) => (e.do === 'say' ? [{ kind: e.payload.kind, audience: e.audience, payload: e.payload }] : []));
    this.done = [];
    return said;
  }
  get seen(): CallState {
    return callState(
      this.room,
      {
        devices,
        connection: { state: 'connected', tries: 0, retryAt: null },
        lineCheck: { state: 'not-run', word: null, roundTripMs: null },
        soundOnly: false,
        data: { usedBytes: 0, bytesPerSecond: null, saver: false },
        needsGestureForSound: false,
        backstage: false,
        clearView: false,
        clearOf: (seat) => ({ id: `clear ${seat}` }) as MediaStream,
        screenOf: () => null,
        share: null,
        shareTrouble: null,
        pictureOf: (seat) => ({ id: `picture ${seat}` }) as MediaStream,
        encryption: { kind: 'none', state: 'waiting', words: null, hold: null, silent: [], disputed: [], unopened: [], unsealed: [], ask: [], troubles: [] },
        keyed: () => true,
      },
      { now: this.clock.now(), wall: this.clock.wall() },
    );
  }
}

const person = (seat: number, role: Role = 'member', more: Partial<PersonMessage> = {}): PersonMessage => ({
  seat, arrival: seat * 10, role, place: seat, microphone: true, camera: true, away: false, muted: false, ...more,
});
const welcome = (seat: number, role: Role, more: Partial<Welcome> = {}): Welcome => ({
  type: 'welcome',
  version: 1,
  arrival: seat * 10,
  seat,
  role,
  permissions: { admit: role !== 'member', moderate: role !== 'member', publish_screen: false },
  state: 'arriving',
  resume: 'token-1',
  now: 50_000,
  resumed: false,
  encryption: 'none',
  ...more,
});
const roster = (...people: PersonMessage[]): ServerMessage => ({ type: 'roster', people, locked: false, paused: false, speaker: null });

// The same tab, loaded anew in the same seat: it knows what its memory says and nothing else.
const reloaded = (before: Scene, seat: number, role: Role): Scene =>
  new Scene()
    .event({ type: 'recalled', memory: memoryOf(before.room) })
    .server(welcome(seat, role, { state: 'present', resumed: true }))
    .server(roster(person(1, 'facilitator'), person(2, 'co_facilitator'), person(3), person(4)));
const leader = () => new Scene().server(welcome(1, 'facilitator', { state: 'present' }));
const groupAs = (seat: number, role: Role) =>
  new Scene()
    .server(welcome(seat, role, { state: 'present' }))
    .server(roster(person(1, 'facilitator'), person(2, 'co_facilitator'), person(3), person(4)));
const alias = (scene: Scene, seat: number) => scene.seen.people.find((p) => p.seat === seat)?.alias;

describe('the way in', () => {
  it('goes from connecting over arriving and waiting to present', () => {
    const scene = new Scene();
    const stages = [scene.seen.stage];
    scene.server(welcome(3, 'member'));
    stages.push(scene.seen.stage);
    scene.wish({ wish: 'ready' }).server({ type: 'state', state: 'waiting' });
    stages.push(scene.seen.stage);
    scene.server({ type: 'state', state: 'present' }).server(roster(person(1, 'facilitator'), person(3)));
    stages.push(scene.seen.stage);
    expect(stages).toEqual([{ at: 'connecting' }, { at: 'arriving' }, { at: 'waiting', movedBack: false }, { at: 'present' }]);
    expect(scene.done).toContainEqual({ do: 'send', message: { type: 'ready' } });
    expect(scene.done).toContainEqual({ do: 'keep-token', token: 'token-1' });
  });

  it('does not ask again whether someone is ready when the line was lost for too long', () => {
    const scene = new Scene().server(welcome(3, 'member')).wish({ wish: 'ready' }).server({ type: 'state', state: 'waiting' });
    scene.done = [];
    scene.server(welcome(3, 'member', { arrival: 31, resume: 'token-2' }));
    expect(scene.done).toContainEqual({ do: 'send', message: { type: 'ready' } });
  });

  it('asks for it again where the room cannot take them now', () => {
    const scene = new Scene().server(welcome(3, 'member')).wish({ wish: 'ready' }).server({ type: 'state', state: 'waiting' });
    scene.server(welcome(3, 'member', { arrival: 31, resume: 'token-2' }));
    expect(scene.seen.stage).toEqual({ at: 'connecting' });
    scene.server({ type: 'refused', what: 'ready', reason: 'full' });
    expect(scene.seen.stage).toEqual({ at: 'arriving' });
  });

  it('tells who was in the group, and must wait since the server lost it, that it was cut off', () => {
    const scene = groupAs(3, 'member');
    scene.server(welcome(3, 'member', { arrival: 31, resume: 'token-2' })).server({ type: 'state', state: 'waiting' });
    expect(scene.seen.stage).toEqual({ at: 'waiting', movedBack: false, interrupted: true });
    scene.server({ type: 'state', state: 'present' }).server(roster(person(1, 'facilitator'), person(3)));
    scene.server({ type: 'state', state: 'waiting', why: 'moved-back', by: 1 });
    expect(scene.seen.stage).toEqual({ at: 'waiting', movedBack: true });
  });

  it('starts media anew unless the server kept it', () => {
    const scene = new Scene().server(welcome(3, 'member'));
    expect(scene.done).toContainEqual({ do: 'fresh-peer' });
    scene.done = [];
    scene.server(welcome(3, 'member', { resumed: true, kept: true }));
    expect(scene.done).not.toContainEqual({ do: 'fresh-peer' });
  });

  it('being moved back forgets the group but not the line to the facilitators', () => {
    const scene = groupAs(3, 'member');
    scene.hear(4, { kind: 'chat', text: 'between us', id: 'x' });
    scene.wish({ wish: 'say', text: 'I feel dizzy', to: 'facilitators', id: 'mine' });
    scene.server({ type: 'state', state: 'waiting', why: 'moved-back', by: 1 });
    expect(scene.seen.stage).toEqual({ at: 'waiting', movedBack: true });
    expect(scene.seen.people).toEqual([]);
    expect(scene.seen.chat.map((line) => line.text)).toEqual(['I feel dizzy']);
  });

  it.each([
    ['left', 'left'], ['removed', 'removed'], ['declined', 'declined'], ['ended', 'ended'], ['superseded', 'superseded'], ['dropped', 'dropped'],
  ] as const)('gone because %s lets everything go and forgets the token', (why, shown) => {
    const scene = groupAs(3, 'member').server({ type: 'state', state: 'gone', why });
    expect(scene.seen.stage).toEqual({ at: 'gone', why: shown });
    expect(scene.seen.people).toEqual([]);
    expect(scene.done).toContainEqual({ do: 'keep-token', token: null });
    expect(scene.done).toContainEqual({ do: 'finish' });
  });

  it('a line that cannot be made says so at the start only', () => {
    const lost: Event = { type: 'over', verdict: { over: 'refused', why: 'unreachable' } };
    expect(new Scene().event(lost).seen.stage).toEqual({ at: 'refused', why: 'unreachable' });
    expect(groupAs(3, 'member').event(lost).seen.stage).toEqual({ at: 'present' });
  });
});

describe('names', () => {
  const booked = new Map([[1, 'Alex'], [2, 'Sam'], [3, 'Robin'], [4, 'Kit'], [9, 'Not here']]);

  it('are told by a facilitator, and only of people who are here', () => {
    const scene = groupAs(1, 'facilitator').wish({ wish: 'names', names: booked });
    scene.clock.advance(0);
    scene.done = [];
    scene.server({ type: 'joined', person: person(5) });
    scene.clock.advance(0);
    expect(scene.said().filter((s) => s.kind === 'names')).toEqual([
      { kind: 'names', audience: 'everyone', payload: { kind: 'names', names: { '1': 'Alex', '2': 'Sam', '3': 'Robin', '4': 'Kit' } } },
    ]);
  });

  it('are told by the second facilitator only where the first did not', () => {
    const silent = groupAs(2, 'co_facilitator').wish({ wish: 'names', names: booked });
    silent.done = [];
    silent.server({ type: 'joined', person: person(5) });
    silent.clock.advance(399);
    expect(silent.said().map((s) => s.kind)).not.toContain('names');
    silent.clock.advance(1);
    expect(silent.said().map((s) => s.kind)).toContain('names');

    const spoken = groupAs(2, 'co_facilitator').wish({ wish: 'names', names: booked });
    spoken.clock.advance(1000);
    spoken.done = [];
    spoken.server({ type: 'joined', person: person(5) });
    spoken.hear(1, { kind: 'names', names: { '1': 'Alex', '2': 'Sam', '3': 'Robin', '4': 'Kit', '5': 'New' } });
    spoken.clock.advance(1000);
    expect(spoken.said().map((s) => s.kind)).not.toContain('names');
  });

  it('said by a member are not believed', () => {
    const scene = groupAs(3, 'member').hear(4, { kind: 'names', names: { '1': 'Mallory' } });
    expect(alias(scene, 1)).toBeNull();
    scene.hear(1, { kind: 'names', names: { '1': 'Alex' } });
    expect(alias(scene, 1)).toBe('Alex');
  });
});

describe('hands', () => {
  it('stand in the order in which the room delivered them', () => {
    const scene = groupAs(3, 'member').hear(4, { kind: 'hand', up: true }).hear(3, { kind: 'hand', up: true }).hear(1, { kind: 'hand', up: true });
    const order = () => scene.seen.people.map((p) => [p.seat, p.hand]);
    expect(order()).toEqual([[1, 3], [2, null], [3, 2], [4, 1]]);
    scene.hear(4, { kind: 'hand', up: false });
    expect(order()).toEqual([[1, 2], [2, null], [3, 1], [4, null]]);
    scene.hear(1, { kind: 'lower-hands', seats: [3] });
    expect(order()).toEqual([[1, 1], [2, null], [3, null], [4, null]]);
  });

  it('raised twice keep their first place', () => {
    const scene = groupAs(3, 'member').hear(4, { kind: 'hand', up: true }).hear(3, { kind: 'hand', up: true }).hear(4, { kind: 'hand', up: true });
    expect(scene.seen.people.find((p) => p.seat === 4)?.hand).toBe(1);
  });

  it('are told to a newcomer once, within 300 ms, and nothing is said where there is nothing', () => {
    const scene = groupAs(3, 'member').hear(3, { kind: 'hand', up: true });
    scene.done = [];
    scene.server({ type: 'joined', person: person(5) }).server({ type: 'joined', person: person(6) });
    expect(scene.said()).toEqual([]);
    scene.clock.advance(300);
    expect(scene.said()).toEqual([{ kind: 'now', audience: 'everyone', payload: { kind: 'now', hand: 100, reaction: undefined, private: false } }]);

    const quiet = groupAs(4, 'member').server({ type: 'joined', person: person(5) });
    quiet.done = [];
    quiet.clock.advance(1000);
    expect(quiet.said()).toEqual([]);
  });

  it('told by `now` keep the place they had', () => {
    const scene = groupAs(3, 'member').hear(4, { kind: 'now', hand: 7 }).hear(1, { kind: 'hand', up: true });
    expect(scene.seen.people.map((p) => p.hand)).toEqual([2, null, null, 1]);
  });
});

describe('coming back after a reload', () => {
  it('asks for what is, since nothing is remembered, and says how it is itself', () => {
    const scene = new Scene().server(welcome(3, 'member', { state: 'present', resumed: true })).server(roster(person(1, 'facilitator'), person(3)));
    expect(scene.said().map((s) => s.kind)).toEqual(['ask-now', 'now']);
  });
  it('a newcomer need not ask', () => {
    const scene = new Scene().server(welcome(3, 'member')).server({ type: 'state', state: 'present' }).server(roster(person(1, 'facilitator'), person(3)));
    expect(scene.said()).toEqual([]);
  });
  it('is answered by the first facilitator with what runs', () => {
    const scene = groupAs(1, 'facilitator').hear(1, { kind: 'round', seats: [3, 4], at: 1 }).hear(1, { kind: 'order', seats: [4, 3] });
    scene.done = [];
    scene.hear(4, { kind: 'ask-now' });
    scene.clock.advance(300);
    expect(scene.said().map((s) => s.kind)).toEqual(['round', 'order', 'board']);
    const second = groupAs(2, 'co_facilitator').hear(1, { kind: 'round', seats: [3, 4], at: 1 });
    second.done = [];
    second.hear(4, { kind: 'ask-now' });
    second.clock.advance(1000);
    expect(second.said()).toEqual([]);
  });
  it('a raised hand keeps its place in the queue', () => {
    const before = groupAs(3, 'member').hear(4, { kind: 'hand', up: true }).hear(3, { kind: 'hand', up: true });
    const after = reloaded(before, 3, 'member');
    expect(after.said().find((s) => s.kind === 'now')?.payload).toMatchObject({ kind: 'now', hand: 101 });
    after.hear(4, { kind: 'now', hand: 100 });
    expect(after.seen.people.map((p) => p.hand)).toEqual([null, null, 2, 1]);
  });
  it('a facilitator who led alone still knows the round, the clock and the order', () => {
    const before = groupAs(1, 'facilitator')
      .hear(1, { kind: 'round', seats: [3, 4], at: 1 })
      .hear(1, { kind: 'timer', length: 300_000, left: 300_000, running: true })
      .hear(1, { kind: 'order', seats: [4, 3] });
    const { round, timer } = before.seen;
    const after = reloaded(before, 1, 'facilitator');
    expect(after.seen).toMatchObject({ round, timer, order: [4, 3] });
    expect(after.seen.people.map((p) => p.seat)).toEqual([4, 3, 1, 2]);
  });
  it('a facilitator hears from the other what was ended meanwhile', () => {
    const other = groupAs(2, 'co_facilitator');
    other.done = [];
    other.hear(1, { kind: 'ask-now' });
    other.clock.advance(1000);
    const told = other.said();
    expect(told.map((s) => s.kind)).toEqual(['round', 'timer', 'order', 'beside', 'board']);
    const before = groupAs(1, 'facilitator').hear(1, { kind: 'round', seats: [3, 4], at: 0 }).hear(1, { kind: 'beside', people: [{ seat: 9, way: 'phone', name: 'Elm' }] });
    const back = reloaded(before, 1, 'facilitator');
    expect(back.seen.beside).toMatchObject([{ seat: 9, way: 'phone' }]);
    for (const { payload } of told) back.hear(2, payload);
    expect(back.seen).toMatchObject({ round: null, timer: null, order: null, beside: null });
  });
  it('on a new arrival nothing is taken over but that somebody is not alone', () => {
    const before = groupAs(3, 'member').hear(3, { kind: 'hand', up: true }).wish({ wish: 'private', on: true });
    const after = new Scene()
      .event({ type: 'recalled', memory: memoryOf(before.room) })
      .server(welcome(3, 'member', { arrival: 77 }))
      .server({ type: 'state', state: 'present' })
      .server(roster(person(1, 'facilitator'), person(3)));
    expect(after.seen.people.map((p) => [p.hand, p.privateNow])).toEqual([[null, false], [null, true]]);
    expect(after.said().map((s) => s.payload)).toContainEqual({ kind: 'private', on: true });
  });
});

describe('chat', () => {
  it('is sending, then sent; a refusal says failed', () => {
    const scene = groupAs(3, 'member').wish({ wish: 'say', text: 'hello', to: 'everyone', id: 'a' }).wish({ wish: 'say', text: 'again', to: 'everyone', id: 'b' });
    const states = () => scene.seen.chat.map((line) => line.state);
    expect(states()).toEqual(['sending', 'sending']);
    scene.hear(3, { kind: 'chat', text: 'hello', id: 'a' }, 'everyone', { ref: 'a' });
    scene.server({ type: 'refused', what: 'send', reason: 'too-fast', ref: 'b' });
    expect(states()).toEqual(['sent', 'failed']);
  });

  it('said while the line was down is said again, and heard once', () => {
    const scene = groupAs(3, 'member').wish({ wish: 'say', text: 'hello', to: 'everyone', id: 'a' });
    scene.event({ type: 'line-lost' });
    scene.done = [];
    scene.server(welcome(3, 'member', { state: 'present', resumed: true })).server(roster(person(1, 'facilitator'), person(3)));
    expect(scene.said().filter((s) => s.kind === 'chat')).toHaveLength(1);

    const other = groupAs(4, 'member').hear(3, { kind: 'chat', text: 'hello', id: 'a' }).hear(3, { kind: 'chat', text: 'hello', id: 'a' });
    expect(other.seen.chat.map((line) => line.text)).toEqual(['hello']);
  });

  it("cannot overwrite another person's line by borrowing its id", () => {
    const scene = groupAs(1, 'facilitator').hear(3, { kind: 'chat', text: 'mine', id: 'a' }).hear(4, { kind: 'chat', text: 'not', id: 'a' });
    expect(scene.seen.chat.map((line) => [line.from, line.text])).toEqual([[3, 'mine'], [4, 'not']]);
  });

  it('from the waiting room reaches facilitators as a line from an arrival, and theirs comes back', () => {
    const scene = groupAs(1, 'facilitator').hear(5, { kind: 'note', text: 'am I early?' }, 'facilitators', { arrival: 77 });
    expect(scene.seen.chat[0]).toMatchObject({ from: 5, fromWaiting: 77, to: 'facilitators', own: false });
    scene.wish({ wish: 'say', text: 'two minutes', to: { arrival: 77 }, id: 'r' });
    expect(scene.said().at(-1)).toMatchObject({ kind: 'note', audience: { arrival: 77 } });

    const waits = new Scene().server(welcome(5, 'member', { arrival: 77 })).server({ type: 'state', state: 'waiting' });
    waits.hear(1, { kind: 'note', text: 'two minutes' }, { arrival: 77 });
    expect(waits.seen.chat.map((line) => line.text)).toEqual(['two minutes']);
    waits.wish({ wish: 'say', text: 'thank you', to: 'everyone', id: 'w' });
    expect(waits.said().at(-1)).toMatchObject({ kind: 'note', audience: 'facilitators' });
  });
});

describe('time that is shared', () => {
  it('a timer ends at the same instant for everyone, by the server clock', () => {
    const scene = groupAs(3, 'member').event({ type: 'clock', offset: 49_000 });
    scene.clock.advance(5_000); // now 5,000 here is 54,000 there
    scene.hear(1, { kind: 'timer', length: 300_000, left: 60_000, running: true }, 'everyone', { at: 53_000 });
    expect(scene.seen.timer).toEqual({ lengthMs: 300_000, endsAt: scene.clock.wall() + 59_000, leftMs: 60_000 });
  });

  it('a stopped timer keeps what was left, and goes on from there', () => {
    const scene = groupAs(1, 'facilitator').wish({ wish: 'timer', lengthMs: 60_000 });
    scene.hear(1, scene.said().at(-1)!.payload);
    scene.clock.advance(20_000);
    scene.wish({ wish: 'timer-runs', running: false });
    expect(scene.said().at(-1)!.payload).toEqual({ kind: 'timer', length: 60_000, left: 40_000, running: false });
  });

  it('a member cannot start one', () => {
    expect(groupAs(4, 'member').hear(3, { kind: 'timer', length: 1, left: 1, running: true }).seen.timer).toBeNull();
  });

  it('a reaction fades after six seconds, a later one lives its own six', () => {
    const scene = groupAs(3, 'member').hear(4, { kind: 'reaction', name: 'heart' });
    const shown = () => scene.seen.people.find((p) => p.seat === 4)?.reaction?.name;
    scene.clock.advance(5_000);
    scene.hear(4, { kind: 'reaction', name: 'thanks' });
    scene.clock.advance(1_500);
    expect(shown()).toBe('thanks');
    scene.clock.advance(4_500);
    expect(shown()).toBeUndefined();
  });

  it('who waits is shown on the clock of this page', () => {
    const scene = leader().event({ type: 'clock', offset: 49_000 });
    scene.server({ type: 'waiting', arrivals: [{ arrival: 5, seat: 3, since: 48_000, second: false, removed: false, moved_back: false, away: false }] });
    expect(scene.seen.waiting[0]?.since).toBe(-1_000);
  });
});

describe('rounds, order and help', () => {
  it('a round goes one after another and ends', () => {
    const scene = groupAs(1, 'facilitator').wish({ wish: 'round', seats: [4, 3] });
    const step = () => scene.hear(1, scene.said().at(-1)!.payload);
    step();
    expect(scene.seen.round).toEqual({ seats: [4, 3], at: 0 });
    scene.wish({ wish: 'next-in-round' });
    step();
    expect(scene.seen.round).toEqual({ seats: [4, 3], at: 1 });
    scene.wish({ wish: 'next-in-round' });
    step();
    expect(scene.seen.round).toBeNull();
  });

  it('the order for everyone comes first, whoever it does not name after it', () => {
    const scene = groupAs(3, 'member').hear(1, { kind: 'order', seats: [4, 3] });
    expect(scene.seen.people.map((p) => p.seat)).toEqual([4, 3, 1, 2]);
  });

  it('help that somebody asked for and then left is seen by the facilitator who comes next', () => {
    const scene = groupAs(2, 'co_facilitator').hear(9, { kind: 'help' }, 'facilitators');
    expect(scene.seen.helpAsked).toEqual([9]);
    expect(scene.hear(9, { kind: 'chat', text: 'who am I', id: 'x' }, 'facilitators').seen.chat).toEqual([]);
    expect(groupAs(3, 'member').hear(9, { kind: 'help' }, 'facilitators').seen.helpAsked).toEqual([]);
  });

  it('help asked is seen by facilitators until one answers, and by no member', () => {
    const scene = groupAs(2, 'co_facilitator').hear(4, { kind: 'help' }, 'facilitators');
    expect(scene.seen.helpAsked).toEqual([4]);
    scene.hear(1, { kind: 'help-answered', seat: 4 }, 'facilitators');
    expect(scene.seen.helpAsked).toEqual([]);
    expect(groupAs(3, 'member').hear(4, { kind: 'help' }, 'facilitators').seen.helpAsked).toEqual([]);
  });

  it('what somebody takes over their line stands at them, with a rate once they say one', () => {
    const scene = groupAs(2, 'co_facilitator').hear(4, { kind: 'receives', soundOnly: false, saver: true, megabytes: 84 }, 'facilitators');
    const seen = () => scene.seen.people.find(({ seat }) => seat === 4)?.receives;
    expect(seen()).toEqual({ soundOnly: false, saver: true, megabytes: 84, bytesPerSecond: null });
    scene.hear(4, { kind: 'receives', soundOnly: true, saver: false, megabytes: 85, bytesPerSecond: 5_500 }, 'facilitators');
    expect(seen()).toEqual({ soundOnly: true, saver: false, megabytes: 85, bytesPerSecond: 5_500 });
  });
});

describe('not private now', () => {
  it('switches off, tells everyone, and shows nobody here', () => {
    const scene = groupAs(3, 'member');
    scene.wish({ wish: 'private', on: true });
    expect(scene.done).toContainEqual({ do: 'switches-off' });
    expect(scene.said()).toEqual([{ kind: 'private', audience: 'everyone', payload: { kind: 'private', on: true } }]);
    expect(scene.seen.people.map((p) => p.picture)).toEqual([null, null, null, null]);
    scene.wish({ wish: 'private', on: false });
    expect(scene.seen.people.find((p) => p.seat === 4)?.picture).toEqual({ id: 'picture 4' });
  });
});

describe('microphones', () => {
  it('muted by a facilitator goes off; the mark goes when its owner switches it on', () => {
    const scene = groupAs(3, 'member').server({ type: 'muted', by: 1 });
    expect(scene.done).toContainEqual({ do: 'microphone-off' });
    expect(scene.seen.mutedBy).toBe(1);
    expect(scene.wish({ wish: 'microphone-switched', on: true }).seen.mutedBy).toBeNull();
  });
  it('asked to mute is asked, until it is off or put aside', () => {
    const asked = () => groupAs(3, 'member').server({ type: 'asked-to-mute', by: 2 });
    expect(asked().seen.askedToMute).toBe(2);
    expect(asked().wish({ wish: 'microphone-switched', on: false }).seen.askedToMute).toBeNull();
    expect(asked().wish({ wish: 'dismiss-asked-to-mute' }).seen.askedToMute).toBeNull();
  });
});

it('a payload that cannot be read changes nothing', () => {
  const scene = groupAs(3, 'member');
  const before = scene.room;
  scene.server({ type: 'delivered', order: 5, at: 1, from: { seat: 4 }, audience: 'everyone', payload: 'AAAA' });
  expect(open('AAAA')).toBeNull();
  expect(scene.room).toBe(before);
});

it('somebody who is not in the roster is not believed', () => {
  const scene = groupAs(3, 'member').hear(99, { kind: 'chat', text: 'ghost', id: 'g' });
  expect(scene.seen.chat).toEqual([]);
});

describe('in an encrypted room', () => {
  const keyedGroup = (seat: number, role: Role) =>
    new Scene()
      .server(welcome(seat, role, { state: 'present', encryption: 'required' }))
      .server(roster(person(1, 'facilitator'), person(3)))
      .event({ type: 'wish', wish: 'names', names: new Map([[1, 'Robin'], [3, 'Ash'], [5, 'Wren']]) });

  it('who is new is told names and what is only once they have keys', () => {
    const lead = keyedGroup(1, 'facilitator').event({ type: 'keyed', seats: [1, 3] });
    lead.clock.advance(2_000);
    lead.said();
    lead.server({ type: 'joined', person: person(5) });
    lead.clock.advance(2_000);
    expect(lead.said()).toEqual([]);
    lead.event({ type: 'keyed', seats: [1, 3, 5] });
    lead.clock.advance(2_000);
    expect(lead.said().map(({ kind }) => kind)).toContain('names');
  });

  it('a facilitator who has the keys of now and the others in them at once tells the names again: nobody heard them before', () => {
    const lead = keyedGroup(1, 'facilitator');
    lead.clock.advance(2_000);
    lead.said();
    lead.event({ type: 'keyed', seats: [1, 3] });
    lead.clock.advance(2_000);
    expect(lead.said().map(({ kind }) => kind)).toContain('names');
  });

  it('names that a facilitator said before somebody was in the keys do not count for them, however late they are given back', () => {
    const lead = keyedGroup(1, 'facilitator').event({ type: 'keyed', seats: [1] });
    lead.clock.advance(2_000);
    const [before] = lead.said().filter(({ kind }) => kind === 'names');
    lead.event({ type: 'keyed', seats: [1, 3] });
    const message = { type: 'delivered', from: { seat: 1 }, audience: 'everyone', payload: '', order: 9, at: 0 } as const;
    lead.event({ type: 'opened', message, text: payloadText(before!.payload), standing: { role: 'facilitator', waiting: false } });
    lead.clock.advance(2_000);
    expect(lead.said().map(({ kind }) => kind)).toContain('names');
  });

  it('who comes into the keys themselves greets nobody', () => {
    const member = keyedGroup(3, 'member').wish({ wish: 'private', on: true });
    member.said();
    member.event({ type: 'keyed', seats: [1, 3] });
    member.clock.advance(2_000);
    expect(member.said()).toEqual([]);
  });

  it('nothing delivered in the clear is heard', () => {
    const member = keyedGroup(3, 'member').event({ type: 'keyed', seats: [1, 3] }).hear(1, { kind: 'names', names: { '3': 'Mallory' } });
    expect(alias(member, 3)).not.toBe('Mallory');
  });
});
