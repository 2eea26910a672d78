// SPDX-License-Identifier: Apache-2.0
// Planning a group, one question at a time, then all answers at once, then making it. The step stands in the address; what is
// typed (nothing personal) is kept for the tab. A group that was made while its dates were refused is not made twice.
import { useEffect, useRef } from 'react';
import { CreationKey, type Fault, type Outcome } from '../../api/client';
import type { Colleague, Group, Listing, Staff, Team } from '../../api/model';
import { t } from '../../texts/text';
import { has, leads, useAccount, useLoaded } from '../account';
import { CheckField } from '../fields';
import { Form, useForm } from '../form';
import { Frame, Shown } from '../frame';
import { planRows } from '../group_page';
import { type Address, Go, goTo } from '../place';
import { type SummaryRow, SummaryRows } from '../summary_rows';
import { dayWords, endTime, meetingsOf } from '../time';
import { emptyDraft, faultsOf, type GroupDraft, settledSeries, type Step, stepAfter, stepOf, steps } from './group_draft';
import { ConfidentialityFields, WaysFields, WhatFields, WhoFields } from './plan_fields';
import { WhenFields, ZoneField } from './when_fields';

const at = '/staff/groups/new';
const stepTitles = {
  what: 'plan.step_what',
  ways: 'plan.step_ways',
  who: 'plan.step_who',
  when: 'plan.step_when',
  confidentiality: 'plan.step_confidentiality',
  check: 'plan.step_check',
} as const;

const moved = (faults: readonly Fault[], under: string): Fault[] => faults.map((fault) => ({ ...fault, pointer: under + fault.pointer }));

function Answers({ draft, teams }: { draft: GroupDraft; teams: readonly Team[] }) {
  const { group, series, datesLater } = draft;
  const change = (step: Step): string => `${at}?step=${step}`;
  const stepsOfRows: Record<string, Step> = {
    [t('plan.programme')]: 'what',
    [t('plan.places')]: 'what',
    [t('plan.facilitators')]: 'who',
    [t('plan.zone')]: 'when',
    [t('plan.confidentiality')]: 'confidentiality',
  };
  const held = meetingsOf(series, group.zone).filter(({ number }) => number !== null);
  const dates = datesLater
    ? t('plan.dates_later_said')
    : [t('plan.dates_times', { from: series.startTime, to: endTime(series.startTime, series.minutes) }), ...held.map(({ day, moved: to }) => (to ? t('plan.date_moved', { day: dayWords(day), to }) : dayWords(day)))].join('\n');
  const rows: SummaryRow[] = [
    { name: t('plan.name'), value: group.name, change: change('what') },
    { name: t('plan.team'), value: teams.find(({ id }) => id === group.team)?.name ?? '', ...(teams.length > 1 ? { change: change('what') } : {}) },
    ...planRows({ ...group, id: '', version: 0, closed: false }).map((row) => ({ ...row, change: change(stepsOfRows[row.name] ?? 'ways') })),
    { name: t('plan.dates', { count: datesLater ? 0 : held.length }), value: dates, change: change('when') },
  ];
  return <SummaryRows rows={rows} />;
}

// Whom a new group of this team can have: its facilitators, and whoever plans, where they are one.
function useColleagues(team: string): readonly Colleague[] {
  const { me } = useAccount();
  const loaded = useLoaded<Listing<Staff>>(team ? `/api/staff?team=${team}&limit=200` : null);
  const able = (loaded.value?.items ?? []).filter((one) => one.active && one.standings.some(({ role }) => role === 'facilitator'));
  return able.some(({ id }) => id === me.id) || !has(me, 'facilitator') ? able : [{ id: me.id, name: me.name }, ...able];
}

