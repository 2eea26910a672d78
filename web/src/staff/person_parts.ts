// SPDX-License-Identifier: Apache-2.0
// The parts of a person's record: an empty one, what each part shows, and what is checked before sending. Not here: pages. The
// service checks and settles everything again. Pure.
import type { Fault } from '../api/client';
import type { Person } from '../api/model';
import { needWords, writtenNeed } from '../texts/need_words';
import { t } from '../texts/text';
import { isDay, dateWords, weekdayWords } from './time';
import { languageWords, nhsNumberWords, softwareWords, wayWords } from './words';

export type Identity = NonNullable<Person['identity']>;
export type Needs = NonNullable<Person['needs']>;

export const emptyIdentity: Identity = {
  legalName: '',
  preferredName: '',
  nhsNumber: '',
  birthDate: null,
  contacts: { email: '', mobile: '', telephone: '', address: [], postcode: '', addressConfirmed: null },
  safeContact: { method: null, hours: [], note: '' },
  emergencyContact: { name: '', relation: '', telephone: '' },
};
export const emptyNeeds: Needs = { preferences: { way: null, software: '', language: '', interpreter: '', format: null }, needs: [] };

export const parts = ['names', 'contacts', 'safe-contact', 'emergency-contact', 'preferences', 'needs'] as const;
export type Part = (typeof parts)[number];
export const partTitle = (part: Part): string => t(`person.${part}`);

export const hoursWords = (hours: Identity['safeContact']['hours']): string =>
  hours.length === 0
    ? t('safe.any_time')
    : hours.map(({ days, from, to }) => t('safe.hours_said', { days: days.length === 7 || days.length === 0 ? t('safe.every_day') : days.map((day) => weekdayWords(day, 'short')).join(', '), from, to })).join('\n');

export interface Line {
  name: string;
  value: string;
}

export function identityLines(identity: Identity, part: Part): Line[] {
  const { contacts, safeContact, emergencyContact } = identity;
  switch (part) {
    case 'names':
      return [
        { name: t('person.legal_name'), value: identity.legalName },
        { name: t('person.preferred_name'), value: identity.preferredName },
        { name: t('person.birth_date'), value: identity.birthDate ? dateWords(identity.birthDate) : '' },
        { name: t('person.nhs_number'), value: nhsNumberWords(identity.nhsNumber) },
      ];
    case 'contacts':
      return [
        { name: t('person.mobile'), value: contacts.mobile },
        { name: t('person.telephone'), value: contacts.telephone },
        { name: t('person.email'), value: contacts.email },
        { name: t('person.address'), value: [...contacts.address, contacts.postcode].filter(Boolean).join('\n') },
        { name: t('person.address_confirmed'), value: contacts.addressConfirmed ? dateWords(contacts.addressConfirmed) : t('person.not_confirmed') },
      ];
    case 'safe-contact':
      return [
        { name: t('safe.method'), value: t(`safe.${safeContact.method ?? 'not_asked'}`) },
        { name: t('safe.hours'), value: hoursWords(safeContact.hours) },
        { name: t('safe.note'), value: safeContact.note },
      ];
    case 'emergency-contact':
      return [
        { name: t('emergency.name'), value: emergencyContact.name },
        { name: t('emergency.relation'), value: emergencyContact.relation },
        { name: t('emergency.telephone'), value: emergencyContact.telephone },
      ];
    default:
      return [];
  }
}

export function needsLines({ preferences, needs }: Needs, part: Part): Line[] {
  if (part === 'needs') return needs.map((need) => ({ name: needWords(need.category), value: writtenNeed(need) }));
  return [
    { name: t('preferences.way'), value: preferences.way ? wayWords(preferences.way) : t('word.not_asked') },
    { name: t('preferences.software'), value: preferences.software ? softwareWords(preferences.software) : '' },
    { name: t('preferences.language'), value: languageWords(preferences.language) },
    { name: t('preferences.interpreter'), value: preferences.interpreter ? languageWords(preferences.interpreter) : t('preferences.no_interpreter') },
    { name: t('preferences.format'), value: t(`format.${preferences.format ?? 'not_asked'}`) },
  ];
}

const own = (pointer: string, detail: string): Fault => ({ pointer, code: 'own', detail });

// The check digit of an NHS number (NHS Data Dictionary, modulus 11).
export function isNhsNumber(typed: string): boolean {
  const digits = typed.replace(/[\s-]/g, '');
  if (!/^\d{10}$/.test(digits)) return false;
  const sum = [...digits.slice(0, 9)].reduce((total, digit, place) => total + Number(digit) * (10 - place), 0);
  const check = (11 - (sum % 11)) % 11;
  return check !== 10 && check === Number(digits[9]);
}

export function identityFaults(identity: Identity, part: Part | 'all', under = ''): Fault[] {
  const faults: Fault[] = [];
  const of = (one: Part): boolean => part === one || part === 'all';
  if (of('names')) {
    if (!identity.legalName.trim()) faults.push(own(`${under}/legalName`, t('person.fault.legal_name')));
    if (identity.birthDate !== null && !isDay(identity.birthDate)) faults.push(own(`${under}/birthDate`, t('person.fault.birth_date')));
    if (identity.nhsNumber.trim() && !isNhsNumber(identity.nhsNumber)) faults.push(own(`${under}/nhsNumber`, t('person.fault.nhs_number')));
  }
  if (of('contacts') && identity.contacts.addressConfirmed !== null && !isDay(identity.contacts.addressConfirmed)) {
    faults.push(own(`${under}/contacts/addressConfirmed`, t('person.fault.date')));
  }
  if (of('safe-contact')) {
    identity.safeContact.hours.forEach(({ days, from, to }, index) => {
      const at = `${under}/safeContact/hours/${index}`;
      if (days.length === 0) faults.push(own(`${at}/days`, t('safe.fault.days')));
      if (!from || !to || from >= to) faults.push(own(`${at}/from`, t('safe.fault.hours')));
    });
  }
  return faults;
}

export function needsFaults({ needs }: Needs, under = ''): Fault[] {
  return needs.flatMap(({ category, note, code }, index) => [
    ...(category ? [] : [own(`${under}/needs/${index}/category`, t('need.fault.category'))]),
    ...(note.trim() || code.trim() ? [] : [own(`${under}/needs/${index}/note`, t('need.fault.note'))]),
  ]);
}
