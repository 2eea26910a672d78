-- Who is in a group, without reading the rows: a search by a common name goes through the people of a reach.
CREATE INDEX membership_people ON membership (group_id, person);
