// SPDX-License-Identifier: Apache-2.0
// People: search, and where to go from there.
import { t } from '../texts/text';
import { has, useAccount } from './account';
import { Frame } from './frame';
import { PeopleSearch } from './people_search';
import { Go } from './place';

export function PeoplePage() {
  const { me } = useAccount();
  const mayAdd = has(me, 'team_lead');
  return (
    <Frame title={t('people.title')} wide>
      {mayAdd && (
        <p>
          <Go to="/staff/people/new" className="nhsuk-button nhsuk-button--secondary">
            {t('people.add')}
          </Go>
        </p>
      )}
      <PeopleSearch
        name={(person) => <Go to={`/staff/people/${person.id}`}>{person.name}</Go>}
        act={() => null}
        none={
          <div className="empty-page">
            <p>{t(mayAdd ? 'people.nobody_add' : 'people.nobody_ask')}</p>
          </div>
        }
      />
      <p className="after-list">
        <Go to="/staff/people/emergency">{t('access.link')}</Go>
      </p>
    </Frame>
  );
}
