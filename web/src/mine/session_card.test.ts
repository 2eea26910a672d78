// SPDX-License-Identifier: Apache-2.0
import { beforeAll, describe, expect, it } from 'vitest';
import { enMine } from '../texts/en_mine';
import { addTexts } from '../texts/text';
import { hereWords, saidWay } from './session_card';

const session = { date: '2026-11-23', time: '14:00', zone: 'Europe/London', startsAt: '2026-11-23T14:00:00Z' };

describe('when a session begins', () => {
  beforeAll(() => addTexts({ ...enMine }));
  it('is said once where this device has the same clock', () => {
    expect(hereWords(session, 'Europe/London')).toBeNull();
    expect(hereWords(session, 'Europe/Lisbon')).toBeNull();
  });
  it('is said for here, too, where the clock is another', () => {
    expect(hereWords(session, 'Europe/Paris')).toMatch(/time in London.*Monday 23 November at 3:00\s?pm/);
    expect(hereWords({ ...session, time: '23:30', startsAt: '2026-11-23T23:30:00Z' }, 'Europe/Paris')).toMatch(/Tuesday 24 November/);
  });
});

describe('the way that was said', () => {
  it('is theirs while it is offered, and else has not been said', () => {
    expect(saidWay({ way: 'video', ways: ['in_person', 'video'] })).toBe('video');
    expect(saidWay({ way: 'video', ways: ['in_person', 'phone'] })).toBeNull();
    expect(saidWay({ way: null, ways: ['video'] })).toBeNull();
  });
});
