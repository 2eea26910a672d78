// SPDX-License-Identifier: Apache-2.0
// The room: the group, what a person must know, the bar, and beside it chat or the facilitators' panel. What only this
// browser shows (own tile hidden, pins, open panels) lives here; everything else is the call's state.
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { ArrivalDesk, ArrivalQuestions } from '../../api/arrival';
import type { Arrival, BookingCard, CallSession, CallState, ChatLine, Person, Seat } from '../../call/model';
import { t } from '../../texts/text';
import { AgreementWords } from '../agreement_words';
import { Button } from '../button';
import { isDrawn } from '../../disguise/choice';
import { AllDeviceFields, CameraField, MicrophoneField } from '../device_fields';
import { Dialog } from '../dialog';
import { Announcer } from '../announcer';
import { useRoomView } from '../kept';
import { nameOfSeat } from '../person_words';
import { isUrgent, isWriting, type Shortcut, shortcutFor } from '../shortcuts';
import type { WatchState } from '../watch';
import { WatchFields } from '../watch_parts';
import { PrivateCover, type Asking, type WaysOutState } from '../ways_out';
import { ChatPanel } from './chat_panel';
import { ClearViewChoice } from './clear_view_part';
import { FacilitatorPanel, type Tab } from './facilitator_panel';
import { Gallery } from './gallery';
import { KeysDialog } from './keys_dialog';
import { LineDialog } from './line_dialog';
import { MorePanel } from './more_panel';
import { Notices } from './notices';
import { PersonDialog } from './person_dialog';
import { ProtectionDialog } from './protection';
import { RoomBar, WaysOutButtons } from './room_bar';
import { RoomStrip } from './room_strip';
import { BlurCover, chooseWorksheet, SharePreview, useInFront } from './share_part';
import { useBesideRoom } from './use_beside';

type Over = 'more' | 'line' | 'devices' | 'disguise' | 'watch' | 'keys' | 'protection' | 'words';
export type Opened = 'panel' | 'chat' | 'person' | Over | null;
const overs: readonly Opened[] = ['more', 'line', 'devices', 'disguise', 'watch', 'keys', 'protection', 'words'];

// Those who let people in see at once who waits, where there is room for the panel beside the group.
const firstSide = (opened: Opened, leads: boolean): 'panel' | 'chat' | null => {
  if (opened === 'panel' || opened === 'chat') return opened;
  return leads && opened === null && matchMedia('(min-width: 60em)').matches ? 'panel' : null;
};
export interface RoomStart {
  opened?: Opened;
  tab?: Tab;
  asking?: Asking;
  pins?: Seat[];
  selfHidden?: boolean;
}

interface RoomProps {
  session: CallSession;
  state: CallState;
  arrival: Arrival;
  cards: readonly BookingCard[];
  desk: ArrivalDesk;
  questions: ArrivalQuestions | null;
  ways: WaysOutState;
  watch: WatchState;
  start?: RoomStart | undefined; // how the sketch pages open it
}

const without = <T,>(list: readonly T[], item: T): T[] => list.filter((one) => one !== item);

function PausedCard({ session, state }: { session: CallSession; state: CallState }) {
  return (
    <div className="cover">
      <div className="cover__card">
        <h2>{t('paused.title')}</h2>
        <p>
          {state.paused?.by == null ? t('paused.by_nobody') : t('paused.by', { name: nameOfSeat(state.people, state.paused.by) })}{' '}
          {t('paused.facilitator_words')}
        </p>
      </div>
      <Button look="main" icon="play" onClick={() => session.setPaused(false)}>
        {t('plan.go_on')}
      </Button>
    </div>
  );
}

const useUnread = (state: CallState, open: boolean): number => {
  const [seen, setSeen] = useState(state.chat.length);
  useEffect(() => {
    if (open) setSeen(state.chat.length);
  }, [open, state.chat.length]);
  return open ? 0 : state.chat.slice(seen).filter((line) => !line.own && line.fromWaiting === null).length;
};

// Which panel stands beside the group and what lies over it. Closing gives the focus back to the button that opened it.
const usePanels = (root: RefObject<HTMLDivElement | null>, start: RoomStart, leads: boolean) => {
  const [side, setSide] = useState<'panel' | 'chat' | null>(() => firstSide(start.opened ?? null, leads));
  const [over, setOver] = useState<Over | null>(overs.includes(start.opened ?? null) ? (start.opened as Over) : null);
  const closeSide = (): void => {
    root.current?.querySelector<HTMLElement>(`[data-opens="${side}"]`)?.focus();
    setSide(null);
  };
  const openSide = (which: 'panel' | 'chat'): void => {
    if (side === which) return closeSide();
    setOver(null);
    setSide(which);
  };
  const closeMore = (): void => {
    setOver(null);
    root.current?.querySelector<HTMLElement>('.bar__button:last-child')?.focus();
  };
  return { side, setSide, openSide, closeSide, over, setOver, closeMore };
};