function Planning({ step, teams }: { step: Step; teams: readonly Team[] }) {
  const { me, client } = useAccount();
  const keys = useRef({ group: new CreationKey(), series: new CreationKey(), made: null as { sent: string; id: string } | null });
  const mine = has(me, 'facilitator'); // a team lead may plan for others
  const start = emptyDraft(me.zone, teams.length === 1 ? (teams[0]?.id ?? '') : '', mine ? { staff: me.id, name: me.name, role: 'facilitator', alias: me.name.split(' ')[0] ?? '' } : null);
  const make = async (draft: GroupDraft): Promise<Outcome<unknown>> => {
    const named = draft.group.facilitators.map((one) => ({ ...one, name: staff.find(({ id }) => id === one.staff)?.name ?? one.name }));
    const oneWay = draft.group.ways.length === 1;
    const body = { ...draft.group, facilitators: named, ...(oneWay ? {} : { oneWayReason: '', oneWayAlternative: '' }) };
    const sent = JSON.stringify(body);
    if (keys.current.made?.sent !== sent) {
      const group = await client.ask<Group>('POST', '/api/groups', { body, key: keys.current.group.of(body) });
      if (!group.ok) return group.trouble.kind === 'fields' ? { ok: false, trouble: { kind: 'fields', faults: moved(group.trouble.faults, '/group') } } : group;
      keys.current.made = { sent, id: group.value.id };
    }
    const { id } = keys.current.made;
    if (draft.datesLater) return { ok: true, value: id, version: null };
    const series = settledSeries(draft.series, draft.group.zone);
    const answer = await client.ask<unknown>('POST', `/api/groups/${id}/series`, { body: series, key: keys.current.series.of([id, series]) });
    if (answer.ok) return { ok: true, value: id, version: null };
    return answer.trouble.kind === 'fields' ? { ok: false, trouble: { kind: 'fields', faults: moved(answer.trouble.faults, '/series') } } : answer;
  };
  const form = useForm<GroupDraft>({
    draft: 'plan-group',
    inTab: true,
    start,
    unfinished: step !== 'check',
    check: (draft) => faultsOf(draft, step),
    save: async (draft) => (step === 'check' ? make(draft) : { ok: true, value: null, version: null }),
    onSaved: (id: string | null) => goTo(id === null ? `${at}?step=${stepAfter(step)}` : `/staff/groups/${id}?done=planned`),
  });
  const staff = useColleagues(form.values.group.team);
  // What the service wants to have another look at is asked where it was asked before.
  const first = form.faults[0];
  useEffect(() => {
    if (step === 'check' && first) goTo(`${at}?step=${stepOf(first.pointer)}`);
  }, [form.tries]); // once each time it was sent: whoever comes back to the answers may stay
  const number = steps.indexOf(step);
  const before = steps[number - 1];
  return (
    <Frame
      title={t(stepTitles[step])}
      over={t('plan.step', { number: number + 1, count: steps.length })}
      back={before ? { to: `${at}?step=${before}`, words: t('plan.back') } : { to: '/staff/groups', words: t('groups.back') }}
    >
      <Form form={form} save={t(step === 'check' ? 'plan.make' : 'form.continue')}>
        {step === 'what' && <WhatFields form={form} under="/group" teams={teams} />}
        {step === 'ways' && <WaysFields form={form} under="/group" />}
        {step === 'who' && <WhoFields form={form} under="/group" staff={staff} />}
        {step === 'when' && (
          <>
            <CheckField form={form} at="/datesLater" label={t('plan.dates_later')} />
            {!form.values.datesLater && <WhenFields form={form} under="/series" zone={form.values.group.zone} />}
            <ZoneField form={form} at="/group/zone" />
          </>
        )}
        {step === 'confidentiality' && <ConfidentialityFields form={form} under="/group" />}
        {step === 'check' && <Answers draft={{ ...form.values, group: { ...form.values.group, facilitators: form.values.group.facilitators.map((one) => ({ ...one, name: staff.find(({ id }) => id === one.staff)?.name ?? one.name })) } }} teams={teams} />}
      </Form>
    </Frame>
  );
}

export function PlanGroupPage({ address }: { address: Address }) {
  const asked = address.query.get('step') as Step | null;
  const step: Step = asked && steps.includes(asked) ? asked : 'what';
  const { me } = useAccount();
  const teams = useLoaded<Listing<Team>>('/api/teams?limit=200');
  if (!teams.value) {
    return (
      <Frame title={t('plan.title_new')} back={{ to: '/staff/groups', words: t('groups.back') }}>
        <Shown of={teams}>{() => null}</Shown>
      </Frame>
    );
  }
  const led = teams.value.items.filter((team) => leads(me, team.id)); // planning a new group is the team lead's (docs/access.md)
  if (led.length === 0) {
    return (
      <Frame title={t('plan.title_new')} back={{ to: '/staff/groups', words: t('groups.back') }}>
        <p>{t('plan.no_team')}</p>
        <p>
          <Go to="/staff">{t('nav.to_today')}</Go>
        </p>
      </Frame>
    );
  }
  return <Planning step={step} teams={led} />;
}
