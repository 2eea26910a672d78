// SPDX-License-Identifier: Apache-2.0
// The pages on which nothing is asked of a person: connecting, paused, connection lost. Each says what happened, what it means
// now, and what comes next. None of them looks like an error.
import type { Arrival, CallSession, CallState } from '../call/model';
import { t } from '../texts/text';
import { Announcer } from '../ui/announcer';
import { DutyWords, Page } from '../ui/page';
import { nameOfSeat } from '../ui/person_words';
import type { WaysOut } from '../ui/room/room_bar';
import { NoteLine } from './note_line';

type Ways = WaysOut & { privateNow: boolean };

export function ConnectingPage({ ways }: { ways?: Ways }) {
  return (
    <Page title={t('connecting.title')} ways={ways}>
      <p role="status">{t('connecting.words')}</p>
    </Page>
  );
}

export function PausedPage({ session, state, arrival, ways }: { session: CallSession; state: CallState; arrival: Arrival; ways: Ways }) {
  const byItself = state.paused?.why === 'no-facilitator';
  const by = state.paused?.by ?? null;
  return (
    <Page title={t('paused.title')} ways={ways}>
      <Announcer state={state} quiet />
      <p className="lead">{t('paused.nobody')}</p>
      <p>{byItself ? t('paused.alone') : by === null ? t('paused.by_nobody') : t('paused.by', { name: nameOfSeat(state.people, by) })}</p>
      <p>{t(byItself ? 'paused.alone_next' : 'paused.next')}</p>
      {byItself ? <DutyWords number={arrival.dutyNumber} /> : <NoteLine session={session} state={state} />}
      {!byItself && <DutyWords number={arrival.dutyNumber} />}
    </Page>
  );
}

export function LostPage({ state, arrival, ways }: { state: CallState; arrival: Arrival; ways: Ways }) {
  return (
    <Page title={t('lost.title')} ways={ways}>
      <p className="lead">{t(state.stage.at === 'present' ? 'lost.nobody' : 'lost.nobody_before')}</p>
      <p role="status">{t('lost.trying')}</p>
      <h2>{t('lost.what')}</h2>
      <ul className="plain-list">
        <li>{t('lost.nothing')}</li>
        <li>{t('lost.closer')}</li>
        <li>{t('lost.others')}</li>
      </ul>
      <DutyWords number={arrival.dutyNumber} />
    </Page>
  );
}
