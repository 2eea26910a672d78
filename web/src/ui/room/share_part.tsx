// SPDX-License-Identifier: Apache-2.0
// Showing a tab or window: the preview that says what everyone will see, the line while it is shown, and what others show,
// large, with the people beside it (gallery.tsx). Not here: capturing and sending (call/share.ts), who may (the room).
import { useEffect, useState } from 'react';
import type { CallSession, CallState, Person } from '../../call/model';
import { t, type TextKey } from '../../texts/text';
import { accepted } from '../../call/worksheet';
import { Button } from '../button';
import { Dialog } from '../dialog';
import { Icon } from '../icon';
import { nameOf } from '../person_words';
import { Picture } from '../picture';
import { Notice } from './notice';

const onWords = { worksheet: 'share.on.worksheet', page: 'share.on.page', window: 'share.on.window', screen: 'share.on.unknown', ours: 'share.on.unknown', unknown: 'share.on.unknown' } as const satisfies Record<string, TextKey>;

const refusedWords: Partial<Record<NonNullable<CallState['share']>['what'], TextKey>> = { screen: 'share.preview.screen', ours: 'share.preview.ours' };

// The browser asks for a file; nothing happens where none is chosen.
export function chooseWorksheet(session: CallSession): void {
  const input = Object.assign(document.createElement('input'), { type: 'file', accept: accepted });
  input.onchange = () => {
    const file = input.files?.[0];
    if (file) void session.sharing.worksheet(file);
  };
  input.click();
}

function PageButtons({ session, share }: { session: CallSession; share: NonNullable<CallState['share']> }) {
  const { pages } = share;
  if (!pages || pages.count < 2) return null;
  return (
    <>
      <Button small disabled={pages.at <= 1} onClick={() => void session.sharing.turn(-1)}>
        {t('share.page_before')}
      </Button>
      <Button small icon="next" disabled={pages.at >= pages.count} onClick={() => void session.sharing.turn(1)}>
        {t('share.page_next')}
      </Button>
      <span role="status">{t('share.page', pages)}</span>
    </>
  );
}

export const whoShares = (state: CallState): Person | undefined => state.people.find((person) => person.sharing && !person.self);

export function SharePreview({ session, state }: { session: CallSession; state: CallState }) {
  const { share } = state;
  if (!share || share.state === 'on') return null;
  const other = whoShares(state);
  const refused = refusedWords[share.what];
  const mayTakeOver = state.self?.mayModerate === true;
  return (
    <Dialog title={t('share.preview.title')} onClose={() => session.sharing.stop()} noClose wide>
      <p>{t(refused ?? (share.pages ? 'share.preview.worksheet' : 'share.preview.words'))}</p>
      {!refused && !share.pages && <p>{t(share.what === 'window' ? 'share.preview.moving' : 'share.preview.look')}</p>}
      <figure className="shared shared--preview" aria-label={t('share.preview.picture')}>
        <Picture stream={share.preview} />
      </figure>
      <div className="button-row">
        <PageButtons session={session} share={share} />
      </div>
      {other && !refused && <p>{t(mayTakeOver ? 'share.preview.over' : 'share.preview.wait', { name: nameOf(other) })}</p>}
      {share.state === 'asked' && <p role="status">{t('share.preview.asked')}</p>}
      <div className="button-row">
        <Button onClick={() => session.sharing.stop()}>{t('share.preview.no')}</Button>
        {refused && (
          <Button
            look="main"
            onClick={() => {
              session.sharing.stop();
              void session.sharing.choose();
            }}
          >
            {t('share.preview.again')}
          </Button>
        )}
        {!refused && (!other || mayTakeOver) && (
          <Button look="main" disabled={share.state === 'asked'} onClick={() => session.sharing.start(other !== undefined)}>
            {t(other ? 'share.preview.take_over' : 'share.preview.start')}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

export function ShareNotices({ session, state }: { session: CallSession; state: CallState }) {
  const { share, shareTrouble } = state;
  const own = state.people.find((person) => person.self);
  return (
    <>
      {share?.state === 'on' && (
        <Notice
          icon="eye"
          actions={
            <>
              <PageButtons session={session} share={share} />
              <Button look="main" small onClick={() => session.sharing.stop()}>
                {t('share.stop')}
              </Button>
            </>
          }
        >
          {t(onWords[share.what])}
        </Notice>
      )}
      {own?.mayShare && !own.sharing && !share && (
        <Notice
          icon="eye"
          actions={
            <>
              <Button small onClick={() => void session.sharing.choose()}>
                {t('share.choose')}
              </Button>
              <Button small onClick={() => chooseWorksheet(session)}>
                {t('share.worksheet')}
              </Button>
            </>
          }
        >
          {t('share.allowed')}
        </Notice>
      )}
      {shareTrouble && (
        <Notice icon="notice" actions={<Button small onClick={() => session.sharing.dismissTrouble()}>{t('understood')}</Button>}>
          {t(`share.trouble.${shareTrouble}`)}
        </Notice>
      )}
    </>
  );
}

interface SharedProps {
  person: Person;
  mark: string | null; // the watermark
  session: CallSession;
  mayEnd: boolean;
}

export function Shared({ person, mark, session, mayEnd }: SharedProps) {
  const name = nameOf(person);
  return (
    <figure className="shared" aria-label={t('share.area', { name })}>
      <div className="shared__picture" data-share={person.seat} data-mark={mark ?? undefined}>
        {person.screen && <Picture stream={person.screen} />}
      </div>
      <figcaption className="shared__caption">
        <Icon name="eye" small />
        <span>{t(person.screen ? 'share.by' : 'share.by.wait', { name })}</span>
        {mayEnd && person.mayShare && (
          <Button small onClick={() => session.sharing.allow(person.seat, false)}>
            {t('share.end_theirs')}
          </Button>
        )}
      </figcaption>
    </figure>
  );
}

// Where the group's plan asks for it: whether this window is in front.
export function useInFront(asked: boolean): boolean {
  const [front, setFront] = useState(() => document.hasFocus());
  useEffect(() => {
    const look = (): void => setFront(document.hasFocus());
    const leave = (): void => setFront(false);
    look();
    addEventListener('focus', look);
    addEventListener('blur', leave);
    document.addEventListener('visibilitychange', look);
    return () => {
      removeEventListener('focus', look);
      removeEventListener('blur', leave);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return !asked || front;
}

export function BlurCover() {
  return (
    <div className="cover">
      <div className="cover__card">
        <h2>{t('blur.title')}</h2>
        <p>{t('blur.words')}</p>
      </div>
    </div>
  );
}
