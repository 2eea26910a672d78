// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { BackstageTalk } from './backstage';
import type { ClientMessage, ServerMessage } from './message';

function rig(micOn: boolean) {
  const microphone = { on: micOn };
  const said: ClientMessage[] = [];
  // What goes to the group, at each moment something changed.
  const toGroup: boolean[] = [];
  const look = (): void => void toGroup.push(microphone.on && !talk.on);
  const talk: BackstageTalk = new BackstageTalk(
    {
      isOn: () => microphone.on,
      set: async (on) => {
        microphone.on = on;
        look();
        if (!on) talk.microphoneWentOff();
      },
    },
    (message) => said.push(message),
    look,
  );
  const hears = (message: ServerMessage): void => talk.heard(message, 3);
  return { microphone, talk, said, toGroup, hears };
}
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('talking backstage', () => {
  it('takes the microphone from the group at once and gives it back as it was', async () => {
    const { talk, said, toGroup, hears, microphone } = rig(true);
    await talk.talk(true);
    expect(toGroup.at(-1)).toBe(false);
    hears({ type: 'backstage', seats: [3] });
    await talk.talk(false);
    expect(said).toEqual([{ type: 'talk-backstage', on: true }, { type: 'talk-backstage', on: false }]);
    expect([microphone.on, toGroup.at(-1)]).toEqual([true, true]);
  });

  it('opens a microphone that was off for backstage alone', async () => {
    const { talk, toGroup, hears, microphone } = rig(false);
    await talk.talk(true);
    hears({ type: 'backstage', seats: [3] });
    expect(microphone.on).toBe(true);
    await talk.talk(false);
    expect(microphone.on).toBe(false);
    expect(toGroup).not.toContain(true);
  });

  it('leaves the microphone off where it ends by itself', async () => {
    const ends: ServerMessage[] = [
      { type: 'backstage', seats: [] },
      { type: 'refused', what: 'talk-backstage', reason: 'not-now' },
      { type: 'state', state: 'waiting', why: 'moved-back' },
    ];
    for (const end of ends) {
      const { talk, toGroup, hears, microphone } = rig(true);
      await talk.talk(true);
      hears({ type: 'backstage', seats: [1, 3] });
      toGroup.length = 0;
      hears(end);
      await settle();
      expect([talk.on, microphone.on]).toEqual([false, false]);
      expect(toGroup).not.toContain(true);
    }
  });

  it('is not ended by what others begin or end before the room has said that it is on', async () => {
    const { talk, hears } = rig(true);
    await talk.talk(true);
    hears({ type: 'backstage', seats: [1] });
    await settle();
    expect(talk.on).toBe(true);
  });

  it('is over where the microphone is switched off or not sealed any more', async () => {
    for (const end of ['off', 'unsealed'] as const) {
      const { talk, hears, microphone } = rig(true);
      await talk.talk(true);
      hears({ type: 'backstage', seats: [3] });
      if (end === 'unsealed') talk.wentUnsealed();
      else talk.microphoneWentOff();
      await settle();
      expect([talk.on, microphone.on]).toEqual([false, false]);
    }
  });
});
