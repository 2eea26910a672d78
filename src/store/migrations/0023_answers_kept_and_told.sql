-- Answers to creations are kept until a time of their own (an answer that holds a secret link, for minutes), and say whose record
-- they hold, so that giving one out again leaves its audit row.
ALTER TABLE idempotency ADD COLUMN until_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE idempotency ADD COLUMN subject_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE idempotency ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE idempotency ADD COLUMN person TEXT NOT NULL DEFAULT '';
DROP INDEX idempotency_by_age;
CREATE INDEX idempotency_by_end ON idempotency (until_us);

-- The sequence of a session that its people have been told of; where it differs, somebody must look. And who is to be reminded, without
-- going through everybody who was told of anything.
ALTER TABLE session ADD COLUMN told_sequence INTEGER NOT NULL DEFAULT -1;
CREATE INDEX session_to_tell ON session (id) WHERE told_sequence <> sequence;
CREATE INDEX message_to_remind ON message_told (session) WHERE reminded = 0 AND cancelled = 0;

-- Today's page counts who has not said how they take part, for fifty sessions at once.
CREATE INDEX attendance_way_not_said ON attendance (session) WHERE outcome = 'expected' AND planned IS NULL;
