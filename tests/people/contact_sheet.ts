// SPDX-License-Identifier: Apache-2.0
// Many pictures on one sheet, each with its name, so that somebody can look at all of them: NAME.html and NAME.png beside the pictures.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';

export async function contactSheet(browser: Browser, folder: string, name: string, thumb: number, pictures: readonly { name: string; file: string }[]): Promise<void> {
  writeFileSync(
    join(folder, `${name}.html`),
    `<!doctype html><title>${name}</title><style>body{font:14px sans-serif;margin:16px}figure{display:inline-block;vertical-align:top;margin:8px;width:${thumb}px}img{max-width:100%;border:1px solid #888}</style>` +
      pictures.map((one) => `<figure><img src="${one.file}" alt=""><figcaption>${one.name}</figcaption></figure>`).join(''),
  );
  const sheet = await browser.newPage({ viewport: { width: 1800, height: 1200 } });
  await sheet.goto(pathToFileURL(join(folder, `${name}.html`)).href);
  await sheet.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  await sheet.close();
}
