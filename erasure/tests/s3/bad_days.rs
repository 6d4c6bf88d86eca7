//! A store that is away is waited for; one that refuses is shown to a person with its reason.

use std::{sync::Arc, time::Duration};

use erasure::{
    job,
    media::{Media, MediaError},
    progress::State,
};

use crate::{
    bucket::{PREFIX, TestBucket, organization},
    harness::World,
    weather::{Way, Weather},
};

/// How a store fails, whether that ends by itself, and the words for it.
const DAYS: [(Weather, bool, &str); 9] = [
    (Weather::Broken, true, "does not answer"),
    (Weather::Silent, true, "does not answer"),
    (
        Weather::Answer("503 Slow Down", "SlowDown"),
        true,
        "busy or out of order",
    ),
    (
        Weather::Answer("500 Oops", "InternalError"),
        true,
        "busy or out of order",
    ),
    (
        Weather::Answer("502 Bad Gateway", ""),
        true,
        "busy or out of order",
    ),
    (
        Weather::Answer("403 Forbidden", "AccessDenied"),
        false,
        "refuses",
    ),
    (
        Weather::Answer("404 Not Found", "NoSuchBucket"),
        false,
        "no bucket of this name",
    ),
    (
        Weather::Answer("301 Moved", "PermanentRedirect"),
        false,
        "in another region",
    ),
    (
        Weather::Answer("501 Not Implemented", "NotImplemented"),
        false,
        "cannot list versions",
    ),
];

#[tokio::test]
async fn each_bad_day_has_its_words_and_is_told_apart_from_a_refusal() {
    let bucket = TestBucket::versioned().await;
    let way = Way::to(bucket.server()).await;
    let media = bucket.media_through(&way.address, "1s");
    media.put(&organization(1), "file", b"x").await.unwrap();

    for (weather, ends_by_itself, words) in DAYS {
        way.becomes(weather);
        let said = [
            media.delete_some(&organization(1), 10).await.unwrap_err(),
            media.count(&organization(1)).await.unwrap_err(),
        ];
        for error in said {
            assert!(error.to_string().contains(words), "{weather:?}: {error}");
            assert_eq!(
                matches!(error, MediaError::Later(_)),
                ends_by_itself,
                "{weather:?}"
            );
        }
    }

    way.becomes(Weather::Fair);
    assert_eq!(media.delete_some(&organization(1), 10).await, Ok(1));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_waited_for() {
    let bucket = TestBucket::fresh().await;
    let media = bucket.media_through("http://127.0.0.1:1", "1s");

    let said = media.delete_some(&organization(1), 10).await;

    assert_eq!(said, Err(MediaError::Later("the bucket does not answer")));
}

#[tokio::test]
async fn an_object_under_a_lock_is_shown_to_a_person_and_the_others_are_gone() {
    let bucket = TestBucket::locked().await;
    let ours = crate::bucket::prefix(&organization(1));
    for file in ["free", "locked"] {
        bucket.put(&format!("{ours}{file}"), "x").await;
    }
    bucket.lock(&format!("{ours}locked")).await;
    let media = bucket.media();

    let said = media.delete_some(&organization(1), 10).await;

    assert!(
        matches!(said, Err(MediaError::Refused(cause)) if cause.contains("locks on its objects")),
        "{said:?}"
    );
    assert_eq!(bucket.left(&ours).await, 1);
}

/// A world whose media are behind this way, in which the deletion of `org-1` is confirmed.
async fn confirmed(bucket: &TestBucket, way: &Way) -> (World, erasure::id::Capability) {
    let media = bucket.media_through(&way.address, "1s");
    let world = World::with_media(1, |_| Arc::new(media)).await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    (world, capability)
}

#[tokio::test]
async fn an_erasure_waits_for_a_store_that_is_away_and_goes_on_when_it_is_back() {
    let bucket = TestBucket::versioned().await;
    let way = Way::to(bucket.server()).await;
    let (world, capability) = confirmed(&bucket, &way).await;
    let messages = world.number("SELECT count(*) FROM messages").await;

    way.becomes(Weather::Answer("503 Slow Down", "SlowDown"));
    world.run_due_jobs().await;

    let progress = world.progress(&capability).await;
    assert_eq!((progress.state, progress.delayed), (State::Erasing, true));
    assert_eq!(
        world.number("SELECT count(*) FROM messages").await,
        messages,
        "files go before their rows"
    );
    way.becomes(Weather::Fair);
    world.advance(Duration::from_mins(5));
    world.complete(&capability).await;
    assert_eq!(bucket.left(PREFIX).await, 0);
    world.settle().await;
}

#[tokio::test]
async fn an_erasure_that_is_refused_is_parked_with_its_reason_until_it_is_tried_again() {
    let bucket = TestBucket::versioned().await;
    let way = Way::to(bucket.server()).await;
    let (world, capability) = confirmed(&bucket, &way).await;

    way.becomes(Weather::Answer("403 Forbidden", "AccessDenied"));
    world.run_due_jobs().await;
    world.advance(Duration::from_hours(1));
    world.run_due_jobs().await;

    let parked = "SELECT cause FROM jobs WHERE parked_at IS NOT NULL";
    let cause = world.text(parked).await;
    assert!(cause.contains("credentials, their rights"), "{cause}");
    way.becomes(Weather::Fair);
    assert_eq!(job::retry_parked(&world.services, None).await.unwrap(), 1);
    world.complete(&capability).await;
    assert_eq!(bucket.left(PREFIX).await, 0);
    world.settle().await;
}
