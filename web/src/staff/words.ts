// SPDX-License-Identifier: Apache-2.0
// The contract's codes in the words of the catalogue. Not here: dates (time.ts). A code that is not known is shown as it is, so
// that nothing is hidden.
import type { AttendanceRow, BreakGlassReason, MembershipState, SessionRow, StaffRole, Way } from '../api/model';
import { languageWords as nameOfLanguage } from '../texts/need_words';
import { t } from '../texts/text';
import { dateWords, dayOf, dayWords, endTime, timeOf } from './time';

export const wayWords = (way: Way): string => t(`way.${way}`);
export const waysWords = (ways: readonly Way[]): string => ways.map(wayWords).join(', ');
export const stateWords = (state: MembershipState): string => t(`state.${state}`);
export const roleWords = (role: StaffRole): string => t(`staff_role.${role}`);
export const outcomeWords = (outcome: AttendanceRow['outcome']): string => t(`outcome.${outcome}`);

export const softwareWords = (software: string): string =>
  software === 'quietroom' ? t('software.quietroom') : software === 'in_person' ? t('software.in_person') : software;

export const sessionTimes = (row: Pick<SessionRow, 'time' | 'minutes'>): string => t('time.from_to', { from: row.time, to: endTime(row.time, row.minutes) });
export const sessionWhen = (row: Pick<SessionRow, 'date' | 'time' | 'minutes'>): string => t('time.day_at', { day: dayWords(row.date), times: sessionTimes(row) });

export const whenWords = (instant: string, zone: string): string => t('time.day_at', { day: dateWords(dayOf(Date.parse(instant), zone)), times: timeOf(Date.parse(instant), zone) });

// "999 000 0018"
export const nhsNumberWords = (number: string): string => number.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1 $2 $3');

export type Missing = { words: string; part: 'members' | 'messages' };
export function missingOf(row: SessionRow): Missing[] {
  const { notPrepared, wayNotSaid, messagesFailed } = row.missing;
  return [
    ...(notPrepared > 0 ? [{ words: t('needs.not_prepared', { count: notPrepared }), part: 'members' as const }] : []),
    ...(wayNotSaid > 0 ? [{ words: t('needs.way_not_said', { count: wayNotSaid }), part: 'members' as const }] : []),
    ...(messagesFailed > 0 ? [{ words: t('needs.messages', { count: messagesFailed }), part: 'messages' as const }] : []),
  ];
}

// Which steps may follow, and which ask for a reason: as the service has them.
export const nextStates: Readonly<Record<MembershipState, readonly { to: MembershipState; reason: boolean }[]>> = {
  referred: [
    { to: 'waiting', reason: false },
    { to: 'prepared', reason: false },
    { to: 'moved', reason: true },
    { to: 'stopped', reason: true },
  ],
  waiting: [
    { to: 'prepared', reason: false },
    { to: 'moved', reason: true },
    { to: 'stopped', reason: true },
  ],
  prepared: [
    { to: 'joined', reason: false },
    { to: 'waiting', reason: true },
    { to: 'moved', reason: true },
    { to: 'stopped', reason: true },
  ],
  joined: [
    { to: 'completed', reason: false },
    { to: 'moved', reason: true },
    { to: 'stopped', reason: true },
  ],
  completed: [],
  stopped: [],
  moved: [],
};
export const stepReasons = ['own-wish', 'not-the-right-group', 'time-or-place', 'technology', 'health', 'risk', 'not-reached', 'other'] as const;
const isOneOf = <T extends string>(list: readonly T[], value: string): value is T => (list as readonly string[]).includes(value);
export const stepReasonWords = (reason: string): string => (isOneOf(stepReasons, reason) ? t(`reason.${reason}`) : reason);
export const correctionReasons = ['marked-by-mistake', 'told-afterwards', 'technology', 'other'] as const;
// Kept by the room itself, where a facilitator marks who is beside it.
const liveReasons = ['changed-way', 'came-after-all'] as const;
export const correctionReasonWords = (reason: string): string => (isOneOf(correctionReasons, reason) || isOneOf(liveReasons, reason) ? t(`correction.${reason}`) : reason);
export const cancelReasons = ['facilitator-away', 'too-few', 'venue', 'technology', 'holiday', 'other'] as const;
export const cancelReasonWords = (reason: string): string => (isOneOf(cancelReasons, reason) ? t(`cancel.${reason}`) : reason);
export const accessReasons: readonly BreakGlassReason[] = ['risk-to-life', 'safeguarding', 'urgent-care', 'other'];

export const languages = ['en-GB', 'cy', 'ar', 'bn', 'zh', 'fa', 'fr', 'gu', 'hi', 'it', 'ku', 'lt', 'pl', 'pt', 'pa', 'ro', 'sk', 'so', 'es', 'ta', 'ti', 'tr', 'uk', 'ur', 'vi', 'yue'] as const;
// Empty: nobody has asked.
export const languageWords = (tag: string): string => (tag ? nameOfLanguage(tag) : t('word.not_asked'));

const failures = ['no-safe-way', 'no-address', 'never-safe', 'too-late', 'names-somebody', 'left-group', 'replaced', 'link-taken-back'] as const;
// Why a message did not go, in words; a code of the sending service stays a code, for whoever looks after it.
export const failureWords = (code: string): string => {
  const known = failures.find((one) => one === code);
  return known ? t(`failure.${known}`) : code;
};
