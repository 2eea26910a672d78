// SPDX-License-Identifier: Apache-2.0
// What has been typed and not yet saved, by form, so that going to another page and back loses nothing. Kept in memory alone;
// a form without anything personal may also be kept for the tab, so that a reload loses nothing either. Forgotten on saving
// and on signing out.
export interface Draft {
  values: unknown;
  base: unknown;
  version: number | null;
}

const prefix = 'quietroom.draft.';
const drafts = new Map<string, Draft>();

export function takeDraft(name: string): Draft | null {
  const held = drafts.get(name);
  if (held) return held;
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(prefix + name) ?? 'null');
    return typeof kept === 'object' && kept !== null && 'values' in kept && 'base' in kept ? ({ version: null, ...kept } as Draft) : null;
  } catch {
    return null; // storage is refused, or holds something else
  }
}

export function keepDraft(name: string, draft: Draft, inTab: boolean): void {
  drafts.set(name, draft);
  if (!inTab) return;
  try {
    sessionStorage.setItem(prefix + name, JSON.stringify(draft));
  } catch {
    return; // memory alone
  }
}

export function dropDraft(name: string): void {
  drafts.delete(name);
  try {
    sessionStorage.removeItem(prefix + name);
  } catch {
    return;
  }
}

export function dropAllDrafts(): void {
  for (const name of drafts.keys()) dropDraft(name);
  drafts.clear();
}

export const anythingUnsaved = (): boolean => drafts.size > 0;
