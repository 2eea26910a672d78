// SPDX-License-Identifier: Apache-2.0
// A process that a signal ends leaves nothing running that it had started (people/ending.ts).
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

const starts = `
  import { spawn } from 'node:child_process';
  import { endsWithUs } from '${join(import.meta.dirname, '..', 'people', 'ending.ts')}';
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  endsWithUs(child);
  console.log(child.pid);
`;

// Nobody may have waited for it yet; then it is there as a zombie.
function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('what was started ends where %s ends who started it', async (signal) => {
  const starter = spawn(process.execPath, ['--input-type=module', '-e', starts], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => starter.once('exit', (_, by) => resolve(by)));
  const pid = await new Promise<number>((resolve) => createInterface({ input: starter.stdout }).once('line', (line) => resolve(Number(line))));
  expect(runs(pid)).toBe(true);
  starter.kill(signal);
  expect(await ended).toBe(signal);
  await expect.poll(() => runs(pid)).toBe(false);
});
