-- Why a place of today is kept beyond its hours: one row a thing that holds it (an open alert, an incident), so that the end of one
-- does not let go of what another still holds; and there before the place is said, too.
CREATE TABLE place_hold (
  session TEXT NOT NULL REFERENCES session (id),
  seat INTEGER NOT NULL,
  holder TEXT NOT NULL,        -- the id of what holds it
  PRIMARY KEY (session, seat, holder)
) STRICT;
DROP INDEX today_place_by_time;
ALTER TABLE today_place DROP COLUMN hold;
CREATE INDEX today_place_by_time ON today_place (said_us);

-- An alert about one person of one session: raised, held by one member of staff at a time, closed with what came of it.
CREATE TABLE safety_alert (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  session TEXT NOT NULL REFERENCES session (id),
  seat INTEGER NOT NULL,
  membership TEXT REFERENCES membership (id),  -- whose seat it is
  supporter TEXT REFERENCES supporter (id),    -- or whose
  holder TEXT REFERENCES staff (id),           -- NULL: nobody has taken it
  raised_us INTEGER NOT NULL,
  closed_us INTEGER,                           -- NULL: open
  outcome TEXT CHECK (outcome IN ('spoke', 'help_sent', 'passed_on', 'not_reached', 'by_mistake')),
  note_sealed BLOB,                            -- what came of it, in words
  CHECK ((membership IS NULL) <> (supporter IS NULL)),
  CHECK ((closed_us IS NULL) = (outcome IS NULL))
) STRICT;
-- One open alert a person and session: raised again, it is the same.
CREATE UNIQUE INDEX safety_alert_open ON safety_alert (session, seat) WHERE closed_us IS NULL;
CREATE INDEX safety_alert_by_session ON safety_alert (session);
CREATE INDEX safety_alert_by_holder ON safety_alert (holder);

-- What happened to it, in order.
CREATE TABLE safety_alert_step (
  alert TEXT NOT NULL REFERENCES safety_alert (id),
  number INTEGER NOT NULL,                     -- from 1, in the order in which it happened
  at_us INTEGER NOT NULL,
  what TEXT NOT NULL CHECK (what IN ('raised', 'taken', 'handed_over', 'taken_over', 'let_go', 'closed')),
  kind TEXT CHECK (kind IN ('drop_off', 'worried', 'help')), -- of what was raised
  origin TEXT CHECK (origin IN ('room', 'register', 'person', 'call')),
  staff TEXT REFERENCES staff (id),            -- who did it; NULL: the person themselves, or the service
  given_to TEXT REFERENCES staff (id),         -- handed_over
  PRIMARY KEY (alert, number)
) STRICT;
