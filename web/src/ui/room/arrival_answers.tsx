// SPDX-License-Identifier: Apache-2.0
// What somebody who waits said at arrival, and what a facilitator may do where somebody near them may hear: speak first, ask them
// to wait, or let them in with the group told. Not here: admitting as such (waiting_list.tsx).
import type { Answers, CallSession, Waiting } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { type Places, placeWords } from './place_dialog';

export const mayBeOverheard = (answers: Answers | null): boolean => answers !== null && (!answers.alone || !answers.headphones);

export function AnswerWords({ arrival, name, places }: { arrival: Waiting; name: string; places: Places }) {
  const { answers } = arrival;
  const place = placeWords(places, arrival.seat);
  if (!answers) {
    return (
      <p className="entry__state">
        {t('said.nothing')} {place}
      </p>
    );
  }
  const words = [
    { text: t(answers.carer ? 'said.carer' : answers.alone ? 'said.alone' : 'said.not_alone'), flag: !answers.alone },
    { text: t(answers.headphones ? 'said.headphones' : 'said.no_headphones'), flag: !answers.headphones },
    ...(answers.way === 'video' ? [] : [{ text: t(`said.way.${answers.way}`), flag: true }]),
    { text: place, flag: false },
  ];
  return (
    <ul className="answers" aria-label={t('said.title', { name })}>
      {words.map(({ text, flag }) => (
        <li key={text} className={flag ? 'answers__flag' : undefined}>
          {text}
        </li>
      ))}
    </ul>
  );
}

interface ChoicesProps {
  arrival: Waiting;
  name: string;
  locked: boolean;
  session: CallSession;
  onSpeak: () => void;
  onAdmit: (then: () => void) => void;
}

export function OverheardChoices({ arrival, name, locked, session, onSpeak, onAdmit }: ChoicesProps) {
  return (
    <>
      <p>{t('said.what_now', { name })}</p>
      <div className="button-row">
        <Button small onClick={onSpeak}>
          {t('said.speak', { name })}
        </Button>
        <Button small onClick={() => session.say(t('said.wait_line'), { arrival: arrival.arrival })}>
          {t('said.wait', { name })}
        </Button>
        <Button small look="main" disabled={locked} onClick={() => onAdmit(() => session.tellNear(arrival.seat, true))}>
          {t('said.admit_tell', { name })}
        </Button>
      </div>
    </>
  );
}
