// SPDX-License-Identifier: Apache-2.0
// `/`: someone without a link. Says where the link is; in a demonstration it lists the made-up people to join as.
import { useEffect, useState } from 'react';
import { clockWords, t } from '../texts/text';
import { Page } from '../ui/page';
import { fetchDemo, type Demo } from './demo';

export function DemoWords({ demo }: { demo: Demo }) {
  return (
    <section className="demo" aria-labelledby="demo-title">
      <h2 id="demo-title">{t('start.demo_title')}</h2>
      <p>{t('start.demo_words')}</p>
      {demo.startsAt && demo.endsAt && (
        <p>{t('start.demo_group', { from: clockWords(new Date(demo.startsAt)), to: clockWords(new Date(demo.endsAt)) })}</p>
      )}
      <ul className="demo__links" aria-label={t('start.demo_links')}>
        {demo.links.map((link) => (
          <li key={link.address}>
            <a href={link.address} target="_blank" rel="noopener noreferrer">
              {t('start.demo_join', { name: link.alias })}
            </a>
            <span>{t(`role.${link.role}`)}</span>
          </li>
        ))}
      </ul>
      {demo.own.length > 0 && (
        <>
          <h3 id="demo-own">{t('start.demo_own')}</h3>
          <p>{t('start.demo_own_words')}</p>
          <ul className="demo__links" aria-labelledby="demo-own">
            {demo.own.map((one) => (
              <li key={one.address}>
                <a href={one.address} target="_blank" rel="noopener noreferrer">
                  {t('start.demo_own_open', { name: one.name })}
                </a>
                <span>{t('start.demo_own_answers', { date: one.birthDate.split('-').reverse().join(' '), postcode: one.postcode })}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

export function StartPage({ known }: { known?: Demo | null }) {
  const [demo, setDemo] = useState<Demo | null>(known ?? null);
  useEffect(() => {
    document.title = t('document.title');
    if (known === undefined) void fetchDemo().then(setDemo);
  }, []);
  return (
    <Page title={t('start.title')}>
      <p className="lead">{t('start.words')}</p>
      <p>{t('start.where')}</p>
      <p>
        {t('start.lost')} {t('start.other_ways')}
      </p>
      {demo && <DemoWords demo={demo} />}
      <p className="hint-text">
        <a href="/staff">{t('start.staff')}</a>
      </p>
    </Page>
  );
}
