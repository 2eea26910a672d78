// SPDX-License-Identifier: Apache-2.0
// A person in Chromium comes to a room that may or may not be encrypted.
import type { InChromium } from '../tests/people/group.ts';

// A room that is not encrypted is joined by who has said yes to it.
export async function arrives(person: InChromium, ...devices: ('camera' | 'microphone')[]): Promise<void> {
  await person.open();
  if (devices.length > 0) await person.turnOn(...devices);
  await person.driver.evaluate(() => document.querySelector<HTMLInputElement>('#not-encrypted')?.click(), null);
  await person.ready();
}
