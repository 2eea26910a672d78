// SPDX-License-Identifier: Apache-2.0
// A soak whose load ends before its time says so, and what came until then; it does not wait for more. The load is made up, and so is the server.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { soak, type Soaked } from '../../bench/soaking.ts';
import type { Server } from '../people/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'quietroom-soaking-'));
const answers = createServer((_, answer) => answer.end('quietroom_media_participants 0\nquietroom_call_restarts_total 0\n'));
beforeAll(() => new Promise<void>((resolve) => void answers.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  answers.close();
  rmSync(folder, { recursive: true });
});

// A sample, then `ends`, in a script that finds where its report goes in `report`.
function soaked(name: string, ends: string, said: string[] = []): Promise<Soaked> {
  const load = join(folder, `${name}.mjs`);
  const report = join(folder, `${name}.json`);
  writeFileSync(
    load,
    `import { writeFileSync } from 'node:fs';
    const report = (run) => writeFileSync(${JSON.stringify(report)}, JSON.stringify({ run: { churn: { why: '', not_back: 0 }, everyone_came: true, void: null, ...run } }));
    process.stdout.write(JSON.stringify({ seconds: 5, settled: true, leaves: 7, not_back: 0 }) + '\\n', () => { ${ends} });`,
  );
  const { port } = answers.address() as AddressInfo;
  const server = { url: `http://127.0.0.1:${port}`, pid: process.pid, callProcess: () => process.pid, linksFile: 'none' } as Server;
  return soak(server, { load: name === 'none' ? [join(folder, 'none')] : [process.execPath, load], arguments: [], seconds: 600, sampleEvery: 5, report, visitsPerSecond: 50, say: (what) => said.push(what) });
}

test('a load that is asked to end leaves a report, and the soak says after how long', async () => {
  const said: string[] = [];
  const { early, samples, churn } = await soaked('asked', 'report({ seconds: 6 })', said);
  expect(early).toBe('the load ended with 0, after 6 s of 600');
  expect(said).toEqual([`it ended before its time: ${early}`]);
  expect(samples.length).toBe(1);
  expect(churn['not_back']).toBe(0);
});
test('a load that is ended by a signal leaves none: what its samples said is told', async () => {
  const { early, everyoneCame, churn, restarts } = await soaked('killed', "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)");
  expect(early).toBe('the load was ended by SIGTERM, after 5 s of 600 and without a report');
  expect(everyoneCame).toBe(true);
  expect(churn['leaves']).toBe(7);
  expect(restarts).toBe(0);
});
test('a load that fails says why', async () => {
  expect((await soaked('failed', "console.error('no such room'); process.exitCode = 1")).early).toBe('the load ended with 1 (no such room), after 5 s of 600 and without a report');
});
test('a load that cannot be started is not waited for', async () => {
  const { early, samples } = await soaked('none', '');
  expect(early).toMatch(/^the load could not be started: .*ENOENT, after 0 s of 600/);
  expect(samples).toEqual([]);
});
