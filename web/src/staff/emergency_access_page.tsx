// SPDX-License-Identifier: Apache-2.0
// Opening the record of somebody outside one's groups, in an emergency: who (found only by exactly what is known of them), then
// why, then one hour. What this does is said before it is done: it stands on record and the team lead is told at once. Where the
// record opens without, it is simply opened.
import { useState } from 'react';
import type { Fault, Outcome } from '../api/client';
import type { FoundPerson, Listing } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { useAccount } from './account';
import { reasonChoices, reasonFaults } from './ask_reason';
import { DateField, LongField, RadioField, TextField } from './fields';
import { Form, useForm } from './form';
import { Frame } from './frame';
import { isNhsNumber } from './person_parts';
import { Go, goTo } from './place';
import { isDay } from './time';

interface Known {
  nhsNumber: string;
  legalName: string;
  birthDate: string | null;
}

function check({ nhsNumber, legalName, birthDate }: Known): Fault[] {
  const own = (pointer: string, detail: string): Fault => ({ pointer, code: 'own', detail });
  if (nhsNumber.trim()) return isNhsNumber(nhsNumber) ? [] : [own('/nhsNumber', t('person.fault.nhs_number'))];
  return [
    ...(legalName.trim() ? [] : [own('/legalName', t('access.fault.name'))]),
    ...(birthDate !== null && isDay(birthDate) ? [] : [own('/birthDate', t('access.fault.birth_date'))]),
  ];
}

function WhoForm({ onFound }: { onFound: (found: FoundPerson[]) => void }) {
  const { client } = useAccount();
  const form = useForm<Known>({
    draft: 'emergency-who',
    start: { nhsNumber: '', legalName: '', birthDate: null },
    check,
    save: ({ nhsNumber, legalName, birthDate }): Promise<Outcome<Listing<FoundPerson>>> =>
      client.ask<Listing<FoundPerson>>('POST', '/api/break-glass/find', {
        body: nhsNumber.trim() ? { nhsNumber: nhsNumber.replace(/[\s-]/g, '') } : { legalName: legalName.trim(), birthDate },
      }),
    onSaved: ({ items }: Listing<FoundPerson>) => onFound(items),
  });
  return (
    <Form form={form} save={t('access.find')}>
      <TextField form={form} at="/nhsNumber" label={t('person.nhs_number')} inputMode="numeric" width="middle" />
      <p className="or">{t('access.or')}</p>
      <TextField form={form} at="/legalName" label={t('access.full_name')} hint={t('access.full_name_hint')} />
      <DateField form={form} at="/birthDate" label={t('person.birth_date')} />
    </Form>
  );
}

function WhyForm({ person }: { person: FoundPerson }) {
  const { client, again } = useAccount();
  const form = useForm({
    draft: `emergency-why-${person.id}`,
    start: { code: '', note: '' },
    check: reasonFaults,
    save: async (reason): Promise<Outcome<unknown>> => {
      const outcome = await client.ask<unknown>('POST', `/api/people/${person.id}/break-glass`, { body: {}, reason });
      return !outcome.ok && outcome.trouble.kind === 'conflict' ? { ok: true, value: null, version: null } : outcome; // opens without
    },
    onSaved: () => void again().then(() => goTo(`/staff/people/${person.id}`)),
  });
  return (
    <Form form={form} save={t('access.open_hour')}>
      <RadioField form={form} at="/code" label={t('access.why')} choices={reasonChoices()} />
      <LongField form={form} at="/note" label={t('access.note')} hint={t('access.note_hint')} rows={3} most={500} />
    </Form>
  );
}

export function EmergencyAccessPage() {
  const [found, setFound] = useState<FoundPerson[] | null>(null);
  const [chosen, setChosen] = useState<FoundPerson | null>(null);
  const back = { to: '/staff/people', words: t('people.back') };
  const words = (person: FoundPerson): string => [person.teamName, person.dutyNumber].filter(Boolean).join(' · ');
  if (chosen) {
    return (
      <Frame key="why" title={t('access.why_title', { name: chosen.name })} back={back}>
        <p>{words(chosen)}</p>
        <p>{t('access.what_happens')}</p>
        <WhyForm person={chosen} />
        <p>
          <Button small onClick={() => setChosen(null)}>
            {t('access.other')}
          </Button>
        </p>
      </Frame>
    );
  }
  return (
    <Frame key="who" title={t('access.title')} back={back}>
      <p>{t('access.words')}</p>
      <p>{t('access.what_happens')}</p>
      <WhoForm onFound={setFound} />
      <div role="status" aria-live="polite">
        {found && found.length === 0 && <p className="empty">{t('access.nobody')}</p>}
      </div>
      {found && found.length > 0 && (
        <ul className="rows">
          {found.map((person) => (
            <li key={person.id} className="row">
              <div className="row__words">
                <strong>{person.name}</strong>
                <span className="row__soft">{words(person)}</span>
              </div>
              <div className="row__end">
                {person.withinReach ? (
                  <Go to={`/staff/people/${person.id}`}>{t('access.open')}</Go>
                ) : (
                  <Button small look="main" onClick={() => setChosen(person)}>
                    {t('access.this')}
                    <span className="visually-hidden"> {person.name}</span>
                  </Button>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Frame>
  );
}
