-- Blanks, where each went, and the shifts in which that was. Moments are seconds since 1970 UTC.

CREATE TABLE shift (
  id IDENTITY,
  station TEXT NOT NULL,
  operator_name TEXT NOT NULL,
  opened INTEGER NOT NULL,
  received_before INTEGER NOT NULL,
  issued_before INTEGER NOT NULL,
  rejected_before INTEGER NOT NULL,
  destroyed_before INTEGER NOT NULL,
  remaining_before INTEGER NOT NULL,
  closed INTEGER CHECK (closed >= opened),
  closed_by TEXT,
  witnessed_by TEXT,
  received_after INTEGER,
  issued_after INTEGER,
  rejected_after INTEGER,
  destroyed_after INTEGER,
  remaining_after INTEGER,
  CHECK (received_before = issued_before + rejected_before + destroyed_before + remaining_before),
  CHECK (closed IS NULL OR COALESCE(
    closed_by <> witnessed_by AND
    received_after = issued_after + rejected_after + destroyed_after + remaining_after, 1 = 0))
);
CREATE UNIQUE INDEX one_open_shift ON shift (station) WHERE closed IS NULL;

-- An order has one blank, and a blank one order and one chip, for ever.
CREATE TABLE blank (
  number TEXT NOT NULL PRIMARY KEY,
  product TEXT NOT NULL,
  delivery TEXT NOT NULL,
  chip_serial TEXT UNIQUE,
  order_id TEXT UNIQUE,
  station TEXT,
  UNIQUE (number, order_id),
  CHECK (order_id IS NULL OR (chip_serial IS NOT NULL AND station IS NOT NULL))
);

-- Each place is come to once, and left once: 0 received, 1 issued, 2 rejected, 3 destroyed. So a blank cannot be issued
-- and rejected, nor issued twice, whoever writes here; what was received is issued, rejected, destroyed or remains.
CREATE TABLE blank_movement (
  id IDENTITY,
  blank TEXT NOT NULL REFERENCES blank (number),
  place INTEGER NOT NULL CHECK (place BETWEEN 0 AND 3),
  came_from INTEGER,
  order_id TEXT,
  shift_id INTEGER REFERENCES shift (id),
  station TEXT NOT NULL,
  operator_name TEXT NOT NULL,
  witness TEXT NOT NULL,
  reason TEXT NOT NULL,
  moment INTEGER NOT NULL,
  UNIQUE (blank, place),
  UNIQUE (blank, came_from),
  FOREIGN KEY (blank, came_from) REFERENCES blank_movement (blank, place),
  FOREIGN KEY (blank, order_id) REFERENCES blank (number, order_id),
  CHECK (COALESCE(came_from, -1) = CASE place WHEN 0 THEN -1 WHEN 3 THEN 2 ELSE 0 END),
  CHECK (place <> 1 OR order_id IS NOT NULL),
  CHECK (place <> 3 OR (witness <> '' AND witness <> operator_name))
);
APPEND ONLY blank_movement;

CREATE VIEW blank_now AS
SELECT number, product, chip_serial, delivery, order_id,
  (SELECT MAX(place) FROM blank_movement WHERE blank = number) AS place,
  COALESCE((SELECT reason FROM blank_movement WHERE blank = number AND place = 2), '') AS reason
FROM blank;

-- Who signs for shifts and destroyed blanks, each by a key of their own; the newest of a name counts.
CREATE TABLE signatory (
  id IDENTITY,
  name TEXT NOT NULL CHECK (name <> ''),
  spki BYTES NOT NULL UNIQUE,
  enrolled_by TEXT NOT NULL,
  moment INTEGER NOT NULL
);
CREATE INDEX signatory_of_name ON signatory (name);
APPEND ONLY signatory;

-- ECDSA with SHA-256 over the statement, as plain r || s. The subject: "shift/3", "blank/AB1234567".
CREATE TABLE stock_signature (
  id IDENTITY,
  subject TEXT NOT NULL,
  statement TEXT NOT NULL,
  signatory_id INTEGER NOT NULL REFERENCES signatory (id),
  signature BYTES NOT NULL,
  UNIQUE (subject, signatory_id)
);
APPEND ONLY stock_signature;
