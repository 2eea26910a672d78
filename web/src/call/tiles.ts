// SPDX-License-Identifier: Apache-2.0
// Tells the room which pictures are on this screen and how large, at most four times a second and only when it changed, so
// that nothing is sent here that nobody sees. Invariant: the last view asked for is told in the end. An empty screen right
// after becoming present is one that is not drawn yet; telling it would stop the first pictures, which the room sends
// unasked, so it is told only when it stays empty.
import type { Clock } from '../base/clock';
import type { ClientMessage } from './message';
import type { TileView } from './model';

type View = Extract<ClientMessage, { type: 'view' }>;

const atMostEveryMs = 260;
const drawnWithinMs = 500;
const tilesAtMost = 64;

export class Tiles {
  private tiles: readonly TileView[] = [];
  private soundOnly = false;
  private saver = false;
  private toldAt = -Infinity;
  private told: string | null = null;
  private freshUntil = -Infinity;
  private due: (() => void) | null = null;
  private dueAt = Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly send: (view: View) => boolean,
  ) {}

  show(tiles: readonly TileView[]): void {
    this.tiles = tiles;
    if (this.told === null && this.freshUntil < 0) this.freshUntil = this.clock.now() + drawnWithinMs;
    this.soon();
  }

  only(sound: boolean): void {
    this.soundOnly = sound;
    this.soon();
  }

  save(data: boolean): void {
    this.saver = data;
    this.soon();
  }

  // The room has forgotten (a new connection, or just become present): tell it again.
  again(): void {
    this.told = null;
    this.freshUntil = this.clock.now() + drawnWithinMs;
    this.soon();
  }

  close(): void {
    this.due?.();
    this.due = null;
  }

  private soon(): void {
    const now = this.clock.now();
    const notDrawn = !this.soundOnly && this.view().tiles.length === 0;
    const at = Math.max(now, this.toldAt + atMostEveryMs, notDrawn ? this.freshUntil : now);
    if (this.due && this.dueAt <= at) return;
    this.due?.();
    this.dueAt = at;
    this.due = this.clock.after(at - now, () => {
      this.due = null;
      this.tell();
    });
  }

  private tell(): void {
    const view = this.view();
    const text = JSON.stringify(view);
    if (text === this.told) return;
    if (!this.send(view)) return; // again() comes with the next connection
    this.freshUntil = -Infinity;
    this.told = text;
    this.toldAt = this.clock.now();
  }

  private view(): View {
    const shown = this.soundOnly ? [] : this.tiles.filter((tile) => tile.width >= 1 && tile.height >= 1);
    const tiles = shown.slice(0, tilesAtMost).map((tile) => ({
      seat: tile.seat,
      source: tile.source ?? ('camera' as const),
      width: pixels(tile.width),
      height: pixels(tile.height),
      pinned: tile.pinned,
    }));
    return { type: 'view', tiles, sound_only: this.soundOnly, ...(this.saver && { saver: true }) };
  }
}

const pixels = (length: number): number => Math.min(8192, Math.max(1, Math.round(length)));
