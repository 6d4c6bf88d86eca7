//! On Postgres the archive has a role of its own: the server itself keeps every other statement out.

use erasure::{
    archive::{
        openings::{self, Chain},
        purge_now,
    },
    backup::{self, CreateError, Options},
    db::{Db, SnapshotError, scratch},
};

use crate::{
    archives::{YEAR_HOURS, erase, open_as, records},
    harness::{World, hours, test_server},
};

/// What the handbook tells an operator to run to make this role, with our names in the place of its.
fn handbook(made: &str, world: &str) -> Vec<String> {
    let (role, archivist, reader) = (
        format!("app_{world}"),
        format!("archivist_{world}"),
        format!("reader_{world}"),
    );
    let book = include_str!("../../../docs/operating.md");
    let block = book
        .split("```sql\n")
        .find(|block| block.contains(&format!("CREATE ROLE {made}")))
        .and_then(|block| block.split("```").next())
        .expect("the handbook says how");
    block
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .collect::<Vec<_>>()
        .join("\n")
        .split(';')
        .map(|statement| {
            statement
                .replace("qliento_archivist", "\u{1}")
                .replace("qliento_reader", "\u{2}")
                .replace("TO qliento", &format!("TO {role}"))
                .replace("ROLE qliento ", &format!("ROLE {role} "))
                .replace('\u{1}', &archivist)
                .replace('\u{2}', &reader)
                .trim()
                .to_owned()
        })
        .filter(|statement| !statement.is_empty())
        .collect()
}

async fn run(db: &Db, statement: &str) {
    let statement: &'static str = Box::leak(statement.to_owned().into_boxed_str());
    db.execute(statement, vec![])
        .await
        .unwrap_or_else(|error| panic!("{statement}: {error:?}"));
}

fn name(of: &str) -> String {
    format!("{of}_{}", std::process::id())
}

/// A world whose database belongs to a role that is no superuser, set up as the handbook says.
async fn world_with_two_roles(server: &str, name: &str) -> World {
    let role = format!("app_{name}");
    let url = scratch::create(server, name, None).await.unwrap();
    let superuser = Db::open(&url).await.unwrap();
    run(&superuser, &format!("CREATE ROLE {role} LOGIN")).await;
    run(
        &superuser,
        &format!("ALTER DATABASE {name} OWNER TO {role}"),
    )
    .await;
    run(&superuser, &format!("ALTER SCHEMA public OWNER TO {role}")).await;
    let app_url = url
        .replace("user=qliento", &format!("user={role}"))
        .replace("//qliento@", &format!("//{role}@"));
    let app = Db::open(&app_url).await.unwrap();
    app.migrate().await.unwrap();
    assert_eq!(
        app.archive_is_apart().await.unwrap(),
        Some(false),
        "one role works, too"
    );
    for statement in handbook("qliento_archivist", name) {
        run(&superuser, &statement).await;
    }
    superuser.close().await;
    World::seeded_around(app, app_url, 1).await
}

#[tokio::test]
async fn the_server_keeps_every_normal_statement_out_of_the_archive() {
    let Some(server) = test_server() else {
        return; // SQLite has no roles
    };
    let world = world_with_two_roles(&server, &name("apart")).await;
    assert_eq!(
        world.services.db.archive_is_apart().await.unwrap(),
        Some(true)
    );

    erase(&world).await;

    for table in ["archives", "archive_pages", "archive_openings"] {
        for statement in [
            "SELECT count(*) FROM qliento_archive.{t}",
            "DELETE FROM qliento_archive.{t}",
        ] {
            let refused = world.try_write(&statement.replace("{t}", table)).await;
            let words = format!("{:?}", refused.unwrap_err());
            assert!(
                words.contains("permission denied for schema"),
                "{statement}: {words}"
            );
        }
    }
    assert!(!open_as(&world, "ada@example.org").await.unwrap().is_empty());
    assert_eq!(
        openings::check(&world.services).await.unwrap(),
        Chain::Whole { rows: 1 }
    );
    world.advance(hours(YEAR_HOURS * 11));
    assert_eq!(purge_now(&world.services).await.unwrap(), 1);
    assert!(records(&world).await.is_empty());
}

#[tokio::test]
async fn a_backup_holds_an_archive_that_is_kept_apart_once_a_role_may_read_both() {
    let Some(server) = test_server() else {
        return; // SQLite has no roles
    };
    let name = name("reader");
    let mut world = world_with_two_roles(&server, &name).await;
    world.start().await;
    erase(&world).await;
    let kept = open_as(&world, "ada@example.org").await.unwrap();

    let (store, options) = (world.store(), Options::default());
    let refused = backup::create(&world.services, store.as_ref(), &options).await;
    assert!(
        matches!(
            refused,
            Err(CreateError::Snapshot(SnapshotError::ArchiveApart))
        ),
        "{refused:?}"
    );
    let superuser = Db::open(&world.url.replace(&format!("app_{name}"), "qliento"))
        .await
        .unwrap();
    for statement in handbook("qliento_reader", &name) {
        run(&superuser, &statement).await;
    }
    run(&superuser, &format!("ALTER ROLE app_{name} CREATEDB")).await;
    superuser.close().await;
    assert_eq!(
        world.services.db.archive_is_apart().await.unwrap(),
        Some(true),
        "what reads both is taken for a backup alone"
    );
    let backup = world.back_up().await;
    world.restore(&backup.id).await;

    assert_eq!(open_as(&world, "ada@example.org").await.unwrap(), kept);
    assert_eq!(
        world.services.db.archive_is_apart().await.unwrap(),
        Some(false),
        "the copy belongs to whoever restored it, until the handbook is followed again"
    );
}
