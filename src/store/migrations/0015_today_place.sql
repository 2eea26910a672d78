-- Where somebody is today, said at arrival, so that help can be sent. Kept outside the room, sealed, for some hours; `hold` keeps it
-- while an alert or an incident is open. A seat of a session, or of a room of the demonstration.
CREATE TABLE today_place (
  id TEXT PRIMARY KEY,
  session TEXT REFERENCES session (id),
  room INTEGER,
  seat INTEGER NOT NULL,
  person TEXT REFERENCES person (id), -- whose; NULL: staff, a supporter, or invented
  given INTEGER NOT NULL CHECK (given IN (0, 1)),
  place_sealed BLOB,                  -- JSON; NULL: they would rather not say
  said_us INTEGER NOT NULL,
  hold INTEGER NOT NULL DEFAULT 0 CHECK (hold IN (0, 1)),
  UNIQUE (session, seat),
  UNIQUE (room, seat),
  CHECK ((session IS NULL) <> (room IS NULL))
) STRICT;
CREATE INDEX today_place_by_time ON today_place (hold, said_us);
