import { launchChromium, newContext } from './people/browsers.ts';
import { serveSketch, warm } from './people/sketch_server.ts';
const server = await serveSketch();
const browser = await launchChromium();
await warm(browser, server.address);
for (const [name, query] of process.argv.slice(2).map((one) => one.split('=') .length > 1 ? [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)] : [one, one]) as [string, string][]) {
  for (const width of [320, 768, 1440]) {
    const context = await newContext(browser, { viewport: { width, height: width === 320 ? 640 : 900 }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.on('pageerror', (e) => console.log(name, width, e.message));
    await page.goto(`${server.address}/sketch.html?${query}`);
    await page.locator('h1').first().waitFor({ state: 'attached' });
    await page.waitForTimeout(1200);
    await page.screenshot({ path: `/tmp/disguise-look/${name}-${width}.png`, fullPage: true });
    await context.close();
  }
}
await browser.close(); await server.stop(); process.exit(0);
