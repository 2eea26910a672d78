// SPDX-License-Identifier: Apache-2.0
// The smallest whole group of a story about the line: a facilitator and a member in Chromium, a member in Firefox, all with
// camera and microphone on, and what each of them should see and hear.
import type { Browser as Chromium } from 'playwright-core';
import type { launchFirefox } from './browsers.ts';
import { Group, type InChromium } from './group.ts';
import type { Person } from './person.ts';
import type { ServerOptions } from './server.ts';

export class Three {
  readonly group: Group;
  readonly indices: number[];
  facilitator!: InChromium;
  member!: InChromium;
  inFirefox!: Person;

  private constructor(group: Group) {
    this.group = group;
    this.indices = [group.indexOf('facilitator'), group.indexOf('member', 0), group.indexOf('member', 1)];
  }

  static async meet(options: ServerOptions = {}): Promise<Three> {
    return Three.of(await Group.open(options));
  }

  // The members' browsers may be elsewhere (line.ts).
  static async of(group: Group, elsewhere: { chromium?: Chromium; firefox?: Parameters<typeof launchFirefox>[0] } = {}): Promise<Three> {
    const three = new Three(group);
    const [first, second, third] = three.indices as [number, number, number];
    three.facilitator = await three.group.person(first);
    three.member = await three.group.person(second, elsewhere.chromium ? { browser: elsewhere.chromium } : {});
    three.inFirefox = await three.group.personInFirefox(third, elsewhere.firefox);
    await three.facilitator.arrive('camera', 'microphone');
    await three.facilitator.isInRoom();
    for (const person of [three.member, three.inFirefox]) {
      await person.arrive('camera', 'microphone');
      await three.facilitator.admits(person);
      await person.isInRoom();
    }
    return three;
  }

  get people(): Person[] {
    return [this.facilitator, this.member, this.inFirefox];
  }

  async seeAndHearEachOther(): Promise<void> {
    for (const [place, person] of this.people.entries())
      await person.seesAndHears(this.group.expected(this.indices.filter((_, other) => other !== place)));
  }
}
