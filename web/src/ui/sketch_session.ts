// SPDX-License-Identifier: Apache-2.0
// A made-up call for looking at pages and for tests: it holds a state and changes it as a person would expect, without a
// server, a device or a peer connection. Not in the production bundle. Names are plainly invented.
import type { Beside, BoardMark, CallSession, CallState, ChatLine, Disguise, LineWord, Person, ReactionName, Role, Seat, TileView, Waiting } from '../call/model';

const names = [
  'Robin', 'Ash', 'Willow', 'Wren', 'Rowan', 'Finch', 'Hazel', 'Lark', 'Maple', 'Heron', 'Juniper', 'Swift', 'Alder', 'Linnet',
  'Birch', 'Plover', 'Elm', 'Dove', 'Cedar', 'Martin', 'Aspen', 'Kite', 'Laurel', 'Teal', 'Oak', 'Merlin', 'Holly', 'Starling',
  'Hawthorn', 'Jay', 'Olive', 'Curlew', 'Beech', 'Thrush', 'Myrtle', 'Osprey', 'Sorrel', 'Avocet', 'Bramble', 'Siskin', 'Clover',
  'Puffin', 'Fern', 'Petrel', 'Ivy', 'Dunlin', 'Moss', 'Egret', 'Reed',
];
const longNames = ['Bartholomew of the Old Orchard', 'Willow-by-the-Waterside', 'Llanfairpwllgwyngyll', 'Rumpelstiltskin', 'Æthelflæd'];
const rtlNames = ['ريحان', 'ورد', 'זית', 'ياسمين', 'אלון', 'زيتون', 'ברוש', 'نرجس', 'סיגל', 'سوسن'];

export const nameFor = (index: number, kind: string): string => {
  if (kind === 'long') return `${longNames[index % longNames.length]}${index >= longNames.length ? ` ${index}` : ''}`;
  if (kind === 'rtl') return rtlNames[index % rtlNames.length] ?? '';
  return names[index % names.length] ?? '';
};

const lines: readonly LineWord[] = ['good', 'good', 'fair', 'good', 'poor'];

const person = (index: number, self: boolean, role: Role, kind: string): Person => ({
  seat: index + 1,
  role,
  place: index,
  self,
  alias: nameFor(index, kind),
  microphone: index % 3 !== 1,
  camera: false,
  away: false,
  muted: false,
  privateNow: false,
  answers: null,
  near: false,
  hand: null,
  reaction: null,
  receives: null,
  line: null,
  carried: null,
  sharing: false,
  mayShare: false,
  cameraHeld: false,
  screen: null,
  picture: null,
  room: 'everyone',
  aside: false,
  clearView: false,
  clear: null,
  keyed: true,
});

const roleAt = (index: number): Role => (index === 0 ? 'facilitator' : index === 3 ? 'supporter' : 'member');

export const people = (count: number, selfIndex: number, kind = ''): Person[] =>
  Array.from({ length: count }, (_, index) => person(index, index === selfIndex, roleAt(index), kind));

export const withMarks = (list: Person[]): Person[] =>
  list.map((one, index) => ({
    ...one,
    hand: index === 4 ? 1 : index === 2 ? 2 : null,
    away: index === 5,
    privateNow: index === 6,
    muted: index === 7,
    microphone: index === 7 ? false : one.microphone,
    reaction: index === 8 ? { name: 'with-you', until: Number.MAX_SAFE_INTEGER } : null,
    receives: { soundOnly: index === 3, saver: index === 2, megabytes: [210, 210, 84, 12][index] ?? 210, bytesPerSecond: [96_000, 96_000, 38_000, 5_500][index] ?? null },
    line: lines[index % lines.length] ?? 'good',
    carried: index === 2 ? { pictures: 'reduced', thinned: [] } : index === 4 ? { pictures: 'none', thinned: [one.seat - 1] } : { pictures: 'full', thinned: [] },
  }));

export const waitingList = (count: number): Waiting[] =>
  Array.from({ length: count }, (_, index) => ({
    arrival: 100 + index,
    seat: 60 + index,
    role: index === 1 ? 'supporter' : 'member',
    since: -index * 130_000,
    second: index === 1,
    removed: index === 2,
    movedBack: false,
    away: false,
    answers: { alone: index !== 1, headphones: index !== 2, carer: index === 1, way: 'video' },
  }));

