-- Rooms of the demonstration: which link is which seat (app/admission). Links are stored as their hash.
CREATE TABLE room_session (
  id INTEGER PRIMARY KEY,
  room INTEGER NOT NULL UNIQUE,
  starts_us INTEGER NOT NULL,
  ends_us INTEGER NOT NULL,
  duty_number TEXT NOT NULL,
  demonstration INTEGER NOT NULL CHECK (demonstration IN (0, 1)),
  ended_us INTEGER -- when a facilitator ended it for everyone; NULL: it did not end, or a facilitator has come again
) STRICT;
CREATE TABLE booking (
  session INTEGER NOT NULL REFERENCES room_session (id) ON DELETE CASCADE,
  seat INTEGER NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('facilitator', 'co_facilitator', 'supporter', 'member')),
  alias TEXT NOT NULL,
  disguise TEXT NOT NULL,
  needs TEXT NOT NULL,
  link_hash BLOB NOT NULL UNIQUE CHECK (length(link_hash) = 32),
  withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
  PRIMARY KEY (session, seat)
) STRICT;
