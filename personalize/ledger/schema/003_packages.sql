-- Trust packages as they were built: all but the lists (base64 of card/patent/trust_package.hpp), and which lists.

CREATE TABLE package (
  version INTEGER PRIMARY KEY,
  content TEXT NOT NULL
);
CREATE TRIGGER package_stays BEFORE UPDATE ON package
BEGIN
  SELECT RAISE(ABORT, 'what was published stays so');
END;
CREATE TRIGGER package_is_kept BEFORE DELETE ON package
BEGIN
  SELECT RAISE(ABORT, 'what was published stays so');
END;

CREATE TABLE package_list (
  package INTEGER NOT NULL REFERENCES package (version),
  kind INTEGER NOT NULL,
  list_id INTEGER NOT NULL,
  publication INTEGER NOT NULL,
  PRIMARY KEY (package, kind, list_id),
  FOREIGN KEY (kind, list_id, publication) REFERENCES publication (kind, list_id, version)
);
CREATE TRIGGER package_list_stays BEFORE UPDATE ON package_list
BEGIN
  SELECT RAISE(ABORT, 'what was published stays so');
END;
CREATE TRIGGER package_list_is_kept BEFORE DELETE ON package_list
BEGIN
  SELECT RAISE(ABORT, 'what was published stays so');
END;
