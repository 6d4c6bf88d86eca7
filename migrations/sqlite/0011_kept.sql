-- What is kept, why and until when: archives, who opened them, security logs about nobody, legal holds.

CREATE INDEX invoices_by_issue ON invoices (organization_id, issued_at, id); -- in which order they are sealed
CREATE INDEX security_events_by_time ON security_events (organization_id, occurred_at); -- a day is anonymized as a whole
CREATE INDEX jobs_by_end ON jobs (done_at) WHERE done_at IS NOT NULL; -- finished ones are swept

-- One record for the invoices of one erased organization. It names nobody: it is found by the reference of the erasure.
CREATE TABLE archives (
    id              TEXT NOT NULL PRIMARY KEY,
    erasure_id      TEXT NOT NULL,             -- outlives the erasure's own row
    reference       TEXT NOT NULL,             -- what people quote of that erasure
    kind            TEXT NOT NULL CHECK (kind IN ('billing')),
    country         TEXT NOT NULL,             -- ISO 3166-1 alpha-2, the customer's: it chose the term
    basis           TEXT NOT NULL,             -- the statute, in words
    records         INTEGER NOT NULL,          -- invoices
    pages           INTEGER NOT NULL,          -- that were ever sealed
    contents_sealed BLOB,                      -- JSON: every page and its end, so that none can be taken away unnoticed; NULL while it is written
    created_at      INTEGER NOT NULL,
    keep_until      INTEGER NOT NULL           -- when its last page ends, and with it its key
) STRICT, WITHOUT ROWID;
CREATE INDEX archives_by_erasure ON archives (erasure_id);
CREATE INDEX archives_by_term ON archives (keep_until);

-- The invoices whose term ends on the same day, under the record's own data key. A page goes on its day.
CREATE TABLE archive_pages (
    archive_id      TEXT NOT NULL REFERENCES archives (id),
    position        INTEGER NOT NULL,
    sealed          BLOB NOT NULL,             -- JSON
    keep_until      INTEGER NOT NULL,
    PRIMARY KEY (archive_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_pages_by_term ON archive_pages (keep_until);

-- Who asked for what of the archive, on which basis and why. Rows are only ever added, and each carries a keyed digest of the one
-- before it. Names and reasons lie under a key of their year; when that key goes, the row stays and is about nobody.
CREATE TABLE archive_openings (
    number          INTEGER NOT NULL PRIMARY KEY, -- 1, 2, 3 … without a gap
    act             TEXT NOT NULL CHECK (act IN ('proposed', 'approved', 'opened', 'ended')),
    archive_id      TEXT NOT NULL,             -- outlives the record
    basis           TEXT,                      -- the legal basis that was stated; NULL: its term ended it
    person_sealed   BLOB,                      -- whose act it was
    reason_sealed   BLOB,                      -- why, in that person's words
    happened_at     INTEGER NOT NULL,
    chain           BLOB NOT NULL              -- keyed digest of this row and of the chain of the one before
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_openings_by_archive ON archive_openings (archive_id);

CREATE TRIGGER archive_openings_stand BEFORE UPDATE ON archive_openings
BEGIN SELECT RAISE(ABORT, 'the record of openings is only ever added to'); END;
CREATE TRIGGER archive_openings_stay BEFORE DELETE ON archive_openings
BEGIN SELECT RAISE(ABORT, 'the record of openings is only ever added to'); END;

-- How many security events of a kind came from a network in a span of time, of at least five people. Nothing in it can be told apart.
CREATE TABLE anonymous_security_events (
    kind            TEXT NOT NULL,
    network         TEXT NOT NULL,             -- IPv4 /16 or /8, IPv6 /32 or /16; empty: any
    since           INTEGER NOT NULL,          -- where the span begins
    hours           INTEGER NOT NULL CHECK (hours IN (1, 24)),
    events          INTEGER NOT NULL CHECK (events >= 5),
    keep_until      INTEGER NOT NULL,
    PRIMARY KEY (kind, network, since, hours)
) STRICT, WITHOUT ROWID;
CREATE INDEX anonymous_security_events_by_term ON anonymous_security_events (keep_until);

-- What may not be erased for now, because the law or a claim needs it.
CREATE TABLE holds (
    id              TEXT NOT NULL PRIMARY KEY,
    kind            TEXT NOT NULL CHECK (kind IN ('organization', 'contact', 'case')),
    subject_id      TEXT NOT NULL,             -- a random internal id
    of_organization TEXT,                      -- the organization that it lies in; NULL for a case
    basis           TEXT NOT NULL CHECK (basis IN ('legal_claim', 'legal_obligation', 'authority')),
    owner_sealed    BLOB NOT NULL,             -- who answers for it
    note_sealed     BLOB,                      -- a file number or the like
    placed_at       INTEGER NOT NULL,
    review_at       INTEGER NOT NULL,          -- past it and not reviewed: an alarm
    expires_at      INTEGER NOT NULL,          -- past it, it ends by itself
    ended_at        INTEGER,
    ending          TEXT CHECK (ending IN ('lifted', 'expired'))
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_by_organization ON holds (of_organization);
CREATE INDEX holds_by_subject ON holds (subject_id);

-- Which deletions a hold keeps waiting, and since when.
CREATE TABLE erasure_holds (
    erasure_id      TEXT NOT NULL REFERENCES erasures (id),
    hold_id         TEXT NOT NULL,
    since           INTEGER NOT NULL,
    PRIMARY KEY (erasure_id, hold_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_holds_by_hold ON erasure_holds (hold_id);

-- What one person proposes and a second must approve.
CREATE TABLE approvals (
    id                 TEXT NOT NULL PRIMARY KEY,
    act                TEXT NOT NULL CHECK (act IN ('lift_hold', 'open_archives', 'refuse', 'erase')),
    subjects           TEXT NOT NULL,          -- JSON: the ids that it is about
    basis              TEXT,                   -- the legal basis that was stated, where one is asked for
    detail             TEXT,                   -- JSON: what exactly was proposed, in fixed words, where the act does not say it
    proposed_by_sealed BLOB NOT NULL,
    reason_sealed      BLOB NOT NULL,
    proposed_at        INTEGER NOT NULL,
    expires_at         INTEGER NOT NULL,
    approved_by_sealed BLOB,
    approved_at        INTEGER,
    used_at            INTEGER                 -- it serves once
) STRICT, WITHOUT ROWID;
