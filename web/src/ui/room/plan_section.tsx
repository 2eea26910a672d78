// SPDX-License-Identifier: Apache-2.0
// What a facilitator does with the whole group: a round, the shared clock, one order for all, lock, pause, end. Ending is
// confirmed; pausing says who and what comes next before it happens.
import { Select } from 'nhsuk-react-components';
import { useState } from 'react';
import type { ArrivalDesk, ArrivalQuestions } from '../../api/arrival';
import type { CallSession, CallState } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { Confirm } from '../dialog';
import { BreakoutsPart } from './breakouts';
import { handsInOrder } from './people_list';

const lengths = [1, 2, 3, 5, 10, 15, 20, 30] as const;

function ClockPart({ session, state }: { session: CallSession; state: CallState }) {
  const [minutes, setMinutes] = useState(5);
  const { timer } = state;
  return (
    <section className="plan" aria-labelledby="plan-clock">
      <h3 id="plan-clock">{t('plan.clock')}</h3>
      <p>{t('plan.clock_words')}</p>
      {timer ? (
        <div className="button-row">
          <Button small onClick={() => session.pauseTimer(timer.endsAt === null)}>
            {t(timer.endsAt === null ? 'plan.clock_go' : 'plan.clock_stop')}
          </Button>
          <Button small onClick={() => session.clearTimer()}>
            {t('plan.clock_clear')}
          </Button>
        </div>
      ) : (
        <div className="field-row">
          <Select id="plan-minutes" name="minutes" label={t('plan.minutes')} value={String(minutes)} onChange={(event) => setMinutes(Number(event.currentTarget.value))}>
            {lengths.map((length) => (
              <Select.Option key={length} value={String(length)}>
                {t('plan.minutes_of', { count: length })}
              </Select.Option>
            ))}
          </Select>
          <Button small onClick={() => session.setTimer(minutes * 60_000)}>
            {t('plan.clock_start')}
          </Button>
        </div>
      )}
    </section>
  );
}

function RoundPart({ session, state }: { session: CallSession; state: CallState }) {
  const hands = handsInOrder(state.people);
  const members = state.people.filter((person) => !person.away && (person.role === 'member' || person.role === 'supporter'));
  return (
    <section className="plan" aria-labelledby="plan-round">
      <h3 id="plan-round">{t('plan.round')}</h3>
      <p>{t('plan.round_words')}</p>
      <div className="button-row">
        {state.round ? (
          <>
            <Button small icon="next" onClick={() => session.nextInRound()}>
              {t('round.next')}
            </Button>
            <Button small onClick={() => session.endRound()}>
              {t('round.end')}
            </Button>
          </>
        ) : (
          <>
            <Button small disabled={members.length === 0} onClick={() => session.startRound(members.map((person) => person.seat))}>
              {t('plan.round_all')}
            </Button>
            <Button small disabled={hands.length === 0} onClick={() => session.startRound(hands.map((person) => person.seat))}>
              {t('plan.round_hands')}
            </Button>
          </>
        )}
      </div>
    </section>
  );
}

interface PlanProps {
  session: CallSession;
  state: CallState;
  desk: ArrivalDesk;
  agreement: ArrivalQuestions['agreement'];
}

export function PlanSection({ session, state, desk, agreement }: PlanProps) {
  // As it is now: it may have changed since this facilitator came.
  const show = async (): Promise<void> => {
    const now = (await desk.questions())?.agreement ?? agreement;
    if (now) session.showAgreement({ number: now.number, title: now.text.title, points: now.text.points, easy: now.text.easy });
  };
  const [asking, setAsking] = useState<'end' | 'pause' | null>(null);
  return (
    <>
      <ClockPart session={session} state={state} />
      <RoundPart session={session} state={state} />
      <BreakoutsPart session={session} state={state} />
      {agreement && (
        <section className="plan" aria-labelledby="plan-agreement">
          <h3 id="plan-agreement">{t('agreement.title')}</h3>
          <p>{t('plan.agreement_words')}</p>
          <Button small icon="eye" onClick={() => void show()}>
            {t('plan.agreement')}
          </Button>
        </section>
      )}
      <section className="plan" aria-labelledby="plan-room">
        <h3 id="plan-room">{t('plan.room')}</h3>
        <div className="button-list">
          <Button
            small
            icon="people"
            pressed={state.order !== null}
            onClick={() => session.setOrderForAll(state.order ? null : state.people.map((person) => person.seat))}
          >
            {t('plan.order')}
          </Button>
          <Button small icon="lock" pressed={state.locked} onClick={() => session.setLocked(!state.locked)}>
            {t('plan.lock')}
          </Button>
          <Button small icon={state.paused ? 'play' : 'pause'} onClick={() => (state.paused ? session.setPaused(false) : setAsking('pause'))}>
            {t(state.paused ? 'plan.go_on' : 'plan.pause')}
          </Button>
          <Button small look="danger" icon="leave" onClick={() => setAsking('end')}>
            {t('plan.end')}
          </Button>
        </div>
        <p className="hint-text">{t('plan.lock_words')}</p>
      </section>
      {asking && (
        <Confirm
          title={t(`plan.${asking}_title`)}
          yes={t(`plan.${asking}_yes`)}
          no={t('plan.keep')}
          danger={asking === 'end'}
          onNo={() => setAsking(null)}
          onYes={() => {
            setAsking(null);
            if (asking === 'end') session.endForAll();
            else session.setPaused(true);
          }}
        >
          <p>{t(`plan.${asking}_words`)}</p>
        </Confirm>
      )}
    </>
  );
}
