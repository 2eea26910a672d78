// SPDX-License-Identifier: Apache-2.0
import { beforeAll, describe, expect, it } from 'vitest';
import type { SessionRow } from '../api/model';
import { addTexts } from '../texts/text';
import { enDuties } from '../texts/en_duties';
import { enStaff } from '../texts/en_staff';
import { didWords, keptWords, periodWords } from './duties/duty_words';
import { trailQuery } from './duties/trail_page';
import { emptyIdentity, emptyNeeds, identityFaults, isNhsNumber, needsFaults } from './person_parts';
import { findPage, withFilter } from './place';
import { emptyDraft, faultsOf, settledSeries, stepAfter, stepOf, steps } from './plan/group_draft';
import { missingOf, nextStates } from './words';

beforeAll(() => addTexts({ ...enStaff, ...enDuties }));
const id = '0190f000-0000-7000-8000-00000000000a';
const facilitator = { staff: id, name: 'Robin', role: 'facilitator' as const, alias: 'Robin' };
const draft = () => emptyDraft('Europe/London', id, facilitator);
const pointers = (faults: { pointer: string }[]): string[] => faults.map(({ pointer }) => pointer);

describe('an address of the staff pages', () => {
  it.each([
    ['/staff', 'today', []],
    ['/staff/', 'today', []],
    ['/staff/groups/new', 'plan-group', []],
    [`/staff/groups/${id}`, 'group', [id]],
    [`/staff/groups/${id}/members/${id}`, 'member', [id, id]],
    [`/staff/groups/${id}/members/new`, 'add-member', [id]],
    [`/staff/people/${id}/safe-contact`, 'change-person', [id, 'safe-contact']],
    ['/staff/people/emergency', 'emergency-access', []],
    [`/staff/people/${id}/keeping`, 'keep-person', [id]],
    [`/staff/groups/${id}/keeping`, 'keep-group', [id]],
    ['/staff/records', 'records', []],
    ['/staff/records/rules/closed_accounts', 'record-rule', ['closed_accounts']],
    ['/staff/trail', 'trail', []],
  ])('%s is %s', (path, page, ids) => {
    expect(findPage(path)).toEqual({ page, ids });
  });
  it.each(['/staff/nowhere', `/staff/people/${id}/secrets`, '/staff/groups/../x', '/staffroom'])('%s is none', (path) => {
    expect(findPage(path)).toBeNull();
  });
  it('carries its filters', () => {
    const address = { path: '/staff/groups', query: new URLSearchParams('show=all&state=closed') };
    expect(withFilter(address, 'state', '')).toBe('/staff/groups?show=all');
    expect(withFilter(address, 'show', '')).toBe('/staff/groups?state=closed');
  });
});

describe('keeping records', () => {
  it('says periods in words', () => {
    expect(periodWords(1, 'years')).toBe('1 year');
    expect(periodWords(18, 'months')).toBe('18 months');
    expect(periodWords(0, 'with_record')).toBe('as long as the person’s record');
    const places = { kind: 'places', how: 'standing', amount: 0, unit: 'with_record', standardAmount: 0, standardUnit: 'with_record', mayFollowRecord: false, version: 0, changed: null, changedBy: '' } as const;
    expect(keptWords(places)).toBe('some hours, as set in the configuration');
  });
  it('asks the service for what stands in the address, and for nothing else', () => {
    expect(trailQuery(new URLSearchParams(''))).toBe('/api/audit');
    expect(trailQuery(new URLSearchParams(`person=${id}&data=needs&until=2026-11-23&color=red`))).toBe(`/api/audit?data=needs&until=2026-11-23&person=${id}`);
    expect(trailQuery(new URLSearchParams('until=yesterday'))).toBe('/api/audit');
  });
  it('says what was done, and shows a code that it does not know', () => {
    const row = { number: 1, at: '', actorKind: 'staff', actor: '', actorName: 'Sam', action: 'read', data: 'needs', subjectKind: '', subject: '', person: '', reason: '' } as const;
    expect(didWords(row)).toBe('read: needs and wishes');
    expect(didWords({ ...row, action: 'sealed-again', data: 'keys' })).toBe('did “sealed-again”: keys');
  });
});

