// SPDX-License-Identifier: Apache-2.0
// What stands behind its summary until it is opened, in nhsuk-frontend's classes.
import type { ReactNode } from 'react';

export function Details({ summary, children }: { summary: ReactNode; children: ReactNode }) {
  return (
    <details className="nhsuk-details">
      <summary className="nhsuk-details__summary">
        <span className="nhsuk-details__summary-text">{summary}</span>
      </summary>
      <div className="nhsuk-details__text">{children}</div>
    </details>
  );
}
