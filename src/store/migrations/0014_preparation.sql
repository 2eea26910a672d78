-- Preparation for the first session: one record a membership. What a facilitator alone may know (whether the person knows
-- another member) stands in a column of its own, so that nothing that is shown or given to the person is made from it.
CREATE TABLE preparation (
  membership TEXT PRIMARY KEY REFERENCES membership (id),
  version INTEGER NOT NULL,
  record_sealed BLOB NOT NULL,     -- JSON: each part's state and what was said
  conflict_sealed BLOB,            -- JSON: the conflict check
  open_parts INTEGER NOT NULL,     -- how many parts are still open: what a list needs to know
  finished_us INTEGER,
  changed_us INTEGER NOT NULL,
  staff TEXT REFERENCES staff (id) -- who changed it last
) STRICT;

-- The group's agreement, version by version; a version is never changed.
CREATE TABLE group_agreement (
  id TEXT PRIMARY KEY,
  group_id TEXT NOT NULL REFERENCES therapy_group (id),
  number INTEGER NOT NULL,
  text_sealed BLOB NOT NULL,       -- JSON: title, points in plain language, points in Easy Read, what has changed
  made_us INTEGER NOT NULL,
  staff TEXT NOT NULL REFERENCES staff (id),
  UNIQUE (group_id, number)
) STRICT;
CREATE TABLE agreement_acceptance (
  agreement TEXT NOT NULL REFERENCES group_agreement (id),
  membership TEXT NOT NULL REFERENCES membership (id),
  at_us INTEGER NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('self', 'aloud', 'on_paper')),
  staff TEXT REFERENCES staff (id), -- who noted it, where the person did not do it themselves
  PRIMARY KEY (agreement, membership)
) STRICT;
CREATE INDEX agreement_acceptance_by_membership ON agreement_acceptance (membership);
