// SPDX-License-Identifier: Apache-2.0
// The waiting room: who will let you in and when, what happens next, a line to the facilitator, your camera and microphone.
// Never how many wait, or who.
import type { Arrival, CallSession, CallState } from '../call/model';
import { clockWords, rich, t } from '../texts/text';
import { Announcer } from '../ui/announcer';
import { AllDeviceFields } from '../ui/device_fields';
import { Page } from '../ui/page';
import type { WaysOut } from '../ui/room/room_bar';
import { useNow } from '../ui/use_call';
import { NoteLine } from './note_line';

interface WaitProps {
  session: CallSession;
  state: CallState;
  arrival: Arrival;
  ways: WaysOut & { privateNow: boolean };
  movedBack: boolean;
  interrupted: boolean;
}

export function WaitPage({ session, state, arrival, ways, movedBack, interrupted }: WaitProps) {
  const now = useNow(10_000);
  const starts = new Date(arrival.startsAt);
  const times = { now: clockWords(new Date(now)), start: clockWords(starts) };
  const cameBack = movedBack || interrupted;
  const when = movedBack ? 'wait.moved_when' : interrupted ? 'wait.interrupted_when' : now < starts.getTime() ? 'wait.before' : 'wait.after';
  return (
    <Page title={t(cameBack ? 'wait.moved_title' : 'wait.title')} ways={ways}>
      <Announcer state={state} quiet />
      {movedBack && <p className="lead">{t('wait.moved')}</p>}
      {interrupted && <p className="lead">{t('wait.interrupted')}</p>}
      <p className={cameBack ? undefined : 'lead'}>{rich(when, times)}</p>
      <p>{t('wait.nobody')}</p>
      <h2>{t('wait.next')}</h2>
      <ul className="plain-list">
        <li>{t('wait.next_in')}</li>
        <li>{t(state.devices.camera.on ? 'wait.camera_on' : 'wait.camera_off')}</li>
        <li>{t(state.devices.microphone.on ? 'wait.microphone_on' : 'wait.microphone_off')}</li>
      </ul>
      <div className="breath">
        <div className="breath__ring" aria-hidden="true" />
        <p>{t('wait.breathe')}</p>
      </div>
      <NoteLine session={session} state={state} />
      <details className="nhsuk-details" open={state.devices.camera.trouble !== null || state.devices.microphone.trouble !== null}>
        <summary className="nhsuk-details__summary">
          <span className="nhsuk-details__summary-text">{t('wait.devices')}</span>
        </summary>
        <div className="nhsuk-details__text">
          <AllDeviceFields session={session} devices={state.devices} agreed={arrival.disguise} />
        </div>
      </details>
      <p className="hint-text">{t('kept')}</p>
    </Page>
  );
}
