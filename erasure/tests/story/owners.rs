//! The sole owner deletes the organization; where there are other owners, they are told and may cancel.

use erasure::{
    account::{self, CancelError, ConsequenceKind},
    progress::{self, State},
};

use crate::harness::{World, minutes};

#[tokio::test]
async fn a_sole_owner_deletes_the_organization_from_every_table_and_the_neighbour_stays_whole() {
    let world = World::with_organizations(2).await;
    let (ours, theirs) = (
        world.organization("org-1").await,
        world.organization("org-2").await,
    );
    let mut before = world.rows_of(&ours).await;
    before.remove("suppressions"); // nobody was erased here before
    assert!(before.iter().all(|(_, rows)| *rows > 0), "{before:?}");
    let neighbour = world.everything_of(&theirs).await;
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;

    let after = world.rows_of(&ours).await;
    assert!(after.iter().all(|(_, rows)| *rows == 0), "{after:?}");
    assert!(!world.media_folder(&ours).exists());
    assert_eq!(world.everything_of(&theirs).await, neighbour);
    world.settle().await;
}

#[tokio::test]
async fn the_receipt_says_what_the_preview_said() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let preview = account::preview(&world.services, &owner).await.unwrap();

    let capability = world.confirm_deletion(&owner).await;
    let receipt = world.complete(&capability).await;

    for (told, done) in preview.counts.iter().zip(&receipt.categories) {
        assert_eq!((told.category, told.records), (done.category, done.found));
        assert_eq!(done.found, done.erased, "{:?}", done.category);
        assert!(done.erased > 0, "{:?}", done.category);
    }
    assert_eq!(receipt.verification.found, 0);
    assert!(receipt.verification.tables >= 25);
    world.settle().await;
}

#[tokio::test]
async fn the_last_letter_leaves_and_with_it_the_address() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;

    let capability = world.confirm_deletion(&owner).await;
    world.complete(&capability).await;
    world.settle().await;

    let subjects: Vec<_> = world
        .letters_to(owner.email.expose())
        .into_iter()
        .map(|letter| letter.subject)
        .collect();
    assert_eq!(subjects.len(), 3, "code, started, completed: {subjects:?}");
    assert_eq!(
        world
            .number("SELECT count(*) FROM erasures WHERE recipient_sealed IS NOT NULL")
            .await,
        0
    );
    assert_eq!(world.number("SELECT count(*) FROM letters").await, 0);
}

#[tokio::test]
async fn other_owners_are_told_and_the_deletion_waits_for_the_window() {
    let world = World::with_organizations(1).await;
    let co_owner = world.promote("org-1", "admin").await;
    let owner = world.owner("org-1").await;
    let kinds: Vec<_> = account::preview(&world.services, &owner)
        .await
        .unwrap()
        .consequences
        .iter()
        .map(|one| one.kind)
        .collect();
    assert!(matches!(
        kinds[0],
        ConsequenceKind::OrganizationErasedAfterWindow {
            other_owners: 1,
            ..
        }
    ));

    let capability = world.confirm_deletion(&owner).await;
    world.run_due_jobs().await;

    let progress = world.progress(&capability).await;
    assert_eq!(
        (progress.state, progress.may_cancel),
        (State::Waiting, true)
    );
    let letter = world.letters_to(&co_owner).pop().unwrap();
    assert!(letter.text.contains(capability.expose()), "{}", letter.text);

    world.advance(minutes(60));
    world.complete(&capability).await;
    world.settle().await;
}

#[tokio::test]
async fn another_owner_cancels_and_everything_is_as_before() {
    let world = World::with_organizations(1).await;
    let co_owner = world.promote("org-1", "admin").await;
    let ours = world.organization("org-1").await;
    let before = world.everything_of(&ours).await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;
    assert!(world.sign_in(&co_owner).await.is_err());

    progress::cancel(&world.services, &capability)
        .await
        .unwrap();
    world.advance(minutes(120));
    world.settle().await;

    assert_eq!(world.progress(&capability).await.state, State::Cancelled);
    assert_eq!(world.everything_of(&ours).await, before);
    assert!(world.sign_in(&co_owner).await.is_ok());
    assert!(
        world
            .letters_to(owner.email.expose())
            .iter()
            .any(|letter| letter.subject.contains("annul") || letter.subject.contains("cancelled"))
    );
}

#[tokio::test]
async fn cancelling_twice_is_cancelling_once() {
    let world = World::with_organizations(1).await;
    world.promote("org-1", "admin").await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;

    let (first, second) = tokio::join!(
        progress::cancel(&world.services, &capability),
        progress::cancel(&world.services, &capability)
    );
    let third = progress::cancel(&world.services, &capability).await;
    world.settle().await;

    assert!(first.is_ok() && second.is_ok() && third.is_ok());
    let told = world
        .letters_to(owner.email.expose())
        .into_iter()
        .filter(|letter| letter.subject.contains("annul") || letter.subject.contains("cancelled"));
    assert_eq!(told.count(), 1);
}

#[tokio::test]
async fn a_deletion_that_has_begun_cannot_be_cancelled() {
    let world = World::with_organizations(1).await;
    let owner = world.owner("org-1").await;
    let capability = world.confirm_deletion(&owner).await;

    assert!(matches!(
        progress::cancel(&world.services, &capability).await,
        Err(CancelError::TooLate)
    ));
    world.complete(&capability).await;
    world.settle().await;
}

#[tokio::test]
async fn two_owners_who_confirm_at_once_start_one_erasure() {
    let world = World::with_organizations(1).await;
    let co_owner = world.promote("org-1", "admin").await;
    let (first, second) = (
        world.owner("org-1").await,
        world.session_of(&co_owner).await,
    );
    let codes = (
        world.send_code(&first).await,
        world.send_code(&second).await,
    );

    world.confirm(&first, &codes.0).await.unwrap();
    let late = world.confirm(&second, &codes.1).await;

    assert!(
        matches!(late, Err(account::ConfirmError::OrganizationBeingErased)),
        "{late:?}"
    );
    assert_eq!(world.number("SELECT count(*) FROM erasures").await, 1);
    world.advance(minutes(60));
    world.settle().await;
}
