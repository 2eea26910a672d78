// SPDX-License-Identifier: Apache-2.0
// More sessions for a group that exists: one date or a series, with the calendar that it makes.
import { useRef } from 'react';
import { CreationKey } from '../../api/client';
import type { Group } from '../../api/model';
import { t } from '../../texts/text';
import { useAccount, useLoaded } from '../account';
import { Form, useForm } from '../form';
import { Frame, Shown } from '../frame';
import { goTo } from '../place';
import { emptySeries, seriesFaults, settledSeries } from './group_draft';
import { WhenFields } from './when_fields';

function Adding({ group }: { group: Group }) {
  const { client } = useAccount();
  const key = useRef(new CreationKey());
  const form = useForm({
    draft: `sessions-${group.id}`,
    start: emptySeries,
    check: (series) => seriesFaults(series, ''),
    save: async (series) => {
      const body = settledSeries(series, group.zone);
      return client.ask<unknown>('POST', `/api/groups/${group.id}/series`, { body, key: key.current.of(body) });
    },
    onSaved: () => goTo(`/staff/groups/${group.id}?done=sessions`),
  });
  return (
    <Form form={form} save={t('sessions.add_these')}>
      <WhenFields form={form} under="" zone={group.zone} />
    </Form>
  );
}

export function AddSessionsPage({ group }: { group: string }) {
  const loaded = useLoaded<Group>(`/api/groups/${group}`);
  return (
    <Frame title={t('sessions.add')} back={{ to: `/staff/groups/${group}`, words: loaded.value?.name ?? t('group.back') }}>
      <Shown of={loaded}>{(found) => <Adding group={found} />}</Shown>
    </Frame>
  );
}
