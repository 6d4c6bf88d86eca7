//! What a database keeps beside rows: search indexes, samples for the planner, counters. An operator's are covered, or the
//! start names what is missing.

use std::{fs, sync::Arc};

use erasure::{
    db::Backend,
    manifest::{LoadError, Manifest},
};

use crate::harness::World;

/// A table with an index of its words, in the way of either database.
const ARTICLES: &str = r#"
    [[table]]
    name = "articles"
    category = "contacts"
    organization = { column = "tenant", fate = "erase" }
    personal = ["body"]
    plain = ["tenant", "id"]
"#;
/// An index that is a table.
const NOTES: &str = r#"
    [[table]]
    name = "notes"
    category = "contacts"
    organization = { column = "tenant", fate = "erase" }
    personal = ["body"]
    plain = ["tenant"]
"#;

async fn world_on(backend: Backend, statements: &[&str]) -> Option<World> {
    let world = World::with_organizations(2).await;
    if world.services.db.backend() != backend {
        return None;
    }
    for statement in statements {
        world.write(statement).await;
    }
    Some(world)
}

async fn manifest(world: &World, own: &str) -> Result<Manifest, LoadError> {
    let file = world.folder.path().join("manifest.toml");
    fs::write(&file, own).unwrap();
    Manifest::with_own(&world.services.db, &file).await
}

async fn faults(world: &World, own: &str) -> String {
    manifest(world, own).await.unwrap_err().to_string()
}

/// Fills a table of an operator with words that stand nowhere else.
async fn fill(world: &World, table: &str, with_id: bool) {
    for (slug, word) in [("org-1", "zebraword"), ("org-2", "walrusword")] {
        let organization = world.organization(slug).await;
        for number in 0..40 {
            let body = format!("{word}{number} of a customer");
            let values = if with_id {
                format!("(tenant, id, body) VALUES ('{organization}', '{slug}-{number}', '{body}')")
            } else {
                format!("(tenant, body) VALUES ('{organization}', '{body}')")
            };
            world.write(&format!("INSERT INTO {table} {values}")).await;
        }
    }
}

/// Erases `org-1`; no byte of its words may be left, and its neighbour's are all found.
async fn erase_and_look(world: &mut World, own: &str, count: &str) {
    world.services.manifest = Arc::new(manifest(world, own).await.unwrap());
    assert!(world.bytes_left("zebraword").await > 0);
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;

    assert_eq!(world.bytes_left("zebraword").await, 0);
    assert_eq!(world.number(count).await, 40);
    world.settle().await;
}

#[tokio::test]
async fn words_go_from_a_search_index_that_holds_the_texts_itself() {
    let statements = [
        "CREATE VIRTUAL TABLE notes USING fts5(tenant UNINDEXED, body)",
        "INSERT INTO notes (notes, rank) VALUES ('secure-delete', 1)",
    ];
    let Some(mut world) = world_on(Backend::Sqlite, &statements).await else {
        return;
    };
    fill(&world, "notes", false).await;

    let found = "SELECT count(*) FROM notes WHERE notes MATCH 'customer'";
    erase_and_look(&mut world, NOTES, found).await;
}

#[tokio::test]
async fn words_go_from_a_search_index_of_another_table() {
    let statements = [
        "CREATE TABLE articles (tenant TEXT NOT NULL, id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL)",
        "CREATE VIRTUAL TABLE search USING fts5(body, content='articles')",
        "INSERT INTO search (search, rank) VALUES ('secure-delete', 1)",
        "CREATE TRIGGER search_insert AFTER INSERT ON articles BEGIN
             INSERT INTO search (rowid, body) VALUES (NEW.rowid, NEW.body); END",
        "CREATE TRIGGER search_delete AFTER DELETE ON articles BEGIN
             INSERT INTO search (search, rowid, body) VALUES ('delete', OLD.rowid, OLD.body); END",
    ];
    let Some(mut world) = world_on(Backend::Sqlite, &statements).await else {
        return;
    };
    fill(&world, "articles", true).await;

    let found = "SELECT count(*) FROM search WHERE search MATCH 'customer'";
    erase_and_look(&mut world, ARTICLES, found).await;
}

