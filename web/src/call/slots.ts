// SPDX-License-Identifier: Apache-2.0
// Which person's picture and sound come in which slot, as streams and figures. Not here: the media connection (peer.ts).
// Invariants: a stream is made anew whenever its slot gets another person, so that nobody's last picture stands under
// somebody else's name; in an encrypted room a picture is shown, and sound played, only under the seat and as the source that its key names,
// whatever the server says; what no key opened is not shown or played; figures count from that moment.
import type { Seat, SeatFigures } from './model';
import type { Extra } from './room';
import type { SlotFigures, SlotTracks } from './peer';

interface Held {
  seat: Seat;
  track: MediaStreamTrack;
  picture: MediaStream;
  base: SlotFigures | null; // what the slot had counted when this person got it
}

// Who really sends, by the key that opened the frames.
export interface Proven {
  seat: Seat;
  source: string;
}

const settleMs = 2_000; // the first picture of a slot's new person has come by then

export class Slots {
  private held = new Map<number, Held>();
  private shown = new Map<number, Held & { source: string }>(); // beside cameras: a slot each
  private readonly shut = new Set<string>(); // "slot sound" or "slot picture": what comes there is opened by no key
  private readonly heardOf = new Map<number, Proven>(); // who spoke last on a slot's sound, by the key
  private proven: Map<number, Proven> | null = null; // null: a room without encryption, where nothing proves it
  private readonly settling = new Set<number>(); // slots that have just got another person: the proof may be of the one before

  constructor(
    private readonly stream: (track: MediaStreamTrack) => MediaStream,
    private readonly after: (ms: number, then: () => void) => void,
  ) {}

  assign(
    carries: readonly (Seat | null)[],
    tracks: ReadonlyMap<number, SlotTracks>,
    self: Seat | null,
  ): { changed: boolean; sounds: ReadonlyMap<number, MediaStreamTrack> } {
    const next = new Map<number, Held>();
    const sounds = new Map<number, MediaStreamTrack>();
    let changed = false;
    carries.forEach((seat, slot) => {
      const track = tracks.get(slot);
      if (seat === null || seat === self || !track) return;
      const was = this.held.get(slot);
      const same = was && was.seat === seat && was.track === track.picture;
      changed ||= !same;
      if (!same) this.settle(slot);
      next.set(slot, same ? was : { seat, track: track.picture, picture: this.stream(track.picture), base: null });
      if (!this.shut.has(`${slot} sound`) && this.isOwnSound(slot, seat)) sounds.set(slot, track.sound);
    });
    this.held = next;
    return { changed, sounds };
  }

  // What comes beside sound and camera: pictures, and what is said backstage.
  assignExtras(extras: readonly Extra[], tracks: ReadonlyMap<number, SlotTracks>): { changed: boolean; sounds: ReadonlyMap<number, MediaStreamTrack> } {
    const next = new Map<number, Held & { source: string }>();
    const sounds = new Map<number, MediaStreamTrack>();
    let changed = false;
    for (const { slot, seat, source } of extras) {
      const lines = tracks.get(slot);
      if (source === 'backstage') {
        if (lines && !this.shut.has(`${slot} sound`) && this.isOwnSound(slot, seat, 'backstage')) sounds.set(slot, lines.sound);
        continue;
      }
      const track = lines?.picture;
      if (!track) continue;
      const was = this.shown.get(slot);
      const same = was && was.seat === seat && was.source === source && was.track === track;
      changed ||= !same;
      if (!same) this.settle(slot);
      next.set(slot, same ? was : { seat, source, track, picture: this.stream(track), base: null });
    }
    changed ||= next.size !== this.shown.size;
    this.shown = next;
    return { changed, sounds };
  }

  // A picture of another source than the camera, where its key names this person and this source.
  extraOf(seat: Seat, source: string): MediaStream | null {
    for (const [slot, held] of this.shown)
      if (held.seat === seat && held.source === source) return this.isProven(slot, seat, source) && !this.shut.has(`${slot} picture`) ? held.picture : null;
    return null;
  }

  // From now on pictures need a proof.
  demandProof(demand: boolean): void {
    this.proven = demand ? (this.proven ?? new Map<number, Proven>()) : null;
  }

  // A slot that settles already is not given more time, however often it changes.
  private settle(slot: number): void {
    if (!this.proven?.has(slot) || this.settling.has(slot)) return;
    this.settling.add(slot);
    this.after(settleMs, () => this.settling.delete(slot));
  }

  prove(slot: number, from: Proven | null): void {
    this.settling.delete(slot);
    if (from) this.proven?.set(slot, from);
    else this.proven?.delete(slot);
  }

  // Until the media connection is another one.
  shutOut(slot: number, as: 'sound' | 'picture'): void {
    this.shut.add(`${slot} ${as}`);
  }

  connectionGone(): void {
    this.shut.clear();
    this.heardOf.clear();
  }

  unopened(): Seat[] {
    return [...this.held].flatMap(([slot, { seat }]) => (this.shut.has(`${slot} sound`) || this.shut.has(`${slot} picture`) ? [seat] : []));
  }

  // Of sound: nothing plays before it was opened, so it is enough that what opened last is this person's.
  proveSound(slot: number, from: Proven | null): void {
    if (from) this.heardOf.set(slot, from);
    else this.heardOf.delete(slot);
  }

  private isOwnSound(slot: number, seat: Seat, source = 'microphone'): boolean {
    const from = this.heardOf.get(slot);
    return !from || (from.seat === seat && from.source === source);
  }

  pictureOf(seat: Seat): MediaStream | null {
    for (const [slot, held] of this.held) {
      if (held.seat === seat) return this.isProven(slot, seat) && !this.shut.has(`${slot} picture`) ? held.picture : null;
    }
    return null;
  }

  // The server's word and the key's word differ: nothing is shown there. Not said while the new person's first picture is awaited.
  disputed(): Seat[] {
    const wrong = (slot: number, seat: Seat, source?: string): Seat[] => (this.proven?.has(slot) && !this.settling.has(slot) && !this.isProven(slot, seat, source) ? [seat] : []);
    return [...[...this.held].flatMap(([slot, { seat }]) => wrong(slot, seat)), ...[...this.shown].flatMap(([slot, { seat, source }]) => wrong(slot, seat, source))];
  }

  private isProven(slot: number, seat: Seat, source = 'camera'): boolean {
    if (!this.proven) return true;
    const proof = this.proven.get(slot);
    return proof?.seat === seat && proof.source === source;
  }

  baseline(counted: ReadonlyMap<number, SlotFigures>): void {
    for (const [slot, held] of this.held) held.base ??= counted.get(slot) ?? null;
  }

  figures(counted: ReadonlyMap<number, SlotFigures>, roundTripMs: number | null): SeatFigures[] {
    return [...this.held].flatMap(([slot, { seat, base }]): SeatFigures[] => {
      const now = counted.get(slot);
      if (!now) return [];
      const since = (field: keyof SlotFigures): number => now[field] - (base?.[field] ?? 0);
      return [
        {
          seat,
          framesDecoded: since('framesDecoded'),
          frameWidth: now.frameWidth,
          frameHeight: now.frameHeight,
          freezes: since('freezes'),
          soundEnergy: since('soundEnergy'),
          soundPackets: since('soundPackets'),
          soundLost: since('soundLost'),
          soundConcealed: since('soundConcealed'),
          roundTripMs,
        },
      ];
    });
  }
}
