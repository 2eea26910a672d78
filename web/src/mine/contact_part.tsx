// SPDX-License-Identifier: Apache-2.0
// On the person's own page: how and when they are reached, and a change of it. It waits until a code that the old way brought is typed, or
// the team has checked it with the person; no way is chosen beforehand, and nobody need have a message sent that another could read.
// What is typed stays through a fault, a line that drops and a visit that ends. Not here: deciding (the service).
import { useEffect, useRef, useState } from 'react';
import { confirmContact, type ContactChange, type Mine, type MyContact, readContact, readMine, takeBackContact } from '../api/mine';
import { localeTag, t } from '../texts/text';
import { Button } from '../ui/button';
import { PhoneLink } from '../ui/page';
import { ContactForm } from './contact_form';
import { hoursLines } from './hours';
import { HoursForm } from './hours_form';
import { contactShelf, hoursShelf } from './visit';

interface PartProps {
  visit: string;
  mine: Mine;
  onMine: (mine: Mine) => void;
  onOver: () => void;
}

const reachedWords = (mine: Mine): string => (mine.reachedBy === null ? t('mine.reached.none') : t(`mine.reached.${mine.reachedBy}`, { to: mine.reachedAt }));
const wantedWords = ({ wanted }: ContactChange): string[] => [
  ...(wanted.method === null ? [] : [t(`contact.wanted.${wanted.method}`, { to: wanted.method === 'letter' ? [...wanted.address, wanted.postcode].join(', ') : wanted.to })]),
  ...(wanted.hours === undefined ? [] : hoursLines(wanted.hours)),
];
const dayWords = (instant: string): string => new Intl.DateTimeFormat(localeTag(), { dateStyle: 'long' }).format(new Date(instant));

const Lines = ({ lines }: { lines: readonly string[] }) => lines.map((line) => <p key={line}>{line}</p>);

function CodeForm({ visit, waiting, onConfirmed, onTried, onOver }: { visit: string; waiting: ContactChange; onConfirmed: () => void; onTried: (left: number) => void; onOver: () => void }) {
  const [code, setCode] = useState('');
  const [said, setSaid] = useState<'missing' | 'wrong' | 'unreachable' | null>(null);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const say = (words: typeof said): void => {
    setSaid(words);
    field.current?.focus();
  };
  const send = async (): Promise<void> => {
    if (busy) return;
    if (code.trim() === '') return say('missing');
    setBusy(true);
    const answer = await confirmContact(visit, code);
    setBusy(false);
    if (!answer.ok) return answer.why === 'over' ? onOver() : say('unreachable');
    if (answer.value.confirmed) return onConfirmed();
    onTried(answer.value.triesLeft);
    say('wrong');
  };
  const words = said === 'wrong' ? t('contact.code_wrong', { left: waiting.triesLeft }) : said === 'missing' ? t('contact.code_missing') : said === 'unreachable' ? t('contact.not_sent') : '';
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div className="asked">
        <label htmlFor="contact-code">{t('contact.code')}</label>
        <p id="contact-code-hint" className="hint-text">
          {t('contact.code_hint')}
        </p>
        <div role="alert">{words && <p className="field-fault">{words}</p>}</div>
        <input
          id="contact-code"
          ref={field}
          className="text-field text-field--10"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={16}
          value={code}
          aria-describedby="contact-code-hint"
          aria-invalid={said === 'wrong' || said === 'missing' ? true : undefined}
          onInput={(event) => setCode(event.currentTarget.value)}
        />
      </div>
      <Button look="main" type="submit" disabled={busy}>
        {t('contact.code_go')}
      </Button>
    </form>
  );
}

