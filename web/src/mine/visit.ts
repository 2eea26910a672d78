// SPDX-License-Identifier: Apache-2.0
// The visit that right answers opened: kept for this tab alone, until the page is closed or the person says so. Not here: the link
// itself (lobby/link.ts), which is forgotten as soon as a visit has begun.
const key = 'quietroom.visit';

export const visitShelf = {
  get: (): string | null => {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return null;
    }
  },
  put: (visit: string | null): void => {
    try {
      if (visit === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, visit);
    } catch {
      return; // the browser refuses storage: a reload asks the two things again
    }
  },
};
