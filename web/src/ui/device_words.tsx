// SPDX-License-Identifier: Apache-2.0
// A camera or microphone that does not work, in plain words: what happened, what it means, what to do. No blame, no red.
// Stands within a live region that is in the page before (notices, device fields), so that it is read out.
import type { DeviceTrouble } from '../call/model';
import { t } from '../texts/text';
import { Icon } from './icon';

export function DeviceTroubleWords({ what, trouble }: { what: 'camera' | 'microphone'; trouble: DeviceTrouble }) {
  return (
    <div className="callout">
      <Icon name="notice" />
      <div>
        <p className="callout__title">{t(`trouble.${what}.${trouble}`)}</p>
        <p>{t(`trouble.${what}.means`)}</p>
        <p>{t(`trouble.do.${trouble}`)}</p>
      </div>
    </div>
  );
}
