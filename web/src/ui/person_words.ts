// SPDX-License-Identifier: Apache-2.0
// How a person is named and what is true of them in words: one place for tiles, lists and announcements. No DOM.
import type { CallState, EncryptionState, Person, Seat } from '../call/model';
import { t } from '../texts/text';

export const nameOf = (person: Pick<Person, 'alias'> | undefined): string => person?.alias ?? t('person.unnamed');

export const nameOfSeat = (people: readonly Person[], seat: Seat | null): string =>
  nameOf(people.find((person) => person.seat === seat));

// The number of the small room somebody is in; null: in none.
export const breakoutOf = ({ room }: Pick<Person, 'room'>): number | null => (room.startsWith('breakout:') ? Number(room.slice('breakout:'.length)) : null);

export const namesOf = (people: readonly Person[]): string =>
  new Intl.ListFormat(globalThis.document?.documentElement.lang || 'en-GB', { type: 'conjunction' }).format(people.map((person) => nameOf(person)));

// Whose sound somebody's line does not carry just now; null: it carries everyone's.
export const thinnedNames = (people: readonly Person[], of: Pick<Person, 'carried'> | undefined): string | null => {
  const thinned = people.filter((person) => of?.carried?.thinned.includes(person.seat));
  return thinned.length > 0 ? namesOf(thinned) : null;
};

// Whether something about their line may be helped.
export const weakLine = (people: readonly Person[], of: Person | undefined): boolean =>
  of !== undefined && (of.cameraHeld || (of.line !== null && of.line !== 'good') || thinnedNames(people, of) !== null);

// What somebody's own weak line does to them just now; null: nothing. Whom they may not hear comes first: that they cannot see themselves.
export const lineWords = (people: readonly Person[], self: Person | undefined): string | null => {
  const unheard = thinnedNames(people, self);
  if (unheard !== null) return t('line.thinned', { names: unheard });
  if (self?.cameraHeld) return t('line.camera_held');
  return self?.line === 'poor' || self?.line === 'none' ? t('line.own_poor') : null;
};

// Where somebody is who is not where I am.
export const asideWords = (person: Person): string => {
  const number = breakoutOf(person);
  return number !== null ? t('breakout.mark', { number }) : t(person.room === 'everyone' ? 'mark.with_everyone' : 'mark.aside');
};
export const asideShort = (person: Person): string => {
  const number = breakoutOf(person);
  return number !== null ? t('breakout.mark_short', { number }) : t(person.room === 'everyone' ? 'mark.with_everyone_short' : 'mark.aside_short');
};

// How the group is protected, in one line that is always in sight.
export const protectionWords = ({ kind, state }: EncryptionState): string =>
  kind === 'none' ? t('protect.none') : state === 'on' ? t('protect.on') : t('protect.waiting');

export const initialsOf = (name: string): string =>
  name
    .split(/[\s-]+/u)
    .filter((part) => /^[\p{L}\p{N}]/u.test(part))
    .slice(0, 2)
    .map((part) => [...part][0]?.toLocaleUpperCase() ?? '')
    .join('');

// Eight soft colours, by place: a person keeps theirs while they keep their seat.
export const tintOf = (person: Pick<Person, 'place'>): number => ((person.place % 8) + 8) % 8;

export type Seen = 'both' | 'see' | 'hear' | 'nobody' | 'alone';

export const whoCan = (state: CallState): { how: Seen; count: number } => {
  // Who has lost the line or is not private now sees and hears nobody.
  const count = state.people.filter((person) => !person.self && !person.away && !person.aside && !person.privateNow && person.keyed).length;
  const self = state.people.find((person) => person.self);
  const { kind, state: keys, hold } = state.encryption;
  const held = (kind !== 'none' && keys === 'waiting') || (hold !== null && !state.self?.mayModerate);
  if (state.paused || state.privateNow || !self || held) return { how: 'nobody', count };
  if (count === 0) return { how: state.people.length > 1 ? 'nobody' : 'alone', count };
  // A camera that the room holds, for a narrow line, is on here and shown to nobody.
  const camera = { on: state.devices.camera.on && !self.cameraHeld };
  const microphone = { on: state.devices.microphone.on && !state.backstage.on };
  if (camera.on && microphone.on) return { how: 'both', count };
  if (camera.on) return { how: 'see', count };
  if (microphone.on) return { how: 'hear', count };
  return { how: 'nobody', count };
};

export const timerLeft = (timer: NonNullable<CallState['timer']>, now: number): number =>
  Math.max(0, timer.endsAt === null ? timer.leftMs : timer.endsAt - now);

export const minutesAndSeconds = (ms: number): string => {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};
