-- Everyone without an account: what people ask for, how they prove who they are, one case for each business, the clocks.
--
-- What a person typed lies sealed here and is destroyed when the request is closed; what stays says when and how, not who.

CREATE TABLE requests (
    id                TEXT NOT NULL PRIMARY KEY,
    reference         TEXT NOT NULL UNIQUE,    -- what people quote: no secret, opens nothing
    channel           TEXT NOT NULL CHECK (channel IN ('form', 'api', 'email', 'staff', 'meta')),
    role              TEXT CHECK (role IN ('end_user', 'account_holder', 'representative')), -- NULL: came by mail, and nobody has said yet who asks
    locale            TEXT NOT NULL CHECK (locale IN ('fr', 'en')),
    state             TEXT NOT NULL CHECK (state IN ('received', 'acknowledged', 'proven', 'in_review', 'erasing', 'completed', 'refused',
                                                     'expired', 'withdrawn', 'joined')),
    identity_kind     TEXT CHECK (identity_kind IN ('phone', 'business_scoped_user_id', 'email')),
    identity_sealed   BYTEA,                   -- what is to be proven, and alone selects data; NULL once closed
    identity_digest   BYTEA,                   -- keyed: finds another open request of the same person; NULL once closed
    business_sealed   BYTEA,                   -- the business, as the person named it; NULL once closed
    contact_sealed    BYTEA,                   -- where letters go; NULL once closed
    capability_sealed BYTEA NOT NULL,          -- the link's secret, for the letters
    submission_hash   BYTEA UNIQUE,            -- names one form that was sent: sent twice it is one request; NULL once closed
    stated_at         BIGINT,                  -- when the person stated that they may ask; NULL: came by mail, not yet
    received_at       BIGINT NOT NULL,         -- the clock starts here, and nothing pauses it
    due_at            BIGINT NOT NULL,         -- the earlier of 30 days and one calendar month
    extended_to       BIGINT,                  -- a later end, told with reasons before the first
    acknowledged_at   BIGINT,
    prove_until       BIGINT,                  -- after this an unproven request expires
    proven_at         BIGINT,
    approved_at       BIGINT,                  -- staff found that a representative may ask
    tell_at           BIGINT,                  -- not before this the outcome is told, so that the moment tells nothing
    closed_at         BIGINT,
    joined_to         TEXT REFERENCES requests (id) -- the same person's request that goes on for both
);
CREATE INDEX requests_open ON requests (state, due_at) WHERE closed_at IS NULL;
CREATE INDEX requests_by_identity ON requests (identity_digest) WHERE identity_digest IS NOT NULL;
CREATE INDEX requests_by_joined ON requests (joined_to) WHERE joined_to IS NOT NULL;
CREATE INDEX requests_closed ON requests (closed_at) WHERE closed_at IS NOT NULL;

CREATE TABLE request_links (
    capability_hash BYTEA NOT NULL PRIMARY KEY, -- SHA-256 of the secret in the link
    request_id      TEXT NOT NULL REFERENCES requests (id)
);
CREATE INDEX request_links_by_request ON request_links (request_id);

CREATE TABLE request_codes (
    request_id TEXT NOT NULL PRIMARY KEY REFERENCES requests (id),
    code_hash  TEXT NOT NULL,                  -- Argon2id over a keyed digest of the code
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries_left BIGINT NOT NULL CHECK (tries_left >= 0),
    failures   BIGINT NOT NULL                 -- wrong codes of this request, over all its codes
);

-- One for each business that holds something about the person, and one for an account of their own.
CREATE TABLE cases (
    id           TEXT NOT NULL PRIMARY KEY,
    request_id   TEXT NOT NULL REFERENCES requests (id),
    holder_kind  TEXT NOT NULL CHECK (holder_kind IN ('contact', 'account')),
    holder       TEXT NOT NULL,                -- random internal ids: mean nothing once their rows are gone
    is_named     BIGINT NOT NULL CHECK (is_named IN (0, 1)),  -- the person named this business
    state        TEXT NOT NULL CHECK (state IN ('objecting', 'held', 'in_review', 'erasing', 'erased', 'refused', 'cancelled')),
    opened_at    BIGINT NOT NULL,
    received_at  BIGINT NOT NULL,              -- the request's: the clock of a case starts when the person asked
    due_at       BIGINT NOT NULL,
    extended_to  BIGINT,
    object_until BIGINT,                       -- until then the business may object on a legal ground
    erasure_id   TEXT,                         -- the evidence, which may end before this row
    closed_at    BIGINT,
    UNIQUE (request_id, holder)
);
CREATE INDEX cases_open ON cases (state, due_at) WHERE closed_at IS NULL;
CREATE INDEX cases_by_erasure ON cases (erasure_id) WHERE erasure_id IS NOT NULL;

CREATE TABLE case_links (
    capability_hash BYTEA NOT NULL PRIMARY KEY, -- SHA-256 of the secret in the business's link
    case_id         TEXT NOT NULL REFERENCES cases (id)
);
CREATE INDEX case_links_by_case ON case_links (case_id);

-- What happened, in order: every state and every decision.
CREATE TABLE request_events (
    id          TEXT NOT NULL PRIMARY KEY,
    request_id  TEXT NOT NULL REFERENCES requests (id),
    case_id     TEXT REFERENCES cases (id),
    what        TEXT NOT NULL,                 -- the state it came to, or the decision
    detail      TEXT,                          -- JSON of fixed words: grounds, reasons, dates
    note_sealed BYTEA,                         -- what was written beside it
    by_staff    TEXT,                          -- who decided; NULL: nobody of the staff
    occurred_at BIGINT NOT NULL
);
CREATE INDEX request_events_by_request ON request_events (request_id, id);
CREATE INDEX request_events_by_case ON request_events (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE term_alarms (
    subject   TEXT NOT NULL,                   -- a request's or a case's id
    percent   BIGINT NOT NULL CHECK (percent IN (50, 80, 95)),  -- of its term
    raised_at BIGINT NOT NULL,
    PRIMARY KEY (subject, percent)
);

CREATE TABLE idempotency_keys (
    key_hash    BYTEA NOT NULL PRIMARY KEY,    -- keyed digest of the caller's key and network
    fingerprint BYTEA NOT NULL,                -- keyed digest of what was asked with it
    request_id  TEXT NOT NULL REFERENCES requests (id),
    expires_at  BIGINT NOT NULL
);
CREATE INDEX idempotency_keys_by_request ON idempotency_keys (request_id);
CREATE INDEX idempotency_keys_by_term ON idempotency_keys (expires_at);
