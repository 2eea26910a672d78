// SPDX-License-Identifier: Apache-2.0
// What a person answers at arrival, as it is typed: nothing is chosen for them, each answer is theirs. Pure. Not here: the page
// (today_part.tsx), sending. The service checks a place again and more strictly.
import type { ArrivalQuestions, PlaceFault, PlaceKind, SaidPlace } from '../api/arrival';
import type { Answers } from '../call/model';
import type { TextKey } from '../texts/text';

export interface Today {
  alone: 'yes' | 'near' | 'carer' | null;
  headphones: 'yes' | 'no' | null;
  way: Answers['way'] | null;
  place: PlaceKind | null;
  address: string;
  words: string;
  hospital: string;
  ward: string;
  agreed: boolean;
}
export const nothingSaid: Today = { alone: null, headphones: null, way: null, place: null, address: '', words: '', hospital: '', ward: '', agreed: false };

// Where on the page, and what to say there.
export type Question = 'alone' | 'headphones' | 'way' | 'place' | 'address' | 'words' | 'hospital' | 'ward' | 'agreed';
export type Faults = Partial<Record<Question, TextKey>>;

export function faultsIn(today: Today, questions: ArrivalQuestions | null): Faults {
  const faults: Faults = {};
  for (const one of ['alone', 'headphones', 'place', 'way'] as const) if (today[one] === null) faults[one] = 'today.fault.choose';
  if (today.place === 'address' && today.address.trim() === '') faults.address = 'today.fault.address';
  if (today.place === 'what3words' && today.words.trim() === '') faults.words = 'today.fault.three_words';
  if (today.place === 'hospital' && today.hospital.trim() === '') faults.hospital = 'today.fault.hospital';
  if (today.place === 'hospital' && today.ward.trim() === '') faults.ward = 'today.fault.ward';
  if (questions?.agreement?.ask && !today.agreed) faults.agreed = 'today.fault.agree';
  return faults;
}

// What the service found not precise enough, at its field.
export function faultFrom(fault: PlaceFault, place: PlaceKind | null): Faults {
  switch (fault) {
    case 'no-address':
      return { place: 'today.fault.no_address' };
    case 'three-words':
      return { words: 'today.fault.three_words' };
    case 'missing-ward':
      return { ward: 'today.fault.ward' };
    case 'missing-text':
      return { hospital: 'today.fault.hospital' };
    case 'not-precise':
      return place === 'address' ? { address: 'today.fault.address' } : { place: 'today.fault.choose' };
  }
}

export function placeOf(today: Today): SaidPlace {
  const kind = today.place ?? 'declined';
  const text = kind === 'address' ? today.address : kind === 'what3words' ? today.words : kind === 'hospital' ? today.hospital : '';
  return { kind, text: text.trim(), ward: kind === 'hospital' ? today.ward.trim() : '' };
}

export const answersOf = (today: Today): Answers => ({
  alone: today.alone === 'yes',
  headphones: today.headphones === 'yes',
  carer: today.alone === 'carer',
  way: today.way ?? 'video',
});

// In the order of the page, so that the first that lacks an answer takes the focus.
export const questionsInOrder: readonly Question[] = ['alone', 'headphones', 'place', 'address', 'words', 'hospital', 'ward', 'way', 'agreed'];
export const firstOf = (faults: Faults): Question | null => questionsInOrder.find((one) => faults[one]) ?? null;
