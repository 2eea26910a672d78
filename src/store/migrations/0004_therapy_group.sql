-- Groups, their series of sessions, who facilitates, who is a member, who comes along.
CREATE TABLE therapy_group (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  team TEXT NOT NULL REFERENCES team (id),
  name TEXT NOT NULL,
  programme TEXT NOT NULL,
  zone TEXT NOT NULL,                 -- IANA name
  in_person INTEGER NOT NULL CHECK (in_person IN (0, 1)),
  video INTEGER NOT NULL CHECK (video IN (0, 1)),
  phone INTEGER NOT NULL CHECK (phone IN (0, 1)),
  one_way_reason TEXT NOT NULL,       -- why one way only; empty where there are more
  one_way_alternative TEXT NOT NULL,  -- the named alternative
  software TEXT NOT NULL,             -- 'quietroom', or the name of the software used instead
  venue TEXT NOT NULL,
  capacity INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 48),
  confidentiality_plan TEXT NOT NULL, -- JSON
  made_us INTEGER NOT NULL,
  closed_us INTEGER,
  CHECK (in_person + video + phone > 0),
  CHECK (in_person + video + phone > 1 OR (one_way_reason <> '' AND one_way_alternative <> ''))
) STRICT;
CREATE INDEX therapy_group_by_team ON therapy_group (team, id);

CREATE TABLE group_facilitator (
  group_id TEXT NOT NULL REFERENCES therapy_group (id),
  staff TEXT NOT NULL REFERENCES staff (id),
  role TEXT NOT NULL CHECK (role IN ('facilitator', 'co_facilitator')),
  alias TEXT NOT NULL,
  seat INTEGER NOT NULL,
  PRIMARY KEY (group_id, staff),
  UNIQUE (group_id, seat)
) STRICT;
CREATE INDEX group_facilitator_by_staff ON group_facilitator (staff);

-- A rule that sessions were made from: "ten times, every week, 14:00 for 90 minutes from 7 January".
CREATE TABLE series (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  group_id TEXT NOT NULL REFERENCES therapy_group (id),
  first_date TEXT NOT NULL,    -- 2026-11-23, in the group's zone
  start_time TEXT NOT NULL,    -- 14:00, in the group's zone
  minutes INTEGER NOT NULL CHECK (minutes BETWEEN 10 AND 480),
  every_days INTEGER NOT NULL CHECK (every_days BETWEEN 1 AND 366),
  count INTEGER NOT NULL CHECK (count BETWEEN 1 AND 104),
  exceptions TEXT NOT NULL     -- JSON: dates left out
) STRICT;
CREATE INDEX series_by_group ON series (group_id);

-- room names the room on the call plane while the session is held in Quietroom.
CREATE TABLE session (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  group_id TEXT NOT NULL REFERENCES therapy_group (id),
  series TEXT REFERENCES series (id),
  number INTEGER NOT NULL,
  local_date TEXT NOT NULL,
  local_time TEXT NOT NULL,
  minutes INTEGER NOT NULL,
  starts_us INTEGER NOT NULL,
  ends_us INTEGER NOT NULL,
  venue TEXT NOT NULL,
  held_on TEXT NOT NULL,       -- 'quietroom', 'in_person', or the name of other software
  state TEXT NOT NULL CHECK (state IN ('planned', 'held', 'cancelled')),
  cancelled_reason TEXT NOT NULL,
  room INTEGER UNIQUE,
  ended_us INTEGER,
  sequence INTEGER NOT NULL    -- of the calendar entry (RFC 5545 section 3.8.7.4): grows when the session is moved
) STRICT;
CREATE INDEX session_by_group ON session (group_id, starts_us);
CREATE INDEX session_by_time ON session (starts_us, id);

CREATE TABLE membership (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  group_id TEXT NOT NULL REFERENCES therapy_group (id),
  person TEXT NOT NULL REFERENCES person (id),
  state TEXT NOT NULL CHECK (state IN ('referred', 'waiting', 'prepared', 'joined', 'completed', 'stopped', 'moved')),
  reason TEXT NOT NULL,        -- a code, where the state asks for one
  moved_to TEXT REFERENCES therapy_group (id),
  alias_sealed BLOB,
  disguise_sealed BLOB,        -- JSON: picture and voice as agreed
  seat INTEGER NOT NULL,       -- the same in every session of the group
  made_us INTEGER NOT NULL,
  changed_us INTEGER NOT NULL,
  UNIQUE (group_id, seat)
) STRICT;
CREATE INDEX membership_by_group ON membership (group_id, state);
CREATE INDEX membership_by_person ON membership (person);

CREATE TABLE membership_step (
  id TEXT PRIMARY KEY,
  membership TEXT NOT NULL REFERENCES membership (id),
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  note_sealed BLOB,
  at_us INTEGER NOT NULL,
  staff TEXT REFERENCES staff (id)
) STRICT;
CREATE INDEX membership_step_by_membership ON membership_step (membership, at_us);

CREATE TABLE supporter (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  membership TEXT NOT NULL REFERENCES membership (id),
  kind TEXT NOT NULL CHECK (kind IN ('interpreter', 'carer', 'advocate')),
  name_sealed BLOB NOT NULL,
  contacts_sealed BLOB,
  alias_sealed BLOB,
  seat INTEGER NOT NULL,
  until_us INTEGER
) STRICT;
CREATE INDEX supporter_by_membership ON supporter (membership);
