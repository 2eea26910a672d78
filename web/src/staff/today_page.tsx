// SPDX-License-Identifier: Apache-2.0
// Today: the sessions of a week in time order, what each still needs, and one tap into the room of the one that meets now.
// The first page after signing in. Which week stands in the address.
import { useEffect, useState } from 'react';
import type { BreakGlass, Listing, SessionRow } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { AlertsPart } from './alerts_part';
import { accessReasonWords } from './ask_reason';
import { facilitates, has, useAccount, useList, useLoaded } from './account';
import { Frame, More, Shown } from './frame';
import { LettersLine } from './letters/letters_line';
import { type Address, Go } from './place';
import { RoomButton } from './room_button';
import { addDays, dayOf, dayWords, instantOf, isDay, shortDayWords } from './time';
import { missingOf, sessionTimes, softwareWords, whenWords } from './words';

const before = 30 * 60_000; // the room can be opened this long before, and after
type When = 'now' | 'later' | 'over';
const whenOf = (row: SessionRow, now: number): When =>
  now > Date.parse(row.endsAt) + before ? 'over' : now >= Date.parse(row.startsAt) - before ? 'now' : 'later';

export function SessionCard({ row, now, day }: { row: SessionRow; now: number; day?: boolean }) {
  const { me } = useAccount();
  const when = whenOf(row, now);
  const cancelled = row.state === 'cancelled';
  // Whoever has not heard that it is cancelled may be on their way.
  const works = facilitates(me, row.group.id) || has(me, 'team_lead');
  const missing = !works ? [] : missingOf(row).filter(({ part }) => !cancelled || part === 'messages');
  const mine = facilitates(me, row.group.id);
  const opens = when === 'now' && row.heldOn === 'quietroom' && mine && !cancelled;
  return (
    <li className={opens ? 'card card--now' : 'card'}>
      <div className="card__head">
        <h3>
          <Go to={`/staff/groups/${row.group.id}`}>{row.group.name || t('group.title')}</Go>
        </h3>
        <p className="card__time">
          {day && `${shortDayWords(row.date)}, `}
          {sessionTimes(row)}
        </p>
      </div>
      <p className="card__words">
        {t('today.session', { number: row.number })}
        {row.venue && ` · ${row.venue}`}
        {row.heldOn !== 'quietroom' && ` · ${softwareWords(row.heldOn)}`}
        {row.zone !== me.zone && ` · ${t('today.zone', { zone: row.zone })}`}
      </p>
      {cancelled && <p className="card__state">{t('today.cancelled')}</p>}
      {missing.length > 0 ? (
        <ul className="needs">
          {missing.map((one) => (
            <li key={one.words}>
              <Go to={one.part === 'messages' ? '/staff/letters' : `/staff/groups/${row.group.id}`}>{one.words}</Go>
            </li>
          ))}
        </ul>
      ) : (
        works && when !== 'over' && !cancelled && <p className="card__ready">{t('today.ready')}</p>
      )}
      <div className="card__do">
        {opens && <RoomButton session={row.id} group={row.group.name} main />}
        {works && !cancelled && (
          <Go to={`/staff/sessions/${row.id}`} className="card__link">
            {t('today.register')}
            <span className="visually-hidden"> {t('room.of', { group: row.group.name })}</span>
          </Go>
        )}
      </div>
    </li>
  );
}

function FirstSteps() {
  const { me } = useAccount();
  return (
    <div className="empty-page">
      <p>{t('today.nothing')}</p>
      {has(me, 'facilitator') && !has(me, 'team_lead') && <p>{t('today.nothing_ask')}</p>}
      {has(me, 'team_lead') && (
        <p>
          <Go to="/staff/groups/new" className="nhsuk-button">
            {t('today.plan')}
          </Go>
        </p>
      )}
    </div>
  );
}

// For those whose work is not with groups.
function Welcome() {
  const { me } = useAccount();
  return (
    <>
      <p>{t('today.welcome', { name: me.name })}</p>
      {has(me, 'administrator') ? (
        <p className="button-row">
          <Go to="/staff/teams" className="nhsuk-button">
            {t('today.teams')}
          </Go>
          <Go to="/staff/colleagues" className="nhsuk-button">
            {t('today.colleagues')}
          </Go>
        </p>
      ) : (
        <p>{t('today.no_groups')}</p>
      )}
    </>
  );
}

const look = 15_000;

