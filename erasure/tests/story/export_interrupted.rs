//! An export on a bad day: whole, or recognizably not.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use erasure::{
    db::faults::{Call, Fault},
    export::Interrupted,
};
use rawzip::ZipArchive;

use crate::{
    exports::{begin, collect, take},
    harness::{World, minutes},
};

/// Makes `org-1` larger than what is packed ahead of whoever takes it.
async fn fill(world: &World) {
    let ours = world.organization("org-1").await;
    for number in 0..120 {
        let noise: Vec<String> = (0..4_000_u32)
            .map(|n| format!("{:x}", n.wrapping_mul(2_654_435_761 + number)))
            .collect();
        let noise = noise.concat();
        world
            .write(&format!(
                "INSERT INTO flows (organization_id, id, name, definition, created_at) VALUES ('{ours}', 'big-{number}', 'n', '{noise}', 0)"
            ))
            .await;
    }
}

#[tokio::test]
async fn it_neither_blocks_nor_delays_a_deletion_and_ends_with_the_account() {
    let world = World::with_organizations(1).await;
    fill(&world).await;
    let owner = world.owner("org-1").await;
    let code = world.send_code(&owner).await;
    let mut export = begin(&world, &owner).await.unwrap();
    // Nothing is taken, so it is not far yet.
    let capability = world.confirm(&owner, &code).await.unwrap();

    let mut received = Vec::new();
    let mut end = None;
    while let Some(piece) = export.next().await {
        match piece {
            Ok(piece) => received.extend(piece),
            Err(interrupted) => end = Some(interrupted),
        }
    }
    world.complete(&capability).await;
    world.settle().await;

    assert_eq!(end, Some(Interrupted));
    assert!(
        ZipArchive::from_slice(&received).is_err(),
        "nobody takes it for whole"
    );
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named_and_a_link_is_not_followed() {
    let world = World::with_organizations(1).await;
    let ours = world.organization("org-1").await;
    let ids = world.texts("SELECT id FROM media_files ORDER BY id").await;
    let folder = world.media_folder(&ours);
    fs::remove_file(folder.join(&ids[0])).unwrap();
    fs::remove_file(folder.join(&ids[1])).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", folder.join(&ids[1])).unwrap();
    let owner = world.owner("org-1").await;

    let files = take(&world, &owner).await;

    let missing = std::str::from_utf8(&files["missing-files.txt"]).unwrap();
    assert_eq!(missing, format!("{}\n{}\n", ids[0], ids[1]));
    let media = files
        .keys()
        .filter(|name| name.starts_with("media/"))
        .count();
    assert_eq!(media, ids.len() - 2);
    assert!(String::from_utf8_lossy(&files["index.html"]).contains("missing-files.txt"));
}

#[tokio::test]
async fn a_database_that_fails_in_between_interrupts_it_and_the_reader_sees_that() {
    let mut world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let healthy = world.services.db.clone();
    let (calls, fail) = (Arc::new(AtomicU64::new(0)), 60);
    world.services.db = healthy.clone().with_faults(move |call| {
        let number = calls.fetch_add(1, Ordering::SeqCst);
        (call == Call::Statement && number >= fail).then_some(Fault::Refuse)
    });

    let broken = collect(begin(&world, &owner).await.unwrap()).await;

    assert_eq!(broken, Err(Interrupted));
    world.services.db = healthy;
    world.advance(minutes(1));
    let owner = world.owner("org-1").await;
    assert!(
        take(&world, &owner).await.contains_key("index.html"),
        "the next try is whole"
    );
}

#[tokio::test]
async fn whoever_goes_away_ends_it() {
    let mut world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let calls = Arc::new(AtomicU64::new(0));
    let counting = Arc::clone(&calls);
    world.services.db = world.services.db.clone().with_faults(move |_| {
        counting.fetch_add(1, Ordering::SeqCst);
        None
    });
    fill(&world).await;
    let mut export = begin(&world, &owner).await.unwrap();
    export.next().await.unwrap().unwrap();

    drop(export);
    let mut before = calls.load(Ordering::SeqCst);
    loop {
        tokio::task::yield_now().await;
        tokio::time::timeout(Duration::from_millis(300), std::future::pending::<()>())
            .await
            .unwrap_err();
        let now = calls.load(Ordering::SeqCst);
        if now == before {
            break;
        }
        before = now;
    }

    world
        .services
        .db
        .number("SELECT count(*) FROM messages", vec![])
        .await
        .unwrap();
}
