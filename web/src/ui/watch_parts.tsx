// SPDX-License-Identifier: Apache-2.0
// The setting of "not private now" by itself, and the question where it asks.
import { t } from '../texts/text';
import { Button } from './button';
import { Dialog } from './dialog';
import type { Watch, WatchState } from './watch';

const choices: readonly Watch[] = ['ask', 'self', 'no'];

export function WatchFields({ state }: { state: WatchState }) {
  return (
    <fieldset className="looks" aria-describedby="watch-words watch-hint">
      <legend className="visually-hidden">{t('watch.title')}</legend>
      <p id="watch-words">{t('watch.words')}</p>
      {choices.map((one) => (
        <label key={one} className="question__choice">
          <input type="radio" name="watch" value={one} checked={state.watch === one} onChange={() => state.setWatch(one)} />
          <span>{t(`watch.${one}`)}</span>
        </label>
      ))}
      <p className="hint-text" id="watch-hint">
        {t('watch.hint')}
      </p>
    </fieldset>
  );
}

export function WatchDialog({ state }: { state: WatchState }) {
  const { asking } = state;
  if (!asking) return null;
  return (
    <Dialog title={t(`watch.${asking}.title`)} onClose={state.goOn} noClose>
      <p>{t(`watch.${asking}.words`)}</p>
      <div className="button-row">
        <Button look="main" icon="not_private" onClick={state.cover}>
          {t('private.title')}
        </Button>
        <Button onClick={state.goOn}>{t('watch.go_on')}</Button>
      </div>
    </Dialog>
  );
}
