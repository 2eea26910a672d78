-- A supporter accepts the group's agreement for themselves.
CREATE TABLE supporter_agreement (
  agreement TEXT NOT NULL REFERENCES group_agreement (id),
  supporter TEXT NOT NULL REFERENCES supporter (id),
  at_us INTEGER NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('self', 'aloud', 'on_paper')),
  staff TEXT REFERENCES staff (id), -- who noted it, where the supporter did not do it themselves
  PRIMARY KEY (agreement, supporter)
) STRICT;
CREATE INDEX supporter_agreement_by_supporter ON supporter_agreement (supporter);
