// SPDX-License-Identifier: Apache-2.0
// The layers in which a camera is sent, by the size of its picture. Chromium sends as many as its own table allows (libwebrtc,
// simulcast formats: three from 960x540, two from 480x270, else one) and leaves out those named last, which are the large
// ones; so no more are named than it sends. The same for every browser: what a viewer gets follows the camera alone.
// The smallest of several is for small tiles: 15 frames a second are enough there, in 100 kbit/s at 320x180, mostly one packet each; more
// would cost every viewer data and the server packets. A layer that is the only one is shown large, too, and has all frames.
// Who saves data sends the largest of what is asked for not at all, and where that is one layer only, half of its bits; of a camera with
// one layer only, half the width and height. Never more frames than 12. Where several limits are set, the lowest holds.
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
const tileFramerate = 15;
const tileBits = 0.117; // a pixel and frame: as many as 640x360 has at 24 frames
const leastTileBits = 50_000;
const savedFramerate = 12;
const narrowFramerate = 8;
const leastBits = 40_000; // browsers send no less of a picture
const asked: Size = { width: 640, height: 360 }; // by devices.ts; for a track that does not say

const sizeAsked = ({ width, height }: Partial<Size>): number => (width ?? asked.width) * (height ?? asked.height);
const wholeOf = (pixels: number): number => Math.max(1, Math.sqrt(pixels / largest));

// `saves`: half of what would be sent, or less. `most`: no more are of use to anybody, or carried by the line upwards, as the room
// says; `bps`: each in no more, and where that is little for it, in fewer pixels and frames: a key frame of its size would hold up the sound.
export function layersOf(size: Partial<Size>, saves = false, { count: most, bps }: Most = everything): Record<LayerName, Layer> {
  const pixels = sizeAsked(size);
  const count = pixels >= threeFrom ? 3 : pixels >= twoFrom ? 2 : 1;
  const sent = Math.min(count, most);
  const layer = (place: number): Layer => {
    const scale = wholeOf(pixels) * (place < count ? 2 ** (count - 1 - place) : 1);
    const whole = pictureOf(pixels, scale, place < sent);
    const usual = place === 0 && count > 1 ? asTile(whole, pixels / scale ** 2) : whole;
    const carried = bps === null ? usual : within(bps, usual, whole.maxBitrate);
    if (!saves) return carried;
    if (sent > 1) return { ...slower(carried, savedFramerate), active: place < sent - 1 };
    return halved(carried, count > 1 ? carried.scaleResolutionDownBy : 2 * scale, pixels);
  };
  return { q: layer(0), h: layer(1), f: layer(2) };
}

const pictureOf = (pixels: number, scale: number, active: boolean): Layer => ({ active, scaleResolutionDownBy: scale, maxBitrate: bitrateOf(pixels / scale ** 2) });

const asTile = (layer: Layer, pixels: number): Layer => ({ ...slower(layer, tileFramerate), maxBitrate: rounded(Math.max(leastTileBits, tileBits * tileFramerate * pixels)) });

const slower = (layer: Layer, framerate: number): Layer => ({ ...layer, maxFramerate: Math.min(framerate, layer.maxFramerate ?? framerate) });

// `bits`: what a picture of that size takes with all frames; whether `bps` is little goes by the size alone.
const within = (bps: number, layer: Layer, bits: number): Layer =>
  bps >= 0.4 * bits
    ? { ...layer, maxBitrate: Math.min(bps, layer.maxBitrate) }
    : { ...slower(layer, narrowFramerate), maxBitrate: bps, scaleResolutionDownBy: layer.scaleResolutionDownBy * 2 };

// The only one that is sent, in half the bits and no more than a picture of this scale takes.
function halved(layer: Layer, scale: number, pixels: number): Layer {
  const half = Math.min(layer.maxBitrate, Math.max(leastBits, layer.maxBitrate / 2));
  return { ...slower(layer, savedFramerate), scaleResolutionDownBy: scale, maxBitrate: Math.min(half, bitrateOf(pixels / scale ** 2)) };
}

// What a camera is sent as where the other side takes one layer only: the whole picture, whatever is shown, since there is no other.
export function onlyLayerOf(size: Partial<Size>, saves = false, most: Most = everything): Layer {
  const narrow = most.count === 0 || most.bps !== null;
  if (narrow) return Object.values(layersOf(size, saves, most)).reduce((best, next) => (next.active ? next : best));
  const pixels = sizeAsked(size);
  const scale = wholeOf(pixels);
  const layer = pictureOf(pixels, scale, true);
  return saves ? halved(layer, 2 * scale, pixels) : layer;
}

// A picture of half the width and height takes about a third: 80 kbit/s at 160x90, 230 at 320x180, 650 at 640x360.
const bitrateOf = (pixels: number): number =>
  rounded(Math.min(1_200_000, Math.max(60_000, 650_000 * (pixels / (asked.width * asked.height)) ** 0.75)));

const rounded = (bits: number): number => Math.round(bits / 10_000) * 10_000;
