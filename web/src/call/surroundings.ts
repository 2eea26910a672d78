// SPDX-License-Identifier: Apache-2.0
// What a session (session.ts) needs of a browser; open.ts has the real ones, tests bring their own.
import type { Clock } from '../base/clock';
import type { Frames, FramesListener } from '../e2ee/attach';
import type { KeeperWorker } from '../e2ee/client';
import type { DeviceBrowser } from './devices';
import type { Disguise } from './model';
import type { ShareBrowser } from './share';
import type { OpenSocket, TokenShelf } from './signalling';

export interface Playback {
  readonly blocked: boolean;
  play(tracks: ReadonlyMap<number, MediaStreamTrack>): void;
  setSilent(silent: boolean): void;
  resume(): Promise<void>;
  choose(speaker: string): Promise<void>;
  test(): Promise<void>;
  close(): void;
}

export interface Surroundings {
  clock: Clock;
  openSocket: OpenSocket;
  token: TokenShelf;
  memory: TokenShelf; // what the tab keeps over a reload
  makePeer(configuration: RTCConfiguration): RTCPeerConnection;
  devices: DeviceBrowser;
  share: ShareBrowser;
  playback(changed: () => void): Playback;
  disguise: Disguise; // as agreed; what the person chose in this tab comes before it
  stream(track: MediaStreamTrack): MediaStream;
  nextId(): string;
  keys: TokenShelf; // the tab's identity in encrypted rooms
  keeper(): KeeperWorker;
  frames(listener: FramesListener): Frames | null; // null: this browser cannot protect what it sends
}
