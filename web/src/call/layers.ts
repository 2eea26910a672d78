// SPDX-License-Identifier: Apache-2.0
// The layers in which a camera is sent, by the size of its picture. Chromium sends as many as its own table allows (libwebrtc,
// simulcast formats: three from 960x540, two from 480x270, else one) and leaves out those named last, which are the large
// ones; so no more are named than it sends. The same for every browser: what a viewer gets follows the camera alone.
// Not here: which layer a viewer is sent (the server), whose line is narrow upwards (the server). Invariant: the largest layer is the whole
// picture, up to 1280x720.
export interface Size {
  width: number;
  height: number;
}

export const layerNames = ['q', 'h', 'f'] as const;
export type LayerName = (typeof layerNames)[number];
export interface Layer {
  active: boolean;
  scaleResolutionDownBy: number;
  maxBitrate: number;
  maxFramerate?: number;
}

// How many of them, from the smallest on, and in how many bits a second each; null: as it is.
export interface Most {
  count: number;
  bps: number | null;
}
export const everything: Most = { count: layerNames.length, bps: null };

const threeFrom = 960 * 540;
const twoFrom = 480 * 270;
const largest = 1280 * 720;
const savedFramerate = 12;
const narrowFramerate = 8;
const asked: Size = { width: 640, height: 360 }; // by devices.ts; for a track that does not say

// `saves`: about half the data. The largest layer is left out where there are several, and a picture that has one only is half as
// wide and high; half the frames. `most`: no more are of use to anybody, or carried by the line upwards, as the room says; `bps`: each in
// no more, and where that is little for it, in fewer pixels and frames: a key frame of its size would hold up the sound.
export function layersOf(size: Partial<Size>, saves = false, { count: most, bps }: Most = everything): Record<LayerName, Layer> {
  const { width, height } = { ...asked, ...size };
  const pixels = width * height;
  const whole = Math.max(1, Math.sqrt(pixels / largest));
  const count = pixels >= threeFrom ? 3 : pixels >= twoFrom ? 2 : 1;
  const layer = (place: number): Layer => {
    const active = place < count;
    const scale = (active ? whole * 2 ** (count - 1 - place) : whole) * (saves && count === 1 ? 2 : 1);
    const usual = { active: active && place < most, scaleResolutionDownBy: scale, maxBitrate: bitrateOf(pixels / scale ** 2) };
    const layer = bps === null ? usual : within(bps, usual);
    return saves ? { ...layer, active: layer.active && (count === 1 || place < count - 1), maxFramerate: savedFramerate } : layer;
  };
  return { q: layer(0), h: layer(1), f: layer(2) };
}

const within = (bps: number, layer: Layer): Layer =>
  bps >= 0.4 * layer.maxBitrate
    ? { ...layer, maxBitrate: Math.min(bps, layer.maxBitrate) }
    : { ...layer, maxBitrate: bps, scaleResolutionDownBy: layer.scaleResolutionDownBy * 2, maxFramerate: narrowFramerate };

// What a camera is sent as where the other side takes one layer only.
export function onlyLayerOf(size: Partial<Size>, saves = false, most: Most = everything): Layer {
  const narrow = most.count === 0 || most.bps !== null; // else the largest, whatever is shown: there is no other
  return Object.values(layersOf(size, saves, narrow ? most : everything)).reduce((best, next) => (next.active ? next : best));
}

// A picture of half the width and height takes about a third: 80 kbit/s at 160x90, 230 at 320x180, 650 at 640x360.
function bitrateOf(pixels: number): number {
  const bits = 650_000 * (pixels / (asked.width * asked.height)) ** 0.75;
  return Math.round(Math.min(1_200_000, Math.max(60_000, bits)) / 10_000) * 10_000;
}
