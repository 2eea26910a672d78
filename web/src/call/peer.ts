// SPDX-License-Identifier: Apache-2.0
// The media connection: answers the server's offers, sends what is switched on, and knows which slot brings which tracks.
// Not here: signalling (the session hands offers in and takes answers out), who is in a slot (state.ts), playing (sound.ts).
// Specification: docs/protocol.md "Media". Invariants: never addTransceiver; offers are answered one after another, in
// order; an offer of an earlier connection is dropped; no other server is asked but a relay that the offer names (no STUN).
import type { Clock } from '../base/clock';
import { type LineCounts, LineWatch, type WatchedLine } from '../e2ee/line_watch';
import { countsOf, Flow } from './flow';
import { bytesOf } from './data_use';
import { everything, type LayerName, layerNames, layersOf, type Most, onlyLayerOf, type Size } from './layers';
import type { Offer } from './message';
import { withLayers, withoutPauses, withPacketTime } from './own_offer';

export type MediaState = 'none' | 'connecting' | 'connected' | 'unsteady' | 'lost'; // unsteady: nothing comes just now

export interface PeerListener {
  answer(offer: number, sdp: string): void;
  restart(): void; // asks for an ICE restart, on whatever line to the room there is
  doubted(): void; // nothing comes just now: the line to the room may have died with it
  expected(): boolean; // somebody in the room should be sending us something
  media(state: MediaState): void;
  slots(): void; // there are more slots, or their tracks changed
  unsealed(kind: Upstream): void; // it went past what seals it; it is stopped, and stays so on this connection
  unopened(slot: number, as: 'sound' | 'picture'): void; // what comes there went past what opens it
  hopeless(): void; // offers cannot be answered, or restarts do not help: only a new media connection may
}

// Bits a second, and how long a packet is; null: as browsers do.
export interface Sound {
  bps: number;
  packetMs: number | null;
}

export interface SlotTracks {
  sound: MediaStreamTrack;
  picture: MediaStreamTrack;
}
export interface SlotFigures {
  framesDecoded: number;
  frameWidth: number;
  frameHeight: number;
  freezes: number;
  soundEnergy: number;
  soundPackets: number;
  soundLost: number;
  soundConcealed: number;
}
export interface LineFigures {
  roundTripMs: number | null;
  lostFraction: number | null; // of what we send, as the server reports it
}

export type Upstream = 'microphone' | 'camera' | 'screen' | 'clear_view' | 'backstage';
const upstreams: readonly Upstream[] = ['microphone', 'camera', 'screen', 'clear_view', 'backstage'];
const mediaOf = (kind: Upstream): 'audio' | 'video' => (kind === 'microphone' || kind === 'backstage' ? 'audio' : 'video');

// Three temporal layers each: the server can then show a person on a poor line fewer frames rather than none.
const temporalLayers = 'L1T3';
const usualSound: Sound = { bps: 40_000, packetMs: null };
const clearViewBitrate = 350_000; // one face, to one or two people
const screenBitrate = 1_200_000; // a page of text at full size, one who scrolls included
const heldScreen = { maxBitrate: 30_000, maxFramerate: 1 }; // the line upwards carries no camera beside the sound
const disconnectedForMs = 250; // browsers wait for seconds themselves before they say so
const restartAgainAfterMs = 5_000;
const restartsUntilLost = 3;

// Seals what is sent and opens what comes, on every line of an encrypted room (e2ee/attach.ts).
export interface Protection {
  ready(): Promise<void>; // before a line is given to it
  options(): RTCConfiguration;
  sending(sender: RTCRtpSender, kind: 'audio' | 'video', source: Upstream): void;
  anew(source: Upstream): void; // the next picture of it builds on none before
  receiving(receiver: RTCRtpReceiver, kind: 'audio' | 'video', mid: string): void;
  connectionGone(): void;
  counts(): Promise<LineCounts | null>;
}

