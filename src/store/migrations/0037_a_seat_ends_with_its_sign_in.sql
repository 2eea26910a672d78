-- Of staff, the sign-in that a seat was taken with: when that is ended, so is the seat. Empty: a member's, a supporter's, or from before.
ALTER TABLE seat_pass ADD COLUMN sign_in TEXT NOT NULL DEFAULT '';