// The heading has the focus when the room appears, and again when the person is no longer covered.
const useHeadingFocus = (covered: boolean): RefObject<HTMLHeadingElement | null> => {
  const heading = useRef<HTMLHeadingElement>(null);
  const wasCovered = useRef(true);
  useEffect(() => {
    if (wasCovered.current && !covered) heading.current?.focus();
    wasCovered.current = covered;
  }, [covered]);
  return heading;
};

const useShortcuts = (actions: Record<Shortcut, () => void>, on: boolean, covered: boolean): void => {
  const onKey = useRef<(event: KeyboardEvent) => void>(() => undefined);
  onKey.current = (event) => {
    const name = on ? shortcutFor(event, isWriting(event.target)) : null;
    if (covered && name !== 'private' && name !== 'help' && name !== 'leave' && name !== 'exit') return; // nothing is switched on from here
    if (!name || (!isUrgent(name) && document.querySelector('dialog[open]'))) return;
    event.preventDefault();
    actions[name]();
  };
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onKey.current(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
};

const firstTab = (state: CallState): Tab =>
  state.helpAsked.length > 0 ? 'safety' : state.waiting.length > 0 || state.people.length < 2 ? 'waiting' : 'people';

export function Room({ session, state, arrival, cards, desk, questions, ways, watch, start = {} }: RoomProps) {
  const root = useRef<HTMLDivElement>(null);
  const { side, setSide, openSide, closeSide, over, setOver, closeMore } = usePanels(root, start, state.self?.mayAdmit === true);
  const [openPerson, setOpenPerson] = useState<Seat | null>(start.opened === 'person' ? (state.people[1]?.seat ?? null) : null);
  const [{ pins, selfHidden }, setView] = useRoomView(`${arrival.startsAt} ${state.self?.seat}`, {
    ...(start.pins && { pins: start.pins }),
    ...(start.selfHidden !== undefined && { selfHidden: start.selfHidden }),
  });
  const [chatTo, setChatTo] = useState<ChatLine['to']>('everyone');
  const [keysOn, setKeysOn] = useState(true);
  const beside = useBesideRoom(desk, session, state.self?.mayAdmit === true && questions?.session != null, state.marked, state.helpAsked);
  const unread = useUnread(state, side === 'chat');
  const covered = ways.privateNow;
  const inFront = useInFront(arrival.blankOnBlur);
  const heading = useHeadingFocus(covered);
  useEffect(() => {
    if (!covered) return;
    setOver(null); // what lay open does not come back with the person
    setOpenPerson(null);
  }, [covered]);
  const self = state.people.find((person) => person.self);
  const { camera, microphone } = state.devices;
  const hideSelf = (): void => setView({ selfHidden: !selfHidden });

  const write = (person: Person): void => {
    setChatTo({ seat: person.seat });
    setOpenPerson(null);
    setSide('chat');
  };
  const actions = {
    microphone: () => void session.setMicrophone(!microphone.on),
    camera: () => void session.setCamera(!camera.on),
    hand: () => session.setHand(self?.hand == null),
    chat: () => openSide('chat'),
    panel: () => void (state.self?.mayAdmit && openSide('panel')),
    private: ways.onPrivate,
    help: ways.onHelp,
    leave: ways.onLeave,
    exit: ways.onExit,
  };
  useShortcuts(actions, keysOn, covered);
  const open = useCallback((person: Person) => setOpenPerson(person.seat), []);
  const shownPerson = state.people.find((person) => person.seat === openPerson);

  return (
    <div ref={root} className={`room${side && !covered ? ' room--side' : ''}`}>
      <main className="room__main" aria-labelledby="room-title">
        <h1 ref={heading} id="room-title" className="visually-hidden" tabIndex={-1}>
          {t('room.title')}
        </h1>
        {!covered && (
          <RoomStrip
            session={session}
            state={state}
            beside={beside}
            selfHidden={selfHidden}
            panelOpen={side === 'panel'}
            onPanel={() => openSide('panel')}
            onShowSelf={hideSelf}
            onProtection={() => setOver('protection')}
            onLine={() => setOver('line')}
          />
        )}
        {!covered && <Notices session={session} state={state} onWords={() => setOver('words')} />}
        {covered ? (
          <PrivateCover inRoom by={watch.by} onBack={ways.backAgain} />
        ) : state.paused ? (
          <PausedCard session={session} state={state} />
        ) : !inFront ? (
          <BlurCover />
        ) : (
          <Gallery session={session} state={state} pins={pins} selfHidden={selfHidden} mark={arrival.watermark ? arrival.alias : null} onOpen={open} />
        )}
        <div className="captions" id="captions">
          <Announcer state={state} quiet={covered} />
        </div>
      </main>
      {side === 'chat' && !covered && <ChatPanel session={session} state={state} to={chatTo} onTo={setChatTo} onClose={closeSide} />}
      {side === 'panel' && !covered && state.self?.mayAdmit && (
        <FacilitatorPanel
          session={session}
          state={state}
          cards={cards}
          desk={desk}
          questions={questions}
          beside={beside}
          dutyNumber={arrival.dutyNumber}
          endsAt={arrival.endsAt}
          start={start.tab ?? firstTab(state)}
          onWrite={write}
          onClose={closeSide}
        />
      )}
      <div className="room__bar">
        {over === 'more' && !covered && (
          <MorePanel
            selfHidden={selfHidden}
            soundOnly={state.soundOnly}
            onReact={(name) => {
              session.react(name);
              closeMore();
            }}
            onSelfHidden={hideSelf}
            onSoundOnly={() => session.setSoundOnly(!state.soundOnly)}
            onOpen={setOver}
            onShare={
              state.self?.mayShare && !state.share
                ? (what) => {
                    closeMore();
                    if (what === 'worksheet') chooseWorksheet(session);
                    else void session.sharing.choose();
                  }
                : null
            }
            onBoard={
              state.self?.mayModerate && !state.board
                ? () => {
                    closeMore();
                    session.board.open(false);
                  }
                : null
            }
            onExit={ways.onExit}
            onClose={closeMore}
          />
        )}
        {covered ? (
          <nav className="bar bar--ways" aria-label={t('bar.ways')}>
            <WaysOutButtons {...ways} exit />
          </nav>
        ) : (
          <RoomBar
            microphone={microphone.on && !state.backstage.on}
            camera={camera.on}
            barred={{ microphone: microphone.trouble === 'barred', camera: camera.trouble === 'barred' }}
            drawn={isDrawn(state.devices.disguise.picture)}
            hand={self?.hand ?? null}
            chatOpen={side === 'chat'}
            moreOpen={over === 'more'}
            unread={unread}
            privateNow={covered}
            onMicrophone={actions.microphone}
            onCamera={actions.camera}
            onHand={actions.hand}
            onChat={actions.chat}
            onMore={() => setOver(over === 'more' ? null : 'more')}
            onPrivate={ways.onPrivate}
            onHelp={ways.onHelp}
            onLeave={ways.onLeave}
            onExit={ways.onExit}
          />
        )}
      </div>
      {state.agreement && !covered && (
        <Dialog title={t('agreement.shown')} onClose={() => session.dismissAgreement()} closeWords={t('agreement.close')} wide>
          <AgreementWords agreement={state.agreement} />
        </Dialog>
      )}
      {!covered && <SharePreview session={session} state={state} />}
      {over === 'disguise' && !covered && (
        <Dialog title={t('disguise.title')} onClose={() => setOver(null)} wide>
          <div className="devices">
            <CameraField session={session} devices={state.devices} agreed={arrival.disguise} inRoom bare />
            <MicrophoneField session={session} devices={state.devices} agreed={arrival.disguise} inRoom bare />
            <ClearViewChoice session={session} state={state} />
          </div>
        </Dialog>
      )}
      {over === 'watch' && !covered && (
        <Dialog title={t('watch.title')} onClose={() => setOver(null)}>
          <WatchFields state={watch} />
        </Dialog>
      )}
      {over === 'devices' && !covered && (
        <Dialog title={t('more.devices')} onClose={() => setOver(null)} wide>
          <AllDeviceFields session={session} devices={state.devices} inRoom />
        </Dialog>
      )}
      {(over === 'protection' || over === 'words') && !covered && (
        <ProtectionDialog session={session} state={state} wordsFirst={over === 'words'} onClose={() => setOver(null)} />
      )}
      {over === 'keys' && !covered && (
        <KeysDialog on={keysOn} facilitator={state.self?.mayAdmit ?? false} onSwitch={() => setKeysOn(!keysOn)} onClose={() => setOver(null)} />
      )}
      {over === 'line' && <LineDialog session={session} state={state} endsAt={arrival.endsAt} onClose={() => setOver(null)} />}
      {shownPerson && !covered && (
        <PersonDialog
          person={shownPerson}
          session={session}
          state={state}
          beside={beside}
          dutyNumber={arrival.dutyNumber}
          mayLetShare={arrival.membersMayShare}
          pinned={pins.includes(shownPerson.seat)}
          onPin={() => setView({ pins: pins.includes(shownPerson.seat) ? without(pins, shownPerson.seat) : [...pins, shownPerson.seat] })}
          onHideSelf={hideSelf}
          onWrite={write}
          onClose={() => setOpenPerson(null)}
        />
      )}
    </div>
  );
}
