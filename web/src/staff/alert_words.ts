// SPDX-License-Identifier: Apache-2.0
// Alerts in words, for the pages that show them.
import type { Alert, WholeAlert } from '../api/model';
import { t } from '../texts/text';

export const whoseAlert = (alert: Alert): string =>
  alert.person ? (alert.alias ? t('alerts.name_alias', { name: alert.person.name, alias: alert.alias }) : alert.person.name) : alert.alias ? t(alert.supporter ? 'alerts.supporter' : 'alerts.alias', { alias: alert.alias }) : t('members.unnamed');
export const alertWords = (alert: Alert): string => t(`alerts.kind.${alert.kind}`);

export function stepWords(step: WholeAlert['steps'][number]): string {
  const by = step.by || t(step.origin === 'person' ? 'alerts.by_person' : 'alerts.by_service');
  if (step.what === 'raised') return t('alerts.step.raised', { what: t(`alerts.kind.${step.kind ?? 'worried'}`), by });
  return t(`alerts.step.${step.what}`, { by, to: step.to });
}
