// SPDX-License-Identifier: Apache-2.0
// A group: its members and how ready each is, its sessions, its plan. Each part is read by itself, so that one that a person
// may not see leaves the others standing.
import { useEffect, useState } from 'react';
import type { Group, GroupAgreement, Listing, MembershipRow, Readiness, SessionRow } from '../api/model';
import { t } from '../texts/text';
import { facilitates, leads, type LoadedList, useAccount, useList, useLoaded } from './account';
import { Frame, Said, Shown } from './frame';
import { Go, useAddress } from './place';
import { isPart, parts } from './prepare/parts';
import { RoomButton } from './room_button';
import { SummaryRows } from './summary_rows';
import { dateWords } from './time';
import { missingOf, sessionWhen, softwareWords, stateWords, wayWords, waysWords } from './words';

const ended: readonly string[] = ['completed', 'stopped', 'moved'];

// What somebody still needs before their first session, in the order in which it is talked about.
function ReadyWords({ ready }: { ready: Readiness }) {
  const open = ready.missing.filter(isPart);
  const declined = ready.declined.filter(isPart);
  const names = open.slice(0, 3).map((part) => t(`prepare.part.${part}`)).join('; ');
  return (
    <>
      {open.length === 0 ? (
        <span className="row__soft">{t('members.ready')}</span>
      ) : (
        <span className="row__needs">{t(open.length === parts.length ? 'members.not_begun' : open.length > 3 ? 'members.open_many' : 'members.open', { parts: names, count: open.length, more: open.length - 3 })}</span>
      )}
      {ready.waysNotSaid > 0 && <span className="row__needs">{t('members.ways_open', { count: ready.waysNotSaid })}</span>}
      {declined.length > 0 && <span className="row__soft">{t('members.declined', { parts: declined.map((part) => t(`prepare.part.${part}`)).join('; ') })}</span>}
    </>
  );
}

function MemberLine({ row, ready, mayChange }: { row: MembershipRow; ready?: Readiness | undefined; mayChange: boolean }) {
  const { me } = useAccount();
  const name = row.person?.name ?? row.alias;
  return (
    <li className="row">
      <div className="row__words">
        <strong>{row.person ? <Go to={`/staff/people/${row.person.id}`}>{row.person.name}</Go> : (row.alias || t('members.unnamed'))}</strong>
        <span className="row__soft">{row.alias ? t('members.alias', { alias: row.alias }) : t('members.no_alias')}</span>
        {ready && <ReadyWords ready={ready} />}
      </div>
      <div className="row__end">
        <span className={`tag tag--${row.state}`}>{stateWords(row.state)}</span>
        {mayChange && facilitates(me, row.group.id) && !ended.includes(row.state) && (
          <Go to={`/staff/groups/${row.group.id}/members/${row.id}/prepare`} className="row__link">
            {t('prepare.link')}
            <span className="visually-hidden"> {name}</span>
          </Go>
        )}
        {mayChange && !ended.includes(row.state) && (
          <Go to={`/staff/groups/${row.group.id}/members/${row.id}`} className="row__link">
            {t('word.change')}
            <span className="visually-hidden"> {name}</span>
          </Go>
        )}
      </div>
    </li>
  );
}

function Members({ group, loaded, mayChange }: { group: string; loaded: LoadedList<MembershipRow>; mayChange: boolean }) {
  const { me } = useAccount();
  // Part of the preparation: whoever facilitates the group sees it.
  const readiness = useLoaded<Listing<Readiness>>(facilitates(me, group) ? `/api/groups/${group}/readiness` : null);
  const all = readiness.value?.items ?? [];
  const notReady = all.filter(({ missing }) => missing.length > 0).length;
  return (
    <section className="part" aria-labelledby="members">
      <div className="part__head">
        <h2 id="members">{t('members.title')}</h2>
        {mayChange && (
          <Go to={`/staff/groups/${group}/members/new`} className="nhsuk-button nhsuk-button--secondary is-small">
            {t('members.add')}
          </Go>
        )}
      </div>
      <Shown of={loaded}>
        {({ items }) => {
          const here = items.filter((row) => !ended.includes(row.state));
          const gone = items.filter((row) => ended.includes(row.state));
          return (
            <>
              {here.length === 0 && <p className="empty">{t(mayChange ? 'members.none' : 'members.none_seen')}</p>}
              {all.length > 0 && <p>{notReady === 0 ? t('members.all_ready') : t('members.not_ready', { count: notReady, all: all.length })}</p>}
              <ul className="rows">
                {here.map((row) => (
                  <MemberLine key={row.id} row={row} ready={all.find((one) => one.membership === row.id)} mayChange={mayChange} />
                ))}
              </ul>
              {gone.length > 0 && (
                <details className="nhsuk-details">
                  <summary className="nhsuk-details__summary">
                    <span className="nhsuk-details__summary-text">{t('members.gone', { count: gone.length })}</span>
                  </summary>
                  <ul className="rows">
                    {gone.map((row) => (
                      <MemberLine key={row.id} row={row} mayChange={false} />
                    ))}
                  </ul>
                </details>
              )}
            </>
          );
        }}
      </Shown>
    </section>
  );
}

