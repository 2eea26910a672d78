// SPDX-License-Identifier: Apache-2.0
// A whole group for a story: a server of its own, one Chromium with a context (its own storage) a person, Firefox and
// synthetic people where asked for. `index` of a person (its tone and code) is its place in the room's list of links.
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser as Chromium, BrowserContext, Page } from 'playwright-core';
import type { Browser as Firefox } from 'puppeteer-core';
import { type Devices, type Watched, launchChromium, launchFirefox, newContext, newFirefoxPage, newPage } from './browsers.ts';
import { chromiumDriver, firefoxDriver } from './driver.ts';
import { Person } from './person.ts';
import { type Link, type Server, type ServerOptions, quietroomLoad, startServer, tree } from './server.ts';
import { type SoundServer, startSoundServer } from './sound_server.ts';

export interface InChromium extends Person {
  page: Page;
  context: BrowserContext;
}

export interface SyntheticSeat {
  seat: number;
  index: number;
  join_ms: number;
  encrypted: boolean;
  words: number[]; // places in the list of words; none where there were no keys
  unsealed: number; // frames not sent for want of keys
  frames: { opened: number; waited: number; replayed: number; refused: number; of_another: number };
  faults: string[];
  heard: { seat: number; frames: number; code: number | null; tone: number | null; first_frame_ms: number; first_sound_ms: number }[];
}

// What does MLS for synthetic people: the client's own modules under Node (tests/load/keys.ts).
const keysCommand = [join(tree, 'tests', 'node'), '--experimental-transform-types', '--disable-warning=ExperimentalWarning', join(tree, 'tests', 'load', 'keys.ts')]
  .map((part) => `'${part}'`)
  .join(' ');

export class Group {
  readonly watched: Watched = { errors: [], foreign: [] };
  readonly server: Server;
  #chromium: Chromium | null = null;
  #firefox: Firefox | null = null;
  #sound: SoundServer | null = null;
  #synthetic: { child: ChildProcess; ended: Promise<number> }[] = [];

  private constructor(server: Server) {
    this.server = server;
  }

  static async open(options: ServerOptions = {}): Promise<Group> {
    return new Group(await startServer(options));
  }

  get sound(): SoundServer | null {
    return this.#sound;
  }

  get links(): Link[] {
    return this.server.rooms[0]!.links;
  }

  link(index: number): Link {
    const link = this.links[index];
    if (!link) throw new Error(`the room has no seat of index ${index}`);
    return link;
  }

  // The first link of a role.
  indexOf(role: Link['role'], nth = 0): number {
    const indices = this.links.flatMap((link, index) => (link.role === role ? [index] : []));
    return indices[nth]!;
  }

  // What each of these people (by index) should see: seat to code.
  expected(indices: number[]): Map<number, number> {
    return new Map(indices.map((index) => [this.link(index).seat, index]));
  }

  async chromium(): Promise<Chromium> {
    return (this.#chromium ??= await launchChromium());
  }

  async person(
    index: number,
    options: Parameters<Chromium['newContext']>[0] & { browser?: Chromium; coded?: boolean; camera?: Omit<Devices, 'index'> } = {},
  ): Promise<InChromium> {
    const { browser, coded = true, camera, ...contextOptions } = options;
    const context = await newContext(browser ?? (await this.chromium()), contextOptions);
    const page = await newPage(context, coded ? { index, ...camera } : null, this.watched);
    return Object.assign(new Person(chromiumDriver(page), this.server.url, this.link(index)), { page, context });
  }

  // One Firefox a story: the first who asks says how it is.
  async personInFirefox(index: number, options: Parameters<typeof launchFirefox>[0] & { grain?: boolean } = {}): Promise<Person> {
    if (!this.#firefox) {
      this.#sound = await startSoundServer();
      Object.assign(process.env, this.#sound.environment);
      this.#firefox = await launchFirefox(options);
    }
    return new Person(firefoxDriver(await newFirefoxPage(this.#firefox, { index, grain: options.grain ?? false })), this.server.url, this.link(index));
  }

  // Starts quietroom-load for these seats; it stops when `synthetic.stop()` is called and then gives its report. Without keys they
  // see and hear nothing of an encrypted room, and nobody sees and hears them.
  synthetic(indices: number[], extra: string[] = [], keys = true): { stop(): Promise<SyntheticSeat[]>; log(): string } {
    const links = join(this.server.folder, `links-${this.#synthetic.length}.json`);
    const room = this.server.rooms[0]!;
    writeFileSync(links, JSON.stringify([{ room: room.room, links: indices.map((index) => ({ ...room.links[index], index })) }]));
    const child = spawn(
      quietroomLoad[0],
      [
        ...quietroomLoad.slice(1),
        ...['--url', this.server.url, '--links', links, '--rooms', '1', '--people', String(indices.length)],
        ...['--until-stdin-closes', '--json', '-'],
        ...(keys ? ['--keys', keysCommand] : []),
        ...extra,
      ],
      { stdio: ['pipe', 'pipe', 'pipe'] },
    );
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
    this.#synthetic.push({ child, ended });
    return {
      log: () => errors,
      async stop() {
        child.stdin.end();
        const code = await ended;
        if (code !== 0 && code !== 3) throw new Error(`quietroom-load ended with ${code}: ${errors}`);
        return (JSON.parse(output) as { people: SyntheticSeat[] }).people;
      },
    };
  }

  async close(): Promise<void> {
    for (const { child, ended } of this.#synthetic) {
      child.kill('SIGKILL');
      await ended;
    }
    await this.#chromium?.close();
    await this.#firefox?.close();
    await this.#sound?.stop();
    await this.server.stop();
  }
}
