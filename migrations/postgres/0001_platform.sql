-- The platform's own tables: what Qliento's customers hold, and what this product erases. The columns are explained in the
-- file of the same number for SQLite.
--
-- Large tables are partitioned by organization: what one erasure leaves behind is rewritten partition by partition, and
-- vacuuming after a large tenant does not read everybody's rows. Times are unix milliseconds, ids UUIDv7 text.

CREATE TABLE organizations (
    id         TEXT NOT NULL PRIMARY KEY,
    slug       TEXT NOT NULL UNIQUE,           -- the short name in addresses and on the command line
    name       TEXT NOT NULL,
    country    TEXT NOT NULL,                  -- ISO 3166-1 alpha-2: decides how long invoices are kept
    plan       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    frozen_at  BIGINT,                         -- set: an erasure is confirmed and nothing new may be written
    frozen_by  TEXT,                           -- the erasure that froze it
    -- How many days it has to object, on a legal ground, when one of its contacts asks to be erased. 0: erased at once.
    objection_days BIGINT NOT NULL DEFAULT 0 CHECK (objection_days BETWEEN 0 AND 14)
);

CREATE TABLE users (
    id            TEXT NOT NULL PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE,        -- lower case
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,               -- Argon2id, PHC string
    locale        TEXT NOT NULL CHECK (locale IN ('fr', 'en')),
    app_scoped_user_id TEXT UNIQUE,            -- Meta's id of this person for our app; NULL: never connected a number by Facebook Login
    created_at    BIGINT NOT NULL
);

