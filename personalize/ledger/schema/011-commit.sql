-- The number of the last transaction that each connection committed: one that was lost in the moment of a COMMIT looks
-- here whether it was done. A server's only.

CREATE TABLE last_commit (
  program INTEGER NOT NULL PRIMARY KEY,
  number INTEGER NOT NULL
);
