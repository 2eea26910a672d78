// SPDX-License-Identifier: Apache-2.0
// What a facilitator reads of somebody's line: all that the person reads of it themselves (line_dialog.tsx), and what may help, in words
// that a facilitator can say. Invariant: of who is away nothing about a line that is not there, only the data that was taken.
import type { Person } from '../../call/model';
import { t } from '../../texts/text';
import { thinnedNames, weakLine } from '../person_words';
import { comesTo, megabytes } from './data_words';

type Words = (string | null)[];

// What of the room it carries to them.
const carriedWords = (person: Person, people: readonly Person[]): Words => {
  const { line, carried, receives, cameraHeld } = person;
  const unheard = thinnedNames(people, person);
  return [
    line && t(`line.${line}`),
    cameraHeld ? t('people.camera_held') : null,
    // Of who saves data, smaller pictures are what was asked for.
    carried && carried.pictures !== 'full' && !receives?.saver ? t('people.pictures', { pictures: carried.pictures }) : null,
    unheard && t('people.thinned', { names: unheard }),
  ];
};

// What they take over it, as their own client says.
const receivesWords = ({ receives, self }: Person, leftMs: number): Words => {
  if (!receives || self) return [];
  const used = receives.megabytes * 1e6;
  const sum = comesTo({ usedBytes: used, bytesPerSecond: receives.bytesPerSecond }, leftMs);
  return [
    receives.soundOnly ? t('people.sound_only') : null,
    receives.saver ? t('people.saver') : null,
    receives.megabytes > 0 ? t('people.megabytes', { mb: megabytes(used) }) : null,
    sum && sum.mb > 0 ? t('people.comes_to', { mb: sum.mb, by: sum.by }) : null,
  ];
};

export const seenWords = (person: Person, people: readonly Person[], leftMs: number): string =>
  [...(person.away ? [] : carriedWords(person, people)), ...receivesWords(person, leftMs)].filter((words) => words !== null).join(', ');

// Of what helps, only what they can still do.
export function helpWords(person: Person, people: readonly Person[]): string | null {
  if (person.self || person.away || !weakLine(people, person)) return null;
  const helps = [
    t('people.help_closer'),
    ...(person.camera && !person.cameraHeld ? [t('people.help_camera')] : []),
    ...(person.receives?.soundOnly ? [] : [t('people.help_sound_only')]),
  ];
  const list = new Intl.ListFormat(globalThis.document?.documentElement.lang || 'en-GB', { type: 'disjunction' }).format(helps);
  // Where the line comes and goes, what is said may not be heard, and what is written waits for it.
  return t('people.may_help', { how: person.line === 'none' ? 'write' : 'say', helps: list });
}

export function LineSeen({ person, people, leftMs }: { person: Person; people: readonly Person[]; leftMs: number }) {
  const words = seenWords(person, people, leftMs);
  const help = helpWords(person, people);
  return (
    <>
      {words !== '' && <p className="entry__state">{words}</p>}
      {help !== null && <p className="entry__help">{help}</p>}
    </>
  );
}
