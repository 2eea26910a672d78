// SPDX-License-Identifier: Apache-2.0
// The trust, its services and its teams: made, moved and closed by administrators; a team's lead changes its duty number. Not here:
// who works in a team (colleagues_page.tsx), its groups.
import { useRef } from 'react';
import { CreationKey, type Fault, type Outcome } from '../api/client';
import type { Listing, Service, Team, TeamSettings, TeamWanted, TrustSettings } from '../api/model';
import { t } from '../texts/text';
import { has, leads, useAccount, useLoaded } from './account';
import { CheckField, SelectField, TextField } from './fields';
import { Form, useForm } from './form';
import { Frame, Said, Shown } from './frame';
import { Go, goTo, useAddress } from './place';
import { SummaryRows } from './summary_rows';

const at = '/staff/teams';
const back = () => ({ to: at, words: t('teams.back') });
const own = (pointer: string, detail: string): Fault => ({ pointer, code: 'own', detail });
const canBeRung = (number: string): boolean => /^[\d +()-]*$/.test(number.trim()) && (number.match(/\d/g) ?? []).length >= 3;

function TeamRow({ team }: { team: Team }) {
  const { me } = useAccount();
  const opens = has(me, 'administrator') || leads(me, team.id);
  return (
    <li className="row">
      <div className="row__words">
        <strong>{opens ? <Go to={`${at}/${team.id}`}>{team.name}</Go> : team.name}</strong>
        <span className="row__soft">{team.dutyNumber}</span>
      </div>
      {team.closed && (
        <div className="row__end">
          <span className="tag">{t('teams.closed_tag')}</span>
        </div>
      )}
    </li>
  );
}

function ServicePart({ service, teams, change }: { service: { id: string; name: string }; teams: readonly Team[]; change: boolean }) {
  return (
    <section className="part" aria-labelledby={`service-${service.id}`}>
      <div className="part__head">
        <h2 id={`service-${service.id}`}>{service.name}</h2>
        {change && (
          <Go to={`${at}/services/${service.id}`} className="nhsuk-button nhsuk-button--secondary is-small">
            {t('word.change')}
            <span className="visually-hidden"> {service.name}</span>
          </Go>
        )}
      </div>
      {teams.length === 0 ? (
        <p className="empty">{t('teams.none_here')}</p>
      ) : (
        <ul className="rows">
          {teams.map((team) => (
            <TeamRow key={team.id} team={team} />
          ))}
        </ul>
      )}
    </section>
  );
}

// The trust's own part: administrators alone read it.
function TrustPart() {
  const loaded = useLoaded<TrustSettings>('/api/trust');
  return (
    <Shown of={loaded}>
      {(trust) => (
        <section className="part" aria-labelledby="trust">
          <h2 id="trust">{t('teams.trust')}</h2>
          {trust.name ? (
            <SummaryRows
              rows={[
                { name: t('teams.trust_name'), value: trust.name },
                { name: t('teams.zone'), value: trust.zone },
                { name: t('teams.duty'), value: trust.dutyNumber },
              ]}
            />
          ) : (
            <p>{t('teams.trust_missing')}</p>
          )}
          <p>
            <Go to={`${at}/trust`} className={trust.name ? 'nhsuk-button nhsuk-button--secondary' : 'nhsuk-button'}>
              {t(trust.name ? 'teams.change_trust' : 'teams.say_trust')}
            </Go>
          </p>
          {trust.name && (
            <p className="button-row">
              <Go to={`${at}/services/new`} className="nhsuk-button nhsuk-button--secondary">
                {t('teams.add_service')}
              </Go>
              <Go to={`${at}/new`} className="nhsuk-button nhsuk-button--secondary">
                {t('teams.add')}
              </Go>
              <Go to={`${at}/agreement`} className="nhsuk-button nhsuk-button--secondary">
                {t('agree.template_open')}
              </Go>
            </p>
          )}
        </section>
      )}
    </Shown>
  );
}

