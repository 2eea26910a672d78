// SPDX-License-Identifier: Apache-2.0
// What each disguise costs on this machine: milliseconds of work a frame (p50) in the product's own painter, and pictures a second
// that come out of the product's own disguised track at 640x360, in Chromium and with a camera that shows a person in a room
// (tests/people/portrait.ts, 24 a second). The room's page is not open: no encoder takes the other core. The blurred background says
// what finding the person takes.
//   ./dev bench disguise [--seconds 5]
import { parseArgs } from 'node:util';
import { launchChromium, newContext } from '../tests/people/browsers.ts';
import { serveBuilt } from '../tests/people/built.ts';
import { portraitFile } from '../tests/people/portrait.ts';
import { median, table } from './figures.ts';

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '5' } } });
const looks = ['pixelate', 'blur', 'block', 'avatar', 'background'] as const;

const server = await serveBuilt('bench.html');
const browser = await launchChromium({ camera: portraitFile() });
const context = await newContext(browser, { permissions: ['camera', 'microphone'] });
const page = await context.newPage();
page.on('pageerror', (error) => console.error(`page error: ${error.message}`));
await page.goto(`${server.address}/bench.html`);
await page.waitForFunction(() => 'disguiseBench' in window);

const rows: string[][] = [];
for (const look of looks) {
  const { frames, ms, masking } = await page.evaluate(
    ([which, seconds]) => (window as unknown as { disguiseBench: { look(look: string, seconds: number): Promise<{ frames: number; ms: number[]; masking: string }> } }).disguiseBench.look(which, seconds),
    [look, Number(options.seconds)] as const,
  );
  const note = look === 'background' ? (masking === 'on' ? 'person found in each picture' : 'blurs everything here') : '';
  rows.push([look, ms.length > 0 ? median(ms).toFixed(2) : '-', (frames / Number(options.seconds)).toFixed(1), note]);
}
const { delayMs, latestMs, share } = await page.evaluate(() => (window as unknown as { disguiseBench: { voice(): { delayMs: number; latestMs: number; share: number } } }).disguiseBench.voice());
console.log(table([['look', 'ms a frame, p50', 'pictures a second', ''], ...rows]));
console.log(`voice: ${delayMs.toFixed(1)} ms later in the mean, ${latestMs.toFixed(1)} ms at most (and one block of the sound thread, 2.7 ms); ${(100 * share).toFixed(2)}% of a core`);
await browser.close();
await server.stop();
const slow = rows.filter(([look, , rate]) => look !== 'background' && Number(rate) < 23);
if (slow.length > 0) console.log(`Below 24 pictures a second: ${slow.map(([look]) => look).join(', ')}`);
process.exit(slow.length === 0 ? 0 : 1);
