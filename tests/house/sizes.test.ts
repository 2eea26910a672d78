// SPDX-License-Identifier: Apache-2.0
// Sizes: a file should fit in the head. Reports what is over the aim (400 lines a file, 60 a function) and fails at a ceiling
// where a god file would begin.
import { expect, test } from 'vitest';
import { code, files, text } from './source.ts';

const fileAim = 400;
const fileCeiling = 700;
const functionAim = 60;
const functionCeiling = 120;

// Top-level and member functions by the layout that clang-format gives: a signature ending in "{" at column 0 or 2 after ")".
export function functionSizes(content: string): { name: string; line: number; lines: number }[] {
  const lines = content.split('\n');
  const sizes: { name: string; line: number; lines: number }[] = [];
  for (let start = 0; start < lines.length; start += 1) {
    const opening = /^( {0,2})(?=\S).*\)(?: const| noexcept| override| final| ->.*)*\s*\{$/.exec(lines[start]!);
    if (!opening || /^\s*(if|for|while|switch|else|namespace|struct|class|enum|TEST|TEST_F|TEST_P)\b/.test(lines[start]!)) continue;
    const closing = `${opening[1]}}`;
    let end = start + 1;
    while (end < lines.length && !(lines[end]!.startsWith(closing) && lines[end]!.length <= closing.length + 1)) end += 1;
    sizes.push({ name: lines[start]!.trim().slice(0, 80), line: start + 1, lines: end - start + 1 });
    start = end;
  }
  return sizes;
}

const all = [...files('src', /\.(h|cpp)$/), ...files('web/src', /\.(ts|tsx)$/).filter((file) => !/\/texts\//.test(file))];

test('the measure of a function is its lines', () => {
  const sample = ['int f(int a) {', '  return a;', '}', 'void g() {', '}'].join('\n');
  expect(functionSizes(sample).map((size) => size.lines)).toEqual([3, 2]);
});

test('files stay small', () => {
  const sizes = all.map((file) => ({ file, lines: text(file).split('\n').length })).sort((a, b) => b.lines - a.lines);
  const over = sizes.filter(({ lines }) => lines > fileAim);
  console.log(`${sizes.length} files, median ${sizes[sizes.length >> 1]?.lines ?? 0} lines; over ${fileAim}:`, over);
  expect(sizes.filter(({ file, lines }) => lines > fileCeiling && !/_test\.cpp$|\.test\.ts$/.test(file))).toEqual([]);
});

test('functions stay small', () => {
  const sizes = all
    .filter((file) => /\.(h|cpp)$/.test(file) && !/_test\.cpp$/.test(file))
    .flatMap((file) => functionSizes(code(file)).map((size) => ({ file, ...size })))
    .sort((a, b) => b.lines - a.lines);
  console.log(`${sizes.length} functions; over ${functionAim}:`, sizes.filter(({ lines }) => lines > functionAim));
  expect(sizes.filter(({ lines }) => lines > functionCeiling)).toEqual([]);
});
