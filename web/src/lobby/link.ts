// SPDX-License-Identifier: Apache-2.0
// The secret of the personal link: read from the fragment and taken out of the address at once, so that neither history,
// a screenshot nor a shared address shows it. Kept for this tab alone until the person has left, so that a reload comes
// back to the same seat.
export interface Place {
  hash: string;
  clear: () => void;
}
export interface Shelf {
  get: () => string | null;
  put: (link: string | null) => void;
}

const form = /^[A-Za-z0-9_-]{8,256}$/;

export const secretIn = (hash: string): string | null => {
  const secret = hash.replace(/^#/, '');
  return form.test(secret) ? secret : null;
};

export const takeLink = (place: Place, shelf: Shelf): string | null => {
  const { hash } = place;
  if (hash.length <= 1) return shelf.get();
  place.clear();
  const secret = secretIn(hash);
  shelf.put(secret);
  return secret;
};

export const browserPlace = (): Place => ({
  hash: location.hash,
  clear: () => history.replaceState(null, '', location.pathname),
});

const key = 'quietroom.link';

export const tabShelf: Shelf = {
  get: () => {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return null; // the browser refuses storage: a reload needs the link again
    }
  },
  put: (link) => {
    try {
      if (link === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, link);
    } catch {
      return;
    }
  },
};
