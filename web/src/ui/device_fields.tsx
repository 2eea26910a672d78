// SPDX-License-Identifier: Apache-2.0
// Choosing camera, microphone and speaker: the same fields on arriving, while waiting and in the room. Nothing is switched
// on by choosing.
import { Select } from 'nhsuk-react-components';
import type { ReactNode } from 'react';
import { useEffect, useId, useState } from 'react';
import { audible } from '../lobby/check_words';
import type { CallSession, DeviceChoice, Devices } from '../call/model';
import { type Agreed, isDrawn, seenAs } from '../disguise/choice';
import { t, type TextKey } from '../texts/text';
import { Button } from './button';
import { custom } from './custom_properties';
import { DeviceTroubleWords } from './device_words';
import { PictureLooks, VoiceLooks } from './disguise_fields';
import { Picture } from './picture';

type Kind = 'camera' | 'microphone' | 'speaker';

interface ChooserProps {
  kind: Kind;
  choices: readonly DeviceChoice[];
  chosen: string | null;
  session: CallSession;
}

function Chooser({ kind, choices, chosen, session }: ChooserProps) {
  const id = useId();
  if (choices.length < 2) return null; // nothing to choose between
  return (
    <Select
      id={id}
      name={kind}
      label={t(`devices.choose.${kind}`)}
      value={chosen ?? choices[0]?.id ?? ''}
      onChange={(event) => void session.chooseDevice(kind, event.currentTarget.value)}
    >
      {choices.map((choice, index) => (
        <Select.Option key={choice.id} value={choice.id}>
          {choice.label || t(`devices.unnamed.${kind}`, { number: index + 1 })}
        </Select.Option>
      ))}
    </Select>
  );
}

export function Meter({ level, on }: { level: number; on: boolean }) {
  const [heard, setHeard] = useState(false); // since it was switched on: words that flicker with each syllable unsettle
  useEffect(() => {
    if (!on) setHeard(false);
    else if (level > audible) setHeard(true);
  }, [on, level]);
  return (
    <div className="meter">
      <div className="meter__bar" aria-hidden="true" style={custom({ '--level': on ? Math.min(1, level).toFixed(2) : '0' })} />
      <p className="meter__words">{t(!on ? 'meter.off' : heard ? 'meter.heard' : 'meter.quiet')}</p>
    </div>
  );
}

interface FieldProps {
  session: CallSession;
  devices: Devices;
  inRoom?: boolean; // others see and hear what is on
  bare?: boolean; // the heading stands around it
  agreed?: Agreed | null; // where the disguise can be chosen: what was agreed
}

function Field({ kind, bare, children }: { kind: Kind; bare: boolean | undefined; children: ReactNode }) {
  if (bare) return <div className="device">{children}</div>;
  return (
    <section className="device" aria-labelledby={`device-${kind}`}>
      <h2 id={`device-${kind}`}>{t(`devices.${kind}`)}</h2>
      {children}
    </section>
  );
}

// A look that is drawn opens no camera, and is never called one.
const pictureButton = ({ camera, disguise }: Devices): TextKey => {
  const { picture } = disguise;
  if (picture === 'avatar' || picture === 'block') return camera.on ? `disguise.turn_off.${picture}` : `disguise.turn_on.${picture}`;
  return camera.on ? 'devices.turn_off.camera' : camera.trouble ? 'devices.try.camera' : 'devices.turn_on.camera';
};

// What stands where the picture would be. How it will start is said before it does.
const notShown = ({ camera, disguise: { picture } }: Devices): string => {
  if (camera.on) return t('disguise.moment');
  return picture === 'none' || isDrawn(picture) ? t('devices.camera_off') : `${t('devices.camera_off')}. ${t(`disguise.starts.${picture}`)}`;
};

const seenBy = ({ camera, disguise }: Devices, inRoom: boolean | undefined): TextKey => {
  if (!camera.on) return 'devices.nobody_sees';
  if (!inRoom) return 'devices.only_you';
  const seen = seenAs(disguise);
  return seen === 'none' ? 'devices.group_sees' : `disguise.sees.${seen}`;
};

// Children: what belongs between the picture and the choice of how others see it.
export function CameraField({ session, devices, inRoom, bare, agreed, children }: FieldProps & { children?: ReactNode }) {
  const { camera, disguise } = devices;
  return (
    <Field kind="camera" bare={bare}>
      <div className={agreed === undefined ? undefined : 'seen'}>
        <div>
          <div className={camera.on && camera.preview ? 'preview' : 'preview preview--off'}>
            {camera.on && camera.preview ? (
              <Picture stream={camera.preview} mirrored={!isDrawn(disguise.picture)} />
            ) : (
              <p className="preview__off">{notShown(devices)}</p>
            )}
          </div>
          <p className="device__true">{t(seenBy(devices, inRoom))}</p>
          <div role="status">{camera.trouble && <DeviceTroubleWords what="camera" trouble={camera.trouble} />}</div>
          {camera.trouble !== 'barred' && (
            <Button icon={camera.on ? 'camera_off' : 'camera'} onClick={() => void session.setCamera(!camera.on)}>
              {t(pictureButton(devices))}
            </Button>
          )}
          {!isDrawn(disguise.picture) && <Chooser kind="camera" choices={devices.cameras} chosen={camera.chosen} session={session} />}
          {children}
        </div>
        {agreed !== undefined && <PictureLooks session={session} devices={devices} agreed={agreed} inRoom={inRoom ?? false} />}
      </div>
    </Field>
  );
}

export function MicrophoneField({ session, devices, inRoom, bare, agreed }: FieldProps) {
  const { microphone } = devices;
  return (
    <Field kind="microphone" bare={bare}>
      <Meter level={microphone.level} on={microphone.on} />
      <div role="status">{microphone.trouble && <DeviceTroubleWords what="microphone" trouble={microphone.trouble} />}</div>
      {microphone.trouble !== 'barred' && (
        <Button icon={microphone.on ? 'microphone_off' : 'microphone'} onClick={() => void session.setMicrophone(!microphone.on)}>
          {t(microphone.on ? 'devices.turn_off.microphone' : microphone.trouble ? 'devices.try.microphone' : 'devices.turn_on.microphone')}
        </Button>
      )}
      <Chooser kind="microphone" choices={devices.microphones} chosen={microphone.chosen} session={session} />
      {agreed !== undefined && <VoiceLooks session={session} devices={devices} agreed={agreed} inRoom={inRoom ?? false} />}
    </Field>
  );
}

export function SpeakerField({ session, devices, bare }: FieldProps) {
  return (
    <Field kind="speaker" bare={bare}>
      <p>{t('devices.speaker_words')}</p>
      <Button icon="sound" onClick={() => void session.playTestSound()}>
        {t('devices.play')}
      </Button>
      <Chooser kind="speaker" choices={devices.speakers} chosen={devices.speaker.chosen} session={session} />
    </Field>
  );
}

export function AllDeviceFields(props: FieldProps) {
  return (
    <div className="devices">
      <CameraField {...props} />
      <MicrophoneField {...props} />
      <SpeakerField {...props} />
    </div>
  );
}
