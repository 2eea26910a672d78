// SPDX-License-Identifier: Apache-2.0
// On the person's own page: questions about their background, which nobody need answer and no member of staff reads. Opened by a
// button, so that nobody meets them unasked; nothing is preselected. Kept on the page alone until it is saved; in the tab where the visit
// has run out meanwhile, for when the link is opened there again.
import { useEffect, useRef, useState } from 'react';
import { readAbout, saveAbout } from '../api/mine';
import { t, type TextKey } from '../texts/text';
import { Button } from '../ui/button';
import { aboutNames, type AboutQuestion, aboutQuestions, answerOf, asked, type Chosen, chosenOf, keepTyped, ownWords, preferNot, takeTyped, type Typed } from './about_me';
import { aboutShelf } from './visit';

type Trouble = 'unreachable' | 'changed' | 'long' | null;

function Question({ name, chosen, onChoose }: { name: AboutQuestion; chosen: Chosen; onChoose: (next: Chosen) => void }) {
  const id = `about-${name}`;
  return (
    <div className="asked">
      <label htmlFor={id}>{t(`about.${name}`)}</label>
      <select id={id} className="text-field text-field--whole" value={chosen.choice} onChange={(event) => onChoose({ ...chosen, choice: event.currentTarget.value })}>
        <option value="">{t('about.not_answered')}</option>
        {aboutQuestions[name].map((choice) => (
          <option key={choice} value={choice}>
            {t(`about.${name}.${choice}` as TextKey)}
          </option>
        ))}
        <option value={ownWords}>{t('about.own')}</option>
        <option value={preferNot}>{t('about.prefer_not')}</option>
      </select>
      {chosen.choice === ownWords && (
        <div className="asked">
          <label htmlFor={`${id}-words`}>{t('about.own_words')}</label>
          <input id={`${id}-words`} className="text-field text-field--whole" maxLength={200} value={chosen.words} onInput={(event) => onChoose({ ...chosen, words: event.currentTarget.value })} />
        </div>
      )}
    </div>
  );
}

export function AboutPart({ visit, person, onOver }: { visit: string; person: string; onOver: () => void }) {
  const [typed, setTyped] = useState<Typed | null>(null);
  const [version, setVersion] = useState(0);
  const [trouble, setTrouble] = useState<Trouble>(null);
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = takeTyped(aboutShelf, person);
    if (!before) return;
    setTyped(before.typed);
    setVersion(before.version);
    setSaid(t('about.still_here'));
  }, []);
  const open = async (): Promise<void> => {
    const answer = await readAbout(visit, person);
    if (!answer.ok) return answer.why === 'over' ? onOver() : setTrouble('unreachable');
    setTrouble(null);
    setSaid('');
    setVersion(answer.value.version);
    setTyped(asked((name) => chosenOf(name, answer.value.answers[name])));
  };
  const close = (words: string): void => {
    setTyped(null);
    setTrouble(null);
    setSaid(words);
    heading.current?.focus();
  };
  const save = async (): Promise<void> => {
    if (busy || !typed) return;
    setBusy(true);
    const answer = await saveAbout(visit, person, version, asked((name) => answerOf(typed[name])));
    setBusy(false);
    if (answer === 'over') {
      keepTyped(aboutShelf, person, version, typed);
      return onOver();
    }
    if (answer === 'saved') return close(t('about.saved'));
    setTrouble(answer);
  };
  return (
    <section className="my-session" aria-labelledby="about">
      <h2 id="about" ref={heading} tabIndex={-1}>
        {t('about.title')}
      </h2>
      <p>{t('about.words')}</p>
      <p>{t('about.who')}</p>
      <p role="status" className={said ? 'said' : undefined}>
        {said}
      </p>
      <div role="alert">{trouble && <p className="field-fault">{t(`about.trouble.${trouble}`)}</p>}</div>
      {typed === null ? (
        <Button onClick={() => void open()}>{t('about.open')}</Button>
      ) : (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          {aboutNames.map((name) => (
            <Question key={name} name={name} chosen={typed[name]} onChoose={(next) => setTyped({ ...typed, [name]: next })} />
          ))}
          <div className="button-row">
            <Button look="main" type="submit" disabled={busy}>
              {t('about.save')}
            </Button>
            <Button onClick={() => close('')}>{t('contact.leave_it')}</Button>
          </div>
        </form>
      )}
    </section>
  );
}
