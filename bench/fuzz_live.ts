// SPDX-License-Identifier: Apache-2.0
// ./dev fuzz live [SECONDS] [--seed N]: rooms with the server under the sanitizers, in each somebody who means harm, and the others' media measured.
// Prints what they had before and meanwhile; exit 0 where nobody was harmed. What a seed says is the same each time, when it is said is not.
import { parseArgs } from 'node:util';
import { quietroomLoad } from '../tests/people/server.ts';
import { attackLive, harm, type Seen } from './attacking.ts';
import { table } from './figures.ts';
import { writeResult } from './measure.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    rooms: { type: 'string', default: '2' },
    people: { type: 'string', default: '6' },
  },
});
const seconds = Number(positionals[0] ?? 60);
console.log(`seed ${options.seed}`);
const found = await attackLive({ load: quietroomLoad, seed: Number(options.seed), rooms: Number(options.rooms), people: Number(options.people), quietFor: Math.min(20, seconds), seconds });
const faults = harm(found);
const row = (name: string, seen: Seen) => [
  ...[name, seen.seconds.toFixed(0), `${((100 * seen.lost) / Math.max(1, seen.expected)).toFixed(3)}%`, `${((100 * seen.sound_lost) / Math.max(1, seen.sound_expected)).toFixed(3)}%`],
  ...[seen.latency_p50_ms.toFixed(2), seen.latency_p99_ms.toFixed(1), seen.longest_sound_gap_ms.toFixed(0), (seen.least_frames / seen.seconds).toFixed(1), `${seen.pairs_right} of ${seen.pairs}`, String(seen.wrong)],
];
if (found.quiet && found.attacked)
  console.log(
    table([
      ['the others', 'seconds', 'lost', 'sound lost', 'p50 ms', 'p99 ms', 'longest gap of sound, ms', 'pictures a second, least', 'pairs right', 'wrong'],
      row('before', found.quiet),
      row('meanwhile', found.attacked),
    ]),
  );
const { attack } = found;
console.log(`said: ${attack.strays} datagrams from strange addresses, ${attack.rtp} RTP, ${attack.rtcp} RTCP, ${attack.texts} messages; turned out and come again ${attack.connections} times`);
if (found.after) console.log(`call process: ${(found.before.own / 2 ** 20).toFixed(1)} MB before, ${(found.after.own / 2 ** 20).toFixed(1)} MB after`);
console.log(writeResult('fuzz-live.json', { ...found, faults }));
for (const fault of faults) console.log(`HARM: ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);
