// SPDX-License-Identifier: Apache-2.0
// The few sums and the table that the benchmarks print. Pure.
export function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)]!;
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at));
}
export const median = (values: number[]) => quantile(values, 0.5);

// The first row is the heading; columns are as wide as their widest cell.
export function table(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => (row.length > column ? row[column]!.length : 0))));
  return rows
    .map((row) => (row.length < rows[0]!.length ? row.join('  ') : row.map((cell, column) => cell.padStart(widths[column]!)).join('  ')))
    .join('\n');
}
