// SPDX-License-Identifier: Apache-2.0
// One person at a browser, as a story speaks of them: opens the link, gets ready, waits, is let in, sees and hears. Names of
// buttons come from the product's own catalogue, so a story presses what a person reads.
import { en as english } from '../../web/src/texts/en.ts';
import { enDisguise } from '../../web/src/texts/en_disguise.ts';
import { enLine } from '../../web/src/texts/en_line.ts';
import { enPrepare } from '../../web/src/texts/en_prepare.ts';
import { enBackstage } from '../../web/src/texts/en_backstage.ts';
import { enBoard } from '../../web/src/texts/en_board.ts';
import { enBreakouts } from '../../web/src/texts/en_breakouts.ts';
import { enShare } from '../../web/src/texts/en_share.ts';
import type { Driver } from './driver.ts';
import type { Link } from './server.ts';

const en = { ...english, ...enDisguise, ...enLine, ...enPrepare, ...enShare, ...enBreakouts, ...enBackstage, ...enBoard };
export type Key = keyof typeof en;

// A text of the catalogue with its plain {values} filled in.
export function words(key: Key, values: Record<string, string | number> = {}): string {
  return en[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)).replace(/<\/?b>/g, '');
}

export interface TileSeen {
  seat: number;
  name: string;
  self: boolean;
  code: number | null;
  tone: number | null;
  frames: number;
}

export class Person {
  readonly driver: Driver;
  readonly link: Link;
  readonly url: string;
  asTheyAre = true; // shows and lets hear what they are, whatever was agreed for them; false: as the page presets it

  constructor(driver: Driver, url: string, link: Link) {
    this.driver = driver;
    this.url = url;
    this.link = link;
  }

  get alias(): string {
    return this.link.alias;
  }

  async open(): Promise<void> {
    await this.driver.goto(`${this.url}/join#${this.link.link}`);
    await this.sees('arrive.title');
    if (this.asTheyAre) for (const kind of ['picture', 'voice'] as const) await this.chooses(kind, 'none');
  }

  // In the chooser that is on the page now.
  async chooses(kind: 'picture' | 'voice', look: string): Promise<void> {
    const name = `input[name="disguise-${kind}"][value="${look}"]`;
    await this.driver.waitFor((selector) => document.querySelector(selector) !== null, name, `the chooser of the ${kind}`);
    await this.driver.evaluate((selector) => {
      const choice = document.querySelector<HTMLInputElement>(selector)!;
      if (!choice.checked) choice.click();
    }, name);
    await this.driver.waitFor((selector) => document.querySelector<HTMLInputElement>(selector)?.checked, name, `${kind} to be ${look}`);
  }

  // Waits until the page's heading says so.
  async sees(title: Key, timeout?: number): Promise<void> {
    await this.driver.waitFor(
      (expected) => [...document.querySelectorAll('h1')].some((heading) => heading.textContent?.trim() === expected),
      words(title),
      `${this.alias} to see "${words(title)}"`,
      timeout,
    );
  }

  async press(key: Key, values?: Record<string, string | number>): Promise<void> {
    await this.driver.press(words(key, values));
  }

  async turnOn(...what: ('camera' | 'microphone')[]): Promise<void> {
    for (const device of what) {
      // On a phone each part of the page opens by its title.
      await this.driver.evaluate((name) => document.querySelector<HTMLElement>(`button[data-part="${name}"][aria-expanded="false"]`)?.click(), device);
      await this.press(`devices.turn_on.${device}`);
      await this.driver.waitFor(
        (name) => [...document.querySelectorAll('button')].some((button) => button.textContent?.trim() === name),
        words(`devices.turn_off.${device}`),
        `the ${device} of ${this.alias} to be on`,
      );
    }
  }

  // Today's questions, answered as most people do; `said` for those who answer otherwise.
  async answersToday(said: Partial<Record<'alone' | 'headphones' | 'place' | 'way', string>> = {}): Promise<void> {
    const answers = { alone: 'yes', headphones: 'yes', place: 'declined', way: 'video', ...said };
    await this.driver.evaluate(() => document.querySelector<HTMLElement>('button[data-part="today"][aria-expanded="false"]')?.click(), null);
    await this.driver.waitFor(() => document.querySelector('input[name="today-alone"]') !== null, null, `today's questions for ${this.alias}`);
    await this.driver.evaluate((chosen) => {
      for (const [name, value] of Object.entries(chosen)) document.querySelector<HTMLInputElement>(`input[name="today-${name}"][value="${value}"]`)?.click();
    }, answers);
  }

