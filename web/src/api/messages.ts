// SPDX-License-Identifier: Apache-2.0
// The contract of messages, as the staff pages use it (docs/api/invite.json): what went out or waits, what is made by hand, a team's
// own words, a change of contact that waits. Types alone; asking is client.ts.
import type { Id, SafeContact } from './model';

export type MessageKind = 'invitation' | 'reminder' | 'moved' | 'cancelled' | 'contact_check';
export type Channel = 'email' | 'sms' | 'letter' | 'telephone';
export type MessageFormat = 'standard' | 'large_print' | 'easy_read' | 'braille' | 'audio';
export type Delivery = '' | 'delivered' | 'permanent-failure' | 'temporary-failure' | 'technical-failure';
export interface MessageRow {
  id: Id;
  version: number;
  membership: Id;
  group: { id: Id; name: string };
  person: string | null;
  supporter: boolean;
  kind: MessageKind;
  channel: Channel;
  language: string;
  state: 'queued' | 'sending' | 'sent' | 'kept' | 'by_hand' | 'failed' | 'withdrawn';
  failure: string;
  madeAt: string;
  sentAt: string | null;
  nextAt: string | null;
  tries: number;
  format: MessageFormat;
  delivery: Delivery;
  deliveryCode: string;
  leftOut: boolean; // where to come to, or what to ring, is not in it: it would name the group or somebody
  deliveryAt: string | null;
  doneAt: string | null;
  doneBy: string | null;
}
// GET /api/messages/{id}. Link and code stand in it only while it is made by hand and not done.
export interface Message extends MessageRow {
  to: string;
  subject: string;
  text: string;
  sms: string;
  link: string | null;
  byHand: {
    name: string;
    safeNote: string;
    hours: { days: number[]; from: string; to: string }[];
    returnAddress: string[];
    from: string;
    phone: string;
    formatNotes: string[];
    changed: boolean;
  };
}
// POST /api/memberships/{id}/invitation/preview {} -> what joining instructions written now would say.
export interface InvitationPreview {
  channel: Channel;
  to: string;
  subject: string;
  text: string;
  sms: string;
  language: string;
}
export const notArrived = (row: MessageRow): boolean =>
  row.doneAt === null && row.delivery !== 'delivered' && (row.state === 'failed' || row.delivery.endsWith('failure'));

export type WordsLanguage = 'en' | 'cy';
export type WordsForm = 'standard' | 'easy_read';
export interface MessageWords {
  kind: MessageKind;
  language: WordsLanguage;
  form: WordsForm;
  subject: string;
  body: string;
  sms: string;
  own: boolean;
  approved: boolean;
  version: number;
}
export interface WordsVersion {
  version: number;
  savedAt: string;
  savedBy: string;
  subject: string;
  body: string;
  sms: string;
  approved: boolean;
}

export interface ContactChange {
  wanted: { method: Channel | null; to: string; address: string[]; postcode: string; hours?: SafeContact['hours'] }; // null, missing: as it was
  check: 'code' | 'team';
  askedAt: string;
  until: string;
  triesLeft: number;
}
export interface WaitingChange {
  person: { id: Id; name: string };
  byCode: boolean;
  askedAt: string;
  until: string;
}
