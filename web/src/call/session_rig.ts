// SPDX-License-Identifier: Apache-2.0
// For tests of a whole call: a made-up room and a made-up browser, played by hand. Not here: any test.
import { VirtualClock } from '../base/clock';
import type { Disguised } from '../disguise/picture';
import type { Frames } from '../e2ee/attach';
import { type KeeperWorker, nothingKept } from '../e2ee/client';
import type { FromKeeper, ToKeeper } from '../e2ee/keeper_port';
import type { Kept } from '../e2ee/kept';
import type { Disguise } from './model';
import { RoomSession } from './session';
import type { Playback, Surroundings } from './surroundings';
import type { Socket } from './signalling';

export type Json = { type: string; [field: string]: unknown };

export class Line implements Socket {
  readyState = 1;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: Json[] = [];
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Json);
  }
  close(): void {
    this.readyState = 3;
  }
  says(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  of(type: string): Json[] {
    return this.sent.filter((message) => message.type === type);
  }
}

// A peer connection that has the media lines an offer names, one after another as "mid:kind".
export class Connection {
  connectionState: RTCPeerConnectionState = 'new';
  onconnectionstatechange: (() => void) | null = null;
  localDescription: { sdp: string } | null = null;
  closed = false;
  busy = 0;
  private readonly transceivers: Record<string, unknown>[] = [];
  offers: string[] = [];
  configurations: RTCConfiguration[] = []; // the one it was made with, and what came to stand before which offer
  setConfiguration(next: RTCConfiguration): void {
    this.configurations[this.offers.length] = next;
  }

