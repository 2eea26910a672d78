-- Who runs the service: trusts, services, teams, staff and their roles. Staff names and work addresses are not sealed: they
-- are sorted and shown on every page, and are no patient's.
CREATE TABLE trust (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  zone TEXT NOT NULL,
  duty_number TEXT NOT NULL,
  settings TEXT NOT NULL
) STRICT;
CREATE TABLE service (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  trust TEXT NOT NULL REFERENCES trust (id),
  name TEXT NOT NULL,
  UNIQUE (trust, name)
) STRICT;
CREATE TABLE team (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  service TEXT NOT NULL REFERENCES service (id),
  name TEXT NOT NULL,
  duty_number TEXT NOT NULL,
  UNIQUE (service, name)
) STRICT;

CREATE TABLE staff (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  made_us INTEGER NOT NULL
) STRICT;
CREATE INDEX staff_by_name ON staff (name, id);
-- team is NULL for a role that reaches over the whole trust (ACCESS.md).
CREATE TABLE staff_role (
  id TEXT PRIMARY KEY,
  staff TEXT NOT NULL REFERENCES staff (id),
  role TEXT NOT NULL CHECK (role IN ('facilitator', 'team_lead', 'it_support', 'trainer', 'safety_officer', 'evaluator', 'administrator')),
  team TEXT REFERENCES team (id),
  from_us INTEGER NOT NULL,
  until_us INTEGER
) STRICT;
CREATE INDEX staff_role_by_staff ON staff_role (staff);
CREATE INDEX staff_role_by_team ON staff_role (team, role);
