// SPDX-License-Identifier: Apache-2.0
// Six people talk at once. What counts is what is audible: a browser may mix only the loudest of many tracks, so what comes
// out of the loudspeaker is recorded and measured, in both browsers, not what arrives.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../people/browsers.ts';
import { Group } from '../../people/group.ts';
import { toneOf } from '../../people/code.ts';
import type { Person } from '../../people/person.ts';
import { levelOf, recordPlayback } from '../../people/recording.ts';
import { type SoundServer, startSoundServer } from '../../people/sound_server.ts';

describe.each(['chromium', 'firefox'] as const)('in %s', (which) => {
  let group: Group;
  let sound: SoundServer;
  let browser: Browser | null = null;
  let listener: Person;
  let talkers: number[];

  beforeAll(async () => {
    group = await Group.open();
    const facilitatorIndex = group.indexOf('facilitator');
    talkers = group.links.flatMap((link, index) => (/facilitator/.test(link.role) ? [] : [index])).slice(0, 6);
    if (which === 'chromium') {
      sound = await startSoundServer();
      Object.assign(process.env, sound.environment);
      browser = await launchChromium({ audible: true });
      listener = await group.person(facilitatorIndex, { browser });
    } else {
      listener = await group.personInFirefox(facilitatorIndex);
      sound = group.sound!;
    }
    await listener.arrive();
    await listener.isInRoom();
    group.synthetic(talkers, ['--pictures', 'none']);
    for (const index of talkers) await listener.admits(group.link(index));
    await listener.seesTiles(7);
  });
  afterAll(async () => {
    await browser?.close();
    await group?.close();
    if (which === 'chromium') await sound?.stop();
  });

  test('all six come out of the loudspeaker at once, none far below the others', async () => {
    await expect
      .poll(
        async () => {
          const played = await recordPlayback(sound.environment);
          const levels = talkers.map((index) => levelOf(played, toneOf(index)));
          return Math.min(...levels) > -50 && Math.max(...levels) - Math.min(...levels) < 12;
        },
        { timeout: 40_000, interval: 200 },
      )
      .toBe(true);
  });

  test('a tone that nobody makes is far below them', async () => {
    const played = await recordPlayback(sound.environment);
    const quietest = Math.min(...talkers.map((index) => levelOf(played, toneOf(index))));
    expect(quietest - levelOf(played, toneOf(40))).toBeGreaterThan(20);
  });
});
