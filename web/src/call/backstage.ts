// SPDX-License-Identifier: Apache-2.0
// Talking to the others who lead, and not to the group: the microphone's sound then goes out as `backstage`, sealed for facilitators
// alone, and never as `microphone`. Not here: sending (peer.ts), who hears it (the room), the button.
// Invariant: however it ends but by the person's own stop with a microphone that was on before, the microphone is off: what was
// meant for one colleague must not reach the group.
import type { ClientMessage, ServerMessage } from './message';
import type { BackstageControl, Seat } from './model';

export interface TalkMicrophone {
  isOn(): boolean;
  set(on: boolean): Promise<void>;
}

export class BackstageTalk implements BackstageControl {
  on = false;
  private told = false; // the room has said so
  private opened = false; // the microphone was off before

  constructor(
    private readonly microphone: TalkMicrophone,
    private readonly send: (message: ClientMessage) => void,
    private readonly changed: () => void,
  ) {}

  async talk(on: boolean): Promise<void> {
    if (on === this.on) return;
    if (!on) return this.stop(this.opened);
    this.opened = !this.microphone.isOn();
    this.on = true;
    this.told = false;
    this.send({ type: 'talk-backstage', on: true });
    this.changed(); // from here on nothing of the microphone goes to the group
    if (this.opened) await this.microphone.set(true);
  }

  // The person switched it off, or it failed.
  microphoneWentOff(): void {
    if (this.on && this.told) void this.stop(true);
  }

  heard(message: ServerMessage, self: Seat | undefined): void {
    if (!this.on) return;
    if (message.type === 'backstage') {
      const mine = self !== undefined && message.seats.includes(self);
      if (this.told && !mine) void this.stop(true);
      this.told ||= mine;
    }
    const over = (message.type === 'refused' && message.what === 'talk-backstage') || message.type === 'welcome' || (message.type === 'state' && message.state !== 'present');
    if (over) void this.stop(true);
  }

  // The line that it goes out on is not sealed any more.
  wentUnsealed(): void {
    void this.stop(true);
  }

  private async stop(off: boolean): Promise<void> {
    this.told = false;
    if (off) await this.microphone.set(false); // before anything could go to the group
    this.on = false;
    this.send({ type: 'talk-backstage', on: false });
    this.changed();
  }
}
