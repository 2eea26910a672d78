// SPDX-License-Identifier: Apache-2.0
// The house rules of texts: no visible text outside the catalogue, no key unused, every message can be said, and the words
// for browsers that cannot run the client are the catalogue's.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IntlMessageFormat } from 'intl-messageformat';
import { parseSync } from 'rolldown/utils';
import { afterEach, describe, expect, it } from 'vitest';
import { en } from './en';
import { enBackstage } from './en_backstage';
import { enBoard } from './en_board';
import { enBreakouts } from './en_breakouts';
import { enDuties } from './en_duties';
import { enDisguise } from './en_disguise';
import { enLine } from './en_line';
import { enPrepare } from './en_prepare';
import { enShare } from './en_share';
import { enPrepareStaff } from './en_prepare_staff';
import { cyMine } from './cy_mine';
import { enMessagesStaff } from './en_messages_staff';
import { enMine } from './en_mine';
import { enSafetyStaff } from './en_safety_staff';
import { enStaff } from './en_staff';
import { lengthen, long, rightToLeft } from './pseudo';
import { messageOf, setLocale, t, type TextKey } from './text';

const root = fileURLToPath(new URL('../', import.meta.url));
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
  );
const catalogues = /\.test\.tsx?$|sketch|texts\/((en|cy)(_[a-z_]+)?|pseudo)\.ts$/;
const sources = filesIn(root).filter((path) => /\.tsx?$/.test(path) && !catalogues.test(path));

interface Node {
  type: string;
  [name: string]: unknown;
}
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;
const nodesOf = (value: unknown): Node[] => {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (!isNode(value)) return [];
  return [value, ...Object.values(value).flatMap(nodesOf)];
};

const seen = ['aria-label', 'title', 'placeholder', 'alt', 'label', 'hint', 'word', 'yes', 'no', 'closeWords', 'state'];
const letters = /\p{L}/u;

// The literal texts a person would see or hear in one file.
export const literalsIn = (path: string, source: string): string[] =>
  nodesOf(parseSync(path, source).program).flatMap((node) => {
    if (node.type === 'JSXText') return letters.test(String(node['value'])) ? [String(node['value']).trim()] : [];
    if (node.type === 'JSXExpressionContainer') {
      const inside = node['expression'] as Node;
      const literal = inside.type === 'Literal' && typeof inside['value'] === 'string' && letters.test(inside['value']);
      return literal && !node['attribute'] ? [String(inside['value'])] : [];
    }
    if (node.type !== 'JSXAttribute') return [];
    const name = String((node['name'] as Node)['name']);
    const value = node['value'];
    if (!seen.includes(name) || !isNode(value) || value.type !== 'Literal') return [];
    return letters.test(String(value['value'])) ? [`${name}=${String(value['value'])}`] : [];
  });