#[tokio::test]
async fn a_search_index_that_would_remember_stops_the_start_with_what_it_needs() {
    let statements = [
        "CREATE TABLE articles (tenant TEXT NOT NULL, id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL)",
        "CREATE VIRTUAL TABLE untold USING fts5(body, content='articles')",
        "CREATE VIRTUAL TABLE slow USING fts5(body, content='articles')",
        "CREATE TRIGGER slow_delete AFTER DELETE ON articles BEGIN
             INSERT INTO slow (slow, rowid, body) VALUES ('delete', OLD.rowid, OLD.body); END",
        "CREATE VIRTUAL TABLE blind USING fts5(body, content='')",
        "CREATE VIRTUAL TABLE places USING rtree(id, x, y)",
        "CREATE VIRTUAL TABLE notes USING fts5(tenant UNINDEXED, body)",
    ];
    let Some(world) = world_on(Backend::Sqlite, &statements).await else {
        return;
    };

    let said = faults(&world, ARTICLES).await;
    for words in [
        "search index \"untold\" is not told when rows of \"articles\" go",
        "search index \"slow\" keeps the words of deleted rows for a while",
        "search index \"blind\" has no content and cannot let go",
        "virtual table \"places\" is of the module rtree",
        "table \"notes\" is not covered",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(
        !said.contains("_config"),
        "what an index keeps is its own: {said}"
    );
}

#[tokio::test]
async fn a_counter_of_sqlites_own_needs_no_word_and_says_nothing_of_anybody() {
    let statements = [
        "CREATE TABLE articles (tenant TEXT NOT NULL, id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL)",
    ];
    let Some(mut world) = world_on(Backend::Sqlite, &statements).await else {
        return;
    };
    fill(&world, "articles", false).await;

    erase_and_look(&mut world, ARTICLES, "SELECT count(*) FROM articles").await;
}

#[tokio::test]
async fn words_go_from_postgres_whatever_index_and_sample_held_them() {
    let statements = [
        "CREATE TABLE articles (tenant TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
                                words TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED, PRIMARY KEY (tenant, id))",
        "CREATE INDEX articles_words ON articles USING gin (words)",
        "CREATE INDEX articles_body ON articles (lower(body))",
        "CREATE STATISTICS articles_together (mcv) ON body, id FROM articles",
    ];
    let Some(mut world) = world_on(Backend::Postgres, &statements).await else {
        return;
    };
    let own = ARTICLES.replace("[\"body\"]", "[\"body\", \"words\"]");

    let said = faults(
        &world,
        &own.replace(", \"words\"]", "]")
            .replace("\"id\"]", "\"id\", \"words\"]"),
    )
    .await;
    assert!(
        said.contains("\"articles.words\" holds the words of other columns"),
        "{said}"
    );
    let said = faults(&world, &own).await;
    for words in [
        "index \"articles_body\" is on an expression",
        "statistics \"articles_together\" keep values",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }

    for remedy in [
        "ALTER INDEX \"articles_body\" ALTER COLUMN 1 SET STATISTICS 0",
        "DROP STATISTICS articles_together",
    ] {
        assert!(
            said.contains(remedy) || remedy.starts_with("DROP"),
            "{remedy}: {said}"
        );
        world.write(remedy).await;
    }
    assert!(
        manifest(&world, &own).await.is_ok(),
        "of columns the start sees to it itself"
    );
    fill(&world, "articles", true).await;
    world.write("ANALYZE").await;
    let found = "SELECT count(*) FROM articles WHERE words @@ to_tsquery('simple', 'customer')";
    erase_and_look(&mut world, &own, found).await;
}

#[tokio::test]
async fn samples_that_only_a_superuser_can_take_away_stop_the_start_with_the_way_to_do_it() {
    let statements = [
        "CREATE TABLE articles (tenant TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
                                words TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED, PRIMARY KEY (tenant, id))",
    ];
    let Some(mut world) = world_on(Backend::Postgres, &statements).await else {
        return;
    };
    let own = ARTICLES.replace("[\"body\"]", "[\"body\", \"words\"]");
    fill(&world, "articles", true).await;
    world.write("ANALYZE").await;

    let said = faults(&world, &own).await;
    let (_, remedy) = said.split_once("superuser, `").unwrap();
    let (remedy, _) = remedy.split_once('`').unwrap();
    assert!(remedy.starts_with("DELETE FROM pg_statistic"), "{said}");
    world.write(remedy).await;
    let samples = world
        .services
        .db
        .rewrite("pg_catalog.pg_statistic", Some(0));
    samples.await.unwrap();

    let found = "SELECT count(*) FROM articles WHERE words @@ to_tsquery('simple', 'customer')";
    erase_and_look(&mut world, &own, found).await;
}

#[tokio::test]
async fn a_sequence_of_nobody_has_to_be_accounted_for() {
    let statements = [
        "CREATE SEQUENCE ticket_numbers",
        "CREATE TABLE articles (tenant TEXT NOT NULL, id BIGSERIAL, body TEXT NOT NULL, PRIMARY KEY (tenant, id))",
    ];
    let Some(world) = world_on(Backend::Postgres, &statements).await else {
        return;
    };
    let sequence = |name: &str| {
        format!(
            "{ARTICLES}\n[[sequence]]\nname = \"{name}\"\nkeep = {{ basis = \"counts for everybody\", until = \"for ever\" }}\n"
        )
    };

    let said = faults(&world, ARTICLES).await;
    assert!(
        said.contains("sequence \"ticket_numbers\" belongs to no column"),
        "{said}"
    );
    assert!(!said.contains("articles_id_seq"), "{said}");
    let said = faults(&world, &sequence("articles_id_seq")).await;
    assert!(
        said.contains("\"articles_id_seq\" does not exist or belongs to a column"),
        "{said}"
    );
    assert!(manifest(&world, &sequence("ticket_numbers")).await.is_ok());
}
