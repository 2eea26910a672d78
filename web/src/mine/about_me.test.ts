// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { aboutNames, aboutQuestions, answerOf, chosenOf, preferNot } from './about_me';

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
});
