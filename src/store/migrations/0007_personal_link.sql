-- Personal links: the secret is stored as its hash; one link a membership or supporter at a time.
CREATE TABLE personal_link (
  id TEXT PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  membership TEXT NOT NULL REFERENCES membership (id),
  supporter TEXT REFERENCES supporter (id),
  made_us INTEGER NOT NULL,
  until_us INTEGER NOT NULL,
  withdrawn_us INTEGER,
  wrong_answers INTEGER NOT NULL,  -- to the two things only the person knows
  shut_until_us INTEGER NOT NULL
) STRICT;
CREATE INDEX personal_link_by_membership ON personal_link (membership);
-- A browser in which the person confirmed the two things; stored as its hash.
CREATE TABLE link_visit (
  hash BLOB PRIMARY KEY,
  link TEXT NOT NULL REFERENCES personal_link (id) ON DELETE CASCADE,
  made_us INTEGER NOT NULL,
  until_us INTEGER NOT NULL
) STRICT;
CREATE INDEX link_visit_by_link ON link_visit (link);
