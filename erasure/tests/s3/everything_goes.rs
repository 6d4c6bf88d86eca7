//! Deleted is deleted: no version, no marker, no half of an upload is left, and nothing beside the prefix is touched.

use std::sync::Arc;

use async_trait::async_trait;
use erasure::media::{Media, MediaError, MediaFile, Pieces};
use futures::{StreamExt as _, stream};

use crate::{
    bucket::{PREFIX, TestBucket, organization, prefix},
    harness::{MARKER, World},
};

/// What lies beside an organization's files and only looks like them.
async fn fill_neighbours(bucket: &TestBucket, ours: &str) -> usize {
    let id = ours.trim_end_matches('/');
    let neighbours = [
        format!("{id}0/file"),
        id.to_owned(),
        format!("{id}.thumbnails/file"),
        format!("old/{ours}file"),
        format!("{PREFIX}/another/file"),
    ];
    for key in &neighbours {
        bucket.put(key, "theirs").await;
    }
    bucket.begin_upload(&format!("{id}0/upload")).await;
    neighbours.len() + 1
}

async fn empty(media: &impl Media) -> u64 {
    let mut deleted = 0;
    loop {
        match media.delete_some(&organization(1), 1_000).await.unwrap() {
            0 => return deleted,
            some => deleted += some,
        }
    }
}

#[tokio::test]
async fn versions_markers_and_unfinished_uploads_go_and_neighbours_stay() {
    let bucket = TestBucket::versioned().await;
    let ours = prefix(&organization(1));
    let neighbours = fill_neighbours(&bucket, &ours).await;
    for content in ["first", "second"] {
        bucket.put(&format!("{ours}overwritten"), content).await;
    }
    bucket.put(&format!("{ours}hidden"), "hidden").await;
    bucket.delete(&format!("{ours}hidden")).await;
    bucket.begin_upload(&format!("{ours}upload")).await;
    let media = bucket.media();
    media.put(&organization(1), "ours", b"x").await.unwrap();
    let everything = 2 + 2 + 1 + 1;
    assert_eq!(bucket.left(&ours).await, everything);
    assert_eq!(media.count(&organization(1)).await.unwrap(), 6);

    let deleted = empty(&media).await;

    assert_eq!(deleted, 6);
    assert_eq!(bucket.left(&ours).await, 0);
    assert_eq!(media.count(&organization(1)).await.unwrap(), 0);
    assert_eq!(bucket.left("").await, neighbours);
}

#[tokio::test]
async fn a_bucket_without_versions_is_emptied_the_same() {
    let bucket = TestBucket::fresh().await;
    let ours = prefix(&organization(1));
    let neighbours = fill_neighbours(&bucket, &ours).await;
    let media = bucket.media();
    for file in ["a", "b"] {
        media.put(&organization(1), file, b"x").await.unwrap();
    }
    bucket.begin_upload(&format!("{ours}upload")).await;

    assert_eq!(empty(&media).await, 3);

    assert_eq!(bucket.left("").await, neighbours);
}

#[tokio::test]
async fn more_than_a_page_is_counted_and_deleted_page_by_page() {
    let bucket = TestBucket::versioned().await;
    let ours = prefix(&organization(1));
    stream::iter(0..1_030)
        .for_each_concurrent(8, |number| {
            let (bucket, key) = (&bucket, format!("{ours}{}", number % 600));
            async move { bucket.put(&key, "x").await }
        })
        .await;
    let media = bucket.media();
    assert_eq!(media.count(&organization(1)).await.unwrap(), 1_030);

    let first = media.delete_some(&organization(1), 5_000).await.unwrap();
    let rest = empty(&media).await;

    assert_eq!((first, rest), (1_000, 30));
    assert_eq!(bucket.left(&ours).await, 0);
}

#[tokio::test]
async fn whatever_a_key_is_called_it_goes() {
    let bucket = TestBucket::versioned().await;
    let ours = prefix(&organization(1));
    for name in [
        "with space",
        " around ",
        "a+b",
        "a%2Fb",
        "<&>\"'",
        "é/日本",
        "bell\u{7}",
        "a?b#c",
        "*",
        "deep/er/file",
    ] {
        bucket.put(&format!("{ours}{name}"), "x").await;
    }
    assert_eq!(bucket.left(&ours).await, 10);

    empty(&bucket.media()).await;

    assert_eq!(bucket.left(&ours).await, 0);
}

#[tokio::test]
async fn one_file_goes_with_its_versions_and_its_neighbours_stay() {
    let bucket = TestBucket::versioned().await;
    let (organization, ours) = (organization(1), prefix(&organization(1)));
    let media = bucket.media();
    for file in ["file", "file", "file.small", "other"] {
        media.put(&organization, file, b"x").await.unwrap();
    }
    bucket.delete(&format!("{ours}file")).await;
    for file in ["file", "file.small"] {
        bucket.begin_upload(&format!("{ours}{file}")).await;
    }
    assert!(media.has(&organization, "file").await.unwrap());

    media.delete(&organization, "file").await.unwrap();
    media.delete(&organization, "file").await.unwrap();

    assert!(!media.has(&organization, "file").await.unwrap());
    assert!(media.has(&organization, "file.small").await.unwrap());
    assert_eq!(bucket.left(&ours).await, 3);
}

