-- Duties towards people and the law: how long what is kept, what is shown before it goes, what is held back, and from which row on
-- the audit trail is there.

-- The trust's own periods; where a kind has no row, the program's (care/retention).
CREATE TABLE retention_rule (
  kind TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0),
  unit TEXT NOT NULL CHECK (unit IN ('days', 'months', 'years', 'with_record')),
  changed_us INTEGER NOT NULL,
  staff TEXT NOT NULL REFERENCES staff (id)
) STRICT;

-- What was shown: nothing goes without a row here that is old enough. A person's or group's record by its id; of everything else,
-- all that is older than a moment, by the day on which it goes.
CREATE TABLE retention_notice (
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,       -- id of the person or group; the day of going else
  shown_us INTEGER NOT NULL,
  goes_us INTEGER NOT NULL,    -- not before
  before_us INTEGER NOT NULL,  -- of everything else: what is older than this
  items INTEGER NOT NULL,
  PRIMARY KEY (kind, subject)
) STRICT;
CREATE INDEX retention_notice_by_day ON retention_notice (goes_us, kind, subject);

-- What went: counts and kinds, for the certificate of destruction.
CREATE TABLE retention_run (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  items INTEGER NOT NULL,
  at_us INTEGER NOT NULL
) STRICT;
CREATE INDEX retention_run_by_time ON retention_run (at_us, id);
-- One row: its lock keeps a hold that is being set and a run from passing each other; the day keeps runs to one a day.
CREATE TABLE retention_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  last_day TEXT NOT NULL
) STRICT;

-- What is held never goes: a person's record, or a group's with the records of everybody who is or was in it.
CREATE TABLE legal_hold (
  id TEXT PRIMARY KEY,
  person TEXT REFERENCES person (id),
  group_id TEXT REFERENCES therapy_group (id),
  reason TEXT NOT NULL,        -- a code
  note_sealed BLOB NOT NULL,
  set_us INTEGER NOT NULL,
  set_by TEXT NOT NULL REFERENCES staff (id),
  lifted_us INTEGER,
  lifted_by TEXT REFERENCES staff (id),
  lift_note_sealed BLOB,
  CHECK ((person IS NULL) <> (group_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX legal_hold_of_person ON legal_hold (person) WHERE lifted_us IS NULL;
CREATE UNIQUE INDEX legal_hold_of_group ON legal_hold (group_id) WHERE lifted_us IS NULL;
CREATE INDEX legal_hold_by_person ON legal_hold (person);
CREATE INDEX legal_hold_by_group ON legal_hold (group_id);

-- The audit trail's rows up to this number have gone; the chain goes on from this hash. No row: none have.
CREATE TABLE audit_start (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  number INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (at_us);

ALTER TABLE person ADD COLUMN died_sealed BLOB;   -- date
ALTER TABLE person DROP COLUMN legal_hold;        -- never read: legal_hold says who, when and why
