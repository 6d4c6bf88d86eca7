//! Eleven years in one story: what must be there opens, and what must be gone is gone that day.

use std::{collections::BTreeSet, time::Duration};

use erasure::{
    archive::{self, open},
    retention,
    time::Timestamp,
};

use crate::{
    archives::{claim, erase, read, records},
    harness::{MARKER, World},
};

const DAY: Duration = Duration::from_hours(24);

/// The numbers of the invoices that the archive still opens; a different person each day, so that none needs a second one.
async fn opened(world: &World, day: usize) -> BTreeSet<String> {
    let mut numbers = BTreeSet::new();
    for id in records(world).await {
        let opened = open::open(
            &world.services,
            &id,
            &claim(&format!("auditor-{day}@example.org")),
        )
        .await;
        for invoice in read(world, opened.unwrap()).await.unwrap() {
            numbers.insert(invoice["number"].as_str().unwrap().to_owned());
        }
    }
    numbers
}

/// Moves to a moment, doing what workers do on the way.
async fn travel(world: &World, to: Timestamp) {
    world.advance(to.since(world.now()));
    retention::sweep(&world.services).await.unwrap();
    world.run_due_jobs().await;
}

#[tokio::test]
async fn over_eleven_years_everything_ends_on_its_day_and_nothing_before() {
    let world = World::with_organizations(2).await;
    // The oldest invoices end within the first weeks.
    let almost_ten_years = world.now().plus_years(-10) + DAY * 20;
    world
        .write(&format!(
            "UPDATE invoices SET issued_at = {} WHERE id IN (SELECT id FROM invoices ORDER BY issued_at, id LIMIT 3)",
            almost_ten_years.as_millis()
        ))
        .await;
    let ours = world.organization("org-1").await;
    let invoices: Vec<(String, i64)> = world
        .services
        .db
        .fetch_all(
            "SELECT number, issued_at FROM invoices WHERE organization_id = (SELECT id FROM organizations WHERE slug = 'org-1') ORDER BY issued_at",
            vec![],
        )
        .await
        .unwrap();
    let began = world.now();

    erase(&world).await;
    world.settle().await;

    assert_eq!(world.bytes_left(&format!("{MARKER}-org-1")).await, 0);
    let ends: Vec<(String, Timestamp)> = invoices
        .iter()
        .map(|(number, issued_at)| {
            (
                number.clone(),
                Timestamp::from_millis(*issued_at).plus_years(10),
            )
        })
        .collect();
    let days: BTreeSet<Timestamp> = ends.iter().map(|(_, end)| *end).collect();
    assert!(days.len() > 20);
    for (day, end) in days.iter().enumerate() {
        travel(&world, *end - DAY).await;
        let before = opened(&world, day * 2).await;
        let due: BTreeSet<String> = ends
            .iter()
            .filter(|(_, other)| *other > world.now())
            .map(|(number, _)| number.clone())
            .collect();
        assert_eq!(before, due, "the day before {end}");

        travel(&world, *end).await;
        let after = opened(&world, day * 2 + 1).await;
        let left: BTreeSet<String> = ends
            .iter()
            .filter(|(_, other)| other > end)
            .map(|(number, _)| number.clone())
            .collect();
        assert_eq!(after, left, "on {end}");
    }

    travel(&world, began + DAY * 365 * 11 + DAY * 3).await;
    nothing_is_left(&world).await;
    assert!(world.rows_of(&ours).await.values().all(|rows| *rows == 0));
    let theirs = world.organization("org-2").await;
    assert!(
        world.rows_of(&theirs).await["messages"] > 0,
        "the neighbour lives on"
    );
    assert_eq!(world.bytes_left(&ends[0].0).await, 0);
}

/// After eleven years this product holds nothing about anybody any more.
async fn nothing_is_left(world: &World) {
    assert!(archive::list(&world.services).await.unwrap().is_empty());
    for (what, count) in [
        ("keys of records", "data_keys WHERE scope LIKE 'archive/%'"),
        ("proofs", "erasures"),
        ("steps", "erasure_steps"),
        ("jobs", "jobs"),
        ("letters", "letters"),
        ("sessions", "sessions"),
        ("codes", "deletion_codes"),
        ("rate limits", "rate_limits"),
        ("security logs", "anonymous_security_events"),
    ] {
        let left = world.number(&format!("SELECT count(*) FROM {count}")).await;
        assert_eq!(left, 0, "{what} are left after eleven years");
    }
    assert_eq!(world.bytes_left(&format!("{MARKER}-org-1")).await, 0);
}
