// SPDX-License-Identifier: Apache-2.0
// Preparations of the made-up service (../sketch_service.ts): versions, If-Match, and two of the faults that the service finds. Not in
// the production bundle. Not a model of the service's rules.
import type { MembershipRow, Readiness } from '../../api/model';
import { parts, type Preparation, type Said } from './parts';

interface Answered {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}
const kept = new Map<string, Preparation>();

const fresh = (row: MembershipRow): Preparation => ({
  membership: row.id,
  version: 0,
  group: row.group,
  person: row.person,
  state: row.state,
  record: {
    parts: [], overheard: '', questions: [], place: '', headphones: null, technology: null, technologyNote: '', communication: '', way: null, wayNote: '',
    safety: { signs: '', helps: '', people: '', ifLineDrops: '' },
    emergency: { name: '', relation: '', telephone: '' },
  },
  conflict: { knows: null, note: '' },
  alias: row.alias,
  disguise: row.disguise,
  sessions: [
    { session: '00000000-0000-7000-8000-000000000777', number: 4, date: '2026-11-30', time: '14:00', way: null },
    { session: '00000000-0000-7000-8000-000000000778', number: 5, date: '2026-12-07', time: '14:00', way: null },
  ],
  missing: [...parts],
  finishedAt: null,
});

const fault = (pointer: string, detail: string): Answered => ({
  status: 422,
  body: { type: '/problems/fields', title: 'fields', status: 422, errors: [{ pointer, code: 'missing', detail }] },
});

// What GET /api/groups/{id}/readiness says.
export const readinessOf = (row: MembershipRow): Readiness => {
  const now = kept.get(row.id) ?? fresh(row);
  const some = row.state === 'joined' || row.state === 'prepared';
  return {
    membership: row.id, state: row.state, alias: row.alias, name: row.person?.name ?? null, missing: some && !kept.has(row.id) ? [] : now.missing,
    declined: row.state === 'prepared' ? ['place'] : [], waysNotSaid: row.state === 'joined' ? 2 : 0, finished: some,
  };
};

export function preparationOf(row: MembershipRow, method: string, finishing: boolean, body: unknown, headers: Record<string, string>): Answered {
  const now = kept.get(row.id) ?? fresh(row);
  const answer = (value: Preparation): Answered => {
    kept.set(row.id, value);
    return { status: 200, body: value, headers: { etag: `"${value.version}"` } };
  };
  if (method === 'GET') return answer(now);
  if (headers['if-match'] !== `"${now.version}"`) return { status: 412, body: { type: '/problems/changed-since', title: '', status: 412 } };
  if (finishing) return answer({ ...now, version: now.version + 1, state: 'prepared', finishedAt: '2026-11-23T14:05:00Z' });
  const said = body as Said;
  const done = (part: string): boolean => said.record.parts.some((one) => one.part === part && one.state === 'done');
  if (done('overheard') && !said.record.overheard.trim()) return fault('/record/overheard', 'Write who might overhear, or that nobody can');
  if (done('alias') && !said.alias.trim()) return fault('/alias', 'Write the name that others will see');
  const open = said.sessions.findIndex((one) => one.way === null);
  if (done('ways') && open >= 0 && !said.record.wayNote.trim()) return fault(`/sessions/${open}/way`, 'Choose a way for each session, or write that they decide each time');
  const sessions = now.sessions.map((one) => ({ ...one, way: said.sessions.find(({ session }) => session === one.session)?.way ?? null }));
  const missing = parts.filter((part) => !said.record.parts.some((one) => one.part === part && one.state !== 'open'));
  return answer({ ...now, ...said, sessions, missing, version: now.version + 1 });
}
