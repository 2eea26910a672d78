// SPDX-License-Identifier: Apache-2.0
// Finding a person: one field, asked of the service in a body. What was searched is kept in memory while the tab is open, never
// in an address or in the browser's history. What can be done with each found person is the page's.
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { Trouble } from '../api/client';
import type { Listing, PersonRow } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { useAccount } from './account';
import { TroublePage } from './frame';
import { dateWords } from './time';
import { nhsNumberWords, stateWords } from './words';

interface Search {
  text: string;
  found: Listing<PersonRow> | null;
}
let last: Search = { text: '', found: null };

interface PeopleSearchProps {
  act: (person: PersonRow) => ReactNode; // beside each person
  name: (person: PersonRow) => ReactNode;
  none: ReactNode; // where nobody was found
}

function PersonLine({ person, name, act }: { person: PersonRow; name: ReactNode; act: ReactNode }) {
  const { me } = useAccount();
  const known = me.facilitates.length + me.standings.length > 0;
  return (
    <li className="row">
      <div className="row__words">
        <strong>{name}</strong>
        <span className="row__soft">
          {[
            person.legalName !== person.name ? t('people.legal', { name: person.legalName }) : '',
            person.birthDate ? t('people.born', { date: dateWords(person.birthDate) }) : '',
            person.nhsNumber ? t('people.nhs', { number: nhsNumberWords(person.nhsNumber) }) : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        {known && person.groups.length > 0 && (
          <span className="row__soft">{person.groups.map((group) => t('people.group', { group: group.name, state: stateWords(group.state) })).join(', ')}</span>
        )}
      </div>
      <div className="row__end">{act}</div>
    </li>
  );
}

export function PeopleSearch({ act, name, none }: PeopleSearchProps) {
  const { client } = useAccount();
  const [search, setSearch] = useState<Search>(last);
  const [typed, setTyped] = useState(last.text);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const keep = (next: Search): void => {
    last = next;
    setSearch(next);
  };
  const ask = async (text: string, after: string): Promise<void> => {
    setFault('');
    setTrouble(null);
    if (text.length < 2) return setFault(t('people.too_short'));
    setBusy(true);
    const outcome = await client.ask<Listing<PersonRow>>('POST', '/api/people/search', { body: { search: text, limit: 50, after } });
    setBusy(false);
    if (outcome.ok) return keep({ text, found: after ? { items: [...(search.found?.items ?? []), ...outcome.value.items], next: outcome.value.next } : outcome.value });
    if (outcome.trouble.kind === 'fields') return setFault(outcome.trouble.faults[0]?.detail ?? t('people.too_short'));
    setTrouble(outcome.trouble);
  };
  const found = search.found;
  return (
    <>
      <form
        role="search"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void ask(typed.trim(), '');
        }}
      >
        <div className={fault ? 'nhsuk-form-group nhsuk-form-group--error' : 'nhsuk-form-group'}>
          <label className="nhsuk-label" htmlFor="people-search">
            {t('people.search')}
          </label>
          <div className="nhsuk-hint" id="people-search-hint">
            {t('people.search_hint')}
          </div>
          {fault && (
            <span className="nhsuk-error-message" id="people-search-fault" role="alert">
              {fault}
            </span>
          )}
          <div className="search-line">
            <input
              id="people-search"
              className="nhsuk-input"
              type="search"
              autoComplete="off"
              spellCheck={false}
              aria-describedby={fault ? 'people-search-hint people-search-fault' : 'people-search-hint'}
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
            <Button type="submit" look="main" disabled={busy}>
              {t('people.do')}
            </Button>
          </div>
        </div>
      </form>
      {trouble && <TroublePage trouble={trouble} onAgain={() => void ask(typed.trim(), '')} />}
      <div role="status" aria-live="polite">
        {found && <p className="found-count">{found.items.length === 0 ? t('people.nobody', { search: search.text }) : t('people.count', { count: found.items.length, more: found.next ? 'yes' : 'no' })}</p>}
      </div>
      {found && found.items.length === 0 && none}
      {found && found.items.length > 0 && (
        <ul className="rows">
          {found.items.map((person) => (
            <PersonLine key={person.id} person={person} name={name(person)} act={act(person)} />
          ))}
        </ul>
      )}
      {found?.next && (
        <p>
          <Button onClick={() => void ask(search.text, found.next ?? '')}>{t('list.more')}</Button>
        </p>
      )}
    </>
  );
}
