// SPDX-License-Identifier: Apache-2.0
// Choosing how others see and hear you: each look on your own picture, the same fields on arriving, while waiting and in the room.
// In the room a step back to "as I am" is confirmed in place: an arrow key must not show a face. Not here: how it is made.
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import type { CallSession, Devices, Disguise } from '../call/model';
import { type Agreed, pictureLooks, presetOf, seenAs, voiceLooks } from '../disguise/choice';
import { t } from '../texts/text';
import { Button } from './button';

interface LooksProps {
  session: CallSession;
  devices: Devices;
  agreed: Agreed | null;
  inRoom?: boolean;
}

// Painted by a part that is fetched when it is first needed; without it the words alone are chosen by.
function useSmallPictures(own: MediaStream | null): (look: Disguise['picture']) => (canvas: HTMLCanvasElement | null) => void {
  const canvases = useRef(new Map<Disguise['picture'], HTMLCanvasElement>());
  useEffect(() => {
    let stop: (() => void) | null = null;
    let gone = false;
    void import('../disguise/thumbs').then(
      ({ showLooks }) => {
        if (!gone) stop = showLooks(canvases.current, own);
      },
      () => undefined,
    );
    return () => {
      gone = true;
      stop?.();
    };
  }, [own]);
  return (look) => (canvas) => {
    if (canvas) canvases.current.set(look, canvas);
    else canvases.current.delete(look);
  };
}

function Sure({ words, yes, onYes }: { words: string; yes: string; onYes: () => void }) {
  return (
    <div className="looks__sure">
      <p>{words}</p>
      <Button small onClick={onYes}>
        {yes}
      </Button>
    </div>
  );
}

// A choice that takes effect at once, but for "as I am" in the room.
const useChoice = <K extends keyof Disguise>(kind: K, { session, devices, inRoom }: LooksProps) => {
  const [unsure, setUnsure] = useState(false);
  const now = devices.disguise[kind];
  const take = (look: Disguise[K]): void => {
    setUnsure(false);
    void session.setDisguise({ [kind]: look } as Partial<Disguise>);
  };
  const choose = (look: Disguise[K]): void => (inRoom && look === 'none' && now !== 'none' ? setUnsure(true) : take(look));
  return { shown: unsure ? ('none' as Disguise[K]) : now, unsure, choose, sure: () => take('none' as Disguise[K]) };
};

export function PictureLooks(props: LooksProps) {
  const { devices, agreed, inRoom } = props;
  const { own } = devices.camera;
  const { shown, unsure, choose, sure } = useChoice('picture', props);
  const canvasFor = useSmallPictures(own);
  const first = agreed && agreed.picture !== 'none' ? presetOf(agreed).picture : null;
  const { masking } = devices.disguise;
  return (
    <fieldset className="looks" aria-describedby="looks-own looks-more">
      <legend>{t('disguise.picture')}</legend>
      <p className="hint-text" id="looks-own">
        {t(own ? 'disguise.own' : inRoom ? 'disguise.sample_room' : 'disguise.sample')}
      </p>
      <div className="looks__grid">
        {pictureLooks.map((look) => (
          <label key={look} className={shown === look ? 'look look--chosen' : 'look'}>
            <canvas ref={canvasFor(look)} className="look__picture" width={160} height={90} aria-hidden="true" />
            <span className="look__line">
              <input type="radio" name="disguise-picture" value={look} checked={shown === look} onChange={() => choose(look)} />
              <span>
                {t(`look.${look}`)} {first === look && <span className="look__agreed">({t('disguise.agreed')})</span>}
              </span>
            </span>
          </label>
        ))}
      </div>
      <div role="status" id="looks-more" className="looks__more">
        {unsure ? (
          <Sure words={t('disguise.sure.picture')} yes={t('disguise.sure.picture_yes')} onYes={sure} />
        ) : (
          <p>
            {t(`look.more.${shown}`)}
            {masking !== 'off' && <> {t(`mask.${masking}`)}</>}
          </p>
        )}
      </div>
    </fieldset>
  );
}

export function VoiceLooks(props: LooksProps) {
  const { agreed } = props;
  const { shown, unsure, choose, sure } = useChoice('voice', props);
  const first = agreed && agreed.voice !== 'none' ? agreed.voice : null;
  return (
    <fieldset className="looks" aria-describedby="voice-more">
      <legend>{t('disguise.voice')}</legend>
      {voiceLooks.map((look) => (
        <label key={look} className="question__choice">
          <input type="radio" name="disguise-voice" value={look} checked={shown === look} onChange={() => choose(look)} />
          <span>
            {t(`voice.${look}`)} {first === look && <span className="look__agreed">({t('disguise.agreed')})</span>}
          </span>
        </label>
      ))}
      <div role="status" id="voice-more" className="looks__more">
        {unsure ? (
          <Sure words={t('disguise.sure.voice')} yes={t('disguise.sure.voice_yes')} onYes={sure} />
        ) : (
          shown !== 'none' && <p>{t('voice.more')}</p>
        )}
      </div>
    </fieldset>
  );
}

// What is true of you now, in a line; nothing where you are as you are.
export function disguiseSeen(devices: Devices): ReactNode {
  const { voice } = devices.disguise;
  const picture = seenAs(devices.disguise);
  const said = [
    devices.camera.on && picture !== 'none' ? t(`disguise.sees.${picture}`) : '',
    devices.microphone.on && voice !== 'none' ? t(`disguise.hears.${voice}`) : '',
  ].filter(Boolean);
  return said.length > 0 ? said.join(' ') : null;
}
