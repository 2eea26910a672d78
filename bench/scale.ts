// SPDX-License-Identifier: Apache-2.0
// How cost grows: with people in one room where everything is on, and with rooms of which one is such a room of ten and in each
// of the others two people are present who send nothing; and what a thousand rooms cost that everybody has left. Core share of
// the media thread, packets per CPU-second, memory of the call process per person.
//   ./dev bench scale [--quick] [--seconds 8] [--people 2,5,…] [--rooms 1,2,…] [--rest US]
import { parseArgs } from 'node:util';
import { table } from './figures.ts';
import { cpuOf, everyonePresent, measured, memoryOf, metrics, onCoresOfTheirOwn, pause, prefer, startLoad, writeResult } from './measure.ts';
import { linksOf, measureRooms, startForRooms, type Step } from './rooms.ts';
import { svg } from './svg.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    people: { type: 'string' },
    rooms: { type: 'string' },
    rest: { type: 'string' },
  },
});
const quick = options.quick;
const seconds = Number(options.seconds ?? (quick ? 3 : 8));
const warmUp = quick ? 2 : 4;
const numbers = (text: string) => text.split(',').filter(Boolean).map(Number);
const peopleSteps = numbers(options.people ?? (quick ? '2,5,10,25' : '2,5,10,16,25,36,49'));
const roomSteps = numbers(options.rooms ?? (quick ? '1,5,20,100' : '1,2,5,10,20,50,100,200,500'));
const emptyRooms = 1_000;
const idlePeople = 2; // in each room but the first
const kilobytes = (bytes: number) => (bytes / 1024).toFixed(0);
const percent = (share: number, digits = 1) => `${(share * 100).toFixed(digits)}%`;

// Up to three times, until a step counts: a void one may have been the machine. Null where never everyone came.
async function tried<T extends { void: string | null; cores: number }>(name: string, measure: () => Promise<T | null>): Promise<T | null> {
  let last: T | null = null;
  for (let i = 0; i < 3 && (last === null || last.void !== null); i += 1) {
    const step = await measure();
    console.error(`${name}: ${step ? `${percent(step.cores)} of a core${step.void ? ` — void: ${step.void}` : ''}` : 'not everyone came'}`);
    last = step ?? last;
  }
  return last;
}

async function byPeople(): Promise<Step[]> {
  const steps: Step[] = [];
  for (const people of peopleSteps) {
    const step = await tried(`${people} people`, () =>
      measureRooms({ kind: 'full', rooms: 1, people, seconds, warmUp, restUs: options.rest, mostLatency: Infinity }),
    );
    if (step) steps.push({ ...step, void: step.void ?? step.failed });
  }
  return steps;
}

interface RoomsStep {
  rooms: number;
  peoplePresent: number;
  void: string | null;
  cores: number;
  processCores: number;
  packetsPerCpuSecond: number;
  wakesPerSecond: number;
  memoryPerPerson: number;
}

// Null where not everyone came.
async function withIdleRooms(rooms: number): Promise<RoomsStep | null> {
  const server = await startForRooms(rooms, 10, options.rest);
  try {
    const call = onCoresOfTheirOwn(server);
    prefer(call);
    const empty = memoryOf(call);
    const idle = (rooms - 1) * idlePeople;
    const patience = ['--join-every', '7', '--join-within', String(30 + idle * 0.05)];
    const silent =
      idle === 0
        ? null
        : startLoad(
            server,
            0,
            ...['--links', linksOf(server, 1, rooms), '--rooms', String(rooms - 1), '--people', String(idlePeople), '--muted'],
            ...['--seconds', '3600', ...patience],
          );
    try {
      if (silent && !(await everyonePresent(server, silent, idle))) return null;
      const load = startLoad(
        server,
        0,
        ...['--links', linksOf(server, 0, 1), '--people', '10', '--warm-up', String(warmUp), '--seconds', String(seconds + 2), ...patience],
      );
      if (!(await everyonePresent(server, load, idle + 10))) return null;
      const of = await measured(server, call, warmUp, seconds);
      const memory = memoryOf(call) - empty;
      const figures = await load.ended;
      if (!figures) return null;
      const wrong = Math.abs(of.forwardedPerSecond / 13_500 - 1) > 0.02 ? `${Math.round(of.forwardedPerSecond)} a second are not the load of 13500` : null;
      return { ...of, rooms, peoplePresent: idle + 10, void: (figures['void'] as string | null) ?? wrong, memoryPerPerson: memory / (idle + 10) };
    } finally {
      silent?.process.kill('SIGTERM');
      await silent?.ended;
    }
  } finally {
    await server.stop();
  }
}

async function byRooms(): Promise<RoomsStep[]> {
  const steps: RoomsStep[] = [];
  for (const rooms of roomSteps) {
    const step = await tried(`${rooms} rooms`, () => withIdleRooms(rooms));
    if (step) steps.push(step);
  }
  return steps;
}

