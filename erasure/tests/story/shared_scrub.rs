//! Small erasures share the work of leaving no byte behind, and none waits for another that died.

use std::{sync::Arc, time::Duration};

use erasure::{db::Backend, id::Capability, progress::State, services::Settings};

use crate::harness::{MARKER, World, hours};

/// A world in which storage rests between two scrubs, as in production.
pub(crate) async fn with_rests(organizations: u32) -> World {
    let mut world = World::with_organizations(organizations).await;
    world.services.settings = Arc::new(Settings {
        rewrite_gap: Settings::default().rewrite_gap,
        ..Settings::clone(&world.services.settings)
    });
    world
}

pub(crate) async fn confirm(world: &World, slug: &str) -> Capability {
    let owner = world.owner(slug).await;
    world.confirm_deletion(&owner).await
}

async fn passes_begun(world: &World) -> i64 {
    let begun = "SELECT COALESCE(MAX(horizon), 0) FROM storage_rewrites WHERE relation = 'passes that began'";
    world.number(begun).await
}

#[tokio::test]
async fn erasures_that_are_ready_together_share_one_scrub_and_the_first_waits_for_nobody() {
    let world = with_rests(4).await;
    let first = confirm(&world, "org-1").await;
    world.complete(&first).await;

    let others = [
        confirm(&world, "org-2").await,
        confirm(&world, "org-3").await,
        confirm(&world, "org-4").await,
    ];
    world.run_due_jobs().await;
    for waiting in &others {
        assert_eq!(world.progress(waiting).await.state, State::Erasing);
    }
    world.advance(Settings::default().rewrite_gap);
    world.settle().await;

    for erased in &others {
        assert_eq!(world.progress(erased).await.state, State::Completed);
    }
    for slug in ["org-1", "org-2", "org-3", "org-4"] {
        assert_eq!(world.bytes_left(&format!("{MARKER}-{slug}")).await, 0);
    }
    if world.services.db.backend() == Backend::Sqlite {
        assert_eq!(passes_begun(&world).await, 2);
    }
}

#[tokio::test]
async fn a_small_file_rests_for_a_second() {
    let world = with_rests(2).await;
    if world.services.db.backend() == Backend::Postgres {
        return; // its rest is the setting's
    }
    let first = confirm(&world, "org-1").await;
    world.complete(&first).await;
    let second = confirm(&world, "org-2").await;
    world.run_due_jobs().await;
    assert_eq!(world.progress(&second).await.state, State::Erasing);

    world.advance(Duration::from_secs(1));
    world.complete(&second).await;
}

#[tokio::test]
async fn nobody_waits_for_a_pass_whose_worker_died() {
    let world = with_rests(3).await;
    if world.services.db.backend() == Backend::Postgres {
        return; // a rewrite is one statement: it is done or it is not
    }
    let first = confirm(&world, "org-1").await;
    world.complete(&first).await;
    let (dead, alive) = (
        confirm(&world, "org-2").await,
        confirm(&world, "org-3").await,
    );
    world.run_due_jobs().await;
    // A pass has begun, and whoever began it holds the job for an hour and does nothing.
    let begun = "UPDATE erasure_steps SET reached = '[\"1\",\"2\"]' WHERE stage = 'scrub' AND done_at IS NULL
                 AND erasure_id = (SELECT min(erasure_id) FROM erasure_steps WHERE stage = 'scrub' AND done_at IS NULL)";
    let counted = format!(
        "UPDATE storage_rewrites SET horizon = 2, began_at = {} WHERE relation = 'passes that began'",
        world.now().as_millis()
    );
    let held = format!(
        "UPDATE jobs SET lease_token = 'of the dead', lease_until = {} WHERE subject =
         (SELECT erasure_id FROM erasure_steps WHERE reached = '[\"1\",\"2\"]')",
        (world.now() + hours(1)).as_millis()
    );
    for sql in [begun, &counted, &held] {
        world.write(sql).await;
    }

    world.advance(Duration::from_mins(1));
    world.run_due_jobs().await;
    assert_eq!(world.progress(&alive).await.state, State::Completed);
    assert_eq!(world.progress(&dead).await.state, State::Erasing);

    world.advance(hours(2));
    world.complete(&dead).await;
    assert_eq!(world.bytes_left(&format!("{MARKER}-org-2")).await, 0);
    world.settle().await;
}
