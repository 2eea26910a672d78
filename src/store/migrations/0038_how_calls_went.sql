-- How each visit to a session's room went: figures of the line, for the dashboards. No seat, no person, no time of day.
CREATE TABLE call_visit (
  id TEXT PRIMARY KEY, -- random: it tells no order
  session TEXT NOT NULL REFERENCES session (id),
  seconds INTEGER NOT NULL,
  present_seconds INTEGER NOT NULL,
  joined_ms INTEGER, -- until sound and pictures could pass; NULL: they never could
  interruptions INTEGER NOT NULL,
  interrupted_seconds INTEGER NOT NULL,
  full_seconds INTEGER NOT NULL, -- of pictures, as the line carried them
  reduced_seconds INTEGER NOT NULL,
  stills_seconds INTEGER NOT NULL,
  none_seconds INTEGER NOT NULL,
  thinned_seconds INTEGER NOT NULL,
  lost_in_ppm INTEGER NOT NULL,
  lost_out_ppm INTEGER NOT NULL,
  round_trip_ms INTEGER,
  worst_round_trip_ms INTEGER,
  bytes_in INTEGER NOT NULL,
  bytes_out INTEGER NOT NULL
);
CREATE INDEX call_visit_by_session ON call_visit (session);
-- Who could not come in, by day (UTC) and reason: counts alone.
CREATE TABLE call_refusal (
  day TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('unknown', 'not-now', 'ended')),
  count INTEGER NOT NULL,
  PRIMARY KEY (day, reason)
);
