// SPDX-License-Identifier: Apache-2.0
// The links of the demonstration group, where the server runs one on this very machine (GET /api/demo); nothing elsewhere.
import type { Role } from '../call/model';

export interface DemoLink {
  alias: string;
  role: Role;
  address: string;
}
// A member's own page, with the two answers that it asks for.
export interface DemoOwn {
  name: string;
  birthDate: string;
  postcode: string;
  address: string;
}
export interface Demo {
  own: DemoOwn[];
  startsAt: string | null;
  endsAt: string | null;
  links: DemoLink[];
}

const roles: readonly string[] = ['facilitator', 'co_facilitator', 'supporter', 'member'];
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | null => (typeof value === 'string' && value.length <= 512 ? value : null);

// `link` is a secret or a whole address; either way only its fragment is used.
const readLink = (value: unknown): DemoLink | null => {
  if (!isObject(value)) return null;
  const alias = textOf(value['alias']);
  const role = textOf(value['role']);
  const link = textOf(value['link']) ?? textOf(value['url']);
  if (!alias || !link || !role || !roles.includes(role)) return null;
  return { alias, role: role as Role, address: `/join#${link.slice(link.indexOf('#') + 1)}` };
};

const readOwn = (value: unknown): DemoOwn | null => {
  if (!isObject(value)) return null;
  const [name, birthDate, postcode, url] = [textOf(value['name']), textOf(value['birthDate']), textOf(value['postcode']), textOf(value['url'])];
  if (!name || !birthDate || !postcode || !url?.includes('#')) return null;
  return { name, birthDate, postcode, address: `/mine${url.slice(url.indexOf('#'))}` };
};

export const readDemo = (value: unknown): Demo | null => {
  if (!isObject(value)) return null;
  const list = Array.isArray(value['links']) ? value['links'] : null;
  if (!list) return null;
  return {
    startsAt: textOf(value['startsAt']),
    endsAt: textOf(value['endsAt']),
    own: Array.isArray(value['own']) ? value['own'].map(readOwn).filter((one) => one !== null) : [],
    links: list.map(readLink).filter((link) => link !== null),
  };
};

export const fetchDemo = async (): Promise<Demo | null> => {
  try {
    const answer = await fetch('/api/demo', { headers: { accept: 'application/json' }, cache: 'no-store' });
    return answer.ok ? readDemo(await answer.json()) : null;
  } catch {
    return null; // no demonstration: the page says that a personal link is needed
  }
};
