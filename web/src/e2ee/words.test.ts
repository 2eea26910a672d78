// SPDX-License-Identifier: Apache-2.0
// The lists of words: as many as their numbers need, told apart by ear and eye, and none that could hurt.
import { describe, expect, it } from 'vitest';
import { wordNumbers, wordsOf } from './words';
import { wordsCy } from './words_cy';
import { wordsEn } from './words_en';

// One letter more, less or other.
function nextTo(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i += 1;
  return a.slice(i + 1) === b.slice(i + 1) || a.slice(i + 1) === b.slice(i) || a.slice(i) === b.slice(i + 1);
}

// A sample of what must never stand here: unkind, frightening, clinical, religious, of the body, or of what people have lost.
const never = {
  en: /^(ugly|stupid|idiot|crazy|mad|nuts|fat|thin|kill|die|dead|death|suicide|knife|gun|sword|bomb|blood|wound|pain|hurt|scar|fear|ghost|monster|hell|devil|god|angel|church|prayer|priest|pill|drug|needle|doctor|nurse|patient|hospital|clinic|therapy|section|bridge|cliff|noose|poison|mother|father|child|baby|brother|sister|wife|husband|prison|police|judge|weapon|slave|pig|cow|whale|donkey|monkey|turnip|vegetable|naked|kiss|sex|wine|beer|cider)$/,
  cy: /^(hyll|twp|gwallgof|tew|tenau|lladd|marw|cyllell|gwn|gwaed|poen|ofn|bwgan|uffern|diafol|duw|angel|eglwys|capel|gweddi|meddyg|nyrs|ysbyty|pilsen|nodwydd|gwenwyn|mam|tad|plentyn|brawd|chwaer|carchar|heddlu|barnwr|mochyn|asyn|mwnci|noeth|cusan|gwin|cwrw|seidr)$/,
};

describe.each([['en', wordsEn], ['cy', wordsCy]] as const)('the list of words in %s', (language, words) => {
  it('has 2,048, each once, in order, lower case, of three to nine letters', () => {
    expect(words.length).toBe(2048);
    expect(new Set(words).size).toBe(2048);
    expect([...words].sort()).toEqual(words);
    expect(words.filter((word) => !/^[a-z]{3,9}$/.test(word))).toEqual([]);
  });

  it('has none that begins another or is one letter away from it', () => {
    const close: string[] = [];
    words.forEach((one, i) => words.slice(i + 1).forEach((other) => (other.startsWith(one) || nextTo(one, other)) && close.push(`${one} ${other}`)));
    expect(close).toEqual([]);
  });

  it('has none that could hurt', () => {
    expect(words.filter((word) => never[language].test(word))).toEqual([]);
  });
});

it('words that are next to each other are found by this check', () => {
  expect([nextTo('hat', 'hit'), nextTo('hat', 'that'), nextTo('plain', 'plan'), nextTo('hat', 'hats'), nextTo('hat', 'hog')]).toEqual([true, true, true, true, false]);
});

it('a group has four words in each language, at the same places', async () => {
  const numbers = await wordNumbers(Uint8Array.from({ length: 32 }, (_, i) => i));
  expect(wordsOf(numbers, wordsEn)).toHaveLength(4);
  expect(wordsOf(numbers, wordsEn).every((word) => wordsEn.includes(word))).toBe(true);
  expect(wordsOf(numbers, wordsCy).every((word) => wordsCy.includes(word))).toBe(true);
});
