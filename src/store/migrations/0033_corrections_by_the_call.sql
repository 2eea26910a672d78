-- A correction without staff is the call's: whoever was marked as away came after all.
ALTER TABLE attendance_correction RENAME TO attendance_correction_before;
DROP INDEX attendance_correction_by_attendance;
CREATE TABLE attendance_correction (
  id TEXT PRIMARY KEY,
  attendance TEXT NOT NULL REFERENCES attendance (id),
  before TEXT NOT NULL,   -- JSON of the row as it was
  reason TEXT NOT NULL,
  note_sealed BLOB,
  staff TEXT REFERENCES staff (id),
  at_us INTEGER NOT NULL
) STRICT;
CREATE INDEX attendance_correction_by_attendance ON attendance_correction (attendance);
INSERT INTO attendance_correction SELECT id, attendance, before, reason, note_sealed, staff, at_us FROM attendance_correction_before;
DROP TABLE attendance_correction_before;
