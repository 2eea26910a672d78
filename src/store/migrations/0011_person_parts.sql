-- A person's own answers about themselves change without those who hold the rest of the record noticing: a version of their own.
ALTER TABLE person ADD COLUMN protected_version INTEGER NOT NULL DEFAULT 0;
-- Break-glass as a team lead looks through it: by who has not been told, by what was not looked at.
CREATE INDEX break_glass_unseen ON break_glass (lead_seen_us, id);
CREATE INDEX break_glass_untold ON break_glass (lead_told_us, id);
-- Needs keep the order in which they were written down.
ALTER TABLE person_need ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
-- Who is in a group, without reading the rows: a search by a common name goes through the people of a reach.
CREATE INDEX membership_people ON membership (group_id, person);
