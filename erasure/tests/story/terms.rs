//! Whatever this product keeps ends: each of its tables has a term, and one sweep keeps all of them.

use std::{collections::BTreeMap, time::Duration};

use erasure::{
    db::{Backend, Table},
    manifest::{Entry, Group, Term},
    retention::{self, Swept},
};

use crate::harness::World;

const DAY: Duration = Duration::from_hours(24);

/// Lets a test write rows that no program of ours would: the values of a column do not matter to a sweep.
async fn without_checks(world: &World) {
    let statement = match world.services.db.backend() {
        Backend::Sqlite => "PRAGMA ignore_check_constraints = ON",
        Backend::Postgres => {
            "DO $$ DECLARE one RECORD; BEGIN
               FOR one IN SELECT conrelid::regclass AS relation, conname FROM pg_constraint
                          WHERE contype = 'c' AND conrelid <> 0 AND connamespace = current_schema()::regnamespace
               LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', one.relation, one.conname); END LOOP;
             END $$"
        }
    };
    world.write(statement).await;
}

/// Adds a row to a table: its moments are `at`, what refers to another row refers to the one there is, and everything that may be
/// empty is, but for the columns named.
async fn add_row(world: &World, name: &str, at: i64, filled: &[&str]) {
    let catalog = world.services.db.catalog().await.unwrap();
    let table: &Table = &catalog.tables[name];
    let mut columns = Vec::new();
    let mut values = Vec::new();
    for column in &table.columns {
        let parent = table
            .foreign_keys
            .iter()
            .find(|key| key.columns == [column.name.clone()])
            .map(|key| key.to_table.as_str());
        let is_filled = filled.contains(&column.name.as_str());
        if column.nullable && !is_filled {
            continue;
        }
        columns.push(format!("\"{}\"", column.name));
        values.push(match (parent, column.kind.as_str()) {
            (Some(parent), _) => {
                let key = catalog.tables[parent].primary_key().remove(0).to_owned();
                format!("(SELECT \"{key}\" FROM \"{parent}\" LIMIT 1)")
            }
            (None, "text") => "'x'".to_owned(),
            (None, "blob") => "X'00'".to_owned(),
            (None, "bytea") => "'\\x00'".to_owned(),
            (None, _) => at.to_string(),
        });
    }
    let text = format!(
        "INSERT INTO \"{name}\" ({}) VALUES ({})",
        columns.join(", "),
        values.join(", ")
    );
    world.write(&text).await;
}

async fn rows(world: &World, table: &str) -> i64 {
    world
        .number(&format!("SELECT count(*) FROM \"{table}\""))
        .await
}

/// A world that holds people and organizations, and nothing of this product's own.
async fn empty_world() -> World {
    let world = World::with_organizations(1).await;
    without_checks(&world).await;
    for table in [
        "letters",
        "jobs",
        "sessions",
        "deletion_codes",
        "code_failures",
        "rate_limits",
    ] {
        world.write(&format!("DELETE FROM {table}")).await;
    }
    add_row(&world, "staff", world.now().as_millis(), &[]).await; // whom an invitation can be for
    add_row(&world, "requests", world.now().as_millis(), &[]).await; // which a letter can belong to
    world
}

