// SPDX-License-Identifier: Apache-2.0
// One's own account: who one is here, where one is signed in (each sign-in can be ended), and signing out.
import { useState } from 'react';
import type { Outcome, Trouble } from '../api/client';
import type { Listing, SignIn } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { useAccount, useLoaded } from './account';
import { dropAllDrafts } from './drafts';
import { TextField } from './fields';
import { Form, useForm } from './form';
import { Frame, Said, Shown } from './frame';
import { leastPassword, newPasswordFaults } from './set_up_page';
import { SummaryRows } from './summary_rows';
import { TroubleWords } from './trouble_words';
import { roleWords, whenWords } from './words';

function ChangePassword({ onDone }: { onDone: () => void }) {
  const { client } = useAccount();
  const form = useForm({
    draft: 'change-password',
    start: { old: '', password: '', again: '' },
    check: (values) => [...(values.old ? [] : [{ pointer: '/old', code: 'own', detail: t('sign_in.password_missing') }]), ...newPasswordFaults(values)],
    save: async ({ old, password }): Promise<Outcome<unknown>> => {
      const outcome = await client.ask<unknown>('POST', '/api/me/password', { body: { password: old, newPassword: password }, quiet: true });
      if (outcome.ok || outcome.trouble.kind === 'too-fast' || outcome.trouble.kind === 'unreachable') return outcome;
      const detail = outcome.trouble.kind === 'fields' ? outcome.trouble.faults : [];
      const fresh = detail.find(({ pointer }) => pointer === '/newPassword');
      return { ok: false, trouble: { kind: 'fields', faults: [fresh ? { ...fresh, pointer: '/password' } : { pointer: '/old', code: 'own', detail: t('lock.no_match') }] } };
    },
    onSaved: onDone,
  });
  return (
    <Form form={form} save={t('password.change')}>
      <TextField form={form} at="/old" label={t('password.old')} type="password" autoComplete="current-password" />
      <TextField form={form} at="/password" label={t('password.new')} hint={t('password.hint', { least: leastPassword })} type="password" autoComplete="new-password" />
      <TextField form={form} at="/again" label={t('password.again')} type="password" autoComplete="new-password" />
    </Form>
  );
}

export function MyAccountPage() {
  const { client, me } = useAccount();
  const loaded = useLoaded<Listing<SignIn>>('/api/sign-ins');
  const [said, setSaid] = useState('');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const when = (instant: string): string => whenWords(instant, me.zone);
  const end = async (one: SignIn): Promise<void> => {
    setTrouble(null);
    const outcome = await client.ask<unknown>('DELETE', `/api/sign-ins/${one.id}`);
    if (!outcome.ok) return setTrouble(outcome.trouble);
    setSaid(t('account.ended'));
    await loaded.again();
  };
  const signOut = async (): Promise<void> => {
    const outcome = await client.ask<unknown>('POST', '/api/sign-out', { body: {}, quiet: true });
    if (!outcome.ok && outcome.trouble.kind !== 'signed-out') return setTrouble(outcome.trouble);
    dropAllDrafts();
    location.assign('/staff/sign-in'); // loads everything anew: nothing that was read stays in the page
  };
  return (
    <Frame title={t('account.title')}>
      <Said words={said} />
      {trouble && (
        <div className="trouble" role="alert">
          <TroubleWords trouble={trouble} />
        </div>
      )}
      <SummaryRows
        rows={[
          { name: t('colleagues.name'), value: me.name },
          { name: t('colleagues.email'), value: me.email },
          { name: t('colleagues.roles'), value: me.standings.map(({ role, team, teamName }) => [roleWords(role), team === null ? t('colleagues.whole_trust') : (teamName ?? '')].filter(Boolean).join(', ')).join('\n') },
        ]}
      />
      <p>
        <Button look="main" onClick={() => void signOut()}>
          {t('account.sign_out')}
        </Button>
      </p>
      <h2>{t('account.sign_ins')}</h2>
      <p>{t('account.sign_ins_words')}</p>
      <Shown of={loaded}>
        {({ items }) => (
          <ul className="rows">
            {items.map((one) => (
              <li key={one.id} className="row">
                <div className="row__words">
                  <strong>{one.device || t('account.unknown_device')}</strong>
                  <span className="row__soft">{t('account.since', { when: when(one.since) })}</span>
                  <span className="row__soft">{t('account.seen', { when: when(one.seen) })}</span>
                </div>
                <div className="row__end">
                  {one.current ? (
                    <span className="tag tag--joined">{t('account.here')}</span>
                  ) : (
                    <Button small onClick={() => void end(one)}>
                      {t('account.end')}
                      <span className="visually-hidden"> {one.device}</span>
                    </Button>
                  )}
                </div>
              </li>
            ))}
          </ul>
        )}
      </Shown>
      <details className="nhsuk-details">
        <summary className="nhsuk-details__summary">
          <span className="nhsuk-details__summary-text">{t('password.change')}</span>
        </summary>
        <ChangePassword
          key={said}
          onDone={() => {
            setSaid(t('password.changed'));
            void loaded.again();
          }}
        />
      </details>
    </Frame>
  );
}
