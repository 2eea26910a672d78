// SPDX-License-Identifier: Apache-2.0
// Instructions per forwarded packet, by callgrind, of bench/forward_core.cpp: the figure that is the same on a busy machine
// as on a quiet one (to about a thousandth: keys differ). Not here: what system calls cost.
// By hand: tests/node bench/instructions.ts [--functions]; the functions that cost most, callees not included.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const tree = join(import.meta.dirname, '..');
const folder = join(tree, 'build', 'bench');
const profile = join(folder, 'callgrind.out');

export interface Instructions {
  perPacket: number;
  own: number; // of those, in the house itself: not in libcrypto and libc
  forwarded: number;
}

// Own costs by object file (callgrind's file format, "ob=" and cost lines; the line after "calls=" is a callee's).
export function costsByObject(text: string): Map<string, number> {
  const names = new Map<string, string>();
  const costs = new Map<string, number>();
  let object = '';
  let isCall = false;
  for (const line of text.split('\n')) {
    const ob = /^c?ob=\((\d+)\)(?: (.*))?$/.exec(line);
    if (ob) {
      if (ob[2]) names.set(ob[1]!, ob[2]);
      if (line.startsWith('ob=')) object = names.get(ob[1]!) ?? '';
    } else if (line.startsWith('calls=')) {
      isCall = true;
    } else if (/^[+*\d-]/.test(line)) {
      const cost = /^\S+ (\d+)$/.exec(line);
      if (cost && !isCall) costs.set(object, (costs.get(object) ?? 0) + Number(cost[1]));
      isCall = false;
    }
  }
  return costs;
}

export function measureInstructions(program = join(tree, 'build', 'release', 'bench', 'forward_core')): Instructions {
  mkdirSync(folder, { recursive: true });
  // Valgrind 3.19 does not read clang-19's DWARF 5; names of functions are all it needs.
  const stripped = join(folder, 'forward_core');
  execFileSync('strip', ['--strip-debug', '-o', stripped, program]);
  const output = execFileSync(
    'valgrind',
    ['--tool=callgrind', '--toggle-collect=forward_core_measured', `--callgrind-out-file=${profile}`, stripped, '2'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const { forwarded } = JSON.parse(output) as { forwarded: number };
  const text = readFileSync(profile, 'utf8');
  const total = Number(/^(?:totals|summary): (\d+)/m.exec(text)?.[1] ?? 0);
  const costs = costsByObject(text);
  const counted = [...costs.values()].reduce((sum, cost) => sum + cost, 0);
  if (total === 0 || counted !== total) throw new Error(`callgrind counted ${total}, its objects ${counted}`);
  return { perPacket: total / forwarded, own: (costs.get(stripped) ?? 0) / forwarded, forwarded };
}

if (import.meta.main) {
  const { perPacket, own, forwarded } = measureInstructions();
  console.log(`${perPacket.toFixed(1)} instructions per forwarded packet, ${own.toFixed(1)} of them our own, over ${forwarded} packets`);
  if (process.argv.includes('--functions'))
    console.log(execFileSync('callgrind_annotate', ['--threshold=97', profile], { encoding: 'utf8' }));
}
