// SPDX-License-Identifier: Apache-2.0
// On a session's page, where it is held on other software: the address to join by, for whoever may change the group's plan. People of the
// group see it on their own page, behind their link; it stands in no message.
import { useState } from 'react';
import type { Outcome } from '../api/client';
import type { SessionJoining, SessionRow } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { useAccount, useLoaded } from './account';
import { CheckField, TextField } from './fields';
import { Form, useForm } from './form';
import { Said } from './frame';

interface Typed {
  address: string;
  rest: boolean;
}

function JoiningForm({ path, joining, onSaved, onCancel }: { path: string; joining: SessionJoining; onSaved: () => void; onCancel: () => void }) {
  const { client } = useAccount();
  const form = useForm<Typed>({
    draft: `joining-${joining.session}`,
    start: { address: joining.address, rest: false },
    version: joining.version,
    check: () => [],
    save: (body, version) => client.ask<unknown>('PUT', path, { body, version }),
    reload: async (): Promise<Outcome<Typed>> => {
      const now = await client.ask<SessionJoining>('GET', path);
      return now.ok ? { ok: true, value: { address: now.value.address, rest: false }, version: now.value.version } : now;
    },
    onSaved,
  });
  return (
    <div className="inset">
      <Form form={form} save={t('form.save')} after={<Button onClick={onCancel}>{t('word.leave_it')}</Button>}>
        <TextField form={form} at="/address" label={t('joining.address')} hint={t('joining.hint')} most={2_000} />
        <CheckField form={form} at="/rest" label={t('joining.rest')} />
      </Form>
    </div>
  );
}

export function JoiningPart({ session, software, mayChange }: { session: SessionRow; software: string; mayChange: boolean }) {
  const path = `/api/sessions/${session.id}/joining`;
  const loaded = useLoaded<SessionJoining>(path);
  const [open, setOpen] = useState(false);
  const [said, setSaid] = useState('');
  const joining = loaded.value;
  if (!joining || (!joining.address && !mayChange)) return null;
  return (
    <section aria-labelledby="joining">
      <h2 id="joining">{t('joining.title', { software })}</h2>
      <Said words={said} />
      {joining.address ? (
        <p>
          <a href={joining.address} target="_blank" rel="noopener noreferrer">
            {t('joining.open', { software })}
          </a>
          <br />
          <span className="row__soft">{joining.address}</span>
        </p>
      ) : (
        <p>{t('joining.none')}</p>
      )}
      {mayChange && !open && (
        <p>
          <Button small onClick={() => setOpen(true)}>
            {t(joining.address ? 'joining.change' : 'joining.give')}
          </Button>
        </p>
      )}
      {open && (
        <JoiningForm
          path={path}
          joining={joining}
          onCancel={() => setOpen(false)}
          onSaved={() => {
            setOpen(false);
            setSaid(t('joining.saved'));
            void loaded.again();
          }}
        />
      )}
    </section>
  );
}