export const emptyState = (): CallState => ({
  stage: { at: 'connecting' },
  encryption: { kind: 'required', state: 'on', words: null, hold: null, silent: [], disputed: [], unopened: [], unsealed: [], ask: [], troubles: [] },
  self: null,
  people: [],
  speaker: null,
  waiting: [],
  locked: false,
  paused: null,
  askedToMute: null,
  mutedBy: null,
  chat: [],
  agreement: null,
  beside: null,
  marked: 0,
  helpAsked: [],
  order: null,
  round: null,
  backstage: { on: false, talking: [] },
  breakouts: null,
  board: null,
  timer: null,
  devices: {
    cameras: [
      { id: 'c1', label: 'Built-in camera' },
      { id: 'c2', label: 'Camera on the desk' },
    ],
    microphones: [
      { id: 'm1', label: 'Built-in microphone' },
      { id: 'm2', label: 'Headset' },
    ],
    speakers: [
      { id: 's1', label: 'Built-in speaker' },
      { id: 's2', label: 'Headset' },
    ],
    camera: { on: false, chosen: 'c1', trouble: null, preview: null, own: null },
    microphone: { on: false, chosen: 'm1', trouble: null, level: 0 },
    speaker: { chosen: 's1' },
    disguise: { picture: 'none', voice: 'none', masking: 'off' },
  },
  connection: { state: 'connected', tries: 0, retryAt: null },
  lineCheck: { state: 'not-run', word: null, roundTripMs: null },
  soundOnly: false,
  data: { usedBytes: 0, bytesPerSecond: null, saver: false },
  privateNow: false,
  share: null,
  shareTrouble: null,
  needsGestureForSound: false,
  serverClosing: false,
  refusal: null,
});

export class SketchSession implements CallSession {
  state: CallState;
  shown: TileView[] = [];
  readonly asked: string[] = []; // what the pages asked for, for tests
  private readonly listeners = new Set<() => void>();
  private lineCount = 0;

  constructor(
    state: CallState,
    private readonly preview: () => MediaStream | null = () => null,
  ) {
    this.state = state;
  }

