// SPDX-License-Identifier: Apache-2.0
// Staff and their roles: seen by team leads, changed by administrators. A role stands for one team, or for the whole trust
// where it has none. Not here: passwords (each sets their own by a one-time link).
import { useRef, useState } from 'react';
import { CreationKey, type Fault, type Outcome, type Trouble } from '../api/client';
import type { Listing, Staff, StaffRole, Team } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { has, useAccount, useList, useLoaded } from './account';
import { CheckField, SelectField, TextField } from './fields';
import { Form, useForm } from './form';
import { Frame, More, Shown } from './frame';
import { Go, goTo } from './place';
import { TroubleWords } from './trouble_words';
import { roleWords } from './words';

const roles: readonly StaffRole[] = ['facilitator', 'team_lead', 'it_support', 'trainer', 'safety_officer', 'evaluator', 'administrator'];

const ofTeam = (role: StaffRole | ''): boolean => role === 'facilitator' || role === 'team_lead'; // the others are the trust's

export function ColleaguesPage() {
  const { me } = useAccount();
  const loaded = useList<Staff>('/api/staff?limit=200');
  const teams = useLoaded<Listing<Team>>('/api/teams?closed=true&limit=200');
  const mayChange = has(me, 'administrator');
  const teamOf = (id: string | null): string => (id === null ? t('colleagues.whole_trust') : (teams.value?.items.find((team) => team.id === id)?.name ?? ''));
  return (
    <Frame title={t('colleagues.title')} wide>
      {mayChange && (
        <p>
          <Go to="/staff/colleagues/new" className="nhsuk-button">
            {t('colleagues.add')}
          </Go>
        </p>
      )}
      <Shown of={loaded}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="empty">{t('colleagues.none')}</p>
          ) : (
            <>
              <ul className="rows">
                {items.map((one) => (
                  <li key={one.id} className="row">
                    <div className="row__words">
                      <strong>{mayChange ? <Go to={`/staff/colleagues/${one.id}`}>{one.name}</Go> : one.name}</strong>
                      <span className="row__soft">{one.email}</span>
                      <span className="row__soft">
                        {one.standings.length === 0 ? t('colleagues.no_role') : one.standings.map(({ role, team }) => [roleWords(role), teamOf(team)].filter(Boolean).join(', ')).join(' · ')}
                      </span>
                    </div>
                    {!one.active && (
                      <div className="row__end">
                        <span className="tag">{t('colleagues.inactive')}</span>
                      </div>
                    )}
                  </li>
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

type Account = Omit<Staff, 'id' | 'version'>;
const accountOf = ({ name, email, active, standings }: Staff): Account => ({ name, email, active, standings });
const emptyAccount: Account = { name: '', email: '', active: true, standings: [] };

function check(account: Account): Fault[] {
  const own = (pointer: string, detail: string): Fault => ({ pointer, code: 'own', detail });
  return [
    ...(account.name.trim() ? [] : [own('/name', t('colleagues.fault.name'))]),
    ...(/^\S+@\S+$/.test(account.email.trim()) ? [] : [own('/email', t('colleagues.fault.email'))]),
    ...account.standings.flatMap(({ role, team }, index) => [
      ...(role ? [] : [own(`/standings/${index}/role`, t('colleagues.fault.role'))]),
      ...(ofTeam(role) && !team ? [own(`/standings/${index}/team`, t('colleagues.fault.team'))] : []),
    ]),
  ];
}

function AccountForm({ known, teams, onMade }: { known: Staff | null; teams: readonly Team[]; onMade: (made: Staff) => void }) {
  const { client } = useAccount();
  const key = useRef(new CreationKey());
  const form = useForm<Account>({
    draft: known ? `colleague-${known.id}` : 'new-colleague',
    start: known ? accountOf(known) : emptyAccount,
    version: known?.version ?? null,
    check,
    save: (account, version): Promise<Outcome<unknown>> => {
      const body = { ...account, email: account.email.trim(), standings: account.standings.map(({ role, team }) => ({ role, team: ofTeam(role) ? team : null })) };
      return known ? client.ask<Staff>('PUT', `/api/staff/${known.id}`, { body, version }) : client.ask<Staff>('POST', '/api/staff', { body, key: key.current.of(body) });
    },
    ...(known
      ? {
          reload: async (): Promise<Outcome<Account>> => {
            const now = await client.ask<Staff>('GET', `/api/staff/${known.id}`);
            return now.ok ? { ok: true, value: accountOf(now.value), version: now.value.version } : now;
          },
        }
      : {}),
    onSaved: (made: Staff) => onMade(made),
  });
  const { standings } = form.values;
  return (
    <Form form={form} save={t(known ? 'form.save' : 'colleagues.make')}>
      <TextField form={form} at="/name" label={t('colleagues.name')} />
      <TextField form={form} at="/email" label={t('colleagues.email')} type="email" />
      <h2>{t('colleagues.roles')}</h2>
      {standings.map(({ role, team: at }, index) => (
        <section key={index} className="inset" aria-label={t('colleagues.role_number', { number: index + 1 })}>
          <SelectField form={form} at={`/standings/${index}/role`} label={t('colleagues.role')} choices={[{ value: '', label: t('form.choose') }, ...roles.map((value) => ({ value, label: roleWords(value) }))]} />
          {ofTeam(role) && (
            <SelectField
              form={form}
              at={`/standings/${index}/team`}
              label={t('colleagues.team')}
              empty={null}
              choices={[{ value: '', label: t('form.choose') }, ...teams.filter((team) => !team.closed || team.id === at).map((team) => ({ value: team.id, label: team.name }))]}
            />
          )}
          <Button small onClick={() => form.set('/standings', standings.filter((__, other) => other !== index))}>
            {t('word.take_out')}
            <span className="visually-hidden"> {t('colleagues.role_number', { number: index + 1 })}</span>
          </Button>
        </section>
      ))}
      <p>
        <Button onClick={() => form.set('/standings', [...standings, { role: '', team: null }])}>{t('colleagues.add_role')}</Button>
      </p>
      {known && <CheckField form={form} at="/active" label={t('colleagues.active')} hint={t('colleagues.active_hint')} />}
    </Form>
  );
}

// The address where somebody sets their own password, made when it is asked for and shown once.
function SetUpLink({ staff }: { staff: Staff }) {
  const { client } = useAccount();
  const [link, setLink] = useState('');
  const [secondFactor, setSecondFactor] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const make = async (): Promise<void> => {
    setTrouble(null);
    const outcome = await client.ask<{ link: string; until: string }>('POST', `/api/staff/${staff.id}/set-up-link`, { body: { secondFactor } });
    if (outcome.ok) setLink(outcome.value.link.startsWith('/') ? location.origin + outcome.value.link : outcome.value.link);
    else setTrouble(outcome.trouble);
  };
  return (
    <section className="part" aria-labelledby="set-up">
      <h2 id="set-up">{t('colleagues.set_up_title')}</h2>
      <p>{t('colleagues.set_up')}</p>
      <label className="choice" htmlFor="set-up-second">
        <input id="set-up-second" type="checkbox" checked={secondFactor} onChange={(event) => setSecondFactor(event.currentTarget.checked)} />
        <span>{t('colleagues.set_up_second')}</span>
      </label>
      {trouble && (
        <div className="trouble" role="alert">
          <TroubleWords trouble={trouble} />
        </div>
      )}
      <div role="status" aria-live="polite">
        {link && (
          <>
            <p>
              <code className="secret">{link}</code>
            </p>
            <p className="hint-text">{t('colleagues.set_up_hint')}</p>
          </>
        )}
      </div>
      <p>
        <Button onClick={() => void make()}>{t('colleagues.set_up_make')}</Button>
      </p>
    </section>
  );
}

export function ColleaguePage({ id }: { id: string | null }) {
  const loaded = useLoaded<Staff>(id === null ? null : `/api/staff/${id}`);
  const teams = useLoaded<Listing<Team>>('/api/teams?closed=true&limit=200');
  const made = (account: Staff): void => goTo(id === null ? `/staff/colleagues/${account.id}` : '/staff/colleagues');
  const ready = id === null || loaded.value;
  return (
    <Frame title={id === null ? t('colleagues.add') : (loaded.value?.name ?? t('colleagues.one'))} back={{ to: '/staff/colleagues', words: t('colleagues.back') }}>
      {!ready && <Shown of={loaded}>{() => null}</Shown>}
      {ready && <Shown of={teams}>{({ items }) => <AccountForm known={loaded.value} teams={items} onMade={made} />}</Shown>}
      {loaded.value?.active && <SetUpLink staff={loaded.value} />}
    </Frame>
  );
}
