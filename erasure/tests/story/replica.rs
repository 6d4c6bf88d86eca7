//! A replica that falls behind is waited for, and never for good. `QLIENTO_POSTGRES_REPLICA=yes scripts/postgres …` has one.

use erasure::{account, progress::State};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::harness::{World, minutes};

#[expect(
    clippy::disallowed_methods,
    reason = "the test runner says where the replica is"
)]
fn replica() -> Option<String> {
    std::env::var("QLIENTO_TEST_REPLICA_URL").ok()
}

async fn tell(replica: &mut PgConnection, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(replica)
        .await
        .unwrap();
}

#[tokio::test]
async fn batches_rest_while_a_replica_is_behind_and_the_receipt_says_what_it_holds() {
    let Some(url) = replica() else {
        return; // only a run that asks for it has a replica
    };
    let world = World::with_organizations(1).await;
    let mut replica = PgConnection::connect(&url).await.unwrap();
    let id = account::erase_as_operator(&world.services, "org-1").await;
    let id = id.unwrap();
    tell(&mut replica, "SELECT pg_wal_replay_pause()").await;
    // More than the target, and kept until it is replayed.
    world.write("CREATE TABLE noise (text TEXT)").await;
    world
        .write(
            "INSERT INTO noise SELECT repeat(md5(i::text), 20) FROM generate_series(1, 60000) AS i",
        )
        .await;

    world.run_due_jobs().await;

    let resting = "SELECT count(*) FROM jobs WHERE done_at IS NULL AND cause IS NULL AND due_at > ";
    let now = world.now().as_millis();
    assert_eq!(
        world.number(&format!("{resting}{now}")).await,
        1,
        "{:?}",
        world.open_jobs().await
    );

    // Also beside a replica that stays where it is, it ends.
    for _ in 0..30 {
        world.advance(minutes(1));
        world.run_due_jobs().await;
    }
    let (progress, receipt) = erasure::progress::show(&world.services, &id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(progress.state, State::Completed);
    let journal = receipt.unwrap().journal.unwrap();
    assert!(journal.held_for_replicas && journal.overwritten_after_bytes > 0);
    tell(&mut replica, "SELECT pg_wal_replay_resume()").await;
    world.settle().await;
}
