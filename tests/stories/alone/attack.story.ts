// SPDX-License-Identifier: Apache-2.0
// Somebody in the group means harm, and somebody outside: spoilt datagrams from strange addresses, spoilt RTP and RTCP over a session that was admitted,
// spoilt messages over its WebSocket. The others see and hear each other as before. `./dev fuzz live` does it for longer.
import { describe, expect, test } from 'vitest';
import { attackLive, type Attacked, harm } from '../../../bench/attacking.ts';
import { quietroomLoad } from '../../people/server.ts';

const seed = Date.now() % 1_000_000;

// What a sanitizer keeps of what was freed would look like growth: who is turned out comes again, some hundred times.
process.env['ASAN_OPTIONS'] = `${process.env['ASAN_OPTIONS'] ?? ''}:quarantine_size_mb=16:thread_local_quarantine_size_kb=64`;

test(`an attack within the group and from outside does the others no harm (seed ${seed})`, async () => {
  const found = await attackLive({ load: quietroomLoad, seed, rooms: 1, people: 6, quietFor: 10, seconds: 20 });
  console.log(`seed ${seed}`, found.attack, 'before', found.quiet, 'meanwhile', found.attacked);
  expect(harm(found)).toEqual([]);
});

describe('harm is seen', () => {
  const seen = {
    ...{ seconds: 10, expected: 1000, lost: 0, sound_expected: 500, sound_lost: 0, latency_p50_ms: 1, latency_p99_ms: 2, longest_sound_gap_ms: 40 },
    ...{ pairs: 6, pairs_right: 6, least_frames: 120, frames_failed: 0, unreadable: 0, toneless: 0, wrong: 0 },
  };
  const process = { rss: 0, pss: 0, own: 0, descriptors: 9, threads: 3, cpuSeconds: 1 };
  const none: Attacked = {
    ...{ seed: 1, quiet: seen, attacked: seen, attack: { strays: 1, rtp: 1, rtcp: 1, texts: 1, connections: 0 } },
    ...{ honest: [{ seat: 1, state: 'gone', failure: null }], before: process, after: process, restarts: 0, sanitizers: null },
  };
  test('and none where there is none', () => expect(harm(none)).toEqual([]));
  test('and none in the noise of a machine', () => {
    const noisy = { lost: 10, sound_lost: 2, longest_sound_gap_ms: 340, latency_p99_ms: 202, least_frames: 100 };
    expect(harm({ ...none, attacked: { ...seen, ...noisy } })).toEqual([]);
  });
  test.each<[string, Partial<Attacked>]>([
    ['packets lost', { attacked: { ...seen, lost: 50 } }],
    ['sound lost', { attacked: { ...seen, lost: 5, sound_lost: 5 } }],
    ['a stretch without sound', { attacked: { ...seen, longest_sound_gap_ms: 341 } }],
    ['packets that come late', { attacked: { ...seen, latency_p99_ms: 203 } }],
    ['a pair that does not see each other', { attacked: { ...seen, pairs_right: 5 } }],
    ['somebody else in a tile', { attacked: { ...seen, wrong: 1 } }],
    ['pictures that stand', { attacked: { ...seen, least_frames: 50 } }],
    ['somebody turned out', { honest: [{ seat: 1, state: 'present', failure: 'the signalling connection closed (1006)' }] }],
    ['a process that ended', { after: null }],
    ['one that was started again', { restarts: 1 }],
    ['memory', { after: { ...process, own: 2 ** 30 } }],
    ['a sanitizer', { sanitizers: 'ERROR: AddressSanitizer' }],
    ['no attack at all', { attack: { strays: 0, rtp: 0, rtcp: 0, texts: 0, connections: 0 } }],
  ])('%s', (_, change) => expect(harm({ ...none, ...change })).toHaveLength(1));
});
