// SPDX-License-Identifier: Apache-2.0
// The groups that a person may see: their own or all, open or closed (both stand in the address), each with its people and its
// next session.
import type { GroupRow } from '../api/model';
import { t } from '../texts/text';
import { has, useAccount, useList } from './account';
import { Frame, More, Shown } from './frame';
import { type Address, Go, withFilter } from './place';
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
  const loaded = useList<GroupRow>(`/api/groups?${all ? '' : 'mine=true&'}state=${state}`);
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
      <Shown of={loaded}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="empty">{t(state === 'closed' ? 'groups.none_closed' : mayPlan ? 'groups.none' : 'groups.none_seen')}</p>
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
