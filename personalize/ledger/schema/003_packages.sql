-- Trust packages as they were built: all but the lists (base64 of card/patent/trust_package.hpp), and which lists.

CREATE TABLE package (
  version INTEGER PRIMARY KEY,
  content TEXT NOT NULL
);
APPEND ONLY package;

CREATE TABLE package_list (
  package INTEGER NOT NULL REFERENCES package (version),
  kind INTEGER NOT NULL,
  list_id INTEGER NOT NULL,
  publication INTEGER NOT NULL,
  PRIMARY KEY (package, kind, list_id),
  FOREIGN KEY (kind, list_id, publication) REFERENCES publication (kind, list_id, version)
);
APPEND ONLY package_list;