describe('planning a group', () => {
  it('asks one thing after another and ends with all answers', () => {
    expect(steps.map(stepAfter)).toEqual(['ways', 'who', 'when', 'confidentiality', 'check', 'check']);
  });
  it('wants a reason and an alternative where there is one way only', () => {
    const one = draft();
    one.group.ways = ['video'];
    expect(pointers(faultsOf(one, 'ways'))).toEqual(['/group/oneWayReason', '/group/oneWayAlternative']);
    one.group.ways = ['video', 'phone'];
    expect(faultsOf(one, 'ways')).toEqual([]);
    one.group.ways = ['in_person', 'phone'];
    expect(pointers(faultsOf(one, 'ways'))).toEqual(['/group/venue']);
  });
  it('wants somebody who leads', () => {
    const led = draft();
    led.group.facilitators = [{ ...facilitator, role: 'co_facilitator' }];
    expect(pointers(faultsOf(led, 'who'))).toEqual(['/group/facilitators/0/role']);
    led.group.facilitators = [];
    expect(pointers(faultsOf(led, 'who'))).toEqual(['/group/facilitators']);
  });
  it('wants dates, unless they come later, and at least one that is kept', () => {
    const dated = draft();
    expect(pointers(faultsOf(dated, 'when'))).toEqual(['/series/firstDate', '/series/startTime']);
    expect(faultsOf({ ...dated, datesLater: true }, 'when')).toEqual([]);
    dated.series = { ...dated.series, firstDate: '2027-01-07', startTime: '14:00', count: 1, exceptions: ['2027-01-07'] };
    expect(pointers(faultsOf(dated, 'when'))).toEqual(['/series/firstDate']);
  });
  it('checks everything again at the end, and knows the step that asks for it', () => {
    const faults = faultsOf(draft(), 'check');
    expect(pointers(faults)).toEqual(['/group/name', '/group/ways', '/series/firstDate', '/series/startTime']);
    expect(faults.map(({ pointer }) => stepOf(pointer))).toEqual(['what', 'ways', 'when', 'when']);
    expect(stepOf('/group/facilitators/0/alias')).toBe('who');
    expect(stepOf('/group/confidentialityPlan/note')).toBe('confidentiality');
  });
  it('sends no date left out that the series no longer has', () => {
    const series = { ...draft().series, firstDate: '2027-01-07', startTime: '14:00', exceptions: ['2027-01-14', '2027-01-15'] };
    expect(settledSeries(series, 'Europe/London').exceptions).toEqual(['2027-01-14']);
  });
});

describe('a person', () => {
  it.each([
    ['999 000 0018', true],
    ['9990000026', true],
    ['9990000019', false],
    ['999000001', false],
    ['99900000x8', false],
  ])('%s as an NHS number: %s', (number, good) => {
    expect(isNhsNumber(number)).toBe(good);
  });
  it('needs a legal name and nothing else to begin', () => {
    expect(pointers(identityFaults(emptyIdentity, 'all', '/identity'))).toEqual(['/identity/legalName']);
    expect(identityFaults({ ...emptyIdentity, legalName: 'Juniper Vale' }, 'all')).toEqual([]);
  });
  it('has no way, means of contact or format chosen beforehand', () => {
    expect([emptyNeeds.preferences.way, emptyNeeds.preferences.format, emptyIdentity.safeContact.method]).toEqual([null, null, null]);
  });
  it('is asked about safe times that end before they begin, and needs without words', () => {
    const hours = [{ days: [1], from: '17:00', to: '09:00' }, { days: [], from: '09:00', to: '17:00' }];
    expect(pointers(identityFaults({ ...emptyIdentity, safeContact: { method: 'email', hours, note: '' } }, 'safe-contact'))).toEqual(['/safeContact/hours/0/from', '/safeContact/hours/1/days']);
    expect(pointers(needsFaults({ ...emptyNeeds, needs: [{ category: '', code: '', note: '' }] }))).toEqual(['/needs/0/category', '/needs/0/note']);
  });
});

describe('what is offered', () => {
  it('has no step after an end', () => {
    for (const state of ['completed', 'stopped', 'moved'] as const) expect(nextStates[state]).toEqual([]);
  });
  it('says what a session still needs, and nothing where it needs nothing', () => {
    const row = { missing: { notPrepared: 3, wayNotSaid: 0, messagesFailed: 1 } } as SessionRow;
    expect(missingOf(row).map(({ words }) => words)).toEqual(['3 people are not prepared yet', '1 message did not arrive']);
    expect(missingOf({ missing: { notPrepared: 0, wayNotSaid: 0, messagesFailed: 0 } } as SessionRow)).toEqual([]);
  });
});
