// SPDX-License-Identifier: Apache-2.0
// How long what is kept: what will go on which day, whose records of one's teams, each thing's period, what went. Nothing is decided
// here: a record is kept longer on its own page (keep_page), a period is changed on its own (rule_page).
import type { RecordShown, Retention, RetentionRule } from '../../api/model';
import { t } from '../../texts/text';
import { has, useAccount, useList, useLoaded } from '../account';
import { Frame, More, Said, Shown } from '../frame';
import { type Address, Go } from '../place';
import { dateWords, dayOf, dayWords } from '../time';
import { keptWords } from './duty_words';

function WillGo({ days }: { days: Retention['days'] }) {
  return (
    <section className="part" aria-labelledby="will-go">
      <h2 id="will-go">{t('records.will_go')}</h2>
      {days.length === 0 && <p className="empty">{t('records.nothing_goes')}</p>}
      {days.map(({ day, kinds }) => (
        <div key={day}>
          <h3>{t('records.day', { day: dayWords(day) })}</h3>
          <ul className="rows">
            {kinds.map(({ kind, items }) => (
              <li key={kind} className="row">
                <div className="row__words">{t(`kept.${kind}`)}</div>
                <div className="row__end">
                  <strong>{items}</strong>
                </div>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function Whose() {
  const loaded = useList<RecordShown>('/api/retention/records');
  return (
    <section className="part" aria-labelledby="whose">
      <h2 id="whose">{t('records.whose')}</h2>
      <p>{t('records.whose_words')}</p>
      <Shown of={loaded}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="empty">{t('records.whose_none')}</p>
          ) : (
            <>
              <ul className="rows">
                {items.map((one) => (
                  <li key={one.id} className="row">
                    <div className="row__words">
                      <strong>
                        <Go to={`/staff/${one.kind}/${one.id}/keeping`}>{one.name}</Go>
                      </strong>
                    </div>
                    <div className="row__end">{t('records.goes', { day: dateWords(one.goes) })}</div>
                  </li>
                ))}
              </ul>
              <More of={loaded} />
            </>
          )
        }
      </Shown>
    </section>
  );
}

function Periods({ rules, mayChange }: { rules: readonly RetentionRule[]; mayChange: boolean }) {
  return (
    <section className="part" aria-labelledby="periods">
      <h2 id="periods">{t('records.periods')}</h2>
      <dl className="summary">
        {rules.map((rule) => (
          <div key={rule.kind} className="summary__row">
            <dt>{t(`kept.${rule.kind}`)}</dt>
            <dd>
              <span>{keptWords(rule)}</span>
              {rule.version > 0 && <span className="row__soft">{t('period.own')}</span>}
            </dd>
            {mayChange && rule.how !== 'standing' && (
              <dd className="summary__change">
                <Go to={`/staff/records/rules/${rule.kind}`}>
                  {t('word.change')}
                  <span className="visually-hidden"> {t(`kept.${rule.kind}`)}</span>
                </Go>
              </dd>
            )}
          </div>
        ))}
      </dl>
    </section>
  );
}

function Went({ went, zone }: { went: Retention['went']; zone: string }) {
  return (
    <section className="part" aria-labelledby="went">
      <h2 id="went">{t('records.went')}</h2>
      {went.length === 0 ? (
        <p className="empty">{t('records.went_none')}</p>
      ) : (
        <ul className="rows">
          {went.map(({ at, kind, items }) => (
            <li key={`${at}${kind}`} className="row">
              <div className="row__words">{t(`kept.${kind}`)}</div>
              <div className="row__end">
                <strong>{items}</strong>
                <span className="row__soft">{dateWords(dayOf(Date.parse(at), zone))}</span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function RecordsPage({ address }: { address: Address }) {
  const { me } = useAccount();
  const loaded = useLoaded<Retention>('/api/retention');
  return (
    <Frame title={t('records.title')} wide>
      <Said words={address.query.get('done') === 'saved' ? t('records.saved') : ''} />
      <Shown of={loaded}>
        {({ noticeDays, lastRun, holds, rules, days, went }) => (
          <>
            <p>{t('records.words', { days: noticeDays })}</p>
            <p className="row__soft">
              {lastRun ? t('records.last_run', { day: dateWords(lastRun) }) : t('records.no_run')} {t('records.holds', { count: holds })}
            </p>
            <WillGo days={days} />
            {has(me, 'team_lead') && <Whose />}
            <Periods rules={rules} mayChange={has(me, 'administrator')} />
            <Went went={went} zone={me.zone} />
          </>
        )}
      </Shown>
    </Frame>
  );
}
