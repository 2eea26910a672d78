// SPDX-License-Identifier: Apache-2.0
// The made-up service's answers about keeping records and the trail (sketch_service.ts). Not in the production bundle.
import type { AuditRow, Keeping, KeptKind, Retention, RetentionRule } from '../../api/model';

const rule = (kind: KeptKind, amount: number, unit: RetentionRule['unit'], more: Partial<RetentionRule> = {}): RetentionRule => ({
  kind, how: 'older', amount, unit, standardAmount: amount, standardUnit: unit, mayFollowRecord: false, version: 0, changed: null, changedBy: '', ...more,
});

const rules: RetentionRule[] = [
  rule('people', 20, 'years', { how: 'subject' }), rule('people_who_died', 10, 'years', { how: 'setting' }), rule('young_people', 25, 'years', { how: 'setting' }),
  rule('groups', 20, 'years', { how: 'subject' }), rule('preparation', 0, 'with_record', { mayFollowRecord: true }), rule('attendance', 0, 'with_record', { mayFollowRecord: true }),
  rule('supporters', 2, 'years', { mayFollowRecord: true }), rule('messages', 18, 'months', { mayFollowRecord: true, version: 2, standardAmount: 2, standardUnit: 'years', changed: '2026-10-01T09:00:00Z', changedBy: 'Ash Oakley' }),
  rule('told', 6, 'months'), rule('links', 6, 'months'), rule('break_glass', 8, 'years'), rule('reasons', 8, 'years'), rule('audit', 20, 'years'), rule('sign_ins', 1, 'years'),
  rule('set_up', 6, 'months'), rule('closed_accounts', 6, 'months'), rule('runs', 20, 'years'), rule('notice', 30, 'days', { how: 'setting' }),
  rule('places', 0, 'with_record', { how: 'standing' }), rule('technical', 1, 'days', { how: 'standing' }), rule('with_what_it_shows', 0, 'with_record', { how: 'standing' }),
];

const retention = (empty: boolean): Retention => ({
  noticeDays: 30, lastRun: empty ? null : '2026-11-23', holds: empty ? 0 : 2, rules,
  days: empty ? [] : [{ day: '2026-11-30', kinds: [{ kind: 'messages', items: 412 }, { kind: 'people', items: 2 }] }, { day: '2026-12-23', kinds: [{ kind: 'links', items: 38 }] }],
  went: empty ? [] : [{ at: '2026-11-22T00:14:00Z', kind: 'messages', items: 96 }, { at: '2026-11-21T00:14:00Z', kind: 'people', items: 1 }],
});

const keepingOf = (id: string, group: boolean): Keeping => ({
  id, version: 1, ends: group ? null : '2026-11-30', goes: group ? null : '2026-11-30', died: null,
  holds: [
    ...(group ? [{ id: `${id.slice(0, 34)}01`, reason: 'inquiry' as const, note: 'Letter of 2 November, with the team lead.', set: '2026-11-03T10:12:00Z', setBy: 'Sam Waterhouse', lifted: null, liftedBy: '', liftNote: '' }] : []),
    { id: `${id.slice(0, 34)}02`, reason: 'complaint' as const, note: 'About the times of the group.', set: '2025-03-03T10:12:00Z', setBy: 'Sam Waterhouse', lifted: '2025-09-01T12:00:00Z', liftedBy: 'Robin Meadows', liftNote: 'The complaint is closed.' },
  ],
  heldByGroups: [],
});

const row = (number: number, minute: number, more: Partial<AuditRow>): AuditRow => ({
  number, at: `2026-11-23T13:${String(minute).padStart(2, '0')}:00Z`, actorKind: 'staff', actor: '00000000-0000-7000-8000-000000000011', actorName: 'Sam Waterhouse', action: 'read', data: 'identity',
  subjectKind: 'person', subject: '00000000-0000-7000-8000-000000000101', person: '00000000-0000-7000-8000-000000000101', reason: '', ...more,
});
const trail: AuditRow[] = [
  row(7, 58, { action: 'refused', data: 'preparation', actorName: 'Kim Fielding' }),
  row(6, 52, { action: 'break-glass', reason: 'risk-to-life', actorName: 'Kim Fielding' }),
  row(5, 41, { action: 'export', reason: 'they-asked' }),
  row(4, 40, { data: 'group-plan', subjectKind: 'group', action: 'change', person: '' }),
  row(3, 33, { actorKind: 'member', actorName: '', action: 'read', data: 'audit' }),
  row(2, 20, { action: 'create', data: 'accounts', subjectKind: 'account', person: '' }),
  row(1, 14, { actorKind: 'system', actorName: '', actor: '', action: 'remove', data: 'identity', subjectKind: 'people', person: '', reason: 'retention-2' }),
];

export function dutiesOf(method: string, path: readonly string[], url: URL, empty: boolean): { status: number; body?: unknown; headers?: Record<string, string> } | null {
  const [first, id = '', part, last] = path;
  const list = (items: unknown[]) => ({ status: 200, body: { items, next: null } });
  if (first === 'retention' && id === 'records')
    return list(empty ? [] : [{ kind: 'people', id: '00000000-0000-7000-8000-000000000102', name: 'Linden Hart', goes: '2026-11-30' }, { kind: 'groups', id: '00000000-0000-7000-8000-000000000202', name: 'Sleep and rest', goes: '2026-12-23' }]);
  if (first === 'retention' && id === 'rules') return { status: 200, body: rules.find(({ kind }) => kind === part), headers: { etag: '"3"' } };
  if (first === 'retention') return { status: 200, body: retention(empty) };
  if (first === 'audit') return list(empty ? [] : trail.filter(({ person, data }) => [person, null].includes(url.searchParams.get('person')) && [data, null].includes(url.searchParams.get('data'))));
  if ((first !== 'people' && first !== 'groups') || !part) return null;
  const now = keepingOf(id, first === 'groups');
  const made = { ...now.holds[0]!, id: `${id.slice(0, 34)}03`, lifted: null, reason: 'claim' as const };
  if (part === 'duties') return { status: 200, body: now, headers: { etag: '"1"' } };
  if (part === 'hold' && method === 'POST') return { status: 200, body: last === 'lift' ? { ...now, holds: now.holds.map((one) => ({ ...one, lifted: one.lifted ?? '2026-11-23T14:05:00Z', liftedBy: 'Robin Meadows' })) } : { ...now, goes: null, holds: [made, ...now.holds] } };
  if (part === 'death' || part === 'export') return { status: 200, body: now };
  return null;
}