function Waiting({ visit, mine, contact, onContact, onChanged, onOver }: { visit: string; mine: Mine; contact: MyContact & { waiting: ContactChange }; onContact: (next: MyContact) => void; onChanged: () => void; onOver: () => void }) {
  const { waiting } = contact;
  const [failed, setFailed] = useState(false);
  const takeBack = async (): Promise<void> => {
    const done = await takeBackContact(visit);
    setFailed(!done);
    if (done) onContact({ ...contact, waiting: null });
  };
  const oldWay = contact.codeBy ?? 'email';
  const byCode = waiting.check === 'code' && waiting.triesLeft > 0;
  return (
    <div className="waits">
      <p>
        <strong>{t(waiting.wanted.method === null ? 'hours.waits' : 'contact.waits')}</strong>
      </p>
      <Lines lines={wantedWords(waiting)} />
      <p>{t('contact.until_then')}</p>
      {byCode ? (
        <>
          <p>{t(`contact.code_comes.${oldWay}`)}</p>
          <CodeForm visit={visit} waiting={waiting} onConfirmed={onChanged} onTried={(triesLeft) => onContact({ ...contact, waiting: { ...waiting, triesLeft } })} onOver={onOver} />
          <p className="hint-text">{t('contact.lasts', { day: dayWords(waiting.until) })}</p>
        </>
      ) : (
        <p role={waiting.check === 'code' ? 'alert' : undefined}>
          {t(waiting.check === 'code' ? 'contact.code_over' : 'contact.team_checks')} <PhoneLink number={mine.dutyNumber} />
        </p>
      )}
      <Button onClick={() => void takeBack()}>{t('contact.take_back')}</Button>
      {failed && <p role="alert">{t('contact.not_sent')}</p>}
    </div>
  );
}

export function ContactPart({ visit, mine, onMine, onOver }: PartProps) {
  const [contact, setContact] = useState<MyContact | null>(null);
  const [open, setOpen] = useState<'way' | 'hours' | null>(() => (contactShelf.get() !== null ? 'way' : hoursShelf.get() !== null ? 'hours' : null));
  const [said, setSaid] = useState('');
  const [failed, setFailed] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const read = async (): Promise<void> => {
    const answer = await readContact(visit);
    setFailed(!answer.ok);
    if (answer.ok) setContact(answer.value);
    else if (answer.why === 'over') onOver();
  };
  useEffect(() => void read(), []);
  const settle = (next: MyContact, words: string): void => {
    setContact(next);
    setOpen(null);
    setSaid(words);
    heading.current?.focus();
  };
  const changed = async (): Promise<void> => {
    const answer = await readMine(visit);
    if (answer.ok) onMine(answer.value);
    await read();
    setSaid(t('contact.changed'));
    heading.current?.focus();
  };
  const { waiting } = contact ?? { waiting: null };
  const WishForm = open === 'hours' ? HoursForm : ContactForm;
  return (
    <section className="my-session" aria-labelledby="reached">
      <h2 id="reached" ref={heading} tabIndex={-1}>
        {t('mine.reached')}
      </h2>
      <p role="status" className={said ? 'said' : undefined}>
        {said}
      </p>
      <p>{reachedWords(mine)}</p>
      {contact && mine.reachedBy !== null && <Lines lines={hoursLines(contact.hours)} />}
      {failed && (
        <p role="alert">
          {t('offline.do')} <Button onClick={() => void read()}>{t('offline.again')}</Button>
        </p>
      )}
      {contact && waiting && <Waiting visit={visit} mine={mine} contact={{ ...contact, waiting }} onContact={(next) => (next.waiting ? setContact(next) : settle(next, t('contact.taken_back')))} onChanged={() => void changed()} onOver={onOver} />}
      {contact && !waiting && open === null && (
        <div className="button-row">
          <Button onClick={() => setOpen('way')}>{t('contact.change')}</Button>
          {mine.reachedBy !== null && <Button onClick={() => setOpen('hours')}>{t('hours.change')}</Button>}
        </div>
      )}
      {contact && !waiting && open !== null && <WishForm visit={visit} mine={mine} contact={contact} onKept={(next) => settle(next, t('contact.asked'))} onClose={() => setOpen(null)} onOver={onOver} />}
    </section>
  );
}
