// SPDX-License-Identifier: Apache-2.0
// What the person's line is like, what helps, and what the call costs in data. Everything here is offered; nothing is switched for
// them. Not here: measuring (call/data_use.ts).
import type { CallSession, CallState } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { Dialog } from '../dialog';
import { thinnedNames, weakLine } from '../person_words';
import { comesTo, megabytes } from './data_words';

function expectedWords({ data }: CallState, leftMs: number): string {
  const sum = comesTo(data, leftMs);
  if (sum === null) return t('line_dialog.expected_soon');
  const words = t('line_dialog.mb', { mb: sum.mb });
  return sum.by === 'end' ? t('line_dialog.expected', { expected: words }) : t('line_dialog.an_hour', { hour: words });
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
  const weak = weakLine(state.people, self);
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
        {t('line_dialog.used', { used: t('line_dialog.mb', { mb: megabytes(usedBytes) }) })} {expectedWords(state, Date.parse(endsAt) - Date.now())}
      </p>
      <p>{t('line_dialog.saver_words')}</p>
      <Button small icon="line" pressed={saver} onClick={() => session.setDataSaver(!saver)}>
        {t('line_dialog.saver')}
      </Button>
    </Dialog>
  );
}