fn terms(world: &World) -> Vec<(Entry, String, u32)> {
    let tables = world.services.manifest.tables().iter();
    tables
        .filter_map(|entry| match &entry.term {
            Some(Term::After { column, days }) => Some((entry.clone(), column.clone(), *days)),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn every_table_of_this_product_says_when_its_rows_end() {
    let world = World::with_organizations(1).await;

    for entry in world.services.manifest.tables() {
        let is_ours = entry.category == Group::Internal;
        assert!(!is_ours || entry.term.is_some(), "{}", entry.name);
        if let Some(Term::Never { .. }) = entry.term {
            assert!(
                entry.personal.is_empty(),
                "{} holds something personal for ever",
                entry.name
            );
        }
    }
}

#[tokio::test]
async fn rows_are_there_until_their_term_and_gone_with_it_in_every_table() {
    let world = empty_world().await;
    let at = world.now();
    for (entry, column, _) in terms(&world) {
        add_row(&world, &entry.name, at.as_millis(), &[&column]).await;
    }
    let mut ends: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (entry, _, days) in terms(&world) {
        ends.entry(days).or_default().push(entry.name);
    }
    assert!(ends.values().flatten().count() >= 10, "{ends:?}");

    for (days, tables) in ends {
        let end = at + DAY * days;
        // One millisecond before, unless that is before the row itself.
        if days > 0 {
            world.advance((end - Duration::from_millis(1)).since(world.now()));
            retention::sweep(&world.services).await.unwrap();
            for table in &tables {
                assert_eq!(
                    rows(&world, table).await,
                    1,
                    "{table} is kept for {days} days"
                );
            }
        }
        world.advance(end.since(world.now()));
        retention::sweep(&world.services).await.unwrap();
        for table in &tables {
            assert_eq!(
                rows(&world, table).await,
                0,
                "{table} ends after {days} days"
            );
        }
    }
    assert_eq!(
        retention::sweep(&world.services).await.unwrap(),
        Swept::default()
    );
}

#[tokio::test]
async fn a_row_whose_moment_has_not_come_is_kept_for_as_long_as_it_takes() {
    let world = empty_world().await;
    let mut kept = Vec::new();
    for (entry, column, _) in terms(&world) {
        let catalog = world.services.db.catalog().await.unwrap();
        if catalog.tables[&entry.name]
            .column(&column)
            .unwrap()
            .nullable
        {
            add_row(&world, &entry.name, world.now().as_millis(), &[]).await;
            kept.push(entry.name);
        }
    }
    assert!(
        kept.contains(&"erasures".to_owned()) && kept.contains(&"jobs".to_owned()),
        "{kept:?}"
    );

    world.advance(DAY * 10_000);
    retention::sweep(&world.services).await.unwrap();

    for table in kept {
        // The hold's day has come, and a second job tells the ledger so.
        let expected = if table == "jobs" { 2 } else { 1 };
        assert_eq!(rows(&world, &table).await, expected, "{table}");
    }
}

#[tokio::test]
async fn what_belongs_to_a_row_goes_with_it_and_not_before() {
    let world = empty_world().await;
    let at = world.now().as_millis();
    let children: Vec<(String, String)> = world
        .services
        .manifest
        .tables()
        .iter()
        .filter_map(|entry| match &entry.term {
            Some(Term::With { with, .. }) => Some((entry.name.clone(), with.clone())),
            _ => None,
        })
        .collect();
    assert!(children.len() >= 4, "{children:?}");
    for (child, parent) in &children {
        if rows(&world, parent).await == 0 {
            let (_, column, _) = terms(&world)
                .into_iter()
                .find(|(entry, ..)| entry.name == *parent)
                .unwrap();
            add_row(&world, parent, at, &[&column]).await;
        }
        add_row(&world, child, at, &[]).await;
    }

    world.advance(DAY * 365);
    retention::sweep(&world.services).await.unwrap();
    for (child, _) in &children {
        assert_eq!(rows(&world, child).await, 1, "{child}");
    }
    world.advance(DAY * 365 * 6);
    retention::sweep(&world.services).await.unwrap();

    for (child, parent) in &children {
        assert_eq!(
            (rows(&world, child).await, rows(&world, parent).await),
            (0, 0),
            "{child}"
        );
    }
}

#[tokio::test]
async fn what_evidence_does_not_need_leaves_its_row_earlier() {
    let world = empty_world().await;
    let at = world.now();
    let mut seen = 0;
    for entry in world.services.manifest.tables().to_vec() {
        for emptied in &entry.emptied {
            world
                .write(&format!("DELETE FROM \"{}\"", entry.name))
                .await;
            let mut filled: Vec<&str> = emptied.columns.iter().map(String::as_str).collect();
            filled.push(&emptied.after);
            let moment = world.now() + DAY;
            add_row(&world, &entry.name, moment.as_millis(), &filled).await;
            let full = async || {
                world
                    .number(&format!(
                        "SELECT count(*) FROM \"{}\" WHERE \"{}\" IS NOT NULL",
                        entry.name, emptied.columns[0]
                    ))
                    .await
            };

            let last_moment = moment + DAY * emptied.days - Duration::from_millis(1);
            world.advance(last_moment.since(world.now()));
            retention::sweep(&world.services).await.unwrap();
            assert_eq!(full().await, 1, "{}.{}", entry.name, emptied.columns[0]);
            world.advance(Duration::from_millis(1));
            retention::sweep(&world.services).await.unwrap();
            assert_eq!(full().await, 0, "{}.{}", entry.name, emptied.columns[0]);
            assert_eq!(rows(&world, &entry.name).await, 1, "the row itself stays");
            seen += 1;
        }
    }
    assert!(seen >= 3 && world.now() > at);
}

#[tokio::test]
async fn a_sweep_of_thousands_goes_in_batches_and_two_at_once_do_no_harm() {
    let world = empty_world().await;
    let at = world.now().as_millis();
    for part in 0..6 {
        let values: Vec<_> = (0..500)
            .map(|number| {
                format!("('job-{part}-{number}', 'letter', 'subject-{part}-{number}', {at}, {at})")
            })
            .collect();
        world
            .write(&format!(
                "INSERT INTO jobs (id, kind, subject, due_at, done_at) VALUES {}",
                values.join(",")
            ))
            .await;
    }
    world.advance(DAY * 31);

    let (first, second) = tokio::join!(
        retention::sweep(&world.services),
        retention::sweep(&world.services)
    );

    let count = |swept: Swept| swept.0.get("jobs").copied().unwrap_or_default();
    assert_eq!(count(first.unwrap()) + count(second.unwrap()), 3_000);
    assert_eq!(rows(&world, "jobs").await, 0);
}

#[tokio::test]
async fn the_proof_outlives_the_work_and_then_ends_with_all_that_belongs_to_it() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;
    world.settle().await;

    world.advance(DAY * 365 * 4);
    retention::sweep(&world.services).await.unwrap();
    assert_eq!(rows(&world, "jobs").await, 0);
    assert!(
        world.receipt(&capability).await.verification.found == 0,
        "the link still opens the receipt"
    );
    assert_eq!(
        erasure::progress::list(&world.services)
            .await
            .unwrap()
            .len(),
        1
    );

    world.advance(DAY * 365);
    world.advance(DAY * 2);
    retention::sweep(&world.services).await.unwrap();
    for table in [
        "erasures",
        "erasure_links",
        "erasure_subjects",
        "erasure_steps",
    ] {
        assert_eq!(rows(&world, table).await, 0, "{table}");
    }
    assert!(
        erasure::progress::find(&world.services, &capability)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(
        erasure::archive::list(&world.services).await.unwrap().len(),
        1,
        "the archive has a term of its own"
    );
}
