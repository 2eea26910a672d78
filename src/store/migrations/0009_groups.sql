-- One person has one current membership in a group; lists of groups stand in order of their names.
CREATE UNIQUE INDEX membership_once ON membership (group_id, person) WHERE state IN ('referred', 'waiting', 'prepared', 'joined');
CREATE INDEX therapy_group_by_name ON therapy_group (name, id);
CREATE INDEX session_by_series ON session (series, starts_us);
CREATE INDEX session_to_close ON session (ends_us) WHERE state = 'planned';
