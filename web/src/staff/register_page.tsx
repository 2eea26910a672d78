// SPDX-License-Identifier: Apache-2.0
// A session's register. The first mark is one tap; a mark that stands (from the call, or from staff) is corrected with a
// reason, and what stood before stays on record. Each mark is saved by itself, so that nothing waits for a "save all".
import { useEffect, useRef, useState } from 'react';
import { CreationKey, type Fault, type Outcome, type Trouble } from '../api/client';
import type { AlertKind, AttendanceRow, Register, SessionRow, SupporterInRegister, Way } from '../api/model';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { facilitates, has, useAccount, useFresh, useLoaded } from './account';
import { CheckField, LongField, RadioField, SelectField } from './fields';
import { Form, useForm } from './form';
import { Frame, Said, Shown } from './frame';
import { JoiningPart } from './joining_part';
import { Go } from './place';
import { CorrectButton, TapTrouble } from './register_parts';
import { type SaveSupporter, SupportersInRegister } from './register_supporters';
import { RoomButton } from './room_button';
import { SummaryRows } from './summary_rows';
import { dayOf, timeOf, dateWords } from './time';
import { TroubleWords } from './trouble_words';
import { cancelReasonWords, correctionReasons, correctionReasonWords, outcomeWords, sessionWhen, softwareWords, wayWords } from './words';

interface Mark {
  mode: Way | null;
  outcome: AttendanceRow['outcome'];
  late: boolean;
  leftEarly: boolean;
  reason: string;
  note: string;
}
type Save = (row: AttendanceRow, mark: Mark, version: number) => Promise<Outcome<AttendanceRow>>;
const ways: readonly Way[] = ['in_person', 'video', 'phone'];
const nameOf = (row: AttendanceRow): string => row.person?.name ?? (row.alias || t('members.unnamed'));
const isMarked = (row: AttendanceRow): boolean => row.source !== 'plan';

export function markWords(row: AttendanceRow, zone: string): string {
  if (row.outcome !== 'attended') return outcomeWords(row.outcome);
  const clock = (instant: string): string => timeOf(Date.parse(instant), zone);
  return [
    row.mode ? t('register.came_by', { way: wayWords(row.mode).toLowerCase() }) : outcomeWords('attended'),
    row.cameAt ? t('register.at', { time: clock(row.cameAt) }) : '',
    row.late ? t('register.late') : '',
    row.leftEarly ? (row.leftAt ? t('register.left_early_at', { time: clock(row.leftAt) }) : t('register.left_early')) : '',
    row.changedMode && row.planned ? t('register.planned_was', { way: wayWords(row.planned).toLowerCase() }) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

function CorrectForm({ row, session, save, onDone, onCancel }: { row: AttendanceRow; session: string; save: Save; onDone: (row: AttendanceRow) => void; onCancel: () => void }) {
  const { client } = useAccount();
  const correction = isMarked(row);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector<HTMLElement>('input')?.focus(), []);
  const form = useForm<Mark>({
    draft: `mark-${row.id}`,
    start: { mode: row.mode, outcome: row.outcome, late: row.late, leftEarly: row.leftEarly, reason: '', note: '' },
    version: row.version,
    check: (mark): Fault[] => [
      ...(mark.outcome === 'attended' && !mark.mode ? [{ pointer: '/mode', code: 'own', detail: t('register.fault.mode') }] : []),
      ...(correction && !mark.reason ? [{ pointer: '/reason', code: 'own', detail: t('register.fault.reason') }] : []),
    ],
    save: (mark, version) => {
      const came = mark.outcome === 'attended';
      return save(row, came ? mark : { ...mark, mode: null, late: false, leftEarly: false }, version);
    },
    reload: async (): Promise<Outcome<Mark>> => {
      const register = await client.ask<Register>('GET', `/api/sessions/${session}/register`);
      if (!register.ok) return register;
      const now = register.value.rows.find((one) => one.id === row.id);
      if (!now) return { ok: false, trouble: { kind: 'gone' } };
      return { ok: true, value: { mode: now.mode, outcome: now.outcome, late: now.late, leftEarly: now.leftEarly, reason: '', note: '' }, version: now.version };
    },
    onSaved: onDone,
  });
  const came = form.values.outcome === 'attended';
  const outcomes = ['attended', 'did_not_attend', 'cancelled_by_person', 'cancelled_by_service', 'expected'] as const;
  return (
    <div className="inset" ref={box}>
      <Form form={form} save={t('form.save')} after={<Button onClick={onCancel}>{t('word.leave_it')}</Button>}>
        <RadioField form={form} at="/outcome" label={t('register.outcome', { name: nameOf(row) })} choices={outcomes.map((value) => ({ value, label: outcomeWords(value) }))} />
        {came && (
          <>
            <RadioField form={form} at="/mode" label={t('register.mode')} choices={ways.map((value) => ({ value, label: wayWords(value) }))} inline />
            <div className="choices">
              <CheckField form={form} at="/late" label={t('register.late_long')} />
              <CheckField form={form} at="/leftEarly" label={t('register.left_early')} />
            </div>
          </>
        )}
        {correction && (
          <SelectField form={form} at="/reason" label={t('register.reason')} choices={[{ value: '', label: t('form.choose') }, ...correctionReasons.map((value) => ({ value, label: correctionReasonWords(value) }))]} />
        )}
        <LongField form={form} at="/note" label={t('register.note')} rows={2} />
      </Form>
    </div>
  );
}

const alertKinds: readonly AlertKind[] = ['worried', 'drop_off', 'help'];

// One tap a kind; the team lead and the group's facilitators see it on today.
function AlertTaps({ row, session, onRaised }: { row: AttendanceRow; session: string; onRaised: (words: string) => void }) {
  const { client } = useAccount();
  const key = useRef(new CreationKey());
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const raise = async (kind: AlertKind): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const body = { membership: row.membership, kind };
    const outcome = await client.ask<unknown>('POST', `/api/sessions/${session}/alerts`, { body, key: key.current.of(body) });
    setBusy(false);
    setTrouble(outcome.ok ? null : outcome.trouble);
    if (!outcome.ok) return;
    key.current = new CreationKey();
    setOpen(false);
    onRaised(t('alerts.raised', { name: nameOf(row) }));
  };
  return (
    <div className="alert-taps">
      <Button small expanded={open} onClick={() => setOpen(!open)}>
        {t('alerts.raise')}
        <span className="visually-hidden"> {nameOf(row)}</span>
      </Button>
      {open && (
        <div className="taps" role="group" aria-label={t('alerts.raise_about', { name: nameOf(row) })}>
          {alertKinds.map((kind) => (
            <Button key={kind} small disabled={busy} onClick={() => void raise(kind)}>
              {t(`alerts.do.${kind}`)}
            </Button>
          ))}
        </div>
      )}
      {trouble && (
        <div className="trouble" role="alert">
          <TroubleWords trouble={trouble} />
        </div>
      )}
    </div>
  );
}

