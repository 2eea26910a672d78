// SPDX-License-Identifier: Apache-2.0
// How small a picture is made before it is enlarged again, whatever the camera: the squares of a disguise are large, and all alike.
import { describe, expect, it } from 'vitest';
import { Painter, type Size, sentSize } from './paint';

// Canvases that keep what was drawn on them: by whom, and how large.
class Sheet {
  readonly drawn: { from: unknown; width: number; height: number; smooth: boolean }[] = [];
  imageSmoothingEnabled = true;
  constructor(
    public width: number,
    public height: number,
  ) {}
  getContext(): this {
    return this;
  }
  fillRect(): void {}
  drawImage(from: unknown, _x: number, _y: number, width: number, height: number): void {
    this.drawn.push({ from, width, height, smooth: this.imageSmoothingEnabled });
  }
}
function painted(camera: Size, look: 'pixelate' | 'blur'): { made: Sheet[]; source: Sheet } {
  const made: Sheet[] = [];
  const painter = new Painter(({ width, height }) => {
    const sheet = new Sheet(width, height);
    made.push(sheet);
    return sheet as unknown as HTMLCanvasElement;
  }, sentSize(camera));
  const source = new Sheet(camera.width, camera.height);
  painter.paint(look, source as unknown as HTMLCanvasElement, 0, 0);
  return { made, source };
}

describe.each<[string, Size, Size]>([
  ['a wide camera', { width: 640, height: 360 }, { width: 16, height: 9 }],
  ['a larger one', { width: 1280, height: 720 }, { width: 16, height: 9 }],
  ['an old one', { width: 640, height: 480 }, { width: 16, height: 12 }],
  ['a phone held upright', { width: 360, height: 640 }, { width: 9, height: 16 }],
  ['a small picture of the chooser', { width: 160, height: 90 }, { width: 16, height: 9 }],
])('%s', (_, camera, smallest) => {
  it.each(['pixelate', 'blur'] as const)('%s: nothing is left but the mean of each cell', (look) => {
    const { made, source } = painted(camera, look);
    const [whole, ...steps] = made;
    const last = steps.at(-1)!;
    expect({ width: last.width, height: last.height }).toEqual(smallest);
    // Each step is drawn from the one before it, so that what is enlarged has come through the smallest, and the source through the first.
    steps.forEach((step, at) => expect(step.drawn[0]!.from).toBe(at === 0 ? source : steps[at - 1]));
    expect(whole!.drawn).toHaveLength(1);
    const enlarged = whole!.drawn[0]!;
    expect(enlarged.smooth).toBe(look === 'blur');
    if (look === 'pixelate') expect(enlarged.from).toBe(last);
    else expect((enlarged.from as Sheet).drawn.at(-1)!.from).toBe(last);
  });
});

it('a picture that is smaller than its squares would be gives a plain colour', () => {
  const { made, source } = painted({ width: 40, height: 30 }, 'pixelate');
  expect(made.flatMap(({ drawn }) => drawn).filter(({ from }) => from === source)).toEqual([]);
});
