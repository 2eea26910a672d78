// SPDX-License-Identifier: Apache-2.0
// Moving one session, or cancelling it with a reason. Not here: telling the people (the service does, from its outbox).
import type { Fault, Outcome } from '../api/client';
import type { SessionRow } from '../api/model';
import { t } from '../texts/text';
import { useAccount, useLoaded } from './account';
import { CheckField, DateField, RadioField, TextField } from './fields';
import { Form, useForm } from './form';
import { Frame, Shown } from './frame';
import { SoftwareField } from './plan/software_field';
import { Go, goTo } from './place';
import { isDay } from './time';
import { cancelReasons, cancelReasonWords, sessionWhen } from './words';

type Place = Pick<SessionRow, 'date' | 'time' | 'minutes' | 'venue' | 'heldOn'> & { rest: boolean };
const placeOf = ({ date, time, minutes, venue, heldOn }: SessionRow): Place => ({ date, time, minutes, venue, heldOn, rest: false });

function MoveForm({ session }: { session: SessionRow }) {
  const { client } = useAccount();
  const form = useForm<Place>({
    draft: `move-${session.id}`,
    inTab: true,
    start: placeOf(session),
    version: session.version,
    check: ({ date, time, minutes, heldOn }): Fault[] => [
      ...(isDay(date) ? [] : [{ pointer: '/date', code: 'own', detail: t('plan.fault.first_date') }]),
      ...(/^\d{2}:\d{2}$/.test(time) ? [] : [{ pointer: '/time', code: 'own', detail: t('plan.fault.start_time') }]),
      ...(Number.isSafeInteger(minutes) && minutes >= 10 && minutes <= 480 ? [] : [{ pointer: '/minutes', code: 'own', detail: t('plan.fault.minutes') }]),
      ...(heldOn.trim() ? [] : [{ pointer: '/heldOn', code: 'own', detail: t('plan.fault.software') }]),
    ],
    save: (place, version) => client.ask<unknown>('PUT', `/api/sessions/${session.id}`, { body: place, version }),
    reload: async (): Promise<Outcome<Place>> => {
      const now = await client.ask<SessionRow>('GET', `/api/sessions/${session.id}`);
      return now.ok ? { ok: true, value: placeOf(now.value), version: now.value.version } : now;
    },
    onSaved: () => goTo(`/staff/sessions/${session.id}`),
  });
  return (
    <Form form={form} save={t('session.move_do')}>
      <DateField form={form} at="/date" label={t('session.date')} empty="" />
      <TextField form={form} at="/time" label={t('when.time')} hint={t('session.zone', { zone: session.zone })} time width="short" />
      <TextField form={form} at="/minutes" label={t('when.minutes')} width="short" number />
      <TextField form={form} at="/venue" label={t('plan.venue')} spellCheck />
      <SoftwareField form={form} at="/heldOn" label={t('session.held_on')} places={['quietroom', 'in_person']} />
      <CheckField form={form} at="/rest" label={t('session.move_rest')} hint={t('session.move_rest_hint')} />
    </Form>
  );
}

export function MoveSessionPage({ session: id }: { session: string }) {
  const loaded = useLoaded<SessionRow>(`/api/sessions/${id}`);
  return (
    <Frame title={t('session.move_title')} over={loaded.value?.group.name ?? ''} back={{ to: `/staff/sessions/${id}`, words: t('session.back') }}>
      <Shown of={loaded}>
        {(session) => (
          <>
            <p>{t('session.is_at', { when: sessionWhen(session) })}</p>
            <MoveForm session={session} />
          </>
        )}
      </Shown>
    </Frame>
  );
}

function CancelForm({ session }: { session: SessionRow }) {
  const { client } = useAccount();
  const form = useForm({
    draft: `cancel-${session.id}`,
    inTab: true,
    start: { reason: '', rest: false },
    version: session.version,
    check: ({ reason }): Fault[] => (reason ? [] : [{ pointer: '/reason', code: 'own', detail: t('session.fault.reason') }]),
    save: (body, version) => client.ask<unknown>('POST', `/api/sessions/${session.id}/cancel`, { body, version }),
    onSaved: () => goTo(`/staff/sessions/${session.id}`),
  });
  return (
    <Form form={form} save={t('session.cancel_do')} danger after={<Go to={`/staff/sessions/${session.id}`} className="nhsuk-button nhsuk-button--secondary">{t('session.keep')}</Go>}>
      <RadioField form={form} at="/reason" label={t('session.cancel_reason')} choices={cancelReasons.map((value) => ({ value, label: cancelReasonWords(value) }))} />
      <CheckField form={form} at="/rest" label={t('session.cancel_rest')} />
    </Form>
  );
}

export function CancelSessionPage({ session: id }: { session: string }) {
  const loaded = useLoaded<SessionRow>(`/api/sessions/${id}`);
  return (
    <Frame title={t('session.cancel_title')} over={loaded.value?.group.name ?? ''} back={{ to: `/staff/sessions/${id}`, words: t('session.back') }}>
      <Shown of={loaded}>
        {(session) => (
          <>
            <p>{t('session.is_at', { when: sessionWhen(session) })}</p>
            <p>{t('session.cancel_words')}</p>
            <CancelForm session={session} />
          </>
        )}
      </Shown>
    </Frame>
  );
}
