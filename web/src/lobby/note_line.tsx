// SPDX-License-Identifier: Apache-2.0
// A line to the facilitators from where nobody can hear you: the waiting room and the pause.
import { Textarea } from 'nhsuk-react-components';
import { useId, useState } from 'react';
import type { CallSession, CallState } from '../call/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';

export function NoteLine({ session, state }: { session: CallSession; state: CallState }) {
  const [text, setText] = useState('');
  const id = useId();
  const self = state.self;
  const lines = state.chat.filter((line) => line.own ? line.to === 'facilitators' : typeof line.to === 'object');
  return (
    <section className="note" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t('note.title')}</h2>
      <div role="log" aria-live="off" aria-label={t('note.lines')}>
        {lines.map((line) => (
          <p key={line.id} className={`line${line.own ? ' line--own' : ''}`} dir="auto">
            <strong>{line.own ? t('chat.you') : t('note.facilitator')}</strong> {line.text}
            {line.state === 'failed' && (
              <>
                {' '}
                {t('chat.failed')}{' '}
                <Button small onClick={() => session.say(line.text, 'facilitators')}>
                  {t('chat.again')}
                </Button>
              </>
            )}
          </p>
        ))}
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!text.trim() || !self) return;
          session.say(text.trim(), 'facilitators');
          setText('');
        }}
      >
        <Textarea id={`${id}-text`} name="note" rows={2} maxLength={2000} dir="auto" label={t('note.write')} hint={t('note.hint')} value={text} onChange={(event) => setText(event.currentTarget.value)} />
        <Button type="submit">{t('chat.send')}</Button>
      </form>
    </section>
  );
}
