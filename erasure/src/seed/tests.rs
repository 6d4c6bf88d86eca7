//! What a seeded world promises.

use std::{collections::BTreeMap, fs, sync::Arc};

use tempfile::TempDir;

use super::*;
use crate::{
    db::{Db, Statement},
    graph::NoGraph,
    ledger::Ledger,
    mail::MemoryMail,
    manifest::{Entry, Group, Manifest},
    media::DiskMedia,
    password::Hasher,
    random::{ChaChaRandom, Random},
    services::Settings,
    time::{SystemClock, Timestamp},
    vault::{MasterKey, MasterKeys, Place, Vault},
};

/// Personal values that have a form of their own and so no room for a marker; e-mail addresses carry it in lower case.
const SHAPED: [&str; 15] = [
    "organizations.slug",
    "users.email",
    "users.password_hash",
    "users.app_scoped_user_id",
    "api_keys.key_hash",
    "whatsapp_profiles.phone_number_id",
    "whatsapp_profiles.waba_id",
    "whatsapp_profiles.display_phone_number",
    "whatsapp_profiles.token_sealed",
    "whatsapp_profiles.token_digest",
    "contacts.language",
    "contact_identities.value",
    "campaign_recipients.address",
    "invoices.customer_email",
    "security_events.ip_address",
];

async fn empty() -> (Services, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("qliento.db");
    let db = Db::open(&format!("sqlite:{}", path.display()))
        .await
        .unwrap();
    db.migrate().await.unwrap();
    let random: Arc<dyn Random> = Arc::new(ChaChaRandom::from_number(9));
    let masters = MasterKeys::only(MasterKey::mint(random.as_ref()));
    let now = Timestamp::from_millis(1_795_521_600_000);
    let vault = Vault::of(&db, masters, Arc::clone(&random), now)
        .await
        .unwrap();
    let services = Services {
        manifest: Arc::new(Manifest::platform(&db).await.unwrap()),
        vault: Arc::new(vault),
        ledger: Arc::new(Ledger::in_file(
            folder.path().join("ledger.jsonl"),
            Arc::clone(&random),
        )),
        media: Arc::new(DiskMedia::new(folder.path().join("media"))),
        hasher: Hasher::default(),
        settings: Arc::new(Settings::default()),
        clock: Arc::new(SystemClock::default()),
        mail: Arc::new(MemoryMail::new()),
        graph: Arc::new(NoGraph),
        random,
        db,
    };
    (services, folder)
}

fn options(messages: u64, seed: u64, marker: Option<&str>) -> SeedOptions {
    SeedOptions {
        organizations: 2,
        messages,
        seed,
        marker: marker.map(str::to_owned),
    }
}

/// Two organizations with a marker.
async fn seeded(messages: u64, seed: u64) -> (Services, TempDir) {
    let (services, folder) = empty().await;
    let options = options(messages, seed, Some("MARK"));
    run(&services, &options, &mut |_| {}).await.unwrap();
    (services, folder)
}

fn platform(services: &Services) -> impl Iterator<Item = &Entry> {
    let tables = services.manifest.tables().iter();
    tables.filter(|entry| entry.category != Group::Internal)
}

async fn number(services: &Services, sql: String) -> i64 {
    services
        .db
        .number(Statement::from_checked_names(sql), vec![])
        .await
        .unwrap()
}

/// Every value of the platform's tables but the sealed ones, whose nonces are fresh.
async fn contents(services: &Services) -> BTreeMap<String, Vec<String>> {
    let mut contents = BTreeMap::new();
    for entry in platform(services) {
        let columns = entry.personal.iter().chain(&entry.plain);
        let quoted: Vec<_> = columns
            .filter(|column| *column != "token_sealed")
            .map(|column| format!("quote({column})"))
            .collect();
        let text = format!(
            "SELECT {} FROM {} ORDER BY 1",
            quoted.join(" || ',' || "),
            entry.name
        );
        let rows: Vec<(String,)> = services
            .db
            .fetch_all(Statement::from_checked_names(text), vec![])
            .await
            .unwrap();
        let rows = rows.into_iter().map(|(row,)| row).collect();
        contents.insert(entry.name.clone(), rows);
    }
    contents
}

