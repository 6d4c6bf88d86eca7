//! What only happens where several work on one database; on Postgres they really do so at the same time.

use std::{path::PathBuf, sync::Arc, time::Duration};

use erasure::{account, db::Backend, job, progress::State, services::Settings};

use crate::harness::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_workers_share_many_erasures_and_none_is_done_twice() {
    let world = World::with_organizations(8).await;
    let mut erasures = Vec::new();
    for number in 1..=6 {
        let slug = format!("org-{number}");
        let id = account::erase_as_operator(&world.services, &slug).await;
        erasures.push(id.unwrap());
    }

    let workers = (0..4).map(|_| {
        let services = world.services.clone();
        tokio::spawn(async move { job::run_due(&services).await })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.unwrap().unwrap();
    }
    world.advance(Duration::from_secs(30)); // whoever met another in the scrub waits a moment
    world.settle().await;

    for id in &erasures {
        let (progress, receipt) = erasure::progress::show(&world.services, id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(progress.state, State::Completed);
        for category in receipt.unwrap().categories {
            assert_eq!(category.erased, category.found, "{category:?}");
        }
    }
    assert_eq!(
        world
            .texts("SELECT slug FROM organizations ORDER BY slug")
            .await,
        ["org-7", "org-8"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_on_its_way_while_the_fence_goes_up_is_waited_for_and_erased() {
    let world = World::with_organizations(1).await;
    if world.services.db.backend() == Backend::Sqlite {
        return; // one writer: nothing is ever on its way
    }
    let owner = world.owner("org-1").await;
    let code = world.send_code(&owner).await;
    let ours = world.organization("org-1").await;
    let mut on_its_way = world.services.db.begin().await.unwrap();
    on_its_way
        .execute(
            "INSERT INTO usage_counters (organization_id, metric, period, value) VALUES ($1, 'late', '2026-11', 1)",
            vec![ours.as_str().into()],
        )
        .await
        .unwrap();

    let services = world.services.clone();
    let confirming = tokio::spawn(async move {
        account::confirm(
            &services,
            &owner,
            &code,
            &erasure::network::Network::unknown(),
        )
        .await
    });
    while world
        .number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        .await
        == 0
    {
        assert!(
            !confirming.is_finished(),
            "the fence went up around a row on its way"
        );
        tokio::task::yield_now().await;
    }
    on_its_way.commit().await.unwrap();
    let capability = confirming.await.unwrap().unwrap();
    world.complete(&capability).await;

    assert_eq!(world.rows_of(&ours).await["usage_counters"], 0);
    world.settle().await;
}

#[tokio::test]
async fn storage_too_large_for_a_lock_is_rewritten_by_pg_repack_or_waits_for_it() {
    let mut world = World::with_organizations(2).await;
    if world.services.db.backend() == Backend::Sqlite {
        return; // nothing is rewritten there: what is deleted is overwritten
    }
    world.services.settings = Arc::new(Settings {
        rewrite_gap: Duration::ZERO,
        rewrite_under_lock_bytes: 0,
        ..Settings::default()
    });
    let theirs = world.organization("org-2").await;
    let untouched = world.everything_of(&theirs).await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    world.run_due_jobs().await;
    let jobs = world.open_jobs().await;
    assert!(
        jobs[0].1.as_deref().unwrap().contains("pg_repack"),
        "{jobs:?}"
    );

    world.write("CREATE EXTENSION pg_repack").await;
    let db = world.services.db.clone();
    world.services.db = db.with_repack(program()).await.unwrap();
    world.write("UPDATE jobs SET parked_at = NULL").await;
    world.complete(&capability).await;

    assert_eq!(world.bytes_left("MARKER7Q-org-1").await, 0);
    assert_eq!(world.everything_of(&theirs).await, untouched);
    world.settle().await;
}

#[tokio::test]
async fn what_was_parked_for_its_size_goes_on_when_another_erasure_has_it_rewritten() {
    let mut world = World::with_organizations(2).await;
    if world.services.db.backend() == Backend::Sqlite {
        return; // nothing is rewritten there
    }
    let set = |world: &mut World, rewrite_under_lock_bytes| {
        world.services.settings = Arc::new(Settings {
            rewrite_gap: Duration::ZERO,
            rewrite_under_lock_bytes,
            ..Settings::default()
        });
    };
    set(&mut world, 0);
    let parked = account::erase_as_operator(&world.services, "org-1").await;
    let parked = parked.unwrap();
    world.run_due_jobs().await;

    set(&mut world, i64::MAX); // as though the other's rows were most of the table
    for (begins_another, state) in [(false, State::Erasing), (true, State::Completed)] {
        if begins_another {
            let other = account::erase_as_operator(&world.services, "org-2").await;
            other.unwrap();
        }
        world.run_due_jobs().await;
        let shown = erasure::progress::show(&world.services, &parked).await;
        assert_eq!(shown.unwrap().unwrap().0.state, state);
    }
    world.settle().await;
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test runner says where the program is"
)]
fn program() -> PathBuf {
    std::env::var("QLIENTO_TEST_PG_REPACK").unwrap().into()
}
