// SPDX-License-Identifier: Apache-2.0
// A person's record: the parts that whoever reads it may see, each changed in its own form. Where a reason must be on record,
// it is asked first. Not here: deciding who may (the service does; a part that may not be seen is not sent).
import { useEffect, useState } from 'react';
import type { Reason } from '../api/client';
import type { MembershipRow, Person } from '../api/model';
import { t } from '../texts/text';
import { has, leads, useAccount, useLoaded } from './account';
import { AskReason } from './ask_reason';
import { ContactChangePart } from './contact_change_part';
import { Frame, Said, Shown } from './frame';
import { identityLines, needsLines, type Part, partTitle } from './person_parts';
import { Go, useAddress } from './place';
import { SafetyPart } from './safety_part';
import { SummaryRows } from './summary_rows';
import { stateWords } from './words';

function PartShown({ person, part, change }: { person: Person; part: Part; change: boolean }) {
  const ofNeeds = part === 'preferences' || part === 'needs';
  const lines = ofNeeds ? (person.needs ? needsLines(person.needs, part) : null) : person.identity ? identityLines(person.identity, part) : null;
  if (!lines) return null;
  return (
    <section className="part" aria-labelledby={part}>
      <div className="part__head">
        <h2 id={part}>{partTitle(part)}</h2>
        {change && (
          <Go to={`/staff/people/${person.id}/${part}`} className="nhsuk-button nhsuk-button--secondary is-small">
            {t('word.change')}
            <span className="visually-hidden"> {partTitle(part)}</span>
          </Go>
        )}
      </div>
      {lines.length === 0 ? <p className="empty">{t('need.none')}</p> : <SummaryRows rows={lines} />}
    </section>
  );
}

function Groups({ rows }: { rows: readonly MembershipRow[] }) {
  return (
    <section className="part" aria-labelledby="groups">
      <h2 id="groups">{t('person.groups')}</h2>
      {rows.length === 0 ? (
        <p className="empty">{t('person.no_groups')}</p>
      ) : (
        <ul className="rows">
          {rows.map((row) => (
            <li key={row.id} className="row">
              <div className="row__words">
                <strong>
                  <Go to={`/staff/groups/${row.group.id}`}>{row.group.name}</Go>
                </strong>
                {row.alias && <span className="row__soft">{t('members.alias', { alias: row.alias })}</span>}
              </div>
              <div className="row__end">
                <span className={`tag tag--${row.state}`}>{stateWords(row.state)}</span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export const calledName = (person: Person): string => person.identity?.preferredName || person.identity?.legalName || t('person.title');

// Until when this record is open in an emergency. When that has passed the page empties itself, also where nobody touches it.
function useEmergency(id: string): { until: string | null; over: boolean } {
  const { me, clock } = useAccount();
  const until = me.opened.find((one) => one.person === id)?.until ?? null;
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!until) return;
    const look = (): void => setOver(clock.wall() >= Date.parse(until));
    look();
    const timer = setInterval(look, 1_000);
    return () => clearInterval(timer);
  }, [until, clock]);
  return { until, over };
}

const hour = 3_600_000;

export function PersonPage({ id }: { id: string }) {
  const { me } = useAccount();
  const { until, over } = useEmergency(id);
  const address = useAddress();
  const [reason, setReason] = useState<Reason | undefined>();
  const loaded = useLoaded<Person>(`/api/people/${id}`, { reason });
  const back = { to: '/staff/people', words: t('people.back') };
  const person = loaded.value;
  const clockWords = (instant: number): string => new Date(instant).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: me.zone });
  if (until && over) {
    return (
      <Frame title={t('access.over_title')} back={back}>
        <p>{t('access.over', { time: clockWords(Date.parse(until) - hour) })}</p>
        <p>
          <Go to="/staff/people/emergency">{t('access.link')}</Go>
        </p>
      </Frame>
    );
  }
  if (!person) {
    return (
      <Frame title={t('person.title')} back={back}>
        {loaded.trouble?.kind === 'reason' ? <AskReason words={t('access.reason_words')} onReason={setReason} /> : <Shown of={loaded}>{() => null}</Shown>}
        {loaded.trouble?.kind === 'gone' && (
          <p>
            <Go to="/staff/people/emergency">{t('access.link')}</Go>
          </p>
        )}
      </Frame>
    );
  }
  const mayIdentity = leads(me, person.team);
  const mayNeeds = mayIdentity || (person.memberships ?? []).some(({ group }) => me.facilitates.some((one) => one.id === group.id));
  const mayPlan = mayNeeds || has(me, 'safety_officer') || until !== null;
  const done = address.query.get('done');
  return (
    <Frame title={calledName(person)} back={back} wide>
      <Said words={done === 'saved' ? t('person.saved') : done === 'added' ? t('person.added') : ''} />
      {until && (
        <p className="callout">
          {t('access.open_until', { time: clockWords(Date.parse(until)) })} {t('access.lead_told')}
        </p>
      )}
      {until && <SafetyPart person={id} open />}
      <ContactChangePart person={person} mayConfirm={mayIdentity} onChanged={() => void loaded.again()} />
      <div className="two-columns">
        <div>
          <PartShown person={person} part="names" change={mayIdentity} />
          <PartShown person={person} part="contacts" change={mayIdentity} />
          <PartShown person={person} part="safe-contact" change={mayIdentity} />
          <PartShown person={person} part="emergency-contact" change={mayIdentity} />
        </div>
        <div>
          {mayPlan && !until && <SafetyPart person={id} open={false} />}
          {person.memberships && <Groups rows={person.memberships} />}
          <PartShown person={person} part="preferences" change={mayNeeds} />
          <PartShown person={person} part="needs" change={mayNeeds} />
        </div>
      </div>
      {mayIdentity && (
        <p>
          <Go to={`/staff/people/${id}/keeping`}>{t('keep.link')}</Go>
        </p>
      )}
    </Frame>
  );
}
