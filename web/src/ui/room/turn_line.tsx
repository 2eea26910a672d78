// SPDX-License-Identifier: Apache-2.0
// The line above the gallery that says where a person is apart from the group, or who alone hears them, and the one way back,
// always in the same place.
import type { ReactNode } from 'react';
import { Button } from '../button';
import { Icon, type IconName } from '../icon';

export function TurnLine({ icon, back, onBack, children }: { icon: IconName; back: string; onBack: () => void; children: ReactNode }) {
  return (
    <div className="strip__item strip__item--turn strip__item--aside">
      <Icon name={icon} small />
      <span>{children}</span>
      <span className="strip__actions">
        <Button small look="main" onClick={onBack}>
          {back}
        </Button>
      </span>
    </div>
  );
}
