// SPDX-License-Identifier: Apache-2.0
// Writing to the group: to everyone or to the facilitators only; a facilitator may also write to one person. Members cannot
// write to each other. Nothing is kept after the group, and the page says so. Not here: the line to the waiting room.
import { Select, Textarea } from 'nhsuk-react-components';
import { useEffect, useId, useRef, useState } from 'react';
import type { CallSession, CallState, ChatLine } from '../../call/model';
import { clockWords, t } from '../../texts/text';
import { Button } from '../button';
import { breakoutOf, nameOf, nameOfSeat } from '../person_words';

const toWords = (state: CallState, line: ChatLine): string => {
  if (line.to === 'everyone') return t('chat.to_everyone');
  if (line.to === 'facilitators') return t('chat.to_facilitators');
  if ('arrival' in line.to) return t('chat.to_waiting');
  if ('group' in line.to) {
    const number = breakoutOf({ room: line.to.group });
    return number !== null ? t('chat.to_small_room', { number }) : t(line.to.group === 'facilitators' ? 'chat.to_backstage' : 'chat.to_two');
  }
  return line.to.seat === state.self?.seat ? t('chat.to_you') : t('chat.to_one', { name: nameOfSeat(state.people, line.to.seat) });
};

export function ChatLines({ state, lines, onAgain }: { state: CallState; lines: readonly ChatLine[]; onAgain: (line: ChatLine) => void }) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const element = list.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, [lines.length]);
  if (lines.length === 0) return <p className="empty">{t('chat.empty')}</p>;
  return (
    <ol ref={list} className="lines" aria-label={t('chat.lines')} tabIndex={0}>
      {lines.map((line) => (
        <li key={line.id} className={`line${line.own ? ' line--own' : ''}`}>
          <p className="line__head">
            <strong>{line.own ? t('chat.you') : nameOfSeat(state.people, line.from)}</strong>
            <span>{toWords(state, line)}</span>
            <span>{clockWords(new Date(line.at))}</span>
          </p>
          <p className="line__text" dir="auto">
            {line.text}
          </p>
          {line.state === 'sending' && <p className="line__state">{t('chat.sending')}</p>}
          {line.state === 'failed' && (
            <p className="line__state line__state--failed">
              {t('chat.failed')}{' '}
              <Button small onClick={() => onAgain(line)}>
                {t('chat.again')}
              </Button>
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}

interface ChatProps {
  session: CallSession;
  state: CallState;
  to: ChatLine['to'];
  onTo: (to: ChatLine['to']) => void;
  onClose: () => void;
}

const valueOf = (to: ChatLine['to']): string => (typeof to === 'string' ? to : 'seat' in to ? `seat-${to.seat}` : 'group' in to && to.group === 'facilitators' ? 'backstage' : 'facilitators');
const audienceOf = (value: string): ChatLine['to'] =>
  value === 'backstage' ? { group: 'facilitators' } : value === 'everyone' || value === 'facilitators' ? value : { seat: Number(value.slice('seat-'.length)) };

export function ChatPanel({ session, state, to, onTo, onClose }: ChatProps) {
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useEffect(() => title.current?.focus(), []);
  const send = (): void => {
    const words = text.trim();
    if (!words) return field.current?.focus();
    session.say(words.slice(0, 2000), to);
    setText('');
    field.current?.focus();
  };
  const lines = state.chat.filter((line) => line.fromWaiting === null && !(typeof line.to === 'object' && 'arrival' in line.to));
  const self = state.people.find((person) => person.self);
  const here = !self || self.room === 'everyone' ? 'chat.everyone' : breakoutOf(self) !== null ? 'chat.small_room' : 'chat.two';
  const others = state.people.filter((person) => !person.self);
  return (
    <section className="side" aria-labelledby={`${id}-title`}>
      <div className="side__head">
        <h2 id={`${id}-title`} ref={title} tabIndex={-1}>
          {t('chat.title')}
        </h2>
        <Button small icon="close" onClick={onClose}>
          {t('close')}
        </Button>
      </div>
      <div className="side__body side__body--fill">
        <ChatLines state={state} lines={lines} onAgain={(line) => session.say(line.text, line.to)} />
      </div>
      <form
        className="side__foot"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Select id={`${id}-to`} name="to" label={t('chat.who')} value={valueOf(to)} onChange={(event) => onTo(audienceOf(event.currentTarget.value))}>
          <Select.Option value="everyone">{t(here)}</Select.Option>
          <Select.Option value="facilitators">{t('chat.facilitators')}</Select.Option>
          {state.self?.mayModerate && others.some((person) => person.role === 'facilitator' || person.role === 'co_facilitator') && (
            <Select.Option value="backstage">{t('chat.backstage')}</Select.Option>
          )}
          {state.self?.mayModerate &&
            others.map((person) => (
              <Select.Option key={person.seat} value={`seat-${person.seat}`}>
                {t('chat.only', { name: nameOf(person) })}
              </Select.Option>
            ))}
        </Select>
        <Textarea
          id={`${id}-text`}
          name="text"
          label={t('chat.write')}
          hint={t('chat.hint')}
          rows={2}
          maxLength={2000}
          dir="auto"
          value={text}
          ref={field}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent?.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <Button look="main" type="submit">
          {t('chat.send')}
        </Button>
      </form>
    </section>
  );
}
