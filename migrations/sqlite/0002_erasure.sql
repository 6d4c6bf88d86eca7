-- This product's own tables: sign-in, codes, erasures, durable work, what is kept and why.

CREATE TABLE deployment (
    only_row        INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1), -- there is one deployment in a database
    id              TEXT NOT NULL,             -- random: part of everything that is sealed
    created_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Names of master keys; the keys themselves are in a file. One, or two while a rotation is unfinished.
CREATE TABLE master_keys (
    id              TEXT NOT NULL PRIMARY KEY, -- derived from the key, says nothing about it
    role            TEXT NOT NULL UNIQUE CHECK (role IN ('current', 'retiring')), -- data keys are wrapped under the current one
    since           INTEGER NOT NULL,
    lease_token     TEXT,                      -- of a key that retires: names the process that wraps its data keys anew
    lease_until     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE data_keys (
    id              TEXT NOT NULL PRIMARY KEY,
    scope           TEXT NOT NULL UNIQUE,      -- "root", "deployment", "organization/<id>", "archive/<id>", "remainder/<id>", "openings/<year>": what the key opens
    organization_id TEXT REFERENCES organizations (id), -- set: the key dies with that organization
    master_key_id   TEXT NOT NULL REFERENCES master_keys (id), -- under which it is wrapped
    wrapped         BLOB NOT NULL,             -- the key, sealed under the master key
    created_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX data_keys_by_master_key ON data_keys (master_key_id, id);
CREATE INDEX data_keys_by_organization ON data_keys (organization_id) WHERE organization_id IS NOT NULL;

CREATE TABLE sessions (
    id            TEXT NOT NULL PRIMARY KEY,
    user_id       TEXT NOT NULL REFERENCES users (id),
    token_hash    BLOB NOT NULL UNIQUE,        -- SHA-256 of the 256-bit token in the cookie
    created_at    INTEGER NOT NULL,
    proved_at     INTEGER NOT NULL,            -- when the password was last typed
    seen_at       INTEGER NOT NULL             -- moves with use: the idle time-out counts from here
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE deletion_codes (
    id             TEXT NOT NULL PRIMARY KEY,
    user_id        TEXT NOT NULL REFERENCES users (id),
    session_id     TEXT NOT NULL,              -- the code works in this session only
    plan_hash      BLOB NOT NULL,              -- … and for exactly the plan that was shown
    code_hash      TEXT NOT NULL,              -- Argon2id over a keyed digest of the code
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    tries_left     INTEGER NOT NULL CHECK (tries_left >= 0),
    used_at        INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX deletion_codes_by_user ON deletion_codes (user_id);

CREATE TABLE code_failures (
    user_id        TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    failures       INTEGER NOT NULL,           -- wrong codes since `since`; a new code does not reset it
    since          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rate_limits (
    bucket         BLOB NOT NULL PRIMARY KEY,  -- keyed digest of what is counted (an address, a network, a session)
    full_at        INTEGER NOT NULL            -- when the allowance is whole again; the row is swept after that
) STRICT, WITHOUT ROWID;

CREATE TABLE erasures (
    id                TEXT NOT NULL PRIMARY KEY,
    reference         TEXT NOT NULL UNIQUE,    -- what people quote: no secret, opens nothing
    locale            TEXT NOT NULL CHECK (locale IN ('fr', 'en')),
    origin            TEXT NOT NULL CHECK (origin IN ('self_service', 'operator', 'request', 'staff', 'restore')),
    state             TEXT NOT NULL CHECK (state IN ('waiting', 'held', 'erasing', 'completed', 'cancelled')),
    confirmed_at      INTEGER NOT NULL,
    starts_at         INTEGER NOT NULL,        -- later than confirmed_at while other owners may cancel
    completed_at      INTEGER,
    session_hash      BLOB,                    -- the session that confirmed: a second submit is led to the same page
    capability_sealed BLOB NOT NULL,           -- the link's secret, for the mails
    recipient_sealed  BLOB,                    -- where the last mail goes; NULL once it was accepted
    receipt           TEXT                     -- JSON, no personal data
) STRICT, WITHOUT ROWID;
CREATE INDEX erasures_by_session ON erasures (session_hash) WHERE session_hash IS NOT NULL;

CREATE TABLE erasure_links (
    capability_hash BLOB NOT NULL PRIMARY KEY, -- SHA-256 of the secret in the link
    erasure_id      TEXT NOT NULL REFERENCES erasures (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_links_by_erasure ON erasure_links (erasure_id);

CREATE TABLE erasure_subjects (
    erasure_id   TEXT NOT NULL REFERENCES erasures (id),
    kind         TEXT NOT NULL CHECK (kind IN ('organization', 'user', 'contact')),
    subject_id   TEXT NOT NULL,                -- random internal ids: mean nothing once their rows are gone
    PRIMARY KEY (erasure_id, kind, subject_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_subjects_by_subject ON erasure_subjects (subject_id);

CREATE TABLE erasure_steps (
    erasure_id   TEXT NOT NULL REFERENCES erasures (id),
    position     INTEGER NOT NULL,
    stage        TEXT NOT NULL CHECK (stage IN ('inventory', 'meta', 'archive', 'anonymize', 'media', 'rows', 'mentions', 'scrub', 'verify', 'receipt')),
    subject_kind TEXT CHECK (subject_kind IN ('organization', 'user', 'contact')),
    subject_id   TEXT,
    target       TEXT,                         -- the table, the profile, the prefix that this step is about
    category     TEXT,                         -- of the product page; NULL: not counted for the person
    expected     INTEGER,                      -- counted behind the fence, before anything goes
    erased       INTEGER NOT NULL DEFAULT 0,
    done_at      INTEGER,
    outcome      TEXT,                         -- how an outside service answered
    evidence     TEXT,                         -- JSON: what came back, as Meta's support asks for it; nothing about a person
    PRIMARY KEY (erasure_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
    id           TEXT NOT NULL PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('erasure', 'letter', 'archive', 'remainder', 'request', 'proof', 'ledger')),
    subject      TEXT NOT NULL UNIQUE,         -- the erasure's, the letter's, the archive record's, the request's or the challenge's id; "ledger/<erasure>"
    due_at       INTEGER NOT NULL,
    lease_token  TEXT,                         -- names the worker that may write
    lease_until  INTEGER NOT NULL DEFAULT 0,   -- 0: nobody's
    attempts     INTEGER NOT NULL DEFAULT 0,   -- claims since the last progress
    cause        TEXT,                         -- why the last attempt did not finish
    parked_at    INTEGER,                      -- a person has to look
    done_at      INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_due ON jobs (kind, due_at, id) WHERE done_at IS NULL AND parked_at IS NULL;

CREATE TABLE letters (
    id               TEXT NOT NULL PRIMARY KEY,  -- also the stable part of the Message-ID
    kind             TEXT NOT NULL CHECK (kind IN ('deletion_code', 'deletion_started', 'deletion_announced', 'deletion_ordered', 'deletion_cancelled', 'deletion_completed', 'deletion_held', 'deletion_resumed', 'data_exported',
                                                    'request_received', 'request_joined', 'request_code', 'request_expired', 'request_extended',
                                                    'request_refused', 'request_completed', 'request_link', 'request_controller', 'request_objection', 'request_mailed',
                                                    'whatsapp_disconnected', 'facebook_login_erased', 'staff_invited', 'staff_notice')),
    locale           TEXT NOT NULL CHECK (locale IN ('fr', 'en')),
    user_id          TEXT,                       -- whose it is, so that it dies with them
    recipient_sealed BLOB NOT NULL,
    facts_sealed     BLOB NOT NULL,              -- JSON: what the template fills in
    erasure_id       TEXT REFERENCES erasures (id),
    request_id       TEXT,                       -- whose request it is about
    queued_at        INTEGER NOT NULL,
    expires_at       INTEGER                     -- a code that is no longer valid is not worth sending
) STRICT, WITHOUT ROWID;
CREATE INDEX letters_by_user ON letters (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX letters_by_erasure ON letters (erasure_id) WHERE erasure_id IS NOT NULL;
CREATE INDEX letters_by_request ON letters (request_id) WHERE request_id IS NOT NULL;
