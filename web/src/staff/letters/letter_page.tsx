// SPDX-License-Identifier: Apache-2.0
// One message that is made by hand: a letter to print (address in the window of a DL envelope, a QR code of the link, the person's
// language and format), or the words and the number of a call. What surrounds the letter is not printed. Of a message that goes out by
// itself, its words, with the link only where no mail server takes it. Not here: the words (the service). Invariant: the letter itself
// says nothing but what the service wrote, the date, who it is from and where to.
import { IntlMessageFormat } from 'intl-messageformat';
import { lazy, Suspense, useState } from 'react';
import type { Trouble } from '../../api/client';
import type { Message } from '../../api/messages';
import { cyMine } from '../../texts/cy_mine';
import { enMine } from '../../texts/en_mine';
import { t } from '../../texts/text';
import { Button } from '../../ui/button';
import { PhoneLink } from '../../ui/page';
import { useAccount, useLoaded } from '../account';
import { Frame, Shown } from '../frame';
import { MessageText } from './message_text';
import { weekdayWords } from '../time';
import { TroubleWords } from '../trouble_words';
import { failureWords, whenWords } from '../words';

const QrCode = lazy(() => import('../qr_code'));

// Words on the letter itself are the reader's, not those of who prints it.
const readerWords = (language: string, key: 'letter.scan' | 'letter.qr'): string =>
  String(new IntlMessageFormat((language === 'cy' ? cyMine[key] : undefined) ?? enMine[key], language === 'cy' ? 'cy' : 'en-GB').format());

const hoursWords = (hours: Message['byHand']['hours']): string =>
  hours.length === 0
    ? t('letter.any_time')
    : hours
        .map(({ days, from, to }) => t('safe.hours_said', { days: days.length === 0 || days.length === 7 ? t('letter.every_day') : days.map((day) => weekdayWords(day, 'short')).join(', '), from, to }))
        .join('; ');

function Square({ link, language }: { link: string; language: string }) {
  return (
    <div className="letter__code">
      <Suspense fallback={<p>{t('staff.one_moment')}</p>}>
        <QrCode text={link} label={readerWords(language, 'letter.qr')} />
      </Suspense>
      <p>{readerWords(language, 'letter.scan')}</p>
    </div>
  );
}

// The square stands below the link where that is a paragraph of its own, else at the end.
function Paragraphs({ message }: { message: Message }) {
  const { link, text, language } = message;
  const paragraphs = text.split(/\n{2,}/);
  const isLink = (one: string): boolean => link !== null && one.trim() === link;
  return (
    <>
      {paragraphs.map((one, at) => (
        <div key={at}>
          <p className={isLink(one) ? 'letter__link' : undefined}>{one}</p>
          {link !== null && isLink(one) && <Square link={link} language={language} />}
        </div>
      ))}
      {link !== null && !paragraphs.some(isLink) && <Square link={link} language={language} />}
    </>
  );
}

function Letter({ message }: { message: Message }) {
  const { clock } = useAccount();
  const { byHand, language, format } = message;
  const day = new Intl.DateTimeFormat(language === 'cy' ? 'cy' : 'en-GB', { dateStyle: 'long' }).format(clock.wall());
  return (
    <article className={`letter letter--${format}`} lang={language} aria-label={t('letter.title', { name: byHand.name })}>
      <p className="letter__to">
        {[byHand.name, ...message.to.split('\n')].map((line, at) => (
          <span key={at}>{line}</span>
        ))}
      </p>
      <p className="letter__from">
        {[byHand.from, ...byHand.returnAddress, byHand.phone].filter(Boolean).map((line, at) => (
          <span key={at}>{line}</span>
        ))}
        <span>{day}</span>
      </p>
      <div className="letter__text">
        <p className="letter__subject">{message.subject}</p>
        <Paragraphs message={message} />
      </div>
    </article>
  );
}

function Call({ message }: { message: Message }) {
  return (
    <>
      {message.channel === 'telephone' && (
        <section className="part" aria-labelledby="number">
          <h2 id="number">{t('letter.number')}</h2>
          <p>
            <PhoneLink number={message.to} />
          </p>
        </section>
      )}
      <section className="part" aria-labelledby="say">
        <h2 id="say">{t(message.channel === 'telephone' ? 'letter.say' : 'letter.text')}</h2>
        {message.channel === 'telephone' && <p>{t('letter.say_words')}</p>}
        {message.channel === 'telephone' && message.link && <p>{t('letter.say_link')}</p>}
        <MessageText language={message.language} subject="" text={message.text} />
      </section>
    </>
  );
}

