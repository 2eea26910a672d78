// SPDX-License-Identifier: Apache-2.0
// One call of one person: carries out what the rules (state.ts) decide, on the line, the media connection, the devices and
// the sound, and shows the result as CallState. Not here: any rule, any text. Invariant: `state` is replaced as a whole and
// only here; after the person has gone, no track, socket or timer of the call is left.
import type { Clock } from '../base/clock';
import { BackstageTalk } from './backstage';
import { boardControl } from './board';
import { LocalMedia } from './devices';
import { breakoutControl, needsTheLine } from './leading';
import { checkLine } from './line_check';
import type { ClientMessage, ServerMessage } from './message';
import { recall, remember } from './memory';
import { Encryption } from '../e2ee/client';
import type { Trouble } from '../e2ee/keeper';
import type { Frames } from '../e2ee/attach';
import type { EpochKeys } from '../e2ee/frame_keys';
import type { AgreementShown, Answers, ArrivalId, Beside, CallSession, CallState, ChatLine, Connection, Disguise, LineCheck, ReactionName, Seat, SeatFigures, TileView } from './model';
import { leads, payloadText, seal } from './payload';
import { type MediaState, Peer, type Upstream } from './peer';
import { type Effect, emptyRoom, type Event, memoryOf, type Moment, othersSend, type Room, whereAmI, type Wish } from './room';
import { type LineState, Signalling } from './signalling';
import { ClearView } from './clear_view';
import { Sending } from './sending';
import { LocalShare } from './share';
import { Receiving } from './receiving';
import { Slots } from './slots';
import { reduce } from './state';
import type { Playback, Surroundings } from './surroundings';
import { callState, connectionOf, encryptionState, isKeyed } from './view';

// How long media may go on without the line to the room (a restart of the service takes less); the room itself gives up at 10 s.
const unsteadyForMs = 8_000;

export class RoomSession implements CallSession {
  private room: Room = emptyRoom;
  private media: MediaState = 'none';
  private lineState: LineState = { up: false, tries: 0, retryAt: null };
  private lineCheck: LineCheck = { state: 'not-run', word: null, roundTripMs: null };
  private finished = false;
  private readonly listeners = new Set<() => void>();
  private readonly clock: Clock;
  private readonly signalling: Signalling;
  private readonly peer: Peer;
  private readonly local: LocalMedia;
  private readonly playback: Playback;
  private readonly receiving: Receiving;
  private readonly slots: Slots;
  private shown: CallState;
  readonly sharing: LocalShare;
  private readonly sending = new Sending((kind, track) => void this.peer.send(kind, track));
  readonly clearView: ClearView;
  readonly backstage: BackstageTalk;
  private published = 'false false';
  private remembered: string | null = null;
  private downSince: number | null = null;
  private cut = false; // the line is lost: nothing is sent or played
  private held = false; // nothing is played while the person is asked
  private chosenDisguise: Disguise | null = null;
  private readonly unsealed: Record<'camera' | 'microphone', number> = { camera: 0, microphone: 0 }; // how often what they sent went past what seals it
  private untold: { what: 'camera' | 'microphone'; again: boolean }[] = []; // what the facilitators are to be told of it
  private unproven = false; // the words changed: nothing is sent until they were compared
  private readonly encryption: Encryption;
  private frames: Frames | null = null;

