-- Who somebody is on WhatsApp: proofs of it, people who must not come back, and what Meta forwards.

CREATE TABLE suppressions (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    digest          BYTEA NOT NULL,            -- keyed digest of the organization and the number or id: says nothing without the root
    erasure_id      TEXT NOT NULL,             -- the erasure of that contact, whose proof ends before this
    confirmed_at    BIGINT NOT NULL,           -- what was written before that never comes back
    looked_at       BIGINT,                    -- when the organization's contacts were last searched for the person
    found_at        BIGINT,                    -- when the person was found among them again
    lifted_at       BIGINT,                    -- when the person wrote again of their own will; what is older than the confirmation stays dropped
    PRIMARY KEY (organization_id, digest)
);
CREATE INDEX suppressions_by_term ON suppressions (lifted_at) WHERE lifted_at IS NOT NULL;

CREATE TABLE identity_challenges (
    id             TEXT NOT NULL PRIMARY KEY,
    request_id     TEXT NOT NULL,              -- the request that asks for the proof: a random id
    method         TEXT NOT NULL CHECK (method IN ('reverse', 'code')), -- the person sends a code to the business | types one that was sent to them
    code_digest    BYTEA UNIQUE,               -- reverse: keyed digest of the code, by which it is recognized when it arrives
    code_hash      TEXT,                       -- code: Argon2id over a keyed digest of it
    code_sealed    BYTEA,                      -- reverse: the code, to be shown again; NULL once it is used or over
    number_sealed  BYTEA,                      -- code: the number that was typed; NULL once it is used or over
    wa_id_sealed   BYTEA,                      -- code: how Meta calls that number; NULL: not known (any more)
    delivery       TEXT CHECK (delivery IN ('unknown', 'accepted', 'delivered', 'failed')), -- code: what Meta said of it
    created_at     BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL,
    tries_left     BIGINT NOT NULL CHECK (tries_left >= 0),
    used_at        BIGINT
);
CREATE INDEX identity_challenges_by_request ON identity_challenges (request_id);
CREATE INDEX identity_challenges_by_term ON identity_challenges (expires_at);

CREATE TABLE identity_proofs (
    id               TEXT NOT NULL PRIMARY KEY,
    request_id       TEXT NOT NULL,            -- the request whose proof it is
    challenge_id     TEXT NOT NULL,            -- what was passed: one may prove a number and an id
    kind             TEXT NOT NULL CHECK (kind IN ('phone', 'business_scoped_user_id')),
    identity_sealed  BYTEA NOT NULL,           -- the number or id
    via_organization TEXT,                     -- whose number the person wrote to: a random internal id; NULL: the deployment's own
    proved_at        BIGINT NOT NULL,
    keep_until       BIGINT NOT NULL
);
CREATE INDEX identity_proofs_by_request ON identity_proofs (request_id);
CREATE INDEX identity_proofs_by_term ON identity_proofs (keep_until);

CREATE TABLE meta_deletions (
    code_hash    BYTEA NOT NULL PRIMARY KEY,   -- SHA-256 of the confirmation code that Meta shows the person
    account_id   TEXT,                         -- whose login it was: a random internal id that means nothing once its row is gone; NULL: nobody's here
    disconnected BIGINT NOT NULL,              -- how many numbers lost their token by it
    received_at  BIGINT NOT NULL
);
CREATE INDEX meta_deletions_by_term ON meta_deletions (received_at);
