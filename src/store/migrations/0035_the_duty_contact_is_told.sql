-- Help and drop-offs that nobody has taken go to the team's duty number as a text message, too, where it takes one: a notice to a team,
-- not to a member of staff.
DROP INDEX staff_notice_to_send;
ALTER TABLE staff_notice RENAME TO staff_notice_before;
CREATE TABLE staff_notice (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  staff TEXT REFERENCES staff (id),
  team TEXT REFERENCES team (id),
  kind TEXT NOT NULL CHECK (kind IN ('emergency_access', 'emergency_access_no_lead', 'help', 'help_no_lead', 'drop_off', 'drop_off_no_lead')),
  break_glass TEXT REFERENCES break_glass (id),
  alert TEXT REFERENCES safety_alert (id),
  message_id TEXT NOT NULL UNIQUE,       -- RFC 5322 section 3.6.4
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'kept', 'failed')),
  next_us INTEGER NOT NULL,
  lease_until_us INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  failure TEXT NOT NULL,                 -- a code; empty: none
  made_us INTEGER NOT NULL,
  sent_us INTEGER,
  CHECK ((break_glass IS NULL) <> (alert IS NULL)),
  CHECK ((staff IS NULL) <> (team IS NULL)),
  UNIQUE (break_glass, staff),
  UNIQUE (alert, staff),
  UNIQUE (alert, team)
) STRICT;
INSERT INTO staff_notice (id, version, staff, kind, break_glass, alert, message_id, state, next_us, lease_until_us, tries, failure, made_us, sent_us)
  SELECT id, version, staff, kind, break_glass, alert, message_id, state, next_us, lease_until_us, tries, failure, made_us, sent_us FROM staff_notice_before;
DROP TABLE staff_notice_before;
CREATE INDEX staff_notice_to_send ON staff_notice (state, next_us);
