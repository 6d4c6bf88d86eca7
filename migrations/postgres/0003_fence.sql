-- The fence. From the moment a deletion is confirmed nothing may be written for that organization again, by any
-- program that shares this database: whoever tries is refused here, not by a promise made elsewhere.
--
-- Transactions run beside each other, so looking is not enough: a row could be on its way while the fence goes up. Writers
-- share a lock on their organization until they commit, and putting up the fence takes it alone. The lock is one of
-- Postgres's memory; a row lock would be written to disk for every message.

CREATE FUNCTION fence_key(organization_id TEXT) RETURNS BIGINT LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT hashtextextended('fence/' || organization_id, 0) $$;

CREATE FUNCTION refuse_behind_fence() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(fence_key(NEW.organization_id));
    IF EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the organization is frozen';
    END IF;
    RETURN NEW;
END;
$$;

CREATE FUNCTION wait_for_writers() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(fence_key(NEW.id));
    RETURN NEW;
END;
$$;
CREATE TRIGGER organizations_fence BEFORE UPDATE OF frozen_at ON organizations
FOR EACH ROW WHEN (NEW.frozen_at IS NOT NULL AND OLD.frozen_at IS NULL) EXECUTE FUNCTION wait_for_writers();

DO $$
DECLARE
    fenced TEXT;
BEGIN
    FOREACH fenced IN ARRAY ARRAY[
        'api_keys', 'whatsapp_profiles', 'contacts', 'contact_identities', 'conversations',
        'messages', 'media_files', 'flows', 'flow_runs', 'message_templates',
        'campaigns', 'campaign_recipients', 'scheduled_sends', 'ai_agents', 'ai_agent_documents',
        'ai_traces', 'analytics_events', 'usage_counters', 'invoices', 'invoice_lines',
        'security_events', 'audit_events', 'memberships'
    ]
    LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION refuse_behind_fence()',
                       fenced || '_fence', fenced);
    END LOOP;
END;
$$;

-- The same for one contact, while everything about that person goes. A trigger's name decides its turn: the organization's
-- comes first, so the lock is held already.

CREATE FUNCTION refuse_behind_contact_fence() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM contacts WHERE organization_id = NEW.organization_id AND id = NEW.contact_id AND frozen_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the contact is frozen';
    END IF;
    RETURN NEW;
END;
$$;

CREATE FUNCTION refuse_behind_fence_of_conversation() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM conversations AS t JOIN contacts AS c ON c.organization_id = t.organization_id AND c.id = t.contact_id
               WHERE t.organization_id = NEW.organization_id AND t.id = NEW.conversation_id AND c.frozen_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the contact is frozen';
    END IF;
    RETURN NEW;
END;
$$;

CREATE FUNCTION wait_for_writers_of_contact() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(fence_key(NEW.organization_id));
    RETURN NEW;
END;
$$;
CREATE TRIGGER contacts_fence_contact BEFORE UPDATE OF frozen_at ON contacts
FOR EACH ROW WHEN (NEW.frozen_at IS NOT NULL AND OLD.frozen_at IS NULL) EXECUTE FUNCTION wait_for_writers_of_contact();

DO $$
DECLARE
    fenced TEXT;
BEGIN
    FOREACH fenced IN ARRAY ARRAY[
        'contact_identities', 'conversations', 'flow_runs', 'campaign_recipients', 'scheduled_sends', 'ai_traces', 'analytics_events'
    ]
    LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION refuse_behind_contact_fence()',
                       fenced || '_fence_contact', fenced);
    END LOOP;
END;
$$;
CREATE TRIGGER messages_fence_contact BEFORE INSERT ON messages
FOR EACH ROW EXECUTE FUNCTION refuse_behind_fence_of_conversation();
CREATE TRIGGER media_files_fence_contact BEFORE INSERT ON media_files
FOR EACH ROW EXECUTE FUNCTION refuse_behind_fence_of_conversation();
