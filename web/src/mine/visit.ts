// SPDX-License-Identifier: Apache-2.0
// What this tab keeps of a personal link: the link until the two things are right (so that a reload asks again), then the visit that
// they opened and what they typed and did not send, until the person closes their page. Nothing is kept beyond the tab.
import type { Shelf } from '../lobby/link';

const shelf = (key: string): Shelf => ({
  get: () => {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return null;
    }
  },
  put: (value) => {
    try {
      if (value === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, value);
    } catch {
      return; // the browser refuses storage: a reload needs the link again
    }
  },
});

export const personalLinkShelf = shelf('quietroom.personal');
export const visitShelf = shelf('quietroom.visit');
export const contactShelf = shelf('quietroom.contact'); // a change of contact that is typed and not sent yet
export const hoursShelf = shelf('quietroom.hours'); // a change of its times
export const aboutShelf = shelf('quietroom.about'); // answers about themselves that could not be saved because the visit had run out
