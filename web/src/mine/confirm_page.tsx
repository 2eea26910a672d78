// SPDX-License-Identifier: Apache-2.0
// The two things that a personal link asks before it opens. Shows nothing of whose link it is. What was typed stays after a wrong
// answer. Not here: whether the answers are right (the service).
import { useRef, useState } from 'react';
import { type AskedThing, type Confirmed, confirm, type Question } from '../api/mine';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { Page, PhoneLink } from '../ui/page';
import { LanguageChoice } from './language';

type Typed = Record<AskedThing, string[]>; // a date in three parts

const answerOf = (asked: AskedThing, typed: Typed): string => typed[asked].map((part) => part.trim()).join('/');
const complete = (asked: AskedThing, typed: Typed): boolean =>
  asked === 'birth_date' ? typed[asked].filter((part) => part.trim() !== '').length === 3 : answerOf(asked, typed) !== '';

function DateFields({ parts, onChange }: { parts: string[]; onChange: (parts: string[]) => void }) {
  const names = ['day', 'month', 'year'] as const;
  return (
    <fieldset className="asked" aria-describedby="birth-hint">
      <legend>{t('confirm.birth_date')}</legend>
      <p id="birth-hint" className="hint-text">
        {t('confirm.birth_date_hint')}
      </p>
      <div className="date-fields">
        {names.map((name, at) => (
          <label key={name}>
            <span>{t(`confirm.${name}`)}</span>
            <input
              className={name === 'year' ? 'text-field text-field--4' : 'text-field text-field--2'}
              inputMode="numeric"
              autoComplete={`bday-${name}`}
              value={parts[at] ?? ''}
              maxLength={name === 'year' ? 4 : 2}
              onInput={(event) => onChange(parts.map((part, i) => (i === at ? event.currentTarget.value : part)))}
            />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function TextQuestion({ asked, value, onChange }: { asked: Exclude<AskedThing, 'birth_date'>; value: string; onChange: (value: string) => void }) {
  const hint = asked === 'postcode' ? t('confirm.postcode_hint') : asked === 'nhs_end' ? t('confirm.nhs_end_hint') : null;
  return (
    <div className="asked">
      <label htmlFor={`asked-${asked}`}>{t(`confirm.${asked}`)}</label>
      {hint && (
        <p id={`hint-${asked}`} className="hint-text">
          {hint}
        </p>
      )}
      <input
        id={`asked-${asked}`}
        className="text-field text-field--10"
        inputMode={asked === 'postcode' ? 'text' : 'numeric'}
        autoComplete={asked === 'postcode' ? 'postal-code' : 'off'}
        maxLength={asked === 'postcode' ? 10 : 4}
        value={value}
        aria-describedby={hint ? `hint-${asked}` : undefined}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}

const wordsFor = (said: Confirmed | 'missing' | null): string | null => {
  if (said === 'missing') return t('confirm.missing');
  if (said?.at === 'wrong') return t('confirm.wrong', { left: said.left });
  if (said?.at === 'shut') return t('confirm.shut', { minutes: Math.ceil(said.seconds / 60) });
  return said?.at === 'unreachable' ? t('confirm.offline') : null;
};

export function ConfirmPage({ link, question, onIn, onUnknown }: { link: string; question: Question; onIn: (visit: string) => void; onUnknown: () => void }) {
  const [typed, setTyped] = useState<Typed>({ birth_date: ['', '', ''], postcode: [''], mobile_end: [''], nhs_end: [''] });
  const [said, setSaid] = useState<Confirmed | 'missing' | null>(question.shutSeconds > 0 ? { at: 'shut', seconds: question.shutSeconds } : null);
  const [busy, setBusy] = useState(false);
  const [, again] = useState(0);
  const words = useRef<HTMLDivElement>(null);
  const say = (next: Confirmed | 'missing'): void => {
    setSaid(next);
    setTimeout(() => words.current?.focus(), 0);
  };
  const send = async (): Promise<void> => {
    if (busy) return;
    if (!question.asks.every((asked) => complete(asked, typed))) return say('missing');
    setBusy(true);
    const answer = await confirm(link, question.asks.map((asked) => ({ asked, text: answerOf(asked, typed) })));
    setBusy(false);
    if (answer.at === 'in') return onIn(answer.visit);
    if (answer.at === 'unknown') return onUnknown();
    say(answer);
  };
  const shown = wordsFor(said);
  return (
    <Page title={t('confirm.title')}>
      <LanguageChoice onChange={() => again((n) => n + 1)} />
      <p className="lead">{t('confirm.why')}</p>
      {shown && (
        <div className="callout" role="alert" tabIndex={-1} ref={words}>
          <p>{shown}</p>
        </div>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {question.asks.map((asked) =>
          asked === 'birth_date' ? (
            <DateFields key={asked} parts={typed.birth_date} onChange={(birth_date) => setTyped({ ...typed, birth_date })} />
          ) : (
            <TextQuestion key={asked} asked={asked} value={typed[asked][0] ?? ''} onChange={(value) => setTyped({ ...typed, [asked]: [value] })} />
          ),
        )}
        <Button look="main" type="submit" disabled={busy}>
          {t('confirm.go')}
        </Button>
      </form>
      <p>
        {t('confirm.help')} <PhoneLink number={question.dutyNumber} />
      </p>
      <p className="hint-text">{t('confirm.kept')}</p>
    </Page>
  );
}