export function TeamsPage() {
  const { me } = useAccount();
  const address = useAddress();
  const administers = has(me, 'administrator');
  const teams = useLoaded<Listing<Team>>('/api/teams?closed=true&limit=200');
  const services = useLoaded<Listing<Service>>(administers ? '/api/services?limit=200' : null);
  return (
    <Frame title={t('teams.title')} wide>
      <Said words={address.query.get('done') === 'saved' ? t('teams.saved') : ''} />
      {administers && <TrustPart />}
      <Shown of={teams}>
        {({ items }) => {
          const known = services.value?.items ?? [];
          const named = administers ? known : [...new Map(items.map(({ service }) => [service.id, service])).values()].sort((a, b) => a.name.localeCompare(b.name));
          if (administers && services.value && known.length === 0) return <p className="empty">{t('teams.no_services')}</p>;
          return named.map((service) => <ServicePart key={service.id} service={service} teams={items.filter((team) => team.service.id === service.id)} change={administers} />);
        }}
      </Shown>
    </Frame>
  );
}

function TrustForm({ trust, version }: { trust: TrustSettings; version: number }) {
  const { client, again } = useAccount();
  const form = useForm<TrustSettings>({
    draft: 'trust',
    inTab: true,
    start: trust,
    version,
    check: ({ name, zone, dutyNumber }) => [
      ...(name.trim() ? [] : [own('/name', t('teams.fault.name'))]),
      ...(zone.trim() ? [] : [own('/zone', t('teams.fault.zone'))]),
      ...(canBeRung(dutyNumber) ? [] : [own('/dutyNumber', t('teams.fault.duty'))]),
    ],
    save: (body, now): Promise<Outcome<unknown>> => client.ask<TrustSettings>('PUT', '/api/trust', { body, version: now }),
    reload: () => client.ask<TrustSettings>('GET', '/api/trust'),
    onSaved: () => void again().then(() => goTo(`${at}?done=saved`)),
  });
  return (
    <Form form={form} save={t('form.save')}>
      <TextField form={form} at="/name" label={t('teams.trust_name')} />
      <TextField form={form} at="/zone" label={t('teams.zone')} hint={t('teams.zone_hint')} width="middle" />
      <TextField form={form} at="/dutyNumber" label={t('teams.duty')} hint={t('teams.duty_hint')} type="tel" width="middle" />
    </Form>
  );
}

export function TrustPage() {
  const loaded = useLoaded<TrustSettings>('/api/trust');
  return (
    <Frame title={t('teams.trust_title')} back={back()}>
      <Shown of={loaded}>{(trust) => <TrustForm trust={trust} version={loaded.version ?? 0} />}</Shown>
    </Frame>
  );
}

function ServiceForm({ known, version }: { known: Service | null; version: number }) {
  const { client } = useAccount();
  const key = useRef(new CreationKey());
  const form = useForm<{ name: string }>({
    draft: known ? `service-${known.id}` : 'new-service',
    inTab: true,
    start: { name: known?.name ?? '' },
    version,
    check: ({ name }) => (name.trim() ? [] : [own('/name', t('teams.fault.name'))]),
    save: (body, now): Promise<Outcome<unknown>> =>
      known ? client.ask<Service>('PUT', `/api/services/${known.id}`, { body, version: now }) : client.ask<Service>('POST', '/api/services', { body, key: key.current.of(body) }),
    ...(known
      ? {
          reload: async (): Promise<Outcome<{ name: string }>> => {
            const now = await client.ask<Service>('GET', `/api/services/${known.id}`);
            return now.ok ? { ok: true, value: { name: now.value.name }, version: now.value.version } : now;
          },
        }
      : {}),
    onSaved: () => goTo(`${at}?done=saved`),
  });
  return (
    <Form form={form} save={t(known ? 'form.save' : 'teams.make_service')}>
      <TextField form={form} at="/name" label={t('teams.service_name')} spellCheck />
    </Form>
  );
}

