// SPDX-License-Identifier: Apache-2.0
// The thirty-second check of camera, sound and line. Runs when asked for; a person may go on without it. Its heading stands
// around it (arrive_page.tsx).
import { useEffect, useRef, useState } from 'react';
import type { CallSession, CallState } from '../call/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { cameraFound, lineFound, microphoneFound, soundFound, type Found } from './check_words';

function FoundLine({ found }: { found: Found | null }) {
  if (!found) return null;
  return (
    <li className={found.fine ? 'found found--fine' : 'found'}>
      <Icon name={found.fine ? 'tick' : 'notice'} />
      <span>{t(found.key)}</span>
    </li>
  );
}

export function DeviceCheck({ session, state }: { session: CallSession; state: CallState }) {
  const { lineCheck, devices } = state;
  const [heardSound, setHeardSound] = useState<boolean | null>(null);
  const loudest = useRef(0);
  const running = lineCheck.state === 'running';
  const done = lineCheck.state === 'done';
  useEffect(() => {
    loudest.current = Math.max(loudest.current, devices.microphone.level);
  }, [devices.microphone.level]);
  const begin = (): void => {
    loudest.current = 0;
    setHeardSound(null);
    void session.playTestSound();
    void session.runLineCheck();
  };
  return (
    <div className="check">
      <p>{t('check.words')}</p>
      <Button icon="line" disabled={running} onClick={begin}>
        {t(done ? 'check.again' : 'check.begin')}
      </Button>
      <div role="status">
        {running && <p className="check__running">{t('check.running')}</p>}
        {done && (
          <ul className="founds">
            <FoundLine found={cameraFound(devices.camera)} />
            <FoundLine found={microphoneFound(devices.microphone, Math.max(loudest.current, devices.microphone.level))} />
            <FoundLine found={lineFound(lineCheck)} />
            <FoundLine found={soundFound(heardSound)} />
          </ul>
        )}
      </div>
      {done && heardSound === null && (
        <div className="check__question">
          <p>{t('check.did_you_hear')}</p>
          <div className="button-row">
            <Button small onClick={() => setHeardSound(true)}>
              {t('check.yes')}
            </Button>
            <Button small onClick={() => setHeardSound(false)}>
              {t('check.no')}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}
