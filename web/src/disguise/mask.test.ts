// SPDX-License-Identifier: Apache-2.0
// Finding the person, when it goes well, slowly, wrongly or not at all: without the mask of this very picture everything is blurred.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Masks } from './mask';
import type { FromMask, Masking } from './said';

class Port {
  onmessage: ((event: MessageEvent<FromMask>) => void) | null = null;
  readonly asked: number[] = [];
  start(): void {}
  close(): void {}
  postMessage({ number }: { number: number }): void {
    this.asked.push(number);
  }
  answers(said: FromMask): void {
    this.onmessage?.({ data: said } as MessageEvent<FromMask>);
  }
}
const picture = () => ({ close: vi.fn() }) as unknown as ImageBitmap;
function setUp() {
  const port = new Port();
  const told: Masking[] = [];
  const masks = new Masks(port as unknown as MessagePort, (masking) => told.push(masking));
  return { port, told, masks };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the mask of a picture', () => {
  it('is not asked for before everything is loaded; that is said', async () => {
    const { port, told, masks } = setUp();
    expect(await masks.of(picture())).toBeNull();
    expect(port.asked).toEqual([]);
    port.answers({ say: 'ready' });
    expect(told).toEqual(['loading', 'on']);
  });

  it('is that of this picture, and of no other', async () => {
    const { port, masks } = setUp();
    port.answers({ say: 'ready' });
    const late = picture();
    const right = picture();
    const asked = masks.of(picture());
    port.answers({ say: 'mask', number: 99, mask: late });
    expect(late.close).toHaveBeenCalled();
    port.answers({ say: 'mask', number: port.asked[0]!, mask: right });
    expect(await asked).toBe(right);
  });

  it('that does not come is given up, for good, and said', async () => {
    const { port, told, masks } = setUp();
    port.answers({ say: 'ready' });
    const asked = masks.of(picture());
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await asked).toBeNull();
    expect(told.at(-1)).toBe('blurs-all');
    port.answers({ say: 'ready' });
    expect(masks.ready).toBe(false);
  });

  it('is given up where it cannot be loaded, or not in a minute', async () => {
    const broken = setUp();
    broken.port.answers({ say: 'cannot' });
    const slow = setUp();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([broken.told.at(-1), slow.told.at(-1)]).toEqual(['blurs-all', 'blurs-all']);
  });

  it('is given up where it takes too long to be of use', async () => {
    const { port, told, masks } = setUp();
    port.answers({ say: 'ready' });
    for (let n = 0; n < 12; n += 1) {
      const asked = masks.of(picture());
      await vi.advanceTimersByTimeAsync(600);
      port.answers({ say: 'mask', number: port.asked.at(-1)!, mask: picture() });
      await asked;
    }
    expect(told).toEqual(['loading', 'on', 'blurs-all']);
  });

  it('closed, it says nothing more', async () => {
    const { port, told, masks } = setUp();
    port.answers({ say: 'ready' });
    const asked = masks.of(picture());
    masks.close();
    expect(await asked).toBeNull();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual(['loading', 'on']);
  });
});
