-- What Meta has not confirmed in time, and is asked for without the data.

CREATE TABLE meta_remainders (
    id         TEXT NOT NULL PRIMARY KEY,
    erasure_id TEXT NOT NULL,
    position   INTEGER NOT NULL,    -- the step of the erasure that gave up waiting
    sealed     BLOB NOT NULL,       -- JSON: what to do, Meta's ids, the token; under a data key of its own
    created_at INTEGER NOT NULL,
    keep_until INTEGER NOT NULL,    -- after that Meta is not asked any more
    FOREIGN KEY (erasure_id, position) REFERENCES erasure_steps (erasure_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX meta_remainders_by_step ON meta_remainders (erasure_id, position);
CREATE INDEX meta_remainders_by_term ON meta_remainders (keep_until);
