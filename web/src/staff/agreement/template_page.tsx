// SPDX-License-Identifier: Apache-2.0
// The trust's template of an agreement, written by administrators: a group's first version begins with it. Agreements that groups have
// made already stay as they are. Not here: a group's own agreement (write_page.tsx).
import type { Outcome } from '../../api/client';
import type { AgreementTemplate, AgreementText } from '../../api/model';
import { t } from '../../texts/text';
import { useAccount, useLoaded } from '../account';
import { Form, useForm } from '../form';
import { Frame, Shown } from '../frame';
import { goTo } from '../place';
import { agreementFaults, startOf, textToSend } from './agreement_draft';
import { AgreementFields, AgreementPreview } from './agreement_fields';

const path = '/api/trust/agreement';
const asForm = ({ text }: AgreementTemplate): AgreementText => startOf({ current: null, template: text });

function Template({ template, version }: { template: AgreementTemplate; version: number }) {
  const { client } = useAccount();
  const form = useForm<AgreementText>({
    draft: 'agreement-template',
    inTab: true,
    start: asForm(template),
    version,
    check: (text) => agreementFaults(text, false),
    save: (text, on) => client.ask<AgreementTemplate>('PUT', path, { body: textToSend(text), version: on }),
    reload: async (): Promise<Outcome<AgreementText>> => {
      const now = await client.ask<AgreementTemplate>('GET', path);
      return now.ok ? { ok: true, value: asForm(now.value), version: now.version } : now;
    },
    onSaved: () => goTo('/staff/teams?done=saved'),
  });
  return (
    <>
      <p>{t(template.text ? 'agree.template_words' : 'agree.template_none')}</p>
      <Form form={form} save={t('agree.template_save')}>
        <AgreementFields form={form} />
        <AgreementPreview text={form.values} />
      </Form>
    </>
  );
}

export function AgreementTemplatePage() {
  const loaded = useLoaded<AgreementTemplate>(path);
  return (
    <Frame title={t('agree.template_title')} back={{ to: '/staff/teams', words: t('teams.back') }} wide>
      <Shown of={loaded}>{(template) => <Template template={template} version={loaded.version ?? 0} />}</Shown>
    </Frame>
  );
}
