-- The register: one row a membership and session, however it was held; each correction with who, when and why.
CREATE TABLE attendance (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  session TEXT NOT NULL REFERENCES session (id),
  membership TEXT NOT NULL REFERENCES membership (id),
  planned TEXT CHECK (planned IN ('in_person', 'video', 'phone')), -- NULL: not said; no way is the default
  mode TEXT CHECK (mode IN ('in_person', 'video', 'phone')),
  outcome TEXT NOT NULL CHECK (outcome IN ('expected', 'attended', 'did_not_attend', 'cancelled_by_person', 'cancelled_by_service')),
  late INTEGER NOT NULL CHECK (late IN (0, 1)),
  left_early INTEGER NOT NULL CHECK (left_early IN (0, 1)),
  changed_mode INTEGER NOT NULL CHECK (changed_mode IN (0, 1)),
  came_us INTEGER,
  left_us INTEGER,
  source TEXT NOT NULL CHECK (source IN ('plan', 'call', 'staff')),
  UNIQUE (session, membership)
) STRICT;
CREATE INDEX attendance_by_membership ON attendance (membership);

CREATE TABLE attendance_correction (
  id TEXT PRIMARY KEY,
  attendance TEXT NOT NULL REFERENCES attendance (id),
  before TEXT NOT NULL,   -- JSON of the row as it was
  reason TEXT NOT NULL,
  note_sealed BLOB,
  staff TEXT NOT NULL REFERENCES staff (id),
  at_us INTEGER NOT NULL
) STRICT;
CREATE INDEX attendance_correction_by_attendance ON attendance_correction (attendance);

-- Seats of the room for the length of a session; a pass opens one seat and is stored as its hash.
CREATE TABLE seat_pass (
  hash BLOB PRIMARY KEY,
  session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  seat INTEGER NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('facilitator', 'co_facilitator', 'supporter', 'member')),
  holder_kind TEXT NOT NULL CHECK (holder_kind IN ('staff', 'membership', 'supporter')),
  holder TEXT NOT NULL,
  until_us INTEGER NOT NULL
) STRICT;
CREATE INDEX seat_pass_by_session ON seat_pass (session, seat);
