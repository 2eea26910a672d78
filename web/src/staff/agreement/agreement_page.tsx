// SPDX-License-Identifier: Apache-2.0
// A group's agreement: as it is now, who accepted which version and when, and the versions before. What somebody said aloud or signed
// on paper is noted here. Not here: writing it (write_page.tsx), accepting it (people do so themselves).
import { useEffect, useState } from 'react';
import type { Trouble } from '../../api/client';
import type { AgreementAcceptance, Group, GroupAgreement } from '../../api/model';
import { t } from '../../texts/text';
import { AgreementWords } from '../../ui/agreement_words';
import { Button } from '../../ui/button';
import { Details } from '../../ui/details';
import { Confirm } from '../../ui/dialog';
import { facilitates, leads, useAccount, useLoaded } from '../account';
import { Frame, Said, Shown } from '../frame';
import { Go, useAddress } from '../place';
import { TroubleWords } from '../trouble_words';
import { whenWords } from '../words';

interface Line {
  path: string; // where an acceptance is noted
  name: string;
  more: string;
  accepted: AgreementAcceptance[];
}
type How = 'aloud' | 'on_paper';

const linesOf = (members: NonNullable<GroupAgreement['members']>): Line[] =>
  members.flatMap((one) => {
    const name = one.name ?? (one.alias || t('members.unnamed'));
    const own: Line = { path: `/api/memberships/${one.membership}/agreement`, name, more: one.name && one.alias ? t('members.alias', { alias: one.alias }) : '', accepted: one.accepted };
    const beside = one.supporters.map((each): Line => ({ path: `/api/supporters/${each.supporter}/agreement`, name: each.alias || t(`supporter.${each.kind}`), more: t('agree.comes_with', { kind: t(`supporter.${each.kind}`), name }), accepted: each.accepted }));
    return [own, ...beside];
  });

const acceptedWords = (one: AgreementAcceptance, zone: string): string =>
  t(one.how === 'self' ? 'agree.by_self' : one.how === 'aloud' ? 'agree.by_aloud' : 'agree.by_paper', { number: one.number, when: whenWords(one.at, zone), by: one.by });

function PersonLine({ line, number, zone, mayNote, onNote }: { line: Line; number: number; zone: string; mayNote: boolean; onNote: (line: Line, how: How) => void }) {
  const now = line.accepted[0]?.number === number;
  const before = now ? line.accepted.slice(1) : line.accepted;
  return (
    <li className="row">
      <div className="row__words">
        <strong>{line.name}</strong>
        {line.more && <span className="row__soft">{line.more}</span>}
        {now && line.accepted[0] && <span className="row__soft">{acceptedWords(line.accepted[0], zone)}</span>}
        {before.map((one) => (
          <span key={one.number} className="row__soft">
            {acceptedWords(one, zone)}
          </span>
        ))}
      </div>
      <div className="row__end">
        <span className={now ? 'tag' : 'tag tag--needs'}>{t(now ? 'agree.accepted' : line.accepted.length > 0 ? 'agree.accepted_before' : 'agree.not_yet')}</span>
        {!now && mayNote && (
          <>
            <Button small onClick={() => onNote(line, 'aloud')}>
              {t('agree.note_aloud')}
              <span className="visually-hidden"> {line.name}</span>
            </Button>
            <Button small onClick={() => onNote(line, 'on_paper')}>
              {t('agree.note_paper')}
              <span className="visually-hidden"> {line.name}</span>
            </Button>
          </>
        )}
      </div>
    </li>
  );
}

interface PartProps {
  agreement: GroupAgreement;
  mayNote: boolean;
  onChanged: (words: string) => void;
}

