-- How far a step has come, and when storage was last written anew.

ALTER TABLE erasure_steps ADD COLUMN reached TEXT; -- JSON: the primary key behind which rows are left; what is gone is never read again

-- Postgres leaves deleted bytes where they were until the storage that held them is rewritten. On SQLite two rows count the
-- passes over the file.
CREATE TABLE storage_rewrites (
    relation TEXT NOT NULL PRIMARY KEY,        -- a table or a partition
    began_at BIGINT NOT NULL,                  -- when
    horizon BIGINT NOT NULL                    -- what transactions before this one deleted is in no file any more; 0: it has to be written anew
);
