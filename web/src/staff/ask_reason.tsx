// SPDX-License-Identifier: Apache-2.0
// Asks why a record is opened: a choice and a few words, which stand on record. Nothing is opened before both are there.
import type { Fault, Reason } from '../api/client';
import type { BreakGlassReason } from '../api/model';
import { t } from '../texts/text';
import { LongField, RadioField } from './fields';
import { Form, useForm } from './form';
import { accessReasons } from './words';

export const reasonFaults = (reason: Reason): Fault[] => [
  ...(reason.code ? [] : [{ pointer: '/code', code: 'own', detail: t('access.fault.code') }]),
  ...(reason.note.trim() ? [] : [{ pointer: '/note', code: 'own', detail: t('access.fault.note') }]),
];
export const accessReasonWords = (reason: BreakGlassReason): string => t(reason === 'other' ? 'access.other_reason' : `access.${reason}`);
export const reasonChoices = () => accessReasons.map((value) => ({ value, label: accessReasonWords(value) }));

export function AskReason({ words, onReason }: { words: string; onReason: (reason: Reason) => void }) {
  const form = useForm<Reason>({
    draft: 'reason',
    start: { code: '', note: '' },
    check: reasonFaults,
    save: async (reason) => ({ ok: true, value: reason, version: null }),
    onSaved: onReason,
  });
  return (
    <Form form={form} save={t('access.open')}>
      <p>{words}</p>
      <RadioField form={form} at="/code" label={t('access.why')} choices={reasonChoices()} />
      <LongField form={form} at="/note" label={t('access.note')} hint={t('access.note_hint')} rows={3} most={500} />
    </Form>
  );
}
