//! What somebody would write by hand who knows the schema: one statement a table, leaf to root, one transaction, and then
//! the same truncation of the log that the engine does.

use anyhow::ensure;
use erasure::{
    db::{Db, Value},
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

const COUNT: &str = "-- count_all_rows_of_the_platform
    SELECT (SELECT count(*) FROM organizations) + (SELECT count(*) FROM users) + (SELECT count(*) FROM memberships)
         + (SELECT count(*) FROM api_keys) + (SELECT count(*) FROM whatsapp_profiles) + (SELECT count(*) FROM contacts)
         + (SELECT count(*) FROM contact_identities) + (SELECT count(*) FROM conversations)
         + (SELECT count(*) FROM messages) + (SELECT count(*) FROM media_files) + (SELECT count(*) FROM flows)
         + (SELECT count(*) FROM flow_runs) + (SELECT count(*) FROM message_templates)
         + (SELECT count(*) FROM campaigns) + (SELECT count(*) FROM campaign_recipients)
         + (SELECT count(*) FROM scheduled_sends) + (SELECT count(*) FROM ai_agents)
         + (SELECT count(*) FROM ai_agent_documents) + (SELECT count(*) FROM ai_traces)
         + (SELECT count(*) FROM analytics_events) + (SELECT count(*) FROM usage_counters)
         + (SELECT count(*) FROM invoices) + (SELECT count(*) FROM invoice_lines)
         + (SELECT count(*) FROM security_events) + (SELECT count(*) FROM audit_events)";

/// Erases the organization.
pub(super) async fn erase(db: &Db, organization: &OrganizationId) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    for statement in STATEMENTS {
        tx.execute(statement, vec![Value::from(organization)])
            .await?;
    }
    tx.commit().await?;
    ensure!(db.truncate_log().await?, "the log could not be truncated");
    leave_no_byte(db, organization).await
}

/// On Postgres the bytes stay until the storage is rewritten: the same work again as the engine has.
async fn leave_no_byte(db: &Db, organization: &OrganizationId) -> anyhow::Result<()> {
    let tables = STATEMENTS.map(|statement| {
        let table = statement.split(' ').nth(2).unwrap_or_default();
        (table, Some(organization.as_str()))
    });
    for relation in db.storage_of(&tables).await? {
        db.rewrite(&relation, None).await?;
    }
    Ok(())
}

/// All rows of all organizations: what is missing afterwards was erased, by whichever way.
pub(super) async fn count(db: &Db) -> anyhow::Result<i64> {
    Ok(db.number(COUNT, vec![]).await?)
}

#[cfg(test)]
mod tests {
    use erasure::{
        db::Db,
        manifest::{Group, Manifest},
    };

    use super::*;

    #[tokio::test]
    async fn by_hand_no_table_of_the_platform_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("qliento.db").display());
        let db = Db::open(&url).await.unwrap();
        db.migrate().await.unwrap();
        let manifest = Manifest::platform(&db).await.unwrap();

        for entry in manifest.tables() {
            if entry.category != Group::Internal {
                let name = &entry.name;
                let deletes = format!("DELETE FROM {name} WHERE");
                assert!(
                    STATEMENTS.iter().any(|text| text.starts_with(&deletes)),
                    "{name}"
                );
                assert!(COUNT.contains(&format!("count(*) FROM {name})")), "{name}");
            }
        }
    }
}
