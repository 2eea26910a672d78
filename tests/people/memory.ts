// SPDX-License-Identifier: Apache-2.0
// What stands in a process's memory that it can write to: a story looks there for what must not be there. Of one moment, while the
// process runs on. Needs the right to trace it (root, or root of the namespace that it was started in).
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const step = 4 << 20;
// Larger than any memory: where a sanitizer notes which bytes may be used, one for eight of them, and keeps no copy of any.
const shadow = 2 ** 40;

// Which of these texts are there, as UTF-8 or UTF-16.
export function inMemoryOf(pid: number, texts: readonly string[]): string[] {
  const found = new Set<string>();
  const sought = texts.flatMap((text) => [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')].map((bytes) => ({ text, bytes })));
  const longest = Math.max(...sought.map(({ bytes }) => bytes.length));
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  let read = 0;
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from = '', to = '', rights = ''] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? [];
      if (!rights.startsWith('rw') || line.includes('[v')) continue;
      const end = Number.parseInt(to, 16);
      if (end - Number.parseInt(from, 16) > shadow) continue;
      for (let at = Number.parseInt(from, 16); at < end; at += step) {
        const chunk = Buffer.alloc(Math.min(step + longest, end - at));
        let size = 0;
        try {
          size = readSync(memory, chunk, 0, chunk.length, at);
        } catch {
          break; // given back meanwhile
        }
        read += size;
        for (const { text, bytes } of sought) if (chunk.subarray(0, size).includes(bytes)) found.add(text);
      }
    }
  } finally {
    closeSync(memory);
  }
  if (read < 1 << 20) throw new Error(`of process ${pid} only ${read} bytes could be read`);
  return [...found];
}
