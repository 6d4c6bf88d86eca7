//! What stays, and only that.

use erasure::{receipt::KeptKind, retention, vault::Place};

use crate::harness::{World, hours};

#[tokio::test]
async fn invoices_are_sealed_and_open_only_where_they_belong() {
    let world = World::with_organizations(1).await;
    let number = world
        .text("SELECT number FROM invoices ORDER BY id LIMIT 1")
        .await;
    let customer = world
        .text("SELECT customer_email FROM invoices ORDER BY id LIMIT 1")
        .await;
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    let receipt = world.complete(&capability).await;

    let (id, sealed): (String, Vec<u8>) = world
        .services
        .db
        .fetch_one("SELECT id, sealed FROM archives", vec![])
        .await
        .unwrap();
    let place = Place {
        organization: "",
        table: "archives",
        column: "sealed",
        row: &id,
    };
    let opened = world
        .services
        .vault
        .open_text(&world.services.db, place, &sealed)
        .await
        .unwrap();
    assert!(opened.contains(&number));
    assert!(
        !opened.contains(&customer),
        "only what an invoice must contain is kept"
    );
    assert_eq!(world.bytes_left(&number).await, 0);
    let elsewhere = Place {
        row: "another",
        ..place
    };
    assert!(
        world
            .services
            .vault
            .open(&world.services.db, elsewhere, &sealed)
            .await
            .is_err()
    );
    let kept = receipt
        .kept
        .iter()
        .find(|row| row.what == KeptKind::Billing)
        .unwrap();
    assert!(kept.records.unwrap() > 0 && kept.until > world.now());
}

#[tokio::test]
async fn destroying_its_key_ends_an_archive_record() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;
    let (id, sealed): (String, Vec<u8>) = world
        .services
        .db
        .fetch_one("SELECT id, sealed FROM archives", vec![])
        .await
        .unwrap();

    world
        .write(&format!(
            "DELETE FROM data_keys WHERE scope = 'archive/{id}'"
        ))
        .await;

    let place = Place {
        organization: "",
        table: "archives",
        column: "sealed",
        row: &id,
    };
    assert!(
        world
            .services
            .vault
            .open(&world.services.db, place, &sealed)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn security_events_keep_no_identifier() {
    let world = World::with_organizations(1).await;
    // The seed's events may be older than the ninety days: one is from this hour.
    world
        .write(&format!(
            "UPDATE security_events SET occurred_at = {}",
            world.now().as_millis()
        ))
        .await;
    world
        .write("UPDATE security_events SET ip_address = '203.0.113.77'")
        .await;
    let ids = world.texts("SELECT id FROM security_events").await;
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;

    assert_eq!(
        world
            .number("SELECT count(*) FROM anonymous_security_events")
            .await,
        i64::try_from(ids.len()).unwrap()
    );
    assert_eq!(
        world
            .texts("SELECT DISTINCT network FROM anonymous_security_events")
            .await,
        ["203.0.0.0/16"]
    );
    assert_eq!(
        world
            .number("SELECT count(*) FROM anonymous_security_events WHERE hour % 3600000 <> 0")
            .await,
        0
    );
    for id in ids {
        assert_eq!(
            world
                .number(&format!(
                    "SELECT count(*) FROM anonymous_security_events WHERE id = '{id}'"
                ))
                .await,
            0
        );
    }
    assert_eq!(world.bytes_left("203.0.113.77").await, 0);
}

#[tokio::test]
async fn security_events_past_their_ninety_days_are_not_kept_at_all() {
    let world = World::with_organizations(1).await;
    world
        .write("UPDATE security_events SET occurred_at = 0")
        .await;
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;

    assert_eq!(
        world
            .number("SELECT count(*) FROM anonymous_security_events")
            .await,
        0
    );
}

#[tokio::test]
async fn what_has_reached_its_term_is_destroyed_and_nothing_else() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;
    let archives = "SELECT count(*) FROM archives";
    let keys = "SELECT count(*) FROM data_keys WHERE scope LIKE 'archive/%'";
    let events = "SELECT count(*) FROM anonymous_security_events";
    assert!(world.number(events).await > 0);
    assert_eq!(
        (world.number(archives).await, world.number(keys).await),
        (1, 1)
    );

    world.advance(hours(24 * 91));
    retention::sweep(&world.services).await.unwrap();
    assert_eq!(world.number(events).await, 0);
    assert_eq!(
        (world.number(archives).await, world.number(keys).await),
        (1, 1)
    );

    world.advance(hours(24 * 366 * 10));
    retention::sweep(&world.services).await.unwrap();
    assert_eq!(
        (world.number(archives).await, world.number(keys).await),
        (0, 0)
    );
}
