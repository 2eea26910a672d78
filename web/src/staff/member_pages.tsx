// SPDX-License-Identifier: Apache-2.0
// A person in a group: adding one, the next step of their way through it (with a reason where it asks for one), and the name
// and disguise that the group will know them by.
import { useRef, useState } from 'react';
import { CreationKey, type Fault, type Outcome, type Trouble } from '../api/client';
import type { Group, GroupRow, MembershipRow, MembershipState, PersonRow } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { has, leads, useAccount, useList, useLoaded } from './account';
import { LongField, RadioField, SelectField, TextField } from './fields';
import { Form, useForm } from './form';
import { Frame, Said, Shown } from './frame';
import { MessagesPart } from './messages_part';
import { PeopleSearch } from './people_search';
import { SupportersPart } from './supporters_part';
import { Go, goTo } from './place';
import { SummaryRows } from './summary_rows';
import { dateWords } from './time';
import { TroubleWords } from './trouble_words';
import { nextStates, stateWords, stepReasons, stepReasonWords } from './words';

export function AddMemberPage({ group }: { group: string }) {
  const { client, me } = useAccount();
  const loaded = useLoaded<Group>(`/api/groups/${group}`);
  const key = useRef(new CreationKey());
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const add = async (person: PersonRow): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setTrouble(null);
    const body = { person: person.id };
    const outcome = await client.ask<MembershipRow>('POST', `/api/groups/${group}/members`, { body, key: key.current.of(body) });
    setBusy(false);
    if (outcome.ok) goTo(`/staff/groups/${group}?done=member`);
    else setTrouble(outcome.trouble);
  };
  const fault = trouble?.kind === 'fields' ? trouble.faults[0]?.detail : undefined;
  return (
    <Frame title={t('members.add_title')} over={loaded.value?.name ?? ''} back={{ to: `/staff/groups/${group}`, words: loaded.value?.name ?? t('group.back') }}>
      {trouble && <div className="trouble" role="alert">{fault ? <p>{fault}</p> : <TroubleWords trouble={trouble} />}</div>}
      <PeopleSearch
        name={(person) => person.name}
        act={(person) =>
          person.groups.some(({ id, state }) => id === group && !['completed', 'stopped', 'moved'].includes(state)) ? (
            <span className="row__soft">{t('members.there')}</span>
          ) : (
            <Button small look="main" disabled={busy} onClick={() => void add(person)}>
              {t('members.add_this')}
              <span className="visually-hidden"> {person.name}</span>
            </Button>
          )
        }
        none={
          <div className="empty-page">
            <p>{t(leads(me, loaded.value?.team ?? '') ? 'people.nobody_add' : 'people.nobody_ask')}</p>
            {leads(me, loaded.value?.team ?? '') && (
              <p>
                <Go to="/staff/people/new" className="nhsuk-button nhsuk-button--secondary">
                  {t('people.add')}
                </Go>
              </p>
            )}
          </div>
        }
      />
    </Frame>
  );
}

interface WantedStep {
  state: MembershipState | '';
  reason: string;
  movedTo: string;
  note: string;
}