const keysUsedIn = (source: string): { exact: Set<string>; patterns: RegExp[] } => {
  const exact = new Set([...source.matchAll(/'([a-z_]+(?:[.][\w.-]+)?)'/g)].map((match) => match[1] ?? ''));
  const patterns = [...source.matchAll(/`([a-z_]+[.][^`\s]*\$\{[^`\s]*)`/g)].map(
    (match) => new RegExp(`^${(match[1] ?? '').replace(/\$\{[^}]*\}/g, '\u0000').replace(/[.]/g, '[.]').replace(/\u0000/g, '[\\w-]+')}$`),
  );
  const whole = [...source.matchAll(/t\(`([\w.]+)`/g)].map((match) => match[1] ?? '');
  for (const key of whole) exact.add(key);
  return { exact, patterns };
};

describe('the catalogue', () => {
  const forMembers = { ...en, ...enBackstage, ...enBoard, ...enBreakouts, ...enDisguise, ...enLine, ...enPrepare, ...enShare };
  const forStaff = { ...enStaff, ...enPrepareStaff, ...enDuties, ...enSafetyStaff, ...enMessagesStaff };
  const all = { ...forMembers, ...enMine, ...forStaff };
  const keys = Object.keys(all) as TextKey[];
  const used = sources.map((path) => keysUsedIn(readFileSync(path, 'utf8')));
  const page = readFileSync(join(root, '../index.html'), 'utf8');

  it.each(keys.map((key) => [key]))('%s can be read as ICU MessageFormat', (key) => {
    expect(() => new IntlMessageFormat(all[key], 'en-GB')).not.toThrow();
  });

  it('has no key that no page uses', () => {
    const unused = keys.filter(
      (key) =>
        !used.some(({ exact, patterns }) => exact.has(key) || patterns.some((pattern) => pattern.test(key))) && !key.startsWith('old.'),
    );
    expect(unused).toEqual([]);
  });

  it('has the words that stand in the page itself for browsers that are too old', () => {
    for (const key of ['old.title', 'old.means', 'old.do', 'old.no_script', 'document.title'] as const) expect(page).toContain(en[key]);
  });

  it('has no word that frightens, blames or belongs to engineers', () => {
    const wrong = /\b(error|invalid|fail(ed|ure)?|bandwidth|server|signalling|session|denied|forbidden|illegal|secure|mute[ds]?|participant|patient|user)\b/i;
    const members = Object.keys(forMembers) as (keyof typeof forMembers)[];
    expect(members.filter((key) => wrong.test(forMembers[key]))).toEqual([]);
    const behindLinks = Object.keys(enMine) as (keyof typeof enMine)[];
    expect(behindLinks.filter((key) => wrong.test(enMine[key]))).toEqual([]);
    // Staff know what a session of a group is.
    const staff = Object.keys(forStaff) as (keyof typeof forStaff)[];
    expect(staff.filter((key) => wrong.test(forStaff[key].replace(/\bsessions?\b/gi, '')))).toEqual([]);
  });

  it('has Welsh that can be read, with the values of the English', () => {
    const valuesIn = (message: string): string[] => [...new Set([...message.matchAll(/\{(\w+)[,}]/g)].map((match) => match[1] ?? ''))].sort();
    for (const [key, words] of Object.entries(cyMine)) {
      expect(() => new IntlMessageFormat(words, 'cy')).not.toThrow();
      expect([key, ...valuesIn(words)]).toEqual([key, ...valuesIn(enMine[key as keyof typeof enMine])]);
    }
  });

  it('speaks in short sentences', () => {
    const long = keys.filter((key) => all[key].replace(/\{[^{}]*\}/g, 'X').split(/[.?!:;]\s/).some((one) => !one.includes('{') && one.split(/\s+/).length > 24));
    expect(long).toEqual([]);
  });
});

describe('visible text', () => {
  it.each(sources.filter((path) => path.endsWith('.tsx')).map((path) => [path.slice(root.length)]))('%s has none outside the catalogue', (path) => {
    expect(literalsIn(path, readFileSync(join(root, path), 'utf8'))).toEqual([]);
  });

  it('is found by this check where it stands', () => {
    expect(literalsIn('a.tsx', 'export const A = () => <p title="Hello">Good day</p>;')).toEqual(['title=Hello', 'Good day']);
    expect(literalsIn('a.tsx', "export const A = () => <p className=\"x\">{'Hi'} {t('x')}</p>;")).toEqual(['Hi']);
  });
});

describe('made-up languages', () => {
  afterEach(() => setLocale({ tag: 'en-GB', direction: 'ltr', source: (key) => new IntlMessageFormat(messageOf(key), 'en-GB') }));

  it('lengthen words and keep names and numbers', () => {
    setLocale(long);
    expect(t('say.joined', { name: 'Robin' })).toContain('Robin');
    expect(t('say.joined', { name: 'Robin' })).not.toContain('joined.');
    expect(t('waiting.since', { minutes: 3 })).toContain('3');
    expect(lengthen('camera').length).toBeGreaterThan('camera'.length);
  });
  it('turn words round', () => {
    setLocale(rightToLeft);
    expect(t('close')).toBe('\u202eClose\u202c');
  });
});
