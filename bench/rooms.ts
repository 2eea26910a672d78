// SPDX-License-Identifier: Apache-2.0
// One server with one media thread on a core of its own, so many rooms, and quietroom-load on the other core: what `capacity`
// and `scale` measure step by step. Not here: which steps.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Server, startServer } from '../tests/people/server.ts';
import { everyonePresent, type LoadFigures, measured, memoryOf, onCoresOfTheirOwn, prefer, type Spent, startLoad } from './measure.ts';

export const mostLost = 0.001; // of what was to come
const offNominal = 0.05; // who talks at times may do so a second more than not
const mostWaited = 0.01; // of the time: a media thread that waits more for its core shares it with something else
const readEvery = 2; // ms, of the load, whose one core is to be enough; it counts as the server's latency
const fullLoad = 0.95; // of a core: a load that has so little left reads late, which would count as the server's latency

// What the people of a room are: everything on (100 packets of picture and 50 of sound a second each), or a usual gallery
// (tests/load/bench_load.h), with the client's own small layer or another.
export type Kind = 'full' | 'gallery' | 'gallery-160x90';
export const kinds: Record<Kind, { name: string; arguments: string[]; forwarded(people: number): number }> = {
  full: { name: 'everything on', arguments: [], forwarded: (people) => people * (people - 1) * 150 },
  gallery: { name: 'a usual gallery', arguments: ['--gallery', '320x180'], forwarded: (people) => ofGallery(people, 18) },
  'gallery-160x90': { name: 'a gallery with small tiles of 160x90', arguments: ['--gallery', '160x90'], forwarded: (people) => ofGallery(people, 24) },
};
// One talks, one talks every other second, and what says that they have stopped is two packets in 420 ms; the others' silence goes to
// nobody beside the pictures. Each sees one large (24 frames of four packets) and the others small.
function ofGallery(people: number, small: number): number {
  const sound = 50 + (50 + 2 / 0.42) / 2;
  return people * ((people - 2) * small + 96) + (people - 1) * sound;
}

export interface Step extends Spent {
  rooms: number;
  people: number; // a room
  void: string | null; // says more of the load or of the machine than of the server
  failed: string | null; // the server's doing
  p50: number;
  p99: number;
  lostShare: number;
  loadCores: number;
  memoryPerPerson: number; // bytes of the call process that it did not have when it was empty
}

export interface StepOptions {
  kind: Kind;
  rooms: number;
  people: number;
  seconds: number;
  warmUp: number;
  restUs: string | undefined;
  mostLatency: number; // ms, of the 99th of a hundred
}

export const startForRooms = (rooms: number, people: number, restUs?: string) =>
  startServer({
    rooms,
    people,
    arguments: [
      ...['--media-threads', '1', '--media-first-estimate-kbps', '50000', '--http-connections', '20000'],
      ...['--http-connections-per-address', '20000', '--http-requests-per-second', '20000', '--http-burst', '100000'],
      ...(restUs === undefined ? [] : ['--media-rest-us', restUs]),
    ],
  });

// The links of some rooms alone, for a load that shall take no others.
export function linksOf(server: Server, from: number, to: number): string {
  const path = join(server.folder, `links-${from}.json`);
  writeFileSync(path, JSON.stringify(server.rooms.slice(from, to)));
  return path;
}

// Null where not everyone came.
export async function measureRooms(options: StepOptions): Promise<Step | null> {
  const { kind, rooms, people, seconds, warmUp } = options;
  const server = await startForRooms(rooms, people, options.restUs);
  try {
    const call = onCoresOfTheirOwn(server);
    prefer(call);
    const empty = memoryOf(call);
    const joinWithin = 30 + rooms * people * 0.03;
    const load = startLoad(
      server,
      0,
      ...['--rooms', String(rooms), '--people', String(people), '--join-every', '10', '--join-within', String(joinWithin)],
      ...['--read-every', String(readEvery)],
      ...['--warm-up', String(warmUp), '--seconds', String(seconds + 2), ...kinds[kind].arguments],
    );
    if (!(await everyonePresent(server, load, rooms * people, joinWithin))) return null;
    const of = await measured(server, call, warmUp, seconds);
    const memory = memoryOf(call) - empty;
    const figures = await load.ended;
    return figures && stepOf(options, of, figures, memory / (rooms * people));
  } finally {
    await server.stop();
  }
}

function stepOf({ kind, rooms, people, mostLatency }: StepOptions, of: Spent, load: LoadFigures, memoryPerPerson: number): Step {
  const number = (name: string) => Number(load[name]);
  const p99 = number('latency_p99_ms');
  const lostShare = number('lost') / Math.max(1, number('expected'));
  const loadCores = number('cpu_seconds') / number('seconds');
  const nominal = rooms * kinds[kind].forwarded(people);
  let failed: string | null = null;
  if (p99 > mostLatency) failed = `p99 ${p99.toFixed(1)} ms`;
  else if (lostShare > mostLost) failed = `${(lostShare * 100).toFixed(2)}% lost`;
  else if (of.forwardedPerSecond < nominal * (1 - offNominal)) failed = `${Math.round(of.forwardedPerSecond)} a second of ${Math.round(nominal)}`;
  let because = load['void'] as string | null;
  if (of.forwardedPerSecond > nominal * (1 + offNominal)) because ??= `${Math.round(of.forwardedPerSecond)} a second are not the load of ${Math.round(nominal)}`;
  if (failed && loadCores > fullLoad) because ??= `${failed}, but the load itself used ${(loadCores * 100).toFixed(0)}% of its core`;
  if (failed && of.waited > mostWaited) because ??= `${failed}, but the media thread waited ${(of.waited * 100).toFixed(1)}% of the time for its core`;
  return { ...of, rooms, people, void: because, failed: because ? null : failed, p50: number('latency_p50_ms'), p99, lostShare, loadCores, memoryPerPerson };
}
