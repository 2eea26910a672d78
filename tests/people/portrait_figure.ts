// SPDX-License-Identifier: Apache-2.0
// A head and shoulders of nobody, made of distances to round shapes and lit as from a window: like enough to a photograph that a
// program which looks for people takes it for one, and no picture of anybody. Not here: the room behind (portrait.ts).
// Units: the head is some two high; x to the right, y up, z towards the camera. Pure and always the same.
type V = readonly [number, number, number];

export interface Pose {
  mouth: number; // 0 closed, 1 open
  lids: number; // 0 open, 1 closed
}
// Red, green, blue in linear light, and how much of the pixel it covers; four numbers a pixel.
export interface Layer {
  width: number;
  height: number;
  pixels: Float32Array;
}

const clamp = (value: number, least = 0, most = 1): number => Math.min(most, Math.max(least, value));
export const smooth = (from: number, to: number, value: number): number => {
  const at = clamp((value - from) / (to - from));
  return at * at * (3 - 2 * at);
};
// Smooth noise of a place, 0 to 1, and sums of it at finer grain.
const hash = (x: number, y: number): number => {
  const at = Math.sin(x * 127.1 + y * 311.7) * 43758.5453;
  return at - Math.floor(at);
};
function noise(x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [smooth(0, 1, x - left), smooth(0, 1, y - top)];
  const upper = hash(left, top) * (1 - u) + hash(left + 1, top) * u;
  const lower = hash(left, top + 1) * (1 - u) + hash(left + 1, top + 1) * u;
  return upper * (1 - v) + lower * v;
}
export const grained = (x: number, y: number): number => 0.55 * noise(x, y) + 0.3 * noise(2.1 * x, 2.1 * y) + 0.15 * noise(4.3 * x, 4.3 * y);

const ellipsoid = (x: number, y: number, z: number, a: number, b: number, c: number): number => {
  const near = Math.hypot(x / a, y / b, z / c);
  const steep = Math.hypot(x / (a * a), y / (b * b), z / (c * c));
  return steep === 0 ? -Math.min(a, b, c) : (near * (near - 1)) / steep;
};
function capsule(x: number, y: number, z: number, from: V, to: V, thick: number, thin: number): number {
  const [bx, by, bz] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const [px, py, pz] = [x - from[0], y - from[1], z - from[2]];
  const along = clamp((px * bx + py * by + pz * bz) / (bx * bx + by * by + bz * bz));
  return Math.hypot(px - along * bx, py - along * by, pz - along * bz) - (thick + (thin - thick) * along);
}
const join = (one: number, other: number, soft: number): number => {
  const at = clamp(0.5 + (0.5 * (other - one)) / soft);
  return other + (one - other) * at - soft * at * (1 - at);
};
const carve = (one: number, other: number, soft: number): number => -join(-one, other, soft);

type Part = 'skin' | 'hair' | 'eye' | 'cloth' | 'lip';

