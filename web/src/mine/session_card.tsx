// SPDX-License-Identifier: Apache-2.0
// One session on the person's own page: when it is, how they take part (every way the same size, none chosen beforehand), joining
// it, and the calendar entry. Says nothing of the group or of anybody else.
import { useState } from 'react';
import { calendarOf, chooseWay, type MySession, takeSeat, type Way } from '../api/mine';
import { localeTag, t } from '../texts/text';
import { Button } from '../ui/button';

export const dayWords = (date: string): string =>
  new Intl.DateTimeFormat(localeTag(), { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(`${date}T12:00:00Z`));
export const timeWords = (time: string): string =>
  new Intl.DateTimeFormat(localeTag(), { hour: 'numeric', minute: '2-digit', hour12: true, timeZone: 'UTC' }).format(new Date(`2026-01-01T${time}:00Z`));

// Where this device's clock shows another time than the group's: when it begins here.
export function hereWords(session: Pick<MySession, 'date' | 'time' | 'zone' | 'startsAt'>, zone?: string): string | null {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' })
    .formatToParts(new Date(session.startsAt))
    .reduce<Record<string, string>>((all, { type, value }) => ({ ...all, [type]: value }), {});
  const date = `${parts['year']}-${parts['month']}-${parts['day']}`;
  const time = `${parts['hour']}:${parts['minute']}`;
  if (date === session.date && time === session.time) return null;
  const place = (session.zone.split('/').pop() ?? session.zone).replaceAll('_', ' ');
  return t('mine.other_zone', { place, day: dayWords(date), time: timeWords(time) });
}

const saveAs = (blob: Blob): void => {
  const at = URL.createObjectURL(blob);
  const anchor = document.createElement('a');
  anchor.href = at;
  anchor.download = 'appointment.ics';
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(at), 10_000);
};

interface CardProps {
  visit: string;
  session: MySession;
  supporter: boolean;
  onChange: (session: MySession) => void;
  onOver: () => void;
}

// What they said, while it is still offered: the plan, or this page, may be older than the other.
export const saidWay = ({ way, ways }: Pick<MySession, 'way' | 'ways'>): Way | null => (way && ways.includes(way) ? way : null);

function Ways({ visit, session, onChange, onOver }: CardProps) {
  const [said, setSaid] = useState<'saved' | 'not-saved' | null>(null);
  const way = saidWay(session);
  const choose = async (wanted: Way): Promise<void> => {
    const answer = await chooseWay(visit, session.id, wanted);
    if (answer.ok) onChange(answer.value);
    else if (answer.why === 'over') return onOver();
    setSaid(answer.ok ? 'saved' : 'not-saved');
  };
  return (
    <fieldset className="ways">
      <legend>{t('mine.how', { day: dayWords(session.date) })}</legend>
      <p className="hint-text">{t('mine.any_time')}</p>
      <div className="ways__row">
        {session.ways.map((each) => (
          <label key={each} className="way">
            <input type="radio" name={`way-${session.id}`} value={each} checked={way === each} onChange={() => void choose(each)} />
            <span>{t(`mine.way.${each}`)}</span>
          </label>
        ))}
      </div>
      <p role="status" className="ways__said">
        {said === 'not-saved' ? t('mine.not_saved') : said === 'saved' && way ? t('mine.saved', { way: t(`mine.way.${way}`) }) : way ? '' : t('mine.not_said')}
      </p>
    </fieldset>
  );
}

// No other scheme than https becomes a link, whatever the service says.
function Elsewhere({ software, address }: { software: string; address: string }) {
  if (!address.startsWith('https://')) return <p>{t('mine.elsewhere', { software })}</p>;
  return (
    <>
      <p>{t('mine.elsewhere_held', { software })}</p>
      <p>
        <a className="nhsuk-button nhsuk-button--secondary" href={address} target="_blank" rel="noopener noreferrer">
          {t('mine.elsewhere_join', { software })}
        </a>
      </p>
      <p className="hint-text">{t('mine.elsewhere_name')}</p>
    </>
  );
}

function Joining({ visit, session, onOver }: CardProps) {
  const [gone, setGone] = useState(false);
  const join = async (): Promise<void> => {
    const seat = await takeSeat(visit, session.id);
    if (seat.ok) location.replace(`/join#${seat.value.link}`);
    else if (seat.why === 'over') onOver();
    else setGone(true);
  };
  if (session.heldOn === 'in_person') return null;
  if (session.heldOn !== 'quietroom') return <Elsewhere software={session.heldOn} address={session.joinAddress} />;
  if (!session.open) return <p className="hint-text">{t('mine.join_later')}</p>;
  return (
    <>
      <Button look="main" onClick={() => void join()}>
        {t('mine.join')}
      </Button>
      {gone && <p role="alert">{t('mine.seat_gone')}</p>}
    </>
  );
}

export function SessionCard(props: CardProps & { heading: string }) {
  const { session, supporter, visit, heading } = props;
  const off = session.state === 'cancelled';
  const [failed, setFailed] = useState(false);
  const here = hereWords(session);
  const calendar = async (): Promise<void> => {
    const blob = await calendarOf(visit, session.id);
    if (blob) saveAs(blob);
    setFailed(blob === null);
  };
  return (
    <section className="my-session" aria-label={`${heading}: ${dayWords(session.date)}`}>
      <h2>{heading}</h2>
      <p className="my-session__when">
        <strong>{t('mine.when', { day: dayWords(session.date), time: timeWords(session.time) })}</strong>
      </p>
      {here && <p>{here}</p>}
      {off ? (
        <p className="callout">{t('mine.cancelled')}</p>
      ) : (
        <>
          <p>{t('mine.lasts', { minutes: session.minutes })}</p>
          <Joining {...props} />
          {!supporter && session.ways.length > 0 && <Ways {...props} />}
          {session.ways.includes('in_person') && session.venue !== '' && <p>{t('mine.in_person_at', { venue: session.venue })}</p>}
          {session.ways.includes('phone') && session.byPhone !== '' && <p>{t('mine.by_phone', { how: session.byPhone })}</p>}
          <Button onClick={() => void calendar()}>{t('mine.calendar')}</Button>
          {failed && <p role="alert">{t('mine.not_saved')}</p>}
        </>
      )}
    </section>
  );
}
