// SPDX-License-Identifier: Apache-2.0
// Panels one below the other over the same minutes, as SVG: what was sampled over a long run. The time before it counts is shaded. Axes begin at zero, so
// that what looks flat is. Pure.
import { drawing, escape, label, steps } from './svg.ts';

export interface Panel {
  title: string;
  unit: string;
  lines: { name: string; points: [number, number][]; dots?: boolean }[]; // minutes and values; dots: samples that are not joined
  least?: number; // the axis reaches so far, at least
  most?: number; // and no further: what is above is drawn at the edge
}

const width = 1000;
const height = 190;
const frame = { left: 70, right: 20, top: 34, bottom: 26 };
const strokes = ['#1d4e89', '#b3541e', '#2f6b3a', '#6b3fa0'];

export function timePlot(title: string, panels: Panel[], { warmUp, minutes }: { warmUp: number; minutes: number }): string {
  const head = 34;
  const xs = steps(minutes);
  const px = (x: number) => frame.left + (x / minutes) * (width - frame.left - frame.right);
  const out = [`<text x="12" y="22" font-size="16" font-weight="bold">${escape(title)}</text>`];
  panels.forEach((panel, row) => {
    const top = head + row * height;
    const bottom = top + height - frame.bottom;
    const all = panel.lines.flatMap((line) => line.points.map(([, y]) => y));
    const ys = steps(Math.min(panel.most ?? Infinity, Math.max(panel.least ?? 0, ...all)));
    const py = (y: number) => bottom - (Math.min(y, ys.at(-1)!) / ys.at(-1)!) * (height - frame.bottom - frame.top);
    out.push(`<rect x="${frame.left}" y="${top + frame.top}" width="${(px(warmUp) - frame.left).toFixed(1)}" height="${height - frame.top - frame.bottom}" fill="#eee"/>`);
    if (row === 0) out.push(`<text x="${frame.left + 4}" y="${bottom - 5}" fill="#555">warm-up</text>`);
    for (const y of ys) {
      out.push(`<line x1="${frame.left}" x2="${width - frame.right}" y1="${py(y).toFixed(1)}" y2="${py(y).toFixed(1)}" stroke="#ddd"/>`);
      out.push(`<text x="${frame.left - 6}" y="${py(y).toFixed(1)}" dy="4" text-anchor="end">${label(y)}</text>`);
    }
    for (const x of xs.filter((x) => x <= minutes)) out.push(`<text x="${px(x).toFixed(1)}" y="${bottom + 15}" text-anchor="middle">${label(x)}${x === 0 ? ' min' : ''}</text>`);
    out.push(`<text x="${frame.left}" y="${top + 24}" font-weight="bold">${escape(`${panel.title} (${panel.unit})`)}</text>`);
    let right = width - frame.right;
    panel.lines.forEach((line, i) => {
      const stroke = strokes[i % strokes.length]!;
      if (line.dots) for (const [x, y] of line.points) out.push(`<circle cx="${px(x).toFixed(1)}" cy="${py(y).toFixed(1)}" r="2.5" fill="${stroke}"/>`);
      else out.push(`<polyline fill="none" stroke="${stroke}" stroke-width="1.3" points="${line.points.map(([x, y]) => `${px(x).toFixed(1)},${py(y).toFixed(1)}`).join(' ')}"/>`);
      out.push(`<text x="${right}" y="${top + 24}" text-anchor="end" fill="${stroke}">${line.dots ? '•' : '—'} ${escape(line.name)}</text>`);
      right -= line.name.length * 6.6 + 34;
    });
  });
  return drawing(width, head + height * panels.length, out);
}
