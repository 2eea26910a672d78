// SPDX-License-Identifier: Apache-2.0
// Adding a person: names and how they are safely reached, which is all that a first contact needs; the rest is asked on their
// page afterwards. What is typed is personal, so it is kept in memory alone.
import { useRef } from 'react';
import { CreationKey } from '../api/client';
import type { Listing, NewPerson, Person, Team } from '../api/model';
import { t } from '../texts/text';
import { leads, useAccount, useLoaded } from './account';
import { SelectField } from './fields';
import { Form, useForm } from './form';
import { Frame, Shown } from './frame';
import { PartFields } from './person_fields';
import { emptyIdentity, emptyNeeds, identityFaults } from './person_parts';
import { goTo } from './place';

function Adding({ teams }: { teams: readonly Team[] }) {
  const { client } = useAccount();
  const key = useRef(new CreationKey());
  const form = useForm<NewPerson>({
    draft: 'new-person',
    start: { team: teams.length === 1 ? (teams[0]?.id ?? '') : '', identity: emptyIdentity, needs: emptyNeeds },
    check: (person) => [...(person.team ? [] : [{ pointer: '/team', code: 'own', detail: t('plan.fault.team') }]), ...identityFaults(person.identity, 'all', '/identity')],
    save: (person) => {
      const contacts = { ...person.identity.contacts, address: person.identity.contacts.address.map((line) => line.trim()).filter(Boolean) };
      const body = { ...person, identity: { ...person.identity, contacts } };
      return client.ask<Person>('POST', '/api/people', { body, key: key.current.of(body) });
    },
    onSaved: (person: Person) => goTo(`/staff/people/${person.id}?done=added`),
  });
  return (
    <Form form={form} save={t('person.add')}>
      {teams.length > 1 && (
        <SelectField form={form} at="/team" label={t('plan.team')} choices={[{ value: '', label: t('form.choose') }, ...teams.map((team) => ({ value: team.id, label: team.name }))]} />
      )}
      <PartFields form={form} under="/identity" part="names" />
      <h2>{t('person.contacts')}</h2>
      <PartFields form={form} under="/identity" part="contacts" />
      <h2>{t('person.safe-contact')}</h2>
      <PartFields form={form} under="/identity" part="safe-contact" />
    </Form>
  );
}

export function NewPersonPage() {
  const { me } = useAccount();
  const teams = useLoaded<Listing<Team>>('/api/teams?limit=200');
  return (
    <Frame title={t('person.add_title')} back={{ to: '/staff/people', words: t('people.back') }}>
      <p>{t('person.add_words')}</p>
      <Shown of={teams}>{({ items }) => <Adding teams={items.filter((team) => leads(me, team.id))} />}</Shown>
    </Frame>
  );
}
