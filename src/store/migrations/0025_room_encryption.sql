-- Rooms are encrypted end to end. Only a room of the demonstration can be without, as a control for tests and measurements.
ALTER TABLE room_session ADD COLUMN encrypted INTEGER NOT NULL DEFAULT 1 CHECK (encrypted = 1 OR demonstration = 1);
