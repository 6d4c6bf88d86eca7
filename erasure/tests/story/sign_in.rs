//! Sign-in, sessions and their ends.

use erasure::{
    network::Network,
    session::{self, SignInError},
};

use crate::harness::{PASSWORD, World, hours, minutes};

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_when_it_is_old() {
    let world = World::with_organizations(1).await;
    let email = world.person("org-1", "owner").await;
    let token = world.sign_in(&email).await.unwrap();
    let alive = async || {
        session::resume(&world.services, token.expose())
            .await
            .unwrap()
            .is_some()
    };

    for _ in 0..15 {
        world.advance(minutes(29));
        assert!(alive().await, "use keeps it alive");
    }
    world.advance(minutes(31));
    assert!(!alive().await, "idle");

    let token = world.sign_in(&email).await.unwrap();
    for _ in 0..17 {
        world.advance(minutes(28));
        session::resume(&world.services, token.expose())
            .await
            .unwrap();
    }
    world.advance(minutes(5));
    assert!(
        session::resume(&world.services, token.expose())
            .await
            .unwrap()
            .is_none(),
        "eight hours"
    );
}

#[tokio::test]
async fn proving_the_password_again_changes_the_token() {
    let world = World::with_organizations(1).await;
    let email = world.person("org-1", "owner").await;
    let old = world.sign_in(&email).await.unwrap();
    let session = session::resume(&world.services, old.expose())
        .await
        .unwrap()
        .unwrap();
    world.advance(minutes(6));
    assert!(!session.proof_is_fresh(world.now()));

    let new = session::prove(
        &world.services,
        &session,
        &PASSWORD.into(),
        &Network::unknown(),
    )
    .await
    .unwrap();

    assert!(
        session::resume(&world.services, old.expose())
            .await
            .unwrap()
            .is_none()
    );
    let session = session::resume(&world.services, new.expose())
        .await
        .unwrap()
        .unwrap();
    assert!(session.proof_is_fresh(world.now()));
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let world = World::with_organizations(1).await;
    let token = world
        .sign_in(&world.person("org-1", "owner").await)
        .await
        .unwrap();
    let session = session::resume(&world.services, token.expose())
        .await
        .unwrap()
        .unwrap();

    session::sign_out(&world.services, &session).await.unwrap();

    assert!(
        session::resume(&world.services, token.expose())
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn an_unknown_address_is_refused_as_a_wrong_password_is() {
    let world = World::with_organizations(1).await;

    assert!(matches!(
        world.sign_in("nobody@example.fr").await,
        Err(SignInError::Refused)
    ));
    assert!(matches!(
        world.sign_in("not an address").await,
        Err(SignInError::Refused)
    ));
}

#[tokio::test]
async fn guessing_is_slowed_down_and_ends_by_itself() {
    let world = World::with_organizations(1).await;
    let mut refused = 0;
    let retry_at = loop {
        match world.sign_in("nobody@example.fr").await {
            Err(SignInError::Refused) => refused += 1,
            Err(SignInError::TooManyTries { retry_at }) => break retry_at,
            other => panic!("{other:?}"),
        }
    };

    assert_eq!(refused, 8);
    world.advance(retry_at.since(world.now()));
    assert!(matches!(
        world.sign_in("nobody@example.fr").await,
        Err(SignInError::Refused)
    ));
}

#[tokio::test]
async fn the_session_that_confirmed_leads_to_the_same_page_again() {
    let world = World::with_organizations(1).await;
    let email = world.person("org-1", "owner").await;
    let token = world.sign_in(&email).await.unwrap();
    let session = session::resume(&world.services, token.expose())
        .await
        .unwrap()
        .unwrap();

    let capability = world.confirm_deletion(&session).await;

    assert_eq!(
        session::ended_by_erasure(&world.services, token.expose())
            .await
            .unwrap(),
        Some(capability)
    );
    world.advance(hours(1));
    assert!(
        session::resume(&world.services, token.expose())
            .await
            .unwrap()
            .is_none()
    );
}
