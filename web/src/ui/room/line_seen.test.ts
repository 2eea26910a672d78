// SPDX-License-Identifier: Apache-2.0
// What a facilitator reads of somebody's line: in every combination, all that there is and nothing else.
import { describe, expect, it } from 'vitest';
import type { Carried, LineWord, Person } from '../../call/model';
import { elementsIn, wordsOf } from '../elements';
import { people } from '../sketch_session';
import { LineSeen, seenWords } from './line_seen';

const hour = 3_600_000;
const crowd = people(4, 0);
const somebody = crowd[1]!;
const unheard = crowd[2]!;

const words: readonly (readonly [LineWord | null, string])[] = [
  [null, ''], ['good', 'good connection'], ['fair', 'fair connection'], ['poor', 'weak connection'], ['none', 'connection comes and goes'],
];
const pictures: readonly (readonly [Carried['pictures'], string])[] = [['full', ''], ['reduced', 'smaller pictures'], ['stills', 'still pictures'], ['none', 'no pictures']];
const both = [false, true] as const;
// At 20,000 bytes a second an hour is 72 MB; 30 MB were taken.
const sums: readonly (readonly [number | null, number, string])[] = [[null, hour, ''], [20_000, hour, 'about 100 MB by the end'], [20_000, 0, 'about 70 MB an hour']];

interface Has {
  line?: LineWord | null;
  shown?: Carried['pictures'];
  thinned?: boolean;
  held?: boolean;
  soundOnly?: boolean;
  saver?: boolean;
  megabytes?: number;
  rate?: number | null;
}
const withLine = ({ line = 'poor', shown = 'full', thinned = false, held = false, soundOnly = false, saver = false, megabytes = 0, rate = null }: Has): Person => ({
  ...somebody,
  camera: true,
  cameraHeld: held,
  line,
  carried: { pictures: shown, thinned: thinned ? [unheard.seat] : [] },
  receives: { soundOnly, saver, megabytes, bytesPerSecond: rate },
});
const drawn = (person: Person, leftMs = hour): string[] =>
  elementsIn(LineSeen({ person, people: crowd, leftMs })).flatMap((one) => (one.type === 'p' ? [wordsOf(one)] : []));
const help = (person: Person): string | undefined => drawn(person)[1];

describe('what a facilitator reads of somebody’s line', () => {
  it.each(words)('is all that there is, where its word is %s', (line, word) => {
    let seen = 0;
    for (const [shown, picture] of pictures)
      for (const thinned of both)
        for (const held of both)
          for (const soundOnly of both)
            for (const saver of both)
              for (const megabytes of [0, 30])
                for (const [rate, leftMs, sum] of sums) {
                  const wanted = [
                    word,
                    held ? 'camera paused for now' : '',
                    saver ? '' : picture, // smaller pictures are what they asked for
                    thinned ? `may not hear ${unheard.alias}` : '',
                    soundOnly ? 'gets sound only' : '',
                    saver ? 'saves data' : '',
                    megabytes ? '30 MB so far' : '',
                    megabytes ? sum : sum.replace('about 100', 'about 70'),
                  ].filter((one) => one !== '');
                  const person = withLine({ line, shown, thinned, held, soundOnly, saver, megabytes, rate });
                  expect(seenWords(person, crowd, leftMs)).toBe(wanted.join(', '));
                  expect(drawn(person, leftMs)[0] ?? '').toContain(wanted.join(', '));
                  seen += 1;
                }
    expect(seen).toBe(384);
  });

  it('is nothing where nothing is known, and of who is away the data alone', () => {
    expect(drawn(somebody)).toEqual([]);
    const away = { ...withLine({ line: 'none', shown: 'none', thinned: true, held: true, megabytes: 30, rate: 20_000 }), away: true };
    expect(drawn(away)).toEqual(['30 MB so far, about 100 MB by the end']);
  });

  it('has nothing of their own data in their own entry: the dialog says it', () => {
    expect(drawn({ ...withLine({ megabytes: 30, rate: 20_000 }), self: true })).toEqual(['weak connection']);
  });
});

describe('what may help', () => {
  const say = (helps: string): string => `You could say or write to them: “If you like, you could ${helps}.”`;
  it.each<[string, Has, string | undefined]>([
    ['nothing on a good line', { line: 'good' }, undefined],
    ['nothing while the line is not known', { line: null }, undefined],
    ['all three on a fair line', { line: 'fair' }, say('move closer to your router, turn your camera off or get sound only')],
    ['all three on a weak line', { line: 'poor' }, say('move closer to your router, turn your camera off or get sound only')],
    ['no camera where it is paused', { line: 'poor', held: true }, say('move closer to your router or get sound only')],
    ['no sound only where they have it', { line: 'poor', soundOnly: true }, say('move closer to your router or turn your camera off')],
    ['a good line that holds the camera', { line: 'good', held: true, soundOnly: true }, say('move closer to your router')],
    ['a good line that leaves somebody out', { line: 'good', thinned: true, held: true, soundOnly: true }, say('move closer to your router')],
    ['in writing where they may not hear it', { line: 'none', held: true, soundOnly: true }, 'You could write to them: “If you like, you could move closer to your router.”'],
  ])('%s', (_name, has, wanted) => expect(help(withLine(has))).toBe(wanted));

  it('is no camera where none is on', () => expect(help({ ...withLine({ soundOnly: true }), camera: false })).toBe(say('move closer to your router')));
});
