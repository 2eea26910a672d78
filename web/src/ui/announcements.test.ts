// SPDX-License-Identifier: Apache-2.0
// What is read out, and what is not.
import { describe, expect, it } from 'vitest';
import type { CallState } from '../call/model';
import { t } from '../texts/text';
import { announcements, nameIsComing } from './announcements';
import { emptyState, people, waitingList } from './sketch_session';

const room = (change: Partial<CallState> = {}): CallState => ({
  ...emptyState(),
  stage: { at: 'present' },
  self: { seat: 2, arrival: 9, role: 'member', mayAdmit: false, mayModerate: false, mayShare: false },
  people: people(5, 1),
  ...change,
});
const lead = (change: Partial<CallState> = {}): CallState =>
  room({ self: { seat: 1, arrival: 9, role: 'facilitator', mayAdmit: true, mayModerate: true, mayShare: false }, people: people(5, 0), ...change });
const changed = (before: CallState, seat: number, next: Partial<CallState['people'][number]>): CallState => ({
  ...before,
  people: before.people.map((one) => (one.seat === seat ? { ...one, ...next } : one)),
});

describe('announcements', () => {
  const before = room();
  it('say once whose sound one’s own line does not carry, and nothing of others’ lines', () => {
    const carried = (...thinned: number[]) => ({ carried: { pictures: 'none' as const, thinned } });
    const one = changed(before, 2, carried(3));
    const name = (seat: number): string => before.people.find((person) => person.seat === seat)!.alias!;
    expect(announcements(before, one)).toEqual([t('line.thinned', { names: name(3) })]);
    expect(announcements(one, changed(before, 2, carried(3, 4)))).toEqual([t('line.thinned', { names: name(4) })]);
    expect(announcements(one, changed(before, 2, carried()))).toEqual([]);
    expect(announcements(before, changed(before, 4, carried(3)))).toEqual([]);
  });
  it('say who has joined and who has left', () => {
    expect(announcements(before, room({ people: people(6, 1) }))).toEqual(['Finch has joined.']);
    expect(announcements(before, room({ people: people(4, 1) }))).toEqual(['Rowan has left.']);
  });
  it('say nothing when nothing changed, nor of what one does oneself', () => {
    expect(announcements(before, before)).toEqual([]);
    expect(announcements(before, changed(before, 2, { hand: 1, camera: true, privateNow: true }))).toEqual([]);
  });
  it('say hands with their number, and when one’s own number moves up', () => {
    expect(announcements(before, changed(before, 4, { hand: 2 }))).toEqual(['Wren raised a hand, number 2.']);
    const third = changed(before, 2, { hand: 3 });
    expect(announcements(third, changed(third, 2, { hand: 2 }))).toEqual(['You are now number 2.']);
  });
  it('say a lost line and the return, and "not private now"', () => {
    const lost = changed(before, 3, { away: true });
    expect(announcements(before, lost)).toEqual(['Willow has lost connection.']);
    expect(announcements(lost, before)).toEqual(['Willow is back.']);
    expect(announcements(before, changed(before, 3, { privateNow: true }))).toEqual(['Willow is not private now.']);
  });
  it('say who is in a private room and who is back, and to the two where they are', () => {
    const apart = changed(before, 3, { room: 'private:3', aside: true });
    expect(announcements(before, apart)).toEqual(['Willow is in a private room now.']);
    expect(announcements(apart, before)).toEqual(['Willow is back with the group.']);
    const mine = changed(changed(before, 2, { room: 'private:2' }), 1, { room: 'private:2' });
    expect(announcements(before, mine)).toEqual(['You are in a private room now. The group cannot see or hear you.']);
    expect(announcements(mine, before)).toEqual(['You are back with the group.']);
  });
  it('say a reaction once', () => {
    const once = changed(before, 5, { reaction: { name: 'with-you', until: 10 } });
    expect(announcements(before, once)).toEqual(['Rowan: With you.']);
    expect(announcements(once, changed(once, 5, { camera: true }))).toEqual([]);
  });
  it('say many who come or go at once as a number', () => {
    expect(announcements(before, room({ people: people(9, 1) }))).toEqual(['4 people have joined.']);
    expect(announcements(room({ people: people(9, 1) }), before)).toEqual(['4 people have left.']);
  });
  it('say to the other facilitators who paused the group, and not to who did it', () => {
    expect(announcements(lead(), lead({ paused: { why: 'facilitator', by: 4 } }))).toEqual(['Wren paused the group.']);
    expect(announcements(lead(), lead({ paused: { why: 'facilitator', by: 1 } }))).toEqual([]);
  });
  it('say that one’s own message was not sent, once', () => {
    const line = { id: 'a', at: 0, from: 2, fromWaiting: null, to: 'everyone', text: 'hello', own: true } as const;
    const failed = room({ chat: [{ ...line, state: 'failed' }] });
    expect(announcements(room({ chat: [{ ...line, state: 'sending' }] }), failed)).toEqual(['Your message was not sent.']);
    expect(announcements(failed, changed(failed, 5, { camera: true }))).toEqual([]);
  });
  it('tell a member nothing of the waiting room or the lock', () => {
    expect(announcements(before, room({ waiting: waitingList(2), locked: true }))).toEqual([]);
  });
  it('tell a facilitator who waits, who asks for help, and the lock', () => {
    expect(announcements(lead(), lead({ waiting: waitingList(2) }))).toEqual(['2 people are waiting.']);
    expect(announcements(lead(), lead({ helpAsked: [4] }))).toEqual(['Wren asked for help.']);
    expect(announcements(lead(), lead({ locked: true }))).toEqual(['The room is locked.']);
  });
  it('say that a whiteboard is open, who may draw on it, and that it is closed', () => {
    const board = { by: 1, all: false, marks: [] };
    const open = room({ board });
    expect(announcements(before, open)).toEqual(['A whiteboard is open. Robin opened it.', 'The facilitators draw on it.']);
    expect(announcements(lead(), lead({ board }))).toEqual([]); // one’s own doing
    expect(announcements(lead(), lead({ board: { ...board, by: 3 } }))).toEqual(['A whiteboard is open. Willow opened it.', 'You can draw on the whiteboard.']);
    expect(announcements(open, room({ board: { ...board, all: true } }))).toEqual(['You can draw on the whiteboard.']);
    expect(announcements(room({ board: { ...board, all: true } }), open)).toEqual(['Only the facilitators draw on the whiteboard now.']);
    expect(announcements(lead({ board }), lead({ board: { ...board, all: true } }))).toEqual([]);
    expect(announcements(open, before)).toEqual(['The whiteboard is closed. We do not keep what was on it.']);
    const aside = changed(before, 2, { room: 'private:2' });
    expect(announcements(open, aside)).not.toContain('The whiteboard is closed. We do not keep what was on it.');
  });
  it('say whose turn it is, and one’s own', () => {
    const round = { seats: [3, 2], at: 0 };
    expect(announcements(before, room({ round }))).toEqual(['It is Willow’s turn.']);
    expect(announcements(room({ round }), room({ round: { ...round, at: 1 } }))).toEqual(['It is your turn.']);
    expect(announcements(room({ round }), before)).toEqual(['The round is over.']);
  });
  it('say nothing of the people there on the moment one comes in', () => {
    const waiting = room({ stage: { at: 'waiting', movedBack: false }, people: [] });
    expect(announcements(waiting, before)).toEqual([]);
  });
  it('say nothing of those who were there when the list of people comes a moment later', () => {
    expect(announcements(room({ people: [] }), before)).toEqual([]);
  });
  it('wait for the name of someone who has just come, not for one that never came', () => {
    const unnamed = room({ people: people(6, 1).map((one) => (one.seat === 6 ? { ...one, alias: null } : one)) });
    expect(nameIsComing(before, unnamed)).toBe(true);
    expect(nameIsComing(unnamed, unnamed)).toBe(false);
    expect(announcements(before, unnamed)).toEqual(['Someone new has joined.']);
  });
  it('read messages of others out, never one’s own', () => {
    const line = { id: 'a', at: 0, from: 3, fromWaiting: null, to: 'everyone' as const, text: 'Hello', own: false, state: 'sent' as const };
    expect(announcements(before, room({ chat: [line] }))).toEqual(['Message from Willow: Hello']);
    expect(announcements(before, room({ chat: [{ ...line, own: true }] }))).toEqual([]);
  });
});
