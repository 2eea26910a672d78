// SPDX-License-Identifier: Apache-2.0
// The clear view: asking the person whether the facilitators may see them without their disguise, and the line that says so while they
// do, with the one way to end it. Not here: sending it (call/clear_view.ts), how a facilitator sees it (tile.tsx).
import { useState } from 'react';
import type { CallSession, CallState } from '../../call/model';
import { leads } from '../../call/payload';
import { t } from '../../texts/text';
import { Button } from '../button';
import { namesOf } from '../person_words';
import { Notice } from './notice';

const ownOf = (state: CallState) => state.people.find((person) => person.self);

// Under the choice of a picture, where there is a disguise to see through.
export function ClearViewChoice({ session, state }: { session: CallSession; state: CallState }) {
  const [asking, setAsking] = useState(false);
  const own = ownOf(state);
  const { camera, disguise } = state.devices;
  if (!own || state.self?.mayModerate || !camera.on || disguise.picture === 'none') return null;
  const who = namesOf(state.people.filter((person) => leads(person.role)));
  return (
    <section className="part" aria-labelledby="clear-view">
      <h3 id="clear-view">{t('clear.title')}</h3>
      {own.clearView ? (
        <>
          <p>{t('clear.on', { who })}</p>
          <Button onClick={() => session.clearView.end()}>{t('clear.end')}</Button>
        </>
      ) : asking ? (
        <>
          <p>{t('clear.sure', { who })}</p>
          <div className="button-row">
            <Button
              look="main"
              onClick={() => {
                setAsking(false);
                void session.clearView.begin();
              }}
            >
              {t('clear.yes')}
            </Button>
            <Button onClick={() => setAsking(false)}>{t('clear.no')}</Button>
          </div>
        </>
      ) : (
        <>
          <p>{t('clear.words')}</p>
          <Button onClick={() => setAsking(true)}>{t('clear.ask')}</Button>
        </>
      )}
    </section>
  );
}

export function ClearViewNotice({ session, state }: { session: CallSession; state: CallState }) {
  if (!ownOf(state)?.clearView) return null;
  return (
    <Notice
      icon="eye"
      actions={
        <Button look="main" small onClick={() => session.clearView.end()}>
          {t('clear.end')}
        </Button>
      }
    >
      {t('clear.notice')}
    </Notice>
  );
}
