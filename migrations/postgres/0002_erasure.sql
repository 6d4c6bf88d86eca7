-- This product's own tables: sign-in, codes, erasures, durable work, what is kept and why.

CREATE TABLE deployment (
    only_row        BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1), -- there is one deployment in a database
    id              TEXT NOT NULL,             -- random: part of everything that is sealed
    created_at      BIGINT NOT NULL
);

-- Names of master keys; the keys themselves are in a file. One, or two while a rotation is unfinished.
CREATE TABLE master_keys (
    id              TEXT NOT NULL PRIMARY KEY, -- derived from the key, says nothing about it
    role            TEXT NOT NULL UNIQUE CHECK (role IN ('current', 'retiring')), -- data keys are wrapped under the current one
    since           BIGINT NOT NULL,
    lease_token     TEXT,                      -- of a key that retires: names the process that wraps its data keys anew
    lease_until     BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE data_keys (
    id              TEXT NOT NULL PRIMARY KEY,
    scope           TEXT NOT NULL UNIQUE,      -- "root", "deployment", "organization/<id>", "archive/<id>", "remainder/<id>", "openings/<year>": what the key opens
    organization_id TEXT REFERENCES organizations (id), -- set: the key dies with that organization
    master_key_id   TEXT NOT NULL REFERENCES master_keys (id), -- under which it is wrapped
    wrapped         BYTEA NOT NULL,            -- the key, sealed under the master key
    created_at      BIGINT NOT NULL
);
CREATE INDEX data_keys_by_master_key ON data_keys (master_key_id, id);
CREATE INDEX data_keys_by_organization ON data_keys (organization_id) WHERE organization_id IS NOT NULL;

CREATE TABLE sessions (
    id            TEXT NOT NULL PRIMARY KEY,
    user_id       TEXT NOT NULL REFERENCES users (id),
    token_hash    BYTEA NOT NULL UNIQUE,       -- SHA-256 of the 256-bit token in the cookie
    created_at    BIGINT NOT NULL,
    proved_at     BIGINT NOT NULL,             -- when the password was last typed
    seen_at       BIGINT NOT NULL              -- moves with use: the idle time-out counts from here
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE deletion_codes (
    id             TEXT NOT NULL PRIMARY KEY,
    user_id        TEXT NOT NULL REFERENCES users (id),
    session_id     TEXT NOT NULL,              -- the code works in this session only
    plan_hash      BYTEA NOT NULL,             -- … and for exactly the plan that was shown
    code_hash      TEXT NOT NULL,              -- Argon2id over a keyed digest of the code
    created_at     BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL,
    tries_left     BIGINT NOT NULL CHECK (tries_left >= 0),
    used_at        BIGINT
);
CREATE INDEX deletion_codes_by_user ON deletion_codes (user_id);

CREATE TABLE code_failures (
    user_id        TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    failures       BIGINT NOT NULL,            -- wrong codes since `since`; a new code does not reset it
    since          BIGINT NOT NULL
);

CREATE TABLE rate_limits (
    bucket         BYTEA NOT NULL PRIMARY KEY,  -- keyed digest of what is counted (an address, a network, a session)
    full_at        BIGINT NOT NULL             -- when the allowance is whole again; the row is swept after that
);

CREATE TABLE erasures (
    id                TEXT NOT NULL PRIMARY KEY,
    reference         TEXT NOT NULL UNIQUE,    -- what people quote: no secret, opens nothing
    locale            TEXT NOT NULL CHECK (locale IN ('fr', 'en')),
    origin            TEXT NOT NULL CHECK (origin IN ('self_service', 'operator', 'request', 'staff', 'restore')),
    state             TEXT NOT NULL CHECK (state IN ('waiting', 'held', 'erasing', 'completed', 'cancelled')),
    confirmed_at      BIGINT NOT NULL,
    starts_at         BIGINT NOT NULL,         -- later than confirmed_at while other owners may cancel
    completed_at      BIGINT,
    session_hash      BYTEA,                   -- the session that confirmed: a second submit is led to the same page
    capability_sealed BYTEA NOT NULL,          -- the link's secret, for the mails
    recipient_sealed  BYTEA,                   -- where the last mail goes; NULL once it was accepted
    receipt           TEXT                     -- JSON, no personal data
);
CREATE INDEX erasures_by_session ON erasures (session_hash) WHERE session_hash IS NOT NULL;

CREATE TABLE erasure_links (
    capability_hash BYTEA NOT NULL PRIMARY KEY, -- SHA-256 of the secret in the link
    erasure_id      TEXT NOT NULL REFERENCES erasures (id)
);
CREATE INDEX erasure_links_by_erasure ON erasure_links (erasure_id);

CREATE TABLE erasure_subjects (
    erasure_id   TEXT NOT NULL REFERENCES erasures (id),
    kind         TEXT NOT NULL CHECK (kind IN ('organization', 'user', 'contact')),
    subject_id   TEXT NOT NULL,                -- random internal ids: mean nothing once their rows are gone
    PRIMARY KEY (erasure_id, kind, subject_id)
);
CREATE INDEX erasure_subjects_by_subject ON erasure_subjects (subject_id);

CREATE TABLE erasure_steps (
    erasure_id   TEXT NOT NULL REFERENCES erasures (id),
    position     BIGINT NOT NULL,
    stage        TEXT NOT NULL CHECK (stage IN ('inventory', 'meta', 'archive', 'anonymize', 'media', 'rows', 'mentions', 'scrub', 'verify', 'receipt')),
    subject_kind TEXT CHECK (subject_kind IN ('organization', 'user', 'contact')),
    subject_id   TEXT,
    target       TEXT,                         -- the table, the profile, the prefix that this step is about
    category     TEXT,                         -- of the product page; NULL: not counted for the person
    expected     BIGINT,                       -- counted behind the fence, before anything goes
    erased       BIGINT NOT NULL DEFAULT 0,
    done_at      BIGINT,
    outcome      TEXT,                         -- how an outside service answered
    evidence     TEXT,                         -- JSON: what came back, as Meta's support asks for it; nothing about a person
    PRIMARY KEY (erasure_id, position)
);

CREATE TABLE jobs (
    id           TEXT NOT NULL PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('erasure', 'letter', 'archive', 'remainder', 'request', 'proof', 'ledger')),
    subject      TEXT NOT NULL UNIQUE,         -- the erasure's, the letter's, the archive record's, the request's or the challenge's id; "ledger/<erasure>"
    due_at       BIGINT NOT NULL,
    lease_token  TEXT,                         -- names the worker that may write
    lease_until  BIGINT NOT NULL DEFAULT 0,   -- 0: nobody's
    attempts     BIGINT NOT NULL DEFAULT 0,   -- claims since the last progress
    cause        TEXT,                         -- why the last attempt did not finish
    parked_at    BIGINT,                       -- a person has to look
    done_at      BIGINT
);
CREATE INDEX jobs_due ON jobs (kind, due_at, id) WHERE done_at IS NULL AND parked_at IS NULL;

CREATE TABLE letters (
    id               TEXT NOT NULL PRIMARY KEY,  -- also the stable part of the Message-ID
    kind             TEXT NOT NULL CHECK (kind IN ('deletion_code', 'deletion_started', 'deletion_announced', 'deletion_ordered', 'deletion_cancelled', 'deletion_completed', 'deletion_held', 'deletion_resumed', 'data_exported',
                                                    'request_received', 'request_joined', 'request_code', 'request_expired', 'request_extended',
                                                    'request_refused', 'request_completed', 'request_link', 'request_controller', 'request_objection', 'request_mailed',
                                                    'whatsapp_disconnected', 'facebook_login_erased', 'staff_invited', 'staff_notice')),
    locale           TEXT NOT NULL CHECK (locale IN ('fr', 'en')),
    user_id          TEXT,                       -- whose it is, so that it dies with them
    recipient_sealed BYTEA NOT NULL,
    facts_sealed     BYTEA NOT NULL,             -- JSON: what the template fills in
    erasure_id       TEXT REFERENCES erasures (id),
    request_id       TEXT,                       -- whose request it is about
    queued_at        BIGINT NOT NULL,
    expires_at       BIGINT                      -- a code that is no longer valid is not worth sending
);
CREATE INDEX letters_by_user ON letters (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX letters_by_erasure ON letters (erasure_id) WHERE erasure_id IS NOT NULL;
CREATE INDEX letters_by_request ON letters (request_id) WHERE request_id IS NOT NULL;
