// SPDX-License-Identifier: Apache-2.0
// What the documents point at is there: each relative link of README.md and docs/*.md, and each test that the threat model names as
// `file` "part of its title".
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { files, text, tree } from './source.ts';

const documents = ['README.md', ...files('docs', /\.md$/)];

test('every relative link leads to a file', () => {
  const links = documents.flatMap((document) =>
    [...text(document).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map((match) => ({ document, to: match[1]! })),
  );
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter(({ document, to }) => !existsSync(join(tree, dirname(document), to)))).toEqual([]);
});

const threats = text('docs/threat-model.md');
const named = [...threats.matchAll(/`((?:src|web|tests)\/[^`]+)`(?: "([^"]+)")?/g)].map(([, file, title]) => ({ file: file!, title }));

test('every test that the threat model names exists', () => {
  expect(named.filter(({ title }) => title !== undefined).length).toBeGreaterThan(40);
  expect(named.filter(({ file }) => !existsSync(join(tree, file)))).toEqual([]);
  expect(named.filter(({ file, title }) => title !== undefined && !text(file).includes(title))).toEqual([]);
});

test('every row of an attack names what plays it, or says that nothing does', () => {
  const rows = threats.split('\n').filter((line) => /^\| .* \| .* \| .* \|$/.test(line) && line.split(' | ').length === 3);
  expect(rows.length).toBeGreaterThan(40);
  const without = rows.map((row) => row.split(' | ').at(-1)!).filter((last) => !/^(played by|`|– \||as a )/.test(last));
  expect(without).toEqual([]);
});