export class Peer {
  private protection: Protection | null = null;
  private connection: RTCPeerConnection | null = null;
  private relay: Offer['relay'];
  private generation = 0;
  private queue: Promise<void> = Promise.resolve();
  private tuning: Promise<void> = Promise.resolve();
  private slotMids: Offer['slots'] = [];
  private upstream: Offer['upstream'] = [];
  private readonly tracks: Record<Upstream, MediaStreamTrack | null> = { microphone: null, camera: null, screen: null, clear_view: null, backstage: null };
  private patience: (() => void) | null = null;
  private restarts = 0;
  private restartedAt = -Infinity;
  private owed = false; // a restart that was asked for and has brought no offer yet
  private silent = false; // nothing comes, whatever the browser says
  private state: MediaState = 'none';
  private readonly flow: Flow;
  private readonly watch = new LineWatch((line) => this.wentPast(line));
  private readonly spoilt = new Set<Upstream>(); // went past what seals them
  private saves = false; // half the data: a smaller camera picture, and fewer of them
  private sound = usualSound; // of a voice
  private most = everything; // of the camera that somebody may be shown, and that the line upwards carries
  private offered: Offer | null = null; // the last that was taken

  constructor(
    private readonly make: (configuration: RTCConfiguration) => RTCPeerConnection,
    private readonly clock: Clock,
    private readonly listener: PeerListener,
  ) {
    this.flow = new Flow(clock, () => this.read(), {
      expected: () => listener.expected(),
      doubted: () => listener.doubted(),
      silent: () => this.fellSilent(),
      heard: () => this.heardAgain(),
    });
  }

  // Before the first offer of a connection: from then on nothing leaves unsealed. null: a room without encryption.
  protect(protection: Protection | null): void {
    this.protection = protection;
  }

  // Which slot a line belongs to, and as what.
  lineAt(mid: string): { slot: number; as: 'sound' | 'picture' } | null {
    for (const { slot, sound, picture } of this.slotMids) {
      if (mid === sound || mid === picture) return { slot, as: mid === sound ? 'sound' : 'picture' };
    }
    return null;
  }

  // A new signalling connection: what stood before is void, the next offer starts anew.
  fresh(): void {
    this.generation += 1;
    this.letGo();
    this.slotMids = [];
    this.upstream = [];
    this.relay = undefined;
    this.sound = usualSound;
    this.most = everything;
    this.restarts = 0;
    this.restartedAt = -Infinity;
    this.tell('connecting');
    this.listener.slots();
  }

  close(): void {
    this.generation += 1;
    this.letGo();
    this.tell('none');
  }

  take(offer: Offer): void {
    const generation = this.generation;
    this.queue = this.queue.then(async () => {
      if (generation !== this.generation) return;
      try {
        await this.answer(offer, generation);
      } catch {
        if (generation === this.generation) this.listener.hopeless();
      }
    });
  }

  // What is sent from now on; null sends nothing. No renegotiation.
  async send(kind: Upstream, track: MediaStreamTrack | null): Promise<void> {
    this.tracks[kind] = track;
    const transceiver = this.upstreamOf(kind);
    if (!transceiver || (track && this.spoilt.has(kind))) return;
    const generation = this.generation;
    await transceiver.sender.replaceTrack(track).catch(() => undefined); // closed meanwhile: the next offer sets it
    if (!track || generation !== this.generation) return;
    await this.tune(transceiver.sender, kind);
    if (track.kind === 'video') await this.anew(kind);
  }

  // The next picture builds on none before: an encoder that goes on from the last leaves traces of it where the next is plain and still.
  // Chromium takes it with the parameters and leaves it unread in Firefox, where the transform asks for it.
  async anew(kind: Upstream): Promise<void> {
    this.protection?.anew(kind);
    const sender = this.upstreamOf(kind)?.sender;
    const parameters = sender?.getParameters();
    if (!sender || !parameters?.encodings?.length) return;
    const options = { encodingOptions: parameters.encodings.map(() => ({ keyFrame: true })) };
    await (sender.setParameters as (all: RTCRtpSendParameters, more: object) => Promise<void>).call(sender, parameters, options).catch(() => undefined);
  }

