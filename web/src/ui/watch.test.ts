// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readWatch, unplugged } from './watch';

const lists = (speakers: string[], microphones: string[] = []) => ({
  speakers: speakers.map((id) => ({ id, label: id })),
  microphones: microphones.map((id) => ({ id, label: id })),
});

describe('a headphone that comes out', () => {
  it.each<[string, ReturnType<typeof lists>, ReturnType<typeof lists>, boolean]>([
    ['one of two speakers goes', lists(['default', 'built-in', 'headphones']), lists(['default', 'built-in']), true],
    ['one comes', lists(['built-in']), lists(['built-in', 'headphones']), false],
    ['nothing changes', lists(['built-in']), lists(['built-in']), false],
    ['only other names of devices go', lists(['default', 'communications', 'built-in']), lists(['built-in']), false],
    ['the browser withholds the whole list', lists(['built-in', 'headphones']), lists([]), false],
    ['no speakers are named, and a headset’s microphone goes', lists([], ['built-in', 'headset']), lists([], ['built-in']), true],
    ['a microphone of its own goes, the speakers stay', lists(['built-in'], ['desk', 'built-in']), lists(['built-in'], ['built-in']), false],
  ])('when %s', (_what, before, after, gone) => expect(unplugged(before, after)).toBe(gone));
});

describe('what was decided beforehand', () => {
  const shelf = (kept: string | null) => ({ getItem: () => kept });
  it.each([[null, 'ask'], ['self', 'self'], ['no', 'no'], ['else', 'ask']] as const)('%s is %s', (kept, watch) => expect(readWatch(shelf(kept))).toBe(watch));
  it('is to be asked where storage is refused', () =>
    expect(readWatch({ getItem: () => { throw new Error('refused'); } })).toBe('ask'));
});
