// SPDX-License-Identifier: Apache-2.0
// `/mine#secret`: takes the secret out of the address, asks the two things (confirm_page), then shows the person's own page.
// Loaded as a part of its own, with its texts. Fetching changes nothing on the server. Not here: the room.
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { look, type Mine, type MySession, type OpenedRow, type Question, readMine, readOpened } from '../api/mine';
import { browserPlace, takeLink } from '../lobby/link';
import { localeTag, t } from '../texts/text';
import { Button } from '../ui/button';
import { Page, PhoneLink } from '../ui/page';
import { ConfirmPage } from './confirm_page';
import { AboutPart } from './about_part';
import { ContactPart } from './contact_part';
import { beginLanguage, LanguageChoice, speakAsRecorded } from './language';
import { MyAgreementPart } from './my_agreement';
import { SessionCard } from './session_card';
import { aboutShelf, contactShelf, hoursShelf, personalLinkShelf, visitShelf } from './visit';

type At = { at: 'asking' } | { at: 'confirm'; question: Question } | { at: 'unknown' } | { at: 'here'; mine: Mine } | { at: 'over' } | { at: 'left' } | { at: 'offline' };

function WhoOpened({ visit }: { visit: string }) {
  const [rows, setRows] = useState<OpenedRow[] | null>(null);
  const [failed, setFailed] = useState(false);
  const show = async (): Promise<void> => {
    const answer = await readOpened(visit);
    if (answer.ok) setRows(answer.value.items);
    setFailed(!answer.ok);
  };
  const day = new Intl.DateTimeFormat(localeTag(), { dateStyle: 'long' });
  // Once a person and day: opening a record shows as many reads as it has parts.
  const lines = [...new Set(rows?.map((row) => t('mine.opened_row', { at: day.format(new Date(row.at)), by: row.by })))];
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
      {lines.length > 0 && (
        <ul className="plain-list">
          {lines.map((line) => (
            <li key={line}>{line}</li>
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
      <MyAgreementPart visit={visit} onOver={over} />
      <p>
        {t('mine.call_instead')} <PhoneLink number={mine.dutyNumber} />
      </p>
      {!mine.supporter && <ContactPart visit={visit} mine={mine} onMine={onMine} onOver={over} />}
      {mine.person !== null && <AboutPart visit={visit} person={mine.person} onOver={over} />}
      {!mine.supporter && <WhoOpened visit={visit} />}
      <Button
        onClick={() => {
          for (const shelf of [visitShelf, contactShelf, hoursShelf, aboutShelf]) shelf.put(null);
          onAt({ at: 'left' });
        }}
      >
        {t('mine.leave')}
      </Button>
    </Page>
  );
}

function MineRoot() {
  const [link] = useState(() => takeLink(browserPlace(), personalLinkShelf));
  const [visit, setVisit] = useState(() => (link === null ? visitShelf.get() : null));
  const [at, setAt] = useState<At>({ at: 'asking' });
  const show = async (opened: string): Promise<void> => {
    const answer = await readMine(opened);
    if (answer.ok) speakAsRecorded(answer.value.language);
    setAt(answer.ok ? { at: 'here', mine: answer.value } : answer.why === 'unreachable' ? { at: 'offline' } : { at: 'over' });
  };
  const ask = async (): Promise<void> => {
    if (visit !== null) return show(visit);
    if (link === null) return setAt({ at: 'over' });
    const answer = await look(link);
    setAt(answer.ok ? { at: 'confirm', question: answer.value } : { at: answer.why === 'unreachable' ? 'offline' : 'unknown' });
  };
  const enter = (opened: string): void => {
    personalLinkShelf.put(null); // the link has done its part
    visitShelf.put(opened);
    setVisit(opened);
    void show(opened);
  };
  useEffect(() => {
    document.title = t('mine.document');
    void ask();
    const another = (): void => {
      if (takeLink(browserPlace(), personalLinkShelf) !== null) location.reload(); // another link was opened in this tab
    };
    addEventListener('hashchange', another);
    return () => removeEventListener('hashchange', another);
  }, []);
  if (at.at === 'confirm' && link !== null) {
    return <ConfirmPage link={link} question={at.question} onIn={enter} onUnknown={() => setAt({ at: 'unknown' })} />;
  }
  if (at.at === 'here' && visit !== null) return <MinePage visit={visit} mine={at.mine} onMine={(mine) => setAt({ at: 'here', mine })} onAt={setAt} />;
  if (at.at === 'left') return <Words title={t('mine.left')} words={t('mine.left_words')} />;
  if (at.at === 'unknown') {
    return (
      <Page title={t('link.title')}>
        <p className="lead">{t('link.means')}</p>
        <p>{t('link.do')}</p>
      </Page>
    );
  }
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
