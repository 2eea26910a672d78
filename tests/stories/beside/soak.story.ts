// SPDX-License-Identifier: Apache-2.0
// `./dev soak` in small, with the server under the sanitizers: from the first arrival to the leaving of all people leave and come again, load anew, vanish,
// look elsewhere and lose packets for some three minutes; then what was theirs is given back, which takes a minute or so more.
// Judged by counts: everybody is let back in, what was open is closed, memory at equal load stays. Latency is not: other stories run beside this one and
// sanitizers in it, so it tells how busy the machine was. It is for ./dev soak, with cores of its own.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sample, soak, type Soaked } from '../../../bench/soaking.ts';
import { quietroomLoad, type Server, startServer } from '../../people/server.ts';

const rooms = 2;
const people = 6;
const cycle = 30;
// From when all are there, which takes some ten seconds: three minutes at most in all, and five whole cycles.
const seconds = 165;
const seed = Date.now() % 1_000_000;
// Bytes, between the second calm and the last. The sanitizer keeps what is freed for a while (here little), and its allocator grows for some minutes;
// so this finds what grows by a packet or a request. What is lost altogether the sanitizer says itself when the server stops; a slow growth is for ./dev soak.
const mostGrown = 24 << 20;

let server: Server;
let soaked: Soaked;
let calms: Sample[]; // the last settled sample of each
beforeAll(async () => {
  process.env['ASAN_OPTIONS'] = `${process.env['ASAN_OPTIONS'] ?? ''}:quarantine_size_mb=2:thread_local_quarantine_size_kb=64`;
  server = await startServer({
    rooms,
    people,
    arguments: ['--media-threads', '1', '--http-requests-per-second', '20000', '--http-burst', '100000', '--http-connections-per-address', '20000'],
  });
  soaked = await soak(server, {
    load: quietroomLoad,
    arguments: [
      ...['--gallery', '160x90', '--rooms', String(rooms), '--people', String(people), '--join-within', '60'],
      ...['--seed', String(seed), '--cycle', String(cycle), '--calm', '12', '--between', '12'],
    ],
    seconds,
    sampleEvery: 2,
    report: join(server.folder, 'soak.json'),
    visitsPerSecond: 2,
  });
  const byCycle = new Map(soaked.samples.filter(({ load }) => load.settled).map((sample) => [Math.floor(sample.load.seconds / cycle), sample]));
  calms = [...byCycle.values()];
  const figures = calms.map(({ load, call, service }) => `${load.seconds.toFixed(0)} s: call ${(call.own / 2 ** 20).toFixed(1)} MB, service ${(service.own / 2 ** 20).toFixed(1)} MB`);
  console.log(`seed ${seed}`, soaked.churn, figures, soaked.empty, soaked.after, soaked.answers);
}, 400_000); // three minutes, and what is waited for where something is wrong
afterAll(() => server?.stop()); // and what its sanitizers say

test('people came and went in every way', () => {
  expect(soaked.early).toBe(null);
  expect(soaked.everyoneCame).toBe(true);
  for (const way of ['leaves', 'reloads', 'vanishes', 'views', 'poor_lines', 'back_by_token']) expect(soaked.churn[way], way).toBeGreaterThan(0);
});
test('everybody was let back in', () => {
  expect(soaked.churn['not_back'], soaked.churn.why).toBe(0);
  expect(soaked.churn.faults).toEqual([]);
  expect(calms.length).toBeGreaterThanOrEqual(3);
  for (const { load } of calms) expect(load.present).toBe(rooms * people);
});
test('neither process ended, and every request had its answer', () => {
  expect(soaked.after).not.toBe(null);
  expect(soaked.restarts).toBe(0);
  expect(soaked.failedVisits).toBe(0);
  expect(Object.keys(soaked.answers).filter((status) => Number(status) >= 500)).toEqual([]);
});
test('what was open is closed', () => {
  expect(soaked.after!.call.descriptors).toBeLessThanOrEqual(soaked.empty.call.descriptors);
  expect(soaked.after!.service.descriptors).toBeLessThanOrEqual(soaked.empty.service.descriptors);
  expect(soaked.after!.call.threads).toBe(soaked.empty.call.threads);
});
test('memory with all of them there is as it was with all of them there before', () => {
  const [first, last] = [calms[1]!, calms.at(-1)!];
  expect(last.call.own - first.call.own).toBeLessThan(mostGrown);
  expect(last.service.own - first.service.own).toBeLessThan(mostGrown);
});