  async ready(said: Parameters<Person['answersToday']>[0] = {}): Promise<void> {
    await this.answersToday(said);
    await this.press('arrive.ready');
  }

  async arrive(...devices: ('camera' | 'microphone')[]): Promise<void> {
    await this.open();
    await this.turnOn(...devices);
    await this.ready();
  }

  async leaves(): Promise<void> {
    await this.press('bar.leave');
    await this.driver.waitFor(() => document.querySelector('dialog[open]') !== null, null, 'the question whether to leave');
    await this.press('leave.yes');
    await this.sees('after.left.title');
  }

  async isInRoom(timeout?: number): Promise<void> {
    await this.driver.waitFor(() => document.querySelector('[data-seat]') !== null, null, `${this.alias} to be in the room`, timeout);
  }

  // Opens the facilitators' panel where it is closed, and this part of it.
  async opensPanel(tab: 'waiting' | 'people' | 'safety' | 'plan' | 'backstage'): Promise<void> {
    const lead = await this.driver.evaluate(() => {
      const button = [...document.querySelectorAll('button[aria-expanded]')].find((one) => one.textContent?.trim().startsWith('Lead'));
      return button ? { name: button.textContent!.trim(), open: button.getAttribute('aria-expanded') === 'true' } : null;
    }, null);
    if (lead && !lead.open) await this.driver.press(lead.name);
    const word = { waiting: 'Waiting', people: 'People', safety: 'Safety', plan: 'Plan', backstage: 'Backstage' }[tab];
    await this.driver.pressTab(word);
  }

  // The four words to compare, as this person reads them.
  async readsWords(timeout = 60_000): Promise<string[]> {
    // Clicked by script: on a machine that ten people keep busy a click may be counted as too late although it opened the dialog.
    const click = (key: Key) =>
      this.driver.evaluate((name) => [...document.querySelectorAll<HTMLElement>('button')].find((one) => one.textContent?.trim() === name && (one.closest('dialog[open]') || !document.querySelector('dialog[open]')))?.click(), words(key));
    await click('protect.more');
    await this.driver.waitFor(() => document.querySelector('dialog[open] .words') !== null, null, `${this.alias}: the page that explains`, timeout);
    await click('words.show');
    await this.driver.waitFor(() => document.querySelectorAll('dialog[open] .words__list li').length === 4, null, `${this.alias}: the words to compare`, timeout);
    const four = await this.driver.evaluate(() => Array.from(document.querySelectorAll('dialog[open] .words__list li'), (item) => item.textContent ?? ''), null);
    await click('close');
    return four;
  }

  async admits(member: { alias: string }): Promise<void> {
    await this.opensPanel('waiting');
    await this.press('waiting.admit', { name: member.alias });
  }

  // The names on the tiles, in order.
  names(): Promise<string[]> {
    return this.driver.evaluate(
      () => [...document.querySelectorAll('.tile__alias')].map((element) => element.textContent?.trim() ?? ''),
      null,
    );
  }

  async seesTiles(count: number, timeout?: number): Promise<void> {
    await this.driver.waitFor(
      (expected) => document.querySelectorAll('[data-seat]').length === expected,
      count,
      `${this.alias} to see ${count} tiles`,
      timeout,
    );
  }

  tiles(): Promise<TileSeen[]> {
    return this.driver.evaluate(async () => {
      const tiles: TileSeen[] = [];
      for (const picture of document.querySelectorAll<HTMLElement>('[data-seat]')) {
        const name = picture.closest('.tile')?.querySelector('.tile__alias')?.textContent?.trim() ?? '';
        const video = picture.querySelector('video');
        const sound = video && window.reading.soundOf(video);
        tiles.push({
          seat: Number(picture.dataset['seat']),
          name,
          self: name.includes('(you)'),
          code: video && window.reading.code(video),
          tone: sound ? window.reading.tone(sound) : null,
          frames: video ? await window.reading.framesOf(video) : 0,
        });
      }
      return tiles;
    }, null);
  }

  // Until each tile but one's own shows the code and carries the tone that belong to its seat.
  async seesAndHears(expected: Map<number, number>, timeout = 60_000): Promise<TileSeen[]> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const tiles = (await this.tiles()).filter((tile) => !tile.self);
      const right = tiles.filter(
        (tile) => expected.get(tile.seat) === tile.code && expected.get(tile.seat) === tile.tone && tile.frames > 0,
      );
      if (right.length === expected.size && tiles.length === expected.size) return tiles;
      if (Date.now() > deadline)
        throw new Error(`${this.alias} sees and hears ${right.length} of ${expected.size}: ${JSON.stringify(tiles)}`);
      await this.driver.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)), null);
    }
  }
}
