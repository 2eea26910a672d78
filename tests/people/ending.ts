// SPDX-License-Identifier: Apache-2.0
// What this process starts ends with it, also where a signal ends it, of which node's 'exit' says nothing.
import type { ChildProcess } from 'node:child_process';

const stops = new Set<() => void>();
let listening = false;

function stopAll(): void {
  for (const stop of stops) stop();
  stops.clear();
}

function listen(): void {
  if (listening) return;
  listening = true;
  process.once('exit', stopAll);
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stopAll();
      process.kill(process.pid, signal); // nobody listens any more: it does what it does by itself
    });
}

// Calls `stop`, which must not wait, when this process ends. Returns what takes that back.
export function atOurEnd(stop: () => void): () => void {
  listen();
  stops.add(stop);
  return () => void stops.delete(stop);
}

// Kills `child` when this process ends.
export function endsWithUs(child: ChildProcess): void {
  child.once('exit', atOurEnd(() => child.kill('SIGKILL')));
}