function skinAt(x: number, y: number, z: number, pose: Pose): number {
  const side = Math.abs(x);
  let skin = ellipsoid(x, y - 0.1, z, 0.74, 0.96, 0.88);
  skin = join(skin, ellipsoid(x, y + 0.42 + 0.06 * pose.mouth, z - 0.14, 0.54, 0.6, 0.66), 0.22);
  skin = join(skin, ellipsoid(side - 0.42, y + 0.2, z - 0.56, 0.2, 0.18, 0.18), 0.2); // cheeks
  skin = join(skin, ellipsoid(x, y + 0.9 + 0.08 * pose.mouth, z - 0.6, 0.17, 0.13, 0.14), 0.16); // chin
  skin = join(skin, capsule(side, y, z, [0.08, 0.27, 0.83], [0.46, 0.27, 0.66], 0.06, 0.05), 0.12); // brows
  skin = carve(skin, ellipsoid(side - 0.29, y - 0.09, z - 0.9, 0.16, 0.1, 0.12), 0.12);
  skin = join(skin, capsule(x, y, z, [0, 0.18, 0.83], [0, -0.22, 1.0], 0.06, 0.1), 0.08);
  skin = join(skin, ellipsoid(side - 0.11, y + 0.25, z - 0.9, 0.08, 0.07, 0.09), 0.05);
  skin = carve(skin, ellipsoid(side - 0.07, y + 0.32, z - 0.98, 0.035, 0.025, 0.04), 0.02);
  skin = join(skin, ellipsoid(side - 0.76, y + 0.02, z + 0.08, 0.09, 0.22, 0.13), 0.04);
  skin = join(skin, capsule(x, y, z, [0, -0.7, -0.15], [0, -1.5, -0.28], 0.4, 0.46), 0.16);
  return skin;
}
const hairAt = (x: number, y: number, z: number): number => {
  let hair = ellipsoid(x, y - 0.2, z + 0.1, 0.87, 1.03, 0.98);
  hair = join(hair, ellipsoid(Math.abs(x) - 0.66, y + 0.22, z + 0.25, 0.26, 0.72, 0.42), 0.15);
  hair = carve(hair, ellipsoid(x - 0.06, y + 0.24, z - 0.86, 0.62, 0.92, 0.72), 0.06);
  return hair + 0.02 * (noise(26 * x + 4 * y, 5 * y) - 0.5);
};
const clothAt = (x: number, height: number, z: number): number => {
  const y = height - 0.24;
  let cloth = capsule(Math.abs(x), y, z, [0.2, -1.72, -0.3], [1.32, -2.18, -0.35], 0.36, 0.42);
  cloth = join(cloth, ellipsoid(x, y + 3.3, z + 0.2, 1.55, 1.75, 0.85), 0.3);
  cloth = join(cloth, capsule(Math.abs(x), y, z, [1.36, -2.2, -0.35], [1.6, -4, -0.2], 0.4, 0.4), 0.2);
  cloth = carve(cloth, ellipsoid(x, y + 1.5, z - 0.1, 0.46, 0.42, 0.62), 0.04);
  return cloth + 0.012 * Math.sin(9 * x + 5 * noise(3 * x, 3 * y)) * smooth(-1.8, -2.6, y);
};
const eyeAt = (x: number, y: number, z: number): number => Math.hypot(Math.abs(x) - 0.29, y - 0.09, z - 0.66) - 0.165;
const lipsAt = (x: number, y: number, z: number, { mouth }: Pose): number =>
  Math.min(ellipsoid(x, y + 0.5, z - 0.79, 0.22, 0.045, 0.07), ellipsoid(x, y + 0.59 + 0.14 * mouth, z - 0.77, 0.19, 0.055, 0.08));

function nearest(x: number, y: number, z: number, pose: Pose): { far: number; part: Part } {
  let far = skinAt(x, y, z, pose);
  let part: Part = 'skin';
  const take = (other: number, kind: Part): void => {
    if (other < far) [far, part] = [other, kind];
  };
  if (y < -1) take(clothAt(x, y, z), 'cloth');
  if (y > -1.3) take(hairAt(x, y, z), 'hair');
  if (z > 0.3 && y > -0.2) take(eyeAt(x, y, z), 'eye');
  if (z > 0.3 && y < -0.2) take(lipsAt(x, y, z, pose), 'lip');
  return { far, part };
}

const light: V = [-0.62, 0.42, 0.66];
const within = (x: number, y: number, a: number, b: number): number => Math.hypot(x / a, y / b);

function colourOf(part: Part, [x, y, z]: V, pose: Pose): V {
  const side = Math.abs(x);
  if (part === 'hair') {
    const strand = 0.5 + 0.8 * noise(34 * x + 7 * y * x, 3.2 * y + 2 * z);
    return [0.075 * strand, 0.042 * strand, 0.026 * strand];
  }
  if (part === 'cloth') {
    const knit = 0.85 + 0.2 * Math.sin(70 * x) * Math.sin(60 * y) + 0.16 * grained(4 * x, 4 * y);
    return [0.06 * knit, 0.16 * knit, 0.2 * knit];
  }
  if (part === 'lip') return [0.42, 0.16, 0.14];
  const [ex, ey] = [side - 0.29 + (x > 0 ? 0.01 : -0.01), y - 0.085];
  const lid = 0.058 - 0.13 * pose.lids; // the upper lid's height over the middle of the eye
  if (part === 'eye' && ey < lid - 1.1 * ex * ex && ey > -0.062 + 1.2 * ex * ex) {
    const iris = Math.hypot(ex, ey);
    if (Math.hypot(ex - 0.02, ey - 0.03) < 0.014) return [0.95, 0.95, 0.95];
    if (iris < 0.026) return [0.012, 0.01, 0.01];
    if (iris < 0.066) return [0.11, 0.07, 0.04];
    return [0.6, 0.55, 0.52];
  }
  // Skin, redder where blood is near, darker at brows and lashes.
  const mottled = 0.93 + 0.12 * grained(9 * x + 3, 9 * y);
  const red = 0.5 * (1 - smooth(0, 1.2, within(side - 0.42, y + 0.18, 0.34, 0.28))) + 0.5 * (1 - smooth(0, 1.1, within(x, y + 0.2, 0.2, 0.3)));
  let skin: V = [0.56 * mottled, (0.3 - 0.05 * red) * mottled, (0.205 - 0.05 * red) * mottled];
  const arch = 0.33 - 0.6 * (side - 0.28) * (side - 0.28);
  const brow = z > 0.3 ? (1 - smooth(0.02, 0.055, Math.abs(y - arch))) * smooth(0.08, 0.14, side) * (1 - smooth(0.42, 0.5, side)) : 0;
  const lash = z > 0.3 ? (1 - smooth(0, 0.028, Math.abs(ey - lid + 1.1 * ex * ex))) * (1 - smooth(0.12, 0.17, Math.abs(ex))) : 0;
  const inside = z > 0.3 ? (1 - smooth(0.7, 1.1, within(x, y + 0.545 + 0.07 * pose.mouth, 0.19, 0.012 + 0.08 * pose.mouth))) : 0;
  const dark = Math.max(0.85 * brow * (0.7 + 0.5 * noise(60 * x, 12 * y)), 0.8 * lash, 0.9 * inside);
  skin = [skin[0] * (1 - dark) + 0.035 * dark, skin[1] * (1 - dark) + 0.018 * dark, skin[2] * (1 - dark) + 0.013 * dark];
  return skin;
}

