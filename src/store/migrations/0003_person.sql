-- The people the service is for. Columns that end in _sealed hold what store/key_ring sealed; search goes by blind indexes.
CREATE TABLE person (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  team TEXT NOT NULL REFERENCES team (id),
  legal_name_sealed BLOB NOT NULL,
  preferred_name_sealed BLOB,
  nhs_number_sealed BLOB,
  nhs_number_index BLOB UNIQUE,
  birth_date_sealed BLOB,
  contacts_sealed BLOB,          -- JSON: e-mail, mobile, telephone, address lines, postcode, when the address was confirmed
  emergency_contact_sealed BLOB, -- JSON: name, relation, telephone
  safe_contact_sealed BLOB,      -- JSON: method, hours, what else to know
  preferences_sealed BLOB,       -- JSON: way of taking part, software, language, interpreter, format
  protected_sealed BLOB,         -- JSON: the nine characteristics, each may be "prefer not to say"
  decile INTEGER CHECK (decile BETWEEN 1 AND 10), -- of deprivation; 1 is the most deprived
  decile_year INTEGER,
  made_us INTEGER NOT NULL,
  changed_us INTEGER NOT NULL,
  legal_hold INTEGER NOT NULL DEFAULT 0 CHECK (legal_hold IN (0, 1))
) STRICT;
CREATE INDEX person_by_team ON person (team, id);

CREATE TABLE person_need (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  category TEXT NOT NULL,  -- '001' … '011', reasonable adjustments
  code TEXT,               -- SNOMED CT
  note_sealed BLOB,
  made_us INTEGER NOT NULL
) STRICT;
CREATE INDEX person_need_by_person ON person_need (person);

-- Blind indexes of words and beginnings of words, of telephone numbers, e-mail addresses and postcodes.
CREATE TABLE person_search (
  token BLOB NOT NULL,
  person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  PRIMARY KEY (token, person)
) STRICT;
CREATE INDEX person_search_by_person ON person_search (person);

-- What the trust loaded: deprivation by postcode (no person in it).
CREATE TABLE postcode_decile (
  postcode TEXT PRIMARY KEY,
  decile INTEGER NOT NULL CHECK (decile BETWEEN 1 AND 10),
  year INTEGER NOT NULL
) STRICT;