function Sessions({ group, works, loaded }: { group: Group; works: boolean; loaded: LoadedList<SessionRow> }) {
  const { clock } = useAccount();
  const [now] = useState(() => clock.wall());
  const line = (row: SessionRow) => (
    <li key={row.id} className="row">
      <div className="row__words">
        <strong>
          {works ? <Go to={`/staff/sessions/${row.id}`}>{sessionWhen(row)}</Go> : sessionWhen(row)}
        </strong>
        <span className="row__soft">
          {t('today.session', { number: row.number })}
          {row.venue && ` · ${row.venue}`}
        </span>
      </div>
      <div className="row__end">
        {row.state !== 'planned' && <span className="tag">{t(`session_state.${row.state}`)}</span>}
        {row.state === 'planned' && missingOf(row).length > 0 && <span className="tag tag--needs">{t('sessions.needs')}</span>}
      </div>
    </li>
  );
  return (
    <section className="part" aria-labelledby="sessions">
      <div className="part__head">
        <h2 id="sessions">{t('sessions.title')}</h2>
        {works && !group.closed && (
          <Go to={`/staff/groups/${group.id}/sessions/new`} className="nhsuk-button nhsuk-button--secondary is-small">
            {t('sessions.add')}
          </Go>
        )}
      </div>
      <Shown of={loaded}>
        {({ items }) => {
          const past = items.filter((row) => Date.parse(row.endsAt) < now);
          const next = items.filter((row) => Date.parse(row.endsAt) >= now);
          return (
            <>
              {next.length === 0 && <p className="empty">{t(works ? 'sessions.none' : 'sessions.none_seen')}</p>}
              <ul className="rows">{next.map(line)}</ul>
              {past.length > 0 && (
                <details className="nhsuk-details">
                  <summary className="nhsuk-details__summary">
                    <span className="nhsuk-details__summary-text">{t('sessions.past', { count: past.length })}</span>
                  </summary>
                  <ul className="rows">{past.reverse().map(line)}</ul>
                </details>
              )}
            </>
          );
        }}
      </Shown>
    </section>
  );
}

function AgreementPart({ group }: { group: string }) {
  const loaded = useLoaded<GroupAgreement>(`/api/groups/${group}/agreement`);
  const now = loaded.value?.current;
  const people = loaded.value?.members?.flatMap(({ accepted, supporters }) => [accepted, ...supporters.map((one) => one.accepted)]) ?? [];
  const accepted = people.filter((one) => one[0]?.number === now?.number).length;
  return (
    <section className="part" aria-labelledby="agreement">
      <div className="part__head">
        <h2 id="agreement">{t('agree.page')}</h2>
        <Go to={`/staff/groups/${group}/agreement`} className="nhsuk-button nhsuk-button--secondary is-small">
          {t('agree.open')}
        </Go>
      </div>
      <Shown of={loaded}>
        {() => (
          <p>
            {now ? t('agree.is_version', { number: now.number }) : t('agree.none')}
            {now && people.length > 0 && ` ${t('agree.count', { accepted, all: people.length })}`}
          </p>
        )}
      </Shown>
    </section>
  );
}

