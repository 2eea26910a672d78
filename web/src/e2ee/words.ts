// SPDX-License-Identifier: Apache-2.0
// The four words that a group compares: from the epoch authenticator (RFC 9420 section 8.7) through a slow hash, so that nobody can
// try out groups until the words fit. Not here: the lists (words_en.ts, words_cy.ts), when they are shown.
// Invariant: the same epoch gives the same words in every browser; a list has exactly 2,048.
const rounds = 1_000_000;
const wordBits = 11;
export const wordsShown = 4;

// Four numbers below 2,048: the same in every language.
export async function wordNumbers(authenticator: Uint8Array): Promise<number[]> {
  const key = await crypto.subtle.importKey('raw', Uint8Array.from(authenticator), 'PBKDF2', false, ['deriveBits']);
  const salt = new TextEncoder().encode('Quietroom words');
  const bits = new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', iterations: rounds, salt }, key, 48));
  const whole = bits.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) >> BigInt(48 - wordBits * wordsShown);
  return Array.from({ length: wordsShown }, (_, i) => Number((whole >> BigInt(wordBits * (wordsShown - 1 - i))) & 2047n));
}

export const wordsOf = (numbers: readonly number[], words: readonly string[]): string[] => numbers.map((number) => words[number] ?? '');
