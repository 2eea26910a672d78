// SPDX-License-Identifier: Apache-2.0
// What was heard over each poor line as SVG: how much of the talker's sound was made up and its longest gap, with what the target allows. Pure.
import type { Heard } from './line_watch.ts';
import { bars, type Bars } from './svg.ts';

// What a target allows of what is heard.
export interface Bounds {
  concealedPercent?: number;
  longestGapMs?: number;
}

export interface Drawn {
  what: string; // "a. …"
  target: string;
  bounds: Bounds;
  heard: Heard | null;
  atFall?: Heard;
  missing?: string;
}

export function linePlot(rows: Drawn[]): string {
  const value = (heard: Heard | null, of: keyof Bounds) => (heard && Number.isFinite(heard[of]) ? Math.round(heard[of] * 10) / 10 : null);
  const panel = (title: string, y: string, most: number, of: keyof Bounds): Bars => ({
    ...{ title, y, most, series: ['all of it, or after 5 s', 'first 5 s of a fall'] },
    groups: rows.map(({ what, bounds, heard, atFall, missing }) => ({
      name: what.split('.')[0]!,
      values: missing !== undefined ? [null] : [value(heard, of), ...(atFall ? [value(atFall, of)] : [])],
      bound: bounds[of],
    })),
  });
  return bars(
    [panel("The talker's sound that was made up", '% of what was played', 20, 'concealedPercent'), panel("The longest gap in the talker's sound", 'ms', 1_000, 'longestGapMs')],
    rows.map(({ what, target }) => `${what}${target && ` (target: ${target})`}`),
  );
}
