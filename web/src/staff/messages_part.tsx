// SPDX-License-Identifier: Apache-2.0
// On a member's page: sending their personal link with joining instructions after a look at what it will say, and what became of each
// message to them. Not here: when a message goes out, and how (the service, by the person's safe way and hours); the words of one that
// is written (letters/letter_page.tsx).
import { useRef, useState } from 'react';
import { CreationKey, type Trouble } from '../api/client';
import type { InvitationPreview, MessageRow } from '../api/messages';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { Details } from '../ui/details';
import { useAccount, useList } from './account';
import { More, Shown } from './frame';
import { MessageText } from './letters/message_text';
import { Go } from './place';
import { SummaryRows } from './summary_rows';
import { dateWords } from './time';
import { TroubleWords } from './trouble_words';
import { failureWords } from './words';

function TroubleBox({ trouble }: { trouble: Trouble }) {
  return (
    <div className="callout" role="alert">
      {trouble.kind === 'fields' ? trouble.faults.map(({ detail }) => <p key={detail}>{detail}</p>) : <TroubleWords trouble={trouble} />}
    </div>
  );
}

const linesOf = (row: MessageRow): string[] => [
  `${t(`messages.kind.${row.kind}`)}, ${t(`messages.by.${row.channel}`)}`,
  `${t(`messages.state.${row.state}`)}${row.failure ? `: ${failureWords(row.failure)}` : ''}`,
  ...(row.delivery ? [`${t(`delivery.${row.delivery}`)}${row.deliveryCode.startsWith('dsn-') ? ` (${row.deliveryCode.slice(4)})` : ''}`] : []),
  ...(row.format === 'standard' ? [] : [t('letter.format', { format: t(`message_format.${row.format}`) })]),
  ...(row.leftOut ? [t('letter.left_out')] : []),
  ...(row.doneAt && row.doneBy ? [t('letter.is_done', { who: row.doneBy, when: dateWords(row.doneAt.slice(0, 10)) })] : []),
];

function TakeBack({ name, busy, onDo }: { name: string; busy: boolean; onDo: () => void }) {
  return (
    <Details summary={t('link.take_back')}>
      <p>{t('link.take_back_words', { name })}</p>
      <p>{t('link.take_back_next', { name })}</p>
      <Button look="danger" small onClick={onDo} disabled={busy}>
        {t('link.take_back_do')}
      </Button>
    </Details>
  );
}

// What would be written now, before it is: the link itself is made when it goes.
function Preview({ membership }: { membership: string }) {
  const { client } = useAccount();
  const [found, setFound] = useState<InvitationPreview | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const look = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const answer = await client.ask<InvitationPreview>('POST', `/api/memberships/${membership}/invitation/preview`, { body: {} });
    setBusy(false);
    setTrouble(answer.ok ? null : answer.trouble);
    setFound(answer.ok ? answer.value : null);
  };
  return (
    <div>
      <Button small onClick={() => (found ? setFound(null) : void look())} disabled={busy} expanded={found !== null}>
        {t(found ? 'messages.preview_close' : 'messages.preview')}
      </Button>
      {trouble && <TroubleBox trouble={trouble} />}
      {found && (
        <div role="region" aria-label={t('messages.preview_title')}>
          <p className="hint-text">{t('messages.preview_to', { by: t(`messages.by.${found.channel}`), to: found.to.replaceAll('\n', ', ') })}</p>
          <MessageText language={found.language} subject={found.channel === 'sms' ? '' : found.subject} text={found.channel === 'sms' ? found.sms : found.text} />
        </div>
      )}
    </div>
  );
}

export function MessagesPart({ group, membership, name }: { group: string; membership: string; name: string }) {
  const { client } = useAccount();
  const list = useList<MessageRow>(`/api/messages?group=${group}&membership=${membership}`);
  const key = useRef(new CreationKey());
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (method: 'POST' | 'DELETE', address: string, words: string, body?: unknown): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const answer = await client.ask<unknown>(method, address, body === undefined ? {} : { body, key: key.current.of(body) });
    setBusy(false);
    setTrouble(answer.ok ? null : answer.trouble);
    setSaid(answer.ok ? words : '');
    if (!answer.ok) return;
    key.current = new CreationKey();
    void list.again();
  };
  return (
    <section className="part" aria-labelledby="messages">
      <h2 id="messages">{t('messages.title')}</h2>
      <p>{t('messages.words')}</p>
      {trouble && <TroubleBox trouble={trouble} />}
      <p role="status">{said}</p>
      <p>
        <Button onClick={() => void send('POST', `/api/memberships/${membership}/invitation`, t('messages.written'), {})} disabled={busy}>
          {t('messages.send')}
        </Button>
      </p>
      <Preview membership={membership} />
      <TakeBack name={name} busy={busy} onDo={() => void send('DELETE', `/api/memberships/${membership}/link`, t('link.taken_back'))} />
      <p>
        <Go to="/staff/letters">{t('letters.title')}</Go>
      </p>
      <Shown of={list}>
        {({ items }) => (
          <>
            <SummaryRows
              rows={items.map((row) => ({
                name: dateWords(row.madeAt.slice(0, 10)),
                value: linesOf(row).join('\n'),
                change: `/staff/letters/${row.id}`,
                does: t('messages.read'),
              }))}
            />
            <More of={list} small />
            {items
              .filter((row) => row.state === 'failed' && row.doneAt === null)
              .map((row) => (
                <Button key={row.id} small onClick={() => void send('POST', `/api/messages/${row.id}/again`, t('messages.written'))} disabled={busy}>
                  {t('messages.again', { day: dateWords(row.madeAt.slice(0, 10)) })}
                </Button>
              ))}
          </>
        )}
      </Shown>
    </section>
  );
}
