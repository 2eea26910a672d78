// SPDX-License-Identifier: Apache-2.0
// What the service's API says and takes (JSON): the shapes that pages and server share. Times are ISO 8601 in UTC
// ("2026-11-23T14:00:00Z"), dates "2026-11-23" and clock times "14:00" are local to the group's zone. Every record has an `id`
// (UUID) and a `version`, which is also its ETag: send it back as If-Match. Lists come as Listing<T>. Errors are problem details
// (RFC 9457) with a pointer per field. Not here: fetching (client.ts).

export type Id = string;
export type Way = 'in_person' | 'video' | 'phone';

export interface Listing<T> {
  items: T[];
  next: string | null; // cursor: ?after=
}
export interface Problem {
  type: string; // "/problems/…"
  title: string;
  status: number;
  errors?: { pointer: string; code: string; detail: string }[];
}

// --- Sign-in: /api/sign-in … ---------------------------------------------------------------------------------------------------
export type StaffRole = 'facilitator' | 'team_lead' | 'it_support' | 'trainer' | 'safety_officer' | 'evaluator' | 'administrator';
// GET /api/me
export interface Me {
  id: Id;
  name: string;
  email: string;
  standings: { role: StaffRole; team: Id | null; teamName: string | null }[];
  facilitates: { id: Id; name: string }[];
  opened: { person: Id; until: string }[]; // break-glass that holds now
  locked: boolean; // idle: POST /api/sign-in/unlock {password}, or the provider's start with ?again
  password: boolean; // one of their own
  zone: string;
  trust: string;
}
// POST /api/sign-in {email, password} -> SignInAnswer; then POST /api/sign-in/second {code} (TOTP or recovery code).
export interface SignInAnswer {
  next: 'done' | 'second-factor' | 'set-up-second-factor';
}
// GET /api/sign-in/ways -> which ways this trust offers.
export interface SignInWays {
  local: boolean;
  provider: { name: string; start: string } | null; // `start`: an address of ours to go to
  demonstration: { name: string; role: StaffRole; email: string; password: string }[]; // demonstration mode alone
}
// POST /api/sign-in/second-factor {password?} -> SecondFactorSetUp; confirmed by POST /api/sign-in/second {code}. With the password
// it replaces one that is there. 422 /code where a code is wrong, 429 "wait" with Retry-After where there were too many tries.
export interface SecondFactorSetUp {
  secret: string; // for typing
  uri: string; // for a QR code
  recoveryCodes: string[]; // shown once
}
// POST /api/sign-in/set-up {link, password} -> SignInAnswer: the one-time address /staff/set-up#link of a new account.
// POST /api/sign-in/lock, /api/sign-in/unlock {password}. POST /api/me/password {password, newPassword} -> 204.
// A provider that did not work out comes back to /staff/sign-in?problem= again|refused|unreachable|not-proven|factor|not-known.
// A request that a page makes by itself carries "Quietroom-Background: 1", so that it does not keep a sign-in awake.
// POST /api/sign-out. GET /api/sign-ins -> Listing<SignIn>; DELETE /api/sign-ins/{id}.
export interface SignIn {
  id: Id;
  device: string;
  since: string;
  seen: string;
  current: boolean;
}

// --- Trust, teams, staff -------------------------------------------------------------------------------------------------------
// GET /api/teams -> Listing<Team> (of the actor's reach; ?closed=true: closed ones, too)
export interface Team {
  id: Id;
  version: number;
  name: string;
  service: { id: Id; name: string };
  dutyNumber: string;
  closed: boolean;
}
// GET, PUT /api/trust TrustSettings (administrator); its version is 0 until it is first said.
export interface TrustSettings {
  name: string;
  zone: string;
  dutyNumber: string;
}
// GET, POST /api/services; GET, PUT /api/services/{id} {name} (administrator)
export interface Service {
  id: Id;
  version: number;
  name: string;
  teams: number; // open ones
}
// POST /api/teams TeamWanted; GET, PUT /api/teams/{id} -> TeamSettings (administrator; a lead of it changes the duty number alone)
export interface TeamWanted {
  name: string;
  service: Id;
  dutyNumber: string; // empty: the trust's
  closed: boolean;
}
export interface TeamSettings extends TeamWanted {
  id: Id;
  version: number;
  openGroups: number;
}
// GET /api/groups/{id}/colleagues -> Listing<Colleague>: who may facilitate it, to whoever may write its plan
export interface Colleague {
  id: Id;
  name: string;
}
// GET /api/staff?team= -> Listing<Staff>; GET, POST, PUT /api/staff[/{id}] {name, email, active, standings} (administrator)
// POST /api/staff/{id}/set-up-link {secondFactor} -> 201 {link, until}; DELETE /api/staff/{id}/sign-ins ends all of theirs.
// A facilitator's and a team lead's standing needs a team; the others are null.
export interface Staff {
  id: Id;
  version: number;
  name: string;
  email: string;
  active: boolean;
  standings: { role: StaffRole; team: Id | null }[];
}

