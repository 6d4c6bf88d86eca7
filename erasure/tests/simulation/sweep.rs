//! The first database call fails, then the second, then the third …, until a whole erasure meets no failure any more.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use erasure::{
    account,
    db::faults::{Call, Fault},
    job,
};
use tokio::sync::Notify;

use crate::{
    invariants::{calm_down, everything, hold},
    template::small_world,
};

/// One erasure in which the `number`th call that fits meets this fault; `false`: there were fewer.
async fn with_fault_at(number: u64, fits: fn(Call) -> bool, fault: Fault) -> bool {
    let mut world = small_world().await;
    let before = everything(&world).await;
    let asked = world.organization("org-1").await;
    let calls = Arc::new(AtomicU64::new(0));
    let hung = Arc::new(Notify::new());
    let healthy = world.services.db.clone();
    let (counting, hanging) = (Arc::clone(&calls), Arc::clone(&hung));
    world.services.db = healthy.clone().with_faults(move |call| {
        let this = fits(call) && counting.fetch_add(1, Ordering::SeqCst) + 1 == number;
        if this && fault == Fault::Hang {
            hanging.notify_one();
        }
        this.then_some(fault)
    });

    let services = world.services.clone();
    let day = async {
        let begun = account::erase_as_operator(&services, "org-1").await;
        let worked = job::run_due(&services).await;
        (begun.is_ok(), worked.is_ok())
    };
    tokio::select! {
        _ = day => {}
        () = hung.notified() => {} // whoever asked is gone, with everything it held
    }
    world.services.db = healthy;

    // An operator whose command failed tries again; if the first try was heard after all, the second is refused.
    let _ = account::erase_as_operator(&world.services, "org-1").await;
    calm_down(&world).await;
    hold(&world, &before, std::slice::from_ref(&asked)).await;
    assert_eq!(world.number("SELECT count(*) FROM erasures").await, 1);
    calls.load(Ordering::SeqCst) >= number
}

async fn sweep(fits: fn(Call) -> bool, fault: Fault, at_least: u64) {
    let mut number = 1;
    while with_fault_at(number, fits, fault).await {
        number += 1;
    }
    assert!(
        number > at_least,
        "an erasure makes only {number} such calls"
    );
}

#[tokio::test]
async fn whichever_database_call_fails_the_erasure_ends_the_same() {
    sweep(|_| true, Fault::Refuse, 200).await;
}

#[tokio::test]
async fn whichever_commit_loses_its_answer_the_erasure_ends_the_same() {
    sweep(|call| call == Call::Commit, Fault::LoseAnswer, 10).await;
}

#[tokio::test]
async fn whichever_commit_is_the_last_thing_a_worker_asked_another_goes_on() {
    sweep(|call| call == Call::Commit, Fault::Hang, 10).await;
}
