// SPDX-License-Identifier: Apache-2.0
// When a group meets: the first date, the time, how often and how many times, with the calendar that this makes.
import { useState } from 'react';
import type { NewSeries } from '../../api/model';
import { t } from '../../texts/text';
import { DateField, SelectField, TextField } from '../fields';
import { fieldId, type FormState } from '../form';
import { meetingsOf, weekdayOf, weekdayWords, isDay } from '../time';
import { Calendar } from './calendar';

const usual = [7, 14, 1] as const;

function HowOften<T>({ form, at, first }: { form: FormState<T>; at: string; first: string }) {
  const now = form.get(at);
  const [other, setOther] = useState(!usual.some((days) => days === now));
  const id = `${fieldId(at)}-usual`;
  const weekday = isDay(first) ? weekdayWords(weekdayOf(first)) : '';
  const words = (days: number): string =>
    days === 7 ? (weekday ? t('when.weekly_on', { weekday }) : t('when.weekly')) : days === 14 ? t('when.fortnightly') : t('when.daily');
  return (
    <div className="nhsuk-form-group">
      <fieldset className="nhsuk-fieldset">
        <legend className="nhsuk-fieldset__legend">{t('when.every')}</legend>
        <div className="choices">
          {usual.map((days) => (
            <label key={days} className="choice" htmlFor={`${id}-${days}`}>
              <input
                id={`${id}-${days}`}
                type="radio"
                name={id}
                checked={!other && now === days}
                onChange={() => {
                  setOther(false);
                  form.set(at, days);
                }}
              />
              <span>{words(days)}</span>
            </label>
          ))}
          <label className="choice" htmlFor={`${id}-other`}>
            <input id={`${id}-other`} type="radio" name={id} checked={other} onChange={() => setOther(true)} />
            <span>{t('when.other')}</span>
          </label>
        </div>
      </fieldset>
      {other && (
        <div className="choice__within">
          <TextField form={form} at={at} label={t('when.every_days')} width="short" number />
        </div>
      )}
    </div>
  );
}

const zones = ['Europe/London', 'Europe/Dublin', 'Europe/Paris', 'Europe/Lisbon', 'America/New_York', 'Australia/Sydney', 'UTC'];

export function ZoneField<T>({ form, at }: { form: FormState<T>; at: string }) {
  const now = String(form.get(at) ?? '');
  const list = zones.includes(now) || !now ? zones : [now, ...zones];
  return <SelectField form={form} at={at} label={t('plan.zone')} hint={t('plan.zone_hint')} choices={list.map((zone) => ({ value: zone, label: zone.replace('_', ' ') }))} />;
}

export function WhenFields<T>({ form, under, zone }: { form: FormState<T>; under: string; zone: string }) {
  const series = form.get(under) as NewSeries;
  const meetings = meetingsOf(series, zone);
  const toggle = (day: string): void =>
    form.set(`${under}/exceptions`, series.exceptions.includes(day) ? series.exceptions.filter((one) => one !== day) : [...series.exceptions, day]);
  return (
    <>
      <DateField form={form} at={`${under}/firstDate`} label={t('when.first')} hint={t('when.first_hint')} empty="" />
      <TextField form={form} at={`${under}/startTime`} label={t('when.time')} hint={t('when.time_hint')} time width="short" />
      <TextField form={form} at={`${under}/minutes`} label={t('when.minutes')} width="short" number />
      <HowOften form={form} at={`${under}/everyDays`} first={series.firstDate} />
      <TextField form={form} at={`${under}/count`} label={t('when.count')} hint={t('when.count_hint')} width="short" number />
      <Calendar meetings={meetings} time={series.startTime} onToggle={toggle} />
    </>
  );
}
