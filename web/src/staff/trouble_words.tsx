// SPDX-License-Identifier: Apache-2.0
// A trouble in words: what happened, what it means, what to do. With `form`, what was typed is still there.
import type { Trouble } from '../api/client';
import { t } from '../texts/text';

export function TroubleWords({ trouble, form }: { trouble: Trouble; form?: boolean }) {
  const still = form ? ` ${t('trouble.still_here')}` : '';
  switch (trouble.kind) {
    case 'unreachable':
      return (
        <>
          <h2>{t(form ? 'trouble.not_saved' : 'trouble.not_loaded')}</h2>
          <p>
            {t(trouble.why === 'full' ? 'trouble.full' : trouble.why === 'unavailable' ? 'trouble.unavailable' : 'trouble.unreachable')}
            {still}
          </p>
        </>
      );
    case 'too-large':
      return (
        <>
          <h2>{t('trouble.not_saved')}</h2>
          <p>
            {t('trouble.too_large')}
            {still}
          </p>
        </>
      );
    case 'conflict':
      return (
        <>
          <h2>{t('trouble.not_saved')}</h2>
          <p>
            {trouble.title || t('trouble.conflict')}
            {still}
          </p>
        </>
      );
    case 'too-fast':
      return (
        <>
          <h2>{t('trouble.too_fast')}</h2>
          <p>{trouble.seconds ? t('trouble.too_fast_for', { minutes: Math.ceil(trouble.seconds / 60) }) : t('trouble.too_fast_wait')}</p>
        </>
      );
    case 'refused':
    case 'reason':
      return (
        <>
          <h2>{t('trouble.refused')}</h2>
          <p>{t('trouble.refused_do')}</p>
        </>
      );
    case 'gone':
      return (
        <>
          <h2>{t('trouble.gone')}</h2>
          <p>{t('trouble.gone_do')}</p>
        </>
      );
    case 'signed-out':
      return (
        <>
          <h2>{t('trouble.signed_out')}</h2>
          <p>{t('trouble.signed_out_do')}</p>
        </>
      );
    case 'changed':
      return (
        <>
          <h2>{t('trouble.changed')}</h2>
          <p>{t('trouble.changed_do')}</p>
        </>
      );
    default:
      return (
        <>
          <h2>{t('trouble.unexpected')}</h2>
          <p>
            {t('trouble.unexpected_do')}
            {still}
          </p>
        </>
      );
  }
}
