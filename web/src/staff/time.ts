// SPDX-License-Identifier: Apache-2.0
// Days, clock times and zones as pages say them, and the series of a group: which days it meets. A day is "2026-11-23"; a clock
// time belongs to the group's zone and stays the same across a clock change. Not here: the clock (it is handed in). The service
// makes the sessions; this shows beforehand what it will make.
import { localeTag } from '../texts/text';

const dayLength = 86_400_000;
const at = (day: string): Date => new Date(`${day}T00:00:00Z`);

export const addDays = (day: string, days: number): string => new Date(at(day).getTime() + days * dayLength).toISOString().slice(0, 10);
export const isDay = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(at(value).getTime());
export const weekdayOf = (day: string): number => at(day).getUTCDay() || 7; // 1 Monday to 7 Sunday

const format = (day: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(localeTag(), { timeZone: 'UTC', ...options }).format(at(day));
export const dayWords = (day: string): string => format(day, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
export const shortDayWords = (day: string): string => format(day, { weekday: 'short', day: 'numeric', month: 'short' });
export const dateWords = (day: string): string => format(day, { day: 'numeric', month: 'long', year: 'numeric' });
export const monthWords = (day: string): string => format(day, { month: 'long', year: 'numeric' });
export const weekdayWords = (weekday: number, length: 'long' | 'short' | 'narrow' = 'long'): string => format(addDays('2024-01-01', weekday - 1), { weekday: length });

// How far the zone is from UTC at an instant, in minutes.
function offsetAt(instant: number, zone: string): number {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' })
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const local = Date.UTC(parts['year'] ?? 0, (parts['month'] ?? 1) - 1, parts['day'], parts['hour'], parts['minute'], parts['second']);
  return Math.round((local - instant) / 60_000);
}

// The instant of a clock time in a zone. Twice that day: the first. Not at all that day: as long after the gap began.
export function instantOf(day: string, time: string, zone: string): number {
  const local = Date.parse(`${day}T${time}:00Z`);
  const before = offsetAt(local - dayLength, zone);
  const after = offsetAt(local + dayLength, zone);
  const early = local - Math.max(before, after) * 60_000;
  const late = local - Math.min(before, after) * 60_000;
  if (early + offsetAt(early, zone) * 60_000 === local) return early;
  if (late + offsetAt(late, zone) * 60_000 === local) return late;
  return local - before * 60_000;
}

export const dayOf = (instant: number, zone: string): string =>
  new Date(instant + offsetAt(instant, zone) * 60_000).toISOString().slice(0, 10);
export const timeOf = (instant: number, zone: string): string =>
  new Date(instant + offsetAt(instant, zone) * 60_000).toISOString().slice(11, 16);

// "15:30" for "14:00" and 90 minutes, by the clock on the wall.
export function endTime(time: string, minutes: number): string {
  const [hours = 0, past = 0] = time.split(':').map(Number);
  const end = (hours * 60 + past + minutes) % 1440;
  return `${String(Math.floor(end / 60)).padStart(2, '0')}:${String(end % 60).padStart(2, '0')}`;
}

export interface Meeting {
  day: string;
  number: number | null; // null: left out
  clockChange: boolean; // the clocks have changed since the date before
  moved: string | null; // the clock time that it moves to, where the clocks skip its time that day
}
export interface Series {
  firstDate: string;
  startTime: string;
  everyDays: number;
  count: number;
  exceptions: readonly string[];
}
export const mostSessions = 104;

// The dates of a series, those left out among them: `count` dates, of which those left out are not held.
export function meetingsOf(series: Series, zone: string): Meeting[] {
  const { firstDate, startTime, everyDays, count, exceptions } = series;
  if (!isDay(firstDate) || !/^([01]\d|2[0-3]):[0-5]\d$/.test(startTime) || !(everyDays >= 1) || !(count >= 1)) return [];
  const meetings: Meeting[] = [];
  let held = 0;
  let before: number | null = null;
  for (let step = 0; step < Math.min(count, mostSessions); step += 1) {
    const day = addDays(firstDate, step * everyDays);
    const starts = instantOf(day, startTime, zone);
    const clock = timeOf(starts, zone);
    const offset = offsetAt(starts, zone);
    const leftOut = exceptions.includes(day);
    meetings.push({ day, number: leftOut ? null : ++held, clockChange: before !== null && offset !== before, moved: clock === startTime ? null : clock });
    before = offset;
  }
  return meetings;
}

// The weeks of the month that a day is in, Monday first; null where a day belongs to another month.
export function weeksOf(day: string): (string | null)[][] {
  const first = `${day.slice(0, 8)}01`;
  const cells: (string | null)[] = Array.from({ length: weekdayOf(first) - 1 }, () => null);
  for (let one = first; one.startsWith(day.slice(0, 7)); one = addDays(one, 1)) cells.push(one);
  while (cells.length % 7 !== 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}