#[tokio::test]
async fn one_message_is_enough_for_a_row_in_every_table_of_every_organization() {
    let (services, _folder) = seeded(1, 1).await;

    assert_eq!(platform(&services).count(), 25, "the tables of the design");
    for entry in platform(&services) {
        let key = match entry.name.as_str() {
            "organizations" => "id",
            "users" => "substr(email, instr(email, '@'))",
            _ => "organization_id",
        };
        let organizations = number(
            &services,
            format!("SELECT count(DISTINCT {key}) FROM {}", entry.name),
        )
        .await;
        assert_eq!(organizations, 2, "{}", entry.name);
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let (services, _folder) = seeded(300, 1).await;

    let broken: Vec<(String,)> = services
        .db
        .fetch_all("SELECT \"table\" FROM pragma_foreign_key_check", vec![])
        .await
        .unwrap();

    assert_eq!(broken, vec![]);
}

#[tokio::test]
async fn the_same_number_makes_the_same_rows_and_another_makes_others() {
    let (one, _one) = seeded(40, 1).await;
    let (same, _same) = seeded(40, 1).await;
    let (other, _other) = seeded(40, 2).await;

    let one = contents(&one).await;
    assert_eq!(one, contents(&same).await);
    let other = contents(&other).await;
    let unchanged: Vec<_> = one
        .iter()
        .filter(|(table, rows)| other[*table] == **rows)
        .collect();
    assert_eq!(unchanged, vec![]);
}

#[tokio::test]
async fn the_marker_stands_in_every_personal_text() {
    let (services, _folder) = seeded(40, 1).await;

    for entry in platform(&services) {
        for column in &entry.personal {
            let name = format!("{}.{column}", entry.name);
            if SHAPED.contains(&name.as_str()) || name == "media_files.object_key" {
                continue;
            }
            let owner = match entry.name.as_str() {
                "organizations" => "organizations.id".to_owned(),
                "users" => {
                    "(SELECT organization_id FROM memberships WHERE user_id = users.id)".to_owned()
                }
                table => format!("{table}.organization_id"),
            };
            let bare = format!(
                "SELECT count(*) FROM {} WHERE instr({column}, 'MARK-' || (SELECT slug FROM organizations AS o WHERE o.id = {owner})) = 0",
                entry.name
            );
            assert_eq!(number(&services, bare).await, 0, "{name}");
        }
    }
    for address in ["users.email", "invoices.customer_email"] {
        let (table, column) = address.split_once('.').unwrap();
        let bare = format!("SELECT count(*) FROM {table} WHERE {column} NOT LIKE '%+mark-org-_@%'");
        assert_eq!(number(&services, bare).await, 0, "{address}");
    }
}

#[tokio::test]
async fn values_with_a_form_keep_it_beside_a_marker() {
    let (services, _folder) = seeded(200, 1).await;

    for shaped in SHAPED {
        let (table, column) = shaped.split_once('.').unwrap();
        let marked = format!("SELECT count(*) FROM {table} WHERE instr({column}, 'MARK') > 0");
        assert_eq!(number(&services, marked).await, 0, "{shaped}");
    }
    for (digits, table) in [
        ("substr(display_phone_number, 2)", "whatsapp_profiles"),
        ("phone_number_id", "whatsapp_profiles"),
        ("waba_id", "whatsapp_profiles"),
        ("address", "campaign_recipients"),
        ("value", "contact_identities WHERE kind = 'phone'"),
    ] {
        let others = format!(
            "SELECT count(*) FROM (SELECT {digits} AS d FROM {table}) WHERE d GLOB '*[^0-9]*' OR length(d) NOT BETWEEN 10 AND 15"
        );
        assert_eq!(number(&services, others).await, 0, "{digits}");
    }
}

#[tokio::test]
async fn every_media_file_lies_where_its_row_says_and_carries_the_marker() {
    let (services, folder) = seeded(200, 1).await;
    let rows: Vec<(String, i64, String)> = services
        .db
        .fetch_all(
            "SELECT m.object_key, m.size_bytes, o.slug FROM media_files AS m JOIN organizations AS o ON o.id = m.organization_id",
            vec![],
        )
        .await
        .unwrap();

    assert!(rows.len() > 10);
    for (key, size, slug) in rows {
        let content = fs::read(folder.path().join("media").join(key)).unwrap();
        let marker = format!("MARK-{slug}");
        assert_eq!(i64::try_from(content.len()).unwrap(), size);
        assert!(
            content
                .windows(marker.len())
                .any(|window| window == marker.as_bytes())
        );
    }
    let kinds = "SELECT count(DISTINCT content_type) FROM media_files WHERE message_id IS NOT NULL";
    assert_eq!(number(&services, kinds.to_owned()).await, 5);
}

#[tokio::test]
async fn tokens_open_where_they_are_and_invoices_add_up() {
    let (services, _folder) = seeded(1, 1).await;
    let (organization, row, sealed): (String, String, Vec<u8>) = services
        .db
        .fetch_one(
            "SELECT organization_id, id, token_sealed FROM whatsapp_profiles ORDER BY id LIMIT 1",
            vec![],
        )
        .await
        .unwrap();
    let place = Place {
        organization: &organization,
        table: "whatsapp_profiles",
        column: "token_sealed",
        row: &row,
    };

    let token = services
        .vault
        .open_text(&services.db, place, &sealed)
        .await
        .unwrap();
    assert!(token.starts_with("EAAJ") && token.contains("MARK-org-"));
    let wrong = "SELECT count(*) FROM invoices AS i WHERE total_cents <>
        (SELECT sum(quantity * unit_price_cents) * (100 + max(tax_percent)) / 100 FROM invoice_lines AS l
         WHERE l.organization_id = i.organization_id AND l.invoice_id = i.id)";
    assert_eq!(number(&services, wrong.to_owned()).await, 0);
}

#[tokio::test]
async fn conversations_end_with_their_last_message_and_ids_follow_time() {
    let (services, _folder) = seeded(400, 1).await;

    let wrong = "SELECT count(*) FROM conversations AS c WHERE last_message_at <>
        (SELECT max(sent_at) FROM messages AS m WHERE m.organization_id = c.organization_id AND m.conversation_id = c.id)";
    assert_eq!(number(&services, wrong.to_owned()).await, 0);
    let back = "SELECT count(*) FROM (SELECT sent_at, lag(sent_at) OVER (PARTITION BY organization_id ORDER BY id) AS before
        FROM messages) WHERE before > sent_at";
    assert_eq!(number(&services, back.to_owned()).await, 0);
}