interface EmptyRooms {
  rooms: number;
  entered: boolean; // false: not everybody came; then it is measured all the same, and said
  callCores: number;
  serviceCores: number; // without what asking it for its figures costs: nothing is asked meanwhile
  memoryBefore: number;
  memoryAfter: number;
}

// One person enters each room and leaves it again.
async function leftRooms(): Promise<EmptyRooms> {
  const server = await startForRooms(emptyRooms, 2, options.rest);
  try {
    const call = onCoresOfTheirOwn(server);
    const memoryBefore = memoryOf(call);
    const load = startLoad(
      server,
      0,
      ...['--rooms', String(emptyRooms), '--people', '1', '--muted', '--join-every', '7', '--join-within', '120', '--seconds', '0.5'],
    );
    const figures = await load.ended;
    for (let i = 0; i < 100 && (await metrics(server)).get('quietroom_people_present') !== 0; i += 1) await pause(100);
    await pause(25_000); // it gives memory back then
    const total = (pid: number) => [...cpuOf(pid).values()].reduce((sum, one) => sum + one, 0);
    const [at, callBefore, serviceBefore] = [process.hrtime.bigint(), total(call), total(server.pid)];
    await pause(seconds * 1000);
    const wall = Number(process.hrtime.bigint() - at);
    return {
      rooms: emptyRooms,
      entered: figures?.['everyone_came'] === (true as unknown),
      callCores: (total(call) - callBefore) / wall,
      serviceCores: (total(server.pid) - serviceBefore) / wall,
      memoryBefore,
      memoryAfter: memoryOf(call),
    };
  } finally {
    await server.stop();
  }
}

const people = await byPeople();
const rooms = await byRooms();
const left = await leftRooms();

const peopleRows = [['people', 'packets/s', 'core', 'packets/CPU-s', 'p99 ms', 'KB a person', "load's core", '']];
for (const s of people)
  peopleRows.push([
    ...[String(s.people), String(Math.round(s.forwardedPerSecond)), percent(s.cores), String(Math.round(s.packetsPerCpuSecond))],
    ...[s.p99.toFixed(2), kilobytes(s.memoryPerPerson), percent(s.loadCores, 0), s.void ? `void: ${s.void}` : ''],
  ]);
console.log(`One room, everything on\n${table(peopleRows)}\n`);

const roomRows = [['rooms', 'people', 'core', 'call process', 'wakes/s', 'KB a person', '']];
for (const s of rooms)
  roomRows.push([
    ...[String(s.rooms), String(s.peoplePresent), percent(s.cores), percent(s.processCores), s.wakesPerSecond.toFixed(0)],
    ...[kilobytes(s.memoryPerPerson), s.void ? `void: ${s.void}` : ''],
  ]);
console.log(`One room of ten with everything on, the others with two people who send nothing\n${table(roomRows)}\n`);
console.log(
  `${left.rooms} rooms ${left.entered ? 'that everybody has left' : '(not all were entered)'}: the call process uses ${percent(left.callCores, 2)} of a core (aim: under 1%), ` +
    `the service ${percent(left.serviceCores, 2)}; memory of the call process ${kilobytes(left.memoryBefore)} KB before, ${kilobytes(left.memoryAfter)} KB after`,
);

const counted = people.filter((s) => !s.void);
const countedRooms = rooms.filter((s) => !s.void);
console.log(writeResult('scale.json', { at: new Date().toISOString(), quick, seconds, rest_us: options.rest ?? 'default', people, rooms, left }));
console.log(
  writeResult(
    'scale.svg',
    svg([
      {
        title: 'Core share against people in one room',
        x: 'people, everything on',
        y: '% of a core',
        lines: [{ name: 'media thread', points: counted.map((s) => [s.people, s.cores * 100]) }],
      },
      {
        title: 'Forwarded packets per CPU-second against people in one room',
        x: 'people, everything on',
        y: 'packets per CPU-second',
        lines: [{ name: 'media thread', points: counted.map((s) => [s.people, s.packetsPerCpuSecond]) }],
      },
      {
        title: 'Memory of the call process per person',
        x: 'people present',
        y: 'KB',
        logX: true,
        lines: [
          { name: 'one room, everything on', points: counted.map((s) => [s.people, s.memoryPerPerson / 1024]) },
          { name: 'many rooms, most of them silent', points: countedRooms.map((s) => [s.peoplePresent, s.memoryPerPerson / 1024]) },
        ],
        bound: { at: 400, name: 'aim: under 400 KB' },
      },
      {
        title: 'Core share against rooms',
        x: 'rooms: one of ten with everything on, the others silent',
        y: '% of a core',
        logX: true,
        lines: [
          { name: 'media thread', points: countedRooms.map((s) => [s.rooms, s.cores * 100]) },
          { name: 'whole call process', points: countedRooms.map((s) => [s.rooms, s.processCores * 100]) },
        ],
      },
    ]),
  ),
);
