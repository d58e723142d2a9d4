-- Envelopes of orders as they came, so that none is taken twice: a signer's counter only grows.

CREATE TABLE intake_envelope (
  batch_id TEXT NOT NULL,
  signer TEXT NOT NULL,
  counter INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  orders INTEGER NOT NULL,
  received INTEGER NOT NULL,
  PRIMARY KEY (signer, batch_id),
  UNIQUE (signer, counter)
);
APPEND ONLY intake_envelope;
