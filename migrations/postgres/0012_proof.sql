-- Proof and backups: the keys that sign receipts, how far this database has followed the ledger, what the last look at the
-- backups saw.

CREATE TABLE receipt_keys (
    id          TEXT NOT NULL PRIMARY KEY,     -- the beginning of the SHA-256 of the public half
    public_key  TEXT NOT NULL,                 -- Ed25519, in base64; stays published for the receipts that it signed
    sealed      BYTEA,                         -- the secret half; NULL once the key signs no more
    created_at  BIGINT NOT NULL,
    retired_at  BIGINT                         -- since when it signs no more
);

-- Everything that the ledger held up to this line has come true here. A database whose row lags behind is an older copy.
CREATE TABLE ledger_bookmark (
    id          BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),  -- one row
    ledger      TEXT NOT NULL,                 -- the ledger's name
    sequence    BIGINT NOT NULL,               -- the number of the line
    head        TEXT NOT NULL,                 -- its hash, so that no other ledger passes for it
    generation  BIGINT NOT NULL,               -- restores that had begun: an older number was replaced by a restore
    restore_id  TEXT,                          -- set: a copy that was put in place and may not be opened yet
    backup_id   TEXT                           -- … and the backup that it came from
);

CREATE TABLE backup_watch (
    id          BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),  -- one row
    looked_at   BIGINT NOT NULL,               -- when the store was last looked at; 0: never
    copies      BIGINT NOT NULL,               -- backups that could be restored
    unreadable  BIGINT NOT NULL,               -- … that could not, and are there all the same
    bytes       BIGINT NOT NULL,               -- of all of them
    oldest_at   BIGINT,                        -- when the oldest was made; NULL: there is none
    newest_at   BIGINT,                        -- when the newest was made that could be restored
    held_by     TEXT,                          -- the worker that makes one
    held_until  BIGINT NOT NULL DEFAULT 0      -- … until then, unless it gives word
);
