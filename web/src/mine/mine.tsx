// SPDX-License-Identifier: Apache-2.0
// The page behind a confirmed personal link. Loaded as a part of its own, with its texts. Not here: the room, the two questions.
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { type Mine, type MySession, type OpenedRow, readMine, readOpened } from '../api/mine';
import { localeTag, t } from '../texts/text';
import { Button } from '../ui/button';
import { Page, PhoneLink } from '../ui/page';
import { beginLanguage, LanguageChoice, speakAsRecorded } from './language';
import { SessionCard } from './session_card';
import { visitShelf } from './visit';

type At = { at: 'asking' } | { at: 'here'; mine: Mine } | { at: 'over' } | { at: 'left' } | { at: 'offline' };

function Reached({ mine }: { mine: Mine }) {
  return (
    <section className="my-session">
      <h2>{t('mine.reached')}</h2>
      <p>{mine.reachedBy === null ? t('mine.reached.none') : t(`mine.reached.${mine.reachedBy}`, { to: mine.reachedAt })}</p>
      <p className="hint-text">{t('mine.reached_change')}</p>
    </section>
  );
}

function WhoOpened({ visit }: { visit: string }) {
  const [rows, setRows] = useState<OpenedRow[] | null>(null);
  const [failed, setFailed] = useState(false);
  const show = async (): Promise<void> => {
    const answer = await readOpened(visit);
    if (answer.ok) setRows(answer.value.items);
    setFailed(!answer.ok);
  };
  const at = new Intl.DateTimeFormat(localeTag(), { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <section className="my-session">
      <h2>{t('mine.opened')}</h2>
      <p>{t('mine.opened_words')}</p>
      {rows === null && (
        <Button onClick={() => void show()} small>
          {t('mine.opened')}
        </Button>
      )}
      {failed && <p role="alert">{t('offline.do')}</p>}
      {rows?.length === 0 && <p>{t('mine.opened_none')}</p>}
      {rows && rows.length > 0 && (
        <ul className="plain-list">
          {rows.map((row, n) => (
            <li key={n}>{t('mine.opened_row', { at: at.format(new Date(row.at)), by: row.by })}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Words({ title, words }: { title: string; words: string }) {
  return (
    <Page title={title}>
      <p className="lead">{words}</p>
    </Page>
  );
}

function MinePage({ visit, mine, onMine, onAt }: { visit: string; mine: Mine; onMine: (mine: Mine) => void; onAt: (at: At) => void }) {
  const changed = (session: MySession): void => onMine({ ...mine, sessions: mine.sessions.map((one) => (one.id === session.id ? session : one)) });
  const over = (): void => onAt({ at: 'over' });
  const common = { visit, supporter: mine.supporter, onChange: changed, onOver: over };
  const [next, ...later] = mine.sessions;
  return (
    <Page title={t('mine.title', { name: mine.name })}>
      <LanguageChoice onChange={() => onMine({ ...mine })} />
      {mine.supporter && <p className="lead">{t('mine.supporter')}</p>}
      {next ? (
        <SessionCard key={next.id} session={next} heading={t('mine.next')} {...common} />
      ) : (
        <section className="my-session">
          <h2>{t('mine.none')}</h2>
          <p>{t('mine.none_do')}</p>
        </section>
      )}
      {later.map((session) => (
        <SessionCard key={session.id} session={session} heading={t('mine.more')} {...common} />
      ))}
      <p>
        {t('mine.call_instead')} <PhoneLink number={mine.dutyNumber} />
      </p>
      {!mine.supporter && <Reached mine={mine} />}
      {!mine.supporter && <WhoOpened visit={visit} />}
      <Button
        onClick={() => {
          visitShelf.put(null);
          onAt({ at: 'left' });
        }}
      >
        {t('mine.leave')}
      </Button>
    </Page>
  );
}

function MineRoot() {
  const [visit] = useState(() => visitShelf.get());
  const [at, setAt] = useState<At>({ at: 'asking' });
  const ask = async (): Promise<void> => {
    if (visit === null) return setAt({ at: 'over' });
    const answer = await readMine(visit);
    if (answer.ok) speakAsRecorded(answer.value.language);
    setAt(answer.ok ? { at: 'here', mine: answer.value } : answer.why === 'unreachable' ? { at: 'offline' } : { at: 'over' });
  };
  useEffect(() => {
    document.title = t('mine.document');
    void ask();
  }, []);
  if (at.at === 'here' && visit !== null) return <MinePage visit={visit} mine={at.mine} onMine={(mine) => setAt({ at: 'here', mine })} onAt={setAt} />;
  if (at.at === 'left') return <Words title={t('mine.left')} words={t('mine.left_words')} />;
  if (at.at === 'over') return <Words title={t('mine.over')} words={t('mine.over_words')} />;
  if (at.at === 'asking') return <Words title={t('connecting.title')} words="" />;
  return (
    <Page title={t('offline.title')}>
      <p className="lead">{t('offline.do')}</p>
      <Button look="main" onClick={() => void ask()}>
        {t('offline.again')}
      </Button>
    </Page>
  );
}

export const drawMine = (root: HTMLElement): void => {
  beginLanguage();
  createRoot(root).render(<MineRoot />);
};