  constructor(
    link: string,
    private readonly around: Surroundings,
  ) {
    const clock = (this.clock = around.clock);
    this.playback = around.playback(() => this.show());
    this.encryption = new Encryption(around.keeper, around.keys, {
      send: (message) => void this.signalling.send(message),
      opened: (message, text, standing) => this.happen({ type: 'opened', message, text, standing }),
      changed: () => this.encryptionChanged(),
      keys: (keys) => this.takeKeys(keys),
      forget: (group) => this.frames?.forget(group),
      failed: (ref) => this.happen({ type: 'unsaid', ref }),
      again: () => this.signalling.startAfresh(),
    });
    this.local = new LocalMedia(around.devices, clock, (what) => this.devicesChanged(what), around.disguise);
    const talk = { isOn: () => this.local.state.microphone.on, set: (on: boolean) => this.switch('microphone', on) };
    this.backstage = new BackstageTalk(talk, (message) => this.send(message), () => this.sendDevices());
    this.clearView = new ClearView(this.local, {
      send: (message) => this.send(message),
      tell: (key, number) => this.sayOut({ do: 'say', payload: { kind: 'clear-view', key, number }, audience: 'facilitators' }),
      keys: (keys) => this.frames?.epoch(keys),
      forget: (group) => this.frames?.forget(group),
      changed: () => this.sendDevices(),
    });
    this.sharing = new LocalShare(around.share, () => this.shareChanged(), (message) => this.send(message));
    this.signalling = new Signalling(link, clock, around.openSocket, around.token, {
      heard: (message) => this.heard(message),
      clock: (offset) => this.happen({ type: 'clock', offset }),
      over: (verdict) => this.happen({ type: 'over', verdict }),
      mediaStands: () => this.peer.mayStand,
      answers: () => this.peer.roomAnswers(),
      line: (state) => this.lineChanged(state),
    });
    this.peer = new Peer((configuration) => around.makePeer(configuration), clock, {
      answer: (offer, sdp) => this.send({ type: 'answer', offer, sdp }),
      restart: () => void this.signalling.send({ type: 'restart' }),
      doubted: () => this.signalling.doubt(),
      expected: () => othersSend(this.room),
      media: (state) => {
        this.media = state;
        if (state === 'connected') this.receiving.begins();
        this.show();
      },
      slots: () => this.slotsChanged(),
      unsealed: (kind) => this.wentUnsealed(kind),
      unopened: (slot, as) => {
        this.slots.shutOut(slot, as);
        this.slotsChanged();
      },
      hopeless: () => this.signalling.startAfresh(),
    });
    this.slots = new Slots((track) => around.stream(track), (ms, then) => this.clock.after(ms, () => (then(), this.show())));
    this.receiving = new Receiving(clock, {
      view: (view) => this.room.stage.at === 'present' && this.signalling.send(view),
      bytes: () => this.peer.bytes(),
      saves: (on) => this.peer.save(on),
      tell: (payload) => this.room.stage.at === 'present' && this.sayOut({ do: 'say', payload, audience: 'facilitators' }),
      changed: () => {
        this.keepMemory();
        this.show();
      },
    });
    this.shown = this.look();
    this.recollect();
  }

  start(): void {
    this.signalling.start();
  }

