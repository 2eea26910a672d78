// SPDX-License-Identifier: Apache-2.0
// What each part of a preparation talks about and asks: a few words to say, and its fields. Nothing is chosen beforehand.
import type { Way } from '../../api/model';
import { t } from '../../texts/text';
import { Button } from '../../ui/button';
import { LongField, RadioField, TextField } from '../fields';
import type { FormState } from '../form';
import { dayWords } from '../time';
import { wayWords } from '../words';
import type { Part, Preparation, Said } from './parts';

interface PartProps {
  form: FormState<Said>;
  preparation: Preparation;
}
const ways: readonly Way[] = ['in_person', 'video', 'phone'];

function Talk({ part }: { part: 'group' | 'confidentiality' | 'overheard' }) {
  return (
    <ul className="plain-list">
      {(['1', '2', '3'] as const).map((number) => (
        <li key={number}>{t(`prepare.talk.${part}.${number}`)}</li>
      ))}
    </ul>
  );
}

function Questions({ form }: PartProps) {
  const list = form.values.record.questions;
  const set = (next: Said['record']['questions']): void => form.set('/record/questions', next);
  return (
    <>
      {list.length === 0 && <p className="empty">{t('prepare.questions.none')}</p>}
      {list.map((_, index) => (
        <fieldset key={index} className="nhsuk-fieldset prepare__question">
          <legend className="nhsuk-fieldset__legend">{t('prepare.questions.number', { number: index + 1 })}</legend>
          <LongField form={form} at={`/record/questions/${index}/question`} label={t('prepare.questions.question')} rows={2} />
          <LongField form={form} at={`/record/questions/${index}/answer`} label={t('prepare.questions.answer')} rows={2} />
          <Button small onClick={() => set(list.filter((_one, place) => place !== index))}>
            {t('prepare.questions.remove', { number: index + 1 })}
          </Button>
        </fieldset>
      ))}
      <Button small disabled={list.length >= 40} onClick={() => set([...list, { question: '', answer: '' }])}>
        {t('prepare.questions.add')}
      </Button>
    </>
  );
}

// Each session to come has its own answer, and none is chosen beforehand. One tap says the same for all; an answer can be taken back.
function Ways({ form, preparation }: PartProps) {
  const { sessions } = form.values;
  const set = (change: (session: string) => Way | null): void => form.set('/sessions', sessions.map((one) => ({ ...one, way: change(one.session) })));
  const wayOf = (session: string): Way | null => sessions.find((one) => one.session === session)?.way ?? null;
  return (
    <>
      <RadioField form={form} at="/record/way" label={t('prepare.way.general')} hint={t('prepare.way.general_hint')} empty={null} choices={ways.map((way) => ({ value: way, label: wayWords(way) }))} inline />
      <LongField form={form} at="/record/wayNote" label={t('prepare.way.note')} hint={t('prepare.way.note_hint')} rows={2} />
      {preparation.sessions.length > 0 && (
        <section aria-labelledby="each-session">
          <h2 id="each-session">{t('prepare.way.each')}</h2>
          <p>{t('prepare.way.each_words')}</p>
          {preparation.sessions.length > 1 && (
            <div className="button-row" role="group" aria-label={t('prepare.way.all')}>
              {ways.map((way) => (
                <Button key={way} small onClick={() => set((session) => wayOf(session) ?? way)}>
                  {t(`prepare.way.all.${way}`)}
                </Button>
              ))}
            </div>
          )}
          {preparation.sessions.map(({ session, number, date, time }) => {
            const index = sessions.findIndex((one) => one.session === session);
            const now = wayOf(session);
            const label = t('prepare.way.session', { number, day: dayWords(date), time });
            return (
              <div key={session} className="prepare__session">
                <RadioField form={form} at={`/sessions/${index}/way`} label={label} empty={null} choices={ways.map((way) => ({ value: way, label: wayWords(way) }))} inline />
                {now !== null && (
                  <Button small onClick={() => set((one) => (one === session ? null : wayOf(one)))}>
                    {t('prepare.way.take_back')}
                    <span className="visually-hidden"> {label}</span>
                  </Button>
                )}
              </div>
            );
          })}
        </section>
      )}
    </>
  );
}

export function PartFields({ part, form, preparation }: PartProps & { part: Part }) {
  switch (part) {
    case 'group':
    case 'confidentiality':
      return <Talk part={part} />;
    case 'overheard':
      return (
        <>
          <Talk part="overheard" />
          <LongField form={form} at="/record/overheard" label={t('prepare.overheard')} hint={t('prepare.overheard_hint')} />
        </>
      );
    case 'questions':
      return <Questions form={form} preparation={preparation} />;
    case 'place':
      return (
        <>
          <LongField form={form} at="/record/place" label={t('prepare.place')} hint={t('prepare.place_hint')} rows={2} />
          <RadioField form={form} at="/record/headphones" label={t('prepare.headphones')} empty={null} choices={(['own', 'lent', 'none'] as const).map((value) => ({ value, label: t(`prepare.headphones.${value}`) }))} />
        </>
      );
    case 'technology':
      return (
        <>
          <RadioField form={form} at="/record/technology" label={t('prepare.technology')} empty={null} choices={(['works', 'needs_help', 'not_needed'] as const).map((value) => ({ value, label: t(`prepare.technology.${value}`) }))} />
          <LongField form={form} at="/record/technologyNote" label={t('prepare.technology_note')} rows={2} />
        </>
      );
    case 'alias':
      return <TextField form={form} at="/alias" label={t('prepare.alias')} hint={t('prepare.alias_hint')} width="middle" />;
    case 'disguise':
      return (
        <>
          <p>{t('prepare.disguise_honest')}</p>
          <RadioField form={form} at="/disguise/picture" label={t('prepare.picture')} choices={(['none', 'blur', 'pixelate', 'block', 'avatar', 'off'] as const).map((value) => ({ value, label: t(`prepare.picture.${value}`) }))} />
          <RadioField form={form} at="/disguise/voice" label={t('prepare.voice')} choices={(['none', 'lower', 'higher'] as const).map((value) => ({ value, label: t(`prepare.voice.${value}`) }))} />
        </>
      );
    case 'conflict':
      return (
        <>
          <p>{t('prepare.conflict_words')}</p>
          <RadioField form={form} at="/conflict/knows" label={t('prepare.conflict')} empty={null} choices={(['nobody', 'somebody'] as const).map((value) => ({ value, label: t(`prepare.conflict.${value}`) }))} />
          <LongField form={form} at="/conflict/note" label={t('prepare.conflict_note')} rows={3} />
        </>
      );
    case 'ways':
      return <Ways form={form} preparation={preparation} />;
    case 'communication':
      return <LongField form={form} at="/record/communication" label={t('prepare.communication')} hint={t('prepare.communication_hint')} />;
    case 'safety':
      return (
        <>
          {(['signs', 'helps', 'people', 'ifLineDrops'] as const).map((name) => (
            <LongField key={name} form={form} at={`/record/safety/${name}`} label={t(`prepare.safety.${name}`)} rows={3} />
          ))}
        </>
      );
    case 'emergency':
      return (
        <>
          <p>{t('prepare.emergency_words')}</p>
          <TextField form={form} at="/record/emergency/name" label={t('prepare.emergency.name')} spellCheck />
          <TextField form={form} at="/record/emergency/relation" label={t('prepare.emergency.relation')} spellCheck />
          <TextField form={form} at="/record/emergency/telephone" label={t('prepare.emergency.telephone')} type="tel" width="middle" />
        </>
      );
  }
}