#[tokio::test]
async fn a_file_is_read_back_as_it_was_written_and_a_hidden_one_is_not() {
    let bucket = TestBucket::versioned().await;
    let (organization, ours) = (organization(1), prefix(&organization(1)));
    let media = bucket.media();
    let content: Vec<u8> = (0..300_000_u32).map(|byte| byte.to_le_bytes()[0]).collect();
    media.put(&organization, "file", &content).await.unwrap();
    media.put(&organization, "hidden", b"x").await.unwrap();
    bucket.delete(&format!("{ours}hidden")).await;

    let mut file = media.read(&organization, "file").await.unwrap().unwrap();
    let mut read = Vec::new();
    while let Some(piece) = file.next().await.unwrap() {
        read.extend(piece);
    }

    assert_eq!(read, content);
    for none in ["hidden", "another"] {
        assert!(media.read(&organization, none).await.unwrap().is_none());
    }
    assert!(media.read(&organization, "../another/file").await.is_err());
}

#[tokio::test]
async fn what_comes_in_pieces_is_there_as_a_whole_or_not_at_all() {
    let bucket = TestBucket::versioned().await;
    let (organization, ours) = (organization(1), prefix(&organization(1)));
    let media = bucket.media();
    // Two parts and a bit; one byte; nothing.
    for (file, length) in [("large", 17_000_000), ("small", 1), ("empty", 0)] {
        media
            .receive(&organization, file, &mut Bytes::of(length))
            .await
            .unwrap();
        let mut read = media.read(&organization, file).await.unwrap().unwrap();
        let mut bytes = 0;
        while let Some(piece) = read.next().await.unwrap() {
            bytes += piece.len();
        }
        assert_eq!(bytes, length, "{file}");
    }
    let before = bucket.left(&ours).await;

    let mut broken = Bytes::of(20_000_000);
    broken.breaks_at = 10_000_000;
    let received = media.receive(&organization, "broken", &mut broken).await;
    let mut one = Bytes::of(1);
    let outside = media.receive(&organization, "../broken", &mut one);

    assert_eq!(received, Err(MediaError::Later("broken off")));
    assert!(matches!(outside.await, Err(MediaError::NotAFile(_))));
    assert_eq!(bucket.left(&ours).await, before, "not even half of it");
}

/// So many bytes, or some of them and then an error.
struct Bytes {
    left: usize,
    breaks_at: usize,
}

impl Bytes {
    fn of(length: usize) -> Self {
        Self {
            left: length,
            breaks_at: usize::MAX,
        }
    }
}

#[async_trait]
impl Pieces for Bytes {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, MediaError> {
        if self.left < self.breaks_at && self.breaks_at != usize::MAX {
            return Err(MediaError::Later("broken off"));
        }
        let piece = self.left.min(1_000_000);
        self.left -= piece;
        Ok((piece > 0).then(|| vec![7; piece]))
    }
}

#[tokio::test]
async fn every_file_of_everybody_is_listed_once_and_nothing_else() {
    let bucket = TestBucket::versioned().await;
    let media = bucket.media();
    let (first, second) = (organization(1), organization(2));
    for (whose, file, content) in [
        (&first, "file", "older"),
        (&first, "file", "x"),
        (&first, "hidden", "x"),
        (&second, "file", "four"),
    ] {
        media.put(whose, file, content.as_bytes()).await.unwrap();
    }
    bucket.delete(&format!("{}hidden", prefix(&first))).await;
    bucket
        .begin_upload(&format!("{}upload", prefix(&first)))
        .await;
    for key in [
        format!("{PREFIX}/not-an-organization/file"),
        format!("{PREFIX}/file"),
        format!("{}deep/er", prefix(&first)),
        format!("other/{first}/file"),
    ] {
        bucket.put(&key, "theirs").await;
    }

    let (mut listing, mut files) = (media.list(), vec![]);
    loop {
        let page = listing.next().await.unwrap();
        if page.is_empty() {
            break;
        }
        files.extend(page);
    }

    files.sort_by_key(|file| file.bytes);
    let file = |organization, bytes| MediaFile {
        organization,
        name: "file".to_owned(),
        bytes,
    };
    assert_eq!(files, [file(first, 1), file(second, 4)]);
}

#[tokio::test]
async fn no_byte_of_an_erased_organization_is_left_when_its_media_are_in_a_bucket() {
    let bucket = TestBucket::versioned().await;
    let world = World::with_media(2, |_| Arc::new(bucket.media())).await;
    let (ours, theirs) = (
        world.organization("org-1").await,
        world.organization("org-2").await,
    );
    let below = |id: &str| format!("{PREFIX}/{id}/");
    let neighbour = bucket.left(&below(&theirs)).await;
    assert!(bucket.left(&below(&ours)).await > 0 && neighbour > 0);
    bucket
        .begin_upload(&format!("{}upload", below(&ours)))
        .await;
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;

    assert_eq!(bucket.left(&below(&ours)).await, 0);
    assert_eq!(bucket.left(&below(&theirs)).await, neighbour);
    assert_eq!(world.bytes_left(&format!("{MARKER}-org-1")).await, 0);
    world.settle().await;
}
