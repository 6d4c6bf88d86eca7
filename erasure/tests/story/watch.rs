//! What those who watch are told: how long, how many, why; about nobody.

use erasure::{account, watch};

use crate::harness::{World, hours};

#[tokio::test]
async fn the_oldest_unfinished_erasure_is_seen_ageing_past_its_promise() {
    let world = World::with_organizations(2).await;
    let totals = watch::totals(&world.services).await.unwrap();
    assert_eq!(totals.unfinished.oldest_began_at, None);
    let began = world.now();
    account::erase_as_operator(&world.services, "org-1")
        .await
        .unwrap();
    world.advance(hours(1));
    account::erase_as_operator(&world.services, "org-2")
        .await
        .unwrap();

    let totals = watch::totals(&world.services).await.unwrap();
    assert_eq!(totals.unfinished.oldest_began_at, Some(began.as_millis()));
    assert_eq!(totals.unfinished.overdue, 0);
    world.advance(hours(23) + std::time::Duration::from_millis(1));
    let totals = watch::totals(&world.services).await.unwrap();
    assert_eq!(totals.unfinished.overdue, 1);

    world.settle().await;
    let totals = watch::totals(&world.services).await.unwrap();
    assert_eq!(
        (totals.unfinished.oldest_began_at, totals.unfinished.overdue),
        (None, 0)
    );
}

#[tokio::test]
async fn what_holds_jobs_up_is_counted_by_its_reason() {
    let world = World::with_organizations(2).await;
    for slug in ["org-1", "org-2"] {
        let folder = world.media_folder(&world.organization(slug).await);
        std::fs::remove_dir_all(&folder).unwrap();
        std::fs::write(folder, "not a folder").unwrap();
        account::erase_as_operator(&world.services, slug)
            .await
            .unwrap();
    }

    world.run_due_jobs().await;

    let totals = watch::totals(&world.services).await.unwrap();
    let [held_up] = &totals.held_up[..] else {
        panic!("one reason: {:?}", totals.held_up);
    };
    assert_eq!(
        (held_up.kind.as_str(), held_up.parked, held_up.jobs),
        ("erasure", true, 2)
    );
    assert!(held_up.cause.contains("media folder is not a folder"));
    assert_eq!(totals.jobs.parked, 2);
}
