// SPDX-License-Identifier: Apache-2.0
// The kinds of a person's needs (NHS accessible information and reasonable adjustments, 001 to 011) and the names of languages, in
// words: for staff's pages and for facilitators in the room. Pure.
import { t } from './text';

export const needCategories = ['001', '002', '003', '004', '005', '006', '007', '008', '009', '010', '011'] as const;
const isCategory = (value: string): value is (typeof needCategories)[number] => (needCategories as readonly string[]).includes(value);
export const needWords = (category: string): string => (isCategory(category) ? t(`need.${category}`) : category);

// SNOMED CT concepts that are usual for a kind of need (the examples of the NHS accessible information standard's reference sets). Any
// other is typed.
export const usualCodes = [
  { category: '001', code: '441092009' },
  { category: '001', code: '285055002' },
  { category: '002', code: '520471000000105' },
  { category: '004', code: '1082671000000100' },
] as const;
const isUsual = (code: string): code is (typeof usualCodes)[number]['code'] => usualCodes.some((one) => one.code === code);
// With the code, so that it can be told from others like it.
const codeWords = (code: string): string => (isUsual(code) ? `${t(`need.code.${code}`)} (SNOMED CT ${code})` : `SNOMED CT ${code}`);

// What was written, and the code where there is one: a line each.
export const writtenNeed = ({ note, code }: { note: string; code: string }): string => [note, code ? codeWords(code) : ''].filter(Boolean).join('\n');

// BCP 47.
export const languageWords = (tag: string): string => {
  if (tag === 'bfi') return t('language.bfi');
  try {
    return new Intl.DisplayNames('en-GB', { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
};