// Records that were opened in an emergency, for whoever leads the team, until they say that they have seen it.
function EmergencyNotices() {
  const { client, me } = useAccount();
  const loaded = useLoaded<Listing<BreakGlass>>('/api/break-glass?unseen=true');
  const seen = async (one: BreakGlass): Promise<void> => {
    const outcome = await client.ask<unknown>('POST', `/api/break-glass/${one.id}/seen`, { body: {} });
    if (outcome.ok) await loaded.again();
  };
  const items = loaded.value?.items ?? [];
  // Told at once, also where the page stands open. While one is shown nobody looks again: each look is a row of the audit trail.
  const none = loaded.value !== null && items.length === 0;
  useEffect(() => {
    if (!none) return;
    const timer = setInterval(() => {
      if (document.visibilityState !== 'visible') return;
      void client.ask<Listing<BreakGlass>>('GET', '/api/break-glass?unseen=true', { quiet: true, background: true }).then((outcome) => {
        if (outcome.ok && outcome.value.items.length > 0) loaded.put(outcome.value, null);
      });
    }, look);
    return () => clearInterval(timer);
  }, [client, none]);
  if (items.length === 0) return <div role="status" />;
  return (
    <section className="notices" aria-labelledby="told" role="status">
      <h2 id="told">{t('access.told')}</h2>
      <ul className="rows">
        {items.map((one) => (
          <li key={one.id} className="row">
            <div className="row__words">
              <span>{t('access.told_words', { staff: one.staff.name, person: one.person.name, when: whenWords(one.from, me.zone), reason: accessReasonWords(one.reason) })}</span>
              {one.note && <span className="row__soft">{one.note}</span>}
            </div>
            <div className="row__end">
              <Button small onClick={() => void seen(one)}>
                {t('access.seen')}
                <span className="visually-hidden"> {one.person.name}</span>
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function TodayPage({ address }: { address: Address }) {
  const { me, clock } = useAccount();
  const [now, setNow] = useState(() => clock.wall());
  useEffect(() => {
    const timer = setInterval(() => setNow(clock.wall()), 30_000);
    return () => clearInterval(timer);
  }, [clock]);
  const today = dayOf(now, me.zone);
  const asked = address.query.get('from');
  const from = isDay(asked) ? asked : today;
  const iso = (day: string): string => new Date(instantOf(day, '00:00', me.zone)).toISOString().replace('.000', '');
  const sees = has(me, 'facilitator', 'team_lead', 'it_support', 'safety_officer'); // the others have no sessions (docs/access.md)
  const loaded = useList<SessionRow>(!sees ? null : `/api/today?from=${encodeURIComponent(iso(from))}&to=${encodeURIComponent(iso(addDays(from, 7)))}&limit=200`);
  if (!sees) {
    return (
      <Frame title={t('today.title')}>
        <Welcome />
      </Frame>
    );
  }
  return (
    <Frame title={from === today ? t('today.title') : t('today.week', { day: dayWords(from) })} wide>
      {has(me, 'facilitator', 'team_lead') && <AlertsPart />}
      {has(me, 'team_lead') && <EmergencyNotices />}
      {has(me, 'team_lead', 'facilitator') && <LettersLine />}
      <nav className="pager" aria-label={t('today.weeks')}>
        <Go to={`/staff?from=${addDays(from, -7)}`}>{t('today.earlier')}</Go>
        {from !== today && <Go to="/staff">{t('today.back')}</Go>}
        <Go to={`/staff?from=${addDays(from, 7)}`}>{t('today.later')}</Go>
      </nav>
      <Shown of={loaded}>
        {({ items }) => {
          const days = [...new Set([...(from === today ? [today] : []), ...items.map((row) => row.date)])].sort();
          if (items.length === 0) return <FirstSteps />;
          return days.map((day) => {
            const rows = items.filter((row) => row.date === day);
            return (
              <section key={day} aria-labelledby={`day-${day}`} className="day">
                <h2 id={`day-${day}`}>{day === today ? t('today.today', { day: dayWords(day) }) : dayWords(day)}</h2>
                {rows.length === 0 ? (
                  <p className="empty">{t('today.none_today')}</p>
                ) : (
                  <ul className="cards">
                    {rows.map((row) => (
                      <SessionCard key={row.id} row={row} now={now} />
                    ))}
                  </ul>
                )}
              </section>
            );
          });
        }}
      </Shown>
      <More of={loaded} />
    </Frame>
  );
}
