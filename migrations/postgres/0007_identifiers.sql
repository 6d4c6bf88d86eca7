-- What names whoever an erasure is about: written down before anything goes, so that the read-back knows what to look for.
CREATE TABLE erasure_identifiers (
    erasure_id TEXT NOT NULL REFERENCES erasures (id),
    kind       TEXT NOT NULL CHECK (kind IN ('organization', 'user', 'contact')),
    subject_id TEXT NOT NULL,
    sealed     BYTEA NOT NULL,               -- JSON: numbers, addresses, names of files; destroyed with the proof
    PRIMARY KEY (erasure_id, kind, subject_id)
);

-- Those that wait for their read-back: one searches for many of them.
CREATE INDEX erasure_steps_to_read_back ON erasure_steps (erasure_id) WHERE stage = 'verify' AND done_at IS NULL AND reached IS NULL;
