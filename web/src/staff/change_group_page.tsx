// SPDX-License-Identifier: Apache-2.0
// Changing a group's plan, or closing the group. Two people may do so at once: each sees the other's answers before saving.
import type { Outcome } from '../api/client';
import type { Colleague, Group, Listing } from '../api/model';
import { t } from '../texts/text';
import { useAccount, useLoaded } from './account';
import { CheckField } from './fields';
import { Form, useForm } from './form';
import { Frame, Shown } from './frame';
import { goTo } from './place';
import { planFaults } from './plan/group_draft';
import { ConfidentialityFields, WaysFields, WhatFields, WhoFields } from './plan/plan_fields';
import { ZoneField } from './plan/when_fields';

type Plan = Omit<Group, 'id' | 'version'>;
const planOf = ({ id: _id, version: _version, ...plan }: Group): Plan => plan;

function Changing({ group, staff }: { group: Group; staff: readonly Colleague[] }) {
  const { client } = useAccount();
  const form = useForm<Plan>({
    draft: `group-${group.id}`,
    start: planOf(group),
    version: group.version,
    check: (plan) => planFaults(plan, ''),
    save: (plan, version) => {
      const named = plan.facilitators.map((one) => ({ ...one, name: staff.find(({ id }) => id === one.staff)?.name ?? one.name }));
      return client.ask<Group>('PUT', `/api/groups/${group.id}`, { body: { ...plan, facilitators: named }, version });
    },
    reload: async (): Promise<Outcome<Plan>> => {
      const now = await client.ask<Group>('GET', `/api/groups/${group.id}`);
      return now.ok ? { ok: true, value: planOf(now.value), version: now.version ?? now.value.version } : now;
    },
    onSaved: () => goTo(`/staff/groups/${group.id}?done=saved`),
  });
  return (
    <Form form={form} save={t('form.save')}>
      <WhatFields form={form} under="" teams={[]} fixedTeam />
      <WaysFields form={form} under="" venueNow={group.venue} />
      <ZoneField form={form} at="/zone" />
      <h2>{t('plan.facilitators')}</h2>
      <WhoFields form={form} under="" staff={staff} />
      <h2>{t('plan.confidentiality')}</h2>
      <ConfidentialityFields form={form} under="" />
      <h2>{t('plan.closing')}</h2>
      <CheckField form={form} at="/closed" label={t('plan.closed')} hint={t('plan.closed_hint')} />
    </Form>
  );
}

export function ChangeGroupPage({ id }: { id: string }) {
  const loaded = useLoaded<Group>(`/api/groups/${id}`);
  const staff = useLoaded<Listing<Colleague>>(`/api/groups/${id}/colleagues?limit=200`);
  return (
    <Frame title={t('plan.change_title')} back={{ to: `/staff/groups/${id}`, words: loaded.value?.name ?? t('group.back') }}>
      <Shown of={loaded}>{(group) => (staff.value || staff.trouble ? <Changing group={group} staff={staff.value?.items ?? []} /> : null)}</Shown>
    </Frame>
  );
}
