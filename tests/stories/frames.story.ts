// SPDX-License-Identifier: Apache-2.0
// Frames of sound and picture are sealed before they leave a browser and opened in another: real encoders and decoders in Chromium
// and Firefox, the client's own frames worker, keys as the story hands them out. Not here: where keys come from (e2ee).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, launchFirefox, newContext, newFirefoxPage, newPage } from '../people/browsers.ts';
import { type Keys, passFrames, type Seen, type Step } from '../people/frame_bench.ts';
import { serveSketch } from '../people/sketch_server.ts';

let sketch: Awaited<ReturnType<typeof serveSketch>>;
beforeAll(async () => {
  sketch = await serveSketch();
});
afterAll(() => sketch?.stop());

const keys = (epoch: number, self: number, more: Partial<Keys> = {}): Keys => ({
  group: 'everyone',
  epoch,
  baseKey: Array.from({ length: 16 }, (_, i) => (i + epoch * 16) % 256),
  self,
  leaves: [{ leaf: 0, seat: 10 }, { leaf: 1, seat: 11 }],
  cause: 'join',
  ...more,
});

const inChromium = async (steps: Step[]): Promise<Seen[]> => {
  const browser = await launchChromium();
  try {
    const page = await newPage(await newContext(browser), { index: 5, rate: 24 });
    await page.goto(`${sketch.address}/sketch.html`);
    return await page.evaluate(passFrames, steps);
  } finally {
    await browser.close();
  }
};
const inFirefox = async (steps: Step[]): Promise<Seen[]> => {
  const browser = await launchFirefox();
  try {
    const page = await newFirefoxPage(browser, { index: 5, rate: 24 });
    await page.goto(`${sketch.address}/sketch.html`);
    return (await page.evaluate(passFrames, steps)) as Seen[];
  } finally {
    await browser.close();
  }
};

describe.each([
  ['Chromium', inChromium],
  ['Firefox', inFirefox],
])('in %s', (_, run) => {
  test('with the same keys pictures and sound come through, named by the key', async () => {
    const [heard] = await run([{ keysOfSender: keys(1, 0), keysOfReceiver: keys(1, 1), until: 'pictures' }]);
    expect(heard!.decoded).toBeGreaterThanOrEqual(10);
    expect(heard!.from).toEqual(expect.arrayContaining([expect.stringMatching(/ 10 camera$/), expect.stringMatching(/ 10 microphone$/)]));
    expect(heard!.refused).toBe(0);
  });

  test('without keys nothing is sent; with other keys nothing is decoded; when the right ones come it goes on by itself', async () => {
    const [none, other, right] = await run([
      { until: 'nothing', forMs: 1500 },
      { keysOfSender: keys(1, 0), keysOfReceiver: keys(1, 1, { baseKey: new Array<number>(16).fill(0) }), until: 'nothing', forMs: 2000 },
      { keysOfReceiver: keys(2, 1), keysOfSender: keys(2, 0), until: 'pictures' },
    ]);
    expect(none).toMatchObject({ sealed: 0, received: 0, decoded: 0 });
    expect(none!.unsealed).toBeGreaterThan(0);
    expect(other!.sealed).toBeGreaterThan(0);
    expect(other!.refused).toBeGreaterThan(0);
    expect(other).toMatchObject({ decoded: 0, from: [] });
    expect(right!.decoded).toBeGreaterThanOrEqual(10);
  });

  test('a new epoch that the receiver hears of late costs no picture', async () => {
    const [, early, late] = await run([
      { keysOfSender: keys(1, 0), keysOfReceiver: keys(1, 1), until: 'pictures' },
      { keysOfSender: keys(2, 0, { cause: 'remove' }), until: 'nothing', forMs: 200 },
      { keysOfReceiver: keys(2, 1, { cause: 'remove' }), until: 'pictures' },
    ]);
    expect(early!.dropped).toBe(0);
    expect(late).toMatchObject({ dropped: 0, refused: 0 });
    expect(late!.decoded).toBeGreaterThanOrEqual(10);
    expect(late!.keyFrames).toBe(0);
  });

  test('pictures that were missed are mended by a key frame that this client asks for', async () => {
    const [, missed, mended] = await run([
      { keysOfSender: keys(1, 0), keysOfReceiver: keys(1, 1), until: 'pictures' },
      { keysOfSender: keys(2, 0, { cause: 'remove' }), until: 'nothing', forMs: 1500 },
      { keysOfReceiver: keys(2, 1, { cause: 'remove' }), until: 'pictures' },
    ]);
    expect(missed!.dropped).toBeGreaterThan(0);
    expect(mended!.decoded).toBeGreaterThanOrEqual(10);
    expect(mended!.keyFrames).toBeGreaterThanOrEqual(1);
    expect(mended!.from.filter((one) => one.endsWith('wanted'))).toEqual([]);
  });

  test('a worker that dies is replaced, and pictures go on under a new key', async () => {
    const [, after] = await run([
      { keysOfSender: keys(1, 0), keysOfReceiver: keys(1, 1), until: 'pictures' },
      { killSendersWorker: true, until: 'pictures' },
    ]);
    expect(after!.decoded).toBeGreaterThanOrEqual(10);
  });
});
