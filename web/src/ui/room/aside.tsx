// SPDX-License-Identifier: Apache-2.0
// A private room: for the two in it, who is here, that nobody else is, and the way back, always in the same place; for who may
// take somebody aside, whether they can now, and if not, why. Not here: how the others see it (tile.tsx).
import type { CallSession, CallState, Person } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { nameOf } from '../person_words';
import { TurnLine } from './turn_line';

export function AsideLine({ session, state }: { session: CallSession; state: CallState }) {
  const self = state.people.find((person) => person.self);
  if (!self?.room.startsWith('private:')) return null;
  const other = state.people.find((person) => !person.self && !person.aside);
  const keyed = other?.keyed === true;
  return (
    <TurnLine icon="people" back={t('aside.back')} onBack={() => session.returnToGroup()}>
      {other ? t(keyed ? 'aside.here' : 'aside.coming', { name: nameOf(other) }) : t('aside.alone')}
    </TurnLine>
  );
}

// The group is never left without a facilitator: where there is no other, it says so instead of a button that does nothing.
export function TakeAside({ person, session, state, onDone }: { person: Person; session: CallSession; state: CallState; onDone?: (() => void) | undefined }) {
  const self = state.people.find((one) => one.self);
  const guest = person.role === 'member' || person.role === 'supporter';
  if (!guest || person.away || person.aside || self?.room !== 'everyone' || state.paused) return null;
  const another = state.people.some((one) => !one.self && !one.away && !one.aside && (one.role === 'facilitator' || one.role === 'co_facilitator'));
  if (!another) return <p>{t('aside.needs_another')}</p>;
  return (
    <Button
      small
      icon="people"
      onClick={() => {
        session.takeAside(person.seat);
        onDone?.();
      }}
    >
      {t('aside.take')}
    </Button>
  );
}
