//! What must hold at the end of every bad day, once faults have stopped.

use std::{collections::BTreeMap, time::Duration};

use erasure::{job, retention};

use crate::harness::World;

/// Every value of every organization's rows, by the organization's id.
pub(crate) type Everything = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// What each organization holds.
pub(crate) async fn everything(world: &World) -> Everything {
    let mut everything = BTreeMap::new();
    for id in world.texts("SELECT id FROM organizations").await {
        everything.insert(id.clone(), world.everything_of(&id).await);
    }
    everything
}

/// Lets time pass until nothing is left to do; a job that never ends breaks the first invariant.
pub(crate) async fn calm_down(world: &World) {
    for _ in 0..40 {
        world.advance(Duration::from_mins(15));
        job::run_due(&world.services).await.unwrap();
        if world.open_jobs().await.is_empty() {
            retention::sweep(&world.services).await.unwrap(); // as a worker does
            return;
        }
    }
    panic!("a job does not end: {:?}", world.open_jobs().await);
}

/// `before` is what the organizations held, `asked` are the ids of those whose erasure somebody with the right to it began.
pub(crate) async fn hold(world: &World, before: &Everything, asked: &[String]) {
    let now = world.now().as_millis();
    let unfinished = world
        .texts("SELECT state FROM erasures WHERE state <> 'completed' OR receipt IS NULL")
        .await;
    assert_eq!(unfinished, [""; 0], "an erasure without an end");

    for (id, held) in before {
        let erasures = world
            .number(&format!(
                "SELECT count(*) FROM erasure_subjects WHERE subject_id = '{id}'"
            ))
            .await;
        if erasures == 0 {
            assert_eq!(&world.everything_of(id).await, held, "{id} was touched");
            continue;
        }
        assert!(asked.contains(id), "{id} was erased, but nobody asked");
        assert_eq!(erasures, 1, "{id} was erased twice");
        for (table, rows) in world.rows_of(id).await {
            assert_eq!(rows, 0, "{table} still holds rows of {id}");
        }
        assert!(!world.media_folder(id).exists(), "files of {id} are left");
    }
    for receipt in world.texts("SELECT receipt FROM erasures").await {
        let receipt: erasure::receipt::Receipt = serde_json::from_str(&receipt).unwrap();
        for category in &receipt.categories {
            assert_eq!(category.erased, category.found, "{category:?}");
        }
    }
    for (what, count) in [
        (
            "an archive without a basis or past its end",
            format!("archives WHERE basis = '' OR keep_until <= {now}"),
        ),
        (
            "an event past its end",
            format!("anonymous_security_events WHERE keep_until <= {now}"),
        ),
        ("a letter", "letters".to_owned()),
        (
            "the address of a letter that is sent",
            "erasures WHERE recipient_sealed IS NOT NULL".to_owned(),
        ),
    ] {
        let left = world.number(&format!("SELECT count(*) FROM {count}")).await;
        assert_eq!(left, 0, "{what} is kept");
    }
}
