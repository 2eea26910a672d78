// SPDX-License-Identifier: Apache-2.0
// How long one thing is kept, changed by an administrator. Says beforehand what a longer and a shorter time do.
import type { Fault, Outcome } from '../../api/client';
import type { KeptUnit, Retention, RetentionRule } from '../../api/model';
import { t } from '../../texts/text';
import { useAccount, useLoaded } from '../account';
import { RadioField, TextField } from '../fields';
import { Form, useForm } from '../form';
import { Frame, Shown } from '../frame';
import { goTo } from '../place';
import { periodWords } from './duty_words';

interface Wanted {
  amount: number | string;
  unit: KeptUnit;
}
const wantedOf = ({ amount, unit }: RetentionRule): Wanted => ({ amount, unit });
const check = ({ amount, unit }: Wanted): Fault[] => (unit === 'with_record' || typeof amount === 'number' ? [] : [{ pointer: '/amount', code: 'own', detail: t('rule.fault.amount') }]);

function RuleForm({ rule }: { rule: RetentionRule }) {
  const { client } = useAccount();
  const form = useForm<Wanted>({
    draft: `retention-${rule.kind}`,
    inTab: true,
    start: wantedOf(rule),
    version: rule.version,
    check,
    save: ({ amount, unit }, version): Promise<Outcome<RetentionRule>> =>
      client.ask<RetentionRule>('PUT', `/api/retention/rules/${rule.kind}`, { body: { amount: unit === 'with_record' ? 0 : Number(amount), unit }, version }),
    reload: async (): Promise<Outcome<Wanted>> => {
      const now = await client.ask<Retention>('GET', '/api/retention');
      if (!now.ok) return now;
      const found = now.value.rules.find(({ kind }) => kind === rule.kind) ?? rule;
      return { ok: true, value: wantedOf(found), version: found.version };
    },
    onSaved: () => goTo('/staff/records?done=saved'),
  });
  const units: readonly KeptUnit[] =
    rule.kind === 'notice' ? ['days'] : rule.kind === 'young_people' || rule.kind === 'people_who_died' ? ['years'] : rule.mayFollowRecord ? ['days', 'months', 'years', 'with_record'] : ['days', 'months', 'years'];
  return (
    <Form form={form} save={t('rule.save')}>
      <p>{t('rule.standard', { period: periodWords(rule.standardAmount, rule.standardUnit) })}</p>
      <p>{t('rule.longer')}</p>
      {form.values.unit !== 'with_record' && <TextField form={form} at="/amount" label={t('rule.amount')} number width="short" />}
      <RadioField form={form} at="/unit" label={t('rule.unit')} choices={units.map((unit) => ({ value: unit, label: t(`rule.unit.${unit}`) }))} />
    </Form>
  );
}

export function RulePage({ kind }: { kind: string }) {
  const loaded = useLoaded<Retention>('/api/retention');
  const rule = loaded.value?.rules.find((one) => one.kind === kind && one.how !== 'standing');
  return (
    <Frame title={t('rule.title')} over={rule ? t(`kept.${rule.kind}`) : undefined} back={{ to: '/staff/records', words: t('records.back') }}>
      {rule ? <RuleForm rule={rule} /> : loaded.value ? <p>{t('nowhere.words')}</p> : <Shown of={loaded}>{() => null}</Shown>}
    </Frame>
  );
}