function shade(at: V, part: Part, pose: Pose): V {
  const [x, y, z] = at;
  const step = 0.012;
  const far = (dx: number, dy: number, dz: number): number => nearest(x + dx, y + dy, z + dz, pose).far;
  const here = far(0, 0, 0);
  const slope: V = [far(step, 0, 0) - here, far(0, step, 0) - here, far(0, 0, step) - here];
  const long = Math.hypot(...slope) || 1;
  const normal: V = [slope[0] / long, slope[1] / long, slope[2] / long];
  // How open the place is, along the normal and towards the light.
  const open = clamp(0.35 + 2.2 * far(0.3 * normal[0], 0.3 * normal[1], 0.3 * normal[2]));
  let lit = 1;
  for (const reach of [0.12, 0.3, 0.6]) lit = Math.min(lit, clamp(0.25 + (4 * far(reach * light[0], reach * light[1], reach * light[2])) / reach));
  const turned = normal[0] * light[0] + normal[1] * light[1] + normal[2] * light[2];
  const key = clamp((turned + 0.12) / 1.12) * lit;
  const sky = 0.5 + 0.5 * normal[1];
  const rim = (1 - clamp(normal[2])) ** 3 * clamp(normal[0]) * 0.5;
  const half: V = [light[0], light[1], light[2] + 1];
  const shine = clamp((normal[0] * half[0] + normal[1] * half[1] + normal[2] * half[2]) / Math.hypot(...half)) ** (part === 'hair' ? 14 : 26);
  const gloss = part === 'cloth' ? 0 : part === 'lip' ? 0.09 : part === 'eye' ? 0.1 : part === 'hair' ? 0.03 : 0.045;
  const colour = colourOf(part, at, pose);
  const soft = part === 'skin' ? 0.06 * smooth(-0.3, 0.2, turned) * (1 - smooth(0.2, 0.7, turned)) : 0; // light that went through skin
  return [
    colour[0] * (1.5 * key + open * (0.2 + 0.18 * sky) + rim) + gloss * shine * lit + soft,
    colour[1] * (1.42 * key + open * (0.21 + 0.19 * sky) + rim) + gloss * shine * lit + 0.25 * soft,
    colour[2] * (1.28 * key + open * (0.24 + 0.22 * sky) + rim) + gloss * shine * lit + 0.15 * soft,
  ];
}

// `unit`: pixels of one unit; the middle of the head is at this place of the layer.
export function figure(width: number, height: number, middle: { x: number; y: number }, unit: number, pose: Pose): Layer {
  const pixels = new Float32Array(width * height * 4);
  const camera = 9; // from the head
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      const [u, v] = [(column + 0.5 - middle.x) / unit, (middle.y - row - 0.5) / unit];
      if (Math.abs(u) > 2.4) continue;
      const long = Math.hypot(u, v, camera);
      const ray: V = [u / long, v / long, -camera / long];
      let gone = 7.2;
      let least = Infinity;
      let hit: { at: V; part: Part } | null = null;
      let beside: { at: V; part: Part } | null = null;
      for (let tries = 0; tries < 70 && gone < 11.4; tries += 1) {
        const at: V = [gone * ray[0], gone * ray[1], camera + gone * ray[2]];
        const { far, part } = nearest(at[0], at[1], at[2], pose);
        if (far < least) [least, beside] = [far, { at, part }];
        if (far < 0.003) {
          hit = { at, part };
          break;
        }
        gone += 0.8 * far;
      }
      const found = hit ?? (least * unit < 1 ? beside : null);
      if (!found) continue;
      pixels.set([...shade(found.at, found.part, pose), hit ? 1 : 1 - least * unit], (row * width + column) * 4);
    }
  return { width, height, pixels };
}
