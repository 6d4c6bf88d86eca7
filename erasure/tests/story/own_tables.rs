//! An operator keeps tables of their own in the same database.

use std::{fs, sync::Arc};

use erasure::{
    db::Backend,
    manifest::{LoadError, Manifest},
};

use crate::harness::World;

/// Names that SQL would rather keep for itself.
const TABLES: [&str; 2] = [
    "CREATE TABLE \"order\" (tenant TEXT NOT NULL REFERENCES organizations (id), \"Number\" TEXT NOT NULL, note TEXT,
                              PRIMARY KEY (tenant, \"Number\"))",
    "CREATE TABLE shifts (id TEXT PRIMARY KEY, \"user\" TEXT REFERENCES users (id))",
];
const OWN: &str = r#"
    [[table]]
    name = "order"
    category = "contacts"
    organization = { column = "tenant", fate = "erase" }
    personal = ["note"]
    plain = ["tenant", "Number"]

    [[table]]
    name = "shifts"
    category = "account"
    user = [{ column = "user", fate = "detach" }]
    personal = []
    plain = ["id", "user"]
"#;

async fn world_with_own_tables() -> World {
    let world = World::with_organizations(2).await;
    for table in TABLES {
        world.write(table).await;
    }
    for slug in ["org-1", "org-2"] {
        let organization = world.organization(slug).await;
        let owner = world.owner(slug).await.user;
        for number in 0..30 {
            world
                .write(&format!(
                    "INSERT INTO \"order\" VALUES ('{organization}', '{number}', 'for MARKER7Q')"
                ))
                .await;
        }
        world
            .write(&format!("INSERT INTO shifts VALUES ('{slug}', '{owner}')"))
            .await;
    }
    world
}

async fn manifest(world: &World, own: &str) -> Result<Manifest, LoadError> {
    let file = world.folder.path().join("manifest.toml");
    fs::write(&file, own).unwrap();
    Manifest::with_own(&world.services.db, &file).await
}

#[tokio::test]
async fn an_operators_own_tables_are_counted_erased_and_read_back_like_all_others() {
    let mut world = world_with_own_tables().await;
    world.services.manifest = Arc::new(manifest(&world, OWN).await.unwrap());
    let owner = world.owner("org-1").await;
    let contacts = world.number("SELECT count(*) FROM contacts").await;

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;
    world.settle().await;

    assert_eq!(world.number("SELECT count(*) FROM \"order\"").await, 30);
    assert_eq!(world.number("SELECT count(*) FROM shifts").await, 2);
    assert_eq!(
        world
            .number("SELECT count(*) FROM shifts WHERE \"user\" IS NULL AND id = 'org-1'")
            .await,
        1
    );
    let erased = "SELECT CAST(SUM(erased) AS BIGINT) FROM erasure_steps WHERE stage = 'rows' AND target = 'order.tenant'";
    assert_eq!(world.number(erased).await, 30);
    assert!(contacts > world.number("SELECT count(*) FROM contacts").await);
}

#[tokio::test]
async fn what_an_operators_file_forgets_or_may_not_say_is_named() {
    let world = world_with_own_tables().await;
    world
        .write("CREATE VIEW everybody AS SELECT email FROM users")
        .await;
    assert!(manifest(&world, OWN).await.is_ok(), "a view stores nothing");
    let is_postgres = world.services.db.backend() == Backend::Postgres;
    if is_postgres {
        world
            .write("CREATE MATERIALIZED VIEW kept AS SELECT email FROM users")
            .await;
    }
    let said = |faults: LoadError| faults.to_string();

    let own = OWN
        .replace("category = \"contacts\"", "category = \"billing\"")
        .replace("fate = \"erase\"", "fate = \"anonymize\"")
        .replace("\"tenant\", \"Number\"", "\"tenant\"");
    let faults = said(manifest(&world, &own).await.unwrap_err());

    for words in [
        "table \"order\" is your own: its category",
        "table \"order\": the fate anonymize does not fit this key",
        "column \"order.Number\" is not covered",
    ] {
        assert!(faults.contains(words), "{words}: {faults}");
    }
    assert_eq!(
        faults.contains("materialized view \"kept\" keeps a copy"),
        is_postgres,
        "{faults}"
    );
    let missing = world.folder.path().join("none.toml");
    let missing = Manifest::with_own(&world.services.db, &missing).await;
    assert!(said(missing.unwrap_err()).contains("none.toml: the manifest file cannot be read"));
}
