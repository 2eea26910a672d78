// SPDX-License-Identifier: Apache-2.0
// Dates for stories that plan: always to come, as a person types them and as the pages say them. Not here: time zones.
const day = 86_400_000;

export interface PlannedDate {
  iso: string; // 2031-03-27
  day: string;
  month: string;
  year: string;
  words: string; // 27 March 2031
}

export function plannedDate(at: number): PlannedDate {
  const date = new Date(at);
  const words = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(date);
  return { iso: date.toISOString().slice(0, 10), day: String(date.getUTCDate()), month: String(date.getUTCMonth() + 1), year: String(date.getUTCFullYear()), words };
}

// Dates a week apart, the first of them in some weeks.
export const weeklyFrom = (first: number, count: number): PlannedDate[] => Array.from({ length: count }, (_, week) => plannedDate(first + week * 7 * day));
export const inWeeks = (weeks: number, now = Date.now()): number => now + weeks * 7 * day;

// Noon of the next Thursday that has the second and the third of its weeks on either side of a change of the British clocks: the last
// Sunday of March or of October. At least a week away.
export function thursdayBeforeClocksChange(now = Date.now()): number {
  for (let at = new Date(now).setUTCHours(12, 0, 0, 0) + 7 * day; ; at += day) {
    const sunday = new Date(at + 10 * day);
    const last = new Date(at + 17 * day).getUTCMonth() !== sunday.getUTCMonth();
    if (sunday.getUTCDay() === 0 && last && (sunday.getUTCMonth() === 2 || sunday.getUTCMonth() === 9)) return at;
  }
}
