-- Cards, what became of them, and what was published of that. Days are YYYYMMDD, moments are seconds since 1970 UTC.

CREATE TABLE list (
  id IDENTITY,
  uri TEXT NOT NULL UNIQUE,
  taken INTEGER NOT NULL DEFAULT 0
);

-- An index belongs to one card for ever, also when its order was voided.
CREATE TABLE list_entry (
  list_id INTEGER NOT NULL REFERENCES list (id),
  list_index INTEGER NOT NULL,
  order_id TEXT UNIQUE,
  PRIMARY KEY (list_id, list_index)
);

CREATE TABLE card (
  id IDENTITY,
  card_number TEXT NOT NULL UNIQUE,
  patent_number TEXT NOT NULL,
  holder_inn TEXT NOT NULL,
  territory_oktmo TEXT NOT NULL,
  issue_date INTEGER NOT NULL,
  issuing_unit TEXT NOT NULL,
  policy INTEGER NOT NULL CHECK (policy IN (1, 2)),
  list_id INTEGER NOT NULL,
  list_index INTEGER NOT NULL,
  UNIQUE (list_id, list_index),
  FOREIGN KEY (list_id, list_index) REFERENCES list_entry (list_id, list_index)
);
-- All that the matching of a payment asks of a card: it need not look at the card itself.
CREATE INDEX card_of_holder ON card (holder_inn, card_number, territory_oktmo, issue_date);

CREATE TABLE status (
  id IDENTITY,
  card_id INTEGER NOT NULL REFERENCES card (id),
  sequence INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state IN (0, 1, 2, 3, 12, 13, 14, 15)),
  reason INTEGER NOT NULL,
  months_paid INTEGER NOT NULL CHECK (months_paid BETWEEN 0 AND 12),
  as_of INTEGER NOT NULL,
  issuing_unit TEXT NOT NULL,
  policy INTEGER NOT NULL CHECK (policy IN (1, 2)),
  UNIQUE (card_id, sequence)
);
APPEND ONLY status;

CREATE TABLE publication (
  kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
  list_id INTEGER NOT NULL REFERENCES list (id),
  version INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  time_to_live INTEGER NOT NULL,
  aggregation_uri TEXT NOT NULL,
  up_to INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  PRIMARY KEY (kind, list_id, version)
);
APPEND ONLY publication;
