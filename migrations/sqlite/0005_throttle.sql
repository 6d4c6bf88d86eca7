-- What an operator has set while work goes on. No row: nothing is set.
CREATE TABLE job_throttles (
    kind            TEXT    NOT NULL PRIMARY KEY CHECK (kind IN ('erasure', 'letter', 'archive', 'remainder', 'request', 'proof', 'ledger')),
    paused_at       INTEGER,                                     -- unix milliseconds; nothing of this kind is worked on
    rows_per_second INTEGER CHECK (rows_per_second > 0),         -- all workers together
    free_at         INTEGER NOT NULL DEFAULT 0                   -- unix milliseconds; the rate is used up until then
) STRICT, WITHOUT ROWID;
