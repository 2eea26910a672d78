// SPDX-License-Identifier: Apache-2.0
// The parts of a preparation in the order in which they are talked about, as GET and PUT /api/memberships/{id}/preparation have
// them (docs/api/prepare.json). Plain data and small rules. Not here: pages.
import type { Id, MembershipRow, MembershipState, Way } from '../../api/model';

export const parts = [
  'group', 'confidentiality', 'overheard', 'questions', 'place', 'technology', 'alias', 'disguise', 'conflict', 'ways', 'communication', 'safety', 'emergency',
] as const;
export type Part = (typeof parts)[number];
export const isPart = (text: string | null): text is Part => (parts as readonly (string | null)[]).includes(text);
export type PartState = 'open' | 'done' | 'declined';
export const mayDecline = (part: Part): boolean => part !== 'group' && part !== 'confidentiality' && part !== 'conflict';

export interface PreparationRecord {
  parts: { part: Part; state: PartState; reason: string }[];
  overheard: string;
  questions: { question: string; answer: string }[];
  place: string;
  headphones: 'own' | 'lent' | 'none' | null;
  technology: 'works' | 'needs_help' | 'not_needed' | null;
  technologyNote: string;
  communication: string;
  way: Way | null;
  wayNote: string;
  safety: { signs: string; helps: string; people: string; ifLineDrops: string };
  emergency: { name: string; relation: string; telephone: string };
}
// PUT
export interface Said {
  record: PreparationRecord;
  conflict: { knows: 'nobody' | 'somebody' | null; note: string };
  alias: string;
  disguise: MembershipRow['disguise'];
  sessions: { session: Id; way: Way | null }[];
}
// GET
export interface Preparation extends Omit<Said, 'sessions'> {
  membership: Id;
  version: number;
  group: { id: Id; name: string };
  person: { id: Id; name: string } | null;
  state: MembershipState;
  sessions: { session: Id; number: number; date: string; time: string; way: Way | null }[];
  missing: Part[];
  finishedAt: string | null;
}

export const saidOf = ({ record, conflict, alias, disguise, sessions }: Preparation): Said => ({
  record,
  conflict,
  alias,
  disguise,
  sessions: sessions.map(({ session, way }) => ({ session, way })),
});

export const answerOf = (said: Said, part: Part): { part: Part; state: PartState; reason: string } =>
  said.record.parts.find((one) => one.part === part) ?? { part, state: 'open', reason: '' };

export const withAnswer = (said: Said, part: Part, state: PartState, reason: string): Said => ({
  ...said,
  record: { ...said.record, parts: [...said.record.parts.filter((one) => one.part !== part), { part, state, reason }] },
});

export const nextOf = (part: Part): Part | null => parts[parts.indexOf(part) + 1] ?? null;
export const firstOpen = (said: Said): Part | null => parts.find((part) => answerOf(said, part).state === 'open') ?? null;
