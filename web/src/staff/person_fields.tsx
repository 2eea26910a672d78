// SPDX-License-Identifier: Apache-2.0
// The questions about a person, part by part: shared by adding a person and changing a part. No way of taking part, no means of
// contact and no format is chosen beforehand.
import type { SafeContact } from '../api/model';
import { needCategories, needWords, usualCodes } from '../texts/need_words';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { ChecksField, DateField, LongField, RadioField, SelectField, TextField } from './fields';
import type { FormState, Named } from './form';
import type { Needs, Part } from './person_parts';
import { weekdayWords } from './time';
import { languages, languageWords, wayWords } from './words';

interface PartProps<T> {
  form: FormState<T>;
  under: string;
}

function NameFields<T>({ form, under }: PartProps<T>) {
  return (
    <>
      <TextField form={form} at={`${under}/legalName`} label={t('person.legal_name')} />
      <TextField form={form} at={`${under}/preferredName`} label={t('person.preferred_name')} hint={t('person.preferred_name_hint')} />
      <DateField form={form} at={`${under}/birthDate`} label={t('person.birth_date')} hint={t('person.birth_date_hint')} />
      <TextField form={form} at={`${under}/nhsNumber`} label={t('person.nhs_number')} hint={t('person.nhs_number_hint')} inputMode="numeric" width="middle" />
    </>
  );
}

function ContactFields<T>({ form, under }: PartProps<T>) {
  const at = `${under}/contacts`;
  const address = (form.get(`${at}/address`) as string[] | undefined) ?? [];
  return (
    <>
      <TextField form={form} at={`${at}/mobile`} label={t('person.mobile')} type="tel" width="middle" />
      <TextField form={form} at={`${at}/telephone`} label={t('person.telephone')} type="tel" width="middle" />
      <TextField form={form} at={`${at}/email`} label={t('person.email')} type="email" />
      <AddressField form={form} at={`${at}/address`} lines={address} />
      <TextField form={form} at={`${at}/postcode`} label={t('person.postcode')} width="short" />
      <DateField form={form} at={`${at}/addressConfirmed`} label={t('person.address_confirmed')} hint={t('person.address_confirmed_hint')} />
    </>
  );
}

// Typed as lines, kept as a list; empty lines are left out when it is sent.
function AddressField<T>({ form, at, lines }: { form: FormState<T>; at: string; lines: string[] }) {
  const joined = { ...form, get: (pointer: string) => (pointer === at ? lines.join('\n') : form.get(pointer)), set: (pointer: string, value: unknown) => form.set(pointer, String(value).split('\n')) };
  const named = { ...joined, name: (pointer: string, one: Named) => form.name(pointer, { ...one, lines: true, show: (value) => (Array.isArray(value) ? value.join(', ') : '') }) };
  return <LongField form={named} at={at} label={t('person.address')} rows={3} />;
}

function HoursFields<T>({ form, at }: { form: FormState<T>; at: string }) {
  const hours = (form.get(at) as SafeContact['hours'] | undefined) ?? [];
  return (
    <>
      <p className="field-title">{t('safe.hours')}</p>
      {hours.length === 0 && <p className="hint-text">{t('safe.any_time')}</p>}
      {hours.map((_, index) => (
        <section key={index} className="inset" aria-label={t('safe.hours_number', { number: index + 1 })}>
          <DaysField form={form} at={`${at}/${index}/days`} />
          <div className="side-by-side">
            <TextField form={form} at={`${at}/${index}/from`} label={t('safe.from')} time width="short" />
            <TextField form={form} at={`${at}/${index}/to`} label={t('safe.to')} time width="short" />
          </div>
          <Button small onClick={() => form.set(at, hours.filter((__, other) => other !== index))}>
            {t('word.take_out')}
            <span className="visually-hidden"> {t('safe.hours_number', { number: index + 1 })}</span>
          </Button>
        </section>
      ))}
      <p>
        <Button small onClick={() => form.set(at, [...hours, { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }])}>
          {t('safe.add_hours')}
        </Button>
      </p>
    </>
  );
}

function DaysField<T>({ form, at }: { form: FormState<T>; at: string }) {
  const asText = { ...form, get: (pointer: string) => (pointer === at ? ((form.get(at) as number[] | undefined) ?? []).map(String) : form.get(pointer)), set: (pointer: string, value: unknown) => form.set(pointer, (value as string[]).map(Number)) };
  return <ChecksField form={asText} at={at} label={t('safe.days')} choices={[1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: String(day), label: weekdayWords(day) }))} />;
}

function SafeContactFields<T>({ form, under }: PartProps<T>) {
  const at = `${under}/safeContact`;
  return (
    <>
      <p>{t('safe.words')}</p>
      <RadioField
        form={form}
        at={`${at}/method`}
        label={t('safe.method')}
        choices={(['email', 'sms', 'letter', 'telephone', 'none'] as const).map((value) => ({ value, label: t(`safe.${value}`) }))}
      />
      <HoursFields form={form} at={`${at}/hours`} />
      <LongField form={form} at={`${at}/note`} label={t('safe.note')} hint={t('safe.note_hint')} rows={2} />
    </>
  );
}

