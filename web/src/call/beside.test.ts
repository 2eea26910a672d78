// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { heardBeside, sayBeside, tellBeside } from './beside';
import type { Role } from './model';
import { recall, remember } from './memory';
import { emptyRoom, memoryOf, type Room } from './room';

const room = (role: Role, more: Partial<Room> = {}): Room => ({
  ...emptyRoom,
  stage: { at: 'present' },
  self: { seat: 1, arrival: 1, role, mayAdmit: role === 'facilitator', mayModerate: role === 'facilitator', screen: false },
  ...more,
});
const people = [{ seat: 12, way: 'in_person' as const }, { seat: 13, way: 'phone' as const }];

describe('who takes part beside the room', () => {
  it('is told to everyone with the names that the group uses, and no others', () => {
    const booked = new Map([[12, 'Teasel'], [14, 'Bramble']]);
    expect(tellBeside(room('facilitator', { booked }), people)).toEqual({
      do: 'say', audience: 'everyone', payload: { kind: 'beside', people: [{ seat: 12, way: 'in_person', name: 'Teasel' }, { seat: 13, way: 'phone' }] },
    });
  });
  it('is known to a member only once it was told, and no more when it is taken away', () => {
    const told = heardBeside(room('member'), [{ seat: 12, way: 'in_person', name: 'Teasel' }]);
    expect(told.beside).toEqual([{ seat: 12, way: 'in_person' }]);
    expect(told.names.get(12)).toBe('Teasel');
    expect(heardBeside(told, []).beside).toBeNull();
  });
  it('is told to who comes later where it was told before, and not by itself', () => {
    expect(sayBeside(room('facilitator'), false)).toEqual([]);
    expect(sayBeside(room('facilitator', { beside: people }), false)).toHaveLength(1);
    expect(sayBeside(room('facilitator'), true)).toEqual([{ do: 'say', audience: 'everyone', payload: { kind: 'beside', people: [] } }]);
  });
  it('is kept over a reload by seats alone, by who leads', () => {
    const kept = remember({ ...memoryOf(room('facilitator', { beside: people, names: new Map([[12, 'Teasel']]) })), soundOnly: false });
    expect(kept).not.toContain('Teasel');
    expect(recall(kept)?.beside).toEqual(people);
    expect(memoryOf(room('member', { beside: people })).beside).toBeNull();
  });
});
