//! What the batches of a large organization read: their own rows, once each.

use erasure::db::{Backend, Db};

use crate::harness::World;

#[tokio::test]
async fn no_batch_goes_through_a_table_as_a_whole_and_what_is_gone_is_cleared_away() {
    let world = World::with_organizations(1).await;
    if world.services.db.backend() == Backend::Sqlite {
        return; // it walks the key whatever it believes about the rows; Postgres weighs
    }
    world.multiply_messages("org-1", 1_500).await;
    world.write("ANALYZE messages").await;
    let messages = world.number("SELECT count(*) FROM messages").await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    let before = read(&world).await;

    world.complete(&capability).await;

    world.services.db.close().await; // what a connection counted is told when it ends
    let after = read(&world).await;
    let (as_a_whole, cleared) = (after.0 - before.0, after.1 - before.1);
    assert!(
        messages > 50_000,
        "{messages} messages are a few batches only"
    );
    // It is counted as a whole for whoever decides, and behind the fence; batches that read it would come to 28 times.
    assert!(
        as_a_whole < 10 * messages,
        "{as_a_whole} rows of {messages} were read in whole tables"
    );
    assert_eq!(
        cleared, 2,
        "when they were gone, and before what is left is written anew"
    );
}

/// Rows of messages that statements came across who read a partition from its beginning to its end; and how often one was
/// cleared of what is gone.
async fn read(world: &World) -> (i64, i64) {
    let db = Db::open(&world.url).await.unwrap();
    let rows = "SELECT (SELECT SUM(seq_tup_read)::bigint FROM pg_stat_user_tables WHERE relname LIKE 'messages%'),
                       (SELECT MAX(vacuum_count) FROM pg_stat_user_tables WHERE relname LIKE 'messages%')";
    let rows = db.fetch_one(rows, vec![]).await.unwrap();
    db.close().await;
    rows
}
