// SPDX-License-Identifier: Apache-2.0
// Who is expected and has no tile: in the building, on the phone, or not here yet. A facilitator marks them with one tap, in the same
// register that the room fills, and tells the group who else hears it when they choose to. Members never get this list.
import { useState } from 'react';
import type { BesideRow, Seen } from '../../api/arrival';
import type { Beside, CallSession, CallState } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { AlertOpener } from './alert_buttons';
import type { BesideRoom, Trouble } from './use_beside';

const nameOf = (row: BesideRow): string => row.alias || t('person.unnamed');
const besideWay = (row: BesideRow): Beside['way'] => (row.mode === 'phone' ? 'phone' : 'in_person');
export const hereNow = (rows: readonly BesideRow[]): Beside[] => rows.filter(({ here }) => here).map((row) => ({ seat: row.seat, way: besideWay(row) }));

const stateWords = (row: BesideRow): string => {
  if (row.here) return t(`beside.here.${besideWay(row)}`);
  if (row.outcome === 'attended') return t(row.mode === 'video' ? 'beside.was_video' : 'beside.gone');
  if (row.outcome !== 'expected') return t('beside.away');
  if (row.supporter) return t('beside.not_here');
  return row.planned ? t(`beside.planned.${row.planned}`) : t('beside.not_said');
};

interface RowProps {
  row: BesideRow;
  beside: BesideRoom;
  dutyNumber: string;
  onTrouble: (trouble: Trouble | null) => void;
}

function Row({ row, beside, dutyNumber, onTrouble }: RowProps) {
  const name = nameOf(row);
  const button = (seen: Seen, look: 'main' | 'quiet' = 'quiet') => (
    <Button key={seen} small look={look} disabled={beside.busy} onClick={() => void beside.mark(row, seen).then(onTrouble)}>
      {t(`beside.do.${seen}`)}
      <span className="visually-hidden"> {name}</span>
    </Button>
  );
  return (
    <li className="entry">
      <h4 className="entry__name">{name}</h4>
      {row.supporter && <p className="entry__state">{t(`beside.supporter.${row.supporter}`)}</p>}
      <p className="entry__state">{stateWords(row)}</p>
      <div className="button-row">
        {row.here ? (
          <>
            {button('left')}
            {button(row.mode === 'phone' ? 'in_person' : 'phone')}
            {button('mistake')}
          </>
        ) : (
          <>
            {button('in_person')}
            {button('phone')}
          </>
        )}
        <AlertOpener beside={beside} seat={row.seat} name={name} dutyNumber={dutyNumber} />
      </div>
    </li>
  );
}

const asText = (people: readonly Beside[]): string => JSON.stringify([...people].map(({ seat, way }) => [seat, way]).sort());

// What the group reads, and whether that is still so.
function Telling({ rows, session, state }: { rows: readonly BesideRow[]; session: CallSession; state: CallState }) {
  const here = hereNow(rows);
  const told = state.beside ?? [];
  const asItIs = asText(here) === asText(told);
  if (here.length === 0 && told.length === 0) return null;
  return (
    <div className="entry">
      <p role="status">{told.length === 0 ? t('beside.not_told') : asItIs ? t('beside.told') : t('beside.told_before')}</p>
      <p className="entry__state">{t('beside.why_tell')}</p>
      {!asItIs && (
        <Button small look="main" onClick={() => session.tellBeside(here)}>
          {t(here.length === 0 ? 'beside.tell_nobody' : 'beside.tell')}
        </Button>
      )}
      {told.length > 0 && here.length > 0 && (
        <Button small onClick={() => session.tellBeside([])}>
          {t('beside.untell')}
        </Button>
      )}
    </div>
  );
}

export function BesideList({ session, state, beside, dutyNumber }: { session: CallSession; state: CallState; beside: BesideRoom; dutyNumber: string }) {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  if (!beside.on) return null;
  const tiles = new Set([...state.people.map(({ seat }) => seat), ...state.waiting.map(({ seat }) => seat)]);
  // Who was marked as beside the room, and has a tile as well, stays here: both are true until a facilitator says otherwise.
  const rows = beside.rows.filter((row) => row.here || !tiles.has(row.seat));
  const sorted = [...rows.filter(({ here }) => here), ...rows.filter(({ here }) => !here)];
  return (
    <section className="plan" aria-labelledby="beside-title">
      <h3 id="beside-title">{t('beside.title')}</h3>
      <p>{t('beside.words')}</p>
      <div role="alert">{trouble && <p className="entry__flag">{t(`beside.trouble.${trouble}`)}</p>}</div>
      {sorted.length === 0 ? (
        <p className="empty">{t('beside.nobody')}</p>
      ) : (
        <ul className="entries">
          {sorted.map((row) => (
            <Row key={row.seat} row={row} beside={beside} dutyNumber={dutyNumber} onTrouble={setTrouble} />
          ))}
        </ul>
      )}
      <Telling rows={beside.rows} session={session} state={state} />
    </section>
  );
}

// Beside the tiles: for facilitators what the register says now, for everybody else what they were told.
export function BesideLine({ state, beside }: { state: CallState; beside: BesideRoom }) {
  const leads = state.self?.mayAdmit === true;
  const rows = beside.rows.filter(({ here }) => here);
  const people = leads && beside.on ? rows.map((row) => ({ way: besideWay(row), name: nameOf(row) })) : (state.beside ?? []).map(({ way, alias }) => ({ way, name: alias ?? t('person.unnamed') }));
  const words = (['in_person', 'phone'] as const)
    .map((way) => ({ way, names: people.filter((one) => one.way === way).map(({ name }) => name) }))
    .filter(({ names }) => names.length > 0)
    .map(({ way, names }) => t(`beside.line.${way}`, { names: names.join(', ') }));
  return (
    <div role="status" className={words.length > 0 ? 'strip__item' : undefined}>
      {words.length > 0 && <span dir="auto">{words.join(' ')}</span>}
    </div>
  );
}