  get state(): CallState {
    return this.shown;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  // -- the browser says ----------------------------------------------------------------------------------------------

  // `moved`: by another network than before.
  online(moved: boolean): void {
    if (moved) this.signalling.moved();
    else this.signalling.there();
    this.peer.lineChanged();
  }

  readonly nudge = (): void => this.signalling.nudge();

  // The page is left, perhaps to come back out of the back-forward cache: like a reload, nothing is on when it does.
  hidden(): void {
    void this.local.set('microphone', false);
    void this.local.set('camera', false);
  }

  restored(): void {
    if (this.finished) return;
    this.hidden();
    this.connectAnew();
  }

  private connectAnew(): void {
    this.freshPeer();
    this.signalling.startAfresh();
  }

  // -- arriving ------------------------------------------------------------------------------------------------------

  async setCamera(on: boolean): Promise<void> {
    await this.switch('camera', on);
  }

  async setMicrophone(on: boolean): Promise<void> {
    await this.switch('microphone', on && !this.backstage.on); // never from backstage to the group in one breath
  }

  private async switch(what: 'camera' | 'microphone', on: boolean): Promise<void> {
    if (this.finished) return;
    // Its line went past what seals it: only another connection may have it.
    if (on && this.peer.isSpoilt(what) && this.local.state[what].trouble !== 'barred') this.connectAnew();
    await this.local.set(what, on);
  }

  async chooseDevice(kind: 'camera' | 'microphone' | 'speaker', id: string): Promise<void> {
    if (kind !== 'speaker') return this.local.choose(kind, id);
    this.local.chooseSpeaker(id);
    await this.playback.choose(id);
  }

  async setDisguise(change: Partial<Disguise>): Promise<void> {
    const { picture, voice } = { ...this.local.state.disguise, ...change };
    this.chosenDisguise = { picture, voice };
    this.keepMemory();
    await this.local.setDisguise(this.chosenDisguise);
  }

  playTestSound(): Promise<void> {
    return this.playback.test();
  }

  runLineCheck(): Promise<void> {
    const look = async () => (await this.peer.figures()).line;
    return checkLine(this.clock, look, (check) => {
      this.lineCheck = check;
      this.show();
    });
  }

  ready(answers?: Answers): void {
    this.wish({ wish: 'ready', answers: answers ?? null });
  }

  // -- present -------------------------------------------------------------------------------------------------------

  readonly showing = (tiles: TileView[]): void => this.receiving.showing(tiles);
  readonly setSoundOnly = (on: boolean): void => this.receiving.only(on);
  readonly setDataSaver = (on: boolean): void => this.receiving.save(on);

  readonly setPrivateNow = (on: boolean): void => this.wish({ wish: 'private', on });

  holdSound(on: boolean): void {
    this.held = on;
    this.hush();
  }

  setHand(up: boolean): void {
    this.wish({ wish: 'hand', up });
  }

  react(name: ReactionName): void {
    this.wish({ wish: 'react', name });
  }

  say(text: string, to: ChatLine['to']): void {
    this.wish({ wish: 'say', text, to, id: this.around.nextId() });
  }

  askForHelp(): void {
    this.wish({ wish: 'help' });
  }

  resumeSound(): Promise<void> {
    return this.playback.resume();
  }

  dismissAskedToMute(): void {
    this.wish({ wish: 'dismiss-asked-to-mute' });
  }

  dismissAgreement(): void {
    this.wish({ wish: 'dismiss-agreement' });
  }

  showWords(on: boolean): void {
    this.encryption.showWords(on);
  }

  wordsCompared(): void {
    this.encryption.compared();
  }

  dismissUnsealed(seat: Seat, what: 'camera' | 'microphone'): void {
    this.wish({ wish: 'dismiss-unsealed', seat, what });
  }

  dismissTrouble(trouble: Trouble): void {
    this.encryption.dismiss(trouble);
  }

  leave(): void {
    this.wish({ wish: 'leave' });
  }

  // -- facilitators --------------------------------------------------------------------------------------------------

  admit(arrival: ArrivalId): void {
    const waits = this.room.waiting.find((one) => one.arrival === arrival);
    if (waits) this.encryption.admit(arrival, waits.seat, leads(waits.role));
    this.send({ type: 'admit', arrival });
  }

  letInAgain(arrival: ArrivalId): void {
    const asks = this.encryption.view.ask.find((one) => one.arrival === arrival);
    if (asks) this.encryption.admit(arrival, asks.seat, asks.leads);
  }

  decline(arrival: ArrivalId): void {
    this.send({ type: 'decline', arrival });
  }

  moveBack(seat: Seat): void {
    this.send({ type: 'move-back', seat });
  }

  remove(seat: Seat): void {
    this.send({ type: 'remove', seat });
  }

  mute(seat: Seat): void {
    this.send({ type: 'mute', seat });
  }

  askToMute(seat: Seat): void {
    this.send({ type: 'ask-to-mute', seat });
  }

  takeAside(seat: Seat): void {
    this.send({ type: 'private-room', seat });
  }

  readonly breakouts = breakoutControl((message) => this.send(message));
  readonly board = boardControl((wish) => this.wish(wish));

  returnToGroup(): void {
    this.send({ type: 'return' });
  }

  setLocked(on: boolean): void {
    this.send({ type: 'lock', locked: on });
  }

  setPaused(on: boolean): void {
    this.send({ type: 'pause', paused: on });
  }

  endForAll(): void {
    this.send({ type: 'end' });
  }

  lowerHands(seats?: Seat[]): void {
    this.wish({ wish: 'lower-hands', seats: seats ?? null });
  }

  startRound(seats: Seat[]): void {
    this.wish({ wish: 'round', seats });
  }

  nextInRound(): void {
    this.wish({ wish: 'next-in-round' });
  }

  endRound(): void {
    this.wish({ wish: 'end-round' });
  }

  setTimer(lengthMs: number): void {
    this.wish({ wish: 'timer', lengthMs });
  }

  pauseTimer(running: boolean): void {
    this.wish({ wish: 'timer-runs', running });
  }

  clearTimer(): void {
    this.wish({ wish: 'timer', lengthMs: 0 });
  }

  setOrderForAll(seats: Seat[] | null): void {
    this.wish({ wish: 'order', seats });
  }

  answerHelp(seat: Seat): void {
    this.wish({ wish: 'answer-help', seat });
  }

  tellNear(seat: Seat, on: boolean): void {
    this.wish({ wish: 'near', seat, on });
  }

  showAgreement(agreement: AgreementShown): void {
    this.wish({ wish: 'show-agreement', agreement });
  }

  tellBeside(people: Beside[]): void {
    this.wish({ wish: 'tell-beside', people });
  }

  tellMarked(): void {
    this.wish({ wish: 'tell-marked' });
  }

  setNames(names: ReadonlyMap<Seat, string>): void {
    this.wish({ wish: 'names', names });
  }

  async figures(): Promise<SeatFigures[]> {
    const { slots, line } = await this.peer.figures();
    return this.slots.figures(slots, line.roundTripMs);
  }

  // -- inside --------------------------------------------------------------------------------------------------------

  private wish(wish: Wish): void {
    this.happen({ type: 'wish', ...wish });
  }

  private happen(event: Event): void {
    if (this.finished) return;
    const before = this.room;
    const { room, effects } = reduce(before, event, this.moment());
    this.room = room;
    for (const effect of effects) this.carryOut(effect);
    this.tellUnsealed();
    if (room.carries !== before.carries || room.extras !== before.extras) this.slotsChanged();
    if (event.type === 'message') for (const part of [this.sharing, this.backstage, this.clearView]) part.heard(event.message, room.self?.seat);
    this.clearView.shownBy(room.clearViews);
    if (!before.rostered && room.rostered) this.receiving.entered();
    if (whereAmI(room) !== whereAmI(before)) this.moved();
    if (room.privateNow !== before.privateNow) this.hush();
    this.receiving.hide(room.privateNow);
    this.keepMemory();
    this.show();
  }

  // To another place within the group: from this moment what leaves is sealed for those there alone.
  private moved(): void {
    this.frames?.enter(whereAmI(this.room));
    this.slotsChanged();
    this.receiving.again();
  }

  private recollect(): void {
    this.remembered = this.around.memory.get();
    const kept = recall(this.remembered);
    if (!kept) return;
    this.receiving.goesOnFrom(kept); // first: what comes next is kept at once
    if (kept.disguise) {
      this.chosenDisguise = kept.disguise;
      void this.local.setDisguise(kept.disguise);
    }
    this.happen({ type: 'recalled', memory: kept });
  }

  private keepMemory(): void {
    const next = this.finished ? null : remember({ ...memoryOf(this.room), ...this.receiving.kept, ...(this.chosenDisguise && { disguise: this.chosenDisguise }) });
    if (next === this.remembered) return;
    this.remembered = next;
    this.around.memory.put(next);
  }

  private carryOut(effect: Effect): void {
    switch (effect.do) {
      case 'send':
        this.send(effect.message);
        break;
      case 'say':
        this.sayOut(effect);
        break;
      case 'later':
        this.clock.after(effect.ms + this.clock.random() * effect.spread, () => this.happen({ type: 'due', ...effect.then }));
        break;
      case 'publish':
        this.publish();
        break;
      case 'offer':
        this.peer.take(effect.offer);
        break;
      case 'layers':
        this.peer.guide(effect);
        break;
      case 'fresh-peer':
        this.freshPeer();
        break;
      case 'same-peer':
        this.peer.goesOn();
        break;
      case 'keep-token':
        this.around.token.put(effect.token);
        break;
      case 'microphone-off':
        void this.local.set('microphone', false);
        break;
      case 'switches-off':
        for (const source of ['microphone', 'camera'] as const) void this.local.set(source, false);
        break;
      case 'share-ended':
        this.sharing.letGo();
        break;
      case 'clear-view-key':
        this.clearView.takeKey(effect);
        break;
      case 'finish':
        this.finish();
    }
  }

  private shareChanged(): void {
    this.sending.set('screen', this.sharing.track);
    this.show();
  }

  private takeKeys(keys: EpochKeys): void {
    this.frames?.epoch(keys);
    if (keys.group === 'everyone') this.clearView.groupChanged(keys.cause);
  }

  private freshPeer(): void {
    this.slots.connectionGone();
    this.peer.fresh();
  }

  // Off at once and said; a second time it is off until the page is loaded anew.
  private wentUnsealed(what: Upstream): void {
    const others = { screen: this.sharing, backstage: this.backstage, clear_view: this.clearView };
    if (what !== 'camera' && what !== 'microphone') return others[what].wentUnsealed();
    this.unsealed[what] += 1;
    const again = this.unsealed[what] > 1;
    this.local.stopUnsealed(what, again);
    this.untold.push({ what, again });
    this.tellUnsealed();
  }

  private tellUnsealed(): void {
    if (this.untold.length === 0 || this.room.stage.at !== 'present') return;
    for (const told of this.untold.splice(0)) this.wish({ wish: 'tell-unsealed', ...told });
  }

  private sayOut({ audience, payload, ref }: Extract<Effect, { do: 'say' }>): void {
    if (this.room.encryption === 'required') this.encryption.say(payloadText(payload), audience, ref);
    else this.send({ type: 'send', audience, payload: seal(payload), ...(ref !== undefined && { ref }) });
  }

  private heard(message: ServerMessage): void {
    if (message.type === 'welcome') this.protect(message.encryption === 'required');
    this.happen({ type: 'message', message });
    this.refuseIfUnable();
    if (!this.finished && this.room.encryption === 'required') this.encryption.heard(message);
  }

  // Told before joining, and never let in unprotected.
  private refuseIfUnable(): void {
    if (this.finished || this.room.encryption !== 'required' || (this.encryption.works !== false && this.frames)) return;
    this.happen({ type: 'over', verdict: { over: 'refused', why: 'too-old-browser' } });
  }

  // Before the first offer: in an encrypted room nothing leaves unsealed, and nothing is shown whose sender is not proven.
  private protect(required: boolean): void {
    if (required && !this.frames) this.frames = this.around.frames({ source: (mid, from) => this.proven(mid, from), keyFrameNeeded: () => this.receiving.again(), restarted: () => this.encryption.hasRestarted() });
    this.peer.protect(required ? this.frames : null);
    this.slots.demandProof(required);
  }

  private proven(mid: string, from: { seat: number; source: string } | null): void {
    const line = this.peer.lineAt(mid);
    if (line?.as === 'sound') {
      this.slots.proveSound(line.slot, from);
      if (from) this.slotsChanged();
      return;
    }
    if (line) this.slots.prove(line.slot, from);
    this.show();
  }

  private encryptionChanged(): void {
    this.refuseIfUnable();
    if (this.finished) return;
    const { seats } = this.encryption.view;
    if (seats.join() !== this.room.keyed.join()) this.happen({ type: 'keyed', seats });
    this.slotsChanged();
  }

  // What a facilitator does now must not happen later, nor seem to have happened.
  private send(message: ClientMessage): void {
    if (this.signalling.send(message) || !needsTheLine.has(message.type)) return;
    this.room = { ...this.room, refusal: { what: message.type, reason: 'no-line', at: this.clock.wall() } };
    this.show();
  }

  private finish(): void {
    this.finished = true;
    this.encryption.stop();
    this.frames?.close();
    this.signalling.stop();
    this.peer.close();
    this.receiving.close();
    this.sharing.letGo();
    this.local.close();
    this.playback.close();
  }

  private publish(): void {
    const { camera, microphone } = this.local.state;
    this.send({ type: 'publish', microphone: microphone.on, camera: camera.on });
  }

  private devicesChanged(what: 'camera' | 'microphone' | 'lists' | 'level' | 'anew'): void {
    if (what === 'anew') return void this.peer.anew('camera');
    if (!this.finished && (what === 'camera' || what === 'microphone')) {
      if (what === 'microphone' && !this.local.state.microphone.on) this.backstage.microphoneWentOff();
      if (what === 'camera') this.clearView.cameraChanged();
      this.sendDevices();
      const switches = `${this.local.state.microphone.on} ${this.local.state.camera.on}`;
      if (switches !== this.published) {
        this.published = switches;
        this.publish();
      }
    }
    this.show();
  }

  // The microphone's sound goes to the group or backstage, never to both.
  private sendDevices(): void {
    const sound = this.local.track('microphone');
    const { on } = this.backstage;
    this.sending.set('camera', this.local.track('camera'));
    this.sending.set('clear_view', this.clearView.on ? this.local.clearTrack : null);
    this.sending.set('backstage', on ? sound : null);
    const microphone = on ? null : sound;
    if (this.sending.set('microphone', microphone)) this.happen({ type: 'wish', wish: 'microphone-switched', on: microphone !== null });
    this.show();
  }

  private lineChanged(state: LineState): void {
    const wasUp = this.lineState.up;
    this.lineState = state;
    if (state.up) this.downSince = null;
    else if (wasUp) {
      this.downSince = this.clock.now();
      this.clock.after(unsteadyForMs, () => this.show());
    }
    if (wasUp && !state.up) this.happen({ type: 'line-lost' });
    else this.show();
  }

  private slotsChanged(): void {
    const tracks = this.peer.slots();
    const carries = this.room.carries.map((seat) => (seat !== null && this.keyed(seat) ? seat : null));
    const { changed, sounds } = this.slots.assign(carries, tracks, this.room.self?.seat ?? null);
    const extras = this.slots.assignExtras(this.room.extras.filter(({ seat }) => this.keyed(seat)), tracks);
    this.playback.play(new Map([...sounds, ...extras.sounds]));
    if (changed) void this.peer.figures().then(({ slots }) => this.slots.baseline(slots));
    this.show();
  }

  private moment(): Moment {
    return { now: this.clock.now(), wall: this.clock.wall() };
  }

  private look(): CallState {
    return callState(
      this.room,
      {
        devices: this.local.state,
        connection: this.connection(),
        lineCheck: this.lineCheck,
        soundOnly: this.receiving.soundOnly,
        data: this.receiving.data,
        needsGestureForSound: this.playback.blocked,
        pictureOf: (seat) => this.slots.pictureOf(seat),
        screenOf: (seat) => this.slots.extraOf(seat, 'screen'),
        backstage: this.backstage.on,
        clearView: this.clearView.on,
        clearOf: (seat) => this.slots.extraOf(seat, 'clear_view'),
        share: this.sharing.state,
        shareTrouble: this.sharing.trouble,
        encryption: encryptionState(this.room, this.encryption.view, this.slots),
        keyed: this.keyed,
      },
      this.moment(),
    );
  }

  private readonly keyed = (seat: Seat): boolean => isKeyed(this.room, this.encryption.view, seat);

  private connection(): Connection {
    const goesOn = this.peer.mayStand && this.downSince !== null && this.clock.now() < this.downSince + unsteadyForMs;
    return connectionOf(this.room, this.lineState, this.media, goesOn);
  }

  // "Nobody can see or hear you" is made true here, not only hoped of the room.
  private cutOff(lost: boolean): void {
    // Facilitators read the new words aloud; what members say and show waits until they were compared.
    const held = this.encryption.view.hold !== null && !(this.room.self && leads(this.room.self.role));
    if (this.cut === lost && this.unproven === held) return;
    this.cut = lost;
    this.unproven = held;
    this.sending.hold(lost || held);
    this.hush();
  }

  private hush(): void {
    this.playback.setSilent(this.cut || this.held || this.room.privateNow);
  }

  private show(): void {
    if (!this.slots) return; // still being put together
    this.shown = this.look();
    this.cutOff(!this.finished && this.shown.connection.state === 'lost');
    for (const listener of [...this.listeners]) listener();
  }
}
