// SPDX-License-Identifier: Apache-2.0
// Keeping one record, a person's or a group's: until when it stays, holding it back, lifting that, a death, and a copy for the person.
// For the lead of the team (the service decides). What each does is said before it is done.
import { useState } from 'react';
import type { Fault, Outcome } from '../../api/client';
import type { CopyReason, Group, HoldReason, Keeping, Person } from '../../api/model';
import { t } from '../../texts/text';
import { type Loaded, useAccount, useLoaded } from '../account';
import { DateField, LongField, RadioField } from '../fields';
import { Form, useForm } from '../form';
import { Frame, Said, Shown } from '../frame';
import { calledName } from '../person_page';
import { isDay, dayWords } from '../time';
import { whenWords } from '../words';

const holdReasons: readonly HoldReason[] = ['claim', 'complaint', 'inquest', 'inquiry', 'other'];
const copyReasons: readonly CopyReason[] = ['they-asked', 'representative-asked', 'court', 'other'];
const own = (pointer: string, detail: string): Fault => ({ pointer, code: 'own', detail });
const noteFaults = (note: string): Fault[] => (note.trim() ? [] : [own('/note', t('keep.fault.note'))]);

interface Kept {
  address: string; // '/api/people/…'
  keeping: Keeping;
  onChange: (keeping: Keeping, said: string) => void;
}

function HowLong({ keeping, group }: { keeping: Keeping; group: boolean }) {
  const held = keeping.holds.some(({ lifted }) => lifted === null);
  return (
    <section className="part" aria-labelledby="how-long">
      <h2 id="how-long">{t('keep.how_long')}</h2>
      {held && <p>{t('keep.held')}</p>}
      {keeping.heldByGroups.map(({ id, name }) => (
        <p key={id}>{t('keep.held_by_group', { group: name })}</p>
      ))}
      <p>{keeping.ends === null ? t(group ? 'keep.group_in_use' : 'keep.in_use') : t('keep.ends', { day: dayWords(keeping.ends) })}</p>
      {keeping.goes !== null && <p className="callout">{t('keep.goes', { day: dayWords(keeping.goes) })}</p>}
    </section>
  );
}

function HoldForm({ address, keeping, onChange, group }: Kept & { group: boolean }) {
  const { client } = useAccount();
  const form = useForm<{ reason: HoldReason | ''; note: string }>({
    draft: `hold-${keeping.id}`,
    start: { reason: '', note: '' },
    check: ({ reason, note }) => [...(reason ? [] : [own('/reason', t('keep.fault.reason'))]), ...noteFaults(note)],
    save: (body): Promise<Outcome<Keeping>> => client.ask<Keeping>('POST', `${address}/hold`, { body }),
    onSaved: (now: Keeping) => onChange(now, t('keep.done_held')),
  });
  return (
    <Form form={form} save={t('keep.hold_do')}>
      <p>{t('keep.hold_words')}</p>
      {group && <p>{t('keep.hold_group_words')}</p>}
      <RadioField form={form} at="/reason" label={t('keep.why')} choices={holdReasons.map((value) => ({ value, label: t(`keep.reason.${value}`) }))} />
      <LongField form={form} at="/note" label={t('keep.note')} hint={t('keep.note_hint')} rows={3} />
    </Form>
  );
}

function LiftForm({ address, keeping, onChange }: Kept) {
  const { client } = useAccount();
  const form = useForm<{ note: string }>({
    draft: `lift-${keeping.id}`,
    start: { note: '' },
    check: ({ note }) => noteFaults(note),
    save: (body): Promise<Outcome<Keeping>> => client.ask<Keeping>('POST', `${address}/hold/lift`, { body }),
    onSaved: (now: Keeping) => onChange(now, t('keep.done_lifted')),
  });
  return (
    <Form form={form} save={t('keep.lift_do')}>
      <p>{t('keep.lift_words')}</p>
      <LongField form={form} at="/note" label={t('keep.note')} hint={t('keep.note_hint')} rows={3} />
    </Form>
  );
}

function HoldWords({ hold }: { hold: Keeping['holds'][number] }) {
  const { me } = useAccount();
  return (
    <li className="row">
      <div className="row__words">
        <span>{t('keep.set', { when: whenWords(hold.set, me.zone), staff: hold.setBy, reason: t(`keep.reason.${hold.reason}`) })}</span>
        <span className="row__soft">{hold.note}</span>
        {hold.lifted && <span>{t('keep.lifted', { when: whenWords(hold.lifted, me.zone), staff: hold.liftedBy })}</span>}
        {hold.lifted && <span className="row__soft">{hold.liftNote}</span>}
      </div>
    </li>
  );
}

