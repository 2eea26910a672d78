// SPDX-License-Identifier: Apache-2.0
// In a session's register: who came along with somebody, in which way and when. Filled by the room, and by the facilitators in it, who
// mark whoever is in the building or on the phone. Not here: marking (ui/room/beside_list.tsx).
import type { AttendanceRow, SupporterInRegister } from '../api/model';
import { t } from '../texts/text';
import { timeOf } from './time';
import { wayWords } from './words';

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

export function SupportersInRegister({ supporters, rows, zone }: { supporters: readonly SupporterInRegister[]; rows: readonly AttendanceRow[]; zone: string }) {
  if (supporters.length === 0) return null;
  return (
    <section aria-labelledby="register-supporters">
      <h2 id="register-supporters">{t('supporters.title')}</h2>
      <ul className="rows">
        {supporters.map((one) => {
          const member = rows.find(({ membership }) => membership === one.membership);
          return (
            <li key={one.supporter} className="row">
              <div className="row__words">
                <strong>{one.alias || t(`supporters.kind.${one.kind}`)}</strong>
                <span className="row__soft">
                  {t('register.supporter_of', { kind: t(`supporters.kind.${one.kind}`), name: member?.person?.name ?? (member?.alias || t('members.unnamed')) })}
                </span>
                <span className="row__mark">{thereWords(one, zone)}</span>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
