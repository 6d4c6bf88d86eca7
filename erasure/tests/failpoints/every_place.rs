//! Each place × error, panic, stall past the lease, duplicate delivery, commit whose outcome is unknown.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use erasure::{
    db::faults::{Call, Fault},
    job,
    services::Services,
};
use tokio::runtime::Handle;

use crate::{
    field::{Case, Field},
    harness::World,
};

/// Longer than any lease.
const LONG: Duration = Duration::from_hours(1);

/// Works as a worker's process does: a panic ends the task, not the test.
async fn work(services: &Services) -> Result<(), tokio::task::JoinError> {
    let services = services.clone();
    tokio::spawn(async move { job::run_due(&services).await.unwrap() }).await
}

async fn is_finished(world: &World) -> bool {
    world.open_jobs().await.is_empty()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_at_any_place_keeps_the_job_and_loses_nothing() {
    let mut field = Field::new().await;
    for case in field.cases(0) {
        field.ask(&case).await;
        // The receipt is drafted first, and what is committed with the job's end is done whoever hears of it.
        let is_end = case.place == "receipt::committed";
        let when = if is_end {
            "1*off->1*return->off"
        } else {
            "1*return->off"
        };
        fail::cfg(&case.place, when).unwrap();

        work(&field.world.services).await.unwrap();

        assert_eq!(is_finished(&field.world).await, is_end, "{}", case.place);
        field.end(&case).await;
    }
    field.hold().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_at_any_place_is_taken_up_when_the_lease_ends() {
    let mut field = Field::new().await;
    for case in field.cases(1) {
        field.ask(&case).await;
        fail::cfg(&case.place, "1*panic->off").unwrap();

        let ended = work(&field.world.services).await;

        assert!(ended.is_err_and(|error| error.is_panic()), "{}", case.place);
        field.end(&case).await;
    }
    field.hold().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_stalls_at_any_place_past_its_lease_writes_nothing_over_its_heir() {
    let mut field = Field::new().await;
    for case in field.cases(2) {
        field.ask(&case).await;
        let (clock, heir) = (Arc::clone(&field.world.clock), field.world.services.clone());
        // Who stalls inside a transaction holds the lease's row: an heir waits for it.
        let has_heir = case.moment() != "commits";
        let reached = case.when_reached(move || {
            clock.advance(LONG);
            if has_heir {
                let work = job::run_due(&heir);
                tokio::task::block_in_place(|| Handle::current().block_on(work)).unwrap();
            }
        });

        work(&field.world.services).await.unwrap();

        assert!(
            reached.load(Ordering::SeqCst),
            "{} is never reached",
            case.place
        );
        field.end(&case).await;
    }
    field.hold().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_delivered_twice_at_any_place_is_done_once() {
    let mut field = Field::new().await;
    for case in field.cases(3) {
        field.ask(&case).await;
        let heir = delivered_again(&field.world, &case);

        work(&field.world.services).await.unwrap();

        let heir = heir.lock().unwrap().take();
        heir.unwrap_or_else(|| panic!("{} is never reached", case.place))
            .await
            .unwrap();
        field.end(&case).await;
    }
    field.hold().await;
}

type Heir = Arc<Mutex<Option<tokio::task::JoinHandle<()>>>>;

/// From that place on a second worker works on the same job beside the first.
fn delivered_again(world: &World, case: &Case) -> Heir {
    let (clock, services) = (Arc::clone(&world.clock), world.services.clone());
    let heir = Heir::default();
    let slot = Arc::clone(&heir);
    case.when_reached(move || {
        clock.advance(LONG);
        let services = services.clone();
        let working = Handle::current().spawn(async move {
            for _ in 0..50 {
                job::run_due(&services).await.unwrap();
                tokio::task::yield_now().await;
            }
        });
        *slot.lock().unwrap() = Some(working);
    });
    heir
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_neither_repeated_nor_missed() {
    let mut field = Field::new().await;
    for case in field.cases(4) {
        if case.moment() != "commits" {
            continue;
        }
        field.ask(&case).await;
        let losing = Arc::new(AtomicBool::new(false));
        let (next, lost) = (Arc::clone(&losing), Arc::clone(&losing));
        let reached = case.when_reached(move || next.store(true, Ordering::SeqCst));
        let mut services = field.world.services.clone();
        services.db = services.db.with_faults(move |call| {
            let this = call == Call::Commit && lost.swap(false, Ordering::SeqCst);
            this.then_some(Fault::LoseAnswer)
        });

        work(&services).await.unwrap();

        assert!(
            reached.load(Ordering::SeqCst),
            "{} is never reached",
            case.place
        );
        assert!(
            !losing.load(Ordering::SeqCst),
            "{}: nothing was lost",
            case.place
        );
        field.end(&case).await;
    }
    field.hold().await;
}
