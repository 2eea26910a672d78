// SPDX-License-Identifier: Apache-2.0
// Preparing a person before their first session: an overview with what is still open, and one part at a time. It saves itself, can
// be left at any point and gone on with later, by anybody who facilitates the group. Not here: the parts' fields (part_fields.tsx).
import { useEffect, useState } from 'react';
import type { Outcome } from '../../api/client';
import { t } from '../../texts/text';
import { Button } from '../../ui/button';
import { useAccount, useLoaded } from '../account';
import { LongField } from '../fields';
import { Form, type FormState, useForm } from '../form';
import { Frame, Said as SaidWords, Shown } from '../frame';
import { Go, goTo, useAddress } from '../place';
import { TroubleWords } from '../trouble_words';
import { type Saving, useAutosave } from './autosave';
import { PartFields } from './part_fields';
import { answerOf, firstOpen, isPart, mayDecline, nextOf, type Part, parts, type Preparation, type Said, saidOf, withAnswer } from './parts';

function SavedWords({ saving }: { saving: Saving<Said> }) {
  return (
    <p className="prepare__saved" role="status">
      {saving.state === 'saving' ? t('form.saving') : saving.state === 'saved' ? t('prepare.saved') : saving.state === 'trouble' ? t('prepare.not_saved') : t('prepare.unsaved')}
    </p>
  );
}

