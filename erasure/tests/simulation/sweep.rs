//! The first database call fails, then the second, then the third …, until a whole erasure meets no failure any more.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use erasure::{
    account, contact,
    db::faults::{Call, Fault},
    job,
    person::Identity,
    services::Services,
};
use tokio::sync::Notify;

use crate::{
    invariants::{Someone, calm_down, hold},
    template::small_world,
};

/// What is erased in a sweep.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Organization,
    Contact,
}

async fn begin(services: &Services, what: What, someone: &Someone) -> bool {
    match what {
        What::Organization => account::erase_as_operator(services, &someone.slug)
            .await
            .is_ok(),
        What::Contact => {
            let known_by = Identity::stored("phone", &someone.phone).unwrap();
            contact::erase_as_operator(services, &someone.slug, &known_by)
                .await
                .is_ok()
        }
    }
}

/// One erasure in which the `number`th call that fits meets this fault; `false`: there were fewer.
async fn with_fault_at(what: What, number: u64, fits: fn(Call) -> bool, fault: Fault) -> bool {
    let (mut world, template) = small_world().await;
    let someone = &template.before.people[0];
    let asked = [someone.organization.clone()];
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
        let begun = begin(&services, what, someone).await;
        let worked = job::run_due(&services).await;
        (begun, worked.is_ok())
    };
    tokio::select! {
        _ = day => {}
        () = hung.notified() => {} // whoever asked is gone, with everything it held
    }
    world.services.db = healthy;

    // An operator whose command failed tries again; if the first try was heard after all, the second is refused.
    let _ = begin(&world.services, what, someone).await;
    calm_down(&world).await;
    let asked = if what == What::Organization {
        &asked[..]
    } else {
        &[]
    };
    hold(&world, &template.before, asked).await;
    assert_eq!(world.number("SELECT count(*) FROM erasures").await, 1);
    calls.load(Ordering::SeqCst) >= number
}

/// Fails the first call, or the second, and then every so many further on.
async fn sweep(
    what: What,
    (first, step): (u64, u64),
    (fits, fault): (fn(Call) -> bool, Fault),
    at_least: u64,
) {
    let mut number = first;
    while with_fault_at(what, number, fits, fault).await {
        number += step;
    }
    assert!(
        number > at_least,
        "an erasure makes only {number} such calls"
    );
}

const ANY_CALL: (fn(Call) -> bool, Fault) = (|_| true, Fault::Refuse);

/// Two halves, so that two cores have something to do.
#[tokio::test]
async fn whichever_database_call_fails_the_erasure_ends_the_same_odd_calls() {
    sweep(What::Organization, (1, 2), ANY_CALL, 200).await;
}

#[tokio::test]
async fn whichever_database_call_fails_the_erasure_ends_the_same_even_calls() {
    sweep(What::Organization, (2, 2), ANY_CALL, 200).await;
}

#[tokio::test]
async fn whichever_database_call_fails_the_erasure_of_a_contact_ends_the_same_odd_calls() {
    sweep(What::Contact, (1, 2), ANY_CALL, 70).await;
}

#[tokio::test]
async fn whichever_database_call_fails_the_erasure_of_a_contact_ends_the_same_even_calls() {
    sweep(What::Contact, (2, 2), ANY_CALL, 70).await;
}

#[tokio::test]
async fn whichever_commit_loses_its_answer_the_erasure_ends_the_same() {
    for what in [What::Organization, What::Contact] {
        let commit = |call| call == Call::Commit;
        sweep(what, (1, 1), (commit, Fault::LoseAnswer), 10).await;
    }
}

#[tokio::test]
async fn whichever_commit_is_the_last_thing_a_worker_asked_another_goes_on() {
    for what in [What::Organization, What::Contact] {
        let commit = |call| call == Call::Commit;
        sweep(what, (1, 1), (commit, Fault::Hang), 10).await;
    }
}