  save(on: boolean): void {
    this.saves = on;
    this.tuneCamera();
  }

  // As others see them, and as their own line and the narrowest of the room carry it.
  guide(guide: { camera?: Most; sound?: Sound }): void {
    const { camera = this.most, sound = this.sound } = guide;
    const longer = sound.packetMs !== this.sound.packetMs;
    this.most = camera;
    this.sound = sound;
    for (const kind of upstreams) {
      const sender = this.upstreamOf(kind)?.sender;
      if (sender?.track && (mediaOf(kind) === 'audio' ? 'sound' in guide : 'camera' in guide)) void this.tune(sender, kind);
    }
    if (longer) this.takeAgain();
  }

  // Browsers read how long packets are in an offer: the last one again, whose answer is as it was and need not be told.
  private takeAgain(): void {
    const generation = this.generation;
    this.queue = this.queue.then(async () => {
      try {
        await this.tuning;
        const { connection, offered } = this;
        if (generation !== this.generation || !connection || !offered) return;
        await connection.setRemoteDescription({ type: 'offer', sdp: this.sdpOf(offered) });
        await connection.setLocalDescription();
      } catch {
        // closed meanwhile; what is wrong with a connection shows at its next offer
      }
      if (generation === this.generation) this.tuneCamera(); // where the browser took it for a wish for all layers
    });
  }

  private sdpOf({ sdp, upstream }: Offer): string {
    const { camera } = this.tracks;
    const lines = (...sources: string[]) => upstream.filter(({ source }) => sources.includes(source)).map(({ mid }) => mid);
    const [mid] = lines('camera');
    const layers = camera && layersOf(sizeOf(camera), this.saves, this.most);
    const said = layers && mid !== undefined ? withLayers(sdp, mid, layerNames.filter((name) => layers[name].active)) : sdp;
    return this.sound.packetMs === null ? said : withPacketTime(said, lines('microphone', 'backstage'), this.sound.packetMs);
  }

  private tuneCamera(): void {
    const sender = this.upstreamOf('camera')?.sender;
    if (sender?.track) void this.tune(sender, 'camera');
  }

  // Counted by the browser on the connection that stands, both ways.
  async bytes(): Promise<number | null> {
    return this.connection ? bytesOf((await this.connection.getStats()).values() as Iterable<Record<string, unknown>>) : null;
  }

  slots(): ReadonlyMap<number, SlotTracks> {
    const found = new Map<number, SlotTracks>();
    for (const { slot, sound, picture } of this.slotMids) {
      const soundTrack = this.byMid(sound)?.receiver.track;
      const pictureTrack = this.byMid(picture)?.receiver.track;
      if (soundTrack && pictureTrack) found.set(slot, { sound: soundTrack, picture: pictureTrack });
    }
    return found;
  }

  // What is given to it is sent by the next connection only: in Chromium a new transform does not bring such a line back.
  isSpoilt(kind: Upstream): boolean {
    return this.spoilt.has(kind);
  }

  // A busy phone doubts its line for a moment, and nobody is told that it dropped for that; what came by another network goes on by an
  // ICE restart.
  get mayStand(): boolean {
    const state = this.connection?.connectionState;
    return state === 'connected' || state === 'disconnected';
  }

  // The line to the room was put to the test, and stands.
  roomAnswers(): void {
    void this.flow.roomAnswers();
  }

  // The network may have changed under us; checks on the old path would take long to fail.
  lineChanged(): void {
    if (this.connection && this.state !== 'none') this.askRestart();
  }

  // The line to the room is back, and the room goes on with the same media: what brought no offer is asked for again, since a line
  // that dies takes with it what it was given. So it is where nothing has come since the line was in doubt.
  goesOn(): void {
    const stands = this.connection?.connectionState === 'connected';
    if (stands && !this.owed && !this.silent && !this.flow.inDoubt) return;
    if (this.owed) this.restarts = Math.max(0, this.restarts - 1); // that one never was
    this.restartedAt = -Infinity;
    this.askRestart();
  }

