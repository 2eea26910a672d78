// SPDX-License-Identifier: Apache-2.0
// The questions of a group's plan, by subject: shared by planning a group step by step and changing its plan. Each takes the
// pointer under which the group stands in the form.
import type { Colleague, Group, Team, Way } from '../../api/model';
import { t } from '../../texts/text';
import { Button } from '../../ui/button';
import { CheckField, ChecksField, LongField, RadioField, SelectField, TextField } from '../fields';
import type { FormState } from '../form';
import { roleWords, wayWords } from '../words';
import { SoftwareField } from './software_field';

export interface PlanProps<T> {
  form: FormState<T>;
  under: string;
}
const ways: readonly Way[] = ['in_person', 'video', 'phone'];

export function WhatFields<T>({ form, under, teams, fixedTeam }: PlanProps<T> & { teams: readonly Team[]; fixedTeam?: boolean }) {
  return (
    <>
      <TextField form={form} at={`${under}/name`} label={t('plan.name')} hint={t('plan.name_hint')} spellCheck />
      <TextField form={form} at={`${under}/programme`} label={t('plan.programme')} hint={t('plan.programme_hint')} spellCheck />
      {!fixedTeam && teams.length > 1 && (
        <SelectField
          form={form}
          at={`${under}/team`}
          label={t('plan.team')}
          choices={[{ value: '', label: t('form.choose') }, ...teams.map((team) => ({ value: team.id, label: `${team.name}, ${team.service.name}` }))]}
        />
      )}
      <TextField form={form} at={`${under}/capacity`} label={t('plan.places')} hint={t('plan.places_hint')} width="short" number />
    </>
  );
}

// `venueNow`: where the group meets as it is saved; another one takes its planned sessions along, and people are told, which is said first.
export function WaysFields<T>({ form, under, venueNow }: PlanProps<T> & { venueNow?: string }) {
  const chosen = (form.get(`${under}/ways`) as Way[] | undefined) ?? [];
  const moves = venueNow !== undefined && String(form.get(`${under}/venue`) ?? '').trim() !== venueNow;
  const one = chosen.length === 1 ? chosen[0] : undefined;
  return (
    <>
      <ChecksField form={form} at={`${under}/ways`} label={t('plan.ways')} hint={t('plan.ways_hint')} choices={ways.map((way) => ({ value: way, label: wayWords(way) }))} />
      {one && (
        <div className="callout callout--asks">
          <div>
            <p>{t('plan.one_way', { way: wayWords(one) })}</p>
            <TextField form={form} at={`${under}/oneWayReason`} label={t('plan.one_way_reason', { way: wayWords(one) })} spellCheck />
            <TextField form={form} at={`${under}/oneWayAlternative`} label={t('plan.one_way_alternative')} hint={t('plan.one_way_alternative_hint')} spellCheck />
          </div>
        </div>
      )}
      {chosen.includes('in_person') && <TextField form={form} at={`${under}/venue`} label={t('plan.venue')} hint={t('plan.venue_hint')} spellCheck />}
      <div role="status">{moves && <p className="callout callout--asks">{t('plan.venue_changes')}</p>}</div>
      {chosen.includes('in_person') && <LongField form={form} at={`${under}/directions`} label={t('plan.directions')} hint={t('plan.directions_hint')} rows={3} />}
      {chosen.includes('phone') && <LongField form={form} at={`${under}/phoneDirections`} label={t('plan.phone_directions')} hint={t('plan.phone_directions_hint')} rows={2} />}
      {(chosen.includes('video') || chosen.includes('phone')) && <SoftwareField form={form} at={`${under}/software`} label={t('plan.software')} places={['quietroom']} />}
    </>
  );
}

export function WhoFields<T>({ form, under, staff }: PlanProps<T> & { staff: readonly Colleague[] }) {
  const at = `${under}/facilitators`;
  const list = (form.get(at) as Group['facilitators'] | undefined) ?? [];
  const choices = (index: number) => {
    const held = list[index];
    const known = held && held.staff && !staff.some(({ id }) => id === held.staff) ? [{ value: held.staff, label: held.name }] : [];
    const taken = list.filter((_, other) => other !== index).map((one) => one.staff);
    return [{ value: '', label: t('form.choose') }, ...known, ...staff.filter(({ id }) => !taken.includes(id)).map(({ id, name }) => ({ value: id, label: name }))];
  };
  const nameOf = (id: string): string => staff.find((one) => one.id === id)?.name ?? '';
  return (
    <>
      {form.faultAt(at) && <p className="nhsuk-error-message">{form.faultAt(at)}</p>}
      {list.map((one, index) => (
        <section key={index} className="inset" aria-label={t('plan.facilitator_number', { number: index + 1 })}>
          <h2 className="inset__title">{t('plan.facilitator_number', { number: index + 1 })}</h2>
          <SelectField form={form} at={`${at}/${index}/staff`} label={t('plan.staff')} choices={choices(index)} />
          <RadioField
            form={form}
            at={`${at}/${index}/role`}
            label={t('plan.role')}
            choices={[
              { value: 'facilitator', label: roleWords('facilitator') },
              { value: 'co_facilitator', label: t('role.co_facilitator') },
            ]}
          />
          <TextField form={form} at={`${at}/${index}/alias`} label={t('plan.alias')} hint={t('plan.alias_hint')} width="middle" />
          {list.length > 1 && (
            <Button small onClick={() => form.set(at, list.filter((_, other) => other !== index))}>
              {t('plan.take_out')}
              <span className="visually-hidden"> {one.name || nameOf(one.staff) || String(index + 1)}</span>
            </Button>
          )}
        </section>
      ))}
      {list.length < 9 && (
        <p>
          <Button onClick={() => form.set(at, [...list, { staff: '', name: '', role: list.length === 0 ? 'facilitator' : 'co_facilitator', alias: '' }])}>{t('plan.add_facilitator')}</Button>
        </p>
      )}
    </>
  );
}

export function ConfidentialityFields<T>({ form, under }: PlanProps<T>) {
  const at = `${under}/confidentialityPlan`;
  return (
    <>
      <p>{t('plan.confidentiality_words')}</p>
      <div className="choices">
        <CheckField form={form} at={`${at}/endToEnd`} label={t('plan.end_to_end')} hint={t('plan.end_to_end_hint')} />
        <CheckField form={form} at={`${at}/phoneGateway`} label={t('plan.phone_gateway')} hint={t('plan.phone_gateway_hint')} />
        <CheckField form={form} at={`${at}/captioner`} label={t('plan.captioner')} hint={t('plan.captioner_hint')} />
        <CheckField form={form} at={`${at}/membersMayShare`} label={t('plan.members_share')} hint={t('plan.members_share_hint')} />
        <CheckField form={form} at={`${at}/watermark`} label={t('plan.watermark')} hint={t('plan.watermark_hint')} />
        <CheckField form={form} at={`${at}/blankOnBlur`} label={t('plan.blank_on_blur')} hint={t('plan.blank_on_blur_hint')} />
      </div>
      <LongField form={form} at={`${at}/note`} label={t('plan.note')} hint={t('plan.note_hint')} rows={3} />
    </>
  );
}
