-- Where a session that is held on other software is joined: an address that lets in whoever has it, so it is sealed.
CREATE TABLE session_joining (
  session TEXT PRIMARY KEY REFERENCES session (id),
  version INTEGER NOT NULL,
  address_sealed BLOB, -- NULL: taken away again
  staff TEXT NOT NULL REFERENCES staff (id),
  set_us INTEGER NOT NULL
) STRICT;

-- A supporter by video of a session on other software is marked, too: no call saw them.
ALTER TABLE supporter_attendance RENAME TO supporter_attendance_before;
DROP INDEX supporter_attendance_by_supporter;
CREATE TABLE supporter_attendance (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  session TEXT NOT NULL REFERENCES session (id),
  supporter TEXT NOT NULL REFERENCES supporter (id),
  call_came_us INTEGER,
  call_left_us INTEGER,
  mode TEXT CHECK (mode IN ('in_person', 'phone', 'video')),  -- as marked; NULL: no mark stands
  came_us INTEGER,
  left_us INTEGER,
  staff TEXT REFERENCES staff (id),                           -- who marked it last
  UNIQUE (session, supporter)
) STRICT;
CREATE INDEX supporter_attendance_by_supporter ON supporter_attendance (supporter);
INSERT INTO supporter_attendance SELECT id, version, session, supporter, call_came_us, call_left_us, mode, came_us, left_us, staff FROM supporter_attendance_before;
DROP TABLE supporter_attendance_before;
