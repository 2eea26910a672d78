// SPDX-License-Identifier: Apache-2.0
// Somebody who has no mouse: gets everywhere by Tab, chooses by arrow keys and Space, presses by Enter, types into what has the
// focus. Every stop on the way must show that it has the focus, and must come after the one before it as the eye reads: further down,
// or further right on the same line, or at the top of the next column; after the last of a page comes its first again (a browser's own
// bar, which would stand between, is not there in these). Not here: what a page is for.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

interface Stop {
  name: string;
  control: boolean; // a heading takes the focus so that it is read; it is no control
  visible: boolean; // that it has the focus can be seen
  first: boolean; // of the page
  last: boolean;
  box: { left: number; right: number; top: number; bottom: number };
}

function stopNow(): Stop | null {
  const element = document.activeElement as HTMLElement | null;
  if (!element || element === document.body) return null;
  const marked = (of: Element, pseudo?: string): boolean => {
    const style = getComputedStyle(of, pseudo);
    if (pseudo && style.content === 'none') return false;
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  };
  const label = (element as HTMLInputElement).labels?.[0];
  const control = !/^H[1-6]$|^MAIN$/.test(element.tagName) && element.getAttribute('role') !== 'alert';
  const all = [...document.querySelectorAll('a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex="0"]')].filter((one) => one.checkVisibility({ visibilityProperty: true }));
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return {
    name: (element.getAttribute('aria-label') ?? label?.textContent ?? element.textContent ?? '').replace(/\s+/g, ' ').trim(),
    control,
    visible: !control || marked(element) || marked(element, '::after') || (label !== null && label !== undefined && marked(label)),
    first: element === all[0],
    last: element === all.at(-1),
    box: { left, right, top: top + scrollY, bottom: bottom + scrollY },
  };
}

const follows = ({ box: one, last }: Stop, { box: next, first }: Stop): boolean =>
  (last && first) || // round again
  next.top >= one.bottom - 4 || // below
  (next.left >= one.left - 4 && next.bottom > one.top) || // further right on the line, or within it
  next.left >= one.right - 4; // the next column

export class Keyboard {
  readonly page: Page;
  stops = 0;
  constructor(page: Page) {
    this.page = page;
  }

  now(): Promise<Stop | null> {
    return this.page.evaluate(stopNow);
  }

  // Tabs until what has the focus is called so.
  async to(name: string | RegExp): Promise<void> {
    const way: string[] = [];
    let before = await this.now();
    for (let steps = 0; steps < 120; steps += 1) {
      const here = await this.now();
      if (here) {
        if (steps > 0) expect(here.visible, `the focus on "${here.name}" can be seen`).toBe(true);
        if (before?.control && here.control && steps > 0) expect(follows(before, here), `"${here.name}" comes after "${before.name}" as the eye reads`).toBe(true);
        way.push(here.name);
        if (here.control && (typeof name === 'string' ? here.name === name || here.name.startsWith(`${name} `) : name.test(here.name))) return;
      }
      before = here;
      await this.page.keyboard.press('Tab');
      this.stops += 1;
    }
    throw new Error(`Tab never reached "${String(name)}"; it went ${JSON.stringify(way)}`);
  }
  async press(name: string | RegExp): Promise<void> {
    await this.to(name);
    await this.page.keyboard.press('Enter');
  }
  async type(name: string | RegExp, text: string): Promise<void> {
    await this.to(name);
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.type(text);
  }
  // A box to tick.
  async tick(name: string): Promise<void> {
    await this.to(name);
    await this.page.keyboard.press('Space');
    expect(await this.page.evaluate(() => (document.activeElement as HTMLInputElement).checked)).toBe(true);
  }
  // One of a few: the group is one stop; arrow keys go through it and choose.
  async choose(question: string, answer: string): Promise<void> {
    const inside = (): Promise<{ question: string; answer: string; checked: boolean } | null> =>
      this.page.evaluate(() => {
        const input = document.activeElement as HTMLInputElement;
        if (input.type !== 'radio') return null;
        return { question: input.closest('fieldset')?.querySelector('legend')?.textContent?.trim() ?? '', answer: input.labels?.[0]?.textContent?.trim() ?? '', checked: input.checked };
      });
    for (let steps = 0; (await inside())?.question !== question; steps += 1) {
      if (steps > 120) throw new Error(`Tab never reached the question "${question}"`);
      await this.page.keyboard.press('Tab');
      this.stops += 1;
      expect((await this.now())?.visible ?? true).toBe(true);
    }
    await this.page.keyboard.press('Space');
    for (let steps = 0; !(await inside())?.answer.startsWith(answer); steps += 1) {
      if (steps > 20) throw new Error(`"${question}" has no answer "${answer}"`);
      await this.page.keyboard.press('ArrowDown');
    }
    expect((await inside())?.checked).toBe(true);
  }
  // In a list that opens: typing its beginning chooses.
  async pick(name: string | RegExp, words: string): Promise<void> {
    await this.to(name);
    await this.page.keyboard.type(words);
    expect(await this.page.evaluate(() => (document.activeElement as HTMLSelectElement).selectedOptions[0]?.textContent ?? '')).toContain(words);
  }
  heading(name: string | RegExp): Promise<void> {
    return this.page.getByRole('heading', { level: 1, name }).waitFor();
  }
}