  change(next: Partial<CallState>): void {
    this.state = { ...this.state, ...next };
    for (const listener of this.listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private changeSelf(next: Partial<Person>): void {
    this.change({ people: this.state.people.map((one) => (one.self ? { ...one, ...next } : one)) });
  }

  async setCamera(on: boolean): Promise<void> {
    const picture = on ? this.preview() : null;
    this.change({ devices: { ...this.state.devices, camera: { ...this.state.devices.camera, on, trouble: null, preview: picture, own: picture } } });
    this.changeSelf({ camera: on, picture });
  }
  async setMicrophone(on: boolean): Promise<void> {
    const microphone = { ...this.state.devices.microphone, on, trouble: null, level: on ? 0.4 : 0 };
    this.change({ devices: { ...this.state.devices, microphone }, askedToMute: null });
    this.changeSelf({ microphone: on });
  }
  async chooseDevice(kind: 'camera' | 'microphone' | 'speaker', id: string): Promise<void> {
    this.change({ devices: { ...this.state.devices, [kind]: { ...this.state.devices[kind], chosen: id } } });
  }
  async setDisguise(change: Partial<Disguise>): Promise<void> {
    this.change({ devices: { ...this.state.devices, disguise: { ...this.state.devices.disguise, ...change } } });
  }
  holdSound(on: boolean): void {
    this.asked.push(`hold-sound ${on}`);
  }
  async playTestSound(): Promise<void> {
    this.asked.push('play');
  }
  async runLineCheck(): Promise<void> {
    this.change({ lineCheck: { state: 'done', word: 'good', roundTripMs: 40 } });
  }
  tellNear(seat: Seat, on: boolean): void {
    this.change({ people: this.state.people.map((one) => (one.seat === seat ? { ...one, near: on } : one)) });
  }
  showAgreement(agreement: NonNullable<CallState['agreement']>): void {
    this.change({ agreement });
  }
  tellBeside(people: Beside[]): void {
    this.change({ beside: people.length === 0 ? null : people.map((one) => ({ ...one, alias: names[one.seat - 1] ?? null })) });
  }
  tellMarked(): void {
    this.asked.push('marked');
  }
  dismissAgreement(): void {
    this.change({ agreement: null });
  }
  ready(): void {
    this.change({ stage: { at: 'waiting', movedBack: false } });
  }
  showing(tiles: TileView[]): void {
    this.shown = tiles;
  }
  setDataSaver(on: boolean): void {
    this.change({ data: { ...this.state.data, saver: on } });
  }

  setSoundOnly(on: boolean): void {
    this.change({ soundOnly: on });
  }
  setPrivateNow(on: boolean): void {
    this.change({ privateNow: on });
    if (on) void this.setCamera(false).then(() => this.setMicrophone(false));
  }
  setHand(up: boolean): void {
    const hands = this.state.people.filter((one) => one.hand !== null).length;
    this.changeSelf({ hand: up ? hands + 1 : null });
  }
  react(name: ReactionName): void {
    this.changeSelf({ reaction: { name, until: Date.now() + 6_000 } });
  }
  say(text: string, to: ChatLine['to']): void {
    this.lineCount += 1;
    const line: ChatLine = { id: `own-${this.lineCount}`, at: Date.now(), from: this.state.self?.seat ?? 0, fromWaiting: null, to, text, own: true, state: 'sent' };
    this.change({ chat: [...this.state.chat, line] });
  }
  takeAside(seat: Seat): void {
    this.asked.push(`aside ${seat}`);
    const room = `private:${seat}` as const;
    this.change({ people: this.state.people.map((one) => (one.self || one.seat === seat ? { ...one, room } : { ...one, aside: true })) });
  }

  readonly backstage = { talk: (on: boolean): Promise<void> => Promise.resolve(this.change({ backstage: { on, talking: on ? [1] : [] } })) };
  readonly breakouts = {
    open: (rooms: Seat[][], seconds: number): void => {
      const roomOf = (seat: Seat): number => rooms.findIndex((seats) => seats.includes(seat)) + 1;
      const people = this.state.people.map((one) => (roomOf(one.seat) > 0 ? { ...one, room: `breakout:${roomOf(one.seat)}` as const, aside: true } : one));
      this.change({ breakouts: { rooms: rooms.length, endsAt: Date.now() + seconds * 1_000 }, people });
    },
    move: (seat: Seat | null, breakout: number | null): void => void this.asked.push(`move ${seat} ${breakout}`),
    leave: (seconds: number): void => void this.asked.push(`breakouts ${seconds}`),
  };

  returnToGroup(): void {
    this.asked.push('return');
    this.change({ people: this.state.people.map((one) => ({ ...one, room: 'everyone', aside: false })) });
  }

  askForHelp(): void {
    this.asked.push('help');
  }
  async resumeSound(): Promise<void> {
    this.change({ needsGestureForSound: false });
  }
  readonly board = {
    open: (all: boolean): void => this.change({ board: { by: 1, all, marks: this.state.board?.marks ?? [] } }),
    close: (): void => this.change({ board: null }),
    draw: (mark: Omit<BoardMark, 'by'>): void => this.change({ board: this.state.board && { ...this.state.board, marks: [...this.state.board.marks, { ...mark, by: 1 }] } }),
    rubOut: (ids?: string[]): void =>
      this.change({ board: this.state.board && { ...this.state.board, marks: ids ? this.state.board.marks.filter(({ id }) => !ids.includes(id)) : [] } }),
  };
  readonly clearView = {
    begin: (): Promise<void> => Promise.resolve(this.changeSelf({ clearView: true })),
    end: (): void => this.changeSelf({ clearView: false }),
  };
  readonly sharing = {
    choose: (): Promise<void> => Promise.resolve(void this.asked.push('share choose')),
    worksheet: (): Promise<void> => Promise.resolve(void this.asked.push('share worksheet')),
    turn: (by: number): Promise<void> => Promise.resolve(void this.asked.push(`share turn ${by}`)),
    start: (over: boolean): void => void this.asked.push(`share start ${over}`),
    stop: (): void => this.change({ share: null }),
    dismissTrouble: (): void => this.change({ shareTrouble: null }),
    allow: (seat: Seat, allowed: boolean): void => void this.asked.push(`share allow ${seat} ${allowed}`),
  };
  dismissAskedToMute(): void {
    this.change({ askedToMute: null });
  }
  showWords(on: boolean): void {
    this.change({ encryption: { ...this.state.encryption, words: on ? [12, 345, 678, 1901] : null } });
  }
  wordsCompared(): void {
    this.change({ encryption: { ...this.state.encryption, hold: null } });
  }
  dismissUnsealed(seat: number, what: 'camera' | 'microphone'): void {
    const unsealed = this.state.encryption.unsealed.filter((one) => one.seat !== seat || one.what !== what);
    this.change({ encryption: { ...this.state.encryption, unsealed } });
  }

  dismissTrouble(trouble: CallState['encryption']['troubles'][number]): void {
    const troubles = this.state.encryption.troubles.filter((one) => one !== trouble);
    this.change({ encryption: { ...this.state.encryption, troubles } });
  }
  letInAgain(arrival: number): void {
    const ask = this.state.encryption.ask.filter((one) => one.arrival !== arrival);
    this.change({ encryption: { ...this.state.encryption, ask } });
  }
  leave(): void {
    this.change({ stage: { at: 'gone', why: 'left' } });
  }
  admit(arrival: number): void {
    const coming = this.state.waiting.find((one) => one.arrival === arrival);
    if (!coming) return;
    const place = this.state.people.length;
    const fresh = { ...person(place, false, coming.role, ''), seat: coming.seat };
    this.change({ waiting: this.state.waiting.filter((one) => one !== coming), people: [...this.state.people, fresh] });
  }
  decline(arrival: number): void {
    this.change({ waiting: this.state.waiting.filter((one) => one.arrival !== arrival) });
  }
  moveBack(seat: Seat): void {
    this.remove(seat);
  }
  remove(seat: Seat): void {
    this.change({ people: this.state.people.filter((one) => one.seat !== seat) });
  }
  mute(seat: Seat): void {
    this.change({ people: this.state.people.map((one) => (one.seat === seat ? { ...one, microphone: false, muted: true } : one)) });
  }
  askToMute(seat: Seat): void {
    this.asked.push(`ask-to-mute ${seat}`);
  }
  setLocked(on: boolean): void {
    this.change({ locked: on });
  }
  setPaused(on: boolean): void {
    this.change({ paused: on ? { why: 'facilitator', by: this.state.self?.seat ?? null } : null });
  }
  endForAll(): void {
    this.change({ stage: { at: 'gone', why: 'ended' } });
  }
  lowerHands(seats?: Seat[]): void {
    const lowered = (one: Person) => !seats || seats.includes(one.seat);
    this.change({ people: this.state.people.map((one) => (lowered(one) ? { ...one, hand: null } : one)) });
  }
  startRound(seats: Seat[]): void {
    this.change({ round: { seats, at: 0 } });
  }
  nextInRound(): void {
    const { round } = this.state;
    this.change({ round: round && round.at + 1 < round.seats.length ? { ...round, at: round.at + 1 } : null });
  }
  endRound(): void {
    this.change({ round: null });
  }
  setTimer(lengthMs: number): void {
    this.change({ timer: { lengthMs, endsAt: Date.now() + lengthMs, leftMs: lengthMs } });
  }
  pauseTimer(running: boolean): void {
    const { timer } = this.state;
    if (!timer) return;
    const leftMs = timer.endsAt === null ? timer.leftMs : timer.endsAt - Date.now();
    this.change({ timer: { ...timer, leftMs, endsAt: running ? Date.now() + leftMs : null } });
  }
  clearTimer(): void {
    this.change({ timer: null });
  }
  setOrderForAll(seats: Seat[] | null): void {
    this.asked.push(`order ${seats?.length ?? 'none'}`);
  }
  answerHelp(seat: Seat): void {
    this.change({ helpAsked: this.state.helpAsked.filter((one) => one !== seat) });
  }
  async figures(): Promise<[]> {
    return [];
  }
  setNames(names: ReadonlyMap<Seat, string>): void {
    this.change({ people: this.state.people.map((one) => ({ ...one, alias: names.get(one.seat) ?? one.alias })) });
  }
}
