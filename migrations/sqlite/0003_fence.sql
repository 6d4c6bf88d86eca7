-- The fence. From the moment a deletion is confirmed nothing may be written for that organization again, by any
-- program that shares this database: whoever tries is refused here, not by a promise made elsewhere.

CREATE TRIGGER api_keys_fence BEFORE INSERT ON api_keys
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER whatsapp_profiles_fence BEFORE INSERT ON whatsapp_profiles
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER contacts_fence BEFORE INSERT ON contacts
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER contact_identities_fence BEFORE INSERT ON contact_identities
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER conversations_fence BEFORE INSERT ON conversations
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER messages_fence BEFORE INSERT ON messages
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER media_files_fence BEFORE INSERT ON media_files
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER flows_fence BEFORE INSERT ON flows
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER flow_runs_fence BEFORE INSERT ON flow_runs
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER message_templates_fence BEFORE INSERT ON message_templates
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER campaigns_fence BEFORE INSERT ON campaigns
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER campaign_recipients_fence BEFORE INSERT ON campaign_recipients
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER scheduled_sends_fence BEFORE INSERT ON scheduled_sends
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER ai_agents_fence BEFORE INSERT ON ai_agents
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER ai_agent_documents_fence BEFORE INSERT ON ai_agent_documents
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER ai_traces_fence BEFORE INSERT ON ai_traces
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER analytics_events_fence BEFORE INSERT ON analytics_events
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER usage_counters_fence BEFORE INSERT ON usage_counters
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER invoices_fence BEFORE INSERT ON invoices
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER invoice_lines_fence BEFORE INSERT ON invoice_lines
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER security_events_fence BEFORE INSERT ON security_events
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER audit_events_fence BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

CREATE TRIGGER memberships_fence BEFORE INSERT ON memberships
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = NEW.organization_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the organization is frozen'); END;

-- The same for one contact, while everything about that person goes.

CREATE TRIGGER contact_identities_fence_contact BEFORE INSERT ON contact_identities
WHEN EXISTS (SELECT 1 FROM contacts WHERE organization_id = NEW.organization_id AND id = NEW.contact_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the contact is frozen'); END;

CREATE TRIGGER conversations_fence_contact BEFORE INSERT ON conversations
WHEN EXISTS (SELECT 1 FROM contacts WHERE organization_id = NEW.organization_id AND id = NEW.contact_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the contact is frozen'); END;

CREATE TRIGGER flow_runs_fence_contact BEFORE INSERT ON flow_runs
WHEN EXISTS (SELECT 1 FROM contacts WHERE organization_id = NEW.organization_id AND id = NEW.contact_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the contact is frozen'); END;

CREATE TRIGGER campaign_recipients_fence_contact BEFORE INSERT ON campaign_recipients
WHEN EXISTS (SELECT 1 FROM contacts WHERE organization_id = NEW.organization_id AND id = NEW.contact_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the contact is frozen'); END;

CREATE TRIGGER scheduled_sends_fence_contact BEFORE INSERT ON scheduled_sends
WHEN EXISTS (SELECT 1 FROM contacts WHERE organization_id = NEW.organization_id AND id = NEW.contact_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the contact is frozen'); END;

CREATE TRIGGER ai_traces_fence_contact BEFORE INSERT ON ai_traces
WHEN EXISTS (SELECT 1 FROM contacts WHERE organization_id = NEW.organization_id AND id = NEW.contact_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the contact is frozen'); END;

CREATE TRIGGER analytics_events_fence_contact BEFORE INSERT ON analytics_events
WHEN EXISTS (SELECT 1 FROM contacts WHERE organization_id = NEW.organization_id AND id = NEW.contact_id AND frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the contact is frozen'); END;

CREATE TRIGGER messages_fence_contact BEFORE INSERT ON messages
WHEN EXISTS (SELECT 1 FROM conversations AS t JOIN contacts AS c ON c.organization_id = t.organization_id AND c.id = t.contact_id
             WHERE t.organization_id = NEW.organization_id AND t.id = NEW.conversation_id AND c.frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the contact is frozen'); END;

CREATE TRIGGER media_files_fence_contact BEFORE INSERT ON media_files
WHEN EXISTS (SELECT 1 FROM conversations AS t JOIN contacts AS c ON c.organization_id = t.organization_id AND c.id = t.contact_id
             WHERE t.organization_id = NEW.organization_id AND t.id = NEW.conversation_id AND c.frozen_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the contact is frozen'); END;
