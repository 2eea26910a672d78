// SPDX-License-Identifier: Apache-2.0
// Opens the room of a session for a facilitator of its group, in a tab of its own so that this page stays. The seat's link
// goes in the fragment, as every link does. Not here: who may (the service says). Invariant: the link is kept nowhere here.
import { useState } from 'react';
import type { Trouble } from '../api/client';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { useAccount } from './account';
import { TroubleWords } from './trouble_words';

const secretOf = (link: string): string => link.slice(link.indexOf('#') + 1);

export function RoomButton({ session, group, main }: { session: string; group: string; main?: boolean }) {
  const { client } = useAccount();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const open = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setTrouble(null);
    const tab = window.open('about:blank', '_blank'); // at once: a browser opens no tab for an answer that comes later
    const outcome = await client.ask<{ link: string }>('POST', `/api/sessions/${session}/seat`, { body: {} });
    setBusy(false);
    if (!outcome.ok) {
      tab?.close();
      setTrouble(outcome.trouble);
      return;
    }
    const address = `/join#${secretOf(outcome.value.link)}`;
    if (tab) tab.location.replace(address);
    else location.assign(address);
  };
  return (
    <>
      <Button look={main ? 'main' : 'quiet'} small={!main} onClick={() => void open()} disabled={busy}>
        {t('room.open')}
        <span className="visually-hidden"> {t('room.of', { group })}</span>
      </Button>
      {trouble && (
        <div className="trouble" role="alert">
          <TroubleWords trouble={trouble} />
        </div>
      )}
    </>
  );
}
