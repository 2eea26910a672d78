-- Messages out. A row is written in the transaction of what causes it and holds everything that is sent, so that a crash loses
-- none; message_id is fixed when it is made, so that what is sent twice can be told by it.
CREATE TABLE message (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  membership TEXT NOT NULL REFERENCES membership (id),
  supporter TEXT REFERENCES supporter (id),
  session TEXT REFERENCES session (id),
  kind TEXT NOT NULL CHECK (kind IN ('invitation', 'reminder', 'moved', 'cancelled', 'contact_check')),
  channel TEXT NOT NULL CHECK (channel IN ('email', 'sms', 'letter', 'telephone')),
  language TEXT NOT NULL,
  message_id TEXT NOT NULL UNIQUE,  -- RFC 5322 section 3.6.4
  payload_sealed BLOB NOT NULL,     -- JSON: to whom, subject, text, calendar entry, safe hours; the link until it is sent
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'kept', 'by_hand', 'failed', 'withdrawn')),
  next_us INTEGER NOT NULL,         -- not before
  lease_until_us INTEGER NOT NULL,  -- sending: whoever sends it has until then to say how it went
  tries INTEGER NOT NULL,
  failure TEXT NOT NULL,            -- a code: 'smtp-550', 'notify-permanent-failure', 'no-answer'; empty: none
  made_us INTEGER NOT NULL,
  sent_us INTEGER,
  staff TEXT REFERENCES staff (id)  -- who caused it; NULL: the service
) STRICT;
CREATE INDEX message_to_send ON message (state, next_us);
CREATE INDEX message_by_membership ON message (membership, made_us);

-- What a person was last told of a session; what differs from the session is told again.
CREATE TABLE message_told (
  membership TEXT NOT NULL REFERENCES membership (id),
  supporter TEXT NOT NULL,          -- empty: the member
  session TEXT NOT NULL REFERENCES session (id),
  sequence INTEGER NOT NULL,
  local_date TEXT NOT NULL,
  local_time TEXT NOT NULL,
  cancelled INTEGER NOT NULL CHECK (cancelled IN (0, 1)),
  reminded INTEGER NOT NULL CHECK (reminded IN (0, 1)),
  PRIMARY KEY (membership, supporter, session)
) STRICT;
CREATE INDEX message_told_by_session ON message_told (session);

-- A trust's or a team's own words; where there are none, the program's. Welsh is a draft until a person approves it.
CREATE TABLE message_template (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  team TEXT NOT NULL REFERENCES team (id),
  kind TEXT NOT NULL,
  language TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  sms TEXT NOT NULL,
  approved_us INTEGER,
  approved_by TEXT REFERENCES staff (id),
  UNIQUE (team, kind, language)
) STRICT;