// --- People --------------------------------------------------------------------------------------------------------------------
// POST /api/people/search {search, limit?, after?} -> Listing<PersonRow> (a name never stands in a URL): by the beginnings of names, NHS number, telephone, e-mail, postcode.
export interface PersonRow {
  id: Id;
  name: string; // preferred, else legal
  legalName: string;
  birthDate: string | null;
  nhsNumber: string | null;
  team: Id;
  groups: { id: Id; name: string; state: MembershipState }[];
}
export interface Contacts {
  email: string;
  mobile: string;
  telephone: string;
  address: string[]; // lines, without the postcode
  postcode: string;
  addressConfirmed: string | null; // date
}
export interface SafeContact {
  method: 'email' | 'sms' | 'letter' | 'telephone' | 'none' | null; // null: not asked yet
  hours: { days: number[]; from: string; to: string }[]; // days 1 (Monday) to 7; empty: any time
  note: string; // "never leave a voicemail"
}
export interface Preferences {
  way: Way | null; // no way is the default
  software: string; // preferred software; empty: none said
  language: string; // BCP 47, empty: not asked
  interpreter: string; // language of an interpreter (BCP 47, "bfi" for BSL), empty: none
  format: 'standard' | 'large_print' | 'easy_read' | 'braille' | 'audio' | null;
}
export interface Need {
  category: string; // '001' … '011'
  code: string; // SNOMED CT, may be empty
  note: string;
}
// A characteristic: null: not asked; 'prefer-not-to-say' or a code or words of the person's own.
export interface ProtectedCharacteristics {
  age: string | null;
  disability: string | null;
  genderReassignment: string | null;
  marriage: string | null;
  pregnancy: string | null;
  ethnicity2001: string | null; // A–H, J–N, P, R, S, Z, 99
  ethnicity2021: string | null;
  religion: string | null;
  sex: string | null;
  sexualOrientation: string | null;
}
// GET /api/people/{id}: the parts that the actor may see; a part that they may not is missing.
export interface Person {
  id: Id;
  version: number;
  team: Id;
  identity?: {
    legalName: string;
    preferredName: string;
    nhsNumber: string; // ten digits or empty
    birthDate: string | null;
    contacts: Contacts;
    safeContact: SafeContact;
    emergencyContact: { name: string; relation: string; telephone: string };
  };
  needs?: { preferences: Preferences; needs: Need[] };
  memberships?: MembershipRow[];
  deprivation?: { decile: number; year: number } | null;
}
// POST /api/people NewPerson (team lead) -> 201 Person. PUT /api/people/{id}/identity (team lead), …/needs -> Person: with the whole
// part as the body and If-Match. Numbers, postcodes and e-mail addresses come back in the form in which they are kept
// (telephone "+447700900982"). PUT, GET /api/people/{id}/protected ProtectedCharacteristics (the person's own link alone; a version
// of its own: ETag and If-Match).
export interface NewPerson {
  team: Id;
  identity: NonNullable<Person['identity']>;
  needs: NonNullable<Person['needs']>;
}
// Break-glass, for clinicians. POST /api/break-glass/find {nhsNumber} or {legalName, birthDate}, each whole -> Listing<FoundPerson>.
// POST /api/people/{id}/break-glass with a reason: the headers Quietroom-Reason (a BreakGlassReason) and Quietroom-Reason-Note (own
// words, needed, percent-encoded) -> 201 {id, person, until}; 409 where the record opens without. For team leads:
// GET /api/break-glass?unseen=true -> Listing<BreakGlass>, the latest first; POST /api/break-glass/{id}/seen -> 204.
// GET /api/people/{id}/safety -> Safety, to whoever may read a preparation record of theirs (a team lead with a reason); the place
// stands in it only with broken glass.
export interface Safety {
  plans: { plan: { signs: string; helps: string; people: string; ifLineDrops: string }; emergency: { name: string; relation: string; telephone: string }; place: string; saidAt: string }[];
  placeOpen: boolean;
  place: { given: boolean; kind: 'home' | 'address' | 'what3words' | 'hospital' | 'declined'; lines: string[]; saidAt: string } | null;
}
export type BreakGlassReason = 'risk-to-life' | 'safeguarding' | 'urgent-care' | 'other';
export interface FoundPerson {
  id: Id;
  name: string; // legal
  teamName: string;
  dutyNumber: string; // of the team
  withinReach: boolean; // opens without breaking anything
}
export interface BreakGlass {
  id: Id;
  staff: { id: Id; name: string };
  person: { id: Id; name: string };
  team: Id;
  reason: BreakGlassReason;
  note: string;
  from: string;
  until: string;
  seenAt: string | null;
}

