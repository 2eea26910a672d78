// SPDX-License-Identifier: Apache-2.0
// Turns a key of the catalogue and its values into words (ICU MessageFormat). Every visible text goes through here; keys
// are typed, so a missing one does not compile. `rich` allows <b>…</b> in a message. Not here: dates (see clock_words).
// The staff pages and the pages behind a personal link bring their own texts when they are loaded (addTexts), so that nobody
// fetches what they do not see.
// Invariant: one locale at a time, chosen before the first page is drawn.
import { IntlMessageFormat } from 'intl-messageformat';
import { createElement, type ReactNode } from 'react';
import { en } from './en';
import { enBackstage } from './en_backstage';
import { enBoard } from './en_board';
import { enBreakouts } from './en_breakouts';
import { enDisguise } from './en_disguise';
import { enLine } from './en_line';
import { enPrepare } from './en_prepare';
import { enShare } from './en_share';
import type { enDuties } from './en_duties';
import type { enPrepareStaff } from './en_prepare_staff';
import type { enMessagesStaff } from './en_messages_staff';
import type { enMine } from './en_mine';
import type { enSafetyStaff } from './en_safety_staff';
import type { enStaff } from './en_staff';

export type TextKey =
  | keyof typeof en
  | keyof typeof enBackstage
  | keyof typeof enBoard
  | keyof typeof enBreakouts
  | keyof typeof enDisguise
  | keyof typeof enLine
  | keyof typeof enPrepare
  | keyof typeof enShare
  | keyof typeof enMine
  | keyof typeof enStaff
  | keyof typeof enPrepareStaff
  | keyof typeof enDuties
  | keyof typeof enSafetyStaff
  | keyof typeof enMessagesStaff;
export type Values = Readonly<Record<string, string | number>>;
export interface Locale {
  tag: string;
  direction: 'ltr' | 'rtl';
  source: (key: TextKey) => IntlMessageFormat;
}

const catalogue: Partial<Record<TextKey, string>> = { ...en, ...enBackstage, ...enBoard, ...enBreakouts, ...enDisguise, ...enLine, ...enPrepare, ...enShare };
export const messageOf = (key: TextKey): string => catalogue[key] ?? key;

const english: Locale = { tag: 'en-GB', direction: 'ltr', source: (key) => new IntlMessageFormat(messageOf(key), 'en-GB') };
let locale: Locale = english;
let formats = new Map<TextKey, IntlMessageFormat>();

export const setLocale = (next: Locale): void => {
  locale = next;
  formats = new Map();
};

export const addTexts = (texts: Partial<Record<TextKey, string>>): void => {
  Object.assign(catalogue, texts);
  formats = new Map();
};

const formatOf = (key: TextKey): IntlMessageFormat => {
  const known = formats.get(key);
  if (known) return known;
  const made = locale.source(key);
  formats.set(key, made);
  return made;
};

const bold = (parts: ReactNode[]): ReactNode => createElement('strong', null, ...parts);

export const t = (key: TextKey, values?: Values): string =>
  String(formatOf(key).format({ ...values, b: (parts: unknown[]) => parts.join('') }));

export const rich = (key: TextKey, values?: Values): ReactNode =>
  formatOf(key).format<ReactNode>({ ...values, b: bold as never }) as ReactNode;

export const localeTag = (): string => locale.tag;

export const clockWords = (at: Date): string =>
  new Intl.DateTimeFormat(locale.tag, { hour: '2-digit', minute: '2-digit' }).format(at);

export const applyLocaleTo = (root: HTMLElement): void => {
  root.lang = locale.tag;
  root.dir = locale.direction;
};
