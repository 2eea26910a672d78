// SPDX-License-Identifier: Apache-2.0
// Where in the staff pages a person is: the address, links that change it without loading the page again, and filters that
// live in it. Not here: what stands on a page. Invariant: nothing about a person but a record's id stands in an address.
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';

export interface Address {
  path: string;
  query: URLSearchParams;
}
export interface Found {
  page: PageName;
  ids: string[];
}

const id = '([0-9a-fA-F-]{36})';
const pages = {
  'sign-in': '/staff/sign-in',
  'set-up': '/staff/set-up',
  'signed-in': '/staff/signed-in',
  today: '/staff',
  groups: '/staff/groups',
  'plan-group': '/staff/groups/new',
  group: `/staff/groups/${id}`,
  'change-group': `/staff/groups/${id}/plan`,
  agreement: `/staff/groups/${id}/agreement`,
  'write-agreement': `/staff/groups/${id}/agreement/write`,
  'add-sessions': `/staff/groups/${id}/sessions/new`,
  'add-member': `/staff/groups/${id}/members/new`,
  member: `/staff/groups/${id}/members/${id}`,
  'prepare-member': `/staff/groups/${id}/members/${id}/prepare`,
  alert: `/staff/alerts/${id}`,
  register: `/staff/sessions/${id}`,
  'move-session': `/staff/sessions/${id}/move`,
  'cancel-session': `/staff/sessions/${id}/cancel`,
  people: '/staff/people',
  'new-person': '/staff/people/new',
  'emergency-access': '/staff/people/emergency',
  person: `/staff/people/${id}`,
  'change-person': `/staff/people/${id}/(names|contacts|safe-contact|emergency-contact|preferences|needs)`,
  colleagues: '/staff/colleagues',
  'new-colleague': '/staff/colleagues/new',
  colleague: `/staff/colleagues/${id}`,
  records: '/staff/records',
  'record-rule': '/staff/records/rules/([a-z_]{1,32})',
  'keep-person': `/staff/people/${id}/keeping`,
  'keep-group': `/staff/groups/${id}/keeping`,
  trail: '/staff/trail',
  teams: '/staff/teams',
  trust: '/staff/teams/trust',
  'agreement-template': '/staff/teams/agreement',
  'new-service': '/staff/teams/services/new',
  service: `/staff/teams/services/${id}`,
  'new-team': '/staff/teams/new',
  team: `/staff/teams/${id}`,
  'my-account': '/staff/my-account',
  letters: '/staff/letters',
  letter: `/staff/letters/${id}`,
  'message-words': `/staff/teams/${id}/message-words`,
  'edit-words': `/staff/teams/${id}/message-words/(invitation|reminder|moved|cancelled|contact_check)/(en|cy)/(standard|easy_read)`,
} as const;
export type PageName = keyof typeof pages;
export const pageNames = Object.keys(pages) as readonly PageName[];

const forms = Object.entries(pages).map(([page, form]) => ({ page: page as PageName, form: new RegExp(`^${form}/?$`) }));

export function findPage(path: string): Found | null {
  for (const { page, form } of forms) {
    const match = form.exec(path);
    if (match) return { page, ids: match.slice(1) };
  }
  return null;
}

const listeners = new Set<() => void>();
const tell = (): void => listeners.forEach((listen) => listen());

export function goTo(to: string, options: { replace?: boolean } = {}): void {
  if (options.replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  tell();
  if (!options.replace) window.scrollTo(0, 0);
}

const addressNow = (): Address => ({ path: location.pathname, query: new URLSearchParams(location.search) });

export function useAddress(): Address {
  const [address, setAddress] = useState(addressNow);
  useEffect(() => {
    const change = (): void => setAddress(addressNow());
    listeners.add(change);
    window.addEventListener('popstate', change);
    return () => {
      listeners.delete(change);
      window.removeEventListener('popstate', change);
    };
  }, []);
  return address;
}

// The address of this page with one filter changed.
export function withFilter(address: Address, name: string, value: string): string {
  const query = new URLSearchParams(address.query);
  if (value) query.set(name, value);
  else query.delete(name);
  const text = query.toString();
  return text ? `${address.path}?${text}` : address.path;
}

interface GoProps {
  to: string;
  children: ReactNode;
  className?: string;
  current?: boolean | undefined;
  describedBy?: string;
}

export function Go({ to, children, className, current, describedBy }: GoProps) {
  return (
    <a
      href={to}
      className={className}
      aria-current={current ? 'page' : undefined}
      aria-describedby={describedBy}
      onClick={(event) => {
        if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        goTo(to);
      }}
    >
      {children}
    </a>
  );
}
