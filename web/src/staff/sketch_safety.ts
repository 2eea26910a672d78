// SPDX-License-Identifier: Apache-2.0
// Agreements and alerts of the made-up service (sketch_service.ts). Not in the production bundle. Not a model of the service's rules.
import type { AgreementText, Alert, GroupAgreement, MembershipRow, SessionRow, WholeAlert } from '../api/model';

interface Answered {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}
const template: AgreementText = {
  title: 'What we agree with each other',
  points: ['What is said in the group stays in the group.', 'We come on time, and tell the team if we cannot.', 'Nobody records sound or takes pictures.'],
  easy: [{ symbol: 'lock', words: 'We keep what we hear to ourselves.' }, { symbol: 'clock', words: 'We come on time.' }, { symbol: 'camera', words: 'Nobody takes pictures.' }],
  changed: '',
};
const versions: GroupAgreement['versions'] = [
  { number: 2, madeAt: '2026-11-16T14:00:00Z', by: 'Robin Meadows', accepted: 2, text: { ...template, points: [...template.points, 'Phones are silent.'], changed: 'We added that phones are silent.' } },
  { number: 1, madeAt: '2026-11-02T14:00:00Z', by: 'Sam Waterhouse', accepted: 3, text: template },
];

export function agreementOf(members: readonly MembershipRow[], method: string, body: unknown, headers: Record<string, string>, written: boolean): Answered {
  const first = written ? versions[0] : undefined;
  if (method === 'POST') {
    if (headers['if-match'] !== `"${first?.number ?? 0}"`) return { status: 412, body: { type: '/problems/changed-since', title: '', status: 412 } };
    versions.unshift({ number: (first?.number ?? 0) + 1, madeAt: '2026-11-23T14:05:00Z', by: 'Robin Meadows', accepted: 0, text: body as AgreementText });
    return { status: 201, body: {} };
  }
  const answer: GroupAgreement = {
    current: first ? { number: first.number, text: first.text, madeAt: first.madeAt } : null,
    template,
    versions: written ? versions : [],
    members: members.map((row, index) => ({
      membership: row.id, alias: row.alias, name: row.person?.name ?? null,
      accepted: index === 0 ? [{ number: 2, at: '2026-11-17T09:00:00Z', how: 'self', by: '' }, { number: 1, at: '2026-11-03T09:00:00Z', how: 'aloud', by: 'Sam Waterhouse' }] : index === 1 ? [{ number: 1, at: '2026-11-03T09:30:00Z', how: 'on_paper', by: 'Robin Meadows' }] : [],
      supporters: index === 1 ? [{ supporter: row.id.replace(/.$/, 'f'), kind: 'carer', alias: 'Elm', accepted: [] }] : [],
    })),
  };
  return { status: 200, body: answer, headers: { etag: `"${first?.number ?? 0}"` } };
}

const alertId = '00000000-0000-7000-8000-000000000950';
let holder: Alert['holder'] = null;
let closed = false;

export function alertOf(row: MembershipRow, session: SessionRow, path: readonly string[], method: string, body: unknown, me: { id: string; name: string }): Answered {
  const asked = (body ?? {}) as { holder?: string | null; outcome?: Alert['outcome'] };
  if (path[2] === 'holder') holder = asked.holder === me.id ? { id: me.id, name: me.name } : asked.holder ? { id: asked.holder, name: 'Sam Waterhouse' } : null;
  if (path[2] === 'close') closed = true;
  const alert: Alert = {
    id: alertId, version: 3, session: session.id, number: session.number, group: session.group, seat: 11, person: row.person, alias: row.alias, supporter: false,
    kind: 'drop_off', raisedAt: session.startsAt, holder, placeGiven: true, closedAt: closed ? session.endsAt : null, outcome: closed ? (asked.outcome ?? 'spoke') : null,
  };
  if (method === 'GET' && !path[1]) return { status: 200, body: { items: closed ? [] : [alert], next: null } };
  const whole: WholeAlert = {
    alert,
    steps: [
      { at: session.startsAt, what: 'raised', kind: 'worried', origin: 'room', by: 'Sam Waterhouse', to: '' },
      { at: session.startsAt, what: 'raised', kind: 'drop_off', origin: 'call', by: '', to: '' },
      ...(holder ? [{ at: session.startsAt, what: 'taken' as const, kind: null, origin: null, by: holder.name, to: '' }] : []),
    ],
    note: closed ? 'Rang them: they are safe.' : '',
    mayHold: [{ id: me.id, name: me.name }, { id: '00000000-0000-7000-8000-000000000011', name: 'Sam Waterhouse' }],
  };
  return { status: path[0] === 'sessions' ? 201 : 200, body: whole, headers: { etag: '"3"' } };
}
