// SPDX-License-Identifier: Apache-2.0
// Changing one part of a person's record. The service takes identity and needs each as a whole, so what is sent is the record
// as it is with this part's answers; two people changing different parts do not lose either.
import type { Outcome } from '../api/client';
import type { Person } from '../api/model';
import { t } from '../texts/text';
import { useAccount, useLoaded } from './account';
import { Form, useForm } from './form';
import { Frame, Shown } from './frame';
import { PartFields } from './person_fields';
import { calledName } from './person_page';
import { type Identity, identityFaults, type Needs, needsFaults, type Part, partTitle } from './person_parts';
import { goTo } from './place';

const withoutEmptyLines = (identity: Identity): Identity => ({
  ...identity,
  contacts: { ...identity.contacts, address: identity.contacts.address.map((line) => line.trim()).filter(Boolean) },
});

function ChangePart<T extends Identity | Needs>({ person, part, of }: { person: Person; part: Part; of: 'identity' | 'needs' }) {
  const { client } = useAccount();
  const form = useForm<T>({
    draft: `person-${person.id}-${part}`,
    start: person[of] as T,
    version: person.version,
    check: (values) => (of === 'identity' ? identityFaults(values as Identity, part) : needsFaults(values as Needs)),
    save: (values, version) =>
      client.ask<unknown>('PUT', `/api/people/${person.id}/${of}`, { body: of === 'identity' ? withoutEmptyLines(values as Identity) : values, version }),
    reload: async (): Promise<Outcome<T>> => {
      const now = await client.ask<Person>('GET', `/api/people/${person.id}`);
      if (!now.ok) return now;
      const value = now.value[of] as T | undefined;
      return value ? { ok: true, value, version: now.version ?? now.value.version } : { ok: false, trouble: { kind: 'refused' } };
    },
    onSaved: () => goTo(`/staff/people/${person.id}?done=saved`),
  });
  return (
    <Form form={form} save={t('form.save')}>
      <PartFields form={form} under="" part={part} />
    </Form>
  );
}

export function ChangePersonPage({ id, part }: { id: string; part: string }) {
  const loaded = useLoaded<Person>(`/api/people/${id}`);
  const which = part as Part;
  const of = which === 'preferences' || which === 'needs' ? 'needs' : 'identity';
  return (
    <Frame title={partTitle(which)} over={loaded.value ? calledName(loaded.value) : ''} back={{ to: `/staff/people/${id}`, words: t('person.back') }}>
      <Shown of={loaded}>{(person) => (person[of] ? <ChangePart person={person} part={which} of={of} /> : <p>{t('trouble.refused')}</p>)}</Shown>
    </Frame>
  );
}
