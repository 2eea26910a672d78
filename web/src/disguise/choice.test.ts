// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { type Agreed, agreedReader, asOneIs, disguiseReader, isDrawn, pictureLooks, presetOf, seenAs } from './choice';

describe('what was agreed', () => {
  it.each<[Agreed | null, ReturnType<typeof presetOf>]>([
    [null, { picture: 'none', voice: 'none' }],
    [{ picture: 'none', voice: 'none' }, { picture: 'none', voice: 'none' }],
    [{ picture: 'blur', voice: 'higher' }, { picture: 'blur', voice: 'higher' }],
    [{ picture: 'pixelate', voice: 'lower' }, { picture: 'pixelate', voice: 'lower' }],
    // A camera that should stay off shows nobody, if it is turned on all the same.
    [{ picture: 'off', voice: 'none' }, { picture: 'avatar', voice: 'none' }],
  ])('%o begins as %o', (agreed, preset) => expect(presetOf(agreed)).toEqual(preset));

  it('is refused where it is not understood, rather than taken for none', () => {
    expect(() => agreedReader({ picture: 'hat', voice: 'none' }, '')).toThrow();
    expect(() => agreedReader({ picture: 'blur' }, '')).toThrow();
    expect(() => disguiseReader({ picture: 'off', voice: 'none' }, '')).toThrow(); // an agreement, not a look
  });
});

it('what is drawn opens no camera', () => expect(pictureLooks.filter(isDrawn)).toEqual(['block', 'avatar']));

it.each(['off', 'loading', 'blurs-all'] as const)('with the background blurred and masks %s others see all of it blurred', (masking) => {
  expect(seenAs({ ...asOneIs, picture: 'background', masking })).toBe('blur');
});
it('and once the person is found, the person', () => {
  expect(seenAs({ ...asOneIs, picture: 'background', masking: 'on' })).toBe('background');
  expect(pictureLooks.filter((picture) => seenAs({ ...asOneIs, picture, masking: 'off' }) !== picture)).toEqual(['background']);
});