export function ServicePage({ id }: { id: string | null }) {
  const loaded = useLoaded<Service>(id === null ? null : `/api/services/${id}`);
  return (
    <Frame title={id === null ? t('teams.add_service') : (loaded.value?.name ?? t('teams.service_title'))} back={back()}>
      {id === null ? <ServiceForm known={null} version={0} /> : <Shown of={loaded}>{(service) => <ServiceForm known={service} version={service.version} />}</Shown>}
    </Frame>
  );
}

const wantedOf = ({ name, service, dutyNumber, closed }: TeamSettings): TeamWanted => ({ name, service, dutyNumber, closed });

function TeamForm({ known, services }: { known: TeamSettings | null; services: readonly Service[] }) {
  const { client, me } = useAccount();
  const administers = has(me, 'administrator');
  const key = useRef(new CreationKey());
  const form = useForm<TeamWanted>({
    draft: known ? `team-${known.id}` : 'new-team',
    inTab: true,
    start: known ? wantedOf(known) : { name: '', service: services.length === 1 ? (services[0]?.id ?? '') : '', dutyNumber: '', closed: false },
    version: known?.version ?? null,
    check: ({ name, service, dutyNumber }) => [
      ...(name.trim() ? [] : [own('/name', t('teams.fault.name'))]),
      ...(service ? [] : [own('/service', t('teams.fault.service'))]),
      ...(!dutyNumber.trim() || canBeRung(dutyNumber) ? [] : [own('/dutyNumber', t('teams.fault.duty'))]),
    ],
    save: (body, version): Promise<Outcome<unknown>> =>
      known ? client.ask<TeamSettings>('PUT', `/api/teams/${known.id}`, { body, version }) : client.ask<TeamSettings>('POST', '/api/teams', { body, key: key.current.of(body) }),
    ...(known
      ? {
          reload: async (): Promise<Outcome<TeamWanted>> => {
            const now = await client.ask<TeamSettings>('GET', `/api/teams/${known.id}`);
            return now.ok ? { ok: true, value: wantedOf(now.value), version: now.value.version } : now;
          },
        }
      : {}),
    onSaved: () => goTo(`${at}?done=saved`),
  });
  return (
    <Form form={form} save={t(known ? 'form.save' : 'teams.make')}>
      {!administers && <p>{t('teams.only_number')}</p>}
      {administers && <TextField form={form} at="/name" label={t('teams.name')} spellCheck />}
      {administers && (
        <SelectField
          form={form}
          at="/service"
          label={t('teams.service')}
          hint={known ? t('teams.service_hint') : undefined}
          choices={[{ value: '', label: t('form.choose') }, ...services.map(({ id, name }) => ({ value: id, label: name }))]}
        />
      )}
      <TextField form={form} at="/dutyNumber" label={t('teams.duty')} hint={t('teams.team_duty_hint')} type="tel" width="middle" />
      {administers && known && (
        <>
          <h2>{t('teams.closing')}</h2>
          {known.openGroups > 0 && !known.closed ? <p>{t('teams.open_groups', { count: known.openGroups })}</p> : <CheckField form={form} at="/closed" label={t('teams.closed')} hint={t('teams.closed_hint')} />}
        </>
      )}
    </Form>
  );
}

export function TeamPage({ id }: { id: string | null }) {
  const { me } = useAccount();
  const administers = has(me, 'administrator');
  const loaded = useLoaded<TeamSettings>(id === null ? null : `/api/teams/${id}`);
  const services = useLoaded<Listing<Service>>(administers ? '/api/services?limit=200' : null);
  const ready = (id === null || loaded.value !== null) && (!administers || services.value !== null);
  return (
    <Frame title={id === null ? t('teams.add') : (loaded.value?.name ?? t('teams.team_title'))} back={back()}>
      {!ready && (loaded.trouble || !services.trouble ? <Shown of={loaded}>{() => null}</Shown> : <Shown of={services}>{() => null}</Shown>)}
      {ready && <TeamForm known={loaded.value} services={services.value?.items ?? []} />}
    </Frame>
  );
}
