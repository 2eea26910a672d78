// SPDX-License-Identifier: Apache-2.0
// Letters and calls: what the team still does by hand, what did not arrive, who asked to be reached in another way, and what was done
// by whom. Not here: one letter (letter_page.tsx), deciding what belongs here (the service).
import { useState } from 'react';
import type { Trouble } from '../../api/client';
import { type MessageRow, notArrived, type WaitingChange } from '../../api/messages';
import type { Listing, Team } from '../../api/model';
import { t } from '../../texts/text';
import { Button } from '../../ui/button';
import { leads, useAccount, useList, useLoaded } from '../account';
import { Frame, More, Said, Shown } from '../frame';
import { Go } from '../place';
import { dateWords } from '../time';
import { TroubleWords } from '../trouble_words';
import { failureWords, whenWords } from '../words';

type Part = 'letters' | 'calls' | 'forms' | 'not_arrived';
const partOf = (row: MessageRow): Part => (notArrived(row) ? 'not_arrived' : row.state !== 'by_hand' ? 'forms' : row.channel === 'letter' ? 'letters' : 'calls');
const parts: readonly Part[] = ['not_arrived', 'calls', 'letters', 'forms'];

const nameOf = (row: MessageRow): string => row.person ?? '';
const rowWords = (row: MessageRow): string =>
  [
    t('letters.row', { kind: t(`messages.kind.${row.kind}`), group: row.group.name, day: dateWords(row.madeAt.slice(0, 10)) }),
    ...(row.supporter ? [t('letters.of_supporter')] : []),
    ...(row.format === 'standard' ? [] : [t(`message_format.${row.format}`)]),
  ].join(' · ');
const whyWords = (row: MessageRow): string =>
  row.delivery !== '' && row.delivery !== 'delivered' ? t(`delivery.${row.delivery}`) : `${t(`messages.state.${row.state}`)}${row.failure ? `: ${failureWords(row.failure)}` : ''}`;

// What was handed over has lost its link or code, so only a new message can carry another.
const mayGoAgain = (row: MessageRow): boolean => row.state === 'failed' || !['invitation', 'contact_check'].includes(row.kind);

interface RowProps {
  row: MessageRow;
  part: Part;
  onDo: (row: MessageRow, what: 'done' | 'again') => void;
}

function ToDoRow({ row, part, onDo }: RowProps) {
  const about = <span className="visually-hidden"> {nameOf(row)}</span>;
  return (
    <li className="row">
      <div className="row__words">
        <strong>{nameOf(row)}</strong>
        <span className="row__soft">{rowWords(row)}</span>
        {part === 'not_arrived' && <span>{whyWords(row)}</span>}
      </div>
      <div className="row__end letters-do">
        {part === 'not_arrived' ? (
          <>
            <Go to={`/staff/groups/${row.group.id}/members/${row.membership}`}>
              {t('letters.person')}
              {about}
            </Go>
            {mayGoAgain(row) && (
              <Button small onClick={() => onDo(row, 'again')}>
                {t('letters.try_again')}
                {about}
              </Button>
            )}
            <Button small onClick={() => onDo(row, 'done')}>
              {t('letters.told')}
              {about}
            </Button>
          </>
        ) : (
          <>
            <Go to={`/staff/letters/${row.id}`} className="nhsuk-button is-small">
              {t(part === 'letters' ? 'letters.open_letter' : part === 'calls' ? 'letters.open_call' : 'letters.open')}
              {about}
            </Go>
            <Button small onClick={() => onDo(row, 'done')}>
              {t('letters.mark')}
              {about}
            </Button>
          </>
        )}
      </div>
    </li>
  );
}

