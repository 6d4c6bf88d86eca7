//! A database that fails at any moment loses nothing that Meta sends: it comes again, and then everything is as it should be.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use erasure::{db::faults::Fault, locale::Locale, network::Network, proof, services::Services};
use serde_json::{Value, json};

use crate::{
    harness::{World, minutes},
    line::{BEFORE, Line, from, text},
};

/// Somebody, and messages of every kind of consequence: new people, a merge, a file, a proof, a change.
async fn body(world: &World, line: &Line, n: u32) -> Value {
    let (number, new_number, id) = (
        format!("1650555{n:04}"),
        format!("1219555{n:04}"),
        format!("US.{n}"),
    );
    let challenge = proof::begin_reverse(
        &world.services,
        &format!("request-{n}"),
        &Network::unknown(),
    )
    .await
    .unwrap();
    let seconds = world.now().as_millis() / 1_000;
    let wamid = |place: u32| format!("wamid.{n}.{place}");
    let chat = |place: u32| text(&number, &wamid(place), BEFORE, "hello");
    let photo = json!({ "from": number, "id": wamid(4), "timestamp": BEFORE, "type": "image", "image": { "id": "1" } });
    let change = json!({ "from": number, "id": wamid(6), "timestamp": BEFORE, "type": "system",
        "system": { "type": "user_changed_number", "wa_id": new_number } });
    line.told(&[
        chat(1),
        from(chat(2), None, Some(&id)),
        from(chat(3), Some(&number), Some(&id)),
        photo,
        text(&number, &wamid(5), seconds, &challenge.text(Locale::Fr)),
        change,
    ])
}

/// How many rows there are, wherever a webhook writes.
async fn rows(world: &World, line: &Line) -> BTreeMap<String, i64> {
    let mut rows = world.rows_of(&line.organization).await;
    for table in ["identity_proofs", "jobs"] {
        let count = world.number(&format!("SELECT count(*) FROM {table}")).await;
        rows.insert(table.to_owned(), count);
    }
    rows
}

/// The same services, whose database fails at the n-th call; and how many there were.
fn failing_at(services: &Services, n: u32, fault: Fault) -> (Services, Arc<AtomicU32>) {
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    let db = services.db.clone().with_faults(move |_| {
        let call = counted.fetch_add(1, Ordering::Relaxed) + 1;
        (call == n).then_some(fault)
    });
    let services = Services {
        db,
        ..services.clone()
    };
    (services, calls)
}

#[tokio::test]
async fn whichever_call_fails_the_next_delivery_makes_it_whole() {
    let mut world = World::with_organizations(1).await;
    let line = Line::of(&world, "org-1").await;
    let mut person = 0;
    let mut grown = None;
    for fault in [Fault::Refuse, Fault::LoseAnswer] {
        let (mut n, mut failures) = (0, 0);
        loop {
            (n, person) = (n + 1, person + 1);
            world.advance(minutes(1));
            let body = body(&world, &line, person).await;
            let before = rows(&world, &line).await;
            let whole = world.services.clone();
            let (failing, calls) = failing_at(&whole, n, fault);
            world.services = failing;
            failures += u32::from(world.try_receive(&body).await.is_err());
            world.services = whole;
            world.receive(&body).await;

            let mut after = rows(&world, &line).await;
            for (table, count) in before {
                *after.get_mut(&table).unwrap() -= count;
            }
            assert_eq!(
                grown.get_or_insert(after.clone()),
                &after,
                "{fault:?} at call {n}"
            );
            if calls.load(Ordering::Relaxed) < n {
                break; // there was no such call any more
            }
        }
        assert!(
            n > 30 && failures + 1 == n,
            "{failures} failures at {n} calls"
        );
    }
    let grown = grown.unwrap();
    for (table, rows) in [
        ("contacts", 1),
        ("messages", 4),
        ("media_files", 1),
        ("identity_proofs", 1),
    ] {
        assert_eq!(grown[table], rows, "{table}");
    }
}
