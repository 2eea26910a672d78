// SPDX-License-Identifier: Apache-2.0
// ./dev screens [NAME...] [WIDTH...]: every page and state (web/src/ui/sketch_states.ts) at 320, 768 and 1440 px, each checked for sideways
// scrolling, text cut off, overlapping and small targets, and by axe; one contact sheet a width under build/screens/.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { sketchStates, sketchWidths } from '../../web/src/ui/sketch_states.ts';
import { launchChromium, newContext } from '../people/browsers.ts';
import { contactSheet } from '../people/contact_sheet.ts';
import { portraitFile } from '../people/portrait.ts';
import { faultsOnScreen } from '../people/screen.ts';
import { tree } from '../people/server.ts';
import { serveSketch, warm } from '../people/sketch_server.ts';

const folder = join(tree, 'build', 'screens');
mkdirSync(folder, { recursive: true });
const widths = sketchWidths.filter((width) => !process.argv.slice(2).some((one) => /^\d+$/.test(one)) || process.argv.includes(String(width)));
const wanted = process.argv.slice(2).filter((one) => !/^\d+$/.test(one));
const states = sketchStates.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.startsWith(part)));

const server = await serveSketch();
const { address } = server;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await launchChromium({ camera: portraitFile() });
await warm(browser, address);
const faults: string[] = [];
let looked = 0;

for (const width of widths) {
  const context = await newContext(browser, { permissions: ['camera'], viewport: { width, height: width === 320 ? 640 : 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(`${width} page error: ${error.message}`));
  const pictures: { name: string; file: string }[] = [];
  for (const { name, query } of states) {
    await page.goto(`${address}/sketch.html?${query}`);
    const opened = await page.locator('h1').first().waitFor({ state: 'attached', timeout: 60_000 }).then(() => true, () => false);
    if (!opened) {
      faults.push(`${width} ${name}: did not open: ${(await page.content()).slice(0, 300)}`);
      continue; // the others are looked at all the same
    }
    await page.evaluate(async () => {
      await document.fonts.ready;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    });
    // Every picture has its first frame, so that what is looked at is what a person sees.
    const drawn = await page
      .waitForFunction(() => [...document.querySelectorAll('video')].every((video) => video.readyState >= 2 && video.currentTime > 0), null, { timeout: 20_000 })
      .then(() => true, () => false);
    if (!drawn) faults.push(`${width} ${name}: a picture has no first frame`);
    const file = `${String(width).padStart(4, '0')}-${name}.png`;
    await page.screenshot({ path: join(folder, file), fullPage: true });
    pictures.push({ name, file });
    // 44 px for members on a phone; 24 px (WCAG 2.5.8) is the least anywhere.
    for (const fault of await page.evaluate(faultsOnScreen, { target: width === 320 && !/^(lead|staff)/.test(name) ? 44 : 24 }))
      faults.push(`${width} ${name}: ${fault}`);
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
      const { violations: found } = await (window as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> } }).axe.run({
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      });
      return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
    });
    for (const violation of violations) faults.push(`${width} ${name}: axe ${violation}`);
    looked += 1;
  }
  await context.close();
  const thumb = width === 320 ? 160 : width === 768 ? 240 : 320;
  await contactSheet(browser, folder, `sheet-${width}`, thumb, pictures);
}
await browser.close();
await server.stop();
for (const fault of faults) console.log(fault);
console.log(`${looked} screens, ${faults.length} faults. Contact sheets: build/screens/sheet-{${sketchWidths.join(',')}}.png`);
process.exit(faults.length === 0 ? 0 : 1);
