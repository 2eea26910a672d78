// SPDX-License-Identifier: Apache-2.0
// Asking to be reached at other times: at any time, or on some days between two times. Checked as a change of the way is, since a
// message at the wrong time can be read by somebody else. Kept for the tab while it is typed.
import { useState } from 'react';
import type { CheckBy, SafeHours } from '../api/mine';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { Choices, Field, useWish, type Wish, WishForm, type WishProps } from './contact_fields';
import { emptyStretch, hoursFaults, mostStretches, type When, weekdayName, weekdays } from './hours';
import { hoursShelf } from './visit';

interface Typed {
  when: When | null;
  hours: SafeHours[];
  check: CheckBy | null;
}
const kept = (): Partial<Typed> => {
  try {
    return (JSON.parse(hoursShelf.get() ?? 'null') as Partial<Typed> | null) ?? {};
  } catch {
    return {};
  }
};

interface StretchProps {
  index: number;
  stretch: SafeHours;
  wish: Wish;
  onType: (next: SafeHours) => void;
  onRemove: (() => void) | null;
}

function Stretch({ index, stretch, wish, onType, onRemove }: StretchProps) {
  const at = `/wanted/hours/${index}`;
  const days = wish.faultAt(`${at}/days`);
  const number = index + 1;
  return (
    <section className="stretch" aria-label={t('hours.number', { number })}>
      <fieldset className="days" aria-describedby={days ? `days-${index}-fault` : undefined}>
        <legend>{t('hours.days')}</legend>
        {days && (
          <p id={`days-${index}-fault`} className="field-fault">
            {days}
          </p>
        )}
        <div className="days__row">
          {weekdays.map((day) => (
            <label key={day} className="way">
              <input
                type="checkbox"
                checked={stretch.days.includes(day)}
                onChange={(event) => onType({ ...stretch, days: event.currentTarget.checked ? [...stretch.days, day].sort() : stretch.days.filter((other) => other !== day) })}
              />
              <span>{weekdayName(day)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className="stretch__times">
        {(['from', 'to'] as const).map((end) => {
          const fault = wish.faultAt(`${at}/${end}`);
          const id = `hours-${index}-${end}`;
          return (
            <Field key={end} id={id} label={t(`hours.${end}`)} fault={fault}>
              {(described) => (
                <input
                  id={id}
                  type="time"
                  className="text-field"
                  value={stretch[end]}
                  aria-describedby={described}
                  aria-invalid={fault ? true : undefined}
                  onInput={(event) => onType({ ...stretch, [end]: event.currentTarget.value.slice(0, 5) })}
                />
              )}
            </Field>
          );
        })}
      </div>
      {onRemove && (
        <Button small onClick={onRemove}>
          {t('hours.remove')}
          <span className="visually-hidden"> {t('hours.number', { number })}</span>
        </Button>
      )}
    </section>
  );
}

export function HoursForm(props: WishProps) {
  const { contact } = props;
  const [typed, setTyped] = useState<Typed>(() => ({ when: null, hours: contact.hours.length > 0 ? contact.hours : [emptyStretch], check: null, ...kept() }));
  const forget = (): void => hoursShelf.put(null);
  const wish = useWish(props, forget);
  const type = (next: Typed): void => {
    setTyped(next);
    hoursShelf.put(JSON.stringify(next));
  };
  const { when, hours, check } = typed;
  const send = async (): Promise<void> => {
    const faults = [...hoursFaults(when, hours), ...(check === null ? [{ pointer: '/check', detail: t('contact.fault.check') }] : [])];
    if (faults.length > 0 || check === null) return wish.fail(faults);
    await wish.send({ method: null, to: '', address: [], postcode: '', hours: when === 'any' ? [] : hours }, check);
  };
  return (
    <WishForm props={props} wish={wish} check={check} onCheck={(next) => type({ ...typed, check: next })} onSend={send} onForget={forget}>
      <Choices
        name="hours-when"
        legend={t('hours.when')}
        hint={t('hours.when_hint')}
        fault={wish.faultAt('/when') ?? wish.faultAt('/wanted/hours')}
        choices={(['any', 'some'] as const).map((value) => ({ value, label: t(`hours.when.${value}`) }))}
        value={when}
        onChoose={(next) => type({ ...typed, when: next })}
      />
      {when === 'some' && (
        <>
          {hours.map((stretch, index) => (
            <Stretch
              key={index}
              index={index}
              stretch={stretch}
              wish={wish}
              onType={(next) => type({ ...typed, hours: hours.map((one, place) => (place === index ? next : one)) })}
              onRemove={hours.length > 1 ? () => type({ ...typed, hours: hours.filter((_, place) => place !== index) }) : null}
            />
          ))}
          {hours.length < mostStretches && <Button onClick={() => type({ ...typed, hours: [...hours, emptyStretch] })}>{t('hours.add')}</Button>}
        </>
      )}
    </WishForm>
  );
}
