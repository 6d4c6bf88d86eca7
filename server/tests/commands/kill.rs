//! kill -9 of the worker at ten points; each time another one goes on to the same end.

use std::{
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use erasure::db::Db;

use crate::harness::Deployment;

/// After how many commits the worker is killed: the inventory, Meta, the archive, files, tables at the beginning, in the
/// middle and at the end, the scrub, the read-back and the receipt are all among them.
const POINTS: [u32; 10] = [1, 2, 3, 5, 8, 12, 20, 30, 45, 60];

fn worker(deployment: &Deployment, failpoints: &str) -> Child {
    deployment
        .command(&["worker"])
        .env("QLIENTO_PUBLIC_URL", "http://127.0.0.1:1")
        .env("QLIENTO_SMTP_URL", "smtp://127.0.0.1:1")
        .env("QLIENTO_GRAPH_URL", "http://127.0.0.1:1")
        .env("FAILPOINTS", failpoints)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What is done, as one number that only grows.
async fn steps_done(db: &Db) -> (i64, i64) {
    db.fetch_one(
        "SELECT count(done_at), COALESCE(SUM(erased), 0) FROM erasure_steps",
        vec![],
    )
    .await
    .unwrap()
}

async fn wait_until_it_stands_still(db: &Db) {
    let (mut last, mut since) = (steps_done(db).await, Instant::now());
    while since.elapsed() < Duration::from_millis(700) {
        sleep(Duration::from_millis(50));
        let now = steps_done(db).await;
        if now != last {
            (last, since) = (now, Instant::now());
        }
    }
}

async fn wait_until_completed(db: &Db) {
    let began = Instant::now();
    while db
        .number(
            "SELECT count(*) FROM erasures WHERE state = 'completed'",
            vec![],
        )
        .await
        .unwrap()
        == 0
    {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "the erasure does not end"
        );
        sleep(Duration::from_millis(50));
    }
}

async fn end_state(deployment: &Deployment, db: &Db) -> Vec<String> {
    let mut state: Vec<String> = db
        .fetch_all::<(String, i64)>("SELECT COALESCE(category, stage), SUM(erased) FROM erasure_steps GROUP BY 1 ORDER BY 1", vec![])
        .await
        .unwrap()
        .into_iter()
        .map(|(what, rows)| format!("{what}: {rows}"))
        .collect();
    for text in ["ZEBRA-org-1", "ZEBRA-org-2"] {
        let left = deployment.files_with(text);
        state.push(format!(
            "{text}: {}",
            if text.ends_with('1') {
                left.to_string()
            } else {
                (left > 5).to_string()
            }
        ));
    }
    let neighbours = db
        .number("SELECT count(*) FROM messages", vec![])
        .await
        .unwrap();
    state.push(format!("messages left: {neighbours}"));
    state
}

async fn killed_after(commits: u32) -> Vec<String> {
    let deployment = Deployment::seeded("300");
    let db = Db::open(&deployment.database()).await.unwrap();
    // No Graph API is reachable here; how Meta is waited for is another story's subject.
    db.execute("UPDATE whatsapp_profiles SET token_sealed = NULL", vec![])
        .await
        .unwrap();
    deployment.ok(&["erase", "organization", "org-1", "--yes"]);
    let mut first = worker(
        &deployment,
        &format!("engine::committed={commits}*off->pause"),
    );
    wait_until_it_stands_still(&db).await;
    first.kill().unwrap();
    first.wait().unwrap();
    let completed = db
        .number(
            "SELECT count(*) FROM erasures WHERE state = 'completed'",
            vec![],
        )
        .await
        .unwrap();
    assert_eq!(completed, 0, "{commits} commits were the whole erasure");

    let mut heir = worker(&deployment, "");
    wait_until_completed(&db).await;
    heir.kill().unwrap();
    heir.wait().unwrap();
    db.truncate_log().await.unwrap();
    end_state(&deployment, &db).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 5)]
async fn a_worker_killed_at_any_of_ten_points_is_succeeded_and_the_end_is_the_same() {
    let runs: Vec<_> = POINTS
        .map(|commits| tokio::spawn(killed_after(commits)))
        .into_iter()
        .collect();
    let mut ends = Vec::new();
    for run in runs {
        ends.push(run.await.unwrap());
    }

    assert!(
        ends[0].contains(&"ZEBRA-org-1: 0".to_owned()),
        "{:?}",
        ends[0]
    );
    assert!(
        ends[0].contains(&"ZEBRA-org-2: true".to_owned()),
        "{:?}",
        ends[0]
    );
    assert!(
        ends[0].contains(&"messages left: 300".to_owned()),
        "{:?}",
        ends[0]
    );
    for end in &ends {
        assert_eq!(*end, ends[0]);
    }
}
