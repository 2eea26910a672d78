// SPDX-License-Identifier: Apache-2.0
// The camera as it is, beside a disguise, for facilitators alone: begun by the person themselves each time, under a key of its own
// that is sealed to the facilitators of this moment, and in sight of the person while it lasts. Not here: sending (peer.ts), who may ask
// for it (the room), the words. Invariants: nothing of it leaves before the person said yes; whoever is a facilitator no more has no key
// for what comes later; however it ends, the camera that was opened for it alone is closed.
import { fromBase64Url, toBase64Url } from '../base/base64url';
import { clearViewOf, type EpochKeys, ownClearView } from '../e2ee/frame_keys';
import type { ClientMessage, ServerMessage } from './message';
import type { ClearViewControl, Seat } from './model';

const keyLength = 16;

export interface ClearViewCamera {
  readonly clear: boolean;
  setClear(on: boolean): Promise<boolean>; // whether the camera is open
}
export interface ClearViewAround {
  send(message: ClientMessage): void;
  tell(key: string, number: number): void; // to facilitators, sealed
  keys(keys: EpochKeys): void;
  forget(group: string): void;
  changed(): void;
}

export class ClearView implements ClearViewControl {
  on = false;
  private others: readonly Seat[] = []; // who shows us theirs
  private number = 0; // of keys so far; the low byte tells them apart in a frame

  constructor(
    private readonly camera: ClearViewCamera,
    private readonly around: ClearViewAround,
  ) {}

  async begin(): Promise<void> {
    if (this.on || !(await this.camera.setClear(true))) return;
    this.on = true;
    this.freshKey('join');
    this.around.send({ type: 'clear-view', on: true });
    this.around.changed();
  }

  end(): void {
    if (!this.on) return;
    this.on = false;
    void this.camera.setClear(false);
    this.around.send({ type: 'clear-view', on: false });
    this.around.forget(ownClearView);
    this.around.changed();
  }

  // The camera was switched off, or the person is seen as they are by everyone.
  cameraChanged(): void {
    if (this.on && !this.camera.clear) this.end();
  }

  // Who is in the group has changed: those who lead now have the next key, and who left has not.
  groupChanged(cause: EpochKeys['cause']): void {
    if (this.on) this.freshKey(cause === 'remove' ? 'remove' : 'add');
  }

  heard(message: ServerMessage): void {
    const over = (message.type === 'refused' && message.what === 'clear-view') || message.type === 'welcome' || (message.type === 'state' && message.state !== 'present');
    if (over) this.end();
  }

  // Who leads: another's key, as they said it; and who shows theirs now.
  takeKey({ seat, key, number }: { seat: Seat; key: string; number: number }): void {
    const baseKey = fromBase64Url(key);
    if (baseKey?.length === keyLength) this.around.keys({ group: clearViewOf(seat), epoch: number, baseKey, self: 0, leaves: [], cause: 'add' });
  }

  shownBy(seats: readonly Seat[]): void {
    for (const seat of this.others) if (!seats.includes(seat)) this.around.forget(clearViewOf(seat));
    this.others = seats;
  }

  wentUnsealed(): void {
    this.end();
  }

  private freshKey(cause: EpochKeys['cause']): void {
    this.number += 1;
    const baseKey = crypto.getRandomValues(new Uint8Array(keyLength));
    this.around.tell(toBase64Url(baseKey), this.number);
    this.around.keys({ group: ownClearView, epoch: this.number, baseKey, self: 0, leaves: [], cause });
  }
}
