// SPDX-License-Identifier: Apache-2.0
// A team's own words: every message in English and Welsh, as usual and for Easy Read; one of them to change, looked at for a made-up
// person first, with what was saved before. Welsh goes out once somebody has approved it. Not here: what words may be (the service).
import { useState } from 'react';
import type { Fault, Outcome, Trouble } from '../../api/client';
import type { MessageKind, MessageWords, WordsForm, WordsLanguage, WordsVersion } from '../../api/messages';
import { t } from '../../texts/text';
import { Button } from '../../ui/button';
import { Details } from '../../ui/details';
import { useAccount, useLoaded } from '../account';
import { CheckField, LongField, TextField } from '../fields';
import { fieldId, Form, type FormState, useForm } from '../form';
import { Frame, Said, Shown } from '../frame';
import { Go, goTo, useAddress } from '../place';
import { TroubleWords } from '../trouble_words';
import { whenWords } from '../words';

interface AllWords {
  items: MessageWords[];
  placeholders: string[];
}
type Placeholder = 'name' | 'day' | 'time' | 'minutes' | 'old_day' | 'old_time' | 'how' | 'link' | 'phone' | 'code';
interface WordsValues {
  subject: string;
  body: string;
  sms: string;
  approved: boolean;
}
interface Looked {
  subject: string;
  text: string;
  sms: string;
}

const addressOf = (team: string, words: MessageWords): string => `/staff/teams/${team}/message-words/${words.kind}/${words.language}/${words.form}`;
const whichWords = (language: WordsLanguage, form: WordsForm): string => t('words.which', { language: t(`words.in.${language}`), form: t(`words.form.${form}`) });
const stateWords = (words: MessageWords): string => {
  if (words.language === 'cy' && !(words.own && words.approved)) return t('words.draft');
  return [t(words.own ? 'words.own' : 'words.program'), ...(words.language === 'cy' ? [t('words.approved')] : [])].join(' · ');
};

function Paragraphs({ text }: { text: string }) {
  return (
    <>
      {text.split(/\n{2,}/).map((one, at) => (
        <p key={at}>{one}</p>
      ))}
    </>
  );
}

export function WordsPage({ team }: { team: string }) {
  const loaded = useLoaded<AllWords>(`/api/teams/${team}/message-templates`);
  const { query } = useAddress();
  return (
    <Frame title={t('words.title')} back={{ to: '/staff/letters', words: t('letters.title') }} wide>
      <Said words={query.get('done') === 'saved' ? t('words.saved') : ''} />
      <p>{t('words.words')}</p>
      <Shown of={loaded}>
        {({ items }) =>
          [...new Set(items.map(({ kind }) => kind))].map((kind) => (
            <section key={kind} className="part" aria-labelledby={kind}>
              <h2 id={kind}>{t(`messages.kind.${kind}`)}</h2>
              <ul className="rows">
                {items
                  .filter((words) => words.kind === kind)
                  .map((words) => (
                    <li key={`${words.language} ${words.form}`} className="row">
                      <div className="row__words">
                        <strong>
                          <Go to={addressOf(team, words)}>
                            {whichWords(words.language, words.form)}
                            <span className="visually-hidden">: {t(`messages.kind.${kind}`)}</span>
                          </Go>
                        </strong>
                      </div>
                      <div className="row__end">{stateWords(words)}</div>
                    </li>
                  ))}
              </ul>
            </section>
          ))
        }
      </Shown>
    </Frame>
  );
}

function Look({ api, language, form }: { api: string; language: WordsLanguage; form: FormState<WordsValues> }) {
  const { client } = useAccount();
  const [looked, setLooked] = useState<Looked | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const look = async (): Promise<void> => {
    const outcome = await client.ask<Looked>('POST', `${api}/look`, { body: form.values });
    setLooked(outcome.ok ? outcome.value : null);
    setTrouble(outcome.ok ? null : outcome.trouble);
  };
  const faults: readonly Fault[] = trouble?.kind === 'fields' ? trouble.faults : [];
  return (
    <section className="part" aria-labelledby="look">
      <h2 id="look">{t('words.look_title')}</h2>
      <p className="hint-text">{t('words.look_words')}</p>
      <Button onClick={() => void look()}>{t('words.look')}</Button>
      <div role="status">
        {trouble && (
          <div className="trouble">
            {faults.map(({ pointer, detail }) => (
              <p key={pointer + detail}>{t('form.fault', { field: form.names.get(pointer)?.label ?? '', words: detail })}</p>
            ))}
            {trouble.kind !== 'fields' && <TroubleWords trouble={trouble} />}
          </div>
        )}
        {looked && (
          <>
            <div className="look" lang={language}>
              <p>
                <strong>{looked.subject}</strong>
              </p>
              <Paragraphs text={looked.text} />
            </div>
            <p className="field-title">{t('words.sms')}</p>
            <div className="look" lang={language}>
              <p>{looked.sms}</p>
            </div>
          </>
        )}
      </div>
    </section>
  );
}

