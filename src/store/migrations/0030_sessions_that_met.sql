-- When somebody was first in the session's room: where nobody was, the register says of nobody that they stayed away.
ALTER TABLE session ADD COLUMN met_us INTEGER;
UPDATE session SET met_us = starts_us WHERE ended_us IS NOT NULL OR EXISTS (SELECT 1 FROM attendance a WHERE a.session = session.id AND a.came_us IS NOT NULL);