// --- Groups, series, sessions, membership --------------------------------------------------------------------------------------
// GET /api/groups?mine=true&state=open|closed -> Listing<GroupRow>; POST /api/groups Group (without id, version, names); GET, PUT /api/groups/{id}
export interface GroupRow {
  id: Id;
  name: string;
  programme: string;
  team: Id;
  teamName: string;
  members: number; // joined or prepared
  waiting: number; // referred or waiting
  nextSession: { id: Id; startsAt: string } | null;
  closed: boolean;
}
export interface Group {
  id: Id;
  version: number;
  team: Id;
  name: string;
  programme: string;
  zone: string;
  ways: Way[];
  oneWayReason: string; // both needed where `ways` has one
  oneWayAlternative: string;
  software: string; // 'quietroom' or the name of what is used instead
  venue: string;
  directions: string; // how to find the venue
  phoneDirections: string; // which number to ring to take part by phone, and what then
  capacity: number;
  confidentialityPlan: { endToEnd: boolean; phoneGateway: boolean; captioner: boolean; membersMayShare: boolean; watermark: boolean; blankOnBlur?: boolean; note: string };
  facilitators: { staff: Id; name: string; role: 'facilitator' | 'co_facilitator'; alias: string }[];
  closed: boolean;
}
// POST /api/groups/{id}/series/preview NewSeries -> { sessions: {date, time, startsAt, endsAt, clockChange: boolean}[] }
// POST /api/groups/{id}/series NewSeries -> 201 { id, sessions: SessionRow[] }
export interface NewSeries {
  firstDate: string;
  startTime: string;
  minutes: number;
  everyDays: number;
  count: number;
  exceptions: string[]; // dates left out
}
// GET /api/groups/{id}/sessions -> Listing<SessionRow>. GET /api/today?from=&to= -> Listing<SessionRow> in time order.
export interface SessionRow {
  id: Id;
  version: number;
  group: { id: Id; name: string };
  number: number; // in the group, from 1
  date: string;
  time: string;
  minutes: number;
  startsAt: string;
  endsAt: string;
  zone: string;
  venue: string;
  heldOn: string; // 'quietroom', 'in_person' or other software
  state: 'planned' | 'held' | 'cancelled';
  cancelledReason: string;
  missing: { notPrepared: number; wayNotSaid: number; messagesFailed: number }; // what it still needs
}
// GET /api/sessions/{id}. PUT /api/sessions/{id} {date, time, minutes, venue, heldOn, rest?} moves it (If-Match), with `rest` also
// the later sessions of its series, each by as many days. POST /api/sessions/{id}/cancel {reason, rest?}; the reason is a code.
// POST /api/sessions/{id}/seat -> { link } : a facilitator's own seat in the room, for /join#link.
export type MembershipState = 'referred' | 'waiting' | 'prepared' | 'joined' | 'completed' | 'stopped' | 'moved';
// GET /api/groups/{id}/members -> Listing<MembershipRow>; POST /api/groups/{id}/members {person}
// POST /api/memberships/{id}/state {state, reason, movedTo?, note} (reason: a code); PUT /api/memberships/{id}/card {alias, disguise} (If-Match)
export interface MembershipRow {
  id: Id;
  version: number;
  group: { id: Id; name: string };
  person: { id: Id; name: string } | null; // null where the actor may not see who
  state: MembershipState;
  reason: string;
  alias: string;
  disguise: { picture: 'none' | 'blur' | 'pixelate' | 'block' | 'avatar' | 'off'; voice: 'none' | 'lower' | 'higher' };
  since: string;
  steps: { state: MembershipState; reason: string; at: string; by: string }[];
}

