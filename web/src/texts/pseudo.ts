// SPDX-License-Identifier: Apache-2.0
// Made-up languages for checks: a long, accented one (as long as Welsh or German) and a right-to-left one. A page that
// shows plain English in them has a text outside the catalogue; a page that breaks in them is too tight.
// Not in the production bundle: only the sketch entry and tests import it.
import { IntlMessageFormat } from 'intl-messageformat';
import { messageOf, type Locale } from './text';

interface Element {
  type: number; // 0 literal, 5 select, 6 plural, 8 tag: ICU MessageFormat's syntax tree
  value: string;
  options?: Record<string, { value: Element[] }>;
  children?: Element[];
}

const accents: Record<string, string> = {
  a: 'á', e: 'ë', i: 'ï', o: 'ö', u: 'ŵ', y: 'ŷ', A: 'Â', E: 'Ê', I: 'Î', O: 'Ô', U: 'Ŵ', c: 'ç', n: 'ñ',
};

export const lengthen = (text: string): string =>
  text.replace(/\p{L}+/gu, (word) => {
    const accented = [...word].map((letter) => accents[letter] ?? letter).join('');
    return word.length > 3 ? accented + word.slice(-2) : accented;
  });

const turned = (text: string): string => `\u202e${text}\u202c`;

const change = (elements: Element[], how: (text: string) => string): Element[] =>
  elements.map((element) => ({
    ...element,
    value: element.type === 0 ? how(element.value) : element.value,
    ...(element.options && {
      options: Object.fromEntries(
        Object.entries(element.options).map(([name, option]) => [name, { ...option, value: change(option.value, how) }]),
      ),
    }),
    ...(element.children && { children: change(element.children, how) }),
  }));

const pseudo = (direction: 'ltr' | 'rtl', how: (text: string) => string): Locale => ({
  tag: direction === 'rtl' ? 'ar' : 'cy',
  direction,
  source: (key) => {
    const tree = new IntlMessageFormat(messageOf(key), 'en-GB').getAst() as unknown as Element[];
    return new IntlMessageFormat(change(tree, how) as never, 'en-GB');
  },
});

export const long = pseudo('ltr', lengthen);
export const rightToLeft = pseudo('rtl', turned);
