-- Sign-in of staff: local accounts, second factors, recovery codes, sign-ins that stand, providers, and break-glass.
CREATE TABLE account (
  staff TEXT PRIMARY KEY REFERENCES staff (id),
  password_hash TEXT,           -- Argon2id, as libsodium writes it; NULL: signs in by a provider alone
  totp_sealed BLOB,             -- the shared secret; NULL: not set up yet
  totp_last INTEGER NOT NULL,   -- the last time step taken, so that a code works once
  failures INTEGER NOT NULL,
  locked_until_us INTEGER NOT NULL,
  subject TEXT,                 -- "issuer|sub" of OpenID Connect
  changed_us INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX account_by_subject ON account (subject);
CREATE TABLE recovery_code (
  staff TEXT NOT NULL REFERENCES staff (id),
  hash BLOB NOT NULL,
  used_us INTEGER,
  PRIMARY KEY (staff, hash)
) STRICT;
CREATE TABLE sign_in (
  id TEXT PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,    -- of the cookie's secret
  staff TEXT NOT NULL REFERENCES staff (id),
  second_factor INTEGER NOT NULL CHECK (second_factor IN (0, 1)),
  made_us INTEGER NOT NULL,
  seen_us INTEGER NOT NULL,
  until_us INTEGER NOT NULL,
  locked INTEGER NOT NULL CHECK (locked IN (0, 1)), -- idle in a shared office: asks for the password again
  ended_us INTEGER,
  device TEXT NOT NULL          -- "Firefox on Windows": what a person needs to recognise it
) STRICT;
CREATE INDEX sign_in_by_staff ON sign_in (staff, ended_us);
CREATE TABLE break_glass (
  id TEXT PRIMARY KEY,
  staff TEXT NOT NULL REFERENCES staff (id),
  person TEXT NOT NULL REFERENCES person (id),
  reason TEXT NOT NULL,
  note TEXT NOT NULL,           -- id of the sealed free text
  from_us INTEGER NOT NULL,
  until_us INTEGER NOT NULL,
  lead_told_us INTEGER,
  lead_seen_us INTEGER
) STRICT;
CREATE INDEX break_glass_by_staff ON break_glass (staff, person, until_us);
CREATE INDEX break_glass_by_person ON break_glass (person);
