//! kill -9 of the real process at every named place of every step; each time another one goes on to the same end.

use std::{
    collections::BTreeMap,
    os::unix::process::ExitStatusExt as _,
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use erasure::{
    db::{Backend, Db},
    engine::failpoint,
};
use serde_json::Value;

use crate::harness::{Deployment, number_of_a_contact};

/// Deployments at once, each with its share of the places: fewer than ten, because org-1 also stands in the bytes of org-10.
const LANES: usize = 5;
/// Nobody asks for this one.
const NEIGHBOUR: &str = "org-1";
/// Here the heir waits until the lease of the dead has really run out.
const PATIENT: &str = "rows::committed";

/// Erases in a process that is killed there.
fn erase_and_die(deployment: &Deployment, whom: &[&str], place: &str) {
    let died = deployment
        .command(&[&["erase"], whom, &["--yes", "--wait"]].concat())
        .env("FAILPOINTS", format!("{place}=return(kill)"))
        .output()
        .unwrap();
    assert_eq!(died.status.signal(), Some(9), "{place} is never reached");
}

fn worker(deployment: &Deployment) -> Child {
    deployment
        .command(&["worker"])
        .env("QLIENTO_PUBLIC_URL", "http://127.0.0.1:1")
        .env("QLIENTO_SMTP_URL", "smtp://127.0.0.1:1")
        .env("QLIENTO_GRAPH_URL", "http://127.0.0.1:1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

async fn number_of(db: &Db, sql: &'static str) -> i64 {
    db.number(sql, vec![]).await.unwrap()
}

/// Another process takes the work up.
async fn inherit(deployment: &Deployment, db: &Db, place: &str) {
    let open = "SELECT count(*) FROM erasures WHERE state <> 'completed'";
    if place != PATIENT {
        // As if its time had passed.
        db.execute("UPDATE jobs SET lease_until = 0", vec![])
            .await
            .unwrap();
    }
    let (mut heir, began) = (worker(deployment), Instant::now());
    while number_of(db, open).await > 0 {
        assert!(began.elapsed() < Duration::from_mins(1), "{place}: no end");
        sleep(Duration::from_millis(50));
    }
    heir.kill().unwrap();
    heir.wait().unwrap();
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

/// The receipt written last.
async fn receipt(db: &Db) -> Value {
    let (text,): (String,) = db
        .fetch_one(
            "SELECT receipt FROM erasures ORDER BY completed_at DESC, id DESC LIMIT 1",
            vec![],
        )
        .await
        .unwrap();
    serde_json::from_str(&text).unwrap()
}

/// What must hold after a kill.
async fn killed_at(deployment: &Deployment, db: &Db, slug: &str, place: &str) {
    let (erased, number) = (
        organization(db, slug).await,
        number_of_a_contact(db, slug).await,
    );
    // Copies of somebody's number are looked for only when one contact is erased, not a whole organization.
    let is_of_contact = place.starts_with("mentions::");
    // What one erasure had rewritten a moment ago would keep the next waiting for a minute.
    db.execute("DELETE FROM storage_rewrites", vec![])
        .await
        .unwrap();

    if is_of_contact {
        erase_and_die(deployment, &["contact", slug, &format!("+{number}")], place);
    } else {
        erase_and_die(deployment, &["organization", slug], place);
    }
    inherit(deployment, db, place).await;
    assert!(db.truncate_log().await.unwrap(), "the log is in use");

    if is_of_contact {
        assert_eq!(deployment.files_with(&number), 0, "{place}");
    } else {
        nothing_is_left(deployment, db, (slug, &erased), place).await;
    }
    let receipt = receipt(db).await;
    assert_eq!(receipt["verification"]["found"], 0, "{place}");
    for category in receipt["categories"].as_array().unwrap() {
        assert_eq!(category["found"], category["erased"], "{place}");
        assert!(
            is_of_contact || category["erased"].as_i64().unwrap() > 0,
            "{place}: {category}"
        );
    }
    let archives = match db.backend() {
        Backend::Sqlite => "archives",
        Backend::Postgres => "qliento_archive.archives",
    };
    let astray = format!(
        "SELECT count(*) FROM erasure_subjects AS s
         WHERE  s.kind = 'organization' AND (SELECT count(*) FROM {archives} AS a WHERE a.erasure_id = s.erasure_id) <> 1"
    );
    let astray = number_of(db, astray.leak()).await;
    assert_eq!(astray, 0, "{place}: an archive is missing or doubled");
}

async fn nothing_is_left(
    deployment: &Deployment,
    db: &Db,
    (slug, erased): (&str, &str),
    place: &str,
) {
    for (table, rows) in everything_of(db, erased).await {
        assert_eq!(rows, [""; 0], "{table} after {place}");
    }
    let marked = deployment.files_with(&format!("ZEBRA-{slug}"));
    assert_eq!(marked, 0, "{place}");
}

/// One deployment, an organization for each place.
async fn lane(places: Vec<String>) {
    let deployment = Deployment::seeded_with(places.len() + 1, "100");
    let db = Db::open(&deployment.database()).await.unwrap();
    // No Graph API is reachable here; how Meta is waited for is another story's subject.
    db.execute("UPDATE whatsapp_profiles SET token_sealed = NULL", vec![])
        .await
        .unwrap();
    let neighbour = organization(&db, NEIGHBOUR).await;
    let untouched = everything_of(&db, &neighbour).await;
    for (number, place) in (2..).zip(&places) {
        let slug = format!("org-{number}");
        killed_at(&deployment, &db, &slug, place).await;
    }

    assert_eq!(everything_of(&db, &neighbour).await, untouched);
    assert!(deployment.files_with(&format!("ZEBRA-{NEIGHBOUR}")) > 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 5)]
async fn a_process_killed_at_any_place_is_succeeded_and_the_end_is_the_same() {
    let mut lanes = vec![vec![]; LANES];
    // On a server, where each erasure rewrites its storage, one place of each step is enough.
    let is_on_server = Deployment::empty().is_on_server();
    let places = failpoint::places().into_iter();
    let places = places.filter(|place| !is_on_server || place.ends_with("::committed"));
    for (at, place) in places.enumerate() {
        lanes[at % LANES].push(place);
    }

    let lanes: Vec<_> = lanes
        .into_iter()
        .map(|places| tokio::spawn(lane(places)))
        .collect();

    for lane in lanes {
        lane.await.unwrap();
    }
}
