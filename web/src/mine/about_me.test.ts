// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { aboutNames, aboutQuestions, answerOf, asked, chosenOf, keepTyped, preferNot, takeTyped } from './about_me';

describe('answers about background', () => {
  it('come back as they were given, whatever they are', () => {
    for (const question of aboutNames)
      for (const answer of [null, preferNot, 'words of my own', ...aboutQuestions[question]]) expect(answerOf(chosenOf(question, answer))).toBe(answer);
  });
  it('are none where somebody chose words of their own and wrote none', () => {
    expect(answerOf({ choice: 'own', words: '  ' })).toBeNull();
  });
  it('begin with nothing chosen', () => {
    expect(chosenOf('religion', null).choice).toBe('');
  });
  it('that could not be saved are there once, for the same person alone', () => {
    let held: string | null = null;
    const shelf = { get: () => held, put: (value: string | null) => void (held = value) };
    const typed = asked((name) => chosenOf(name, name === 'religion' ? 'my own way' : null));
    keepTyped(shelf, 'wren', 3, typed);
    expect(takeTyped(shelf, 'wren')).toEqual({ version: 3, typed });
    expect(takeTyped(shelf, 'wren')).toBeNull();
    keepTyped(shelf, 'wren', 3, typed);
    expect(takeTyped(shelf, 'robin')).toBeNull();
    expect(held).toBeNull();
    for (held of ['{', '[]', '{"person":"wren"}']) expect(takeTyped(shelf, 'wren')).toBeNull();
  });
});
