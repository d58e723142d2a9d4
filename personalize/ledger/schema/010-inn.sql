-- No INN stands in the clear: a card has its holder's pseudonym, a payment its payer's INN under a key of the vault. NULL
-- where it is forgotten. What an older version left in the clear waits for the first who comes with that key; a row of
-- neither says that it still stands in what was deleted.

CREATE TABLE ledger_key (
  check_value TEXT NOT NULL PRIMARY KEY
);

CREATE TABLE clear_inn (
  id IDENTITY,
  card_id INTEGER UNIQUE REFERENCES card (id),
  payment_id INTEGER UNIQUE REFERENCES payment (id),
  inn TEXT NOT NULL
);
INSERT INTO clear_inn (card_id, inn) SELECT id, holder_inn FROM card;
INSERT INTO clear_inn (payment_id, inn) SELECT id, payer_inn FROM payment;
INSERT INTO clear_inn (inn) SELECT '' WHERE EXISTS (SELECT 1 FROM clear_inn);

-- All that the matching of a payment asks of a card: it need not look at the card itself.
DROP INDEX card_of_holder;
ALTER TABLE card DROP COLUMN holder_inn;
ALTER TABLE card ADD COLUMN holder TEXT;
CREATE INDEX card_of_holder ON card (holder, card_number, territory_oktmo, issue_date);
ALTER TABLE payment DROP COLUMN payer_inn;
ALTER TABLE payment ADD COLUMN payer BYTES;