// --- The register --------------------------------------------------------------------------------------------------------------
// GET /api/sessions/{id}/register -> Register. PUT /api/attendance/{id} {mode, outcome, late, leftEarly, reason, note, planned?}
// (If-Match): the first mark of a row needs no reason (''), a change of one needs a code; `planned`, the way that the person said
// they would take part, needs none, and stays as it was where it is missing. PUT /api/sessions/{id}/supporters/{supporter} {mode}
// (If-Match): null takes back what staff marked.
export interface Register {
  session: SessionRow;
  rows: AttendanceRow[];
  supporters: SupporterInRegister[];
}
export interface SupporterInRegister {
  supporter: Id;
  membership: Id;
  version: number; // 0: nobody has marked them yet
  kind: 'interpreter' | 'carer' | 'advocate';
  alias: string | null; // null where it may not be seen
  mode: Way | null; // null: not there
  cameAt: string | null;
  leftAt: string | null;
  source: 'plan' | 'call' | 'staff';
}
// GET and PUT /api/sessions/{id}/joining {address, rest?} (If-Match; the version is 0 before the first): where it is held on other software.
export interface SessionJoining {
  session: Id;
  version: number;
  address: string; // https; empty: none is given
}
export interface AttendanceRow {
  id: Id;
  version: number;
  membership: Id;
  person: { id: Id; name: string } | null;
  alias: string;
  planned: Way | null;
  mode: Way | null;
  outcome: 'expected' | 'attended' | 'did_not_attend' | 'cancelled_by_person' | 'cancelled_by_service';
  late: boolean;
  leftEarly: boolean;
  changedMode: boolean;
  cameAt: string | null;
  leftAt: string | null;
  source: 'plan' | 'call' | 'staff';
  corrections: { at: string; by: string; reason: string }[];
}

// --- Preparation and agreement -------------------------------------------------------------------------------------------------
// GET /api/groups/{id}/readiness -> Listing<Readiness>: what each person still needs (parts: staff/prepare/parts.ts).
export interface Readiness {
  membership: Id;
  state: MembershipState;
  alias: string;
  name: string | null;
  missing: string[];
  declined: string[];
  waysNotSaid: number;
  finished: boolean;
}
export const agreementSymbols = ['talk', 'listen', 'quiet', 'lock', 'person', 'people', 'camera', 'phone', 'clock', 'heart', 'door', 'help'] as const;
export type AgreementSymbol = (typeof agreementSymbols)[number];
export interface AgreementText {
  title: string;
  points: string[];
  easy: { symbol: AgreementSymbol; words: string }[];
  changed: string; // what is new since the version before
}
export interface AgreementAcceptance {
  number: number;
  at: string;
  how: 'self' | 'aloud' | 'on_paper';
  by: string; // who noted it; empty: nobody but themselves
}
// GET /api/groups/{id}/agreement -> GroupAgreement (ETag: the number of the newest version, 0 where there is none). POST AgreementText
// (If-Match) -> 201: the next version. POST /api/memberships/{id}/agreement and /api/supporters/{id}/agreement {number, how} -> 204.
export interface GroupAgreement {
  current: { number: number; text: AgreementText; madeAt: string } | null;
  template: AgreementText | null; // the trust's
  versions: { number: number; madeAt: string; by: string; accepted: number; text: AgreementText }[];
  members:
    | {
        membership: Id;
        alias: string;
        name: string | null;
        accepted: AgreementAcceptance[]; // the latest version first
        supporters: { supporter: Id; kind: 'interpreter' | 'carer' | 'advocate'; alias: string; accepted: AgreementAcceptance[] }[];
      }[]
    | null; // null where the actor may not see them
}
// GET, PUT /api/trust/agreement AgreementText (administrator)
export interface AgreementTemplate {
  text: AgreementText | null; // null: the trust has none
}

