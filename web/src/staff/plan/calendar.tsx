// SPDX-License-Identifier: Apache-2.0
// The dates of a series as months to look at. A date of the series is a switch: on, the group meets; off, it is left out.
// Beneath: how many sessions that makes, when the last one is, and what a change of the clocks does. Not here: the dates
// themselves (time.ts).
import { t } from '../../texts/text';
import { dayWords, type Meeting, monthWords, weekdayWords, weeksOf } from '../time';

interface MonthProps {
  month: string; // any day of it
  meetings: ReadonlyMap<string, Meeting>;
  onToggle: (day: string) => void;
}

function Month({ month, meetings, onToggle }: MonthProps) {
  return (
    <table className="month">
      <caption>{monthWords(month)}</caption>
      <thead>
        <tr>
          {[1, 2, 3, 4, 5, 6, 7].map((weekday) => (
            <th key={weekday} scope="col" abbr={weekdayWords(weekday)}>
              {weekdayWords(weekday, 'short')}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(month).map((week, row) => (
          <tr key={row}>
            {week.map((day, column) => {
              const meeting = day ? meetings.get(day) : undefined;
              const number = day ? String(Number(day.slice(8))) : '';
              return (
                <td key={day ?? column}>
                  {meeting && day ? (
                    <button
                      type="button"
                      className={meeting.number === null ? 'month__day month__day--out' : 'month__day'}
                      aria-pressed={meeting.number !== null}
                      aria-label={meeting.number === null ? t('calendar.out', { day: dayWords(day) }) : t('calendar.in', { day: dayWords(day), number: meeting.number })}
                      onClick={() => onToggle(day)}
                    >
                      {number}
                    </button>
                  ) : (
                    <span className="month__none">{number}</span>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ClockNotes({ meetings, time }: { meetings: readonly Meeting[]; time: string }) {
  const changed = meetings.filter(({ clockChange }) => clockChange);
  const moved = meetings.filter((one) => one.moved !== null && one.number !== null);
  if (changed.length + moved.length === 0) return null;
  return (
    <div className="callout">
      <div>
        {changed.map(({ day }) => (
          <p key={day}>{t('calendar.clocks', { day: dayWords(day), time })}</p>
        ))}
        {moved.map(({ day, moved: to }) => (
          <p key={day}>{t('calendar.moved', { day: dayWords(day), time, to: to ?? '' })}</p>
        ))}
      </div>
    </div>
  );
}

export function Calendar({ meetings, time, onToggle }: { meetings: readonly Meeting[]; time: string; onToggle: (day: string) => void }) {
  const first = meetings[0];
  if (!first) return <p className="empty">{t('calendar.none')}</p>;
  const byDay = new Map(meetings.map((meeting) => [meeting.day, meeting]));
  const months = [...new Set(meetings.map(({ day }) => day.slice(0, 7)))];
  const held = meetings.filter(({ number }) => number !== null);
  const last = held[held.length - 1];
  return (
    <section aria-labelledby="calendar-title" className="calendar">
      <h2 id="calendar-title">{t('calendar.title')}</h2>
      <p>{t('calendar.words')}</p>
      <p role="status">
        {t('calendar.count', { count: held.length })} {last && t('calendar.last', { day: dayWords(last.day) })}
      </p>
      <ClockNotes meetings={meetings} time={time} />
      <div className="months">
        {months.map((month) => (
          <Month key={month} month={`${month}-01`} meetings={byDay} onToggle={onToggle} />
        ))}
      </div>
    </section>
  );
}
