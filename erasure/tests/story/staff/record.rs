//! The record: whole or visibly not, filtered, copied, kept for its term and no longer.

use erasure::{
    retention,
    staff::{
        self, Act, Role, Who,
        audit::{self, Filter, Outcome, Verdict},
    },
};

use super::colleague::Colleague;
use crate::harness::{World, hours};

/// A world in which something happened.
async fn eventful() -> (World, Colleague) {
    let world = World::with_console().await;
    let auditor = world.colleague("auditor", Role::Auditor).await;
    for name in ["ada", "grace"] {
        let colleague = world.colleague(name, Role::Agent).await;
        world.signed_in(&colleague).await;
    }
    (world, auditor)
}

async fn verdict(world: &World) -> Verdict {
    audit::check(&world.services, None).await.unwrap()
}

/// What somebody can do who has the database, and no key.
async fn tamper(world: &World, sql: &str) {
    let backend = world.services.db.backend();
    let (off, on): (&[&str], &[&str]) = match backend {
        erasure::db::Backend::Sqlite => (
            &[
                "DROP TRIGGER staff_audit_is_not_changed",
                "DROP TRIGGER staff_audit_is_kept",
            ],
            &[],
        ),
        erasure::db::Backend::Postgres => (
            &["ALTER TABLE staff_audit DISABLE TRIGGER ALL"],
            &["ALTER TABLE staff_audit ENABLE TRIGGER ALL"],
        ),
    };
    for statement in off.iter().copied().chain([sql]).chain(on.iter().copied()) {
        world.write(statement).await;
    }
}

#[tokio::test]
async fn the_database_refuses_to_change_or_delete_what_is_on_record() {
    let (world, _) = eventful().await;

    for sql in [
        "UPDATE staff_audit SET act = 'sign_out'",
        "UPDATE staff_audit SET occurred_at = 0 WHERE position = 3",
        "DELETE FROM staff_audit WHERE position = 1",
        "DELETE FROM staff_audit",
    ] {
        assert!(world.try_write(sql).await.is_err(), "{sql}");
    }

    assert!(matches!(verdict(&world).await, Verdict::Whole(_)));
}

#[tokio::test]
async fn every_change_behind_the_triggers_back_shows() {
    for (sql, expected) in [
        (
            "UPDATE staff_audit SET act = 'sign_out' WHERE position = 4",
            Verdict::Broken { position: 4 },
        ),
        (
            "UPDATE staff_audit SET staff_id = NULL WHERE position = 2",
            Verdict::Broken { position: 2 },
        ),
        (
            "DELETE FROM staff_audit WHERE position = 3",
            Verdict::Broken { position: 3 },
        ),
        (
            "DELETE FROM staff_audit WHERE position >= 6",
            Verdict::CutShort { after: 5 },
        ),
        (
            "DELETE FROM staff_audit WHERE position = 1",
            Verdict::Broken { position: 1 },
        ),
        (
            "UPDATE staff_audit_ends SET last_position = 5, last_link = (SELECT link FROM staff_audit WHERE position = 5)",
            Verdict::Foreign,
        ),
        (
            "UPDATE staff_audit_ends SET swept_to = 2, swept_link = (SELECT link FROM staff_audit WHERE position = 2)",
            Verdict::Foreign,
        ),
    ] {
        let (world, _) = eventful().await;

        tamper(&world, sql).await;

        assert_eq!(verdict(&world).await, expected, "{sql}");
    }
}

#[tokio::test]
async fn a_record_that_was_emptied_is_not_whole() {
    let (world, _) = eventful().await;

    tamper(&world, "DELETE FROM staff_audit").await;
    let blank = match world.services.db.backend() {
        erasure::db::Backend::Sqlite => "X''",
        erasure::db::Backend::Postgres => "''",
    };
    world
        .write(&format!(
            "UPDATE staff_audit_ends SET last_position = 0, last_link = {blank}, seal = {blank}"
        ))
        .await;

    assert_eq!(verdict(&world).await, Verdict::Foreign);
}

