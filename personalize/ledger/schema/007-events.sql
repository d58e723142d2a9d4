-- What the world outside is told, in the order in which it happened, and how far each receiver has got. The counter is
-- no sequence of the engine's: a number that is seen must never be followed by a smaller one that was slower.

CREATE TABLE event_counter (
  name TEXT NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (name)
);

CREATE TABLE event (
  sequence INTEGER NOT NULL,
  event_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  card_number TEXT NOT NULL,
  patent_number TEXT NOT NULL,
  order_id TEXT NOT NULL,
  happened_at INTEGER NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (sequence)
);
APPEND ONLY event;

CREATE TABLE event_receiver (
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (name)
);
