// SPDX-License-Identifier: Apache-2.0
// How a page looks at three widths: pictures under build/screens, what a person would see to be wrong, and axe.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { faultsOnScreen } from './screen.ts';
import { tree } from './server.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// The page's context needs bypassCSP.
export async function looksRight(page: Page, name: string, target = 24): Promise<void> {
  const pictures = join(tree, 'build', 'screens');
  mkdirSync(pictures, { recursive: true });
  const before = page.viewportSize();
  for (const [width, height] of [[320, 640], [768, 900], [1440, 900]] as const) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(pictures, `${String(width).padStart(4, '0')}-${name}.png`), fullPage: true });
    expect(await page.evaluate(faultsOnScreen, { target }), `${name} at ${width}`).toEqual([]);
  }
  await page.addScriptTag({ content: axe });
  const found = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> } }).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
  });
  expect(found, name).toEqual([]);
  if (before) await page.setViewportSize(before);
}
