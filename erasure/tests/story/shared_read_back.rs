//! Small erasures share the search of what belongs to no organization, and none answers for another's findings.

use erasure::{id::Capability, progress::State};

use crate::{
    harness::{World, hours, minutes},
    shared_scrub::{confirm, with_rests},
};

/// Erasures for which another has searched.
async fn searched(world: &World) -> i64 {
    let searched = "SELECT count(*) FROM erasure_steps WHERE stage = 'verify' AND reached LIKE '[\"searched\",%'";
    world.number(searched).await
}

/// A world in which these deletions are confirmed and their rows are gone, but nobody has read back yet.
struct Gone {
    world: World,
    waiting: Vec<Capability>,
    /// Meta's id of a number that was the last one's.
    number: String,
}

async fn gone(organizations: u32) -> Gone {
    let world = with_rests(organizations + 1).await;
    let first = confirm(&world, &format!("org-{}", organizations + 1)).await;
    world.complete(&first).await; // storage rests now
    let number = world
        .text(&format!(
            "SELECT min(p.phone_number_id) FROM whatsapp_profiles AS p
             JOIN organizations AS o ON o.id = p.organization_id WHERE o.slug = 'org-{organizations}'"
        ))
        .await;
    let mut waiting = Vec::new();
    for organization in 1..=organizations {
        waiting.push(confirm(&world, &format!("org-{organization}")).await);
    }
    world.run_due_jobs().await;
    assert_eq!(world.number("SELECT count(*) FROM organizations").await, 0);
    Gone {
        world,
        waiting,
        number,
    }
}

/// Somebody notes a text where no organization's records are.
async fn note(world: &World, text: &str) {
    world
        .write(&format!(
            "INSERT INTO term_alarms (subject, percent, raised_at) VALUES ('{text}', 50, {})",
            world.now().as_millis()
        ))
        .await;
}

async fn states(world: &World, waiting: &[Capability]) -> Vec<State> {
    let mut states = Vec::new();
    for capability in waiting {
        states.push(world.progress(capability).await.state);
    }
    states
}

/// That one erasure waits for a person, because what it took away still stands somewhere.
async fn one_is_parked(world: &World) {
    let jobs = world.open_jobs().await;
    let cause = "the read-back found rows that no step of the plan erases";
    assert_eq!(jobs, [("erasure".to_owned(), Some(cause.to_owned()))]);
}

#[tokio::test]
async fn one_search_serves_all_that_are_ready_and_each_receipt_says_where_was_searched() {
    let Gone { world, waiting, .. } = gone(4).await;

    world.advance(hours(24));
    world.settle().await;

    assert_eq!(searched(&world).await, 3);
    let mut places = Vec::new();
    for capability in &waiting {
        let receipt = world.receipt(capability).await;
        places.push((receipt.verification.tables, receipt.verification.columns));
    }
    places.dedup();
    assert_eq!(places.len(), 1);
}

#[tokio::test]
async fn a_text_that_still_stands_somewhere_holds_up_its_own_erasure_and_no_other() {
    let Gone {
        world,
        waiting,
        number,
    } = gone(3).await;
    note(&world, &number).await;

    world.advance(hours(24));
    world.run_due_jobs().await;

    assert_eq!(
        states(&world, &waiting).await,
        [State::Completed, State::Completed, State::Erasing]
    );
    one_is_parked(&world).await;
    assert_eq!(searched(&world).await, 0);
}

#[tokio::test]
async fn a_search_that_is_a_minute_old_is_made_again() {
    let Gone {
        world,
        waiting,
        number,
    } = gone(2).await;
    world.advance(hours(24));
    world
        .write(&format!(
            "UPDATE erasure_steps SET reached = '[\"searched\",\"{}\"]' WHERE stage = 'verify' AND done_at IS NULL",
            (world.now() - minutes(1)).as_millis()
        ))
        .await;
    note(&world, &number).await;

    world.run_due_jobs().await;

    assert_eq!(
        states(&world, &waiting).await,
        [State::Completed, State::Erasing]
    );
    one_is_parked(&world).await;
}
