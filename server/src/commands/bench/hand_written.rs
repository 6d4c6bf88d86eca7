//! What somebody would write by hand who knows the schema: one statement a table, leaf to root, one transaction, and then
//! the same truncation of the log that the engine does.

use erasure::{
    db::{Db, Error, Value},
    id::OrganizationId,
};

const STATEMENTS: [&str; 27] = [
    "DELETE FROM media_files WHERE organization_id = $1",
    "DELETE FROM messages WHERE organization_id = $1",
    "DELETE FROM conversations WHERE organization_id = $1",
    "DELETE FROM contact_identities WHERE organization_id = $1",
    "DELETE FROM campaign_recipients WHERE organization_id = $1",
    "DELETE FROM campaigns WHERE organization_id = $1",
    "DELETE FROM message_templates WHERE organization_id = $1",
    "DELETE FROM scheduled_sends WHERE organization_id = $1",
    "DELETE FROM flow_runs WHERE organization_id = $1",
    "DELETE FROM flows WHERE organization_id = $1",
    "DELETE FROM ai_traces WHERE organization_id = $1",
    "DELETE FROM ai_agent_documents WHERE organization_id = $1",
    "DELETE FROM ai_agents WHERE organization_id = $1",
    "DELETE FROM analytics_events WHERE organization_id = $1",
    "DELETE FROM contacts WHERE organization_id = $1",
    "DELETE FROM whatsapp_profiles WHERE organization_id = $1",
    "DELETE FROM usage_counters WHERE organization_id = $1",
    "DELETE FROM invoice_lines WHERE organization_id = $1",
    "DELETE FROM invoices WHERE organization_id = $1",
    "DELETE FROM security_events WHERE organization_id = $1",
    "DELETE FROM audit_events WHERE organization_id = $1",
    "DELETE FROM api_keys WHERE organization_id = $1",
    "DELETE FROM data_keys WHERE organization_id = $1",
    "DELETE FROM sessions WHERE user_id IN (SELECT user_id FROM memberships WHERE organization_id = $1)",
    "DELETE FROM memberships WHERE organization_id = $1",
    "DELETE FROM users WHERE NOT EXISTS (SELECT 1 FROM memberships WHERE user_id = users.id) AND $1 IS NOT NULL",
    "DELETE FROM organizations WHERE id = $1",
];

pub(super) async fn erase(db: &Db, organization: &OrganizationId) -> Result<(), Error> {
    let mut tx = db.begin().await?;
    for statement in STATEMENTS {
        tx.execute(statement, vec![Value::from(organization)])
            .await?;
    }
    tx.commit().await?;
    db.truncate_log().await?;
    Ok(())
}