function Changes() {
  const loaded = useLoaded<{ items: WaitingChange[] }>('/api/contact-changes');
  const items = loaded.value?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className="part" aria-labelledby="changes">
      <h2 id="changes">{t('letters.changes')}</h2>
      <p>{t('letters.changes_words')}</p>
      <ul className="rows">
        {items.map((one) => (
          <li key={one.person.id} className="row">
            <div className="row__words">
              <strong>
                <Go to={`/staff/people/${one.person.id}`}>{one.person.name}</Go>
              </strong>
              <span className="row__soft">{t('letters.change', { day: dateWords(one.askedAt.slice(0, 10)), by: one.byCode ? 'code' : 'team' })}</span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function DoneList() {
  const { me } = useAccount();
  const list = useList<MessageRow>('/api/messages/to-do?done=true&limit=100');
  return (
    <>
      <Shown of={list}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="empty">{t('letters.done_none')}</p>
          ) : (
            <ul className="rows">
              {items.map((row) => (
                <li key={row.id} className="row">
                  <div className="row__words">
                    <strong>{nameOf(row)}</strong>
                    <span className="row__soft">{`${rowWords(row)} · ${t(`messages.by.${row.channel}`)}`}</span>
                  </div>
                  <div className="row__end">{row.doneAt && t('letters.done_by', { who: row.doneBy ?? '', when: whenWords(row.doneAt, me.zone) })}</div>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <More of={list} small />
    </>
  );
}

// Read when asked for, and again after something was done.
function Done({ changed }: { changed: number }) {
  const [shown, setShown] = useState(false);
  return (
    <section className="part" aria-labelledby="done">
      <h2 id="done">{t('letters.done')}</h2>
      {shown ? (
        <DoneList key={changed} />
      ) : (
        <Button small onClick={() => setShown(true)}>
          {t('letters.done_show')}
        </Button>
      )}
    </section>
  );
}

function WordsLinks() {
  const { me } = useAccount();
  const teams = useLoaded<Listing<Team>>('/api/teams');
  const mine = (teams.value?.items ?? []).filter((team) => leads(me, team.id));
  if (mine.length === 0) return null;
  return (
    <section className="part" aria-labelledby="words">
      <h2 id="words">{t('letters.words_title')}</h2>
      <ul className="plain-list">
        {mine.map((team) => (
          <li key={team.id}>
            <Go to={`/staff/teams/${team.id}/message-words`}>{t('letters.words_of', { team: team.name })}</Go>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function LettersPage() {
  const { client } = useAccount();
  const list = useList<MessageRow>('/api/messages/to-do?limit=200');
  const [said, setSaid] = useState('');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [changed, setChanged] = useState(0);
  const act = async (row: MessageRow, what: 'done' | 'again'): Promise<void> => {
    const outcome = await client.ask<MessageRow>('POST', `/api/messages/${row.id}/${what}`);
    setTrouble(outcome.ok ? null : outcome.trouble);
    setSaid(outcome.ok ? t(what === 'done' ? 'letters.marked' : 'letters.again_said', { name: nameOf(row) }) : '');
    setChanged((last) => last + 1);
    await list.again();
  };
  return (
    <Frame title={t('letters.title')} back={{ to: '/staff', words: t('nav.today') }} wide>
      <p>{t('letters.words')}</p>
      <Said words={said} />
      {trouble && (
        <div className="trouble" role="alert">
          {trouble.kind === 'conflict' && trouble.title ? <p>{trouble.title}</p> : <TroubleWords trouble={trouble} />}
        </div>
      )}
      <Changes />
      <Shown of={list}>
        {({ items }) => (
          <>
            {items.length === 0 && <p className="empty">{t('letters.nothing')}</p>}
            {parts
              .map((part) => ({ part, rows: items.filter((row) => partOf(row) === part) }))
              .filter(({ rows }) => rows.length > 0)
              .map(({ part, rows }) => (
                <section key={part} className="part" aria-labelledby={part}>
                  <h2 id={part}>{t(`letters.${part}`)}</h2>
                  {(part === 'forms' || part === 'not_arrived') && <p>{t(`letters.${part}_words`)}</p>}
                  <ul className="rows">
                    {rows.map((row) => (
                      <ToDoRow key={row.id} row={row} part={part} onDo={(one, what) => void act(one, what)} />
                    ))}
                  </ul>
                </section>
              ))}
            <More of={list} small />
          </>
        )}
      </Shown>
      <Done changed={changed} />
      <WordsLinks />
    </Frame>
  );
}
