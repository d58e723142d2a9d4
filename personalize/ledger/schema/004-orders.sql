-- Orders: they wait, a station claims one for a while, begins it on a chip, and ends it. Moments are seconds since 1970
-- UTC. State: 0 received, 1 prepared, 2 writing, 3 personalized, 4 issued, 5 voided. Texts are empty until they are known.

CREATE TABLE orders (
  id IDENTITY,
  order_id TEXT NOT NULL UNIQUE,
  order_sha256 TEXT NOT NULL,
  batch TEXT NOT NULL,
  received INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 5),
  held_reason TEXT NOT NULL DEFAULT '',
  claimed_by TEXT NOT NULL DEFAULT '',
  claimed_until INTEGER NOT NULL DEFAULT 0,
  lease INTEGER NOT NULL DEFAULT 0,
  card_number TEXT UNIQUE,
  patent_number TEXT NOT NULL DEFAULT '',
  previous_card_number TEXT NOT NULL DEFAULT '',
  chip_serial TEXT NOT NULL DEFAULT '',
  image_sha256 TEXT NOT NULL DEFAULT '',
  signed_at INTEGER NOT NULL DEFAULT 0,
  activate_at_handover INTEGER NOT NULL DEFAULT 0,
  status_list_uri TEXT NOT NULL DEFAULT '',
  status_index INTEGER NOT NULL DEFAULT 0,
  blank_number TEXT NOT NULL DEFAULT '',
  void_reason TEXT NOT NULL DEFAULT '',
  ended INTEGER,
  CHECK (state NOT BETWEEN 1 AND 4 OR card_number IS NOT NULL),
  CHECK (state NOT BETWEEN 2 AND 4 OR chip_serial <> ''),
  CHECK ((state >= 4) = (ended IS NOT NULL))
);
CREATE INDEX order_waiting ON orders (id) WHERE state <= 1 AND held_reason = '';
CREATE INDEX order_claimed ON orders (claimed_by) WHERE claimed_by <> '';
CREATE INDEX order_of_patent ON orders (patent_number) WHERE patent_number <> '';
CREATE INDEX order_of_chip ON orders (chip_serial) WHERE chip_serial <> '';
CREATE UNIQUE INDEX one_card_of_a_chip ON orders (chip_serial) WHERE chip_serial <> '' AND state <> 5;
CREATE INDEX order_ended ON orders (ended) WHERE ended IS NOT NULL;

-- What is personal: encrypted under a key of the vault, and erased when its time is over. Kind: 0 the order's document,
-- 1 print form, 2 image.
CREATE TABLE order_content (
  orders_id INTEGER NOT NULL REFERENCES orders (id),
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),
  content BYTES NOT NULL,
  PRIMARY KEY (orders_id, kind)
);

-- Who bears the number now. Two stations that want one wait for each other here.
CREATE TABLE patent_holder (
  patent_number TEXT NOT NULL PRIMARY KEY,
  orders_id INTEGER NOT NULL REFERENCES orders (id)
);

-- What was about to change a chip.
CREATE TABLE order_step (
  id IDENTITY,
  orders_id INTEGER NOT NULL REFERENCES orders (id),
  number INTEGER NOT NULL,
  step TEXT NOT NULL,
  station TEXT NOT NULL,
  moment INTEGER NOT NULL
);
CREATE INDEX step_of_order ON order_step (orders_id);
APPEND ONLY order_step;

CREATE TABLE receipt (
  orders_id INTEGER NOT NULL PRIMARY KEY REFERENCES orders (id),
  content TEXT NOT NULL
);
APPEND ONLY receipt;