  async setRemoteDescription({ sdp }: { sdp: string }): Promise<void> {
    if (this.busy++ > 0) throw new Error('two offers at once');
    await Promise.resolve();
    this.offers.push(sdp);
    for (const mid of sdp.split(' ')) {
      if (this.transceivers.some((transceiver) => transceiver['mid'] === mid)) continue;
      const sender = {
        track: null as unknown,
        replaceTrack: (track: unknown) => Promise.resolve((sender.track = track)).then(() => undefined),
        getParameters: () => ({ encodings: mid === 'c' ? [{ rid: 'q' }, { rid: 'h' }, { rid: 'f' }] : [{}] }),
        setParameters: (parameters: unknown) => Promise.resolve((this.parameters[mid] = parameters)).then(() => undefined),
      };
      this.transceivers.push({ mid, direction: 'recvonly', sender, receiver: { track: { id: `in ${mid}` } } });
    }
  }
  parameters: Record<string, unknown> = {};
  async setLocalDescription(): Promise<void> {
    await Promise.resolve();
    this.busy -= 1;
    this.localDescription = { sdp: `answer ${this.offers.length}` };
  }
  getTransceivers(): Record<string, unknown>[] {
    return this.transceivers;
  }
  sends(mid: string): unknown {
    return (this.transceivers.find((t) => t['mid'] === mid)?.['sender'] as { track: unknown }).track;
  }
  received = 0; // packets of the others' sound
  sent = 0; // packets of this person's
  taken = 0; // bytes of all, both ways
  getStats(): Promise<Map<string, unknown>> {
    return Promise.resolve(new Map([['in', { type: 'inbound-rtp', id: 'in', mid: 's0', kind: 'audio', packetsReceived: this.received }], ['out', { type: 'outbound-rtp', id: 'out', mid: 'm', kind: 'audio', packetsSent: this.sent }], ['all', { type: 'transport', id: 'all', bytesSent: 0, bytesReceived: this.taken }]]));
  }
  becomes(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
  close(): void {
    this.closed = true;
  }
}

export class Track extends EventTarget {
  ended = false;
  constructor(readonly kind: string) {
    super();
  }
  stop(): void {
    this.ended = true;
  }
  getSettings(): object {
    return {};
  }
}

export function shelf(kept: string | null = null) {
  return { kept, get: () => kept, put: (next: string | null) => (kept = next) };
}

// The worker that holds the keys, played by hand.
export class KeysWorker implements KeeperWorker {
  heard: ToKeeper[] = [];
  ended = false;
  onmessage: ((event: { data: FromKeeper }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  postMessage(message: ToKeeper): void {
    this.heard.push(message);
  }
  terminate(): void {
    this.ended = true;
  }
  says(message: FromKeeper): void {
    this.onmessage?.({ data: message });
  }
  kept(view: Partial<Kept>): void {
    this.says({ say: 'kept', view: { ...nothingKept, ...view } });
  }
  said(): string[] {
    return this.heard.flatMap((message) => (message.say === 'said' ? [message.text] : []));
  }
}

export function setUp(memory = shelf(), disguise: Disguise = { picture: 'none', voice: 'none' }, { protects = true } = {}) {
  const workers: KeysWorker[] = [];
  const frames = { epochs: [] as number[], rooms: [] as string[], closed: false, sealed: 0, opened: 0 };
  const keys = shelf();
  const clock = new VirtualClock();
  const lines: Line[] = [];
  const peers: Connection[] = [];
  const tracks: Track[] = [];
  const played: string[][] = [];
  let token: string | null = null;
  let silent = false;
  let id = 0;
  const made = (raw: MediaStreamTrack | null, kind: 'audio' | 'video'): Disguised => {
    const track = new Track(kind);
    Object.assign(track, { id: `disguised ${raw?.id ?? 'nothing'}` });
    return { track: track as unknown as MediaStreamTrack, change: () => false, level: () => undefined, stop: () => undefined };
  };
  const playback: Playback = {
    blocked: false,
    play: (sounds) => void played.push([...sounds.values()].map((track) => track.id)),
    setSilent: (on) => (silent = on),
    resume: () => Promise.resolve(),
    choose: () => Promise.resolve(),
    test: () => Promise.resolve(),
    close: () => undefined,
  };
  const around: Surroundings = {
    clock,
    openSocket: () => {
      const line = new Line();
      lines.push(line);
      return line;
    },
    token: { get: () => token, put: (next) => (token = next) },
    memory,
    makePeer: (configuration) => {
      const peer = new Connection();
      peer.setConfiguration(configuration);
      peers.push(peer);
      return peer as unknown as RTCPeerConnection;
    },
    devices: {
      media: {
        addEventListener: () => undefined,
        enumerateDevices: () => Promise.resolve([]),
        getUserMedia: (constraints) => {
          const track = new Track(constraints?.audio ? 'audio' : 'video');
          tracks.push(track);
          return Promise.resolve({ getTracks: () => [track] } as unknown as MediaStream);
        },
      },
      canChooseSpeaker: false,
      meter: () => ({ level: () => 0, stop: () => undefined }),
      preview: () => ({ id: 'preview' }) as MediaStream,
      disguisePicture: (raw) => Promise.resolve(made(raw, 'video')),
      disguiseVoice: (raw) => Promise.resolve(made(raw, 'audio')),
      remembered: { get: () => null, put: () => undefined },
    },
    share: { media: null, preview: () => ({ id: 'share' }) as MediaStream, worksheet: () => Promise.reject(new Error('none here')) },
    disguise,
    playback: () => playback,
    stream: (track) => ({ id: `stream of ${track.id}` }) as MediaStream,
    nextId: () => `id${++id}`,
    keys,
    keeper: () => {
      const worker = new KeysWorker();
      workers.push(worker);
      return worker;
    },
    frames: () =>
      protects
        ? ({
            epoch: (epoch: { epoch: number }) => frames.epochs.push(epoch.epoch), forget: () => undefined, enter: (room: string) => frames.rooms.push(room), ready: () => Promise.resolve(), options: () => ({}),
            sending: () => undefined, receiving: () => undefined, connectionGone: () => undefined,
            counts: () =>
              Promise.resolve(
                new Map([
                  ['send microphone', { life: `${peers.length}`, taken: frames.sealed, passed: frames.sealed }],
                  ['receive s0', { life: `${peers.length}`, taken: frames.opened, passed: frames.opened }],
                ]),
              ),
            close: () => (frames.closed = true),
          } as unknown as Frames)
        : null,
  };
  const session = new RoomSession('link', around);
  session.start();
  const line = () => lines.at(-1)!;
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 40; i += 1) await Promise.resolve();
  };
  const welcome = (more: object = {}) => {
    line().onopen?.();
    line().says({
      type: 'welcome', version: 1, arrival: 30, seat: 3, role: 'member', permissions: { admit: false, moderate: false, publish_screen: false },
      state: 'arriving', resume: 'token', now: 0, resumed: false, kept: false, encryption: 'none', ...more,
    });
  };
  const offer = async (number: number, slots = 2, more: object = {}) => {
    const upstream = [{ mid: 'm', source: 'microphone' }, { mid: 'c', source: 'camera' }];
    const down = Array.from({ length: slots }, (_, slot) => ({ slot, sound: `s${slot}`, picture: `p${slot}` }));
    const sdp = ['m', 'c', ...down.flatMap((d) => [d.sound, d.picture])].join(' ');
    line().says({ type: 'offer', offer: number, sdp, upstream, slots: down, ...more });
    await settle();
  };
  const person = (seat: number, role = 'member') => ({ seat, arrival: seat * 10, role, place: seat, microphone: true, camera: true, away: false, muted: false });
  const present = () => {
    line().says({ type: 'state', state: 'present' });
    line().says({ type: 'roster', people: [person(1, 'facilitator'), person(3), person(4)], locked: false, paused: false, speaker: null });
  };
  return { workers, frames, keys, memory, session, clock, lines, line, peers, tracks, played, settle, welcome, offer, present, person, token: () => token, silent: () => silent };
}
