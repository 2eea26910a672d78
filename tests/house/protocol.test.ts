// SPDX-License-Identifier: Apache-2.0
// docs/protocol.md, its examples and the code name the same messages.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { files, text, tree } from './source.ts';

function typesIn(heading: string): string[] {
  const document = text('docs/protocol.md');
  const section = document.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1]!);
}

const types = [...typesIn('Client to server'), ...typesIn('Server to client')];

test('the tables of messages are there', () => {
  expect(types.length).toBeGreaterThan(30);
  expect(new Set(types).size).toBe(types.length);
});

test('every message has an example file', () => {
  expect(types.filter((type) => !existsSync(join(tree, 'docs', 'protocol', `${type}.json`)))).toEqual([]);
});

test('every example is of a message in the tables, and says its type', () => {
  const wrong = files('docs/protocol', /\.json$/).filter((file) => {
    const name = file.split('/').pop()!.split('.')[0]!;
    return !types.includes(name) || (JSON.parse(text(file)) as { type?: string }).type !== name;
  });
  expect(wrong).toEqual([]);
});

test('every message is a struct in C++ and a reader in TypeScript, and neither knows others', () => {
  const header = files('src/call', /^message.*\.h$/).map(text).join('\n');
  const structs = [...header.matchAll(/std::string_view type = "([a-z-]+)"/g)].map((match) => match[1]!);
  expect(structs.sort()).toEqual([...types].sort());
  const client = text('web/src/call/message.ts');
  const tables = client.slice(client.indexOf('const fromServer'), client.indexOf('type Messages<'));
  const readers = [...tables.matchAll(/^  '?([a-z-]+)'?: (?:shape|nothing)/gm)].map((match) => match[1]!);
  expect(readers.sort()).toEqual([...types].sort());
});