// In the building or on the phone now, as far as facilitators marked it.
const isBeside = (row: AttendanceRow): boolean => row.source === 'staff' && row.outcome === 'attended' && row.mode !== null && row.mode !== 'video' && row.leftAt === null;

interface LineProps {
  row: AttendanceRow;
  session: SessionRow;
  mayChange: boolean;
  soon: boolean; // the session is on, or nearly
  save: Save;
  onDone: (row: AttendanceRow) => void;
  onOther: () => void; // somebody else has marked it
  onSaid: (words: string) => void;
}

function RegisterLine({ row, session, mayChange, soon, save, onDone, onOther, onSaid }: LineProps) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const tap = async (outcome: Mark['outcome'], mode: Way | null): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setTrouble(null);
    const result = await save(row, { mode, outcome, late: false, leftEarly: false, reason: '', note: '' }, row.version);
    setBusy(false);
    if (result.ok) return onDone(result.value);
    setTrouble(result.trouble);
    if (result.trouble.kind === 'changed') onOther();
  };
  const first = !isMarked(row) && row.outcome === 'expected';
  const name = nameOf(row);
  return (
    <li className="row row--register">
      <div className="row__words">
        <strong>{row.person ? <Go to={`/staff/people/${row.person.id}`}>{row.person.name}</Go> : name}</strong>
        <span className="row__soft">
          {row.alias && row.person ? `${row.alias} · ` : ''}
          {row.planned ? t('register.planned', { way: wayWords(row.planned).toLowerCase() }) : t('register.way_not_said')}
        </span>
        {!first && <span className="row__mark">{markWords(row, session.zone)}</span>}
        {!first && <span className="row__soft">{t(`register.source_${row.source}`)}</span>}
        {soon && isBeside(row) && <span className="tag">{t(row.mode === 'phone' ? 'register.here_phone' : 'register.here_in_person')}</span>}
      </div>
      {mayChange && first && !open && (
        <div className="taps" role="group" aria-label={t('register.taps', { name })}>
          {ways.map((way) => (
            <Button key={way} small disabled={busy} onClick={() => void tap('attended', way)}>
              {wayWords(way)}
            </Button>
          ))}
          <Button small disabled={busy} onClick={() => void tap('did_not_attend', null)}>
            {t('register.not')}
          </Button>
          <Button small onClick={() => setOpen(true)}>
            {t('register.more')}
            <span className="visually-hidden"> {name}</span>
          </Button>
        </div>
      )}
      {mayChange && !first && !open && <CorrectButton name={name} onClick={() => setOpen(true)} />}
      <TapTrouble trouble={trouble} />
      {open && (
        <CorrectForm
          row={row}
          session={session.id}
          save={save}
          onCancel={() => setOpen(false)}
          onDone={(changed) => {
            setOpen(false);
            onDone(changed);
          }}
        />
      )}
      {mayChange && soon && <AlertTaps row={row} session={session.id} onRaised={onSaid} />}
      {row.corrections.length > 0 && (
        <details className="nhsuk-details">
          <summary className="nhsuk-details__summary">
            <span className="nhsuk-details__summary-text">{t('register.corrections', { count: row.corrections.length })}</span>
          </summary>
          <SummaryRows
            rows={row.corrections.map((one) => {
              const instant = Date.parse(one.at);
              return { name: t('time.day_at', { day: dateWords(dayOf(instant, session.zone)), times: timeOf(instant, session.zone) }), value: `${one.by || t('register.by_call')}\n${correctionReasonWords(one.reason)}` };
            })}
          />
        </details>
      )}
    </li>
  );
}

