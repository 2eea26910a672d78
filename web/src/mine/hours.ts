// SPDX-License-Identifier: Apache-2.0
// The times at which a person may be reached, in words, and what is typed of a change of them. Pure. Not here: the form.
import type { FieldFault, SafeHours } from '../api/mine';
import { localeTag, t } from '../texts/text';

export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const; // Monday first
export const weekdayName = (day: number, length: 'long' | 'short' = 'long'): string =>
  new Intl.DateTimeFormat(localeTag(), { weekday: length, timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, day))); // a January that begins with a Monday

const one = ({ days, from, to }: SafeHours): string =>
  t('hours.said', { days: days.length === 7 ? t('hours.every_day') : days.map((day) => weekdayName(day)).join(', '), from, to });
export const hoursLines = (hours: readonly SafeHours[]): string[] => (hours.length === 0 ? [t('hours.any')] : hours.map(one));

export type When = 'any' | 'some';
export const mostStretches = 4;
export const emptyStretch: SafeHours = { days: [], from: '', to: '' };

// What is missing is said before anything is sent.
export const hoursFaults = (when: When | null, hours: readonly SafeHours[]): FieldFault[] => {
  if (when === null) return [{ pointer: '/when', detail: t('hours.fault.when') }];
  if (when === 'any') return [];
  return hours.flatMap(({ days, from, to }, index) => {
    const at = `/wanted/hours/${index}`;
    return [
      ...(days.length === 0 ? [{ pointer: `${at}/days`, detail: t('hours.fault.days') }] : []),
      ...(from === '' ? [{ pointer: `${at}/from`, detail: t('hours.fault.from') }] : []),
      ...(to === '' ? [{ pointer: `${at}/to`, detail: t('hours.fault.to') }] : from !== '' && to <= from ? [{ pointer: `${at}/to`, detail: t('hours.fault.order') }] : []),
    ];
  });
};