#[tokio::test]
async fn what_was_noted_elsewhere_shows_that_an_old_copy_was_put_back() {
    let (world, _) = eventful().await;
    let Verdict::Whole(early) = verdict(&world).await else {
        panic!("it is whole");
    };
    world.invite("later@qliento.example", Role::Agent).await;
    let Verdict::Whole(late) = verdict(&world).await else {
        panic!("it is whole");
    };
    assert_eq!(late.entries, early.entries + 1);

    let noted = late.last.to_string().parse().unwrap();
    let look = async |noted| audit::check(&world.services, Some(&noted)).await.unwrap();
    assert_eq!(look(noted).await, Verdict::Whole(late.clone()));
    assert_eq!(look(early.last.clone()).await, Verdict::Whole(late.clone()));
    let foreign = "99:00".parse().unwrap();
    assert_eq!(look(foreign).await, Verdict::Foreign);
}

#[tokio::test]
async fn entries_are_paged_and_filtered_and_reading_them_is_on_record() {
    let (world, auditor) = eventful().await;
    for number in 0..60 {
        world
            .invite(&format!("n{number}@qliento.example"), Role::Agent)
            .await;
    }
    let staff = world.signed_in(&auditor).await;
    let read = async |filter: Filter, before| {
        audit::page(&world.services, &staff, &filter, before)
            .await
            .unwrap()
    };

    let first = read(Filter::default(), None).await;
    let second = read(Filter::default(), first.older).await;
    let own = read(
        Filter {
            staff: Some(auditor.id.clone()),
            act: Some(Act::SignIn),
            outcome: Some(Outcome::Done),
            ..Filter::default()
        },
        None,
    )
    .await;
    let about = read(
        Filter {
            subject: Some(auditor.id.to_string()),
            ..Filter::default()
        },
        None,
    )
    .await;

    assert_eq!(first.entries.len(), 50);
    assert_eq!(second.older, None);
    let positions: Vec<_> = first.entries.iter().chain(&second.entries).collect();
    assert!(
        positions
            .windows(2)
            .all(|pair| pair[0].position == pair[1].position + 1)
    );
    assert_eq!(own.entries.len(), 1);
    assert_eq!(
        own.entries[0].email.as_deref(),
        Some("auditor@qliento.example")
    );
    assert_eq!(about.entries.len(), 1, "{about:?}");
    assert_eq!(
        world.record().await.pop().as_deref(),
        Some("auditor read_audit done")
    );
}

#[tokio::test]
async fn a_copy_holds_everything_that_fits_in_order() {
    let (world, auditor) = eventful().await;
    let staff = world.signed_in(&auditor).await;

    let mut copy = audit::copy(&world.services, &staff, Filter::default())
        .await
        .unwrap();
    let entries = copy.next().await.unwrap();
    let rest = copy.next().await.unwrap();

    assert!(rest.is_empty());
    let positions: Vec<_> = entries.iter().map(|entry| entry.position).collect();
    assert!(
        positions
            .iter()
            .copied()
            .eq(1..=entries.last().unwrap().position)
    );
    assert_eq!(entries.last().unwrap().act, "export_audit");
}

#[tokio::test]
async fn entries_go_after_five_years_and_the_chain_still_holds() {
    let (world, _) = eventful().await;
    let ada = staff::find(&world.services, &"ada@qliento.example".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    staff::disable(&world.services, Who::Operator, &ada)
        .await
        .unwrap();
    let early = world.record().await.len();
    world.advance(hours(24 * 365 * 3));
    world.invite("later@qliento.example", Role::Agent).await;

    retention::sweep(&world.services).await.unwrap();
    assert_eq!(world.record().await.len(), early + 1, "kept for its term");
    world.advance(hours(24 * 366 * 2));
    retention::sweep(&world.services).await.unwrap();

    assert_eq!(world.record().await.len(), 1);
    let Verdict::Whole(checked) = verdict(&world).await else {
        panic!("it is whole");
    };
    assert_eq!(checked.entries, 1);
    let left = world.texts("SELECT email FROM staff ORDER BY email").await;
    assert!(
        !left.contains(&"ada@qliento.example".to_owned()),
        "{left:?}"
    );
    assert_eq!(left.len(), 3, "those who did not leave stay");
}
