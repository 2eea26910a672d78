// SPDX-License-Identifier: Apache-2.0
// On a member's page: who comes along with them, a link of their own for each and taking it back, adding or changing somebody, and
// ending their time. Not here: what they may see (the service; docs/access.md).
import { useRef, useState } from 'react';
import { CreationKey, type Outcome, type Trouble } from '../api/client';
import type { Id } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { useAccount, useLoaded } from './account';
import { RadioField, TextField } from './fields';
import { Form, useForm } from './form';
import { Said, Shown } from './frame';
import { dateWords } from './time';
import { TroubleWords } from './trouble_words';

const kinds = ['interpreter', 'carer', 'advocate'] as const;
type Kind = (typeof kinds)[number];
interface Wanted {
  kind: Kind | null;
  name: string;
  alias: string;
  contacts: { email: string; mobile: string; postcode: string };
}
interface Supporter extends Wanted {
  id: Id;
  version: number;
  kind: Kind;
  endedAt: string | null;
}
const nobody: Wanted = { kind: null, name: '', alias: '', contacts: { email: '', mobile: '', postcode: '' } };

const wantedOf = ({ kind, name, alias, contacts }: Supporter): Wanted => ({ kind, name, alias, contacts });

// One who is new, or who comes along already.
function SupporterForm({ membership, one, onSaved, onLeave }: { membership: string; one: Supporter | null; onSaved: () => void; onLeave: () => void }) {
  const { client } = useAccount();
  const key = useRef(new CreationKey());
  const all = `/api/memberships/${membership}/supporters`;
  const form = useForm<Wanted>({
    draft: `supporter-${one?.id ?? membership}`,
    start: one ? wantedOf(one) : nobody,
    version: one?.version ?? null,
    check: ({ kind }) => (kind === null ? [{ pointer: '/kind', code: 'own', detail: t('supporters.fault.kind') }] : []),
    save: (body, version) => (one ? client.ask<Supporter>('PUT', `/api/supporters/${one.id}`, { body, version }) : client.ask<Supporter>('POST', all, { body, key: key.current.of(body) })),
    reload: async (): Promise<Outcome<Wanted>> => {
      const now = await client.ask<{ items: Supporter[] }>('GET', all);
      if (!now.ok) return now;
      const saved = now.value.items.find(({ id }) => id === one?.id);
      return saved ? { ok: true, value: wantedOf(saved), version: saved.version } : { ok: false, trouble: { kind: 'gone' } };
    },
    onSaved,
  });
  return (
    <Form form={form} save={t(one ? 'form.save' : 'supporters.add_do')} after={<Button onClick={onLeave}>{t('word.leave_it')}</Button>}>
      <RadioField form={form} at="/kind" label={t('supporters.kind')} choices={kinds.map((value) => ({ value, label: t(`supporters.kind.${value}`) }))} />
      <TextField form={form} at="/name" label={t('supporters.name')} />
      <TextField form={form} at="/alias" label={t('supporters.alias')} width="middle" />
      <TextField form={form} at="/contacts/email" label={t('supporters.email')} hint={t('supporters.email_hint')} type="email" />
      <TextField form={form} at="/contacts/mobile" label={t('supporters.mobile')} hint={t('supporters.mobile_hint')} type="tel" width="middle" />
      <TextField form={form} at="/contacts/postcode" label={t('supporters.postcode')} width="short" />
    </Form>
  );
}

export function SupportersPart({ membership }: { membership: string }) {
  const { client } = useAccount();
  const loaded = useLoaded<{ items: Supporter[] }>(`/api/memberships/${membership}/supporters`);
  const [open, setOpen] = useState<Supporter | 'new' | null>(null);
  const [said, setSaid] = useState('');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const act = async (one: Supporter, what: 'send' | 'take_back' | 'end'): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const body = { supporter: one.id };
    const acts = {
      send: () => client.ask<unknown>('POST', `/api/memberships/${membership}/invitation`, { body, key: new CreationKey().of(body) }),
      take_back: () => client.ask<unknown>('DELETE', `/api/memberships/${membership}/link?supporter=${one.id}`),
      end: () => client.ask<unknown>('POST', `/api/supporters/${one.id}/end`, { version: one.version }),
    };
    const outcome = await acts[what]();
    setBusy(false);
    setTrouble(outcome.ok ? null : outcome.trouble);
    setSaid(outcome.ok ? t(`supporters.${what}_said`, { name: one.name }) : '');
    await loaded.again();
  };
  return (
    <section className="part" aria-labelledby="supporters">
      <h2 id="supporters">{t('supporters.title')}</h2>
      <p>{t('supporters.words')}</p>
      <Said words={said} />
      {trouble && (
        <div className="trouble" role="alert">
          {trouble.kind === 'fields' ? trouble.faults.map(({ detail }) => <p key={detail}>{detail}</p>) : <TroubleWords trouble={trouble} />}
        </div>
      )}
      <Shown of={loaded}>
        {({ items }) => (
          <>
            {items.length === 0 && <p className="empty">{t('supporters.none')}</p>}
            {items.length > 0 && (
              <ul className="rows">
                {items.map((one) => (
                  <li key={one.id} className="row">
                    <div className="row__words">
                      <strong>{one.name}</strong>
                      <span className="row__soft">{t('supporters.row', { kind: t(`supporters.kind.${one.kind}`), alias: one.alias })}</span>
                    </div>
                    <div className="row__end letters-do">
                      {one.endedAt ? (
                        <span>{t('supporters.ended', { day: dateWords(one.endedAt.slice(0, 10)) })}</span>
                      ) : (
                        <>
                          <Button small onClick={() => void act(one, 'send')} disabled={busy}>
                            {t('supporters.send')}
                            <span className="visually-hidden"> {one.name}</span>
                          </Button>
                          <Button small onClick={() => void act(one, 'take_back')} disabled={busy}>
                            {t('supporters.take_back')}
                            <span className="visually-hidden"> {one.name}</span>
                          </Button>
                          <Button small onClick={() => setOpen(one)}>
                            {t('word.change')}
                            <span className="visually-hidden"> {one.name}</span>
                          </Button>
                          <Button small onClick={() => void act(one, 'end')} disabled={busy}>
                            {t('supporters.end')}
                            <span className="visually-hidden"> {one.name}</span>
                          </Button>
                        </>
                      )}
                    </div>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Shown>
      {open !== null ? (
        <SupporterForm
          key={open === 'new' ? 'new' : open.id}
          membership={membership}
          one={open === 'new' ? null : open}
          onSaved={() => {
            setSaid(open === 'new' ? '' : t('supporters.changed', { name: open.name }));
            setOpen(null);
            void loaded.again();
          }}
          onLeave={() => setOpen(null)}
        />
      ) : (
        <Button small onClick={() => setOpen('new')}>
          {t('supporters.add')}
        </Button>
      )}
    </section>
  );
}
