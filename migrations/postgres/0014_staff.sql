-- The console's people: who may sign in to it, how they prove who they are, and what they looked at and did.

CREATE TABLE staff (
    id             TEXT NOT NULL PRIMARY KEY,
    email          TEXT NOT NULL UNIQUE,       -- in lower case: how they sign in, and who they are on the audit record
    role           TEXT NOT NULL CHECK (role IN ('agent', 'officer', 'auditor', 'administrator')),
    locale         TEXT NOT NULL CHECK (locale IN ('fr', 'en')), -- of the letters about their account
    password_hash  TEXT,                       -- Argon2id; NULL until they are set up, and again when they are disabled
    totp_sealed    BYTEA,                      -- the secret that their authenticator app shares with us
    totp_step      BIGINT NOT NULL DEFAULT 0,  -- of the last code that was taken: it and all before it are used up
    failures       BIGINT NOT NULL DEFAULT 0,  -- wrong codes behind the right password since `failing_since`
    failing_since  BIGINT NOT NULL DEFAULT 0,
    created_at     BIGINT NOT NULL,
    disabled_at    BIGINT                      -- nothing opens any more; the row names the actor of what is on record
);

CREATE TABLE staff_invitations (
    staff_id        TEXT NOT NULL PRIMARY KEY REFERENCES staff (id), -- a new link takes the old one's place
    capability_hash BYTEA NOT NULL UNIQUE,     -- SHA-256 of the secret in the set-up link
    expires_at      BIGINT NOT NULL
);

CREATE TABLE staff_recovery_codes (
    staff_id  TEXT NOT NULL REFERENCES staff (id),
    digest    BYTEA NOT NULL,                  -- keyed; the row goes when the code is used
    PRIMARY KEY (staff_id, digest)
);

CREATE TABLE staff_passkeys (
    id             TEXT NOT NULL PRIMARY KEY,
    staff_id       TEXT NOT NULL REFERENCES staff (id),
    credential     BYTEA NOT NULL UNIQUE,      -- the authenticator's name for it
    public_key     BYTEA NOT NULL,             -- SubjectPublicKeyInfo
    algorithm      BIGINT NOT NULL,            -- COSE: -7, -8 or -257
    label          TEXT NOT NULL,              -- what its owner calls it
    uses           BIGINT NOT NULL,            -- the authenticator's own counter, 0 where it has none; going back means a copy
    created_at     BIGINT NOT NULL,
    used_at        BIGINT
);
CREATE INDEX staff_passkeys_by_staff ON staff_passkeys (staff_id);

CREATE TABLE staff_challenges (
    digest         BYTEA NOT NULL PRIMARY KEY, -- of a passkey's challenge that was answered: it is not taken again
    expires_at     BIGINT NOT NULL             -- when it would be refused anyway; the row is swept after that
);

CREATE TABLE staff_sessions (
    id             TEXT NOT NULL PRIMARY KEY,
    staff_id       TEXT NOT NULL REFERENCES staff (id),
    token_hash     BYTEA NOT NULL UNIQUE,      -- SHA-256 of the 256-bit token in the cookie
    created_at     BIGINT NOT NULL,
    proved_at      BIGINT NOT NULL,            -- when they last proved who they are: decisions want a fresh proof
    seen_at        BIGINT NOT NULL             -- moves with use: the idle time-out counts from here
);
CREATE INDEX staff_sessions_by_staff ON staff_sessions (staff_id);

-- Everything that was looked at and done, in a chain. Ids and fixed words only.
CREATE TABLE staff_audit (
    position       BIGINT NOT NULL PRIMARY KEY, -- 1, 2, 3 … without a gap
    occurred_at    BIGINT NOT NULL,
    staff_id       TEXT,                       -- who; NULL where it was none of them
    role           TEXT NOT NULL,              -- what they were then; 'operator': at the command line; 'stranger': did not get in
    act            TEXT NOT NULL,
    outcome        TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
    subject_kind   TEXT,                       -- what it was about: 'staff', 'case' …
    subject        TEXT,                       -- … and its id
    detail         TEXT,                       -- a fixed word more, where the act alone does not say it
    link           BYTEA NOT NULL              -- keyed digest over this row and the link before it
);
CREATE INDEX staff_audit_by_staff ON staff_audit (staff_id, position);
CREATE INDEX staff_audit_by_subject ON staff_audit (subject, position);

-- Where the chain begins and ends: cutting off either end shows.
CREATE TABLE staff_audit_ends (
    id             BIGINT NOT NULL PRIMARY KEY CHECK (id = 1), -- there is one row
    swept_to       BIGINT NOT NULL,            -- rows up to here have reached their term
    swept_link     BYTEA NOT NULL,             -- the link of the last of them: the first row that is left builds on it
    last_position  BIGINT NOT NULL,
    last_link      BYTEA NOT NULL,
    seal           BYTEA NOT NULL               -- keyed digest over this row; empty while nothing is on record
);
INSERT INTO staff_audit_ends (id, swept_to, swept_link, last_position, last_link, seal) VALUES (1, 0, '', 0, '', '');

CREATE FUNCTION refuse_audit_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.position <= (SELECT swept_to FROM staff_audit_ends) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit record is kept until its term and not changed';
END;
$$;
CREATE TRIGGER staff_audit_is_kept BEFORE UPDATE OR DELETE ON staff_audit
FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER staff_audit_is_not_emptied BEFORE TRUNCATE ON staff_audit
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- Who of the staff works on a request.
CREATE TABLE request_assignments (
    request_id     TEXT NOT NULL PRIMARY KEY REFERENCES requests (id),
    staff_id       TEXT NOT NULL REFERENCES staff (id),
    assigned_at    BIGINT NOT NULL
);
CREATE INDEX request_assignments_by_staff ON request_assignments (staff_id);

-- Erasures that the staff began: on whose word, and why. The reason in words lies sealed in the proposal.
CREATE TABLE staff_erasures (
    erasure_id     TEXT NOT NULL PRIMARY KEY REFERENCES erasures (id),
    approval_id    TEXT NOT NULL,              -- the proposal: what the audit record names
    basis          TEXT NOT NULL CHECK (basis IN ('asked', 'no_longer_needed', 'unlawful', 'legal_obligation', 'authority')),
    proposed_by    TEXT NOT NULL,              -- the two members; their rows may end before this one
    confirmed_by   TEXT NOT NULL,
    CHECK (proposed_by <> confirmed_by)
);

-- The queue: what ends first stands first.
CREATE INDEX requests_by_end ON requests ((COALESCE(extended_to, due_at)), id) WHERE closed_at IS NULL;
ALTER INDEX requests_by_end ALTER COLUMN 1 SET STATISTICS 0; -- no samples of anybody's rows, as of every column
