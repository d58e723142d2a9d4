-- Who may sign no more, from a moment on; what they signed before holds.
CREATE TABLE signatory_end (
  id IDENTITY,
  signatory_id INTEGER NOT NULL UNIQUE REFERENCES signatory (id),
  dismissed_by TEXT NOT NULL,
  witness TEXT NOT NULL CHECK (witness <> dismissed_by),
  moment INTEGER NOT NULL
);
APPEND ONLY signatory_end;