  async figures(): Promise<{ slots: Map<number, SlotFigures>; line: LineFigures }> {
    const slots = new Map<number, SlotFigures>();
    const line: LineFigures = { roundTripMs: null, lostFraction: null };
    const report = this.connection ? await this.connection.getStats() : null;
    const bySlotMid = new Map<string, number>();
    for (const { slot, sound, picture } of this.slotMids) {
      bySlotMid.set(sound, slot).set(picture, slot);
    }
    report?.forEach((entry: Record<string, unknown>) => {
      if (entry['type'] === 'inbound-rtp') {
        const slot = bySlotMid.get(String(entry['mid']));
        if (slot !== undefined) slots.set(slot, { ...(slots.get(slot) ?? noFigures), ...inbound(entry) });
      } else if (entry['type'] === 'candidate-pair' && entry['nominated'] === true && entry['state'] === 'succeeded') {
        const seconds = entry['currentRoundTripTime'];
        if (typeof seconds === 'number') line.roundTripMs = seconds * 1000;
      } else if (entry['type'] === 'remote-inbound-rtp' && typeof entry['fractionLost'] === 'number') {
        line.lostFraction = Math.max(line.lostFraction ?? 0, entry['fractionLost']);
      }
    });
    return { slots, line };
  }

  private async answer(offer: Offer, generation: number): Promise<void> {
    await this.protection?.ready();
    if (generation !== this.generation) return;
    if (offer.relay) this.openRelay(offer.relay);
    const connection = this.connection ?? this.open();
    this.owed = false;
    await connection.setRemoteDescription({ type: 'offer', sdp: this.sdpOf(offer) });
    if (generation !== this.generation) return;
    this.offered = offer;
    this.upstream = offer.upstream;
    this.slotMids = offer.slots;
    this.protectLines(offer);
    for (const { mid, source } of offer.upstream) {
      const transceiver = this.byMid(mid);
      if (!transceiver) continue;
      const kind = sentAs(source);
      transceiver.direction = kind ? 'sendonly' : 'inactive';
      if (kind) await transceiver.sender.replaceTrack(this.spoilt.has(kind) ? null : this.tracks[kind]);
      if (generation !== this.generation) return;
      if (kind) await this.tune(transceiver.sender, kind);
      if (generation !== this.generation) return;
    }
    await connection.setLocalDescription();
    if (generation !== this.generation) return;
    // No trickle: the server learns our addresses from our checks, so the answer need not wait for candidates.
    this.listener.answer(offer.offer, withoutPauses(connection.localDescription?.sdp ?? ''));
    for (const kind of upstreams) {
      const sender = this.upstreamOf(kind)?.sender;
      if (sender) await this.tune(sender, kind);
      if (generation !== this.generation) return;
    }
    this.listener.slots();
  }

  // All lines at once, in the turn in which they came to be: Chromium lets a line go by the worker for good, unsealed, where its
  // transform is not set before that turn ends.
  private protectLines(offer: Offer): void {
    if (!this.protection) return;
    for (const { mid, source } of offer.upstream) {
      const kind = sentAs(source);
      const sender = this.byMid(mid)?.sender;
      if (kind && sender) this.protection.sending(sender, mediaOf(kind), kind);
    }
    for (const { sound, picture } of offer.slots) {
      this.openLine(sound, 'audio');
      this.openLine(picture, 'video');
    }
  }

  private openLine(mid: string, kind: 'audio' | 'video'): void {
    const receiver = this.byMid(mid)?.receiver;
    if (receiver) this.protection?.receiving(receiver, kind, mid);
  }

  // At each look of the flow. The watch waits for the frames worker, the flow does not.
  private async read(): Promise<ReadonlyMap<string, number>> {
    const { connection, protection } = this;
    if (!connection) return new Map();
    if (protection) void this.watch.look(protection, this.watched(), () => connection.getStats());
    return countsOf(await connection.getStats());
  }

