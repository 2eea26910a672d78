-- Shown with a new second factor that nobody has confirmed yet: it opens nothing, and those of before still do.
ALTER TABLE recovery_code ADD COLUMN offered INTEGER NOT NULL DEFAULT 0 CHECK (offered IN (0, 1));