function Overview({ preparation, saving, to, onFinish }: { preparation: Preparation; saving: Saving<Said>; to: string; onFinish: () => void }) {
  const open = parts.filter((part) => answerOf(saving.values, part).state === 'open');
  const next = firstOpen(saving.values);
  return (
    <>
      <p className="lead">{t('prepare.progress', { done: parts.length - open.length, count: parts.length })}</p>
      <div className="prepare__bar" aria-hidden="true">
        <span style={{ inlineSize: `${((parts.length - open.length) / parts.length) * 100}%` }} />
      </div>
      <p>{t(open.length > 0 ? 'prepare.words' : preparation.finishedAt ? 'prepare.finished' : 'prepare.all_said')}</p>
      <div className="button-row">
        {next && (
          <Go to={`${to}?part=${next}`} className="nhsuk-button">
            {t(open.length === parts.length ? 'prepare.start' : 'prepare.go_on')}
          </Go>
        )}
        {!next && !preparation.finishedAt && (
          <Button look="main" onClick={onFinish}>
            {t('prepare.finish')}
          </Button>
        )}
      </div>
      <ul className="rows">
        {parts.map((part) => {
          const { state, reason } = answerOf(saving.values, part);
          return (
            <li key={part} className="row">
              <div className="row__words">
                <strong>
                  <Go to={`${to}?part=${part}`}>{t(`prepare.part.${part}`)}</Go>
                </strong>
                {state === 'declined' && <span className="row__soft">{t('prepare.because', { reason })}</span>}
              </div>
              <div className="row__end">
                <span className={state === 'open' ? 'tag tag--needs' : 'tag'}>{t(`prepare.state.${state}`)}</span>
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function Decline({ form, part, onDone, onBack }: { form: FormState<Said>; part: Part; onDone: (reason: string) => Promise<void>; onBack: () => void }) {
  const asked = useForm<{ reason: string }>({
    draft: `decline-${part}`,
    start: { reason: answerOf(form.values, part).reason },
    check: ({ reason }) => (reason.trim() ? [] : [{ pointer: '/reason', code: 'own', detail: t('prepare.fault.reason') }]),
    save: async (value) => ({ ok: true, value, version: null }),
    onSaved: ({ reason }: { reason: string }) => void onDone(reason.trim()),
  });
  return (
    <Form form={asked} save={t('prepare.decline_save')} after={<Button onClick={onBack}>{t('prepare.decline_back')}</Button>}>
      <LongField form={asked} at="/reason" label={t('prepare.decline_reason')} hint={t('prepare.decline_hint')} rows={3} />
    </Form>
  );
}

function OnePart({ part, preparation, saving, to }: { part: Part; preparation: Preparation; saving: Saving<Said>; to: string }) {
  const [declining, setDeclining] = useState(false);
  const { form } = saving;
  useEffect(() => setDeclining(false), [part]);
  const next = nextOf(part);
  const onward = (): void => goTo(next ? `${to}?part=${next}` : to);
  // Where it lacks something the service says what; what was typed is saved all the same.
  const settle = async (state: 'done' | 'declined' | 'open', reason: string): Promise<void> => {
    const before = saving.values;
    if (await saving.save(withAnswer(before, part, state, reason))) return onward();
    setTimeout(() => document.querySelector<HTMLElement>('main [aria-invalid="true"], main .nhsuk-form-group--error input')?.focus(), 0);
    saving.change(withAnswer(saving.values, part, answerOf(before, part).state, answerOf(before, part).reason));
  };
  const { state, reason } = answerOf(saving.values, part);
  return (
    <>
      {state !== 'open' && <p className="tag">{state === 'declined' ? t('prepare.because', { reason }) : t('prepare.state.done')}</p>}
      {saving.trouble && (
        <div className="trouble" role="alert">
          <TroubleWords trouble={saving.trouble} form />
        </div>
      )}
      {saving.overwritten.map(({ pointer, mine }) => (
        <div key={pointer} className="restored" role="status">
          <p>{t('prepare.overwritten')}</p>
          <p>
            <strong>{mine}</strong>
          </p>
        </div>
      ))}
      {form.faults.some((fault) => !form.names.has(fault.pointer)) && (
        <div className="trouble" role="alert">
          {form.faults.filter((fault) => !form.names.has(fault.pointer)).map((fault) => <p key={fault.pointer}>{fault.detail}</p>)}
        </div>
      )}
      {declining ? (
        <Decline form={form} part={part} onDone={(why) => settle('declined', why)} onBack={() => setDeclining(false)} />
      ) : (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void settle('done', '');
          }}
        >
          <PartFields part={part} form={form} preparation={preparation} />
          <SavedWords saving={saving} />
          <div className="button-row form__end">
            <Button type="submit" look="main" disabled={saving.state === 'saving'}>
              {t(part === 'group' || part === 'confidentiality' ? 'prepare.talked' : 'prepare.done')}
            </Button>
            {mayDecline(part) && <Button onClick={() => setDeclining(true)}>{t('prepare.decline')}</Button>}
            <Button onClick={() => void settle('open', '')}>{t('prepare.later')}</Button>
          </div>
        </form>
      )}
    </>
  );
}

function Prepared({ preparation, to }: { preparation: Preparation; to: string }) {
  const { client } = useAccount();
  const address = useAddress();
  const [now, setNow] = useState(preparation);
  const [said, setSaid] = useState('');
  const path = `/api/memberships/${preparation.membership}/preparation`;
  const taken = (outcome: Outcome<Preparation>): Outcome<Said> => {
    if (!outcome.ok) return outcome;
    setNow(outcome.value);
    return { ok: true, value: saidOf(outcome.value), version: outcome.version };
  };
  const saving = useAutosave<Said>({
    draft: `prepare-${preparation.membership}`,
    start: saidOf(preparation),
    version: preparation.version,
    send: async (body, version) => taken(await client.ask<Preparation>('PUT', path, { body, version })),
    load: async () => taken(await client.ask<Preparation>('GET', path)),
  });
  const finish = async (): Promise<void> => {
    if (!(await saving.save())) return;
    const outcome = await client.ask<Preparation>('POST', `${path}/finish`, { version: now.version });
    if (!outcome.ok) return setSaid(t('prepare.not_finished'));
    setNow(outcome.value);
    setSaid(t('prepare.is_prepared'));
  };
  const wanted = address.query.get('part');
  const part = isPart(wanted) ? wanted : null;
  const name = now.person?.name ?? (now.alias || t('members.unnamed'));
  return (
    <Frame
      title={part ? t(`prepare.part.${part}`) : t('prepare.title', { name })}
      over={part ? t('prepare.over', { name, number: parts.indexOf(part) + 1, count: parts.length }) : now.group.name}
      back={part ? { to, words: t('prepare.overview') } : { to: `/staff/groups/${now.group.id}`, words: t('prepare.back') }}
    >
      <SaidWords words={said} />
      {part ? (
        <OnePart key={part} part={part} preparation={now} saving={saving} to={to} />
      ) : (
        <Overview preparation={now} saving={saving} to={to} onFinish={() => void finish()} />
      )}
    </Frame>
  );
}

export function PreparePage({ group, membership }: { group: string; membership: string }) {
  const loaded = useLoaded<Preparation>(`/api/memberships/${membership}/preparation`);
  if (loaded.value) return <Prepared preparation={loaded.value} to={`/staff/groups/${group}/members/${membership}/prepare`} />;
  return (
    <Frame title={t('prepare.page')} back={{ to: `/staff/groups/${group}`, words: t('prepare.back') }}>
      <Shown of={loaded}>{() => null}</Shown>
    </Frame>
  );
}
