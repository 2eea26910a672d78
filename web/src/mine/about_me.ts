// SPDX-License-Identifier: Apache-2.0
// The questions about a person's background (Equality Act 2010 section 4), each with its choices as the record keeps them. An answer is
// nothing, one of the choices, "prefer not to say", or words of their own. Pure. Not here: the form. Ethnicity: the groups of the
// census of England and Wales of 2021 (src/care/characteristics.h).
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
export const answerOf = ({ choice, words }: Chosen): string | null => (choice === '' ? null : choice === ownWords ? words.trim() || null : choice);
