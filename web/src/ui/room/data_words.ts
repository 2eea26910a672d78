// SPDX-License-Identifier: Apache-2.0
// Data as people read it, the same to the person and to who helps them. Not here: the counting (call/data_use.ts).
import { type DataUse, expectedBytes } from '../../call/data_use';

const hourMs = 3_600_000;

// Whole megabytes, as contracts count them (10^6 bytes); above ten in steps that do not jump.
export function megabytes(bytes: number): number {
  const mb = bytes / 1e6;
  return mb < 10 ? Math.round(mb) : mb < 100 ? Math.round(mb / 5) * 5 : Math.round(mb / 50) * 50;
}

// By the end; past it what an hour like this takes. Null: too early to say.
export function comesTo(data: DataUse, leftMs: number): { by: 'end' | 'hour'; mb: number } | null {
  const whole = expectedBytes(data, leftMs);
  if (whole === null || data.bytesPerSecond === null) return null;
  return leftMs > 0 ? { by: 'end', mb: megabytes(whole) } : { by: 'hour', mb: megabytes((data.bytesPerSecond * hourMs) / 1000) };
}
