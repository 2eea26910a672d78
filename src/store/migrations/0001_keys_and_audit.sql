-- Keys that seal personal fields (store/key_ring), the audit trail (store/audit_trail), free-text reasons, and what the service
-- remembers of requests that must not act twice.
CREATE TABLE data_key (
  number INTEGER PRIMARY KEY,
  purpose TEXT NOT NULL CHECK (purpose IN ('field', 'index')),
  wrapped_by TEXT NOT NULL,
  wrapped BLOB NOT NULL,
  made_us INTEGER NOT NULL
) STRICT;

CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  number INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;
INSERT INTO audit_head (id, number, hash) VALUES (1, 0, CAST('' AS BLOB));

CREATE TABLE audit (
  number INTEGER PRIMARY KEY,
  at_us INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  data TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  person TEXT NOT NULL,
  reason TEXT NOT NULL,
  note TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_by_person ON audit (person, number);
CREATE INDEX audit_by_actor ON audit (actor, number);

-- A reason in a clinician's own words; audit.note names it.
CREATE TABLE reason_note (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  note_sealed BLOB NOT NULL,
  made_us INTEGER NOT NULL
) STRICT;

-- The answer to a creation, kept for a day, so that a repeated request creates nothing twice.
CREATE TABLE idempotency (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  status INTEGER NOT NULL,
  body_sealed BLOB NOT NULL,
  headers TEXT NOT NULL,
  made_us INTEGER NOT NULL,
  PRIMARY KEY (actor, key)
) STRICT;
CREATE INDEX idempotency_by_age ON idempotency (made_us);