function Holds(kept: Kept & { group: boolean }) {
  const standing = kept.keeping.holds.find(({ lifted }) => lifted === null);
  const before = kept.keeping.holds.filter(({ lifted }) => lifted !== null);
  return (
    <section className="part" aria-labelledby="hold">
      <h2 id="hold">{t(standing ? 'keep.lift' : 'keep.hold')}</h2>
      {standing ? (
        <>
          <ul className="rows">
            <HoldWords hold={standing} />
          </ul>
          <LiftForm key="lift" {...kept} />
        </>
      ) : (
        <HoldForm key="hold" {...kept} />
      )}
      {before.length > 0 && (
        <>
          <h3>{t('keep.history')}</h3>
          <ul className="rows">
            {before.map((hold) => (
              <HoldWords key={hold.id} hold={hold} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Death({ address, keeping, onChange }: Kept) {
  const { client, clock } = useAccount();
  const today = new Date(clock.wall()).toISOString().slice(0, 10);
  const form = useForm<{ date: string | null }>({
    draft: `death-${keeping.id}`,
    start: { date: keeping.died },
    version: keeping.version,
    check: ({ date }) => (date === null || (isDay(date) && date <= today) ? [] : [own('/date', t('keep.fault.date'))]),
    save: (body, version): Promise<Outcome<Keeping>> => client.ask<Keeping>('PUT', `${address}/death`, { body, version }),
    reload: async (): Promise<Outcome<{ date: string | null }>> => {
      const now = await client.ask<Keeping>('GET', `${address}/duties`);
      return now.ok ? { ok: true, value: { date: now.value.died }, version: now.value.version } : now;
    },
    onSaved: (now: Keeping) => onChange(now, t('keep.death_saved')),
  });
  return (
    <section className="part" aria-labelledby="death">
      <h2 id="death">{t('keep.death')}</h2>
      <Form form={form} save={t('keep.death_save')}>
        <p>{t('keep.death_words')}</p>
        <DateField form={form} at="/date" label={t('keep.death_date')} />
      </Form>
    </section>
  );
}

// The browser keeps it where it keeps downloads.
function handOver(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function Copy({ address, keeping }: { address: string; keeping: Keeping }) {
  const { client } = useAccount();
  const [said, setSaid] = useState('');
  const form = useForm<{ code: CopyReason | ''; note: string }>({
    draft: `copy-${keeping.id}`,
    start: { code: '', note: '' },
    check: ({ code, note }) => [...(code ? [] : [own('/code', t('keep.fault.reason'))]), ...noteFaults(note)],
    save: (reason): Promise<Outcome<Blob>> => client.file('POST', `${address}/export`, { body: {}, reason }),
    onSaved: (file: Blob) => {
      handOver(file, t('copy.file'));
      setSaid(t('copy.done', { file: t('copy.file') }));
    },
  });
  return (
    <section className="part" aria-labelledby="copy">
      <h2 id="copy">{t('copy.title')}</h2>
      <Form form={form} save={t('copy.do')}>
        <p>{t('copy.words')}</p>
        <p>{t('copy.read')}</p>
        <RadioField form={form} at="/code" label={t('keep.why')} choices={copyReasons.map((value) => ({ value, label: t(`copy.reason.${value}`) }))} />
        <LongField form={form} at="/note" label={t('keep.note')} hint={t('keep.note_hint')} rows={3} />
      </Form>
      <Said words={said} />
    </section>
  );
}

function KeepPage({ address, loaded, name, back, group }: { address: string; loaded: Loaded<Keeping>; name: string | undefined; back: { to: string; words: string }; group: boolean }) {
  const [said, setSaid] = useState('');
  const onChange = (keeping: Keeping, words: string): void => {
    loaded.put(keeping, keeping.version);
    setSaid(words);
  };
  return (
    <Frame title={t('keep.title')} over={name} back={back}>
      <Said words={said} />
      <Shown of={loaded}>
        {(keeping) => {
          const kept = { address, keeping, onChange };
          return (
            <>
              <HowLong keeping={keeping} group={group} />
              {!group && <Copy address={address} keeping={keeping} />}
              <Holds {...kept} group={group} />
              {!group && <Death key={keeping.version} {...kept} />}
            </>
          );
        }}
      </Shown>
    </Frame>
  );
}

export function KeepPersonPage({ id }: { id: string }) {
  const person = useLoaded<Person>(`/api/people/${id}`);
  const loaded = useLoaded<Keeping>(`/api/people/${id}/duties`);
  const name = person.value ? calledName(person.value) : undefined;
  return <KeepPage address={`/api/people/${id}`} loaded={loaded} name={name} back={{ to: `/staff/people/${id}`, words: name ?? t('person.title') }} group={false} />;
}

export function KeepGroupPage({ id }: { id: string }) {
  const group = useLoaded<Group>(`/api/groups/${id}`);
  const loaded = useLoaded<Keeping>(`/api/groups/${id}/duties`);
  const name = group.value?.name;
  return <KeepPage address={`/api/groups/${id}`} loaded={loaded} name={name} back={{ to: `/staff/groups/${id}`, words: name ?? t('group.title') }} group />;
}
