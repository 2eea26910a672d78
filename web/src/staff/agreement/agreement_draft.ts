// SPDX-License-Identifier: Apache-2.0
// A version of a group's agreement as it is typed: where it starts, what it still lacks, and what is sent. Pure. Not here: the page.
import type { Fault } from '../../api/client';
import type { AgreementText, GroupAgreement } from '../../api/model';
import { t } from '../../texts/text';

export const mostPoints = 14;
const mostPoint = 400; // bytes
const mostEasy = 240;

const emptyText: AgreementText = { title: '', points: [''], easy: [{ symbol: 'talk', words: '' }], changed: '' };

// The newest version, else the trust's template, else an empty sheet. What is new is said anew each time.
export const startOf = ({ current, template }: Pick<GroupAgreement, 'current' | 'template'>): AgreementText => ({ ...(current?.text ?? template ?? emptyText), changed: '' });

const blank = (words: string): boolean => words.trim() === '';
const bytes = (words: string): number => new TextEncoder().encode(words).length;

// What is sent: without lines that hold nothing.
export const textToSend = (text: AgreementText): AgreementText => ({
  title: text.title.trim(),
  points: text.points.map((point) => point.trim()).filter((point) => point !== ''),
  easy: text.easy.map(({ symbol, words }) => ({ symbol, words: words.trim() })).filter(({ words }) => words !== ''),
  changed: text.changed.trim(),
});

export function agreementFaults(text: AgreementText, before: boolean): Fault[] {
  const own = (pointer: string, detail: string): Fault => ({ pointer, code: 'own', detail });
  return [
    ...(blank(text.title) ? [own('/title', t('agree.fault.title'))] : []),
    ...(text.points.every(blank) ? [own('/points/0', t('agree.fault.points'))] : []),
    ...text.points.flatMap((point, index) => (bytes(point.trim()) > mostPoint ? [own(`/points/${index}`, t('agree.fault.long'))] : [])),
    ...(text.easy.every(({ words }) => blank(words)) ? [own('/easy/0/words', t('agree.fault.easy'))] : []),
    ...text.easy.flatMap(({ words }, index) => (bytes(words.trim()) > mostEasy ? [own(`/easy/${index}/words`, t('agree.fault.long'))] : [])),
    ...(before && blank(text.changed) ? [own('/changed', t('agree.fault.changed'))] : []),
  ];
}

export const linesOf = (value: unknown): string =>
  Array.isArray(value) ? value.map((one: unknown) => (typeof one === 'string' ? one : String((one as { words?: string }).words ?? ''))).filter((one) => !blank(one)).join('\n') : '';
