// SPDX-License-Identifier: Apache-2.0
// Codes of keeping records and of the trail in the words of the catalogue. A code that is not known is shown as it is, so that
// nothing is hidden.
import type { AuditRow, KeptUnit, RetentionRule } from '../../api/model';
import { t } from '../../texts/text';

export const periodWords = (amount: number, unit: KeptUnit): string => (unit === 'with_record' ? t('period.with_record') : t(`period.${unit}`, { count: amount }));

export function keptWords(rule: RetentionRule): string {
  if (rule.kind === 'places') return t('kept.some_hours');
  if (rule.kind === 'technical') return t('kept.a_day');
  if (rule.kind === 'with_what_it_shows') return t('kept.as_shown');
  return periodWords(rule.amount, rule.unit);
}

export const dataNames = [
  'identity', 'booking-card', 'protected-characteristics', 'needs', 'preparation', 'membership', 'group-plan', 'attendance', 'place', 'measures', 'feedback', 'incidents',
  'hazard-log', 'training', 'guidance', 'call-quality', 'dashboards', 'settings', 'accounts', 'audit',
] as const;
const actions = ['read', 'change', 'create', 'remove', 'refused', 'break-glass', 'read-broken-glass', 'find', 'export', 'hold', 'lift-hold'] as const;
const isOneOf = <T extends string>(list: readonly T[], value: string): value is T => (list as readonly string[]).includes(value);

export const dataWords = (data: string): string => (isOneOf(dataNames, data) ? t(`data.${data}`) : data);
export const actorWords = (row: AuditRow): string => row.actorName || t(`trail.actor.${row.actorKind}`);
export const didWords = (row: AuditRow): string => {
  const data = dataWords(row.data);
  return isOneOf(actions, row.action) ? t(`trail.did.${row.action}`, { data }) : t('trail.did.other', { action: row.action, data });
};

// The reasons that the service gives by itself, in words; those that staff chose are words already, with hyphens.
export function reasonWords(code: string): string {
  const [, count] = /^retention(?:-(\d+))?$/.exec(code) ?? [null, null];
  if (code.startsWith('retention')) return count ? t('trail.retention_count', { count: Number(count) }) : t('trail.retention');
  return code === 'from-the-call' ? t('trail.from_the_call') : code.replaceAll('-', ' ');
}
