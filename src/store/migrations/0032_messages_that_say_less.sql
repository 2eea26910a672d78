-- Of a message about a session that moved: what the person knew before it. Where it is replaced before it went out, the next one starts
-- from there.
ALTER TABLE message ADD COLUMN known_date TEXT;
ALTER TABLE message ADD COLUMN known_time TEXT;
-- Whether where to come to, or what to ring, is left out of it because it would name the group or somebody.
ALTER TABLE message ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0 CHECK (left_out IN (0, 1));
