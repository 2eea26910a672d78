// SPDX-License-Identifier: Apache-2.0
// On today: how many letters and calls there are to do, and changes of contact that wait; a tap leads there.
import type { MessageRow, WaitingChange } from '../../api/messages';
import type { Listing } from '../../api/model';
import { t } from '../../texts/text';
import { useLoaded } from '../account';
import { Go } from '../place';

export function LettersLine() {
  const rows = useLoaded<Listing<MessageRow>>('/api/messages/to-do?limit=200');
  const changes = useLoaded<{ items: WaitingChange[] }>('/api/contact-changes');
  const waiting = changes.value?.items.length ?? 0;
  return (
    <p className="letters-line">
      <Go to="/staff/letters">{t('letters.today', { count: rows.value?.items.length ?? 0 })}</Go>
      {waiting > 0 && <Go to="/staff/letters">{t('letters.today_changes', { count: waiting })}</Go>}
    </p>
  );
}
