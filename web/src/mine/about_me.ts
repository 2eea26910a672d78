// SPDX-License-Identifier: Apache-2.0
// The questions about a person's background (Equality Act 2010 section 4), each with its choices as the record keeps them. An answer is
// nothing, one of the choices, "prefer not to say", or words of their own. Pure. Not here: the form. Ethnicity: the groups of the
// census of England and Wales of 2021 (src/care/characteristics.h).
import type { Shelf } from '../lobby/link';

export const preferNot = 'prefer-not-to-say';

export const aboutQuestions = {
  age: ['16-24', '25-34', '35-44', '45-54', '55-64', '65-74', '75-and-over'],
  disability: ['yes', 'no'],
  ethnicity2021: [
    'white-british', 'white-irish', 'white-gypsy-or-irish-traveller', 'white-roma', 'white-other', 'mixed-white-and-black-caribbean',
    'mixed-white-and-black-african', 'mixed-white-and-asian', 'mixed-other', 'asian-indian', 'asian-pakistani', 'asian-bangladeshi',
    'asian-chinese', 'asian-other', 'black-caribbean', 'black-african', 'black-other', 'arab', 'other',
  ],
  sex: ['female', 'male'],
  genderReassignment: ['same', 'different'],
  sexualOrientation: ['heterosexual', 'gay-or-lesbian', 'bisexual'],
  religion: ['none', 'buddhist', 'christian', 'hindu', 'jewish', 'muslim', 'sikh'],
  marriage: ['single', 'married', 'civil-partnership', 'separated', 'divorced', 'widowed'],
  pregnancy: ['pregnant', 'baby-in-last-26-weeks', 'no'],
} as const;
export type AboutQuestion = keyof typeof aboutQuestions;
export const aboutNames = Object.keys(aboutQuestions) as readonly AboutQuestion[];
export type AboutAnswers = Record<AboutQuestion, string | null>;

// How an answer stands in the form: which choice, and the words where they are the person's own.
export type Chosen = { choice: string; words: string };
export const ownWords = 'own';
export const chosenOf = (question: AboutQuestion, answer: string | null): Chosen => {
  if (answer === null) return { choice: '', words: '' };
  const known = answer === preferNot || (aboutQuestions[question] as readonly string[]).includes(answer);
  return known ? { choice: answer, words: '' } : { choice: ownWords, words: answer };
};
export type Typed = Record<AboutQuestion, Chosen>;
export const asked = <T>(of: (question: AboutQuestion) => T): Record<AboutQuestion, T> => Object.fromEntries(aboutNames.map((name) => [name, of(name)])) as Record<AboutQuestion, T>;

// What was typed when the visit ran out, for whoever opens the same person's link again in this tab. Nothing is put there before.
export const keepTyped = (shelf: Shelf, person: string, version: number, typed: Typed): void => shelf.put(JSON.stringify({ person, version, typed }));
// Taken out: it is there once, and what another person typed is gone.
export const takeTyped = (shelf: Shelf, person: string): { version: number; typed: Typed } | null => {
  const text = shelf.get();
  shelf.put(null);
  try {
    const kept = JSON.parse(text ?? 'null') as { person?: unknown; version?: unknown; typed?: Partial<Record<string, Partial<Chosen>>> } | null;
    if (kept?.person !== person || typeof kept.version !== 'number') return null;
    return { version: kept.version, typed: asked((name) => ({ choice: String(kept.typed?.[name]?.choice ?? ''), words: String(kept.typed?.[name]?.words ?? '') })) };
  } catch {
    return null;
  }
};
export const answerOf = ({ choice, words }: Chosen): string | null => (choice === '' ? null : choice === ownWords ? words.trim() || null : choice);
