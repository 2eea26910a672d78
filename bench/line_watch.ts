// SPDX-License-Identifier: Apache-2.0
// What one page hears and sees of the others while its line is poor, from the browser's own statistics. Not here: what the line does.
import { watchSteadiness } from '../tests/people/steadiness.ts';
import type { Person } from '../tests/people/person.ts';

interface Counted {
  samples: number; // of the talker's sound
  concealed: number; // made up
  silentConcealed: number; // made up where nothing was to be heard
  withRepair: number; // packets that brought another one's sound along (forward error correction)
  packets: number;
  frozen: number[]; // seconds, by picture
  frames: number;
}

export interface Heard {
  concealedPercent: number;
  longestGapMs: number; // the longest stretch of the talker's sound that was made up, as read every 40 ms
  soundSeconds: number;
  packetsPerSecond: number;
  repairedPackets: number; // that brought another one's sound along (forward error correction)
  frozenSeconds: number; // over all pictures
  worstFrozenSeconds: number; // of one picture
  frames: number;
}

export const watch = (person: Person): Promise<void> => person.driver.evaluate(watchSteadiness, null);

const count = (person: Person, seat: number): Promise<Counted> =>
  person.driver.evaluate(async (of) => {
    const track = window.steady.soundOf(of); // also while their camera is paused
    const sum = { samples: 0, concealed: 0, silentConcealed: 0, withRepair: 0, packets: 0, frozen: [] as number[], frames: 0 };
    for (const connection of window.reading.connections) {
      if (connection.connectionState === 'closed') continue;
      for (const one of (await connection.getStats()).values() as Iterable<Record<string, unknown>>) {
        if (one['type'] !== 'inbound-rtp') continue;
        if (one['kind'] === 'video') {
          sum.frozen.push(Number(one['totalFreezesDuration'] ?? 0));
          sum.frames += Number(one['framesDecoded'] ?? 0);
        } else if (one['trackIdentifier'] === track?.id) {
          sum.samples += Number(one['totalSamplesReceived'] ?? 0);
          sum.concealed += Number(one['concealedSamples'] ?? 0);
          sum.silentConcealed += Number(one['silentConcealedSamples'] ?? 0);
          sum.withRepair += Number(one['fecPacketsReceived'] ?? 0);
          sum.packets += Number(one['packetsReceived'] ?? 0);
        }
      }
    }
    return sum;
  }, seat);

// Of somebody's sound, those that were not made up.
export async function samplesHeard(person: Person, seat: number): Promise<number> {
  const { samples, concealed } = await count(person, seat);
  return samples - concealed;
}

// Begins now; the answer ends it.
export async function listen(person: Person, seat: number): Promise<() => Promise<Heard>> {
  await person.driver.evaluate((of) => window.steady.begin([of]), seat);
  const before = await count(person, seat);
  return async () => {
    const after = await count(person, seat);
    const steady = (await person.driver.evaluate(() => window.steady.read(), null))[String(seat)]!;
    const silent = after.silentConcealed - before.silentConcealed;
    const frozen = after.frozen.map((seconds, place) => seconds - (before.frozen[place] ?? 0));
    return {
      concealedPercent: (100 * (after.concealed - before.concealed - silent)) / (after.samples - before.samples - silent),
      longestGapMs: steady.longestMadeUpMs,
      soundSeconds: (after.samples - before.samples) / 48_000,
      packetsPerSecond: ((after.packets - before.packets) * 48_000) / (after.samples - before.samples),
      repairedPackets: after.withRepair - before.withRepair,
      frozenSeconds: frozen.reduce((sum, one) => sum + one, 0),
      worstFrozenSeconds: Math.max(0, ...frozen),
      frames: after.frames - before.frames,
    };
  };
}

// Milliseconds of somebody's sound that the browser has and has not played yet, of the last second; null where it does not say.
export async function soundInHand(person: Person, seat: number): Promise<number | null> {
  const read = () =>
    person.driver.evaluate(async (of) => {
      const track = window.steady.soundOf(of);
      for (const connection of window.reading.connections)
        for (const one of (await connection.getStats()).values() as Iterable<Record<string, unknown>>)
          if (one['type'] === 'inbound-rtp' && track !== null && one['trackIdentifier'] === track.id)
            return { waited: Number(one['jitterBufferDelay'] ?? NaN), played: Number(one['jitterBufferEmittedCount'] ?? NaN) }; // seconds over samples
      return null;
    }, seat);
  const before = await read();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const after = await read();
  const inHand = before && after ? (1_000 * (after.waited - before.waited)) / (after.played - before.played) : NaN;
  return Number.isFinite(inHand) ? inHand : null;
}

// What share of a person's sound their browser is told to be lost: it adds error correction by that.
export const lossTold = (person: Person): Promise<number> =>
  person.driver.evaluate(async () => {
    for (const connection of window.reading.connections)
      for (const one of (await connection.getStats()).values() as Iterable<Record<string, unknown>>)
        if (one['type'] === 'remote-inbound-rtp' && one['kind'] === 'audio') return Number(one['fractionLost'] ?? NaN);
    return NaN;
  }, null);
