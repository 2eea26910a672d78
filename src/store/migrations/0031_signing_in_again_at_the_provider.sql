-- A sign-in at the provider that a page waits for: the sign-in to open again ('' where that is over), NULL where none waits.
ALTER TABLE provider_start ADD COLUMN again TEXT;
