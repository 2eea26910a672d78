// SPDX-License-Identifier: Apache-2.0
// The tree as the tests of the house see it: files under src/, and C++ text with comments and literals blanked so that a
// rule is never tripped by a word in a comment.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

export const tree = join(import.meta.dirname, '..', '..');

export function files(folder: string, ending: RegExp): string[] {
  return readdirSync(join(tree, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(tree, join(entry.parentPath, entry.name)))
    .sort();
}

export function text(file: string): string {
  return readFileSync(join(tree, file), 'utf8');
}

const literalOrComment = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|R"([^(]*)\([\s\S]*?\)\1"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'/g;

// Same length and lines as the file; what stood in comments, strings and characters is blank.
export function code(file: string): string {
  return text(file).replace(literalOrComment, (match) => match.replace(/[^\n]/g, ' '));
}

export interface Include {
  file: string;
  line: number;
  path: string;
  angled: boolean;
}

export function includes(file: string): Include[] {
  const found: Include[] = [];
  text(file)
    .split('\n')
    .forEach((line, index) => {
      const match = /^\s*#\s*include\s*([<"])([^>"]+)[>"]/.exec(line);
      if (match) found.push({ file, line: index + 1, path: match[2]!, angled: match[1] === '<' });
    });
  return found;
}

export function lineOf(content: string, offset: number): number {
  return content.slice(0, offset).split('\n').length;
}
