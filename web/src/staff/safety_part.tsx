// SPDX-License-Identifier: Apache-2.0
// What is agreed for when somebody is not safe, on their own page: shown at once where the glass was broken for it, together with
// the place that they last said; else on asking, and where the role needs a reason, with one. Not here: who may (the service).
import { useState } from 'react';
import type { Reason } from '../api/client';
import type { Safety } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { useAccount, useLoaded } from './account';
import { AskReason } from './ask_reason';
import { Shown } from './frame';
import { type SummaryRow, SummaryRows } from './summary_rows';
import { whenWords } from './words';

function planRows({ plan, emergency, place }: Safety['plans'][number]): SummaryRow[] {
  const contact = [emergency.name, emergency.relation, emergency.telephone].filter(Boolean).join(', ');
  return [
    { name: t('prepare.safety.signs'), value: plan.signs },
    { name: t('prepare.safety.helps'), value: plan.helps },
    { name: t('prepare.safety.people'), value: plan.people },
    { name: t('prepare.safety.ifLineDrops'), value: plan.ifLineDrops },
    { name: t('safety_plan.contact'), value: contact },
    { name: t('safety_plan.usual_place'), value: place },
  ].filter(({ value }) => value);
}

function PlaceShown({ place }: { place: Safety['place'] }) {
  const { me } = useAccount();
  return (
    <>
      <h3>{t('safety_plan.place')}</h3>
      {!place && <p>{t('safety_plan.no_place')}</p>}
      {place && !place.given && <p>{t('safety_plan.place_declined', { when: whenWords(place.saidAt, me.zone) })}</p>}
      {place?.given && (
        <>
          <p className="safety__place">
            {place.lines.map((line) => (
              <span key={line}>{line}</span>
            ))}
          </p>
          <p className="hint-text">{t('safety_plan.place_said', { when: whenWords(place.saidAt, me.zone) })}</p>
        </>
      )}
    </>
  );
}

function Plans({ safety }: { safety: Safety }) {
  const { me } = useAccount();
  return (
    <>
      {safety.placeOpen && <PlaceShown place={safety.place} />}
      {safety.plans.length === 0 && <p className="empty">{t('safety_plan.none')}</p>}
      {safety.plans.map((each) => (
        <div key={each.saidAt}>
          {safety.placeOpen && <h3>{t('safety_plan.agreed')}</h3>}
          <SummaryRows rows={planRows(each)} />
          <p className="hint-text">{t('safety_plan.said', { when: whenWords(each.saidAt, me.zone) })}</p>
        </div>
      ))}
    </>
  );
}

export function SafetyPart({ person, open }: { person: string; open: boolean }) {
  const [asked, setAsked] = useState(open);
  const [reason, setReason] = useState<Reason | undefined>();
  const loaded = useLoaded<Safety>(asked ? `/api/people/${person}/safety` : null, { reason });
  return (
    <section className="part" aria-labelledby="safety">
      <div className="part__head">
        <h2 id="safety">{t('safety_plan.title')}</h2>
      </div>
      {!asked && (
        <>
          <p className="hint-text">{t('safety_plan.on_record')}</p>
          <Button small onClick={() => setAsked(true)}>
            {t('safety_plan.show')}
          </Button>
        </>
      )}
      {asked && loaded.trouble?.kind === 'reason' && <AskReason words={t('access.reason_words')} onReason={setReason} />}
      {asked && loaded.trouble?.kind !== 'reason' && <Shown of={loaded}>{(safety) => <Plans safety={safety} />}</Shown>}
    </section>
  );
}
