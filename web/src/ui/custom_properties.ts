// SPDX-License-Identifier: Apache-2.0
// Numbers that CSS reads (sizes of tiles, a level). Preact sets a name that begins with "-" by style.setProperty, which the
// strict content security policy allows; nothing here ever becomes a style attribute in markup.
import type { CSSProperties } from 'react';

export const custom = (properties: Record<`--${string}`, string | number>): CSSProperties => properties as CSSProperties;
