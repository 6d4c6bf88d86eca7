//! What a seeded world promises.

use std::{collections::BTreeMap, sync::Arc};

use tempfile::TempDir;

use super::*;
use crate::{
    db::Db,
    graph::SimulatedGraph,
    mail::MemoryMail,
    manifest::{Group, Manifest},
    media::DiskMedia,
    password,
    random::{ChaChaRandom, Random},
    services::Settings,
    time::SystemClock,
    vault::{MasterKey, Vault},
};

async fn empty() -> (Services, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&format!(
        "sqlite:{}",
        folder.path().join("qliento.db").display()
    ))
    .await
    .unwrap();
    db.migrate().await.unwrap();
    let random: Arc<dyn Random> = Arc::new(ChaChaRandom::from_number(9));
    let services = Services {
        manifest: Arc::new(Manifest::platform(&db).await.unwrap()),
        vault: Arc::new(Vault::new(
            MasterKey::mint(random.as_ref()),
            Arc::clone(&random),
        )),
        media: Arc::new(DiskMedia::new(folder.path().join("media"))),
        hasher: password::Hasher::default(),
        settings: Arc::new(Settings::default()),
        clock: Arc::new(SystemClock),
        mail: Arc::new(MemoryMail::new()),
        graph: Arc::new(SimulatedGraph::new()),
        random,
        db,
    };
    (services, folder)
}

async fn seeded(messages: u64, seed: u64) -> (Services, TempDir) {
    let (services, folder) = empty().await;
    let options = SeedOptions {
        organizations: 2,
        messages,
        seed,
        marker: Some("MARK".to_owned()),
    };
    run(&services, &options, &mut |_| {}).await.unwrap();
    (services, folder)
}

/// Every value of the platform's tables but the sealed ones, whose nonces are fresh.
async fn contents(services: &Services) -> BTreeMap<String, Vec<String>> {
    let mut contents = BTreeMap::new();
    for entry in services
        .manifest
        .tables()
        .iter()
        .filter(|entry| entry.category != Group::Internal)
    {
        let columns = entry
            .personal
            .iter()
            .chain(&entry.plain)
            .filter(|column| *column != "token_sealed");
        let quoted: Vec<_> = columns.map(|column| format!("quote({column})")).collect();
        let text = format!(
            "SELECT {} FROM {} ORDER BY 1",
            quoted.join(" || ',' || "),
            entry.name
        );
        let rows: Vec<(String,)> = services
            .db
            .fetch_all(crate::db::Statement::from_checked_names(text), vec![])
            .await
            .unwrap();
        contents.insert(
            entry.name.clone(),
            rows.into_iter().map(|(row,)| row).collect(),
        );
    }
    contents
}

#[tokio::test]
async fn one_message_is_enough_for_a_row_in_every_table_of_every_organization() {
    let (services, _folder) = seeded(1, 1).await;

    for entry in services.manifest.tables() {
        let Some(key) = entry
            .organization
            .as_ref()
            .filter(|_| entry.name != "organizations")
        else {
            continue;
        };
        let text = format!("SELECT count(DISTINCT {}) FROM {}", key.column, entry.name);
        let organizations = services
            .db
            .number(crate::db::Statement::from_checked_names(text), vec![])
            .await
            .unwrap();
        assert_eq!(organizations, 2, "{}", entry.name);
    }
}

#[tokio::test]
async fn the_same_number_makes_the_same_rows_and_another_makes_others() {
    let (one, _one) = seeded(40, 1).await;
    let (same, _same) = seeded(40, 1).await;
    let (other, _other) = seeded(40, 2).await;
    let without_hashes = |mut contents: BTreeMap<String, Vec<String>>| {
        contents.remove("data_keys");
        contents
    };

    let one = without_hashes(contents(&one).await);
    assert_eq!(one, without_hashes(contents(&same).await));
    assert_ne!(one, without_hashes(contents(&other).await));
}

#[tokio::test]
async fn the_marker_stands_in_every_personal_text() {
    /// Texts that have a form of their own: names for addresses, numbers, hashes, secrets.
    const SHAPED: [&str; 11] = [
        "organizations.slug",
        "users.password_hash",
        "contact_identities.value",
        "whatsapp_profiles.phone_number_id",
        "whatsapp_profiles.waba_id",
        "whatsapp_profiles.display_phone_number",
        "whatsapp_profiles.token_sealed",
        "security_events.ip_address",
        "media_files.object_key",
        "users.email",
        "invoices.customer_email",
    ];
    let (services, _folder) = seeded(40, 1).await;

    for entry in services
        .manifest
        .tables()
        .iter()
        .filter(|entry| entry.category != Group::Internal)
    {
        for column in entry
            .personal
            .iter()
            .filter(|column| !SHAPED.contains(&format!("{}.{column}", entry.name).as_str()))
        {
            let text = format!(
                "SELECT count(*) FROM {} WHERE instr(CAST({column} AS BLOB), CAST('MARK-org-' AS BLOB)) = 0",
                entry.name
            );
            let bare = services
                .db
                .number(crate::db::Statement::from_checked_names(text), vec![])
                .await
                .unwrap();
            assert_eq!(bare, 0, "{}.{column}", entry.name);
        }
    }
    assert_eq!(
        services
            .db
            .number(
                "SELECT count(*) FROM users WHERE email NOT LIKE '%mark-org-%'",
                vec![]
            )
            .await
            .unwrap(),
        0
    );
}

#[tokio::test]
async fn a_taken_name_writes_nothing() {
    let (services, _folder) = seeded(1, 1).await;
    let before = contents(&services).await;

    let again = run(
        &services,
        &SeedOptions {
            organizations: 2,
            messages: 1,
            seed: 2,
            marker: None,
        },
        &mut |_| {},
    )
    .await;

    assert!(matches!(again, Err(SeedError::SlugTaken(slug)) if slug == "org-1"));
    assert_eq!(contents(&services).await, before);
}

#[tokio::test]
async fn the_demo_has_everybody_it_promises() {
    let (services, _folder) = empty().await;

    let accounts = demo_accounts(&services).await.unwrap();

    for account in &accounts {
        let found = services
            .db
            .number(
                "SELECT count(*) FROM users WHERE email = $1",
                args![account.email],
            )
            .await
            .unwrap();
        assert_eq!(found, 1, "{}", account.email);
    }
    let both = services
        .db
        .number(
            "SELECT count(*) FROM memberships AS m JOIN users AS u ON u.id = m.user_id WHERE u.email = $1",
            args!["ines@studio-palmier.example"],
        )
        .await
        .unwrap();
    assert_eq!(both, 2);
}
