// SPDX-License-Identifier: Apache-2.0
// Messages of the made-up service: letters, calls, what did not arrive, a team's words, a change of contact. Not in the production
// bundle. Every name is invented.
import type { ContactChange, InvitationPreview, Message, MessageKind, MessageRow, MessageWords, WaitingChange, WordsVersion } from '../../api/messages';
import type { Group, MembershipRow, Person } from '../../api/model';

interface Made {
  now: number;
  people: Person[];
  group: Group | undefined;
  members: MembershipRow[];
  empty: boolean;
}
const iso = (instant: number): string => new Date(instant).toISOString().replace('.000', '');
const id = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const day = 86_400_000;
const link = 'https://groups.example.org/mine#Zm9yLXRoaXMtc2tldGNoLWFsb25lLTAwMDAwMDAwMDAw';

function rowsOf({ now, people, group, members }: Made): MessageRow[] {
  const row = (number: number, person: number, more: Partial<MessageRow>): MessageRow => ({
    id: id(number), version: 1, membership: members[person]?.id ?? id(1), group: { id: group?.id ?? id(200), name: group?.name ?? '' },
    person: people[person]?.identity?.preferredName || people[person]?.identity?.legalName || '', supporter: false, kind: 'invitation', channel: 'letter', language: 'en', state: 'by_hand',
    failure: '', madeAt: iso(now - 2 * day), sentAt: null, nextAt: null, tries: 0, format: 'standard', delivery: '', deliveryCode: '', deliveryAt: null, doneAt: null, doneBy: null, leftOut: false, ...more,
  });
  return [
    row(3001, 0, { format: 'large_print' }),
    row(3002, 1, { kind: 'moved', channel: 'telephone' }),
    row(3003, 2, { format: 'braille' }),
    row(3004, 3, { channel: 'email', state: 'sent', sentAt: iso(now - day), delivery: 'permanent-failure', deliveryCode: 'dsn-5.1.1', deliveryAt: iso(now - day) }),
    row(3005, 4, { channel: 'sms', state: 'failed', failure: 'notify-400', kind: 'reminder' }),
    row(3006, 5, { channel: 'email', state: 'sent', sentAt: iso(now - day), format: 'audio', kind: 'cancelled', supporter: true }),
    row(3007, 0, { format: 'easy_read', language: 'cy' }),
  ];
}

const texts: Record<string, string> = {
  en: `Hello June,\n\nYour next appointment is on Monday 30 November 2026 at 2pm. It lasts 90 minutes.\n\nYou can take part in person, by video or by phone. Use your link to tell us which way.\n\nThis is your own link:\n\n${link}\n\nOpen it to see your appointments and to say how you take part. You can change this each time. The link asks you two things that only you know.\n\nPlease do not share the link. It is only for you.\n\nIf you have questions, or would rather not come, call us on 01632 960 001.`,
  cy: `Helo June,\n\nMae eich apwyntiad nesaf ar Dydd Llun 30 Tachwedd 2026 am 2yp.\n\nMae’n para 90 munud.\n\nDyma eich dolen chi:\n\n${link}\n\nI chi yn unig y mae hi.`,
};

const messageOf = (row: MessageRow): Message => ({
  ...row,
  to: row.channel === 'letter' ? '4 Made Up Lane\nLittle Fiction\nM1 1AE' : '+441632960118',
  subject: row.language === 'cy' ? 'Eich apwyntiad ar Dydd Llun 30 Tachwedd 2026' : 'Your appointment on Monday 30 November 2026',
  text: texts[row.language] ?? '',
  sms: '',
  link: row.state === 'by_hand' ? link : null,
  byHand: {
    name: row.person ?? '', safeNote: 'Never leave a voicemail.', hours: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }], returnAddress: ['PO Box 12', 'Moorland', 'MO1 2AB'],
    from: 'Appointments', phone: '01632 960 001', formatNotes: row.format === 'large_print' ? ['Black on yellow paper, please.'] : [], changed: row.id === id(3002),
  },
});

const change = (now: number): ContactChange => ({ wanted: { method: 'sms', to: '+447700900456', address: [], postcode: '' }, check: 'team', askedAt: iso(now - day), until: iso(now + 13 * day), triesLeft: 0 });

const kinds: readonly MessageKind[] = ['invitation', 'reminder', 'moved', 'cancelled', 'contact_check'];
const words = (): MessageWords[] =>
  kinds.flatMap((kind) =>
    (['en', 'cy'] as const).flatMap((language) =>
      (['standard', 'easy_read'] as const).map((form) => ({
        kind, language, form, subject: 'Your appointment on {day}', body: 'Hello {name},\n\nYour next appointment is on {day} at {time}.\n\n{how}\n\n{link}', sms: 'Hello {name}: {day}, {time}. {link}',
        own: kind === 'reminder', approved: language === 'en' || kind === 'reminder', version: kind === 'reminder' ? 2 : 0,
      })),
    ),
  );
const versions = (now: number): WordsVersion[] =>
  [2, 1].map((version) => ({ version, savedAt: iso(now - (4 - version) * day), savedBy: 'Sam Waterhouse', subject: 'Soon: {day}', body: `Hello {name}.\n\nVersion ${version}.`, sms: '{day}', approved: true }));

export const invitationPreview = (): InvitationPreview => ({
  channel: 'email', to: 'june@mail.example', subject: 'Your appointment on Monday 30 November 2026', text: (texts.en ?? '').replace(link, '…'), sms: '', language: 'en',
});

// What GET of this address says; null where it is none of messages.
export function messagesOf(path: string[], url: URL, made: Made): unknown {
  const rows = made.empty ? [] : rowsOf(made);
  const [first, second, third] = path;
  if (first === 'messages' && second === 'to-do') {
    const done = rows.slice(0, 2).map((row) => ({ ...row, doneAt: iso(made.now - day), doneBy: 'Sam Waterhouse' }));
    return { items: url.searchParams.get('done') === 'true' ? done : rows.filter(({ id: one }) => one !== id(3007)), next: null };
  }
  if (first === 'messages' && second) {
    const row = rows.find((one) => one.id === second);
    return row ? messageOf(row) : null;
  }
  if (first === 'messages') return { items: rows, next: null };
  if (first === 'memberships' && third === 'supporters') {
    const contacts = { email: 'alex@mail.example', mobile: '+447700900555', postcode: 'M2 2BB' };
    return { items: made.empty ? [] : [{ id: id(3101), version: 1, kind: 'interpreter', name: 'Alex Helper', alias: 'Alex', contacts, endedAt: null }, { id: id(3102), version: 2, kind: 'carer', name: 'Dale Helper', alias: 'Dale', contacts, endedAt: iso(made.now - day) }] };
  }
  const person = made.people[1];
  if (first === 'contact-changes') {
    const waiting: WaitingChange[] = made.empty || !person ? [] : [{ person: { id: person.id, name: person.identity?.legalName ?? '' }, byCode: false, askedAt: iso(made.now - day), until: iso(made.now + 13 * day) }];
    return { items: waiting };
  }
  if (first === 'people' && third === 'contact-change') return second === person?.id ? { version: 1, change: change(made.now) } : { version: 0, change: null };
  if (first === 'teams' && third === 'message-templates') {
    if (path.length > 4) return { items: versions(made.now) };
    return { items: words(), placeholders: ['name', 'day', 'time', 'minutes', 'old_day', 'old_time', 'how', 'link', 'phone', 'code'] };
  }
  return null;
}
