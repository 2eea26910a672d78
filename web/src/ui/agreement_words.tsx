// SPDX-License-Identifier: Apache-2.0
// The group's agreement as it is read: in plain words, or in Easy Read with a drawing beside each sentence. Not here: agreeing.
import { useState } from 'react';
import type { AgreementShown } from '../call/model';
import { t } from '../texts/text';
import { Button } from './button';
import { Icon, type IconName } from './icon';

const drawings: Readonly<Record<string, IconName>> = {
  talk: 'chat', listen: 'sound', quiet: 'microphone_off', lock: 'lock', person: 'hand', people: 'people', camera: 'camera', phone: 'phone',
  clock: 'clock', heart: 'heart', door: 'leave', help: 'help',
};

export function AgreementWords({ agreement, easyFirst = false, only }: { agreement: AgreementShown; easyFirst?: boolean; only?: 'plain' | 'easy' }) {
  const [chosen, setEasy] = useState(easyFirst);
  const easy = only ? only === 'easy' : chosen;
  return (
    <div className="agreement">
      <p className="agreement__title">{agreement.title}</p>
      {agreement.easy.length > 0 && !only && (
        <div className="button-row" role="group" aria-label={t('agreement.form')}>
          <Button small pressed={!easy} onClick={() => setEasy(false)}>
            {t('agreement.plain')}
          </Button>
          <Button small pressed={easy} onClick={() => setEasy(true)}>
            {t('agreement.easy')}
          </Button>
        </div>
      )}
      {easy ? (
        <ul className="agreement__easy">
          {agreement.easy.map(({ symbol, words }) => (
            <li key={words}>
              <Icon name={drawings[symbol] ?? 'notice'} />
              <span dir="auto">{words}</span>
            </li>
          ))}
        </ul>
      ) : (
        <ol className="agreement__points">
          {agreement.points.map((point) => (
            <li key={point} dir="auto">
              {point}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
