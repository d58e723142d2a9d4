-- The audit chain of each station: line by line, with SHA-256 over the hash before and the line. The head names the
-- last line, and keeps two programs of one station from writing the same number.

CREATE TABLE audit_line (
  station TEXT NOT NULL,
  number INTEGER NOT NULL,
  line TEXT NOT NULL,
  hash BYTES NOT NULL,
  PRIMARY KEY (station, number)
);
APPEND ONLY audit_line;

CREATE TABLE audit_head (
  station TEXT NOT NULL,
  number INTEGER NOT NULL,
  hash BYTES NOT NULL,
  signed_number INTEGER NOT NULL,
  PRIMARY KEY (station)
);
