// SPDX-License-Identifier: Apache-2.0
// Plots of measured points as SVG: lines in one frame, axes that begin at zero (or are logarithmic), no dependency. Pure.
export interface Line {
  name: string;
  points: [number, number][];
}
export interface Plot {
  title: string;
  x: string;
  y: string;
  logX?: boolean;
  most?: number; // the axis reaches no further: what is above is drawn at the edge
  lines: Line[];
  // Marks a bound across the plot.
  bound?: { at: number; name: string };
}

const width = 640;
const height = 360;
const frame = { left: 76, right: 20, top: 40, bottom: 52 };
// Told apart also where colours are not: each line has its own dashes.
const strokes = ['#1d4e89', '#b3541e', '#2f6b3a', '#6b3fa0'];
const dashes = ['', '6 3', '2 3', '9 3 2 3'];

// A whole picture of what is drawn in it.
export const drawing = (width: number, height: number, parts: string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    ...parts,
    '</svg>\n',
  ].join('\n');

export const escape = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

// About five round steps from zero to `most`.
export function steps(most: number): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough)!;
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

export function label(n: number): string {
  if (n >= 1e6) return `${Number((n / 1e6).toPrecision(3))} M`;
  if (n >= 1e4) return `${Number((n / 1e3).toPrecision(3))} k`;
  return String(Number(n.toPrecision(3)));
}

function drawPlot(plot: Plot, top: number): string {
  const points = plot.lines.flatMap((line) => line.points);
  const ys = steps(Math.min(plot.most ?? Infinity, Math.max(...points.map(([, y]) => y), plot.bound?.at ?? 0)));
  const mostY = ys.at(-1)!;
  const xsGiven = [...new Set(points.map(([x]) => x))].sort((a, b) => a - b);
  const xs = plot.logX ? xsGiven : steps(xsGiven.at(-1)!);
  const span = (x: number) => (plot.logX ? Math.log(x / xs[0]!) / Math.max(1e-9, Math.log(xs.at(-1)! / xs[0]!)) : x / xs.at(-1)!);
  const px = (x: number) => (frame.left + span(x) * (width - frame.left - frame.right)).toFixed(1);
  const py = (y: number) => (top + height - frame.bottom - (Math.min(y, mostY) / mostY) * (height - frame.top - frame.bottom)).toFixed(1);
  const out = [`<text x="${frame.left}" y="${top + 22}" font-size="15" font-weight="bold">${escape(plot.title)}</text>`];
  for (const y of ys) {
    out.push(`<line x1="${frame.left}" x2="${width - frame.right}" y1="${py(y)}" y2="${py(y)}" stroke="#ddd"/>`);
    out.push(`<text x="${frame.left - 8}" y="${py(y)}" dy="4" text-anchor="end">${label(y)}</text>`);
  }
  for (const x of xs) out.push(`<text x="${px(x)}" y="${top + height - frame.bottom + 18}" text-anchor="middle">${label(x)}</text>`);
  out.push(`<text x="${(frame.left + width - frame.right) / 2}" y="${top + height - 12}" text-anchor="middle">${escape(plot.x)}</text>`);
  out.push(`<text transform="translate(16 ${top + (height - frame.bottom + frame.top) / 2}) rotate(-90)" text-anchor="middle">${escape(plot.y)}</text>`);
  if (plot.bound) {
    out.push(`<line x1="${frame.left}" x2="${width - frame.right}" y1="${py(plot.bound.at)}" y2="${py(plot.bound.at)}" stroke="#a00" stroke-dasharray="4 4"/>`);
    out.push(`<text x="${width - frame.right}" y="${py(plot.bound.at)}" dy="-5" text-anchor="end" fill="#a00">${escape(plot.bound.name)}</text>`);
  }
  plot.lines.forEach((line, i) => {
    const stroke = strokes[i % strokes.length]!;
    out.push(
      `<polyline fill="none" stroke="${stroke}" stroke-width="2" stroke-dasharray="${dashes[i % dashes.length]}" points="${line.points.map(([x, y]) => `${px(x)},${py(y)}`).join(' ')}"/>`,
    );
    for (const [x, y] of line.points)
      out.push(`<circle cx="${px(x)}" cy="${py(y)}" r="3" fill="${stroke}"><title>${escape(`${line.name}: ${x}, ${label(y)}`)}</title></circle>`);
    if (plot.lines.length > 1)
      out.push(`<text x="${frame.left + 10}" y="${top + frame.top + 12 + i * 16}" fill="${stroke}">${escape(line.name)}</text>`);
  });
  return out.join('\n');
}

