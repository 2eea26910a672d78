// SPDX-License-Identifier: Apache-2.0
// Arriving: who you are to the group, camera, microphone and speaker (off until chosen), a short check, "I'm ready".
import type { Arrival, CallSession, CallState } from '../call/model';
import { clockWords, rich, t } from '../texts/text';
import { Button } from '../ui/button';
import { CameraField, MicrophoneField, SpeakerField } from '../ui/device_fields';
import { Page, PhoneLink } from '../ui/page';
import type { WaysOut } from '../ui/room/room_bar';
import { DeviceCheck } from './device_check';

interface ArriveProps {
  session: CallSession;
  state: CallState;
  arrival: Arrival;
  ways: WaysOut & { privateNow: boolean };
}

export function ArrivePage({ session, state, arrival, ways }: ArriveProps) {
  const straightIn = arrival.role === 'facilitator' || arrival.role === 'co_facilitator';
  const fields = { session, devices: state.devices };
  return (
    <Page title={t('arrive.title')} ways={ways} wide>
      <p className="lead">{rich('arrive.as', { name: arrival.alias })}</p>
      <p>
        {arrival.role === 'facilitator' || arrival.role === 'co_facilitator' ? `${t(`arrive.role.${arrival.role}`)} ` : ''}
        {t('arrive.times', { from: clockWords(new Date(arrival.startsAt)), to: clockWords(new Date(arrival.endsAt)) })}
      </p>
      <div className="arrive">
        <div className="arrive__part">
          <CameraField {...fields} />
        </div>
        <div className="arrive__part">
          <MicrophoneField {...fields} />
          <SpeakerField {...fields} />
        </div>
        <div className="arrive__part">
          <DeviceCheck session={session} state={state} />
        </div>
        <section className="arrive__part" aria-labelledby="before-title">
          <h2 id="before-title">{t('arrive.before')}</h2>
          <ul className="plain-list">
            <li>{t('arrive.alone')}</li>
            <li>{t('arrive.headphones')}</li>
            <li>{t('arrive.listening')}</li>
          </ul>
          <p>
            {t('arrive.other_ways')} <PhoneLink number={arrival.dutyNumber} />
          </p>
        </section>
      </div>
      <section className="ready" aria-label={t('arrive.ready_label')}>
        <p>{t(straightIn ? 'arrive.next_in' : 'arrive.next_wait')}</p>
        <Button look="main" onClick={() => session.ready()}>
          {t('arrive.ready')}
        </Button>
        <p className="hint-text">{t('kept')}</p>
      </section>
    </Page>
  );
}
