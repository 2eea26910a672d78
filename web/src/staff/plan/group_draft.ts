// SPDX-License-Identifier: Apache-2.0
// A group while it is being planned: its steps, what each asks, and what is checked before going on. The service checks all of
// it again; these checks only answer sooner. Not here: pages. Pure.
import type { Fault } from '../../api/client';
import type { Group, NewSeries } from '../../api/model';
import { t } from '../../texts/text';
import { isDay, meetingsOf, mostSessions } from '../time';

export type GroupPlan = Omit<Group, 'id' | 'version' | 'closed'>;
export interface GroupDraft {
  group: GroupPlan;
  series: NewSeries;
  datesLater: boolean;
}
export const steps = ['what', 'ways', 'who', 'when', 'confidentiality', 'check'] as const;
export type Step = (typeof steps)[number];
export const stepAfter = (step: Step): Step => steps[Math.min(steps.indexOf(step) + 1, steps.length - 1)] ?? 'check';

export const emptySeries: NewSeries = { firstDate: '', startTime: '', minutes: 90, everyDays: 7, count: 8, exceptions: [] };

export function emptyDraft(zone: string, team: string, facilitator: Group['facilitators'][number] | null): GroupDraft {
  return {
    group: {
      team,
      name: '',
      programme: '',
      zone,
      ways: [],
      oneWayReason: '',
      oneWayAlternative: '',
      software: 'quietroom',
      venue: '',
      directions: '',
      phoneDirections: '',
      capacity: 10,
      confidentialityPlan: { endToEnd: true, phoneGateway: false, captioner: false, membersMayShare: false, watermark: false, note: '' },
      facilitators: facilitator ? [facilitator] : [],
    },
    series: emptySeries,
    datesLater: false,
  };
}

const own = (pointer: string, detail: string): Fault => ({ pointer, code: 'own', detail });
const said = (text: string): boolean => text.trim() !== '';

function whatFaults(group: GroupPlan, under: string): Fault[] {
  return [
    ...(said(group.name) ? [] : [own(`${under}/name`, t('plan.fault.name'))]),
    ...(group.team ? [] : [own(`${under}/team`, t('plan.fault.team'))]),
    ...(Number.isSafeInteger(group.capacity) && group.capacity >= 1 && group.capacity <= 48 ? [] : [own(`${under}/capacity`, t('plan.fault.capacity'))]),
  ];
}

function waysFaults(group: GroupPlan, under: string): Fault[] {
  const one = group.ways.length === 1;
  return [
    ...(group.ways.length > 0 ? [] : [own(`${under}/ways`, t('plan.fault.ways'))]),
    ...(one && !said(group.oneWayReason) ? [own(`${under}/oneWayReason`, t('plan.fault.one_way_reason'))] : []),
    ...(one && !said(group.oneWayAlternative) ? [own(`${under}/oneWayAlternative`, t('plan.fault.one_way_alternative'))] : []),
    ...(group.ways.includes('in_person') && !said(group.venue) ? [own(`${under}/venue`, t('plan.fault.venue'))] : []),
    ...(said(group.software) ? [] : [own(`${under}/software`, t('plan.fault.software'))]),
  ];
}

function whoFaults(group: GroupPlan, under: string): Fault[] {
  const at = `${under}/facilitators`;
  const list = group.facilitators;
  return [
    ...(list.length > 0 ? [] : [own(at, t('plan.fault.facilitators'))]),
    ...(list.length > 0 && !list.some(({ role }) => role === 'facilitator') ? [own(`${at}/0/role`, t('plan.fault.leads'))] : []),
    ...list.flatMap(({ staff, alias }, index) => [
      ...(staff ? [] : [own(`${at}/${index}/staff`, t('plan.fault.staff'))]),
      ...(said(alias) ? [] : [own(`${at}/${index}/alias`, t('plan.fault.alias'))]),
    ]),
  ];
}

export function seriesFaults(series: NewSeries, under: string): Fault[] {
  const whole = (value: unknown, least: number, most: number): boolean => typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;
  return [
    ...(isDay(series.firstDate) ? [] : [own(`${under}/firstDate`, t('plan.fault.first_date'))]),
    ...(/^([01]\d|2[0-3]):[0-5]\d$/.test(series.startTime) ? [] : [own(`${under}/startTime`, t('plan.fault.start_time'))]),
    ...(whole(series.minutes, 10, 480) ? [] : [own(`${under}/minutes`, t('plan.fault.minutes'))]),
    ...(whole(series.everyDays, 1, 366) ? [] : [own(`${under}/everyDays`, t('plan.fault.every'))]),
    ...(whole(series.count, 1, mostSessions) ? [] : [own(`${under}/count`, t('plan.fault.count'))]),
  ];
}

// Dates left out that the series no longer has (its first day or step was changed since) are left out of what is sent.
export function settledSeries(series: NewSeries, zone: string): NewSeries {
  const days = new Set(meetingsOf(series, zone).map(({ day }) => day));
  return { ...series, exceptions: series.exceptions.filter((day) => days.has(day)).sort() };
}

export function planFaults(group: GroupPlan, under: string): Fault[] {
  return [...whatFaults(group, under), ...waysFaults(group, under), ...whoFaults(group, under)];
}

export function faultsOf(draft: GroupDraft, step: Step): Fault[] {
  switch (step) {
    case 'what':
      return whatFaults(draft.group, '/group');
    case 'ways':
      return waysFaults(draft.group, '/group');
    case 'who':
      return whoFaults(draft.group, '/group');
    case 'when': {
      if (draft.datesLater) return [];
      const faults = seriesFaults(draft.series, '/series');
      const none = faults.length === 0 && !meetingsOf(draft.series, draft.group.zone).some(({ number }) => number !== null);
      return none ? [own('/series/firstDate', t('plan.fault.none_left'))] : faults;
    }
    case 'confidentiality':
      return [];
    case 'check':
      return steps.filter((one) => one !== 'check').flatMap((one) => faultsOf(draft, one));
  }
}

// The step that asks for what a pointer names.
export function stepOf(pointer: string): Step {
  if (pointer.startsWith('/series') || pointer === '/datesLater') return 'when';
  if (/^\/group\/(ways|oneWay|venue|directions|phoneDirections|software)/.test(pointer)) return 'ways';
  if (pointer.startsWith('/group/facilitators')) return 'who';
  if (pointer.startsWith('/group/zone')) return 'when';
  if (pointer.startsWith('/group/confidentialityPlan')) return 'confidentiality';
  return 'what';
}
