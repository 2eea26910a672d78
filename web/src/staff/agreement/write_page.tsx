// SPDX-License-Identifier: Apache-2.0
// Writing the next version of a group's agreement. What is typed is kept in the tab; where a colleague saves a version meanwhile, both
// are shown before anything is saved.
import { useRef } from 'react';
import { CreationKey, type Outcome } from '../../api/client';
import type { AgreementText, Group, GroupAgreement } from '../../api/model';
import { t } from '../../texts/text';
import { useAccount, useLoaded } from '../account';
import { LongField } from '../fields';
import { Form, useForm } from '../form';
import { Frame, Shown } from '../frame';
import { goTo } from '../place';
import { agreementFaults, startOf, textToSend } from './agreement_draft';
import { AgreementFields, AgreementPreview } from './agreement_fields';

function Writing({ group, agreement, version }: { group: string; agreement: GroupAgreement; version: number }) {
  const { client } = useAccount();
  const key = useRef(new CreationKey());
  const path = `/api/groups/${group}/agreement`;
  const later = version > 0;
  const form = useForm<AgreementText>({
    draft: `agreement-${group}`,
    inTab: true,
    start: startOf(agreement),
    version,
    check: (text) => agreementFaults(text, later),
    save: (text, on) => {
      const body = textToSend(text);
      return client.ask<unknown>('POST', path, { body, version: on, key: key.current.of([body, on]) });
    },
    reload: async (): Promise<Outcome<AgreementText>> => {
      const now = await client.ask<GroupAgreement>('GET', path);
      return now.ok ? { ok: true, value: startOf(now.value), version: now.version ?? now.value.current?.number ?? 0 } : now;
    },
    onSaved: () => goTo(`/staff/groups/${group}/agreement?done=written`),
  });
  return (
    <>
      <p>{t(later ? 'agree.next_words' : agreement.template ? 'agree.from_template' : 'agree.first_words')}</p>
      <Form form={form} save={t('agree.save', { number: version + 1 })}>
        <AgreementFields form={form} />
        {later && <LongField form={form} at="/changed" label={t('agree.changed')} hint={t('agree.changed_hint')} rows={2} />}
        <AgreementPreview text={form.values} />
      </Form>
    </>
  );
}

export function WriteAgreementPage({ group }: { group: string }) {
  const named = useLoaded<Group>(`/api/groups/${group}`);
  const loaded = useLoaded<GroupAgreement>(`/api/groups/${group}/agreement`);
  return (
    <Frame title={t('agree.write_title')} over={named.value?.name ?? ''} back={{ to: `/staff/groups/${group}/agreement`, words: t('agree.back') }} wide>
      <Shown of={loaded}>{(agreement) => <Writing group={group} agreement={agreement} version={loaded.version ?? agreement.current?.number ?? 0} />}</Shown>
    </Frame>
  );
}
