//! What the batches of a large organization read: their own rows, once each.

use erasure::db::{Backend, Db};

use crate::harness::World;

#[tokio::test]
async fn no_batch_goes_through_a_table_as_a_whole() {
    let world = World::with_organizations(1).await;
    if world.services.db.backend() == Backend::Sqlite {
        return; // it walks the key whatever it believes about the rows; Postgres weighs
    }
    world.multiply_messages("org-1", 1_500).await;
    world.write("ANALYZE messages").await;
    let messages = world.number("SELECT count(*) FROM messages").await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    let before = read_as_a_whole(&world).await;

    world.complete(&capability).await;

    world.services.db.close().await; // what a connection counted is told when it ends
    let read = read_as_a_whole(&world).await - before;
    assert!(
        messages > 50_000,
        "{messages} messages are a few batches only"
    );
    // It is counted as a whole for whoever decides, and behind the fence; batches that read it would come to 28 times.
    assert!(
        read < 10 * messages,
        "{read} rows of {messages} were read in whole tables"
    );
}

/// Rows of messages that statements came across who read a partition from its beginning to its end.
async fn read_as_a_whole(world: &World) -> i64 {
    let db = Db::open(&world.url).await.unwrap();
    let rows = "SELECT COALESCE(SUM(seq_tup_read), 0)::bigint FROM pg_stat_user_tables WHERE relname LIKE 'messages%'";
    let rows = db.number(rows, vec![]).await.unwrap();
    db.close().await;
    rows
}
