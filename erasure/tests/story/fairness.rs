//! A large erasure does not keep small ones waiting. What is counted are turns, never seconds.

use std::{sync::Arc, time::Duration};

use erasure::{
    account,
    time::{Clock, ManualClock, Timestamp},
};

use crate::harness::World;

/// A clock that goes on a little each time somebody looks at it: work takes time, and the same time on every machine.
struct TickingClock(Arc<ManualClock>);

impl Clock for TickingClock {
    fn now(&self) -> Timestamp {
        self.0.advance(Duration::from_millis(100));
        self.0.now()
    }
}

#[tokio::test]
async fn a_tenant_of_very_many_messages_does_not_delay_small_ones() {
    let mut world = World::with_organizations(8).await;
    world.multiply_messages("org-1", 300).await;
    world.services.clock = Arc::new(TickingClock(Arc::clone(&world.clock)));
    let mut erasures = Vec::new();
    for number in 1..=8 {
        let slug = format!("org-{number}");
        let id = account::erase_as_operator(&world.services, &slug).await;
        erasures.push(id.unwrap().as_str().to_owned());
    }
    // Each turn of a worker takes a new token for its lease.
    world
        .write("CREATE TABLE turns (number BIGINT, subject TEXT)")
        .await;
    let when = "NEW.kind = 'erasure' AND NEW.lease_token IS DISTINCT FROM OLD.lease_token AND NEW.lease_token IS NOT NULL";
    let note = "INSERT INTO turns SELECT count(*) + 1, NEW.subject FROM turns";
    world.whenever("jobs", when, note).await;

    world.run_due_jobs().await;
    world.advance(Duration::from_secs(30));
    world.settle().await;

    let turns = world
        .texts("SELECT subject FROM turns ORDER BY number")
        .await;
    let large = &erasures[0];
    let of_large = turns.iter().filter(|turn| *turn == large).count();
    assert!(of_large >= 3, "it takes several turns: {turns:?}");
    for small in &erasures[1..] {
        let first = turns.iter().position(|turn| turn == small).unwrap();
        let before = turns[..first].iter().filter(|turn| *turn == large).count();
        assert!(
            before <= 1,
            "the large one had {before} turns first: {turns:?}"
        );
    }
}