#[tokio::test]
async fn a_taken_name_writes_nothing() {
    let (services, _folder) = empty().await;
    let one = SeedOptions {
        organizations: 1,
        ..options(1, 1, None)
    };
    run(&services, &one, &mut |_| {}).await.unwrap();
    services
        .db
        .execute("UPDATE organizations SET slug = 'org-2'", vec![])
        .await
        .unwrap();
    let before = contents(&services).await;

    let again = run(&services, &options(1, 2, None), &mut |_| {}).await;

    assert!(matches!(again, Err(SeedError::SlugTaken(slug)) if slug == "org-2"));
    assert_eq!(contents(&services).await, before);
}

#[tokio::test]
async fn one_person_works_in_two_organizations_unless_a_marker_counts() {
    const IN_TWO: &str = "SELECT count(*) FROM (SELECT user_id FROM memberships GROUP BY user_id HAVING count(*) = 2)";
    let (services, _folder) = empty().await;
    run(&services, &options(1, 1, None), &mut |_| {})
        .await
        .unwrap();
    let (marked, _marked) = seeded(1, 1).await;

    assert_eq!(number(&services, IN_TWO.to_owned()).await, 1);
    assert_eq!(number(&marked, IN_TWO.to_owned()).await, 0);
}

#[tokio::test]
async fn the_demo_has_everybody_it_promises() {
    let (services, _folder) = empty().await;

    let accounts = demo_accounts(&services).await.unwrap();

    let roles = async |email: &'static str| {
        let roles: Vec<(String,)> = services
            .db
            .fetch_all(
                "SELECT o.slug || ' ' || m.role FROM memberships AS m JOIN users AS u ON u.id = m.user_id
                 JOIN organizations AS o ON o.id = m.organization_id WHERE u.email = $1 ORDER BY 1",
                args![email],
            )
            .await
            .unwrap();
        roles.into_iter().map(|(role,)| role).collect::<Vec<_>>()
    };
    for account in &accounts {
        assert!(!roles(account.email).await.is_empty(), "{}", account.email);
    }
    assert_eq!(
        roles("camille@atelier-rivage.example").await,
        ["atelier-rivage owner"]
    );
    assert_eq!(
        roles("ines@studio-palmier.example").await,
        ["savane-tours member", "studio-palmier owner"]
    );
    let owners =
        "SELECT count(*) FROM memberships AS m JOIN organizations AS o ON o.id = m.organization_id
        WHERE o.slug = 'savane-tours' AND m.role = 'owner'";
    assert_eq!(number(&services, owners.to_owned()).await, 2);
}
