-- A person's wish to be reached in another way. The record changes only when the old safe way has confirmed it by a one-use code,
-- or staff have; until then the old one stays in force. One waits a person at a time.
CREATE TABLE contact_change (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  person TEXT NOT NULL REFERENCES person (id),
  membership TEXT NOT NULL REFERENCES membership (id),  -- behind whose link it was asked for
  wanted_sealed BLOB NOT NULL,      -- JSON: the way, and the address or number for it
  code_sealed BLOB,                 -- NULL: no code; the team checks
  message TEXT,                     -- that carries the code; messages go when their time is over, this stays with the record
  state TEXT NOT NULL CHECK (state IN ('waiting', 'confirmed', 'refused', 'withdrawn', 'expired')),
  wrong_codes INTEGER NOT NULL,
  asked_us INTEGER NOT NULL,
  until_us INTEGER NOT NULL,
  settled_us INTEGER,
  settled_by TEXT REFERENCES staff (id)  -- NULL: by the code, by the person, by time
) STRICT;
CREATE UNIQUE INDEX contact_change_waiting ON contact_change (person) WHERE state = 'waiting';
CREATE INDEX contact_change_by_person ON contact_change (person, asked_us);