  private watched(): WatchedLine[] {
    const sent = this.upstream.flatMap(({ mid, source }): WatchedLine[] => {
      const kind = sentAs(source);
      return kind ? [{ mid, way: 'send', kind: mediaOf(kind), source: kind }] : [];
    });
    const comes = this.slotMids.flatMap(({ sound, picture }): WatchedLine[] => [
      { mid: sound, way: 'receive', kind: 'audio' },
      { mid: picture, way: 'receive', kind: 'video' },
    ]);
    return [...sent, ...comes];
  }

  private wentPast(line: WatchedLine): void {
    if (line.way === 'receive') {
      const at = this.lineAt(line.mid);
      if (at) this.listener.unopened(at.slot, at.as);
      return;
    }
    this.spoilt.add(line.source);
    void this.send(line.source, null);
    this.listener.unsealed(line.source);
  }

  // Before the offer is set: what it restarts asks the relay with what still opens it.
  private openRelay(relay: NonNullable<Offer['relay']>): void {
    this.relay = relay;
    try {
      this.connection?.setConfiguration(this.configuration());
    } catch {
      // a browser that changes none: what it began with opens the relay for hours yet
    }
  }

  private configuration(): RTCConfiguration {
    return { bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require', iceServers: this.relay ? [this.relay] : [], ...this.protection?.options() };
  }

  private open(): RTCPeerConnection {
    const connection = this.make(this.configuration());
    this.connection = connection;
    connection.onconnectionstatechange = () => {
      if (this.connection === connection) this.follow(connection.connectionState);
    };
    return connection;
  }

  private follow(state: RTCPeerConnectionState): void {
    this.patience?.();
    this.patience = null;
    switch (state) {
      case 'connected':
        this.standsAgain();
        this.flow.start();
        break;
      case 'disconnected':
        this.patience = this.clock.after(disconnectedForMs, () => this.askRestart());
        break;
      case 'failed':
        this.tell('lost');
        this.askRestart();
        break;
      default:
        break;
    }
  }

  // Before the browser has noticed: it may take it five seconds, or sixteen.
  private fellSilent(): void {
    this.silent = true;
    this.tell('unsteady');
    this.askRestart();
  }

  private heardAgain(): void {
    if (this.connection?.connectionState === 'connected') this.standsAgain();
  }

  private standsAgain(): void {
    this.patience?.();
    this.patience = null;
    this.silent = false;
    this.owed = false;
    this.restarts = 0;
    this.tell('connected');
  }

  private askRestart(): void {
    this.patience?.();
    const wait = this.restartedAt + restartAgainAfterMs - this.clock.now();
    if (wait > 0) {
      this.patience = this.clock.after(wait, () => this.askRestart());
      return;
    }
    this.patience = null;
    this.restartedAt = this.clock.now();
    this.restarts += 1;
    if (this.restarts > restartsUntilLost) {
      this.tell('lost');
      this.listener.hopeless();
      return;
    }
    this.owed = true;
    this.listener.restart();
    if (this.silent || this.connection?.connectionState !== 'connected') {
      this.patience = this.clock.after(restartAgainAfterMs, () => this.askRestart());
    }
  }

  private tell(state: MediaState): void {
    if (this.state === state) return;
    this.state = state;
    this.listener.media(state);
  }

  private letGo(): void {
    this.flow.stop();
    this.watch.forget();
    this.spoilt.clear();
    this.silent = false;
    this.owed = false;
    this.patience?.();
    this.patience = null;
    // A browser may leave for ever unsettled what it was asked of a connection that is closed: the next one does not wait for it.
    this.queue = this.tuning = Promise.resolve();
    const connection = this.connection;
    this.connection = null;
    this.offered = null;
    if (!connection) return;
    connection.onconnectionstatechange = null;
    connection.close();
    this.protection?.connectionGone();
  }

  private upstreamOf(kind: Upstream): RTCRtpTransceiver | undefined {
    const mid = this.upstream.find((line) => line.source === kind)?.mid;
    return mid === undefined ? undefined : this.byMid(mid);
  }

  // One after another: a browser refuses parameters that were read before the last were set.
  private tune(sender: RTCRtpSender, kind: Upstream): Promise<void> {
    this.tuning = this.tuning.catch(() => undefined).then(async () => {
      const wish = { saves: this.saves, most: this.most, sound: this.sound };
      if (!(await tuned(sender, kind, true, wish)) && kind === 'camera') await tuned(sender, kind, false, wish);
    });
    return this.tuning;
  }

  private byMid(mid: string): RTCRtpTransceiver | undefined {
    return this.connection?.getTransceivers().find((transceiver) => transceiver.mid === mid);
  }
}

const sentAs = (source: string): Upstream | null => upstreams.find((one) => one === source) ?? null;

function sizeOf(track: MediaStreamTrack | null): Partial<Size> {
  const { width, height } = track?.getSettings() ?? {};
  return { ...(width && { width }), ...(height && { height }) };
}

// Encodings exist only once the browser has read the offer's simulcast, at different moments in different browsers; where
// they do not yet, or the browser refuses one figure, sending goes on with its own choice. Temporal layers are left out where
// they are what it refuses.
async function tuned(sender: RTCRtpSender, kind: Upstream, temporal: boolean, { saves, most, sound }: { saves: boolean; most: Most; sound: Sound }): Promise<boolean> {
  const parameters = sender.getParameters();
  if (!parameters.encodings || parameters.encodings.length === 0) return true;
  const held = most.count === 0;
  if (kind === 'camera') {
    const size = sizeOf(sender.track);
    const layers = layersOf(size, saves, most);
    // Fewer frames only for as long as they are asked for.
    parameters.encodings = parameters.encodings.map(({ maxFramerate: _, ...encoding }) => ({
      ...encoding,
      ...(encoding.rid === undefined ? onlyLayerOf(size, saves, most) : layers[encoding.rid as LayerName]),
      ...(temporal ? { scalabilityMode: temporalLayers } : {}),
    }));
    parameters.degradationPreference = 'balanced';
  } else if (kind === 'screen') {
    // Words must stay readable: rather fewer frames than a smaller picture.
    parameters.encodings = parameters.encodings.map((e) => ({ ...e, maxBitrate: screenBitrate, maxFramerate: 15, ...(held && heldScreen) }));
    parameters.degradationPreference = 'maintain-resolution';
  } else if (kind === 'clear_view') {
    parameters.encodings = parameters.encodings.map((e) => ({ ...e, active: !held, maxBitrate: clearViewBitrate, maxFramerate: 15 }));
    parameters.degradationPreference = 'balanced';
  } else {
    parameters.encodings = parameters.encodings.map((e) => ({ ...e, maxBitrate: sound.bps, priority: 'high', networkPriority: 'high' }));
  }
  try {
    await sender.setParameters(parameters);
    return true;
  } catch {
    return false;
  }
}

const noFigures: SlotFigures = {
  framesDecoded: 0,
  frameWidth: 0,
  frameHeight: 0,
  freezes: 0,
  soundEnergy: 0,
  soundPackets: 0,
  soundLost: 0,
  soundConcealed: 0,
};

function inbound(entry: Record<string, unknown>): Partial<SlotFigures> {
  const number = (name: string): number => (typeof entry[name] === 'number' ? entry[name] : 0);
  if (entry['kind'] === 'video') {
    return {
      framesDecoded: number('framesDecoded'),
      frameWidth: number('frameWidth'),
      frameHeight: number('frameHeight'),
      freezes: number('freezeCount'),
    };
  }
  return {
    soundEnergy: number('totalAudioEnergy'),
    soundPackets: number('packetsReceived'),
    soundLost: number('packetsLost'),
    soundConcealed: number('concealedSamples'),
  };
}