export function planRows(group: Group): { name: string; value: string }[] {
  const plan = group.confidentialityPlan;
  const agreed = [
    plan.endToEnd ? t('plan.end_to_end_yes') : t('plan.end_to_end_no'),
    ...(plan.phoneGateway ? [t('plan.phone_gateway')] : []),
    ...(plan.captioner ? [t('plan.captioner')] : []),
    ...(plan.membersMayShare ? [t('plan.members_share')] : []),
    ...(plan.watermark ? [t('plan.watermark')] : []),
    ...(plan.blankOnBlur ? [t('plan.blank_on_blur')] : []),
    ...(plan.note ? [plan.note] : []),
  ];
  return [
    { name: t('plan.programme'), value: group.programme || t('word.none') },
    { name: t('plan.places'), value: String(group.capacity) },
    { name: t('plan.ways'), value: waysWords(group.ways) },
    ...(group.ways.length === 1
      ? [
          { name: t('plan.one_way_reason', { way: wayWords(group.ways[0] ?? 'video') }), value: group.oneWayReason },
          { name: t('plan.one_way_alternative'), value: group.oneWayAlternative },
        ]
      : []),
    ...(group.venue ? [{ name: t('plan.venue'), value: group.venue }] : []),
    ...(group.directions ? [{ name: t('plan.directions'), value: group.directions }] : []),
    ...(group.phoneDirections ? [{ name: t('plan.phone_directions'), value: group.phoneDirections }] : []),
    { name: t('plan.software'), value: softwareWords(group.software) },
    { name: t('plan.zone'), value: group.zone },
    { name: t('plan.facilitators'), value: group.facilitators.map((one) => t('plan.facilitator', { name: one.name, alias: one.alias, role: t(`role.${one.role}`) })).join('\n') },
    { name: t('plan.confidentiality'), value: agreed.join('\n') },
  ];
}

export function GroupPage({ id }: { id: string }) {
  const { me, clock } = useAccount();
  const address = useAddress();
  const loaded = useLoaded<Group>(`/api/groups/${id}`);
  // Whoever else sees the plan (a safety officer, IT support the dates alone) is shown nothing that their role does not open.
  const works = loaded.value !== null && (facilitates(me, id) || leads(me, loaded.value.team));
  const members = useList<MembershipRow>(works ? `/api/groups/${id}/members?limit=200` : null);
  const sessions = useList<SessionRow>(`/api/groups/${id}/sessions?limit=200`);
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (address.query.get('done') === 'planned') setSaid(t('group.planned'));
    if (address.query.get('done') === 'sessions') setSaid(t('group.sessions_added'));
    if (address.query.get('done') === 'member') setSaid(t('group.member_added'));
    if (address.query.get('done') === 'saved') setSaid(t('group.saved'));
  }, []);
  if (!loaded.value) {
    return (
      <Frame title={t('group.title')} back={{ to: '/staff/groups', words: t('groups.back') }}>
        <Shown of={loaded}>{() => null}</Shown>
      </Frame>
    );
  }
  const group = loaded.value;
  const now = clock.wall();
  const open = sessions.value?.items.find(
    (row) => row.state === 'planned' && row.heldOn === 'quietroom' && Date.parse(row.startsAt) - 1_800_000 <= now && now <= Date.parse(row.endsAt) + 1_800_000,
  );
  return (
    <Frame title={group.name || t('group.title')} back={{ to: '/staff/groups', words: t('groups.back') }} wide>
      <Said words={said} />
      {group.closed && <p className="tag">{t('groups.closed')}</p>}
      {open && facilitates(me, group.id) && (
        <div className="card card--now">
          <p>{t('group.meets_now', { times: sessionWhen(open) })}</p>
          <RoomButton session={open.id} group={group.name} main />
        </div>
      )}
      {works && <Members group={id} loaded={members} mayChange={!group.closed} />}
      <Sessions group={group} works={works} loaded={sessions} />
      {works && <AgreementPart group={id} />}
      {group.name && (
        <section className="part" aria-labelledby="plan">
          <div className="part__head">
            <h2 id="plan">{t('plan.title')}</h2>
            {works && (
              <Go to={`/staff/groups/${id}/plan`} className="nhsuk-button nhsuk-button--secondary is-small">
                {t('plan.change')}
              </Go>
            )}
          </div>
          <SummaryRows rows={planRows(group)} />
        </section>
      )}
      {leads(me, group.team) && (
        <p>
          <Go to={`/staff/groups/${id}/keeping`}>{t('keep.group_link')}</Go>
        </p>
      )}
    </Frame>
  );
}

export const sinceWords = (row: MembershipRow): string => t('members.since', { day: dateWords(row.since.slice(0, 10)) });
