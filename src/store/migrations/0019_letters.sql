-- Letters and calls are done by somebody at some time; what was handed over may still not arrive, and says so later.
ALTER TABLE message ADD COLUMN format TEXT NOT NULL DEFAULT 'standard' CHECK (format IN ('standard', 'large_print', 'easy_read', 'braille', 'audio'));
ALTER TABLE message ADD COLUMN done_us INTEGER;
ALTER TABLE message ADD COLUMN done_by TEXT REFERENCES staff (id);
ALTER TABLE message ADD COLUMN delivery TEXT NOT NULL DEFAULT '' CHECK (delivery IN ('', 'delivered', 'permanent-failure', 'temporary-failure', 'technical-failure'));
ALTER TABLE message ADD COLUMN delivery_code TEXT NOT NULL DEFAULT '';  -- 'notify', 'dsn-5.1.1'
ALTER TABLE message ADD COLUMN delivery_us INTEGER;
CREATE INDEX message_by_session ON message (session, state);

-- How to find the place where a group meets in person.
ALTER TABLE therapy_group ADD COLUMN directions TEXT NOT NULL DEFAULT '';

-- A team's own words, now also for Easy Read, with every version that was saved.
CREATE TABLE message_words (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  team TEXT NOT NULL REFERENCES team (id),
  kind TEXT NOT NULL,
  language TEXT NOT NULL,
  form TEXT NOT NULL CHECK (form IN ('standard', 'easy_read')),
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  sms TEXT NOT NULL,
  approved_us INTEGER,
  approved_by TEXT REFERENCES staff (id),
  UNIQUE (team, kind, language, form)
) STRICT;
CREATE TABLE message_words_version (
  words TEXT NOT NULL REFERENCES message_words (id),
  version INTEGER NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  sms TEXT NOT NULL,
  approved INTEGER NOT NULL CHECK (approved IN (0, 1)),
  saved_us INTEGER NOT NULL,
  saved_by TEXT REFERENCES staff (id),
  PRIMARY KEY (words, version)
) STRICT;
INSERT INTO message_words (id, version, team, kind, language, form, subject, body, sms, approved_us, approved_by)
  SELECT id, version, team, kind, language, 'standard', subject, body, sms, approved_us, approved_by FROM message_template;
INSERT INTO message_words_version (words, version, subject, body, sms, approved, saved_us, saved_by)
  SELECT id, version, subject, body, sms, CASE WHEN approved_us IS NULL THEN 0 ELSE 1 END, COALESCE(approved_us, 0), approved_by FROM message_template;
DROP TABLE message_template;