function StepForm({ row, onDone }: { row: MembershipRow; onDone: () => void }) {
  const { client, me } = useAccount();
  const next = nextStates[row.state];
  // Who leads a team may move people between any of its groups, a facilitator between their own (docs/access.md).
  const mine = has(me, 'team_lead') ? '' : 'mine=true&';
  const groups = useList<GroupRow>(next.some(({ to }) => to === 'moved') ? `/api/groups?${mine}state=open&limit=200` : null);
  const asks = (state: string): boolean => next.some(({ to, reason }) => to === state && reason);
  const form = useForm<WantedStep>({
    draft: `step-${row.id}`,
    start: { state: '', reason: '', movedTo: '', note: '' },
    version: row.version,
    check: ({ state, reason, movedTo }): Fault[] => [
      ...(state ? [] : [{ pointer: '/state', code: 'own', detail: t('member.fault.state') }]),
      ...(asks(state) && !reason ? [{ pointer: '/reason', code: 'own', detail: t('member.fault.reason') }] : []),
      ...(state === 'moved' && !movedTo ? [{ pointer: '/movedTo', code: 'own', detail: t('member.fault.moved_to') }] : []),
    ],
    save: ({ state, reason, movedTo, note }, version): Promise<Outcome<unknown>> =>
      client.ask<unknown>('POST', `/api/memberships/${row.id}/state`, {
        body: { state, reason: asks(state) ? reason : '', note, ...(state === 'moved' ? { movedTo } : {}) },
        version,
      }),
    onSaved: onDone,
  });
  const { state } = form.values;
  if (next.length === 0) return <p>{t('member.over')}</p>;
  return (
    <Form form={form} save={t('member.save_step')}>
      <RadioField form={form} at="/state" label={t('member.next')} choices={next.map(({ to }) => ({ value: to, label: t(`step.${to}`) }))} />
      {state === 'moved' && (
        <SelectField
          form={form}
          at="/movedTo"
          label={t('member.moved_to')}
          choices={[{ value: '', label: t('form.choose') }, ...(groups.value?.items ?? []).filter(({ id }) => id !== row.group.id).map(({ id, name }) => ({ value: id, label: name }))]}
        />
      )}
      {asks(state) && (
        <>
          <SelectField form={form} at="/reason" label={t('member.reason')} choices={[{ value: '', label: t('form.choose') }, ...stepReasons.map((value) => ({ value, label: stepReasonWords(value) }))]} />
          <LongField form={form} at="/note" label={t('member.note')} rows={2} />
        </>
      )}
    </Form>
  );
}

function CardForm({ row, onDone }: { row: MembershipRow; onDone: () => void }) {
  const { client } = useAccount();
  const form = useForm({
    draft: `card-${row.id}`,
    start: { alias: row.alias, disguise: row.disguise },
    version: row.version,
    check: ({ alias }): Fault[] => (alias.trim() ? [] : [{ pointer: '/alias', code: 'own', detail: t('plan.fault.alias') }]),
    save: (card, version) => client.ask<unknown>('PUT', `/api/memberships/${row.id}/card`, { body: card, version }),
    onSaved: onDone,
  });
  return (
    <Form form={form} save={t('form.save')}>
      <TextField form={form} at="/alias" label={t('member.alias')} hint={t('member.alias_hint')} width="middle" />
      <RadioField
        form={form}
        at="/disguise/picture"
        label={t('member.picture')}
        choices={(['none', 'blur', 'pixelate', 'block', 'avatar', 'off'] as const).map((value) => ({ value, label: t(`picture.${value}`) }))}
      />
      <RadioField form={form} at="/disguise/voice" label={t('member.voice')} choices={(['none', 'lower', 'higher'] as const).map((value) => ({ value, label: t(`voice.${value}`) }))} />
    </Form>
  );
}

export function MemberPage({ group, id }: { group: string; id: string }) {
  const loaded = useLoaded<MembershipRow>(`/api/memberships/${id}`);
  const [said, setSaid] = useState('');
  const row = loaded.value;
  const back = { to: `/staff/groups/${group}`, words: row?.group.name ?? t('group.back') };
  if (!row) {
    return (
      <Frame title={t('member.title')} back={back}>
        <Shown of={loaded}>{() => null}</Shown>
      </Frame>
    );
  }
  const done = (words: string) => (): void => {
    // Said once the page stands on the version that was saved: a next change made before would be taken for somebody else's.
    void loaded.again().then(() => setSaid(words));
  };
  return (
    <Frame title={row.person?.name ?? row.alias} over={row.group.name} back={back}>
      <Said words={said} />
      <section className="part" aria-labelledby="way">
        <h2 id="way">{t('member.way')}</h2>
        <SummaryRows rows={row.steps.map((step) => ({ name: dateWords(step.at.slice(0, 10)), value: [stateWords(step.state), step.reason ? stepReasonWords(step.reason) : '', step.by].filter(Boolean).join('\n') }))} />
        <StepForm key={`step-${row.version}`} row={row} onDone={done(t('member.step_saved'))} />
      </section>
      <section className="part" aria-labelledby="card">
        <h2 id="card">{t('member.card')}</h2>
        <CardForm key={`card-${row.version}`} row={row} onDone={done(t('member.card_saved'))} />
      </section>
      <MessagesPart group={group} membership={id} name={row.person?.name ?? row.alias} />
      <SupportersPart membership={id} />
    </Frame>
  );
}
