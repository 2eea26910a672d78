// SPDX-License-Identifier: Apache-2.0
// Backstage: what facilitators say and write among themselves while the group goes on. The drawer in the facilitators' panel, and
// the line that says, for as long as it lasts, that the group does not hear. Not here: how it is sent (call/backstage.ts).
import { Textarea } from 'nhsuk-react-components';
import { useState } from 'react';
import type { CallSession, CallState, ChatLine, Person } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { Icon } from '../icon';
import { namesOf } from '../person_words';
import { ChatLines } from './chat_panel';
import { TurnLine } from './turn_line';

const backstage = { group: 'facilitators' } as const;
const isBackstage = ({ to }: ChatLine): boolean => typeof to === 'object' && 'group' in to && to.group === 'facilitators';
const othersWhoLead = (state: CallState): Person[] => state.people.filter((person) => !person.self && (person.role === 'facilitator' || person.role === 'co_facilitator'));
const othersTalking = (state: CallState): Person[] => othersWhoLead(state).filter((person) => state.backstage.talking.includes(person.seat));

function OthersTalk({ state }: { state: CallState }) {
  const talking = othersTalking(state);
  return talking.length > 0 ? <>{t('backstage.other_talks', { names: namesOf(talking), count: talking.length })}</> : null;
}

export function BackstageLine({ session, state }: { session: CallSession; state: CallState }) {
  const others = othersTalking(state).length > 0;
  return (
    <>
      {state.backstage.on && (
        <TurnLine icon="microphone" back={t('backstage.stop')} onBack={() => void session.backstage.talk(false)}>
          {t('backstage.is_on')}
        </TurnLine>
      )}
      {others && (
        <p className="strip__item">
          <Icon name="sound" small />
          <span>
            <OthersTalk state={state} />
          </span>
        </p>
      )}
    </>
  );
}

export function BackstagePart({ session, state }: { session: CallSession; state: CallState }) {
  const [text, setText] = useState('');
  const { on } = state.backstage;
  if (othersWhoLead(state).length === 0) return <p className="empty">{t('backstage.nobody')}</p>;
  const send = (): void => {
    const words = text.trim();
    if (!words) return;
    session.say(words.slice(0, 2000), backstage);
    setText('');
  };
  return (
    <>
      <p>{t('backstage.words')}</p>
      <section className="plan" aria-label={t('backstage.talk')}>
        <Button small icon={on ? 'microphone_off' : 'microphone'} look={on ? 'main' : 'quiet'} onClick={() => void session.backstage.talk(!on)}>
          {t(on ? 'backstage.talk_stop' : 'backstage.talk')}
        </Button>
        <p className="hint-text">{t(on ? 'backstage.is_on' : 'backstage.talk_hint')}</p>
        <p role="status">
          <OthersTalk state={state} />
        </p>
      </section>
      <section className="plan" aria-label={t('backstage.lines')}>
        <ChatLines state={state} lines={state.chat.filter(isBackstage)} onAgain={(line) => session.say(line.text, backstage)} />
      </section>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Textarea
          id="backstage-text"
          name="text"
          label={t('backstage.write')}
          hint={t('backstage.hint')}
          rows={2}
          maxLength={2000}
          dir="auto"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button small look="main" type="submit">
          {t('backstage.send')}
        </Button>
      </form>
    </>
  );
}