export function RegisterPage({ session: id }: { session: string }) {
  const { client, me, clock } = useAccount();
  const loaded = useLoaded<Register>(`/api/sessions/${id}/register`);
  const [said, setSaid] = useState('');
  const around = loaded.value?.session;
  const soon = around !== undefined && clock.wall() >= Date.parse(around.startsAt) - 1_800_000 && clock.wall() <= Date.parse(around.endsAt) + 1_800_000;
  useFresh(loaded, 10_000, soon); // the room marks it, too
  const save: Save = (row, mark, version) => client.ask<AttendanceRow>('PUT', `/api/attendance/${row.id}`, { body: mark, version });
  const register = loaded.value;
  if (!register) {
    return (
      <Frame title={t('register.title')} back={{ to: '/staff', words: t('nav.to_today') }}>
        <Shown of={loaded}>{() => null}</Shown>
      </Frame>
    );
  }
  const { session, rows, supporters } = register;
  const mayChange = facilitates(me, session.group.id) && session.state !== 'cancelled';
  const done = (answer: AttendanceRow): void => {
    // The name as the list has it: there two people of one name are told apart.
    const changed = { ...answer, person: rows.find(({ id: one }) => one === answer.id)?.person ?? answer.person };
    loaded.put({ ...register, rows: rows.map((row) => (row.id === changed.id ? changed : row)) }, null);
    setSaid(t('register.saved', { name: nameOf(changed), words: markWords(changed, session.zone) }));
  };
  const saveSupporter: SaveSupporter = (one, mode) => client.ask<SupporterInRegister>('PUT', `/api/sessions/${id}/supporters/${one.supporter}`, { body: { mode }, version: one.version });
  const now = clock.wall();
  const ahead = now < Date.parse(session.startsAt) - 1_800_000;
  const elsewhere = session.heldOn !== 'quietroom' && session.heldOn !== 'in_person' && session.state !== 'cancelled';
  const plans = facilitates(me, session.group.id) || has(me, 'team_lead');
  const left = rows.filter((row) => row.outcome === 'expected').length;
  const back = { to: `/staff/groups/${session.group.id}`, words: session.group.name };
  return (
    <Frame title={sessionWhen(session)} over={t('register.over', { group: session.group.name, number: session.number })} back={back} wide>
      <p className="card__words">
        {[session.venue, softwareWords(session.heldOn)].filter(Boolean).join(' · ')}
      </p>
      {session.state === 'cancelled' && <p className="callout">{t('register.cancelled', { reason: cancelReasonWords(session.cancelledReason) })}</p>}
      <div className="button-row">
        {soon && mayChange && session.heldOn === 'quietroom' && <RoomButton session={id} group={session.group.name} main />}
        {session.state === 'planned' && Date.parse(session.startsAt) > now && (
          <>
            <Go to={`/staff/sessions/${id}/move`} className="nhsuk-button nhsuk-button--secondary is-small">
              {t('session.move')}
            </Go>
            <Go to={`/staff/sessions/${id}/cancel`} className="nhsuk-button nhsuk-button--secondary is-small">
              {t('session.cancel')}
            </Go>
          </>
        )}
      </div>
      {elsewhere && plans && <JoiningPart session={session} software={softwareWords(session.heldOn)} mayChange={session.state === 'planned'} />}
      <h2>{t('register.title')}</h2>
      <Said words={said} />
      {rows.length === 0 ? (
        <p className="empty">{t('register.nobody')}</p>
      ) : (
        <>
          <p>{left > 0 ? t('register.left', { count: left }) : t('register.all')}</p>
          <ul className="rows">
            {rows.map((row) => (
              <RegisterLine key={row.id} row={row} session={session} mayChange={mayChange} soon={soon} save={save} onDone={done} onOther={() => void loaded.again()} onSaid={setSaid} />
            ))}
          </ul>
        </>
      )}
      <SupportersInRegister
        supporters={supporters}
        rows={rows}
        zone={session.zone}
        save={mayChange && !ahead ? saveSupporter : null}
        onDone={(changed, words) => {
          loaded.put({ ...register, supporters: supporters.map((one) => (one.supporter === changed.supporter ? changed : one)) }, null);
          setSaid(words);
        }}
        onOther={() => void loaded.again()}
      />
    </Frame>
  );
}