CREATE TABLE memberships (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id         TEXT NOT NULL REFERENCES users (id),
    role            TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE api_keys (
    organization_id    TEXT NOT NULL REFERENCES organizations (id),
    id                 TEXT NOT NULL,
    name               TEXT NOT NULL,
    prefix             TEXT NOT NULL,          -- the first characters, shown so that people recognize their key
    key_hash           BYTEA NOT NULL,         -- SHA-256 of the key
    created_by_user_id TEXT REFERENCES users (id),
    created_at         BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX api_keys_by_user ON api_keys (created_by_user_id) WHERE created_by_user_id IS NOT NULL;

CREATE TABLE whatsapp_profiles (
    organization_id      TEXT NOT NULL REFERENCES organizations (id),
    id                   TEXT NOT NULL,
    phone_number_id      TEXT NOT NULL,        -- Meta's id of the number
    waba_id              TEXT NOT NULL,        -- Meta's id of the WhatsApp Business Account
    display_phone_number TEXT NOT NULL,        -- E.164
    verified_name        TEXT NOT NULL,
    token_sealed         BYTEA,                -- System User access token, sealed; NULL: disconnected
    token_digest         BYTEA,            -- keyed digest of the token: tells whether others use the same; NULL: disconnected
    deregistration_chosen_at BIGINT,       -- since when an owner wants the number off the Cloud API when the account goes
    connected_by_user_id TEXT REFERENCES users (id), -- whose Facebook Login gave the token
    connected_at         BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX whatsapp_profiles_by_waba ON whatsapp_profiles (waba_id);
CREATE INDEX whatsapp_profiles_by_token ON whatsapp_profiles (token_digest) WHERE token_digest IS NOT NULL;
CREATE INDEX whatsapp_profiles_by_number ON whatsapp_profiles (phone_number_id);
CREATE INDEX whatsapp_profiles_by_user ON whatsapp_profiles (connected_by_user_id) WHERE connected_by_user_id IS NOT NULL;

CREATE TABLE contacts (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id              TEXT NOT NULL,
    name            TEXT NOT NULL,
    language        TEXT NOT NULL,
    attributes      TEXT NOT NULL,             -- JSON: whatever the customer noted about the person
    created_at      BIGINT NOT NULL,
    frozen_at       BIGINT ,                   -- set: this contact is being erased and nothing new may be written about it
    PRIMARY KEY (organization_id, id)
);

CREATE TABLE contact_identities (
    organization_id TEXT NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('phone', 'business_scoped_user_id')),
    value           TEXT NOT NULL,             -- digits of E.164, or Meta's id
    contact_id      TEXT NOT NULL,
    PRIMARY KEY (organization_id, kind, value),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
);
CREATE INDEX contact_identities_by_contact ON contact_identities (organization_id, contact_id);
CREATE INDEX contact_identities_by_value ON contact_identities (kind, value); -- who holds something about a person

CREATE TABLE conversations (
    organization_id  TEXT NOT NULL,
    id               TEXT NOT NULL,
    contact_id       TEXT NOT NULL,
    profile_id       TEXT NOT NULL,
    assigned_user_id TEXT REFERENCES users (id),
    state            TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    last_message_at  BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id),
    FOREIGN KEY (organization_id, profile_id) REFERENCES whatsapp_profiles (organization_id, id)
);
CREATE INDEX conversations_by_contact ON conversations (organization_id, contact_id);
CREATE INDEX conversations_by_profile ON conversations (organization_id, profile_id);
CREATE INDEX conversations_by_last_message ON conversations (organization_id, last_message_at);
CREATE INDEX conversations_by_user ON conversations (assigned_user_id) WHERE assigned_user_id IS NOT NULL;

-- A conversation's messages are neighbours, so that they are read as whole pages, and leave as such.
CREATE TABLE messages (
    organization_id     TEXT NOT NULL,
    conversation_id     TEXT NOT NULL,
    id                  TEXT NOT NULL,
    direction           TEXT NOT NULL CHECK (direction IN ('inbound', 'outbound')),
    kind                TEXT NOT NULL CHECK (kind IN ('text', 'image', 'audio', 'video', 'document', 'template')),
    body                TEXT NOT NULL,
    whatsapp_message_id TEXT NOT NULL,         -- Meta's "wamid": it contains the number, so it is personal
    status              TEXT NOT NULL CHECK (status IN ('received', 'sent', 'delivered', 'read', 'failed')),
    sent_at             BIGINT NOT NULL,
    PRIMARY KEY (organization_id, conversation_id, id),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES conversations (organization_id, id)
) PARTITION BY HASH (organization_id);

CREATE TABLE media_files (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id              TEXT NOT NULL,
    conversation_id TEXT,                      -- NULL: uploaded to the library
    message_id      TEXT,
    kind            TEXT NOT NULL CHECK (kind IN ('image', 'audio', 'video', 'document')),
    content_type    TEXT NOT NULL,
    file_name       TEXT NOT NULL,             -- as the person named it
    object_key      TEXT NOT NULL,             -- "<organization id>/<file id>" under the media root
    size_bytes      BIGINT NOT NULL,
    meta_media_id   TEXT,                      -- Meta's id of a received file that is still to be fetched; NULL: it is here
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    CHECK ((conversation_id IS NULL) = (message_id IS NULL)),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES conversations (organization_id, id),
    FOREIGN KEY (organization_id, conversation_id, message_id) REFERENCES messages (organization_id, conversation_id, id)
) PARTITION BY HASH (organization_id);
CREATE INDEX media_files_by_message ON media_files (organization_id, conversation_id, message_id) WHERE conversation_id IS NOT NULL;

CREATE TABLE flows (
    organization_id    TEXT NOT NULL REFERENCES organizations (id),
    id                 TEXT NOT NULL,
    name               TEXT NOT NULL,
    definition         TEXT NOT NULL,          -- JSON
    created_by_user_id TEXT REFERENCES users (id),
    created_at         BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX flows_by_user ON flows (created_by_user_id) WHERE created_by_user_id IS NOT NULL;

CREATE TABLE flow_runs (
    organization_id TEXT NOT NULL,
    id              TEXT NOT NULL,
    flow_id         TEXT NOT NULL,
    contact_id      TEXT NOT NULL,
    state           TEXT NOT NULL,             -- JSON: answers given so far
    started_at      BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, flow_id) REFERENCES flows (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
) PARTITION BY HASH (organization_id);
CREATE INDEX flow_runs_by_flow ON flow_runs (organization_id, flow_id);
CREATE INDEX flow_runs_by_contact ON flow_runs (organization_id, contact_id);

CREATE TABLE message_templates (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id              TEXT NOT NULL,
    name            TEXT NOT NULL,
    language        TEXT NOT NULL,
    body            TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('draft', 'pending', 'approved', 'rejected')),
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);

CREATE TABLE campaigns (
    organization_id    TEXT NOT NULL,
    id                 TEXT NOT NULL,
    template_id        TEXT NOT NULL,
    name               TEXT NOT NULL,
    state              TEXT NOT NULL CHECK (state IN ('draft', 'running', 'finished')),
    created_by_user_id TEXT REFERENCES users (id),
    created_at         BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, template_id) REFERENCES message_templates (organization_id, id)
);
CREATE INDEX campaigns_by_template ON campaigns (organization_id, template_id);
CREATE INDEX campaigns_by_user ON campaigns (created_by_user_id) WHERE created_by_user_id IS NOT NULL;

