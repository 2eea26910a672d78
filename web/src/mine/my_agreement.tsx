// SPDX-License-Identifier: Apache-2.0
// What the group agreed, on the own page of a member or of a supporter: read in plain words or in Easy Read, and agreed to by themselves.
// Where it has changed since they agreed, what is new stands first. Nobody else's answer is shown.
import { useEffect, useState } from 'react';
import { acceptMyAgreement, type MyAgreement, readMyAgreement } from '../api/mine';
import { localeTag, t } from '../texts/text';
import { AgreementWords } from '../ui/agreement_words';
import { Button } from '../ui/button';

export function MyAgreementPart({ visit, onOver }: { visit: string; onOver: () => void }) {
  const [mine, setMine] = useState<MyAgreement | null>(null);
  const [trouble, setTrouble] = useState<'not-read' | 'not-saved' | 'changed' | null>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const read = async (): Promise<void> => {
    const answer = await readMyAgreement(visit);
    if (answer.ok) setMine(answer.value);
    else if (answer.why === 'over') return onOver();
    setTrouble(answer.ok ? null : 'not-read');
  };
  useEffect(() => void read(), [visit]);
  const agree = async (number: number): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const answer = await acceptMyAgreement(visit, number);
    setBusy(false);
    if (answer.ok) {
      setMine(answer.value);
      setDone(true);
      return setTrouble(null);
    }
    if (answer.why === 'over') return onOver();
    if (answer.why === 'refused') await read();
    setTrouble(answer.why === 'refused' ? 'changed' : 'not-saved');
  };
  const current = mine?.current;
  if (trouble === 'not-read') {
    return (
      <section className="my-session">
        <h2>{t('agreement.title')}</h2>
        <p role="alert">{t('offline.do')}</p>
        <Button onClick={() => void read()}>{t('offline.again')}</Button>
      </section>
    );
  }
  if (!mine || !current) return null; // the group has none yet
  const { number, text } = current;
  const day = new Intl.DateTimeFormat(localeTag(), { dateStyle: 'long' });
  return (
    <section className="my-session" aria-label={t('agreement.title')}>
      <h2>{t('agreement.title')}</h2>
      {mine.ask && mine.accepted && text.changed && <p>{t('agreement.new', { changed: text.changed })}</p>}
      <AgreementWords agreement={{ number, title: text.title, points: text.points, easy: text.easy }} />
      <div role="status">
        {trouble === 'changed' && <p>{t('mine.agreement.changed')}</p>}
        {trouble === 'not-saved' && <p>{t('mine.not_saved')}</p>}
        {done && !mine.ask && <p>{t('mine.agreement.thanks')}</p>}
      </div>
      {mine.ask ? (
        <Button look="main" disabled={busy} onClick={() => void agree(number)}>
          {t('agreement.agree')}
        </Button>
      ) : (
        mine.accepted && <p className="hint-text">{t('mine.agreement.since', { day: day.format(new Date(mine.accepted.at)) })}</p>
      )}
    </section>
  );
}