function Before({ api, form }: { api: string; form: FormState<WordsValues> }) {
  const { me } = useAccount();
  const loaded = useLoaded<{ items: WordsVersion[] }>(`${api}/versions`);
  const use = (one: WordsVersion): void => {
    for (const part of ['subject', 'body', 'sms'] as const) form.set(`/${part}`, one[part]);
    document.getElementById(fieldId('/subject'))?.focus();
  };
  return (
    <section className="part" aria-labelledby="before">
      <h2 id="before">{t('words.before')}</h2>
      <Shown of={loaded}>
        {({ items }) => (
          <>
            {items.length === 0 && <p className="empty">{t('words.before_none')}</p>}
            {items.map((one) => {
              const which = t('words.before_row', { version: one.version, who: one.savedBy, when: whenWords(one.savedAt, me.zone) });
              return (
                <Details key={one.version} summary={which}>
                  <p>
                    <strong>{one.subject}</strong>
                  </p>
                  <Paragraphs text={one.body} />
                  <p>{one.sms}</p>
                  <Button small onClick={() => use(one)}>
                    {t('words.use_again')}
                    <span className="visually-hidden"> {which}</span>
                  </Button>
                </Details>
              );
            })}
          </>
        )}
      </Shown>
    </section>
  );
}

function FilledIn({ names }: { names: readonly string[] }) {
  return (
    <Details summary={t('words.placeholders')}>
      <dl className="summary">
        {(names as readonly Placeholder[]).map((name) => (
          <div key={name} className="summary__row">
            <dt>
              <code>{`{${name}}`}</code>
            </dt>
            <dd>{t(`words.placeholder.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </Details>
  );
}

const valuesOf = ({ subject, body, sms, approved }: MessageWords): WordsValues => ({ subject, body, sms, approved });

function EditForm({ team, words, placeholders }: { team: string; words: MessageWords; placeholders: readonly string[] }) {
  const { client } = useAccount();
  const { kind, language, form: shape } = words;
  const all = `/api/teams/${team}/message-templates`;
  const api = `${all}/${kind}/${language}/${shape}`;
  const form = useForm<WordsValues>({
    draft: `words-${team}-${kind}-${language}-${shape}`,
    inTab: true,
    start: valuesOf(words),
    version: words.version,
    save: (values, version) => client.ask<unknown>('PUT', api, { body: values, version }),
    reload: async (): Promise<Outcome<WordsValues>> => {
      const now = await client.ask<AllWords>('GET', all);
      if (!now.ok) return now;
      const one = now.value.items.find((each) => each.kind === kind && each.language === language && each.form === shape);
      return one ? { ok: true, value: valuesOf(one), version: one.version } : { ok: false, trouble: { kind: 'gone' } };
    },
    onSaved: () => goTo(`/staff/teams/${team}/message-words?done=saved`),
  });
  return (
    <>
      <FilledIn names={placeholders} />
      <Form form={form} save={t('form.save')}>
        <TextField form={form} at="/subject" label={t('words.subject')} spellCheck />
        <LongField form={form} at="/body" label={t('words.body')} hint={t('words.body_hint')} rows={14} />
        <LongField form={form} at="/sms" label={t('words.sms')} rows={3} />
        {language === 'cy' && <CheckField form={form} at="/approved" label={t('words.approve')} hint={t('words.approve_hint')} />}
      </Form>
      <Look api={api} language={language} form={form} />
      <Before api={api} form={form} />
    </>
  );
}

export function EditWordsPage({ team, which }: { team: string; which: readonly string[] }) {
  const [kind, language, shape] = which as unknown as [MessageKind, WordsLanguage, WordsForm];
  const loaded = useLoaded<AllWords>(`/api/teams/${team}/message-templates`);
  return (
    <Frame title={t(`messages.kind.${kind}`)} over={whichWords(language, shape)} back={{ to: `/staff/teams/${team}/message-words`, words: t('words.back') }}>
      <Shown of={loaded}>
        {({ items, placeholders }) => {
          const words = items.find((one) => one.kind === kind && one.language === language && one.form === shape);
          return words ? <EditForm key={words.version} team={team} words={words} placeholders={placeholders} /> : null;
        }}
      </Shown>
    </Frame>
  );
}
