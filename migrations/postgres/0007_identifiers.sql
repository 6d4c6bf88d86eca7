-- What names whoever an erasure is about: written down before anything goes, so that the read-back knows what to look for.
CREATE TABLE erasure_identifiers (
    erasure_id TEXT NOT NULL REFERENCES erasures (id),
    kind       TEXT NOT NULL CHECK (kind IN ('organization', 'user', 'contact')),
    subject_id TEXT NOT NULL,
    sealed     BYTEA NOT NULL,               -- JSON: numbers, addresses, names of files; destroyed with the proof
    PRIMARY KEY (erasure_id, kind, subject_id)
);
