// SPDX-License-Identifier: Apache-2.0
// What a person must know or answer now, one line each, above the gallery: who did it, what it means, what can be done.
// Each can be put away. Never a countdown.
import { useEffect, useState } from 'react';
import type { CallSession, CallState } from '../../call/model';
import { t, type TextKey } from '../../texts/text';
import { Button } from '../button';
import { DeviceTroubleWords } from '../device_words';
import { nameOfSeat } from '../person_words';
import { Notice } from './notice';
import { ProtectionNotices } from './protection';
import { ClearViewNotice } from './clear_view_part';
import { ShareNotices } from './share_part';

const refusalKey = (reason: string): TextKey =>
  reason === 'no-line' ? 'notice.refused.no_line' : reason === 'locked' ? 'notice.refused.locked' : reason === 'too-fast' ? 'notice.refused.too_fast' : 'notice.refused.other';

export function Notices({ session, state, onWords }: { session: CallSession; state: CallState; onWords: () => void }) {
  const [seenMute, setSeenMute] = useState<number | null>(null);
  const [seenRefusal, setSeenRefusal] = useState<number | null>(null);
  const [seenNear, setSeenNear] = useState<readonly number[]>([]);
  const [seenTroubles, setSeenTroubles] = useState<readonly string[]>([]);
  useEffect(() => {
    if (state.mutedBy === null) setSeenMute(null);
  }, [state.mutedBy]);
  const { camera, microphone } = state.devices;
  const troubles = [{ what: 'microphone', trouble: microphone.trouble } as const, { what: 'camera', trouble: camera.trouble } as const];
  const present = troubles.flatMap(({ what, trouble }) => (trouble ? [`${what} ${trouble}`] : [])).join();
  useEffect(() => {
    setSeenTroubles((seen) => seen.filter((one) => present.split(',').includes(one))); // the next one is said again
  }, [present]);
  return (
    // In the page from the start: what is added together with its own live region is not read out.
    <div className="notices" role="status" aria-live="polite" aria-atomic="false">
      {state.connection.state === 'unsteady' && (
        <Notice icon="line" actions={null}>
          {t('notice.unsteady')}
        </Notice>
      )}
      <ProtectionNotices session={session} state={state} onWords={onWords} />
      <ShareNotices session={session} state={state} />
      <ClearViewNotice session={session} state={state} />
      {state.needsGestureForSound && (
        <Notice
          icon="sound"
          actions={
            <Button look="main" small onClick={() => void session.resumeSound()}>
              {t('notice.sound_on')}
            </Button>
          }
        >
          {t('notice.needs_tap')}
        </Notice>
      )}
      {state.askedToMute !== null && (
        <Notice
          icon="microphone"
          actions={
            <>
              <Button look="main" small onClick={() => void session.setMicrophone(false)}>
                {t('notice.turn_off')}
              </Button>
              <Button small onClick={() => session.dismissAskedToMute()}>
                {t('notice.keep_on')}
              </Button>
            </>
          }
        >
          {t('notice.asked', { name: nameOfSeat(state.people, state.askedToMute) })}
        </Notice>
      )}
      {state.mutedBy !== null && seenMute !== state.mutedBy && !microphone.on && (
        <Notice icon="microphone_off" actions={<Button small onClick={() => setSeenMute(state.mutedBy)}>{t('understood')}</Button>}>
          {t('notice.muted', { name: nameOfSeat(state.people, state.mutedBy) })}
        </Notice>
      )}
      {state.people
        .filter((person) => person.near && !seenNear.includes(person.seat))
        .map((person) => (
          <Notice key={`near-${person.seat}`} icon="notice" actions={<Button small onClick={() => setSeenNear([...seenNear, person.seat])}>{t('understood')}</Button>}>
            {person.self ? t('near.own') : t('near.notice', { name: nameOfSeat(state.people, person.seat) })}
          </Notice>
        ))}
      {state.refusal && seenRefusal !== state.refusal.at && (
        <Notice icon="notice" actions={<Button small onClick={() => setSeenRefusal(state.refusal?.at ?? null)}>{t('understood')}</Button>}>
          {t(refusalKey(state.refusal.reason))}
        </Notice>
      )}
      {state.serverClosing && (
        <Notice icon="notice" actions={null}>
          {t('notice.restarts')}
        </Notice>
      )}
      {troubles.map(
        ({ what, trouble }) =>
          trouble &&
          !seenTroubles.includes(`${what} ${trouble}`) && (
            <div key={what} className="notice notice--trouble">
              <DeviceTroubleWords what={what} trouble={trouble} />
              <Button small onClick={() => setSeenTroubles((seen) => [...seen, `${what} ${trouble}`])}>
                {t('understood')}
              </Button>
            </div>
          ),
      )}
    </div>
  );
}
