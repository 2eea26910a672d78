// SPDX-License-Identifier: Apache-2.0
// Alerts that are open, first on today for the team's leads and the group's facilitators: who, what, who has it; one tap takes it.
// Read again by itself. Not here: one alert with all of its history (alert_page.tsx).
import { useState } from 'react';
import type { Trouble } from '../api/client';
import type { Alert, Listing } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { useAccount, useFresh, useLoaded } from './account';
import { alertWords, whoseAlert } from './alert_words';
import { Go, goTo } from './place';
import { TroubleWords } from './trouble_words';
import { whenWords } from './words';

export const alertsEveryMs = 10_000;

export function AlertsPart() {
  const { client, me } = useAccount();
  const loaded = useLoaded<Listing<Alert>>('/api/alerts');
  useFresh(loaded, alertsEveryMs);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const take = async (alert: Alert): Promise<void> => {
    const outcome = await client.ask<unknown>('POST', `/api/alerts/${alert.id}/holder`, { body: { holder: me.id }, version: alert.version });
    if (outcome.ok) return goTo(`/staff/alerts/${alert.id}`);
    setTrouble(outcome.trouble);
    await loaded.again();
  };
  const items = loaded.value?.items ?? [];
  return (
    <div role="status">
      {trouble && (
        <div className="trouble">
          <TroubleWords trouble={trouble} />
        </div>
      )}
      {items.length > 0 && (
        <section className="notices" aria-labelledby="alerts">
          <h2 id="alerts">{t('alerts.open', { count: items.length })}</h2>
          <ul className="rows">
            {items.map((alert) => (
              <li key={alert.id} className="row">
                <div className="row__words">
                  <strong>{alertWords(alert)}</strong>
                  <span>{whoseAlert(alert)}</span>
                  <span className="row__soft">{t('alerts.where', { group: alert.group.name, number: alert.number, when: whenWords(alert.raisedAt, me.zone) })}</span>
                  <span className="row__soft">{alert.holder ? t(alert.holder.id === me.id ? 'alerts.mine' : 'alerts.held', { name: alert.holder.name }) : t('alerts.not_held')}</span>
                </div>
                <div className="row__end">
                  {!alert.holder && (
                    <Button look="main" small onClick={() => void take(alert)}>
                      {t('alerts.take')}
                      <span className="visually-hidden"> {whoseAlert(alert)}</span>
                    </Button>
                  )}
                  <Go to={`/staff/alerts/${alert.id}`} className="row__link">
                    {t('alerts.look')}
                    <span className="visually-hidden"> {whoseAlert(alert)}</span>
                  </Go>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
