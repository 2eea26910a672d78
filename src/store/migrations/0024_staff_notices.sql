-- Messages to staff, which hold nothing of any person: what happened is read after signing in. One row a receiver; message_id is
-- fixed when it is made, as in the table message. A team that is closed takes nobody new; its records stay.
CREATE TABLE staff_notice (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  staff TEXT NOT NULL REFERENCES staff (id),
  kind TEXT NOT NULL CHECK (kind IN ('emergency_access', 'emergency_access_no_lead')),
  break_glass TEXT NOT NULL REFERENCES break_glass (id),
  message_id TEXT NOT NULL UNIQUE,  -- RFC 5322 section 3.6.4
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'kept', 'failed')),
  next_us INTEGER NOT NULL,
  lease_until_us INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  failure TEXT NOT NULL,            -- a code; empty: none
  made_us INTEGER NOT NULL,
  sent_us INTEGER,
  UNIQUE (break_glass, staff)
) STRICT;
CREATE INDEX staff_notice_to_send ON staff_notice (state, next_us);

ALTER TABLE team ADD COLUMN closed_us INTEGER;
CREATE INDEX today_place_by_person ON today_place (person, said_us);
