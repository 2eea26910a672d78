// SPDX-License-Identifier: Apache-2.0
// Who has said where they are, for facilitators: yes or no; and the place itself, after one tap that says why. What is shown is
// gone when the dialog closes. Not here: keeping or auditing (the service does both).
import { useEffect, useState } from 'react';
import type { ArrivalDesk, OpenedPlace, PlaceSaid } from '../../api/arrival';
import type { Seat } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { Dialog } from '../dialog';

export interface Places {
  desk: ArrivalDesk;
  session: string | null; // null: the demonstration
  said: readonly PlaceSaid[];
}

// Read again when somebody comes or goes, and now and then.
export function usePlaces(desk: ArrivalDesk, session: string | null, on: boolean, comings: string): Places {
  const [said, setSaid] = useState<readonly PlaceSaid[]>([]);
  useEffect(() => {
    if (!on) return;
    let stopped = false;
    const read = async (): Promise<void> => {
      const answer = await desk.placesSaid();
      if (!stopped && answer) setSaid(answer);
    };
    void read();
    const timer = setInterval(() => void read(), 15_000);
    return () => {
      stopped = true;
      clearInterval(timer);
    };
  }, [desk, on, comings]);
  return { desk, session, said };
}

export const placeWords = (places: Places, seat: Seat): string => {
  const one = places.said.find((each) => each.seat === seat);
  return t(one ? (one.given ? 'said.place_yes' : 'said.place_no') : 'said.place_unknown');
};

const reasons = [
  { code: 'worried-about-safety', key: 'place.why.worried' },
  { code: 'left-suddenly', key: 'place.why.left' },
  { code: 'asked-for-help', key: 'place.why.help' },
  { code: 'sending-help', key: 'place.why.emergency' },
] as const;

function Found({ name, found }: { name: string; found: OpenedPlace | 'none' | 'sign-in' | 'unreachable' }) {
  if (found === 'none') return <p>{t('place.none', { name })}</p>;
  if (found === 'sign-in') return <p>{t('place.sign_in')}</p>;
  if (found === 'unreachable') return <p>{t('place.trouble')}</p>;
  if (!found.given || found.kind === 'declined') return <p>{t('place.declined', { name })}</p>;
  return (
    <>
      <p>{t('place.is', { name })}</p>
      <p>{t(`place.kind.${found.kind}`)}</p>
      <p className="place-lines" dir="auto">
        {found.lines.map((line) => (
          <span key={line}>{line}</span>
        ))}
      </p>
    </>
  );
}

export function PlaceDialog({ places, seat, name, onClose }: { places: Places; seat: Seat; name: string; onClose: () => void }) {
  const [found, setFound] = useState<OpenedPlace | 'none' | 'sign-in' | 'unreachable' | null>(null);
  const look = async (code: string): Promise<void> => setFound(await places.desk.openPlace(places.session, seat, code));
  const settled = found !== null && found !== 'sign-in' && found !== 'unreachable';
  return (
    <Dialog title={t('place.title', { name })} onClose={onClose}>
      <div role="status">{found && <Found name={name} found={found} />}</div>
      {!settled && (
        <>
          <p>{t('place.why')}</p>
          <div className="button-list">
            {reasons.map(({ code, key }) => (
              <Button key={code} onClick={() => void look(code)}>
                {t(key)}
              </Button>
            ))}
          </div>
        </>
      )}
    </Dialog>
  );
}

export function PlaceButton({ places, seat, name }: { places: Places; seat: Seat; name: string }) {
  const [open, setOpen] = useState(false);
  if (!places.said.some((one) => one.seat === seat && one.given)) return null;
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {t('place.open', { name })}
      </Button>
      {open && <PlaceDialog places={places} seat={seat} name={name} onClose={() => setOpen(false)} />}
    </>
  );
}