export interface Bars {
  title: string;
  y: string;
  series: string[];
  // A value for each of the series, or for the first of them; null: none was measured. `bound` is marked across the group.
  groups: { name: string; values: (number | null)[]; bound?: number | undefined }[];
  most?: number; // the axis reaches no further: what is above is drawn at the edge
}

// Groups side by side, in each a bar for each of the series, with its value above it.
function drawBars({ title, y: yName, series, groups, most }: Bars, top: number): string {
  const all = groups.flatMap(({ values, bound }) => [...values.map((value) => value ?? 0), bound ?? 0]);
  const ys = steps(Math.min(most ?? Infinity, Math.max(0, ...all)));
  const bottom = top + height - frame.bottom;
  const py = (y: number) => bottom - (Math.min(y, ys.at(-1)!) / ys.at(-1)!) * (height - frame.bottom - frame.top - 20);
  const groupWidth = (width - frame.left - frame.right) / Math.max(1, groups.length);
  const barWidth = (groupWidth * 0.8) / series.length;
  const out = [`<text x="${frame.left}" y="${top + 22}" font-size="15" font-weight="bold">${escape(title)}</text>`];
  for (const y of ys) {
    out.push(`<line x1="${frame.left}" x2="${width - frame.right}" y1="${py(y).toFixed(1)}" y2="${py(y).toFixed(1)}" stroke="#ddd"/>`);
    out.push(`<text x="${frame.left - 8}" y="${py(y).toFixed(1)}" dy="4" text-anchor="end">${label(y)}</text>`);
  }
  out.push(`<text transform="translate(16 ${top + (height - frame.bottom + frame.top) / 2}) rotate(-90)" text-anchor="middle">${escape(yName)}</text>`);
  groups.forEach((group, at) => {
    const left = frame.left + groupWidth * (at + 0.1);
    out.push(`<text x="${(left + groupWidth * 0.4).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${escape(group.name)}</text>`);
    group.values.forEach((value, i) => {
      const x = left + barWidth * i;
      const text = value === null ? '–' : label(value);
      if (value !== null)
        out.push(
          `<rect x="${x.toFixed(1)}" y="${py(value).toFixed(1)}" width="${(barWidth - 4).toFixed(1)}" height="${(bottom - py(value)).toFixed(1)}" fill="${strokes[i % strokes.length]}"><title>${escape(`${group.name}, ${series[i]}: ${text}`)}</title></rect>`,
        );
      out.push(`<text x="${(x + barWidth / 2 - 2).toFixed(1)}" y="${(py(value ?? 0) - 5).toFixed(1)}" text-anchor="middle">${text}</text>`);
    });
    if (group.bound !== undefined) {
      const y = py(group.bound).toFixed(1);
      out.push(`<line x1="${(left - groupWidth * 0.1).toFixed(1)}" x2="${(left + groupWidth * 0.9).toFixed(1)}" y1="${y}" y2="${y}" stroke="#a00" stroke-width="2" stroke-dasharray="4 4"/>`);
    }
  });
  series.forEach((name, i) => {
    const x = frame.left + i * 150;
    out.push(`<rect x="${x}" y="${top + height - 22}" width="12" height="12" fill="${strokes[i % strokes.length]}"/>`);
    out.push(`<text x="${x + 18}" y="${top + height - 12}">${escape(name)}</text>`);
  });
  return out.join('\n');
}

// One below the other, and then lines of text.
export function bars(all: Bars[], below: string[] = []): string {
  const under = height * all.length;
  const lines = below.map((text, i) => `<text x="${frame.left}" y="${under + 16 + i * 18}">${escape(text)}</text>`);
  return drawing(width, under + (below.length > 0 ? 12 + below.length * 18 : 0), [...all.map((one, i) => drawBars(one, i * height)), ...lines]);
}

// One below the other.
export function svg(plots: Plot[]): string {
  const drawn = plots.filter((plot) => plot.lines.some((line) => line.points.length > 0));
  return drawing(width, height * drawn.length, drawn.map((plot, i) => drawPlot(plot, i * height)));
}
