// SPDX-License-Identifier: Apache-2.0
// What can be done with a person's tile: make it larger, hide one's own; for facilitators also mute, ask, move back, remove.
// The same list stands in the facilitators' panel. Moving and removing are confirmed in plain words first.
import { useState } from 'react';
import type { CallSession, CallState, Person } from '../../call/model';
import { t } from '../../texts/text';
import { Button } from '../button';
import { Confirm, Dialog } from '../dialog';
import { asideWords, nameOf } from '../person_words';
import { AlertButtons } from './alert_buttons';
import { TakeAside } from './aside';
import type { BesideRoom } from './use_beside';

export type Grave = { what: 'move' | 'remove'; person: Person };

export function ConfirmGrave({ grave, session, onDone }: { grave: Grave; session: CallSession; onDone: () => void }) {
  const name = nameOf(grave.person);
  const { seat } = grave.person;
  return (
    <Confirm
      title={t(`confirm.${grave.what}.title`, { name })}
      yes={t(`confirm.${grave.what}.yes`)}
      no={t(`confirm.${grave.what}.no`)}
      danger={grave.what === 'remove'}
      onNo={onDone}
      onYes={() => {
        if (grave.what === 'remove') session.remove(seat);
        else session.moveBack(seat);
        onDone();
      }}
    >
      <p>{t(`confirm.${grave.what}.words`, { name })}</p>
    </Confirm>
  );
}

interface ModerateProps {
  person: Person;
  session: CallSession;
  state: CallState;
  onGrave: (grave: Grave) => void;
  onWrite: (person: Person) => void;
  onDone?: () => void;
}

export function ModerateButtons({ person, session, state, onGrave, onWrite, onDone }: ModerateProps) {
  const then = (act: () => void) => () => {
    act();
    onDone?.();
  };
  return (
    <>
      <Button small icon="chat" onClick={then(() => onWrite(person))}>
        {t('person.write')}
      </Button>
      <TakeAside person={person} session={session} state={state} onDone={onDone} />
      {person.hand !== null && (
        <Button small icon="hand" onClick={then(() => session.lowerHands([person.seat]))}>
          {t('person.lower_hand')}
        </Button>
      )}
      {person.microphone && (
        <>
          <Button small icon="microphone" onClick={then(() => session.askToMute(person.seat))}>
            {t('person.ask_mute')}
          </Button>
          <Button small icon="microphone_off" onClick={then(() => session.mute(person.seat))}>
            {t('person.mute')}
          </Button>
        </>
      )}
      <Button small onClick={() => onGrave({ what: 'move', person })}>
        {t('person.move_back')}
      </Button>
      <Button small look="danger" onClick={() => onGrave({ what: 'remove', person })}>
        {t('person.remove')}
      </Button>
    </>
  );
}

interface PersonDialogProps {
  person: Person;
  session: CallSession;
  state: CallState;
  beside: BesideRoom;
  dutyNumber: string;
  mayLetShare: boolean; // the group's plan lets members show a tab or window
  pinned: boolean;
  onPin: () => void;
  onHideSelf: () => void;
  onWrite: (person: Person) => void;
  onClose: () => void;
}

export function PersonDialog({ person, session, state, beside, dutyNumber, mayLetShare, pinned, onPin, onHideSelf, onWrite, onClose }: PersonDialogProps) {
  const [grave, setGrave] = useState<Grave | null>(null);
  const name = nameOf(person);
  if (grave) return <ConfirmGrave grave={grave} session={session} onDone={onClose} />;
  return (
    <Dialog title={person.self ? t('person.you', { name }) : name} onClose={onClose}>
      <p>
        {t(`role.${person.role}`)}
        {person.away ? `. ${t('mark.away')}` : ''}
        {person.aside ? `. ${asideWords(person)}` : ''}
        {person.privateNow ? `. ${t('mark.not_private')}` : ''}
      </p>
      <div className="button-list">
        <Button
          small
          icon="pin"
          pressed={pinned}
          onClick={() => {
            onPin();
            onClose();
          }}
        >
          {t('person.pin')}
        </Button>
        {person.self && (
          <Button
            small
            icon="eye"
            onClick={() => {
              onHideSelf();
              onClose();
            }}
          >
            {t('more.hide_self')}
          </Button>
        )}
        {mayLetShare && !person.self && state.self?.mayModerate && (person.role === 'member' || person.role === 'supporter') && (
          <Button
            small
            icon="eye"
            onClick={() => {
              session.sharing.allow(person.seat, !person.mayShare);
              onClose();
            }}
          >
            {t(person.mayShare ? 'share.let_not' : 'share.let', { name })}
          </Button>
        )}
        {!person.self && state.self?.mayModerate && (
          <ModerateButtons person={person} session={session} state={state} onGrave={setGrave} onWrite={onWrite} onDone={onClose} />
        )}
      </div>
      {!person.self && state.self?.mayModerate && (person.role === 'member' || person.role === 'supporter') && (
        <AlertButtons beside={beside} seat={person.seat} name={name} dutyNumber={dutyNumber} />
      )}
    </Dialog>
  );
}
