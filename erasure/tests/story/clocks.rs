//! Nobody's term runs out unseen, however many there are.

use std::time::Instant;

use erasure::request::{Role, clock};

use crate::{
    asking::{ask, days, number},
    harness::World,
};

/// Requests that wait for staff, each with a case, received now.
async fn thousands(world: &World, count: u32) {
    world
        .submit(&ask(Role::Representative, number("33699887766")))
        .await;
    let numbers = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
    );
    world
        .write(&format!(
            "INSERT INTO requests (id, reference, channel, role, locale, state, capability_sealed, stated_at, received_at, due_at,
                                   acknowledged_at, proven_at, tell_at)
             {numbers}
             SELECT id || '-' || n, 'QD-' || n, channel, role, locale, 'erasing', capability_sealed, stated_at, received_at, due_at,
                    received_at, received_at, received_at
             FROM requests, numbers WHERE state = 'acknowledged'"
        ))
        .await;
    world
        .write(
            "INSERT INTO cases (id, request_id, holder_kind, holder, is_named, state, opened_at, received_at, due_at)
             SELECT 'case-' || id, id, 'contact', 'none/' || id, 0, 'in_review', received_at, received_at, due_at
             FROM requests WHERE state = 'erasing'",
        )
        .await;
}

#[tokio::test]
async fn each_part_of_a_term_raises_its_alarm_once() {
    let world = World::with_organizations(1).await;
    thousands(&world, 3).await;
    let alarms = async || {
        clock::tick(&world.services).await.unwrap();
        clock::tick(&world.services).await.unwrap();
        world
            .texts("SELECT percent || ': ' || count(*) FROM term_alarms GROUP BY percent ORDER BY percent")
            .await
    };

    assert_eq!(alarms().await, [""; 0]);
    world.advance(days(15));
    assert_eq!(alarms().await, ["50: 3"]);
    world.advance(days(9));
    assert_eq!(alarms().await, ["50: 3", "80: 3"]);
    world.advance(days(7));
    assert_eq!(alarms().await, ["50: 3", "80: 3", "95: 3"]);

    let totals = clock::totals(&world.services).await.unwrap();
    assert_eq!(totals.past, [(50, 3), (80, 3), (95, 3)]);
    assert_eq!((totals.overdue, totals.unacknowledged), (3, 0));
    assert!(
        totals.states.contains(&("expired".to_owned(), 1)),
        "{totals:?}"
    );
}

#[tokio::test]
async fn ten_thousand_open_cases_are_looked_at_within_two_seconds() {
    let world = World::with_organizations(1).await;
    thousands(&world, 10_000).await;
    world.advance(days(29));

    for look in ["with alarms to raise", "with nothing to do"] {
        let begun = Instant::now();
        clock::tick(&world.services).await.unwrap();
        let took = begun.elapsed();
        assert!(took.as_secs() < 2, "{look}: {took:?}");
    }

    assert_eq!(
        world.number("SELECT count(*) FROM term_alarms").await,
        30_000
    );
}
