// SPDX-License-Identifier: Apache-2.0
// Names and values below one another (nhsuk summary list), each perhaps with a link that changes it.
import { t } from '../texts/text';
import { Go } from './place';

export interface SummaryRow {
  name: string;
  value: string; // line by line
  change?: string; // an address
  does?: string; // what the link to it says, where it is not "change"
}

export function SummaryRows({ rows }: { rows: readonly SummaryRow[] }) {
  return (
    <dl className="summary">
      {rows.map(({ name, value, change, does }) => (
        <div key={name} className="summary__row">
          <dt>{name}</dt>
          <dd>
            {(value || t('word.not_said')).split('\n').map((line) => (
              <span key={line}>{line}</span>
            ))}
          </dd>
          {change && (
            <dd className="summary__change">
              <Go to={change}>
                {does ?? t('word.change')}
                <span className="visually-hidden"> {name}</span>
              </Go>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
