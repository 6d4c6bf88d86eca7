//! kill -9 of the worker at ten points; each time another one goes on to the same end.

use std::{
    collections::BTreeMap,
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use erasure::db::{Backend, Db};
use serde_json::Value;

use crate::harness::Deployment;

/// After how many commits the worker is killed: the inventory, Meta, the archive, files, tables at the beginning, in the
/// middle and at the end, the scrub, the read-back and the receipt are all among them.
const POINTS: [u32; 10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

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
        "SELECT count(done_at), CAST(COALESCE(SUM(erased), 0) AS BIGINT) FROM erasure_steps",
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
            began.elapsed() < Duration::from_mins(1),
            "the erasure does not end"
        );
        sleep(Duration::from_millis(50));
    }
}

async fn organization(db: &Db, slug: &str) -> String {
    let (id,): (String,) = db
        .fetch_one(
            "SELECT id FROM organizations WHERE slug = $1",
            vec![slug.into()],
        )
        .await
        .unwrap();
    id
}

/// Every value of every row that names an organization, table by table.
async fn everything_of(db: &Db, organization: &str) -> BTreeMap<String, Vec<String>> {
    let mut everything = BTreeMap::new();
    for (name, table) in &db.catalog().await.unwrap().tables {
        let key = match (name.as_str(), table.has("organization_id")) {
            ("organizations", _) => "id",
            (_, true) => "organization_id",
            (_, false) => continue,
        };
        let columns: Vec<_> = table
            .columns
            .iter()
            .map(|column| match db.backend() {
                Backend::Sqlite => format!("quote({})", column.name),
                Backend::Postgres => format!("coalesce({}::text, '-')", column.name),
            })
            .collect();
        let sql = format!(
            "SELECT {} FROM {name} WHERE {key} = $1 ORDER BY 1",
            columns.join(" || ',' || ")
        );
        let rows: Vec<(String,)> = db
            .fetch_all(&*sql.leak(), vec![organization.into()])
            .await
            .unwrap();
        everything.insert(name.clone(), rows.into_iter().map(|(row,)| row).collect());
    }
    everything
}

/// The receipt without what differs from one deployment to the next: its moments and its name.
async fn receipt(db: &Db) -> Value {
    let (text,): (String,) = db
        .fetch_one("SELECT receipt FROM erasures", vec![])
        .await
        .unwrap();
    let mut receipt: Value = serde_json::from_str(&text).unwrap();
    for name in [
        "reference",
        "requested_at",
        "completed_at",
        "backups_gone_by",
    ] {
        assert!(receipt[name].take().is_string(), "{name}");
    }
    receipt["verification"]["at"].take();
    // The line of the ledger is the same; its hash, and with it the signature, holds random ids.
    for (part, name) in [
        ("ledger", "head"),
        ("signature", "key"),
        ("signature", "value"),
    ] {
        assert!(receipt[part][name].take().is_string(), "{part}");
    }
    for kept in receipt["kept"].as_array_mut().unwrap() {
        kept["until"].take();
    }
    receipt
}

/// The receipt after a kill; what must hold after each of them is asserted here.
async fn killed_after(commits: u32) -> Value {
    let deployment = Deployment::seeded("3000");
    let db = Db::open(&deployment.database()).await.unwrap();
    // No Graph API is reachable here; how Meta is waited for is another story's subject.
    db.execute("UPDATE whatsapp_profiles SET token_sealed = NULL", vec![])
        .await
        .unwrap();
    let (erased, neighbour) = (
        organization(&db, "org-1").await,
        organization(&db, "org-2").await,
    );
    let untouched = everything_of(&db, &neighbour).await;
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
    assert!(db.truncate_log().await.unwrap(), "the log is in use");

    for (table, rows) in everything_of(&db, &erased).await {
        assert_eq!(rows, [""; 0], "{table} after {commits} commits");
    }
    assert_eq!(everything_of(&db, &neighbour).await, untouched);
    assert_eq!(deployment.files_with("ZEBRA-org-1"), 0);
    assert!(deployment.files_with("ZEBRA-org-2") > 5);
    receipt(&db).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 5)]
async fn a_worker_killed_at_any_of_ten_points_is_succeeded_and_the_end_is_the_same() {
    let runs: Vec<_> = POINTS
        .map(|commits| tokio::spawn(killed_after(commits)))
        .into_iter()
        .collect();
    let mut receipts = Vec::new();
    for run in runs {
        receipts.push(run.await.unwrap());
    }

    for receipt in &receipts {
        assert_eq!(*receipt, receipts[0]);
    }
    assert_eq!(receipts[0]["verification"]["found"], 0);
    for category in receipts[0]["categories"].as_array().unwrap() {
        assert_eq!(category["found"], category["erased"]);
        assert!(category["erased"].as_i64().unwrap() > 0, "{category}");
    }
}
