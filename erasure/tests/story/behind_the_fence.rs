//! A program that shares the database knows no fence and writes while an erasure goes on.

use erasure::{db::Backend, id::Capability, progress::State};

use crate::harness::{World, minutes};

/// An operator's own tables, without triggers: one that refers to the organization, and one that only names it.
const TABLES: [&str; 2] = [
    "CREATE TABLE orders (organization_id TEXT NOT NULL REFERENCES organizations (id), id TEXT NOT NULL, PRIMARY KEY (organization_id, id))",
    "CREATE TABLE notes (id TEXT NOT NULL PRIMARY KEY, about TEXT NOT NULL)",
];
const OWN: &str = r#"
    [[table]]
    name = "orders"
    category = "contacts"
    organization = { column = "organization_id", fate = "erase" }
    personal = []
    plain = ["organization_id", "id"]

    [[table]]
    name = "notes"
    category = "contacts"
    organization = { column = "about", fate = "erase" }
    personal = []
    plain = ["id", "about"]
"#;

/// A world in which the deletion of `org-1` is confirmed, and a statement runs whenever that step of it ends.
async fn confirmed(step: &str, times: u32, statement: &str) -> (World, Capability) {
    let world = with_own_tables().await;
    let statement = statement.replace("{org-1}", &world.organization("org-1").await);
    world.whenever_done(step, times, &statement).await;
    let capability = confirm(&world).await;
    (world, capability)
}

async fn confirm(world: &World) -> Capability {
    let owner = world.owner("org-1").await;
    world.confirm_deletion(&owner).await
}

async fn with_own_tables() -> World {
    let mut world = World::with_organizations(2).await;
    for table in TABLES {
        world.write(table).await;
    }
    world.covers(OWN).await;
    world
}

async fn reopened(world: &World, step: &str) -> i64 {
    world
        .number(&format!(
            "SELECT reopened FROM erasure_steps WHERE target = '{step}' OR stage = '{step}'"
        ))
        .await
}

#[tokio::test]
async fn rows_that_refer_to_what_is_to_go_are_erased_first_again() {
    let world = with_own_tables().await;
    world
        .whenever_gone(
            "contacts",
            "INSERT INTO orders SELECT o.id, 'late' FROM organizations AS o
             JOIN erasure_steps AS s ON s.subject_id = o.id AND s.target = 'orders.organization_id' AND s.reopened = 0
             WHERE NOT EXISTS (SELECT 1 FROM orders)",
        )
        .await;
    let capability = confirm(&world).await;

    world.run_due_jobs().await;
    assert!(world.open_jobs().await.iter().any(|(_, cause)| {
        cause
            .as_deref()
            .is_some_and(|cause| cause.starts_with("another program writes behind the fence"))
    }));
    world.advance(minutes(1));
    world.complete(&capability).await;

    assert_eq!(world.number("SELECT count(*) FROM orders").await, 0);
    assert_eq!(reopened(&world, "orders.organization_id").await, 1);
    assert_eq!(reopened(&world, "verify").await, 0);
}

/// Another table of theirs, which refers to messages.
const STARS: &str = "CREATE TABLE stars (
    organization_id TEXT NOT NULL, conversation_id TEXT NOT NULL, message_id TEXT NOT NULL,
    PRIMARY KEY (organization_id, conversation_id, message_id),
    FOREIGN KEY (organization_id, conversation_id, message_id) REFERENCES messages (organization_id, conversation_id, id))";
const OWN_STARS: &str = r#"
    [[table]]
    name = "stars"
    category = "contacts"
    organization = { column = "organization_id", fate = "erase" }
    personal = []
    plain = ["organization_id", "conversation_id", "message_id"]
"#;

#[tokio::test]
async fn nothing_that_refers_to_one_of_very_many_rows_is_left_behind_them() {
    let mut world = World::with_organizations(2).await;
    world.write(STARS).await;
    world.covers(OWN_STARS).await;
    world.multiply_messages("org-1", 50).await; // some batches, which ask once whether anything refers to any
    world
        .whenever_gone(
            "messages",
            "INSERT INTO stars SELECT m.organization_id, m.conversation_id, m.id FROM messages AS m
             JOIN erasure_steps AS s ON s.subject_id = m.organization_id AND s.target = 'stars.organization_id' AND s.reopened = 0
             WHERE NOT EXISTS (SELECT 1 FROM stars) ORDER BY m.conversation_id DESC, m.id DESC LIMIT 1",
        )
        .await;
    let capability = confirm(&world).await;

    world.run_due_jobs().await;
    world.advance(minutes(1));
    world.complete(&capability).await;

    assert_eq!(world.number("SELECT count(*) FROM stars").await, 0);
    assert_eq!(reopened(&world, "stars.organization_id").await, 1);
    assert_eq!(reopened(&world, "verify").await, 0);
    if world.services.db.backend() == Backend::Sqlite {
        let dangling = "SELECT count(*) FROM pragma_foreign_key_check";
        assert_eq!(world.number(dangling).await, 0);
    }
}

#[tokio::test]
async fn rows_that_the_read_back_finds_go_too_and_are_counted() {
    let insert = "INSERT INTO notes VALUES ('late', '{org-1}'), ('later', '{org-1}')";
    let (world, capability) = confirmed("organizations.id", 1, insert).await;
    world
        .write("INSERT INTO notes VALUES ('theirs', 'somebody else')")
        .await;

    world.complete(&capability).await;

    assert_eq!(world.texts("SELECT id FROM notes").await, ["theirs"]);
    assert_eq!(reopened(&world, "verify").await, 1);
    let totals = erasure::watch::totals(&world.services).await.unwrap();
    assert_eq!(totals.found_rows, 2);
}

#[tokio::test]
async fn whoever_never_stops_writing_is_shown_to_a_person_and_nothing_is_called_complete() {
    let insert = "INSERT INTO notes VALUES ('late', '{org-1}') ON CONFLICT DO NOTHING";
    let (world, capability) = confirmed("notes.about", 100, insert).await;

    for _ in 0..5 {
        world.run_due_jobs().await;
        world.advance(minutes(1));
    }

    assert_eq!(world.progress(&capability).await.state, State::Erasing);
    assert_eq!(
        world.open_jobs().await,
        [(
            "erasure".to_owned(),
            Some("the read-back keeps finding rows".to_owned())
        )]
    );
}