function Accepted({ agreement, mayNote, onChanged }: PartProps) {
  const { client, me } = useAccount();
  const [asking, setAsking] = useState<{ line: Line; how: How } | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const { current, members } = agreement;
  if (!current) return null;
  if (!members) return <p>{t('agree.members_hidden')}</p>;
  const lines = linesOf(members);
  const note = async ({ line, how }: { line: Line; how: How }): Promise<void> => {
    setAsking(null);
    const outcome = await client.ask<undefined>('POST', line.path, { body: { number: current.number, how } });
    setTrouble(outcome.ok ? null : outcome.trouble);
    onChanged(outcome.ok ? t('agree.noted', { name: line.name }) : '');
  };
  const left = lines.filter(({ accepted }) => accepted[0]?.number !== current.number).length;
  return (
    <section className="part" aria-labelledby="accepted">
      <h2 id="accepted">{t('agree.who')}</h2>
      {trouble && (
        <div className="trouble" role="alert">
          <TroubleWords trouble={trouble} />
        </div>
      )}
      {lines.length === 0 ? <p className="empty">{t('members.none_seen')}</p> : <p>{left === 0 ? t('agree.all') : t('agree.left', { count: left, number: current.number })}</p>}
      <ul className="rows">
        {lines.map((line) => (
          <PersonLine key={line.path} line={line} number={current.number} zone={me.zone} mayNote={mayNote} onNote={(who, how) => setAsking({ line: who, how })} />
        ))}
      </ul>
      {asking && (
        <Confirm
          title={t(asking.how === 'aloud' ? 'agree.sure_aloud' : 'agree.sure_paper', { name: asking.line.name, number: current.number })}
          yes={t('agree.sure_yes')}
          no={t('word.leave_it')}
          onYes={() => void note(asking)}
          onNo={() => setAsking(null)}
        >
          <p>{t('agree.sure_words')}</p>
        </Confirm>
      )}
    </section>
  );
}

function Versions({ agreement }: { agreement: GroupAgreement }) {
  const { me } = useAccount();
  if (agreement.versions.length === 0) return null;
  return (
    <section className="part" aria-labelledby="versions">
      <h2 id="versions">{t('agree.versions')}</h2>
      {agreement.versions.map(({ number, madeAt, by, accepted, text }) => (
        <Details key={number} summary={t('agree.version', { number, when: whenWords(madeAt, me.zone), by })}>
          <p>{t('agree.version_accepted', { count: accepted })}</p>
          {text.changed && <p>{t('agree.version_new', { changed: text.changed })}</p>}
          <AgreementWords agreement={{ number, ...text }} />
        </Details>
      ))}
    </section>
  );
}

export function AgreementPage({ group }: { group: string }) {
  const { me } = useAccount();
  const address = useAddress();
  const named = useLoaded<Group>(`/api/groups/${group}`);
  const loaded = useLoaded<GroupAgreement>(`/api/groups/${group}/agreement`);
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (address.query.get('done') === 'written') setSaid(t('agree.written'));
  }, []);
  const mayWrite = facilitates(me, group) || leads(me, named.value?.team ?? '');
  return (
    <Frame title={t('agree.page')} over={named.value?.name ?? ''} back={{ to: `/staff/groups/${group}`, words: named.value?.name ?? t('group.back') }} wide>
      <Said words={said} />
      <Shown of={loaded}>
        {(agreement) => (
          <>
            {agreement.current ? (
              <div className="inset">
                <AgreementWords agreement={{ number: agreement.current.number, ...agreement.current.text }} />
              </div>
            ) : (
              <p className="empty">{t('agree.none')}</p>
            )}
            {mayWrite && (
              <p>
                <Go to={`/staff/groups/${group}/agreement/write`} className={agreement.current ? 'nhsuk-button nhsuk-button--secondary' : 'nhsuk-button'}>
                  {t(agreement.current ? 'agree.write_next' : 'agree.write_first')}
                </Go>
              </p>
            )}
            <Accepted
              agreement={agreement}
              mayNote={facilitates(me, group)}
              onChanged={(words) => {
                setSaid(words);
                void loaded.again();
              }}
            />
            <Versions agreement={agreement} />
          </>
        )}
      </Shown>
    </Frame>
  );
}
