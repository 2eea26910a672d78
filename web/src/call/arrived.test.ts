// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { askAnswers, heardAnswers, joinedNear, markedNear, sayAnswers, sayWhoIsNear, tellNear, tellNow } from './arrived';
import type { Answers, Role } from './model';
import { allowed, open, seal } from './payload';
import { emptyRoom, type Member, type Room } from './room';

const answers: Answers = { alone: false, headphones: true, carer: false, way: 'video' };
const member = (seat: number): Member => ({
  seat, role: 'member', place: seat, microphone: false, camera: false, away: false, muted: false, room: 'everyone', sharing: false, mayShare: false, cameraHeld: false,
  privateNow: false, hand: null, reaction: null,
});
const room = (role: Role, more: Partial<Room> = {}): Room => ({
  ...emptyRoom,
  stage: { at: 'present' },
  self: { seat: 1, arrival: 1, role, mayAdmit: role === 'facilitator', mayModerate: role === 'facilitator', screen: false },
  ...more,
});
const waiting = { arrival: 7, seat: 4, role: 'member' as const, since: 0, second: false, removed: false, movedBack: false, away: false };

describe('what was answered at arrival', () => {
  it('goes to facilitators alone', () => {
    expect(sayAnswers(room('member', { myAnswers: answers }))).toEqual([{ do: 'say', payload: { kind: 'answers', ...answers }, audience: 'facilitators' }]);
    expect(sayAnswers(room('member'))).toEqual([]);
    expect(allowed('answers', { role: null, waiting: true }, 'facilitators')).toBe(true);
    expect(allowed('answers', { role: 'member', waiting: false }, 'everyone')).toBe(false);
  });
  it('is remembered by who leads, and by nobody else', () => {
    expect(heardAnswers(room('facilitator'), 4, answers).answers.get(4)).toEqual(answers);
    expect(heardAnswers(room('member'), 4, answers).answers.size).toBe(0);
  });
  it('is asked for once where it was not heard', () => {
    const first = askAnswers(room('facilitator', { waiting: [waiting] }));
    expect(first.effects).toEqual([{ do: 'say', payload: { kind: 'ask-answers' }, audience: { arrival: 7 } }]);
    expect(askAnswers(first.room).effects).toEqual([]);
    expect(askAnswers(heardAnswers(room('facilitator', { waiting: [waiting] }), 4, answers)).effects).toEqual([]);
  });
});

describe('somebody near who may hear', () => {
  it('is told once the person is in, and to who joins later', () => {
    const wanted = tellNear(room('facilitator'), 4, true);
    expect(wanted.effects).toEqual([]);
    expect(joinedNear(wanted.room, 4)).toHaveLength(1);
    const inside = tellNow({ ...wanted.room, people: [member(4)] }, 4);
    expect(inside.effects).toEqual([{ do: 'say', payload: { kind: 'near', seat: 4, on: true }, audience: 'everyone' }]);
    expect(tellNow(inside.room, 4).effects).toEqual([]);
    expect(sayWhoIsNear(markedNear(room('facilitator'), 4, true))).toHaveLength(1);
  });
  it('is not for a member to say', () => {
    expect(allowed('near', { role: 'member', waiting: false }, 'everyone')).toBe(false);
    expect(allowed('near', { role: 'facilitator', waiting: false }, 'everyone')).toBe(true);
    expect(allowed('agreement', { role: 'supporter', waiting: false }, 'everyone')).toBe(false);
  });
});

it('the longest agreement that the service takes fits into one message of the room', () => {
  const easy = Array.from({ length: 14 }, () => ({ symbol: 'people', words: 'é'.repeat(60) }));
  const agreement = { number: 1, title: 't'.repeat(200), points: Array.from({ length: 14 }, () => 'p'.repeat(370)), easy };
  expect(new TextEncoder().encode(JSON.stringify({ ...agreement, changed: '' })).length).toBeGreaterThan(7_400); // more than it takes
  const sealed = seal({ kind: 'agreement', ...agreement });
  expect(sealed.length).toBeLessThanOrEqual(10_923);
  expect(open(sealed)).toEqual({ kind: 'agreement', ...agreement });
});
