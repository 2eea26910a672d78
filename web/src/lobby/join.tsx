// SPDX-License-Identifier: Apache-2.0
// `/join#secret`: takes the secret out of the address, asks the service whose link it is, opens the call and shows its pages.
// Fetching changes nothing on the server: only "I'm ready" does.
import { useEffect, useState } from 'react';
import { type ArrivalDesk, arrivalDesk } from '../api/arrival';
import { arrive, bookingCards, type Failure } from '../api/arrive';
import type { Arrival, BookingCard, CallSession } from '../call/model';
import { missing, openSession } from '../call/open';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { forgetView } from '../ui/kept';
import { forgetWatch } from '../ui/watch';
import { Page } from '../ui/page';
import { useCall } from '../ui/use_call';
import { EndedLinkPage, RefusedPage } from './after_page';
import { CallPages } from './call_pages';
import { browserPlace, tabShelf, takeLink } from './link';
import { ConnectingPage } from './still_pages';

export function UnknownLinkPage() {
  return (
    <Page title={t('link.title')}>
      <p className="lead">{t('link.means')}</p>
      <p>{t('link.do')}</p>
      <p>{t('start.other_ways')}</p>
    </Page>
  );
}

export function OfflinePage({ onAgain }: { onAgain: () => void }) {
  return (
    <Page title={t('offline.title')}>
      <p className="lead">{t('offline.means')}</p>
      <p>{t('offline.do')}</p>
      <Button look="main" onClick={onAgain}>
        {t('offline.again')}
      </Button>
    </Page>
  );
}

function FailurePage({ failure, onAgain }: { failure: Failure; onAgain: () => void }) {
  if (failure === 'unknown-link' || failure === 'not-allowed') return <UnknownLinkPage />;
  if (failure === 'ended') return <EndedLinkPage onAgain={onAgain} />;
  if (failure === 'not-open') return <RefusedPage why="not-open" dutyNumber={null} onAgain={onAgain} />;
  return <OfflinePage onAgain={onAgain} />;
}

// Booking cards give facilitators the names; asked again now and then while the service cannot answer.
const useCards = (session: CallSession, link: string, arrival: Arrival): readonly BookingCard[] => {
  const [cards, setCards] = useState<readonly BookingCard[]>([]);
  const leads = arrival.role === 'facilitator' || arrival.role === 'co_facilitator';
  useEffect(() => {
    if (!leads) return;
    let again: ReturnType<typeof setTimeout> | null = null;
    let stopped = false;
    const ask = async (): Promise<void> => {
      const answer = await bookingCards(link);
      if (stopped) return;
      if (!answer.ok) {
        if (answer.failure !== 'not-allowed' && answer.failure !== 'unknown-link') again = setTimeout(() => void ask(), 5_000);
        return;
      }
      setCards(answer.value);
      session.setNames(new Map(answer.value.map((card) => [card.seat, card.alias])));
    };
    void ask();
    return () => {
      stopped = true;
      if (again !== null) clearTimeout(again);
    };
  }, [session, link, leads]);
  return cards;
};

function InCall({ session, link, arrival, onComeBack }: { session: CallSession; link: string; arrival: Arrival; onComeBack: () => void }) {
  const [desk] = useState<ArrivalDesk>(() => arrivalDesk(link));
  const cards = useCards(session, link, arrival);
  const { stage } = useCall(session);
  useEffect(() => {
    if (stage.at !== 'gone') return;
    forgetView();
    forgetWatch();
    if (stage.why !== 'dropped') tabShelf.put(null); // a shared device keeps nothing
  }, [stage]);
  return <CallPages session={session} arrival={arrival} cards={cards} desk={desk} onComeBack={onComeBack} />;
}

type Found = { at: 'asking' } | { at: 'failed'; failure: Failure } | { at: 'call'; session: CallSession; arrival: Arrival; tries: number };

export function Join() {
  const [link] = useState(() => takeLink(browserPlace(), tabShelf));
  const [found, setFound] = useState<Found>({ at: 'asking' });
  const begin = async (): Promise<void> => {
    if (link === null) return setFound({ at: 'failed', failure: 'unknown-link' });
    const answer = await arrive(link);
    if (!answer.ok) return setFound({ at: 'failed', failure: answer.failure });
    tabShelf.put(link);
    const session = openSession(link, answer.value.disguise);
    setFound((last) => ({ at: 'call', session, arrival: answer.value, tries: last.at === 'call' ? last.tries + 1 : 0 }));
  };
  useEffect(() => {
    document.title = t('document.title');
    if (missing().length === 0) void begin();
    const another = (): void => {
      if (takeLink(browserPlace(), tabShelf) !== null) location.reload(); // another link was opened in this tab
    };
    addEventListener('hashchange', another);
    return () => removeEventListener('hashchange', another);
  }, []);
  if (missing().length > 0) return <RefusedPage why="too-old-browser" dutyNumber={null} />;
  if (found.at === 'asking') return <ConnectingPage />;
  if (found.at === 'failed') return <FailurePage failure={found.failure} onAgain={() => void begin()} />;
  return <InCall key={found.tries} session={found.session} link={link ?? ''} arrival={found.arrival} onComeBack={() => void begin()} />;
}
