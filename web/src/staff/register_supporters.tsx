// SPDX-License-Identifier: Apache-2.0
// In a session's register: who came along with somebody, in which way and when. The room fills it, and the facilitators in it; staff mark
// here who took part beside it or on other software, also afterwards. Not here: marking in the room (ui/room/beside_list.tsx).
import { useState } from 'react';
import type { Outcome, Trouble } from '../api/client';
import type { AttendanceRow, SupporterInRegister, Way } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { CorrectButton, TapTrouble } from './register_parts';
import { timeOf } from './time';
import { wayWords } from './words';

const ways: readonly Way[] = ['in_person', 'video', 'phone'];
const nameOf = (one: SupporterInRegister): string => one.alias || t(`supporters.kind.${one.kind}`);

function thereWords({ mode, cameAt, leftAt }: SupporterInRegister, zone: string): string {
  if (!mode) return t('register.supporter_not');
  const clock = (instant: string): string => timeOf(Date.parse(instant), zone);
  return [
    t('register.came_by', { way: wayWords(mode).toLowerCase() }),
    cameAt ? t('register.at', { time: clock(cameAt) }) : '',
    leftAt ? t('register.supporter_left', { time: clock(leftAt) }) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

export type SaveSupporter = (one: SupporterInRegister, mode: Way | null) => Promise<Outcome<SupporterInRegister>>;

interface LineProps {
  one: SupporterInRegister;
  member: AttendanceRow | undefined;
  zone: string;
  save: SaveSupporter | null; // null: not theirs to mark, or not yet
  onDone: (changed: SupporterInRegister) => void;
  onOther: () => void; // somebody else has marked them
}

function SupporterLine({ one, member, zone, save, onDone, onOther }: LineProps) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const marked = one.source === 'staff';
  const tap = async (mode: Way | null): Promise<void> => {
    if (busy || !save) return;
    setBusy(true);
    const result = await save(one, mode);
    setBusy(false);
    setTrouble(result.ok ? null : result.trouble);
    if (result.ok) {
      setOpen(false);
      return onDone(result.value);
    }
    if (result.trouble.kind === 'changed') onOther();
  };
  return (
    <li className="row row--register">
      <div className="row__words">
        <strong>{nameOf(one)}</strong>
        <span className="row__soft">
          {t('register.supporter_of', { kind: t(`supporters.kind.${one.kind}`), name: member?.person?.name ?? (member?.alias || t('members.unnamed')) })}
        </span>
        <span className="row__mark">{thereWords(one, zone)}</span>
        {one.mode && <span className="row__soft">{t(`register.source_${one.source}`)}</span>}
      </div>
      {save && (!one.mode || open) && (
        <div className="taps" role="group" aria-label={t('register.taps', { name: nameOf(one) })}>
          {ways.map((way) => (
            <Button key={way} small disabled={busy} onClick={() => void tap(way)}>
              {wayWords(way)}
            </Button>
          ))}
          {marked && (
            <Button small disabled={busy} onClick={() => void tap(null)}>
              {t('register.supporter_mistake')}
            </Button>
          )}
          {one.mode && (
            <Button small onClick={() => setOpen(false)}>
              {t('word.leave_it')}
            </Button>
          )}
        </div>
      )}
      {save && one.mode && !open && <CorrectButton name={nameOf(one)} onClick={() => setOpen(true)} />}
      <TapTrouble trouble={trouble} />
    </li>
  );
}

interface PartProps {
  supporters: readonly SupporterInRegister[];
  rows: readonly AttendanceRow[];
  zone: string;
  save: SaveSupporter | null;
  onDone: (changed: SupporterInRegister, words: string) => void;
  onOther: () => void;
}

export function SupportersInRegister({ supporters, rows, zone, save, onDone, onOther }: PartProps) {
  if (supporters.length === 0) return null;
  return (
    <section aria-labelledby="register-supporters">
      <h2 id="register-supporters">{t('supporters.title')}</h2>
      <ul className="rows">
        {supporters.map((one) => (
          <SupporterLine
            key={one.supporter}
            one={one}
            member={rows.find(({ membership }) => membership === one.membership)}
            zone={zone}
            save={save}
            onDone={(changed) => onDone(changed, t('register.saved', { name: nameOf(changed), words: thereWords(changed, zone) }))}
            onOther={onOther}
          />
        ))}
      </ul>
    </section>
  );
}
