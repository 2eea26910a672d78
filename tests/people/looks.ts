// SPDX-License-Identifier: Apache-2.0
// How a page looks, for stories: axe (WCAG 2.0 to 2.2, A and AA) finds nothing, and at three widths nothing is cut off, overlaps or
// scrolls sideways; a picture of each width is left under build/screens/ for the eye where somebody looks (TEST_PICTURES, which
// `./test story NAME` sets), and always of what is wrong. Not here: driving the page.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { faultsOnScreen } from './screen.ts';
import { tree } from './server.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = join(tree, 'build', 'screens');

interface Found {
  passes: number;
  violations: string[];
}
interface Axe {
  run(options: object): Promise<{ passes: unknown[]; violations: { id: string; nodes: { target: string[] }[] }[] }>;
}

export async function axeFaults(page: Page): Promise<string[]> {
  // The pages' own content security policy lets no script in: axe comes by the debugger.
  await page.evaluate(axe);
  const found: Found = await page.evaluate(async () => {
    const { passes, violations } = await (window as unknown as { axe: Axe }).axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return { passes: passes.length, violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`) };
  });
  return found.passes > 5 ? found.violations : [...found.violations, 'axe looked at almost nothing'];
}

// Everything that is wrong with it, or nothing. The page has the width of a desk again afterwards.
export async function looksWrong(page: Page, name: string, target = 24): Promise<string[]> {
  mkdirSync(pictures, { recursive: true });
  const wrong: string[] = [];
  for (const [width, height] of [[320, 640], [768, 900], [1440, 900]] as const) {
    await page.setViewportSize({ width, height });
    let faults = await page.evaluate(faultsOnScreen, { target });
    // A busy page lays itself out some pictures later: what is wrong on it is wrong in each of the next.
    for (let more = 0; faults.length > 0 && more < 20; more += 1) {
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      faults = await page.evaluate(faultsOnScreen, { target });
    }
    if (faults.length > 0 || process.env['TEST_PICTURES'])
      await page.screenshot({ path: join(pictures, `${String(width).padStart(4, '0')}-${name}.png`), fullPage: true });
    for (const fault of faults) wrong.push(`${name} at ${width}: ${fault}`);
  }
  return [...wrong, ...(await axeFaults(page)).map((fault) => `${name}: ${fault}`)];
}

// The same as an expectation. The page's context needs bypassCSP where its policy lets no script in.
export async function looksRight(page: Page, name: string, target = 24): Promise<void> {
  const before = page.viewportSize();
  expect(await looksWrong(page, name, target)).toEqual([]);
  if (before) await page.setViewportSize(before);
}
