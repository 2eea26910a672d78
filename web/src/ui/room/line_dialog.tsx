// SPDX-License-Identifier: Apache-2.0
// What the person's line is like, what helps, and what the call costs in data. Everything here is offered; nothing is switched for
// them. Not here: measuring (call/data_use.ts).
import type { CallSession, CallState } from '../../call/model';
import { expectedBytes } from '../../call/data_use';
import { t } from '../../texts/text';
import { Button } from '../button';
import { Dialog } from '../dialog';
import { thinnedNames } from '../person_words';

const hourMs = 3_600_000;

// People read whole megabytes, as their contract counts them (10^6 bytes); above ten in steps that do not jump.
export function megabytes(bytes: number): number {
  const mb = bytes / 1e6;
  return mb < 10 ? Math.round(mb) : mb < 100 ? Math.round(mb / 5) * 5 : Math.round(mb / 50) * 50;
}
const inWords = (bytes: number): string => t('line_dialog.mb', { mb: megabytes(bytes) });

function expectedWords({ data }: CallState, leftMs: number): string {
  const whole = expectedBytes(data, leftMs);
  if (whole === null || data.bytesPerSecond === null) return t('line_dialog.expected_soon');
  if (leftMs > 0) return t('line_dialog.expected', { expected: inWords(whole) });
  return t('line_dialog.an_hour', { hour: inWords((data.bytesPerSecond * hourMs) / 1000) });
}

interface LineProps {
  session: CallSession;
  state: CallState;
  endsAt: string; // of the session, ISO 8601
  onClose: () => void;
}

export function LineDialog({ session, state, endsAt, onClose }: LineProps) {
  const self = state.people.find((person) => person.self);
  const word = self?.line ?? 'unknown';
  const unheard = thinnedNames(state.people, self);
  const held = self?.cameraHeld === true;
  const weak = held || word === 'fair' || word === 'poor' || word === 'none' || unheard !== null;
  const { saver, usedBytes } = state.data;
  return (
    <Dialog title={t('line_dialog.title')} onClose={onClose}>
      <p>{t('line_dialog.word', { word })}</p>
      {self?.carried && self.carried.pictures !== 'full' && !saver && <p>{t('line_dialog.pictures', { pictures: self.carried.pictures })}</p>}
      {held && <p>{t('line_dialog.camera_held')}</p>}
      {unheard && <p>{t('line_dialog.thinned', { names: unheard })}</p>}
      {weak && (
        <>
          <h3>{t('line_dialog.helps')}</h3>
          <ul>
            <li>{t('line_dialog.closer')}</li>
            <li>{t('line_dialog.others')}</li>
            {state.devices.camera.on && !held && <li>{t('line_dialog.camera')}</li>}
            <li>{t('line_dialog.sound_only')}</li>
          </ul>
        </>
      )}
      {!weak && <p>{t('line_dialog.sound_only')}</p>}
      <Button small icon="sound" pressed={state.soundOnly} onClick={() => session.setSoundOnly(!state.soundOnly)}>
        {t('line_dialog.sound_only_on')}
      </Button>
      <h3 className="dialog__part">{t('line_dialog.data')}</h3>
      <p>
        {t('line_dialog.used', { used: inWords(usedBytes) })} {expectedWords(state, Date.parse(endsAt) - Date.now())}
      </p>
      <p>{t('line_dialog.saver_words')}</p>
      <Button small icon="line" pressed={saver} onClick={() => session.setDataSaver(!saver)}>
        {t('line_dialog.saver')}
      </Button>
    </Dialog>
  );
}