function ToMind({ message }: { message: Message }) {
  const { byHand, format, channel } = message;
  const lines = [
    ...(format === 'standard' ? [] : [t('letter.format', { format: t(`message_format.${format}`) })]),
    ...[...byHand.formatNotes, byHand.safeNote].filter(Boolean).map((note) => t('letter.note', { note })),
    ...(channel === 'letter' ? [] : [t('letter.hours', { hours: hoursWords(byHand.hours) })]),
  ];
  return (
    <div className="no-print">
      {byHand.changed && (
        <div className="callout" role="alert">
          <p>{t('letter.changed')}</p>
        </div>
      )}
      {(format === 'braille' || format === 'audio') && (
        <div className="callout">
          <p>{t(`letter.${format}`)}</p>
        </div>
      )}
      {lines.length > 0 && (
        <ul className="plain-list">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Doing({ message, onDone }: { message: Message; onDone: () => Promise<void> }) {
  const { client } = useAccount();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const done = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const outcome = await client.ask<unknown>('POST', `/api/messages/${message.id}/done`);
    setBusy(false);
    setTrouble(outcome.ok ? null : outcome.trouble);
    if (outcome.ok) await onDone();
  };
  const letter = message.channel === 'letter';
  const paper = letter && !message.byHand.changed && message.state === 'by_hand';
  return (
    <div className="no-print">
      {trouble && (
        <div className="trouble" role="alert">
          {trouble.kind === 'conflict' && trouble.title ? <p>{trouble.title}</p> : <TroubleWords trouble={trouble} />}
        </div>
      )}
      {paper && <p className="hint-text">{t('letter.fold')}</p>}
      <div className="button-row">
        {paper && (
          <Button look="main" onClick={() => window.print()}>
            {t('letter.print')}
          </Button>
        )}
        <Button look={paper ? 'quiet' : 'main'} onClick={() => void done()} disabled={busy}>
          {t(letter ? 'letter.posted' : message.channel === 'telephone' ? 'letter.called' : 'letter.made')}
        </Button>
      </div>
    </div>
  );
}

// A message by e-mail or text: what it says, where it went and what became of it.
function Written({ message }: { message: Message }) {
  const sms = message.channel === 'sms';
  return (
    <>
      <p>{t('letter.written', { by: t(`messages.by.${message.channel}`), to: message.to })}</p>
      <p>
        {t(`messages.state.${message.state}`)}
        {message.failure ? `: ${failureWords(message.failure)}` : ''}
        {message.delivery ? `. ${t(`delivery.${message.delivery}`)}` : ''}
      </p>
      <MessageText language={message.language} subject={sms ? '' : message.subject} text={sms ? message.sms : message.text} />
      <p className="hint-text">{t(message.state === 'kept' ? 'letter.kept' : 'letter.link_hidden')}</p>
    </>
  );
}

// The link and the code have gone once it is done: then it says by whom.
function Shape({ message, again }: { message: Message; again: () => Promise<void> }) {
  const { me } = useAccount();
  const goesByItself = message.channel === 'email' || message.channel === 'sms';
  if (goesByItself && message.doneAt === null && message.state !== 'by_hand') {
    return (
      <>
        <Written message={message} />
        {message.state === 'kept' && <Doing message={message} onDone={again} />}
      </>
    );
  }
  if (message.doneAt !== null) {
    return (
      <p className="said" role="status">
        {t('letter.is_done', { who: message.doneBy ?? '', when: whenWords(message.doneAt, me.zone) })}
      </p>
    );
  }
  const doing = <Doing message={message} onDone={again} />;
  return (
    <>
      <ToMind message={message} />
      {message.channel === 'letter' ? (
        <>
          {doing}
          <Letter message={message} />
        </>
      ) : (
        <>
          <Call message={message} />
          {doing}
        </>
      )}
    </>
  );
}

const titleOf = ({ channel, byHand: { name } }: Message): string => t(channel === 'letter' ? 'letter.title' : channel === 'telephone' ? 'letter.call_title' : 'letter.message_title', { name });

// From the list of what is done by hand, or from the page of whoever it is for.
const backOf = (message: Message | null): { to: string; words: string } =>
  message && message.state !== 'by_hand' && message.doneAt === null
    ? { to: `/staff/groups/${message.group.id}/members/${message.membership}`, words: message.byHand.name || t('member.title') }
    : { to: '/staff/letters', words: t('letters.title') };

export function LetterPage({ id }: { id: string }) {
  const loaded = useLoaded<Message>(`/api/messages/${id}`);
  return (
    <Frame title={loaded.value ? titleOf(loaded.value) : t('letters.title')} back={backOf(loaded.value)}>
      <Shown of={loaded}>{(message) => <Shape message={message} again={loaded.again} />}</Shown>
    </Frame>
  );
}
