// SPDX-License-Identifier: Apache-2.0
// A live room in which somebody means harm (quietroom-load --attack): what the others saw and heard of each other before and meanwhile, and what is wrong with
// that. For `./dev fuzz live` and the story `attack`.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endsWithUs } from '../tests/people/ending.ts';
import { type Server, startServer, tree } from '../tests/people/server.ts';
import { metrics } from './measure.ts';
import { processSample, type ProcessSample } from './soaking.ts';

// Of the honest people, about each other alone.
export interface Seen {
  seconds: number;
  expected: number;
  lost: number;
  sound_expected: number;
  sound_lost: number;
  latency_p50_ms: number;
  latency_p99_ms: number;
  longest_sound_gap_ms: number;
  pairs: number;
  pairs_right: number; // whose picture and tone came, and were theirs
  least_frames: number; // decoded, of the pair that has the fewest
  frames_failed: number;
  unreadable: number;
  toneless: number;
  wrong: number; // pictures and tones that were another's
}

export interface Attacked {
  seed: number;
  quiet: Seen;
  attacked: Seen;
  attack: { strays: number; rtp: number; rtcp: number; texts: number; connections: number };
  honest: { seat: number; state: string; failure: string | null }[];
  before: ProcessSample; // the call process, before anyone came
  after: ProcessSample | null; // when all had left; null: it had ended
  restarts: number;
  sanitizers: string | null;
}

export interface AttackOptions {
  load: readonly string[];
  seed: number;
  rooms: number;
  people: number; // a room: two of them mean harm
  quietFor: number; // seconds, each
  seconds: number;
}

const loadUntilEnd = (options: AttackOptions, server: Server, report: string) =>
  new Promise<void>((resolve) => {
    const [program = '', ...before] = options.load;
    const child = spawn(
      program,
      [
        ...[...before, '--url', server.url, '--links', server.linksFile, '--admit', '--quiet', '--json', report, '--decode', 'all', '--pictures', 'half'],
        ...['--rooms', String(options.rooms), '--people', String(options.people), '--join-within', '60', '--warm-up', '3'],
        ...['--attack', join(tree, 'fuzz', 'corpus'), '--seed', String(options.seed), '--quiet-for', String(options.quietFor), '--seconds', String(options.seconds)],
      ],
      { stdio: 'ignore' },
    );
    endsWithUs(child);
    child.once('close', () => resolve());
  });

export async function attackLive(options: AttackOptions): Promise<Attacked> {
  // What an attacker's address may ask of the service is bounded by its address, and here all have one.
  const limits = ['--http-requests-per-second', '20000', '--http-burst', '100000', '--http-connections-per-address', '20000'];
  const server = await startServer({ rooms: options.rooms, people: options.people, arguments: ['--demo-clear', '--media-first-estimate-kbps', '50000', ...limits] });
  const report = join(server.folder, 'attack.json');
  let result: Omit<Attacked, 'sanitizers'>;
  let sanitizers: string | null = null;
  try {
    const call = server.callProcess();
    const before = processSample(call);
    await loadUntilEnd(options, server, report);
    const { run, people } = JSON.parse(readFileSync(report, 'utf8')) as {
      run: Pick<Attacked, 'quiet' | 'attacked' | 'attack'>;
      people: (Attacked['honest'][number] & { hostile: boolean })[];
    };
    let after: ProcessSample | null = null;
    try {
      after = processSample(call);
    } catch {
      // it has ended
    }
    result = {
      seed: options.seed,
      quiet: run.quiet,
      attacked: run.attacked,
      attack: run.attack,
      honest: people.filter(({ hostile }) => !hostile).map(({ seat, state, failure }) => ({ seat, state, failure })),
      before,
      after,
      restarts: (await metrics(server)).get('quietroom_call_restarts_total') ?? NaN,
    };
  } finally {
    try {
      await server.stop();
    } catch (e) {
      sanitizers = String(e);
    }
  }
  return { ...result, sanitizers };
}

export const mostMoreLost = 0.01; // of what was to come, beyond what was lost in the quiet: a busy machine's sockets
export const mostSoundLost = 0.005; // and of the sound
export const mostMemory = 96 << 20; // bytes more than before anyone came; under the sanitizers what is freed is kept for a while
// More than in the quiet. Under sanitizers on a machine that does something else besides there is noise; a delay of seconds is none.
export const mostLongerGap = 300; // ms, of the longest stretch without somebody's sound
export const mostLater = 200; // ms, of the 99th of a hundred packets
const lostShare = (seen: Seen) => seen.lost / Math.max(1, seen.expected);
const pictures = (seen: Seen) => seen.least_frames / seen.seconds;

// What is wrong; nothing is an empty list.
export function harm(found: Attacked): string[] {
  const { quiet, attacked, attack } = found;
  if (!quiet || !attacked) return [`nobody was measured: ${JSON.stringify(found.honest)}`, ...(found.sanitizers ? [found.sanitizers] : [])];
  const more = lostShare(attacked) - lostShare(quiet);
  const grown = found.after ? found.after.own - found.before.own : NaN;
  return [
    ...(quiet.pairs > 0 && quiet.pairs_right === quiet.pairs ? [] : [`before the attack ${quiet.pairs_right} of ${quiet.pairs} pairs were right`]),
    ...(attack.strays > 0 && attack.rtp > 0 && attack.rtcp > 0 && attack.texts > 0 ? [] : [`the attack was not one: ${JSON.stringify(attack)}`]),
    ...(more <= mostMoreLost ? [] : [`the others lost ${(more * 100).toFixed(2)}% more than before`]),
    ...(attacked.sound_lost <= attacked.sound_expected * mostSoundLost + quiet.sound_lost ? [] : [`${attacked.sound_lost} packets of sound were lost`]),
    ...(attacked.longest_sound_gap_ms <= quiet.longest_sound_gap_ms + mostLongerGap
      ? []
      : [`no sound of somebody for ${attacked.longest_sound_gap_ms.toFixed(0)} ms, before for ${quiet.longest_sound_gap_ms.toFixed(0)} ms`]),
    ...(attacked.latency_p99_ms <= quiet.latency_p99_ms + mostLater
      ? []
      : [`the 99th of a hundred packets was ${attacked.latency_p99_ms.toFixed(0)} ms late, before ${quiet.latency_p99_ms.toFixed(0)} ms`]),
    ...(attacked.pairs_right === attacked.pairs ? [] : [`meanwhile ${attacked.pairs_right} of ${attacked.pairs} pairs were right`]),
    ...(attacked.wrong === 0 ? [] : [`${attacked.wrong} pictures or tones were somebody else's`]),
    ...(pictures(attacked) >= pictures(quiet) * 0.8 ? [] : [`${pictures(attacked).toFixed(1)} pictures a second, ${pictures(quiet).toFixed(1)} before`]),
    ...found.honest.filter(({ failure }) => failure !== null).map(({ seat, failure }) => `seat ${seat} was turned out: ${failure}`),
    ...(found.after ? [] : ['the call process ended']),
    ...(found.restarts === 0 ? [] : [`the call process was started again ${found.restarts} times`]),
    ...(!found.after || grown <= mostMemory ? [] : [`the call process took ${(grown / 2 ** 20).toFixed(0)} MB more`]),
    ...(found.sanitizers ? [found.sanitizers] : []),
  ];
}
