// SPDX-License-Identifier: Apache-2.0
// The keys of the room, written down, with the switch that turns them off.
import { t } from '../../texts/text';
import { Button } from '../button';
import { Dialog } from '../dialog';
import { shortcuts } from '../shortcuts';

interface KeysProps {
  on: boolean;
  facilitator: boolean;
  onSwitch: () => void;
  onClose: () => void;
}

export function KeysDialog({ on, facilitator, onSwitch, onClose }: KeysProps) {
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <p>{t('keys.words')}</p>
      <dl className="keys">
        {shortcuts
          .filter((one) => facilitator || one.name !== 'panel')
          .map((one) => (
            <div key={one.name}>
              <dt>
                <kbd>{t('keys.combination', { letter: one.letter })}</kbd>
              </dt>
              <dd>{t(`keys.${one.name}`)}</dd>
            </div>
          ))}
      </dl>
      <p>{t('board.keyboard')}</p>
      <Button small pressed={on} onClick={onSwitch}>
        {t('keys.use')}
      </Button>
    </Dialog>
  );
}
