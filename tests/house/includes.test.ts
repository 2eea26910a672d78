// SPDX-License-Identifier: Apache-2.0
// Who may include whom (docs/house.md). A folder that is not in the table, or a direction that is not, fails: the media plane
// cannot learn who anyone is because it cannot include the headers that know.
import { expect, test } from 'vitest';
import { code, files, includes, lineOf, text as textOf } from './source.ts';

const mayInclude: Record<string, string[] | 'everything'> = {
  base: [],
  crypto: ['base'],
  wire: ['base'],
  store: ['base', 'crypto'],
  http: ['base'],
  net: ['base', 'http'],
  transport: ['base', 'crypto', 'wire'],
  media: ['base', 'crypto', 'wire', 'transport'],
  call: ['base', 'crypto', 'wire', 'media'],
  care: ['base'],
  identity: ['base', 'crypto', 'care'],
  evaluation: ['base', 'care'],
  safety: ['base', 'care'],
  workforce: ['base', 'care'],
  interop: ['base', 'care', 'evaluation', 'safety', 'workforce'],
  app: 'everything',
};

const sources = files('src', /\.(h|cpp)$/);
const folderOf = (file: string) => file.split('/')[1]!;
const isTest = (file: string) => file.endsWith('_test.cpp') || file.endsWith('_for_tests.h');
// What a file may include beyond its folder, said by its name.
function extra(file: string): string[] {
  if (/_table\.(h|cpp)$/.test(file)) return ['store'];
  if (/_routes\.(h|cpp)$/.test(file)) return ['store', 'http', 'crypto'];
  return [];
}

export function wrongIncludes(list: { file: string; path: string; line: number }[]): string[] {
  const wrong: string[] = [];
  for (const { file, path, line } of list) {
    const from = folderOf(file);
    const to = path.split('/')[0]!;
    if (!path.includes('/') || !(to in mayInclude) || to === from) continue;
    const allowed = mayInclude[from];
    if (allowed === 'everything' || allowed?.includes(to) || extra(file).includes(to)) continue;
    wrong.push(`${file}:${line} includes ${path}: ${from} may not include ${to}`);
  }
  return wrong;
}

test('there is something to check', () => {
  expect(sources.length).toBeGreaterThan(30);
});

test('every folder of src/ is in the table', () => {
  expect([...new Set(sources.map(folderOf))].filter((folder) => !(folder in mayInclude))).toEqual([]);
});

test('the checker finds a wrong direction', () => {
  expect(wrongIncludes([{ file: 'src/media/forwarder.cpp', path: 'care/person.h', line: 1 }])).toHaveLength(1);
  expect(wrongIncludes([{ file: 'src/call/room.h', path: 'transport/peer.h', line: 1 }])).toHaveLength(1);
  expect(wrongIncludes([{ file: 'src/care/person_table.cpp', path: 'store/transaction.h', line: 1 }])).toHaveLength(0);
});

test('includes go only the ways that the table allows', () => {
  const list = sources.filter((file) => !isTest(file)).flatMap(includes);
  expect(wrongIncludes(list.filter((include) => !include.angled))).toEqual([]);
});

test('no clock and no entropy outside net/', () => {
  const forbidden =
    /(system_clock|steady_clock|high_resolution_clock)::now|\bclock_gettime\b|\bgettimeofday\b|\btime\s*\(\s*(nullptr|NULL|0)?\s*\)|random_device|\bRAND_bytes\b|\bRAND_priv_bytes\b|\brandombytes_|\bgetrandom\b|\barc4random|\bgetentropy\b/g;
  const wrong: string[] = [];
  for (const file of sources) {
    if (folderOf(file) === 'net' || isTest(file)) continue;
    const content = code(file);
    for (const match of content.matchAll(forbidden)) wrong.push(`${file}:${lineOf(content, match.index)} ${match[0]}`);
  }
  expect(wrong).toEqual([]);
});

test('sockets and Beast only in net/', () => {
  const wrong = sources
    .filter((file) => folderOf(file) !== 'net' && !isTest(file))
    .flatMap(includes)
    .filter(({ path }) => /^(boost\/(beast|asio)|sys\/(socket|epoll|un)|netinet\/)/.test(path))
    .map(({ file, line, path }) => `${file}:${line} ${path}`);
  expect(wrong).toEqual([]);
});

test('no default argument reads a clock, and no test sleeps', () => {
  const wrong: string[] = [];
  for (const file of sources) {
    const content = code(file);
    for (const match of content.matchAll(/\bsleep_for\b|\bsleep_until\b|\busleep\s*\(|\bnanosleep\s*\(/g))
      wrong.push(`${file}:${lineOf(content, match.index)} ${match[0]}`);
  }
  expect(wrong).toEqual([]);
});

test('every file opens with its licence and what it is', () => {
  const wrong = sources.filter((file) => {
    const lines = textLines(file);
    if (!lines[0]?.includes('SPDX-License-Identifier: Apache-2.0')) return true;
    return !isTest(file) && !lines[1]?.startsWith('//');
  });
  expect(wrong).toEqual([]);
});

function textLines(file: string): string[] {
  return textOf(file).split('\n', 4);
}
