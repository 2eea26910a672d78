// SPDX-License-Identifier: Apache-2.0
// After: left, ended, removed, turned away, opened elsewhere, line gone too long, not let in. Each in its own words with what
// to do next; never like an error.
import type { Arrival, Stage } from '../call/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { DutyWords, Page } from '../ui/page';

type Gone = Extract<Stage, { at: 'gone' }>['why'];
type Refused = Extract<Stage, { at: 'refused' }>['why'];

const mayComeBack: Record<Gone, boolean> = {
  left: true,
  dropped: true,
  superseded: false,
  removed: false,
  declined: false,
  ended: false,
};

interface AfterProps {
  why: Gone;
  arrival: Arrival;
  onComeBack: () => void;
}

export function AfterPage({ why, arrival, onComeBack }: AfterProps) {
  return (
    <Page title={t(`after.${why}.title`)}>
      <p className="lead">{t(`after.${why}.now`)}</p>
      <p>{t(`after.${why}.next`)}</p>
      {mayComeBack[why] && (
        <Button look={why === 'dropped' ? 'main' : 'quiet'} onClick={onComeBack}>
          {t(`after.come_back`)}
        </Button>
      )}
      <h2>{t('after.hard')}</h2>
      <DutyWords number={arrival.dutyNumber} />
      <p>{t('after.close')}</p>
      <p className="hint-text">{t('kept')}</p>
    </Page>
  );
}

// The link of a session that ended, opened again. A facilitator may open the session again.
export function EndedLinkPage({ onAgain }: { onAgain: () => void }) {
  return (
    <Page title={t('over.title')}>
      <p className="lead">{t('over.now')}</p>
      <p>{t('over.next')}</p>
      <p>{t('over.again')}</p>
      <Button look="quiet" onClick={onAgain}>
        {t('refused.again')}
      </Button>
      <h2>{t('after.hard')}</h2>
      <p>{t('over.hard')}</p>
      <p>{t('duty.danger')}</p>
      <p>{t('after.close')}</p>
    </Page>
  );
}

interface RefusedProps {
  why: Refused;
  dutyNumber: string | null;
  onAgain?: (() => void) | undefined;
}

const mayTryAgain: readonly Refused[] = ['not-open', 'full', 'unreachable'];

export function RefusedPage({ why, dutyNumber, onAgain }: RefusedProps) {
  return (
    <Page title={t(`refused.${why}.title`)}>
      <p className="lead">{t(`refused.${why}.means`)}</p>
      <p>{t(`refused.${why}.do`)}</p>
      {onAgain && mayTryAgain.includes(why) && (
        <Button look="main" onClick={onAgain}>
          {t('refused.again')}
        </Button>
      )}
      {dutyNumber ? <DutyWords number={dutyNumber} /> : <p>{t('duty.danger')}</p>}
    </Page>
  );
}
