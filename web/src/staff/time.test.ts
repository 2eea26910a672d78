// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { dateOf, timeTyped } from './fields';
import { addDays, dayOf, endTime, instantOf, meetingsOf, timeOf, weekdayOf, weeksOf } from './time';

const iso = (instant: number): string => new Date(instant).toISOString();

describe('a clock time in a zone', () => {
  it.each([
    ['2027-01-07', '14:00', 'Europe/London', '2027-01-07T14:00:00.000Z'],
    ['2027-07-07', '14:00', 'Europe/London', '2027-07-07T13:00:00.000Z'],
    ['2027-03-28', '01:30', 'Europe/London', '2027-03-28T01:30:00.000Z'], // skipped: as long after the gap began
    ['2026-10-25', '01:30', 'Europe/London', '2026-10-25T00:30:00.000Z'], // twice: the first
    ['2026-10-25', '03:00', 'Europe/London', '2026-10-25T03:00:00.000Z'],
    ['2027-03-14', '09:00', 'America/New_York', '2027-03-14T13:00:00.000Z'],
    ['2026-11-01', '01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
    ['2027-01-07', '00:15', 'Australia/Sydney', '2027-01-06T13:15:00.000Z'],
    ['2027-01-07', '14:00', 'UTC', '2027-01-07T14:00:00.000Z'],
  ])('%s %s in %s is %s', (day, time, zone, instant) => {
    expect(iso(instantOf(day, time, zone))).toBe(instant);
  });
  it('is read back as it was', () => {
    const instant = instantOf('2027-07-07', '00:30', 'Europe/London');
    expect([dayOf(instant, 'Europe/London'), timeOf(instant, 'Europe/London')]).toEqual(['2027-07-07', '00:30']);
  });
});

describe('a series', () => {
  const weekly = { firstDate: '2027-03-18', startTime: '14:00', everyDays: 7, count: 4, exceptions: ['2027-03-25'] };
  it('has as many dates as were asked for, numbered without those left out', () => {
    expect(meetingsOf(weekly, 'Europe/London').map(({ day, number }) => [day, number])).toEqual([
      ['2027-03-18', 1],
      ['2027-03-25', null],
      ['2027-04-01', 2],
      ['2027-04-08', 3],
    ]);
  });
  it('marks the date before which the clocks change, and only that', () => {
    expect(meetingsOf(weekly, 'Europe/London').map(({ clockChange }) => clockChange)).toEqual([false, false, true, false]);
    expect(meetingsOf(weekly, 'UTC').some(({ clockChange }) => clockChange)).toBe(false);
  });
  it('says where the clocks skip its time', () => {
    const night = { firstDate: '2027-03-27', startTime: '01:30', everyDays: 1, count: 2, exceptions: [] };
    expect(meetingsOf(night, 'Europe/London').map(({ moved }) => moved)).toEqual([null, '02:30']);
  });
  it('has no date while its first day or time is none', () => {
    expect(meetingsOf({ ...weekly, firstDate: '?31 2 2027' }, 'Europe/London')).toEqual([]);
    expect(meetingsOf({ ...weekly, startTime: '25:00' }, 'Europe/London')).toEqual([]);
  });
  it('has 104 dates at most', () => {
    expect(meetingsOf({ ...weekly, count: 9999, exceptions: [] }, 'UTC')).toHaveLength(104);
  });
});

describe('a calendar', () => {
  it('has weeks from Monday, and every day of the month once', () => {
    const weeks = weeksOf('2027-02-18');
    expect(weeks[0]).toEqual(['2027-02-01', '2027-02-02', '2027-02-03', '2027-02-04', '2027-02-05', '2027-02-06', '2027-02-07']);
    expect(weeksOf('2026-11-01')[0]).toEqual([null, null, null, null, null, null, '2026-11-01']);
    expect(weeksOf('2024-02-01').flat().filter(Boolean)).toHaveLength(29);
  });
  it('knows days and ends', () => {
    expect(addDays('2027-02-28', 1)).toBe('2027-03-01');
    expect(weekdayOf('2026-11-29')).toBe(7);
    expect(endTime('23:30', 60)).toBe('00:30');
  });
});

describe('what people type', () => {
  it.each([
    ['14:00', '14:00'],
    ['14.30', '14:30'],
    ['1400', '14:00'],
    ['9', '09:00'],
    ['2pm', '14:00'],
    ['2.30 pm', '14:30'],
    ['12am', '00:00'],
    ['12 pm', '12:00'],
    ['25:00', null],
    ['13pm', null],
    ['soon', null],
  ])('%s is the time %s', (typed, time) => {
    expect(timeTyped(typed)).toBe(time);
  });
  it('is a date only where the calendar has it', () => {
    expect(dateOf('29', '2', '2028')).toBe('2028-02-29');
    expect(dateOf('29', '2', '2027')).toBeNull();
    expect(dateOf('7', '1', '27')).toBeNull();
  });
});
