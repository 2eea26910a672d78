// SPDX-License-Identifier: Apache-2.0
// "More": what is needed now and then. A list of buttons over the bar, closed by Escape; not a menu in the sense of
// assistive technology, so Tab moves through it as through everything else.
import { useEffect, useRef } from 'react';
import type { ReactionName } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import type { IconName } from '../icon';

const reactions: readonly [ReactionName, IconName][] = [
  ['heart', 'heart'],
  ['thanks', 'thanks'],
  ['agree', 'agree'],
  ['with-you', 'with_you'],
  ['pause', 'pause'],
];

interface MoreProps {
  selfHidden: boolean;
  soundOnly: boolean;
  onReact: (name: ReactionName) => void;
  onSelfHidden: () => void;
  onSoundOnly: () => void;
  onOpen: (which: 'devices' | 'disguise' | 'watch' | 'keys' | 'line') => void;
  onShare: ((what: 'screen' | 'worksheet') => void) | null; // null: not this person, or not now
  onBoard: (() => void) | null;
  onExit: () => void;
  onClose: () => void;
}

export function MorePanel(props: MoreProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector('button')?.focus(), []);
  return (
    <div
      ref={box}
      className="more"
      role="group"
      aria-label={t('more.label')}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        props.onClose();
      }}
    >
      <div className="more__reactions" role="group" aria-label={t('more.reactions')}>
        <p className="more__title" aria-hidden="true">
          {t('more.reactions')}
        </p>
        {reactions.map(([name, icon]) => (
          <Button key={name} look="plain" icon={icon} onClick={() => props.onReact(name)}>
            {t(`reaction.${name}`)}
          </Button>
        ))}
      </div>
      <Button look="plain" icon="exit" onClick={props.onExit}>
        {t('bar.exit')}
      </Button>
      {props.onShare && (
        <>
          <Button look="plain" icon="eye" onClick={() => props.onShare?.('screen')}>
            {t('share.choose')}
          </Button>
          <Button look="plain" icon="eye" onClick={() => props.onShare?.('worksheet')}>
            {t('share.worksheet')}
          </Button>
        </>
      )}
      {props.onBoard && (
        <Button look="plain" icon="eye" onClick={props.onBoard}>
          {t('board.open')}
        </Button>
      )}
      <Button look="plain" icon="eye" pressed={props.selfHidden} onClick={props.onSelfHidden}>
        {t('more.hide_self')}
      </Button>
      <Button look="plain" icon="sound" pressed={props.soundOnly} onClick={props.onSoundOnly}>
        {t('more.sound_only')}
      </Button>
      <Button look="plain" icon="line" onClick={() => props.onOpen('line')}>
        {t('more.line')}
      </Button>
      <Button look="plain" icon="people" onClick={() => props.onOpen('disguise')}>
        {t('more.disguise')}
      </Button>
      <Button look="plain" icon="gear" onClick={() => props.onOpen('devices')}>
        {t('more.devices')}
      </Button>
      <Button look="plain" icon="not_private" onClick={() => props.onOpen('watch')}>
        {t('more.watch')}
      </Button>
      <Button look="plain" icon="keyboard" onClick={() => props.onOpen('keys')}>
        {t('more.keys')}
      </Button>
      <Button look="plain" icon="close" onClick={props.onClose}>
        {t('more.close')}
      </Button>
    </div>
  );
}
