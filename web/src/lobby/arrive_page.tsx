// SPDX-License-Identifier: Apache-2.0
// Arriving: who you are to the group, camera, microphone and speaker (off until chosen), a short check, today's questions, "I'm ready". On a
// phone one part is open at a time and each says its state while it is closed; "I'm ready" stays in sight everywhere.
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import type { Arrival, CallSession, CallState } from '../call/model';
import { clockWords, rich, t } from '../texts/text';
import { Button } from '../ui/button';
import { Details } from '../ui/details';
import { CameraField, MicrophoneField, SpeakerField } from '../ui/device_fields';
import { Page } from '../ui/page';
import { ProtectionWords } from '../ui/room/protection';
import type { WaysOut } from '../ui/room/room_bar';
import type { WatchState } from '../ui/watch';
import { WatchFields } from '../ui/watch_parts';
import { useNarrow } from '../ui/use_call';
import { DeviceCheck } from './device_check';
import { AgreedDisguise, TodayPart, type TodayState } from './today_part';

interface ArriveProps {
  session: CallSession;
  state: CallState;
  arrival: Arrival;
  ways: WaysOut & { privateNow: boolean };
  today: TodayState;
  watch: WatchState;
}

interface Part {
  name: 'camera' | 'microphone' | 'speaker' | 'check' | 'watch' | 'today';
  title: string;
  state?: string;
  body: ReactNode;
}

const partsOf = ({ session, state, arrival, today, watch }: ArriveProps): Part[] => {
  const fields = { session, devices: state.devices, bare: true, agreed: arrival.disguise };
  const { camera, microphone } = state.devices;
  return [
    { name: 'camera', title: t('devices.camera'), state: t(camera.on ? 'bar.on' : 'bar.off'), body: (
      <CameraField {...fields}>
        <AgreedDisguise agreed={arrival.disguise} />
      </CameraField>
    ) },
    { name: 'microphone', title: t('devices.microphone'), state: t(microphone.on ? 'bar.on' : 'bar.off'), body: <MicrophoneField {...fields} /> },
    { name: 'speaker', title: t('devices.speaker'), body: <SpeakerField {...fields} /> },
    { name: 'check', title: t('check.title'), body: <DeviceCheck session={session} state={state} /> },
    { name: 'watch', title: t('watch.title'), body: <WatchFields state={watch} /> },
    { name: 'today', title: t('today.title'), body: <TodayPart state={today} session={session} arrival={arrival} /> },
  ];
};

function Parts({ parts, toOpen }: { parts: readonly Part[]; toOpen: { part: Part['name'] } | null }) {
  const narrow = useNarrow();
  const [open, setOpen] = useState<Part['name'] | null>('camera');
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (toOpen) setOpen(toOpen.part);
  }, [toOpen]);
  const goTo = (name: Part['name']): void => {
    setOpen(name);
    box.current?.querySelector<HTMLElement>(`[data-part="${name}"]`)?.focus();
  };
  return (
    <div className="arrive" ref={box}>
      {parts.map(({ name, title, state, body }, index) => {
        const next = parts[index + 1];
        const shown = !narrow || open === name;
        return (
          <section key={name} className={`arrive__part arrive__part--${name}`} aria-labelledby={`part-${name}`}>
            <h2 id={`part-${name}`}>
              {narrow ? (
                <button type="button" className="part-button" data-part={name} aria-expanded={shown} aria-controls={`part-${name}-body`} onClick={() => setOpen(shown ? null : name)}>
                  <span>{title}</span> <span className="part-button__state">{state}</span>
                </button>
              ) : (
                title
              )}
            </h2>
            <div id={`part-${name}-body`} hidden={!shown}>
              {body}
              {narrow && next && (
                <p className="part-next">
                  <Button small look="plain" icon="next" onClick={() => goTo(next.name)}>
                    {t('arrive.next_part', { part: next.title })}
                  </Button>
                </p>
              )}
            </div>
          </section>
        );
      })}
    </div>
  );
}

// A room that is not encrypted says so before anybody is in it, and nobody joins it without having said yes.
function NotEncrypted({ agreed, asked, onAgreed }: { agreed: boolean; asked: boolean; onAgreed: (yes: boolean) => void }) {
  return (
    <section className={`question${asked && !agreed ? ' question--fault' : ''}`} aria-labelledby="not-encrypted-title">
      <h2 id="not-encrypted-title">{t('protect.none')}</h2>
      <p>{t('protect.none_means')}</p>
      {asked && !agreed && (
        <p className="question__fault" id="not-encrypted-fault">
          {t('protect.agree_fault')}
        </p>
      )}
      <label className="question__choice">
        <input
          id="not-encrypted"
          type="checkbox"
          checked={agreed}
          aria-describedby={asked && !agreed ? 'not-encrypted-fault' : undefined}
          onChange={(event) => onAgreed(event.currentTarget.checked)}
        />
        <span>{t('protect.agree')}</span>
      </label>
    </section>
  );
}

export function ArrivePage(props: ArriveProps) {
  const { session, state, arrival, ways, today } = props;
  const [toOpen, setToOpen] = useState<{ part: Part['name'] } | null>(null);
  const [agreed, setAgreed] = useState(false);
  const [asked, setAsked] = useState(false);
  const open = state.encryption.kind === 'none';
  const ready = async (): Promise<void> => {
    if (open && !agreed) {
      setAsked(true);
      document.getElementById('not-encrypted')?.focus();
      return;
    }
    const asked = await today.ready(session);
    if (!asked) return;
    setToOpen({ part: 'today' });
    // When the part is open: the first question that lacks an answer.
    setTimeout(() => document.querySelector<HTMLElement>(`[name="today-${asked}"], #today-${asked}`)?.focus(), 0);
  };
  const leads = arrival.role === 'facilitator' || arrival.role === 'co_facilitator';
  return (
    <Page title={t('arrive.title')} ways={ways} wide>
      <p className="lead">{rich('arrive.as', { name: arrival.alias })}</p>
      <p>
        {arrival.role === 'facilitator' || arrival.role === 'co_facilitator' ? `${t(`arrive.role.${arrival.role}`)} ` : ''}
        {t('arrive.times', { from: clockWords(new Date(arrival.startsAt)), to: clockWords(new Date(arrival.endsAt)) })}
      </p>
      {open && <NotEncrypted agreed={agreed} asked={asked} onAgreed={setAgreed} />}
      <Parts parts={partsOf(props)} toOpen={toOpen} />
      {!open && (
        <Details summary={t('protect.title')}>
          <ProtectionWords encryption={{ ...state.encryption, state: 'on' }} />
        </Details>
      )}
      <p id="arrive-next">{t(leads ? 'arrive.next_in' : 'arrive.next_wait')}</p>
      <p className="hint-text">{t('kept')}</p>
      <footer className="ready">
        <Button look="main" describedBy="arrive-next" disabled={today.busy} onClick={() => void ready()}>
          {today.busy ? t('today.saving') : t('arrive.ready')}
        </Button>
      </footer>
    </Page>
  );
}