function EmergencyFields<T>({ form, under }: PartProps<T>) {
  const at = `${under}/emergencyContact`;
  return (
    <>
      <p>{t('emergency.words')}</p>
      <TextField form={form} at={`${at}/name`} label={t('emergency.name')} />
      <TextField form={form} at={`${at}/relation`} label={t('emergency.relation')} hint={t('emergency.relation_hint')} width="middle" />
      <TextField form={form} at={`${at}/telephone`} label={t('emergency.telephone')} type="tel" width="middle" />
    </>
  );
}

function PreferenceFields<T>({ form, under }: PartProps<T>) {
  const at = `${under}/preferences`;
  const held = ['language', 'interpreter'].map((name) => String(form.get(`${at}/${name}`) ?? '')).filter((tag) => tag && tag !== 'bfi'); // also one that is not in the list
  const language = (empty: string) => [{ value: '', label: empty }, ...[...new Set([...held, ...languages])].map((tag) => ({ value: tag, label: languageWords(tag) }))];
  return (
    <>
      <RadioField
        form={form}
        at={`${at}/way`}
        label={t('preferences.way_question')}
        hint={t('preferences.way_hint')}
        choices={(['in_person', 'video', 'phone'] as const).map((way) => ({ value: way, label: wayWords(way) }))}
      />
      <TextField form={form} at={`${at}/software`} label={t('preferences.software')} hint={t('preferences.software_hint')} width="middle" />
      <SelectField form={form} at={`${at}/language`} label={t('preferences.language')} choices={language(t('word.not_asked'))} />
      <SelectField
        form={form}
        at={`${at}/interpreter`}
        label={t('preferences.interpreter')}
        choices={[...language(t('preferences.no_interpreter')).slice(0, 1), { value: 'bfi', label: t('language.bfi') }, ...language('').slice(1)]}
      />
      <RadioField
        form={form}
        at={`${at}/format`}
        label={t('preferences.format')}
        choices={(['standard', 'large_print', 'easy_read', 'braille', 'audio'] as const).map((value) => ({ value, label: t(`format.${value}`) }))}
      />
    </>
  );
}

// One tap puts the code of a usual need into the field below; any other is typed there.
function UsualCodes({ category, code, onChoose, of }: { category: string; code: string; onChoose: (code: string) => void; of: string }) {
  const usual = usualCodes.filter((one) => one.category === category);
  if (usual.length === 0) return null;
  return (
    <div className="taps" role="group" aria-label={t('need.usual_of', { of })}>
      <p className="field-title">{t('need.usual')}</p>
      {usual.map((one) => (
        <Button key={one.code} small pressed={one.code === code} onClick={() => onChoose(one.code === code ? '' : one.code)}>
          {t(`need.code.${one.code}`)}
        </Button>
      ))}
    </div>
  );
}

function NeedFields<T>({ form, under }: PartProps<T>) {
  const at = `${under}/needs`;
  const needs = (form.get(at) as Needs['needs'] | undefined) ?? [];
  return (
    <>
      <p>{t('need.words')}</p>
      {needs.map((_, index) => (
        <section key={index} className="inset" aria-label={t('need.number', { number: index + 1 })}>
          <SelectField
            form={form}
            at={`${at}/${index}/category`}
            label={t('need.kind')}
            choices={[{ value: '', label: t('form.choose') }, ...needCategories.map((value) => ({ value, label: needWords(value) }))]}
          />
          <LongField form={form} at={`${at}/${index}/note`} label={t('need.note')} hint={t('need.note_hint')} rows={2} />
          <UsualCodes
            category={needs[index]?.category ?? ''}
            code={needs[index]?.code ?? ''}
            onChoose={(code) => form.set(`${at}/${index}/code`, code)}
            of={t('need.number', { number: index + 1 })}
          />
          <TextField form={form} at={`${at}/${index}/code`} label={t('need.code')} hint={t('need.code_hint')} inputMode="numeric" width="middle" />
          <Button small onClick={() => form.set(at, needs.filter((__, other) => other !== index))}>
            {t('word.take_out')}
            <span className="visually-hidden"> {t('need.number', { number: index + 1 })}</span>
          </Button>
        </section>
      ))}
      <p>
        <Button onClick={() => form.set(at, [...needs, { category: '', code: '', note: '' }])}>{t('need.add')}</Button>
      </p>
    </>
  );
}

export function PartFields<T>({ form, under, part }: PartProps<T> & { part: Part }) {
  switch (part) {
    case 'names':
      return <NameFields form={form} under={under} />;
    case 'contacts':
      return <ContactFields form={form} under={under} />;
    case 'safe-contact':
      return <SafeContactFields form={form} under={under} />;
    case 'emergency-contact':
      return <EmergencyFields form={form} under={under} />;
    case 'preferences':
      return <PreferenceFields form={form} under={under} />;
    case 'needs':
      return <NeedFields form={form} under={under} />;
  }
}
