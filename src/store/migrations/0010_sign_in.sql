-- Sign-in: the second factor while it is being set up, one-time set-up links, what slows guessing down, and sign-ins at a
-- provider that have begun.
ALTER TABLE account ADD COLUMN totp_new_sealed BLOB; -- shown, not confirmed yet
CREATE TABLE set_up_link (
  hash BLOB PRIMARY KEY,        -- of the secret in the address
  staff TEXT NOT NULL REFERENCES staff (id),
  second_factor INTEGER NOT NULL CHECK (second_factor IN (0, 1)), -- sets the second factor up anew, too
  made_us INTEGER NOT NULL,
  until_us INTEGER NOT NULL,
  used_us INTEGER
) STRICT;
CREATE INDEX set_up_link_by_staff ON set_up_link (staff);
-- Keyed hashes of e-mail addresses (known or not), network addresses and accounts, so that an unknown e-mail is slowed down as a
-- known one is.
CREATE TABLE sign_in_tries (
  key BLOB PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_us INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_tries_by_age ON sign_in_tries (last_us);
CREATE TABLE provider_start (
  state BLOB PRIMARY KEY,       -- hash
  browser BLOB NOT NULL,        -- hash of the secret in the browser's cookie
  made_us INTEGER NOT NULL,
  until_us INTEGER NOT NULL
) STRICT;
