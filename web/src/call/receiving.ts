// SPDX-License-Identifier: Apache-2.0
// What this person takes over their line: which pictures, sound only, half the data, and what it has come to; told to facilitators,
// who can help. Not here: the counting (data_use.ts), when the room is told (tiles.ts), what leaves this device (peer.ts).
// Invariant: facilitators are told at once of a switch, of the rate once it has one, and of whole megabytes once a minute at most.
import type { Clock } from '../base/clock';
import { DataMeter } from './data_use';
import type { TabMemory } from './memory';
import type { ClientMessage } from './message';
import type { CallState, TileView } from './model';
import type { Payload } from './payload';
import { Tiles } from './tiles';

type View = Extract<ClientMessage, { type: 'view' }>;

interface ReceivingHost {
  view(view: View): boolean; // false: could not be told now
  bytes(): Promise<number | null>; // counted by the media connection; null: there is none
  saves(on: boolean): void; // what leaves this device, too
  tell(payload: Extract<Payload, { kind: 'receives' }>): void;
  changed(): void;
}

const tellEveryMs = 60_000;

export class Receiving {
  soundOnly = false;
  saver = false;
  private shown: TileView[] = [];
  private hidden = false;
  private toldAt = -Infinity;
  private rateTold = false;
  private readonly tiles: Tiles;
  private readonly meter: DataMeter;

  constructor(
    private readonly clock: Clock,
    private readonly host: ReceivingHost,
  ) {
    this.tiles = new Tiles(clock, (view) => host.view(view));
    this.meter = new DataMeter(clock, () => host.bytes(), () => this.counted());
  }

  get data(): CallState['data'] {
    return { ...this.meter.use, saver: this.saver };
  }

  // Over a reload within the session.
  get kept(): Pick<TabMemory, 'soundOnly' | 'saver' | 'usedBytes'> {
    return { soundOnly: this.soundOnly, saver: this.saver, usedBytes: this.meter.use.usedBytes };
  }

  goesOnFrom({ soundOnly, saver = false, usedBytes = 0 }: Receiving['kept']): void {
    this.meter.goOnFrom(usedBytes);
    this.only(soundOnly);
    this.save(saver);
  }

  // A media connection stands.
  begins(): void {
    this.meter.start();
  }

  showing(tiles: TileView[]): void {
    this.shown = tiles;
    this.tiles.show(this.hidden ? [] : tiles);
  }

  // Nobody is seen here: "not private now".
  hide(hidden: boolean): void {
    if (this.hidden === hidden) return;
    this.hidden = hidden;
    this.tiles.show(hidden ? [] : this.shown);
  }

  only(sound: boolean): void {
    if (this.soundOnly === sound) return;
    this.soundOnly = sound;
    this.tiles.only(sound);
    this.switched();
  }

  save(data: boolean): void {
    if (this.saver === data) return;
    this.saver = data;
    this.tiles.save(data);
    this.host.saves(data);
    this.switched();
  }

  // Come into the group, so that those who lead it hear of what was switched before.
  entered(): void {
    this.again();
    if (this.soundOnly || this.saver) this.tell();
  }

  // The room has forgotten what is shown here, or is to ask for a whole picture.
  again(): void {
    this.tiles.again();
  }

  close(): void {
    this.tiles.close();
    this.meter.close();
  }

  private switched(): void {
    this.meter.anew();
    this.tell();
    this.host.changed();
  }

  private counted(): void {
    const fresh = !this.rateTold && this.meter.use.bytesPerSecond !== null;
    if (fresh || this.clock.now() >= this.toldAt + tellEveryMs) this.tell();
    this.host.changed();
  }

  private tell(): void {
    this.toldAt = this.clock.now();
    const { usedBytes, bytesPerSecond } = this.meter.use;
    this.rateTold = bytesPerSecond !== null;
    const rate = bytesPerSecond === null ? {} : { bytesPerSecond: Math.round(bytesPerSecond) };
    this.host.tell({ kind: 'receives', soundOnly: this.soundOnly, saver: this.saver, megabytes: Math.round(usedBytes / 1e6), ...rate });
  }
}
