// SPDX-License-Identifier: Apache-2.0
// Where a group or one session meets when it is not in the room of a building alone: here, perhaps in person, or on other software by
// its name. Not here: what the service does with it.
import { useState } from 'react';
import { t } from '../../texts/text';
import { TextField } from '../fields';
import { fieldId, type FormState } from '../form';

type Place = 'quietroom' | 'in_person';

interface SoftwareProps<T> {
  form: FormState<T>;
  at: string;
  label: string;
  places: readonly Place[]; // beside other software
}

export function SoftwareField<T>({ form, at, label, places }: SoftwareProps<T>) {
  const now = String(form.get(at) ?? '');
  const [other, setOther] = useState(!(places as readonly string[]).includes(now));
  const id = `${fieldId(at)}-which`;
  const choose = (place: Place | null): void => {
    setOther(place === null);
    form.set(at, place ?? '');
  };
  return (
    <div className="nhsuk-form-group">
      <fieldset className="nhsuk-fieldset">
        <legend className="nhsuk-fieldset__legend">{label}</legend>
        <div className="choices">
          {places.map((place) => (
            <label key={place} className="choice" htmlFor={`${id}-${place}`}>
              <input id={`${id}-${place}`} type="radio" name={id} checked={!other && now === place} onChange={() => choose(place)} />
              <span>{t(`software.${place}`)}</span>
            </label>
          ))}
          <label className="choice" htmlFor={`${id}-other`}>
            <input id={`${id}-other`} type="radio" name={id} checked={other} onChange={() => choose(null)} />
            <span>{t('software.other')}</span>
          </label>
        </div>
      </fieldset>
      {other && (
        <div className="choice__within">
          <TextField form={form} at={at} label={t('plan.software_name')} />
        </div>
      )}
    </div>
  );
}
