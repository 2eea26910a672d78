-- Who came along to a session with a member: as the call saw it, and as a facilitator in the room marked it (in the building, on the
-- phone). Both are kept, so that a mark taken back leaves what the call saw. No row: they have not been there.
CREATE TABLE supporter_attendance (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  session TEXT NOT NULL REFERENCES session (id),
  supporter TEXT NOT NULL REFERENCES supporter (id),
  call_came_us INTEGER,
  call_left_us INTEGER,
  mode TEXT CHECK (mode IN ('in_person', 'phone')),  -- as marked; NULL: no mark stands
  came_us INTEGER,
  left_us INTEGER,
  staff TEXT REFERENCES staff (id),                  -- who marked it last
  UNIQUE (session, supporter)
) STRICT;
CREATE INDEX supporter_attendance_by_supporter ON supporter_attendance (supporter);
