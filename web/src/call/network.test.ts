// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { followNetwork } from './network';

function page(type?: string) {
  const events = new EventTarget();
  const connection = Object.assign(new EventTarget(), { type });
  const told: string[] = [];
  followNetwork({ events, connection }, { online: (moved) => void told.push(moved ? 'moved' : 'online'), nudge: () => void told.push('nudge') });
  return {
    told,
    says: (name: string) => void events.dispatchEvent(new Event(name)),
    becomes: (kind?: string) => {
      connection.type = kind;
      connection.dispatchEvent(new Event('change'));
    },
  };
}

describe('a network', () => {
  it('that is another says so once, though it was away in between', () => {
    const phone = page('wifi');
    phone.becomes('none');
    phone.says('offline');
    phone.becomes('cellular');
    phone.says('online');
    expect(phone.told).toEqual(['moved', 'online']);
  });

  it('that was gone is taken for another, where its kind is not told', () => {
    const desk = page();
    desk.says('offline');
    desk.becomes();
    desk.says('online');
    desk.becomes();
    expect(desk.told).toEqual(['nudge', 'moved', 'nudge']);
  });

  it('whose speed is estimated anew is no other', () => {
    const phone = page('cellular');
    for (let times = 0; times < 5; times += 1) phone.becomes('cellular');
    expect(phone.told).toEqual(Array.from({ length: 5 }, () => 'nudge'));
  });

  it('that is there again, says the browser, without having been gone', () => {
    const desk = page();
    desk.says('online');
    expect(desk.told).toEqual(['online']);
  });

  it('is followed where the browser has no word for its kind', () => {
    const events = new EventTarget();
    const told: boolean[] = [];
    followNetwork({ events, connection: undefined }, { online: (moved) => void told.push(moved), nudge: () => undefined });
    for (const name of ['offline', 'online']) events.dispatchEvent(new Event(name));
    expect(told).toEqual([true]);
  });
});
