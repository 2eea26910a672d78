// SPDX-License-Identifier: Apache-2.0
// On a person's page: that they asked to be reached in another way, what they want, and, for whoever may write the record, making it so
// or dropping it after speaking with them. Shown only while one waits. Not here: the person's own side (mine/contact_part.tsx).
import { useState } from 'react';
import type { Trouble } from '../api/client';
import type { Channel, ContactChange } from '../api/messages';
import type { Person } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { useAccount, useLoaded } from './account';
import { Said } from './frame';
import { hoursWords } from './person_parts';
import { SummaryRows } from './summary_rows';
import { dateWords } from './time';
import { TroubleWords } from './trouble_words';

interface Waiting {
  version: number;
  change: ContactChange | null;
}
const wantedWords = (method: Channel, { wanted }: ContactChange): string =>
  t(`change.wanted.${method}`, { to: method === 'letter' ? [...wanted.address, wanted.postcode].join(', ') : wanted.to });

export function ContactChangePart({ person, mayConfirm, onChanged }: { person: Person; mayConfirm: boolean; onChanged: () => void }) {
  const { client } = useAccount();
  const loaded = useLoaded<Waiting>(person.identity ? `/api/people/${person.id}/contact-change` : null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const change = loaded.value?.change ?? null;
  const act = async (what: 'confirm' | 'refuse'): Promise<void> => {
    if (busy || !loaded.value) return;
    setBusy(true);
    const outcome = await client.ask<unknown>('POST', `/api/people/${person.id}/contact-change/${what}`, { version: loaded.value.version });
    setBusy(false);
    setTrouble(outcome.ok ? null : outcome.trouble);
    setSaid(outcome.ok ? t(what === 'confirm' ? 'change.confirmed' : 'change.refused') : '');
    await loaded.again();
    if (outcome.ok) onChanged();
  };
  return (
    <>
      {said && <Said words={said} />}
      {trouble && (
        <div className="trouble" role="alert">
          {trouble.kind === 'conflict' && trouble.title ? <p>{trouble.title}</p> : <TroubleWords trouble={trouble} />}
        </div>
      )}
      {change && (
        <section className="part contact-change" aria-labelledby="contact-change">
          <h2 id="contact-change">{t('change.title')}</h2>
          <p>{t('change.words', { day: dateWords(change.askedAt.slice(0, 10)) })}</p>
          <p>{t(change.check === 'code' ? 'change.by_code' : 'change.by_team')}</p>
          <SummaryRows
            rows={[
              ...(change.wanted.method === null ? [] : [{ name: t('change.wanted'), value: wantedWords(change.wanted.method, change) }]),
              ...(change.wanted.hours === undefined ? [] : [{ name: t('safe.hours'), value: hoursWords(change.wanted.hours) }]),
              { name: t('change.until'), value: dateWords(change.until.slice(0, 10)) },
            ]}
          />
          {mayConfirm ? (
            <div className="button-row">
              <Button look="main" onClick={() => void act('confirm')} disabled={busy}>
                {t('change.confirm')}
              </Button>
              <Button onClick={() => void act('refuse')} disabled={busy}>
                {t('change.refuse')}
              </Button>
            </div>
          ) : (
            <p className="hint-text">{t('change.lead_only')}</p>
          )}
        </section>
      )}
    </>
  );
}