// --- Alerts ----------------------------------------------------------------------------------------------------------------------
// GET /api/alerts?state=open|closed -> Listing<Alert>. POST /api/sessions/{id}/alerts {membership | supporter, kind} -> 201 WholeAlert.
// GET /api/alerts/{id} -> WholeAlert. POST …/holder {holder: Id | null} and …/close {outcome, note} (If-Match) -> WholeAlert.
export type AlertKind = 'drop_off' | 'worried' | 'help';
export const alertOutcomes = ['spoke', 'help_sent', 'passed_on', 'not_reached', 'by_mistake'] as const;
export type AlertOutcome = (typeof alertOutcomes)[number];
export interface Alert {
  id: Id;
  version: number;
  session: Id;
  number: number; // of the session in its group
  group: { id: Id; name: string };
  seat: number;
  person: { id: Id; name: string } | null; // null where the actor may not see who, or it is a supporter
  alias: string;
  supporter: boolean;
  kind: AlertKind; // as it was raised last
  raisedAt: string;
  holder: { id: Id; name: string } | null;
  placeGiven: boolean;
  closedAt: string | null;
  outcome: AlertOutcome | null;
}
export interface WholeAlert {
  alert: Alert;
  steps: { at: string; what: 'raised' | 'taken' | 'handed_over' | 'taken_over' | 'let_go' | 'closed'; kind: AlertKind | null; origin: 'room' | 'register' | 'person' | 'call' | null; by: string; to: string }[];
  note: string;
  mayHold: { id: Id; name: string }[];
}

// --- Audit ---------------------------------------------------------------------------------------------------------------------
// GET /api/audit?person=&actor=&data=&until= -> Listing<AuditRow>, newest first (administrator: all; safety officer: safety's data; a member
// behind their link: who opened their record).
export interface AuditRow {
  number: number;
  at: string;
  actorKind: 'staff' | 'member' | 'supporter' | 'system';
  actor: string;
  actorName: string; // of staff; empty else
  action: string;
  data: string; // a row of docs/access.md
  subjectKind: string;
  subject: string;
  person: string; // whose record; empty where it is nobody's
  reason: string; // a code
}

// --- Keeping records -----------------------------------------------------------------------------------------------------------
// GET /api/retention -> Retention (administrators, team leads). PUT /api/retention/rules/{kind} {amount, unit} (administrators;
// If-Match with the rule's version, 0 where it is the program's own) -> RetentionRule. GET /api/retention/records ->
// Listing<RecordShown> (team leads: their teams').
export type KeptUnit = 'days' | 'months' | 'years' | 'with_record';
export type KeptKind =
  | 'people' | 'people_who_died' | 'young_people' | 'groups' | 'preparation' | 'attendance' | 'supporters' | 'messages' | 'told' | 'links' | 'break_glass' | 'reasons'
  | 'audit' | 'sign_ins' | 'set_up' | 'closed_accounts' | 'runs' | 'notice' | 'places' | 'technical' | 'with_what_it_shows';
export interface RetentionRule {
  kind: KeptKind;
  how: 'subject' | 'older' | 'setting' | 'standing'; // standing: goes by itself within hours or days, not set here
  amount: number;
  unit: KeptUnit;
  standardAmount: number;
  standardUnit: KeptUnit;
  mayFollowRecord: boolean;
  version: number;
  changed: string | null;
  changedBy: string;
}
export interface Retention {
  noticeDays: number;
  lastRun: string | null; // a day
  holds: number;
  rules: RetentionRule[];
  days: { day: string; kinds: { kind: KeptKind; items: number }[] }[];
  went: { at: string; kind: KeptKind; items: number }[];
}
export interface RecordShown {
  kind: 'people' | 'groups';
  id: Id;
  name: string;
  goes: string; // a day
}
// GET /api/people/{id}/duties, /api/groups/{id}/duties -> Keeping. POST …/hold {reason, note}, …/hold/lift {note} -> Keeping.
// PUT /api/people/{id}/death {date} (If-Match) -> Keeping. POST /api/people/{id}/export with a reason in the headers (a CopyReason
// and own words) -> a ZIP file. All for the lead of the team.
export type HoldReason = 'claim' | 'complaint' | 'inquest' | 'inquiry' | 'other';
export type CopyReason = 'they-asked' | 'representative-asked' | 'court' | 'other';
export interface Keeping {
  id: Id;
  version: number;
  ends: string | null; // a day; null: in use
  goes: string | null; // a day, once it was shown
  died: string | null;
  holds: { id: Id; reason: HoldReason; note: string; set: string; setBy: string; lifted: string | null; liftedBy: string; liftNote: string }[];
  heldByGroups: { id: Id; name: string }[];
}
