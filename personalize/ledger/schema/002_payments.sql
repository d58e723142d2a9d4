-- Payments as the treasury reported them, and whose they are. `reason` says why they are nobody's.

CREATE TABLE payment (
  id IDENTITY,
  uin TEXT NOT NULL UNIQUE,
  payer_inn TEXT NOT NULL,
  kbk TEXT NOT NULL,
  oktmo TEXT NOT NULL,
  kopecks INTEGER NOT NULL CHECK (kopecks > 0),
  paid_on INTEGER NOT NULL,
  known_on INTEGER NOT NULL,
  card_id INTEGER REFERENCES card (id),
  reason INTEGER NOT NULL,
  settled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX payment_of_card ON payment (card_id, settled) WHERE card_id IS NOT NULL;
CREATE INDEX payment_unmatched ON payment (reason) WHERE card_id IS NULL;
