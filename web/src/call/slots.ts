// SPDX-License-Identifier: Apache-2.0
// Which person's picture and sound come in which slot, as streams and figures. Not here: the media connection (peer.ts).
// Invariant: a stream is made anew whenever its slot gets another person, so that nobody's last picture stands under
// somebody else's name; figures count from that moment.
import type { Seat, SeatFigures } from './model';
import type { SlotFigures, SlotTracks } from './peer';

interface Held {
  seat: Seat;
  track: MediaStreamTrack;
  picture: MediaStream;
  base: SlotFigures | null; // what the slot had counted when this person got it
}

export class Slots {
  private held = new Map<number, Held>();

  constructor(private readonly stream: (track: MediaStreamTrack) => MediaStream) {}

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
      next.set(slot, same ? was : { seat, track: track.picture, picture: this.stream(track.picture), base: null });
      sounds.set(slot, track.sound);
    });
    this.held = next;
    return { changed, sounds };
  }

  pictureOf(seat: Seat): MediaStream | null {
    for (const held of this.held.values()) if (held.seat === seat) return held.picture;
    return null;
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
