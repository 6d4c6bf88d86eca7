//! An operator holds work back while it goes on.

use std::{num::NonZeroU32, time::Duration};

use erasure::{
    job::{self, Kind},
    progress::State,
};

use crate::harness::{World, minutes};

#[tokio::test]
async fn paused_erasures_stand_still_say_so_and_go_on_where_they_were() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    let messages = world.number("SELECT count(*) FROM messages").await;

    job::pause(&world.services, Kind::Erasure, true)
        .await
        .unwrap();
    world.run_due_jobs().await;

    let progress = world.progress(&capability).await;
    assert!(progress.delayed, "the owner is told");
    assert_ne!(progress.state, State::Completed);
    assert_eq!(
        world.number("SELECT count(*) FROM messages").await,
        messages
    );
    assert_eq!(
        world.letters_to(owner.email.expose()).len(),
        2,
        "letters go on: the code and the confirmation"
    );

    job::pause(&world.services, Kind::Erasure, false)
        .await
        .unwrap();
    assert!(!world.progress(&capability).await.delayed);
    world.complete(&capability).await;
    world.settle().await;
}

#[tokio::test]
async fn a_pause_that_is_asked_for_twice_began_the_first_time() {
    let world = World::with_organizations(1).await;
    job::pause(&world.services, Kind::Erasure, true)
        .await
        .unwrap();
    let began = world.now().as_millis();
    world.advance(minutes(5));
    job::pause(&world.services, Kind::Erasure, true)
        .await
        .unwrap();

    let set = job::throttle(&world.services.db, Kind::Erasure)
        .await
        .unwrap();

    assert!(set.paused_at.unwrap() <= began, "{set:?}");
}

#[tokio::test]
async fn a_rate_is_kept_by_all_together_and_ends_when_it_is_lifted() {
    let world = World::with_organizations(2).await;
    let rate = NonZeroU32::new(40);
    job::limit(&world.services, Kind::Erasure, rate)
        .await
        .unwrap();
    let rows = |world: &World| {
        let db = world.services.db.clone();
        async move {
            db.number("SELECT CAST(COALESCE(SUM(erased), 0) AS BIGINT) FROM erasure_steps WHERE stage = 'rows'", vec![])
                .await
                .unwrap()
        }
    };
    for slug in ["org-1", "org-2"] {
        let owner = world.owner(slug).await;
        world.confirm_deletion(&owner).await;
    }

    let mut erased = Vec::new();
    for _ in 0..16 {
        world.run_due_jobs().await;
        erased.push(rows(&world).await);
        world.advance(Duration::from_millis(250));
    }

    let most = erased
        .windows(4 + 1)
        .map(|second| second[4] - second[0])
        .max()
        .unwrap();
    assert!(*erased.last().unwrap() > 100, "it goes on: {erased:?}");
    assert!(most <= 50, "a second's share and one batch: {erased:?}");

    job::limit(&world.services, Kind::Erasure, None)
        .await
        .unwrap();
    world.advance(Duration::from_secs(1));
    world.settle().await;
    assert!(rows(&world).await > *erased.last().unwrap());
}
