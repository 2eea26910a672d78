// SPDX-License-Identifier: Apache-2.0
// The line above the gallery: who can see and hear you now, the shared clock, the round, and what is switched off here.
import type { CallSession, CallState } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { disguiseSeen } from '../disguise_fields';
import { Icon } from '../icon';
import { lineWords, minutesAndSeconds, nameOfSeat, timerLeft, whoCan } from '../person_words';
import { useNow } from '../use_call';
import { BesideLine } from './beside_list';
import { AsideLine } from './aside';
import { BackstageLine } from './backstage_part';
import { BreakoutLine } from './breakouts';
import type { BesideRoom } from './use_beside';
import { ProtectionLine } from './protection';

function SharedClock({ timer }: { timer: NonNullable<CallState['timer']> }) {
  const now = useNow(500);
  const left = timerLeft(timer, now);
  const words = left === 0 ? t('timer.over') : t('timer.left', { left: minutesAndSeconds(left) });
  return (
    <p className="strip__item">
      <Icon name="clock" small />
      <span>
        {words}
        {timer.endsAt === null && left > 0 ? ` ${t('timer.stopped')}` : ''}
      </span>
    </p>
  );
}

function RoundWords({ state, session }: { state: CallState; session: CallSession }) {
  const { round, self, people } = state;
  const seat = round?.seats[round.at];
  if (!round || seat === undefined) return null;
  const next = round.seats[round.at + 1];
  const mine = seat === self?.seat;
  return (
    <div className={mine ? 'strip__item strip__item--turn' : 'strip__item'}>
      <Icon name="people" small />
      <span>
        {mine ? t('round.you') : t('round.now', { name: nameOfSeat(people, seat) })}{' '}
        {next === undefined ? t('round.last') : next === self?.seat ? t('round.then_you') : t('round.then', { name: nameOfSeat(people, next) })}
      </span>
      {self?.mayModerate && (
        <span className="strip__actions">
          <Button small icon="next" onClick={() => session.nextInRound()}>
            {t(next === undefined ? 'round.finish' : 'round.next')}
          </Button>
          <Button small onClick={() => session.endRound()}>
            {t('round.end')}
          </Button>
        </span>
      )}
    </div>
  );
}

interface StripProps {
  session: CallSession;
  state: CallState;
  beside: BesideRoom;
  selfHidden: boolean;
  panelOpen: boolean;
  onPanel: () => void;
  onShowSelf: () => void;
  onProtection: () => void;
  onLine: () => void;
}

export function RoomStrip({ session, state, beside, selfHidden, panelOpen, onPanel, onShowSelf, onProtection, onLine }: StripProps) {
  const { how, count } = whoCan(state);
  const self = state.people.find((person) => person.self);
  const weak = lineWords(state.people, self); // its dialog says whether data is saved, too
  const waiting = state.waiting.length;
  const asked = state.helpAsked.length;
  const disguised = disguiseSeen(state.devices);
  return (
    <header className="strip">
      <AsideLine session={session} state={state} />
      <BreakoutLine session={session} state={state} />
      {state.self?.mayModerate && <BackstageLine session={session} state={state} />}
      <p className="strip__item strip__who">
        <Icon name="eye" small />
        <span>{t('who_can', { how, count })}</span>
      </p>
      <ProtectionLine state={state} onOpen={onProtection} />
      <BesideLine state={state} beside={beside} />
      {disguised && (
        <p className="strip__item">
          <Icon name="people" small />
          <span>{disguised}</span>
        </p>
      )}
      {weak !== null && (
        <div className="strip__item">
          <Icon name="line" small />
          <span>{weak}</span>
          <Button small onClick={onLine}>
            {t('line.what_helps')}
          </Button>
        </div>
      )}
      {state.soundOnly && (
        <div className="strip__item">
          <Icon name="sound" small />
          <span>{t('sound_only.is_on')}</span>
          <Button small onClick={() => session.setSoundOnly(false)}>
            {t('sound_only.turn_off')}
          </Button>
        </div>
      )}
      {state.data.saver && !state.soundOnly && weak === null && (
        <div className="strip__item">
          <Icon name="line" small />
          <span>{t('saver.is_on')}</span>
          <Button small onClick={() => session.setDataSaver(false)}>
            {t('saver.turn_off')}
          </Button>
        </div>
      )}
      {selfHidden && (
        <div className="strip__item">
          <span>{t('self.hidden')}</span>
          <Button small onClick={onShowSelf}>
            {t('self.show')}
          </Button>
        </div>
      )}
      {state.timer && <SharedClock timer={state.timer} />}
      <RoundWords state={state} session={session} />
      {state.locked && state.self?.mayAdmit && (
        <p className="strip__item">
          <Icon name="lock" small />
          <span>{t('locked.now')}</span>
        </p>
      )}
      {state.self?.mayAdmit && (
        <div className="strip__panel">
          <Button small icon="people" look={waiting + asked > 0 ? 'main' : 'quiet'} expanded={panelOpen} opens="panel" onClick={onPanel}>
            {t('panel.open', { waiting, asked })}
          </Button>
        </div>
      )}
    </header>
  );
}
