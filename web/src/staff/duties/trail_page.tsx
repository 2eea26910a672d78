// SPDX-License-Identifier: Apache-2.0
// The trail of who read and changed what, as administrators and safety officers may see it: newest first, page by page, with its
// filters in the address. It holds ids and codes alone, so a record is told by its number, never by a name.
import type { AuditRow, Listing, Staff } from '../../api/model';
import { t } from '../../texts/text';
import { has, useAccount, useList, useLoaded } from '../account';
import { DateField, SelectField } from '../fields';
import { Form, useForm } from '../form';
import { Frame, More, Shown } from '../frame';
import { type Address, Go, goTo, withFilter } from '../place';
import { isDay } from '../time';
import { whenWords } from '../words';
import { actorWords, dataNames, dataWords, didWords, reasonWords } from './duty_words';

const names = ['actor', 'data', 'until'] as const;
type Wanted = Record<(typeof names)[number], string>;
const wantedOf = (query: URLSearchParams): Wanted => ({ actor: query.get('actor') ?? '', data: query.get('data') ?? '', until: query.get('until') ?? '' });

// What the service is asked, out of the page's address.
export function trailQuery(query: URLSearchParams): string {
  const asked = new URLSearchParams();
  for (const name of [...names, 'person'] as const) {
    const value = query.get(name);
    if (value && (name !== 'until' || isDay(value))) asked.set(name, value);
  }
  const text = asked.toString();
  return text ? `/api/audit?${text}` : '/api/audit';
}

function Filters({ address, staff }: { address: Address; staff: readonly Staff[] }) {
  const { me } = useAccount();
  const form = useForm<Wanted>({
    draft: 'trail',
    inTab: true,
    start: wantedOf(address.query),
    check: ({ until }) => (until === '' || isDay(until) ? [] : [{ pointer: '/until', code: 'own', detail: t('keep.fault.date') }]),
    save: async (wanted) => ({ ok: true, value: wanted, version: null }),
    onSaved: (wanted: Wanted) => {
      const query = new URLSearchParams(address.query);
      for (const name of names) {
        if (wanted[name]) query.set(name, wanted[name]);
        else query.delete(name);
      }
      const text = query.toString();
      goTo(text ? `${address.path}?${text}` : address.path);
    },
  });
  return (
    <Form form={form} save={t('trail.filter')}>
      <div className="side-by-side">
        {has(me, 'administrator') && (
          <SelectField form={form} at="/actor" label={t('trail.who')} choices={[{ value: '', label: t('trail.everybody') }, ...staff.map(({ id, name }) => ({ value: id, label: name }))]} />
        )}
        <SelectField form={form} at="/data" label={t('trail.about')} choices={[{ value: '', label: t('trail.everything') }, ...dataNames.map((value) => ({ value, label: dataWords(value) }))]} />
        <DateField form={form} at="/until" label={t('trail.until')} hint={t('trail.until_hint')} empty="" />
      </div>
    </Form>
  );
}

function Line({ row, address }: { row: AuditRow; address: Address }) {
  const { me } = useAccount();
  return (
    <li className="row">
      <div className="row__words">
        <span>
          <strong>{actorWords(row)}</strong> {didWords(row)}
        </span>
        {row.reason && <span>{t('trail.why', { reason: reasonWords(row.reason) })}</span>}
        <span className="row__soft">{whenWords(row.at, me.zone)}</span>
      </div>
      {row.person && (
        <div className="row__end">
          <span className="row__soft">{t('trail.of_record', { id: row.person.slice(-6) })}</span>
          {address.query.get('person') !== row.person && (
            <Go to={withFilter(address, 'person', row.person)} className="row__link">
              {t('trail.this_record')}
              <span className="visually-hidden"> {row.person.slice(-6)}</span>
            </Go>
          )}
        </div>
      )}
    </li>
  );
}

export function TrailPage({ address }: { address: Address }) {
  const { me } = useAccount();
  const all = has(me, 'administrator');
  const staff = useLoaded<Listing<Staff>>(all ? '/api/staff?limit=200' : null);
  const loaded = useList<AuditRow>(trailQuery(address.query));
  return (
    <Frame title={t('trail.title')} wide>
      <p>{t(all ? 'trail.words' : 'trail.words_safety')}</p>
      {(!all || staff.value || staff.trouble) && <Filters key={address.query.toString()} address={address} staff={staff.value?.items ?? []} />}
      {address.query.has('person') && (
        <p>
          {t('trail.one_record')} <Go to={withFilter(address, 'person', '')}>{t('trail.all_records')}</Go>
        </p>
      )}
      <Shown of={loaded}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="empty">{t('trail.none')}</p>
          ) : (
            <>
              <ul className="rows">
                {items.map((row) => (
                  <Line key={row.number} row={row} address={address} />
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
