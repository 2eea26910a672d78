-- Planned after the last message that went to them: nobody has told them of it yet.
ALTER TABLE message_told ADD COLUMN unheard INTEGER NOT NULL DEFAULT 0 CHECK (unheard IN (0, 1));
-- Until when a message about one session is of use: before it begins, and before the time that they still believe in.
ALTER TABLE message ADD COLUMN useful_until_us INTEGER;
-- They know all of it already: where it comes too late, nobody needs to see to it.
ALTER TABLE message ADD COLUMN needless INTEGER NOT NULL DEFAULT 0 CHECK (needless IN (0, 1));
-- Of a sign-in at the provider: the person has to show once more who they are.
ALTER TABLE provider_start ADD COLUMN anew INTEGER NOT NULL DEFAULT 0 CHECK (anew IN (0, 1));
