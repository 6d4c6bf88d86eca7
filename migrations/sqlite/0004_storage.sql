-- How far a step has come, and when storage was last written anew.

ALTER TABLE erasure_steps ADD COLUMN reached TEXT; -- JSON: the primary key behind which rows are left; what is gone is never read again

-- Postgres leaves deleted bytes where they were until the storage that held them is rewritten. SQLite overwrites at once, but for
-- the gaps of its pages: two rows here count the passes over the file that have begun, and name the last that ended.
CREATE TABLE storage_rewrites (
    relation TEXT NOT NULL PRIMARY KEY,        -- a table or a partition; here: which of the two it is
    began_at INTEGER NOT NULL,                 -- when
    horizon INTEGER NOT NULL                   -- what transactions before this one deleted is in no file any more, 0: it has to be written anew; here: the number of a pass
) STRICT, WITHOUT ROWID;
