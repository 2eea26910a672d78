// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { everything, layerNames, layersOf, onlyLayerOf } from './layers';

const heights = (width: number, height: number): number[] =>
  layerNames.map((name) => layersOf({ width, height })[name]).filter((layer) => layer.active).map((layer) => height / layer.scaleResolutionDownBy);

const most = (count: number, bps: number | null = null) => ({ count, bps });

describe('the layers of a camera', () => {
  it.each([
    [3840, 2160, [180, 360, 720]],
    [1920, 1080, [180, 360, 720]],
    [1280, 720, [180, 360, 720]],
    [960, 540, [135, 270, 540]],
    [640, 480, [240, 480]],
    [640, 360, [180, 360]],
    [360, 640, [320, 640]], // a phone held upright
    [480, 270, [135, 270]],
    [320, 240, [240]],
    [176, 144, [144]],
  ])('of %i x %i are, in lines, %j', (width, height, expected) => {
    expect(heights(width, height)).toEqual(expected);
  });

  it('of a camera that does not tell its size are those of 640 x 360', () => {
    expect(layersOf({})).toEqual(layersOf({ width: 640, height: 360 }));
    expect(layersOf({})).toMatchObject({ q: { maxBitrate: 100_000 }, h: { maxBitrate: 650_000 }, f: { active: false } });
  });

  it('are the largest of them where only one is taken', () => {
    expect(onlyLayerOf({ width: 1280, height: 720 })).toEqual(layersOf({ width: 1280, height: 720 }).f);
    expect(onlyLayerOf({})).toEqual(layersOf({}).h);
    expect(onlyLayerOf({ width: 176, height: 144 })).toMatchObject({ active: true, scaleResolutionDownBy: 1 });
  });

  it.each([
    [1280, 720, 100_000], // 320 x 180
    [640, 480, 130_000], // 320 x 240
    [960, 540, 60_000], // 240 x 135
  ])('of %i x %i have a smallest for small tiles, in %i bits and fewer frames', (width, height, bits) => {
    const { q, h } = layersOf({ width, height });
    expect(q).toMatchObject({ active: true, maxBitrate: bits, maxFramerate: 15 });
    expect(h.maxFramerate).toBeUndefined();
  });

  it('of which there is one only are shown large, too: all bits and frames', () => {
    expect(layersOf({ width: 320, height: 180 }).q).toEqual({ active: true, scaleResolutionDownBy: 1, maxBitrate: 230_000 });
    expect(onlyLayerOf({ width: 1280, height: 720 }).maxFramerate).toBeUndefined();
  });

  it('are no more than are of use to anybody, the others as they were', () => {
    const all = layersOf({ width: 1280, height: 720 });
    expect(layersOf({ width: 1280, height: 720 }, false, most(2))).toEqual({ ...all, f: { ...all.f, active: false } });
    expect(layersOf({ width: 1280, height: 720 }, false, most(1))).toMatchObject({ q: { active: true }, h: { active: false }, f: { active: false } });
    expect(layersOf({ width: 320, height: 240 }, false, most(1))).toEqual(layersOf({ width: 320, height: 240 }));
  });

  it('where the line upwards is narrow, are in so many bits, and in fewer pixels and frames where that is little', () => {
    expect(layersOf({ width: 1280, height: 720 }, false, most(1, 80_000)).q).toMatchObject({ active: true, scaleResolutionDownBy: 8, maxBitrate: 80_000, maxFramerate: 8 });
    expect(layersOf({ width: 1280, height: 720 }, false, most(1, 40_000))).toMatchObject({ q: { active: true, scaleResolutionDownBy: 8, maxBitrate: 40_000 }, h: { active: false } });
    expect(layersOf({ width: 1280, height: 720 }, false, most(1, 100_000)).q).toEqual({ active: true, scaleResolutionDownBy: 4, maxBitrate: 100_000, maxFramerate: 15 });
    expect(layersOf({ width: 176, height: 144 }, false, most(1, 100_000)).q).toMatchObject({ scaleResolutionDownBy: 1, maxBitrate: 100_000 });
    expect(onlyLayerOf({ width: 1280, height: 720 }, false, most(1, 40_000))).toMatchObject({ active: true, scaleResolutionDownBy: 8, maxBitrate: 40_000 });
  });

  it('of who saves data take half of what would be sent, or less, whatever is asked for and carried', () => {
    for (const [width, height] of [[1280, 720], [640, 480], [640, 360], [320, 240], [176, 144], [160, 90]] as const)
      for (const asked of [everything, most(2), most(1), most(1, 100_000), most(1, 80_000)]) {
        const size = { width, height };
        const sum = (saves: boolean): number => Object.values(layersOf(size, saves, asked)).reduce((bits, layer) => bits + (layer.active ? layer.maxBitrate : 0), 0);
        expect(sum(true), `${width} x ${height}, ${JSON.stringify(asked)}`).toBeGreaterThan(0);
        expect(sum(true), `${width} x ${height}, ${JSON.stringify(asked)}`).toBeLessThanOrEqual(sum(false) / 2);
      }
  });

  it('of who saves data are without the largest asked for, else in half the bits, and of a single one in half the width and height', () => {
    const hd = { width: 1280, height: 720 };
    expect(layersOf(hd, true)).toMatchObject({ q: { active: true, maxBitrate: 100_000, maxFramerate: 12 }, h: { active: true, maxBitrate: 650_000, maxFramerate: 12 }, f: { active: false } });
    expect(layersOf(hd, true, most(2))).toMatchObject({ q: { active: true, maxBitrate: 100_000, maxFramerate: 12 }, h: { active: false }, f: { active: false } });
    expect(layersOf(hd, true, most(1))).toMatchObject({ q: { active: true, scaleResolutionDownBy: 4, maxBitrate: 50_000, maxFramerate: 12 }, h: { active: false }, f: { active: false } });
    expect(layersOf({ width: 320, height: 240 }, true).q).toEqual({ active: true, scaleResolutionDownBy: 2, maxBitrate: 100_000, maxFramerate: 12 });
    expect(onlyLayerOf(hd, true)).toEqual({ active: true, scaleResolutionDownBy: 2, maxBitrate: 600_000, maxFramerate: 12 });
    expect(onlyLayerOf({}, true)).toEqual({ active: true, scaleResolutionDownBy: 2, maxBitrate: 230_000, maxFramerate: 12 });
  });

  it('of who saves data on a narrow line have no more frames than it carries, and no fewer bits than a browser sends', () => {
    const hd = { width: 1280, height: 720 };
    expect(layersOf(hd, true, most(1, 40_000)).q).toEqual({ active: true, scaleResolutionDownBy: 8, maxBitrate: 40_000, maxFramerate: 8 });
    expect(layersOf(hd, true, most(1, 100_000)).q).toEqual({ active: true, scaleResolutionDownBy: 4, maxBitrate: 50_000, maxFramerate: 12 });
    expect(layersOf({ width: 320, height: 240 }, true, most(1, 40_000)).q).toEqual({ active: true, scaleResolutionDownBy: 2, maxBitrate: 40_000, maxFramerate: 8 });
  });

  it('are none where it carries the sound alone', () => {
    expect(Object.values(layersOf({ width: 1280, height: 720 }, false, most(0))).some((layer) => layer.active)).toBe(false);
    expect(onlyLayerOf({ width: 1280, height: 720 }, false, most(0)).active).toBe(false);
    expect(onlyLayerOf({ width: 1280, height: 720 }, false, most(2))).toEqual(onlyLayerOf({ width: 1280, height: 720 }));
  });

  it('take more the larger they are, and never more than a household line carries', () => {
    for (const [width, height] of [[3840, 2160], [1280, 720], [960, 540], [640, 360]] as const) {
      const bitrates = layerNames.map((name) => layersOf({ width, height })[name]).filter((layer) => layer.active).map((layer) => layer.maxBitrate);
      expect([...bitrates].sort((a, b) => a - b)).toEqual(bitrates);
      expect(bitrates.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(2_500_000);
    }
  });
});