CREATE TABLE campaign_recipients (
    organization_id TEXT NOT NULL,
    campaign_id     TEXT NOT NULL,
    contact_id      TEXT NOT NULL,
    address         TEXT NOT NULL,             -- the number as it was when the campaign was prepared
    state           TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    PRIMARY KEY (organization_id, campaign_id, contact_id),
    FOREIGN KEY (organization_id, campaign_id) REFERENCES campaigns (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
) PARTITION BY HASH (organization_id);
CREATE INDEX campaign_recipients_by_contact ON campaign_recipients (organization_id, contact_id);

CREATE TABLE scheduled_sends (
    organization_id TEXT NOT NULL,
    id              TEXT NOT NULL,
    contact_id      TEXT NOT NULL,
    body            TEXT NOT NULL,
    due_at          BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
);
CREATE INDEX scheduled_sends_by_contact ON scheduled_sends (organization_id, contact_id);

CREATE TABLE ai_agents (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id              TEXT NOT NULL,
    name            TEXT NOT NULL,
    instructions    TEXT NOT NULL,
    model           TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);

CREATE TABLE ai_agent_documents (
    organization_id TEXT NOT NULL,
    id              TEXT NOT NULL,
    agent_id        TEXT NOT NULL,
    title           TEXT NOT NULL,
    content         TEXT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, agent_id) REFERENCES ai_agents (organization_id, id)
);
CREATE INDEX ai_agent_documents_by_agent ON ai_agent_documents (organization_id, agent_id);

CREATE TABLE ai_traces (
    organization_id TEXT NOT NULL,
    id              TEXT NOT NULL,
    agent_id        TEXT NOT NULL,
    contact_id      TEXT NOT NULL,
    prompt          TEXT NOT NULL,             -- contains the person's own words
    answer          TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, agent_id) REFERENCES ai_agents (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
) PARTITION BY HASH (organization_id);
CREATE INDEX ai_traces_by_agent ON ai_traces (organization_id, agent_id);
CREATE INDEX ai_traces_by_contact ON ai_traces (organization_id, contact_id);

CREATE TABLE analytics_events (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id              TEXT NOT NULL,
    contact_id      TEXT,                      -- of a contact's doing …
    user_id         TEXT REFERENCES users (id), -- … or a user's
    name            TEXT NOT NULL,
    properties      TEXT NOT NULL,             -- JSON
    occurred_at     BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
) PARTITION BY HASH (organization_id);
CREATE INDEX analytics_events_by_contact ON analytics_events (organization_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX analytics_events_by_user ON analytics_events (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE usage_counters (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    metric          TEXT NOT NULL,
    period          TEXT NOT NULL,             -- "2026-11"
    value           BIGINT NOT NULL,
    PRIMARY KEY (organization_id, metric, period)
);

CREATE TABLE invoices (
    organization_id  TEXT NOT NULL REFERENCES organizations (id),
    id               TEXT NOT NULL,
    number           TEXT NOT NULL,
    customer_name    TEXT NOT NULL,
    customer_address TEXT NOT NULL,
    customer_email   TEXT NOT NULL,
    currency         TEXT NOT NULL,            -- ISO 4217
    total_cents      BIGINT NOT NULL,          -- with tax
    issued_at        BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);

CREATE TABLE invoice_lines (
    organization_id  TEXT NOT NULL,
    invoice_id       TEXT NOT NULL,
    position         BIGINT NOT NULL,
    description      TEXT NOT NULL,
    quantity         BIGINT NOT NULL,
    unit_price_cents BIGINT NOT NULL,          -- before tax
    tax_percent      BIGINT NOT NULL,
    PRIMARY KEY (organization_id, invoice_id, position),
    FOREIGN KEY (organization_id, invoice_id) REFERENCES invoices (organization_id, id)
);

CREATE TABLE security_events (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id              TEXT NOT NULL,
    user_id         TEXT REFERENCES users (id),
    kind            TEXT NOT NULL CHECK (kind IN ('sign_in', 'sign_in_failed', 'password_changed', 'token_used', 'export')),
    ip_address      TEXT NOT NULL,
    user_agent      TEXT NOT NULL,
    occurred_at     BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX security_events_by_user ON security_events (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE audit_events (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id              TEXT NOT NULL,
    user_id         TEXT REFERENCES users (id),
    action          TEXT NOT NULL,
    details         TEXT NOT NULL,             -- JSON
    occurred_at     BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX audit_events_by_user ON audit_events (user_id) WHERE user_id IS NOT NULL;

-- Eight partitions each: few enough to plan quickly, small enough to rewrite while people work.
DO $$
DECLARE
    parent TEXT;
BEGIN
    FOREACH parent IN ARRAY ARRAY['messages', 'media_files', 'flow_runs', 'campaign_recipients', 'ai_traces', 'analytics_events']
    LOOP
        FOR part IN 0..7 LOOP
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS 8, REMAINDER %s)',
                           parent || '_' || part, parent, part);
        END LOOP;
    END LOOP;
END;
$$;
