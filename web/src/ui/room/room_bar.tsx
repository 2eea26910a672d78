// SPDX-License-Identifier: Apache-2.0
// The bar that stands in the same place on every page of a call: the ways out and the way to help always, and in the room
// the switches too. Each is a real button; a switch says its state with aria-pressed and, for the eye, in a word.
import type { Ref } from 'react';
import { t, type TextKey } from '../../texts/text';
import { Icon, type IconName } from '../icon';

interface BarButtonProps {
  icon: IconName;
  word: string;
  state?: string;
  pressed?: boolean;
  barred?: boolean; // cannot be pressed; a notice says why
  expanded?: boolean;
  controls?: string;
  look?: 'on' | 'away' | 'private' | 'leave' | 'help' | undefined;
  badge?: string | undefined;
  opens?: string;
  onClick: () => void;
  inner?: Ref<HTMLButtonElement>;
}

export function BarButton(props: BarButtonProps) {
  return (
    <button
      type="button"
      className={`bar__button${props.look ? ` bar__button--${props.look}` : ''}`}
      aria-pressed={props.pressed}
      disabled={props.barred}
      aria-expanded={props.expanded}
      aria-controls={props.controls}
      data-opens={props.opens}
      onClick={props.onClick}
      ref={props.inner}
    >
      <Icon name={props.icon} />
      <span className="bar__word">{props.word}</span>
      {props.state && (
        <span className="bar__state" aria-hidden="true">
          {props.state}
        </span>
      )}
      {props.badge && <span className="bar__badge">{props.badge}</span>}
    </button>
  );
}

export interface WaysOut {
  onPrivate: () => void;
  onHelp: () => void;
  onLeave: () => void;
  onExit: () => void;
}

// The room's own bar has the quick exit under "more", and by its key.
export function WaysOutButtons({ onPrivate, onHelp, onLeave, onExit, privateNow, exit }: WaysOut & { privateNow: boolean; exit?: boolean }) {
  return (
    <>
      <BarButton
        icon="not_private"
        word={t('bar.private')}
        pressed={privateNow}
        look={privateNow ? 'away' : 'private'}
        onClick={onPrivate}
      />
      <BarButton icon="help" word={t('bar.help')} look="help" onClick={onHelp} />
      <BarButton icon="leave" word={t('bar.leave')} look="leave" onClick={onLeave} />
      {exit && <BarButton icon="exit" word={t('bar.exit')} onClick={onExit} />}
    </>
  );
}

interface RoomBarProps extends WaysOut {
  microphone: boolean;
  camera: boolean;
  barred: { microphone: boolean; camera: boolean };
  drawn: boolean; // what is on is not the camera
  hand: number | null;
  chatOpen: boolean;
  moreOpen: boolean;
  unread: number;
  privateNow: boolean;
  onMicrophone: () => void;
  onCamera: () => void;
  onHand: () => void;
  onChat: () => void;
  onMore: () => void;
}

const switchWord = (on: boolean): string => t((on ? 'bar.on' : 'bar.off') satisfies TextKey);

export function RoomBar(props: RoomBarProps) {
  const { microphone, camera, hand } = props;
  return (
    <nav className="bar" aria-label={t('bar.label')}>
      <BarButton
        icon={microphone ? 'microphone' : 'microphone_off'}
        word={t('bar.microphone')}
        state={switchWord(microphone)}
        pressed={microphone}
        barred={props.barred.microphone}
        look={microphone ? 'on' : undefined}
        onClick={props.onMicrophone}
      />
      <BarButton
        icon={camera ? 'camera' : 'camera_off'}
        word={t(props.drawn ? 'bar.picture' : 'bar.camera')}
        state={switchWord(camera)}
        pressed={camera}
        barred={props.barred.camera}
        look={camera ? 'on' : undefined}
        onClick={props.onCamera}
      />
      <BarButton
        icon="hand"
        word={t('bar.hand')}
        state={hand === null ? t('bar.down') : t('bar.up', { place: hand })}
        pressed={hand !== null}
        look={hand !== null ? 'on' : undefined}
        onClick={props.onHand}
      />
      <BarButton
        icon="chat"
        word={t('bar.chat')}
        opens="chat"
        expanded={props.chatOpen}
        badge={props.unread > 0 ? t('bar.unread', { count: props.unread }) : undefined}
        onClick={props.onChat}
      />
      <WaysOutButtons privateNow={props.privateNow} onPrivate={props.onPrivate} onHelp={props.onHelp} onLeave={props.onLeave} onExit={props.onExit} />
      <BarButton icon="more" word={t('bar.more')} expanded={props.moreOpen} onClick={props.onMore} />
    </nav>
  );
}
