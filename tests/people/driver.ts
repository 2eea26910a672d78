// SPDX-License-Identifier: Apache-2.0
// What a story does with a page, whichever browser it is in: go, press a button by its name, wait for what the person would
// see, read. Waiting is always for a condition.
import type { Page } from 'playwright-core';
import type { Page as FirefoxPage } from 'puppeteer-core';

export interface Driver {
  browser: 'chromium' | 'firefox';
  goto(address: string): Promise<void>;
  press(name: string): Promise<void>;
  pressTab(beginning: string): Promise<void>;
  waitFor<T>(condition: (argument: T) => unknown, argument: T, what: string, timeout?: number): Promise<void>;
  evaluate<R, T>(read: (argument: T) => R | Promise<R>, argument: T): Promise<R>;
  reload(): Promise<void>;
  toFront(): Promise<void>; // a page behind another one is hidden to itself
  beforeScripts(script: () => void): Promise<void>; // in every page that is opened from now on, before its own
  screenshot(path: string): Promise<void>;
  close(): Promise<void>;
}

const patience = 30_000;

// Tries again until it succeeds or patience ends.
async function persist<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

export function chromiumDriver(page: Page): Driver {
  return {
    browser: 'chromium',
    async goto(address) {
      await page.goto(address);
    },
    async press(name) {
      const button = await persist(async () => {
        // Behind an open dialog nothing can be pressed; one that is just closing is looked at again.
        const scope = (await page.locator('dialog[open]').count()) > 0 ? page.locator('dialog[open]') : page;
        const found = scope.getByRole('button', { name, exact: true }).first();
        await found.click({ timeout: 5_000, trial: true });
        return found;
      });
      await button.click({ timeout: patience }); // once: a slow page may have taken a click that seems to have failed
    },
    async pressTab(beginning) {
      await page.getByRole('tab', { name: new RegExp(`^${beginning}`) }).click({ timeout: patience });
    },
    async waitFor(condition, argument, what, timeout = patience) {
      await page.waitForFunction(condition as never, argument, { timeout, polling: 50 }).catch((error: Error) => {
        throw new Error(`waited in vain for ${what}: ${error.message.split('\n')[0]}`);
      });
    },
    evaluate: (read, argument) => page.evaluate(read as never, argument) as never,
    async reload() {
      await page.reload();
    },
    toFront: () => page.bringToFront(),
    async beforeScripts(script) {
      await page.addInitScript(script);
    },
    async screenshot(path) {
      await page.screenshot({ path });
    },
    close: () => page.close(),
  };
}

export function firefoxDriver(page: FirefoxPage): Driver {
  return {
    browser: 'firefox',
    async goto(address) {
      await page.goto(address);
    },
    async press(name) {
      await persist(async () => {
        const scope = (await page.$('dialog[open]')) ? 'dialog[open] ' : '';
        const found = await page.locator(`${scope}::-p-aria([name="${name}"][role="button"])`).setTimeout(2_000).waitHandle();
        await found.evaluate((element) => element.scrollIntoView({ block: 'center' })); // not under what stays in sight at the edge
        await found.asLocator().setTimeout(2_000).click();
      });
    },
    async pressTab(beginning) {
      await page.locator(`[role=tab]::-p-text(${beginning})`).setTimeout(patience).click();
    },
    async waitFor(condition, argument, what, timeout = patience) {
      await page.waitForFunction(condition as never, { timeout, polling: 50 }, argument as never).catch((error: Error) => {
        throw new Error(`waited in vain for ${what}: ${error.message.split('\n')[0]}`);
      });
    },
    evaluate: (read, argument) => page.evaluate(read as never, argument as never) as never,
    async reload() {
      await page.reload();
    },
    toFront: () => page.bringToFront(),
    async beforeScripts(script) {
      await page.evaluateOnNewDocument(script);
    },
    async screenshot(path) {
      await page.screenshot({ path: path as `${string}.png` });
    },
    close: () => page.close(),
  };
}
