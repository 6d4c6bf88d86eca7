//! What is watched: figures and the register, which are about nobody.

use std::time::Duration;

use erasure::{
    request::{
        Role as Asking, Stage,
        desk::{self, DeskError},
    },
    staff::{ActError, Role},
};

use crate::{
    asking::{ask, days, mailbox},
    harness::World,
};

/// One who proved an address without an account: it is over some minutes later, and nothing was there to erase.
async fn completed(world: &World, address: &str) {
    world.proves_by_mail(address).await;
    for _ in 0..3 {
        world.work().await;
        world.advance(Duration::from_mins(11));
    }
    world.work().await;
}

#[tokio::test]
async fn each_request_is_counted_in_its_month_and_what_is_open_by_its_age() {
    let world = World::with_organizations(1).await;
    completed(&world, "one@example.fr").await;
    world.advance(days(31));
    world
        .submit(&ask(Asking::AccountHolder, mailbox("two@example.fr")))
        .await;
    world.advance(days(10));
    world
        .submit(&ask(Asking::AccountHolder, mailbox("three@example.fr")))
        .await;
    let auditor = world.colleague("aude", Role::Auditor).await;
    let auditor = world.signed_in(&auditor).await;

    let figures = desk::figures(&world.services, &auditor).await.unwrap();

    assert_eq!(figures.months.len(), 12);
    let received: i64 = figures.months.iter().map(|month| month.received).sum();
    let completed: i64 = figures.months.iter().map(|month| month.completed).sum();
    assert_eq!((received, completed), (3, 1));
    let of_first = figures
        .months
        .iter()
        .find(|month| month.completed == 1)
        .unwrap();
    assert_eq!((of_first.received, of_first.median_days), (1, Some(0)));
    let open: Vec<_> = figures
        .ages
        .iter()
        .map(|age| (age.from, age.open))
        .collect();
    assert_eq!(open, [(0, 1), (8, 1), (15, 0), (22, 0), (31, 0)]);
    let sum: i64 = figures.ages.iter().map(|age| age.open).sum();
    let sql = "SELECT count(*) FROM requests WHERE closed_at IS NULL";
    assert_eq!(sum, world.number(sql).await);
}

#[tokio::test]
async fn the_register_holds_every_request_and_taking_it_is_on_record() {
    let world = World::with_organizations(1).await;
    completed(&world, "one@example.fr").await;
    world
        .submit(&ask(Asking::AccountHolder, mailbox("two@example.fr")))
        .await;
    let odile = world.colleague("odile", Role::Officer).await;
    let odile = world.signed_in(&odile).await;

    let mut register = desk::register(&world.services, &odile).await.unwrap();

    let all = register.next().await.unwrap();
    assert!(register.next().await.unwrap().is_empty());
    let states: Vec<_> = all.iter().map(|one| one.state.as_str()).collect();
    assert_eq!(
        states,
        [Stage::Completed.as_str(), Stage::Acknowledged.as_str()]
    );
    assert!(all[0].closed_at.is_some() && all[1].closed_at.is_none());
    assert!(!serde_json::to_string(&all).unwrap().contains("@example"));
    assert_eq!(
        world.record().await.last().unwrap(),
        "officer export_register done"
    );
    let agent = world.colleague("agathe", Role::Agent).await;
    let agent = world.signed_in(&agent).await;
    let denied = desk::register(&world.services, &agent).await;
    assert!(matches!(
        denied.err(),
        Some(DeskError::Act(ActError::Denied))
    ));
}
