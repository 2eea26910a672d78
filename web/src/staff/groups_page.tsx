// SPDX-License-Identifier: Apache-2.0
// The groups that a person may see: their own or all, open or closed, or those with a word in their name or programme (all of this stands
// in the address), each with its people and its next session.
import { useState } from 'react';
import type { GroupRow } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { has, useAccount, useList } from './account';
import { Frame, More, Shown } from './frame';
import { type Address, Go, goTo, withFilter } from './place';
import { dayOf, dayWords, timeOf } from './time';

export function Filter({ address, name, label, choices }: { address: Address; name: string; label: string; choices: readonly { value: string; words: string }[] }) {
  const now = address.query.get(name) ?? '';
  return (
    <nav className="filter" aria-label={label}>
      {choices.map(({ value, words }) => (
        <Go key={value} to={withFilter(address, name, value)} current={value === now}>
          {words}
        </Go>
      ))}
    </nav>
  );
}

function Find({ address, find }: { address: Address; find: string }) {
  const [typed, setTyped] = useState(find);
  return (
    <form
      className="find"
      role="search"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        goTo(withFilter(address, 'find', typed.trim()));
      }}
    >
      <label className="nhsuk-label" htmlFor="group-find">
        {t('groups.find')}
      </label>
      <div className="search-line">
        <input id="group-find" className="nhsuk-input" type="search" autoComplete="off" maxLength={100} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        <Button type="submit">{t('people.do')}</Button>
      </div>
    </form>
  );
}

function GroupLine({ group }: { group: GroupRow }) {
  const { me } = useAccount();
  const next = group.nextSession ? Date.parse(group.nextSession.startsAt) : null;
  return (
    <li className="card">
      <div className="card__head">
        <h2>
          <Go to={`/staff/groups/${group.id}`}>{group.name || t('group.title')}</Go>
        </h2>
        <p className="card__time">{next === null ? t(group.closed ? 'groups.closed' : 'groups.no_next') : t('time.day_at', { day: dayWords(dayOf(next, me.zone)), times: timeOf(next, me.zone) })}</p>
      </div>
      <p className="card__words">
        {[group.programme, group.teamName].filter(Boolean).join(' · ')}
      </p>
      {group.name && (
        <p className="card__words">
          {t('groups.members', { count: group.members })} · {t('groups.waiting', { count: group.waiting })}
        </p>
      )}
    </li>
  );
}

export function GroupsPage({ address }: { address: Address }) {
  const { me } = useAccount();
  const all = address.query.get('show') === 'all' || !has(me, 'facilitator');
  const state = address.query.get('state') === 'closed' ? 'closed' : 'open';
  const find = (address.query.get('find') ?? '').slice(0, 100);
  const loaded = useList<GroupRow>(`/api/groups?${all ? '' : 'mine=true&'}state=${state}${find ? `&find=${encodeURIComponent(find)}` : ''}`);
  const mayPlan = has(me, 'team_lead'); // docs/access.md
  return (
    <Frame title={t(all ? 'groups.all_title' : 'groups.title')} wide>
      {mayPlan && (
        <p>
          <Go to="/staff/groups/new" className="nhsuk-button">
            {t('groups.plan')}
          </Go>
        </p>
      )}
      <div className="filters">
        {has(me, 'facilitator') && (
          <Filter
            address={address}
            name="show"
            label={t('groups.show')}
            choices={[
              { value: '', words: t('groups.mine') },
              { value: 'all', words: t('groups.all') },
            ]}
          />
        )}
        <Filter
          address={address}
          name="state"
          label={t('groups.state')}
          choices={[
            { value: '', words: t('groups.open') },
            { value: 'closed', words: t('groups.ended') },
          ]}
        />
      </div>
      <Find key={find} address={address} find={find} />
      {find && (
        <p>
          <Go to={withFilter(address, 'find', '')}>{t('groups.find_all')}</Go>
        </p>
      )}
      <Shown of={loaded}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="empty">{find ? t('groups.find_none', { find }) : t(state === 'closed' ? 'groups.none_closed' : mayPlan ? 'groups.none' : 'groups.none_seen')}</p>
          ) : (
            <>
              <ul className="cards">
                {items.map((group) => (
                  <GroupLine key={group.id} group={group} />
                ))}
              </ul>
              <More of={loaded} />
            </>
          )
        }
      </Shown>
    </Frame>
  );
}
