// SPDX-License-Identifier: Apache-2.0
// One line that a person must know or answer: what it is, and what can be done. Its list is a live region (notices.tsx).
import type { ReactNode } from 'react';
import { Icon, type IconName } from '../icon';

export function Notice({ icon, children, actions }: { icon: IconName; children: ReactNode; actions: ReactNode }) {
  return (
    <div className="notice">
      <Icon name={icon} />
      <p>{children}</p>
      <div className="notice__actions">{actions}</div>
    </div>
  );
}
